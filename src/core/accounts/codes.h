/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Codes that prove who holds a number: made, sent, looked up and compared within bounds. What a
 * right code allows is its purpose's: core/accounts/login.h, core/accounts/change_phone.h,
 * core/accounts/account_end.h.
 *
 * The way of a login code: the account's other sessions; where there are none, the e-mail address
 * that the account logs in by, else the phone by the gateway. Asked for again, it goes outside in
 * any case. The first answer is the same for every number, so that it tells nobody who has an
 * account: "in the app, and by SMS in a minute". Where codes go to the console, it is "by SMS".
 *
 * Codes are guessed against bounds: tries of one code, codes of one number and of one network in an
 * hour, wrong tries of one number in a day and of one network in an hour.
 */
#ifndef CORE_CODES_H
#define CORE_CODES_H

#include "core/call.h"
#include "store/home_codes.h"

#define LOGIN_CODE_DIGITS 5
#define LOGIN_CODE_TRIES 5
#define LOGIN_CODE_LIFE_S 300
#define LOGIN_CODES_PER_HOUR 5
#define LOGIN_WRONG_PER_DAY 10 /* of 100 000 codes: one chance in 10 000 a day */
/* Asked for from one network, and typed wrongly there, for whatever numbers: 480 guesses a day, one
 * chance in 200 to hit any account at all. */
#define LOGIN_CODES_PER_NETWORK_HOUR 60
#define LOGIN_WRONG_PER_NETWORK_HOUR 20
#define CODE_NEXT_S 60 /* until clients offer the next way */

/* A number at the start of a call. */
struct code_phone {
	struct bytes digits;
	uint8_t hash[VAULT_LOOKUP_SIZE];
};

enum code_way { CODE_TO_APP, CODE_TO_PHONE, CODE_TO_EMAIL };

struct login_sent {
	struct bytes hash; /* phone_code_hash */
	enum code_way way;
	bool next_phone; /* asked for again, it comes by SMS */
	struct bytes email_pattern;
	int64_t email_reset_at_s;     /* EMAIL: when the phone is asked again; 0: nobody wants it */
	int32_t email_reset_period_s; /* how long that would take */
};

/* Faults PHONE_NUMBER_INVALID. */
MUST_CHECK int code_phone_take(struct call *call, struct bytes written, struct code_phone *phone);

/* A new code. again: by the next way. account: who asks; 0: nobody is logged in. Faults
 * FLOOD_WAIT_X. */
MUST_CHECK int code_send(struct call *call, const struct code_phone *phone,
	enum home_code_purpose purpose, int64_t account, bool again, struct login_sent *out);
/* The code that hash names, if it is for this number, this purpose and this account and can still
 * do something. Faults PHONE_CODE_HASH_EMPTY, PHONE_CODE_EXPIRED. */
MUST_CHECK int code_find(struct call *call, const struct code_phone *phone,
	enum home_code_purpose purpose, int64_t account, struct bytes hash, struct home_code *code);
/* The same for whatever purpose the caller may have. */
MUST_CHECK int code_find_any(struct call *call, const struct code_phone *phone, struct bytes hash,
	struct home_code *code);
/* Whether typed is the code. A wrong one costs a try although the call is refused. Faults
 * PHONE_CODE_EMPTY, PHONE_CODE_INVALID, FLOOD_WAIT_X. A code that was used already has no digits:
 * see code->state first. */
MUST_CHECK int code_check(struct call *call, const struct code_phone *phone, struct home_code *code,
	struct bytes typed);
/* The tries alone, for what is typed in the place of a code. */
MUST_CHECK int code_check_tries(struct call *call, const struct code_phone *phone);
MUST_CHECK int code_wrong(struct call *call, struct home_code *code, const char *fault);
/* No longer good for anything. The row still counts for what the number may ask in an hour. */
void code_expire(struct call *call, struct home_code *code);
/* Digits for a new code, in the arena. */
struct bytes code_digits(struct call *call, int digits);

/* A code that the operator hands out works once in the place of one that was sent: for an account
 * that has the number, or for a newcomer and no account. */
#define CODE_STANDING_LIFE_S (7 * 86400)
struct bytes code_hand_out(struct call *call, const struct code_phone *phone, bool newcomer);

#endif
