/* SPDX-License-Identifier: Apache-2.0 */
/* Owns how codes are made, sent and compared. Does not own who may ask for one. */
#include "core/accounts/codes.h"

#include "base/text.h"
#include "core/messages/box.h"
#include "core/accounts/invitations.h"
#include "core/accounts/login_email.h"
#include "core/accounts/network_budget.h"
#include "core/accounts/outbox.h"
#include "core/accounts/phone.h"
#include "core/words.h"
#include "store/home_keys.h"
#include "store/home_users.h"

#define HOUR_S 3600
#define DAY_S 86400
#define CODE_HASH_SIZE 15 /* random bytes: as unguessable as a key, 20 characters of text */

int code_phone_take(struct call *call, struct bytes written, struct code_phone *phone)
{
	if (phone_normalise(call->arena, written, &phone->digits) < 0)
		return rpc_error(call, 400, "PHONE_NUMBER_INVALID");
	phone_lookup(call->store->vault, phone->digits, phone->hash);
	return 0;
}

/* ---- Making ---- */

struct bytes code_digits(struct call *call, int digits)
{
	char *text = arena_alloc(call->arena, (size_t)digits);

	for (int i = 0; i < digits; i++)
		text[i] = (char)('0' + random_below(call->env->random, 10));
	return bytes_of(text, (size_t)digits);
}

static struct home_code new_code(struct call *call, const struct code_phone *phone,
	enum home_code_purpose purpose, int64_t account)
{
	struct home_code code = {.purpose = purpose,
		.account = account,
		.code = code_digits(call, LOGIN_CODE_DIGITS),
		.created_at_s = call->now_s,
		.expires_at_s = call->now_s + LOGIN_CODE_LIFE_S};
	uint8_t hash[CODE_HASH_SIZE];

	random_fill(call->env->random, hash, sizeof(hash));
	code.hash = bytes_from_str(text_base64url(call->arena, bytes_of(hash, sizeof(hash))));
	memcpy(code.phone_hash, phone->hash, sizeof(code.phone_hash));
	return code;
}

/* As it is kept: for whom, and the digits. */
#define FOR_NEWCOMER 'n'
#define FOR_ACCOUNT 'a'

static struct bytes standing_text(struct call *call, bool newcomer, struct bytes digits)
{
	return bytes_from_str(
		arena_printf(call->arena, "%c%.*s", newcomer ? FOR_NEWCOMER : FOR_ACCOUNT,
			(int)digits.size, (const char *)digits.data));
}

struct bytes code_hand_out(struct call *call, const struct code_phone *phone, bool newcomer)
{
	struct bytes code = code_digits(call, LOGIN_CODE_DIGITS);

	home_standing_put(call_home(call), call->store->vault, call->arena, phone->hash,
		standing_text(call, newcomer, code), call->now_s + CODE_STANDING_LIFE_S);
	return code;
}

/* ---- Sending ---- */

static int deliver_to_app(struct call *call, int64_t user, const struct home_code *code)
{
	const struct word_value values[] = {{"code", code->code}};

	return words_letter(call, user, WORD_CODE, values, 1);
}

/* What went out, if anything did, is known to who holds the number alone: out says the same for
 * all, but that an account which chose e-mail is told so when it asks again. */
static void deliver_outside(struct call *call, const struct code_phone *phone, int64_t user,
	const struct home_code *code, bool again, struct login_sent *out)
{
	struct bytes email =
		user ? login_email_of(call, user, &out->email_reset_at_s) : (struct bytes){0};

	if (email.data && outbox_has_email(call)) {
		words_email(call, user, email, code->code, WORD_CODE_SUBJECT, WORD_CODE_EMAIL);
		if (!again)
			return;
		out->way = CODE_TO_EMAIL;
		out->email_pattern = outbox_address_pattern(call->arena, email);
		out->email_reset_period_s = LOGIN_EMAIL_RESET_S;
		out->next_phone = false;
	} else if (!phone_is_anonymous(phone->digits) && (user || signup_admits(call, phone))) {
		outbox_phone(call, phone->digits, code->code);
	}
}

static int deliver_login(struct call *call, const struct code_phone *phone,
	const struct home_code *code, bool again, struct login_sent *out)
{
	int64_t user = home_user_by_phone(call_home(call), phone->hash);
	bool in_app = user && home_keys_count(call_home(call), user) > 0;

	if (call->env->codes_to_console) {
		out->way = CODE_TO_PHONE;
		outbox_phone(call, phone->digits, code->code);
	} else {
		out->way = again && outbox_has_phone(call) ? CODE_TO_PHONE : CODE_TO_APP;
		out->next_phone = !again && outbox_has_phone(call);
		if (again || !in_app)
			deliver_outside(call, phone, user, code, again, out);
	}
	return in_app ? deliver_to_app(call, user, code) : 0;
}

/* To the number itself: what has to be proved is that somebody holds it. */
static int deliver_to_holder(struct call *call, const struct code_phone *phone,
	const struct home_code *code, struct login_sent *out)
{
	out->way = CODE_TO_PHONE;
	if (!phone_is_anonymous(phone->digits) || call->env->codes_to_console)
		outbox_phone(call, phone->digits, code->code);
	return 0;
}

static struct home_code_use code_use(struct call *call, const struct code_phone *phone)
{
	return home_codes_used(
		call_home(call), phone->hash, call->now_s - HOUR_S, call->now_s - DAY_S);
}

static int check_wrong_tries(struct call *call, const struct home_code_use *use)
{
	if (use->wrong < LOGIN_WRONG_PER_DAY)
		return 0;
	return rpc_error_number(
		call, 420, "FLOOD_WAIT_", use->oldest_wrong_s + DAY_S - call->now_s);
}

int code_send(struct call *call, const struct code_phone *phone, enum home_code_purpose purpose,
	int64_t account, bool again, struct login_sent *out)
{
	struct home_code_use use = code_use(call, phone);
	struct home_code code;

	*out = (struct login_sent){0};
	if (check_wrong_tries(call, &use) < 0)
		return -1;
	if (use.codes >= LOGIN_CODES_PER_HOUR)
		return rpc_error_number(
			call, 420, "FLOOD_WAIT_", use.oldest_s + HOUR_S - call->now_s);
	if (network_budget_take(call, "codes", LOGIN_CODES_PER_NETWORK_HOUR) < 0)
		return -1;
	home_codes_purge(call_home(call), call->now_s - DAY_S);
	code = new_code(call, phone, purpose, account);
	home_code_insert(call_home(call), call->store->vault, call->arena, &code);
	out->hash = code.hash;
	if (purpose == CODE_LOGIN)
		return deliver_login(call, phone, &code, again, out);
	return deliver_to_holder(call, phone, &code, out);
}

/* ---- Comparing ---- */

int code_find_any(struct call *call, const struct code_phone *phone, struct bytes hash,
	struct home_code *code)
{
	if (hash.size == 0)
		return rpc_error(call, 400, "PHONE_CODE_HASH_EMPTY");
	if (!home_code_get(call_home(call), call->store->vault, call->arena, hash, code) ||
		!bytes_equal_secret(code->phone_hash, phone->hash, sizeof(phone->hash)) ||
		(code->account && code->account != call->user) ||
		code->expires_at_s <= call->now_s || code->tries >= LOGIN_CODE_TRIES)
		return rpc_error(call, 400, "PHONE_CODE_EXPIRED");
	return 0;
}

int code_find(struct call *call, const struct code_phone *phone, enum home_code_purpose purpose,
	int64_t account, struct bytes hash, struct home_code *code)
{
	if (code_find_any(call, phone, hash, code) < 0)
		return -1;
	if (code->purpose != purpose || code->account != account)
		return rpc_error(call, 400, "PHONE_CODE_EXPIRED");
	return 0;
}

void code_expire(struct call *call, struct home_code *code)
{
	code->expires_at_s = call->now_s;
	home_code_update(call_home(call), code);
}

int code_check_tries(struct call *call, const struct code_phone *phone)
{
	struct home_code_use use = code_use(call, phone);

	/* Before the code is looked at: who has no try left learns nothing from a right one either.
	 */
	if (check_wrong_tries(call, &use) < 0)
		return -1;
	return network_budget_check(call, "wrong", LOGIN_WRONG_PER_NETWORK_HOUR);
}

int code_wrong(struct call *call, struct home_code *code, const char *fault)
{
	if (network_budget_take(call, "wrong", LOGIN_WRONG_PER_NETWORK_HOUR) < 0)
		return -1;
	code->tries++;
	home_code_update(call_home(call), code);
	call->keep_writes = true;
	return rpc_error(call, 400, fault);
}

static bool is_same(struct bytes a, struct bytes b)
{
	return a.size == b.size && a.size && bytes_equal_secret(a.data, b.data, a.size);
}

/* Works for a login alone, and once. */
static bool is_handed_out(struct call *call, const struct code_phone *phone,
	const struct home_code *code, struct bytes typed)
{
	struct bytes standing;
	bool newcomer;

	if (code->purpose != CODE_LOGIN ||
		!home_standing_get(call_home(call), call->store->vault, call->arena, phone->hash,
			call->now_s, &standing))
		return false;
	newcomer = home_user_by_phone(call_home(call), phone->hash) == 0;
	if (!is_same(standing, standing_text(call, newcomer, typed)))
		return false;
	home_standing_delete(call_home(call), phone->hash);
	return true;
}

int code_check(struct call *call, const struct code_phone *phone, struct home_code *code,
	struct bytes typed)
{
	if (typed.size == 0)
		return rpc_error(call, 400, "PHONE_CODE_EMPTY");
	if (code_check_tries(call, phone) < 0)
		return -1;
	if (is_same(code->code, typed) || is_handed_out(call, phone, code, typed))
		return 0;
	return code_wrong(call, code, "PHONE_CODE_INVALID");
}
