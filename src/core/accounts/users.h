/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Accounts as others see them. A profile is the same for nobody: the viewer's own name for a
 * contact, the number, the last visit, bio and birthday only for those whom the account lets see
 * them (core/accounts/privacy.h), an access_hash made for the viewer.
 */
#ifndef CORE_USERS_H
#define CORE_USERS_H

#include "core/call.h"

#define NAME_CHARACTERS_MAX 64 /* of a first or last name, as stock clients allow */
#define ABOUT_CHARACTERS_MAX 70
#define USER_FIRST_ID 1000001 /* counter "user" of owner 0 hands out the ids from here */

/*
 * The account as call->user sees it; SERVICE_USER is built in. Text lives in call->arena.
 * -1 without a fault when there is no such account: the caller says what that means for it.
 */
MUST_CHECK int user_view(struct call *call, int64_t id, struct user *out);
/* As another account sees it: for effects and for messages in other boxes. */
MUST_CHECK int user_view_for(struct call *call, int64_t viewer, int64_t id, struct user *out);

/* Accounts in being: not deleted ones. SERVICE_USER is one. */
bool user_exists(struct call *call, int64_t id);
/* What the account calls itself, first and last name; for texts that may not link to it. */
struct bytes user_full_name(struct call *call, int64_t id);
/* Country of the account's number: upper-case ISO code, "" when unknown. A constant string. */
const char *user_country(struct call *call, int64_t id);
/* Of somebody who is shown to the viewer as `min`: another than the whole one. TDLib holds a hash
 * that came with `min` for half of one until a different one comes. */
int64_t user_min_hash(const struct vault *vault, int64_t viewer, int64_t id);
/* Whether an access_hash presented by call->user is one that was made for it. */
bool user_hash_is_right(const struct call *call, int64_t id, int64_t access_hash);

/* ---- The profile ---- */

struct birthday {
	uint8_t day, month; /* 0: not told */
	uint16_t year;	    /* 0: not told */
};

/* What call->user may see of what somebody says about himself. */
struct user_card {
	struct bytes about; /* absent: nothing, or not for the viewer */
	struct birthday birthday;
};

void user_card(struct call *call, int64_t id, struct user_card *out);

/* Names after trimming: UTF-8 without control characters, first name 1 to 64 characters, last name
 * up to 64. Faults FIRSTNAME_INVALID and LASTNAME_INVALID. Views of what came in. */
MUST_CHECK int user_check_names(
	struct call *call, struct bytes *first_name, struct bytes *last_name);
/* UTF-8 without control characters, of at most so many characters. */
bool user_text_fits(struct bytes text, size_t characters_max);
/* account.updateProfile: absent fields stay as they are. Tells those who are shown the account. */
MUST_CHECK int user_update_profile(
	struct call *call, struct bytes first_name, struct bytes last_name, struct bytes about);
/* account.updateBirthday: a day that exists, of the last 150 years if it has one; day 0 takes it
 * back. Fault BIRTHDAY_INVALID. */
MUST_CHECK int user_update_birthday(struct call *call, struct birthday birthday);

/* ---- The public name: core/accounts/public_names.h ---- */

#define USERNAME_CHANGES_PER_DAY 10 /* each holds a name back for others */

/* account.checkUsername. Fault USERNAME_INVALID. */
MUST_CHECK int user_username_check(struct call *call, struct bytes name, bool *is_free);
/* account.updateUsername; empty gives it up. Faults USERNAME_INVALID, USERNAME_NOT_MODIFIED,
 * USERNAME_OCCUPIED. */
MUST_CHECK int user_username_set(struct call *call, struct bytes name);
/* Gives up the account's name without telling anybody: it is going. Nobody gets it for a while. */
void user_username_drop(struct call *call, int64_t user);

/* ---- When somebody is here ---- */

/* How long one "I am online" holds; clients repeat it more often (config.online_update_period_ms).
 */
#define ONLINE_HOLDS_S 300
/* People told of a change of an account: those who know each other, and those who wrote. */
#define WATCHERS_MAX 1000

/*
 * account.updateStatus. The update goes to the account itself and to those who may see it; the
 * server, which keeps who is online in memory and writes it down from time to time, takes it from
 * the former (UPDATE_STATUS whose peer is the account that the effect is for).
 */
void user_update_status(struct call *call, bool offline);
/* call->user did what only somebody who is here does. Tells others if they were told otherwise. */
void user_was_here(struct call *call);
/* The privacy of it changed: those who may see something else now are told. */
void user_tell_status(struct call *call);
/* As viewer may know it. */
void user_status_view(struct call *call, int64_t viewer, int64_t id, struct user_status *out);
/* Here, and call->user is told so. Who hides it is not counted anywhere: where few are, that would
 * tell. */
bool user_shows_here(struct call *call, int64_t id);
/* Until when the account is shown as online, as far as the server remembers; 0: unknown. For counts
 * alone: whom it may be told of is user_status_view. */
int64_t user_online_until(const struct call *call, int64_t id);
/* What the server kept in memory, written down. */
void user_note_seen(struct call *call, int64_t id, int64_t seen_s);
/* Accounts that call->user's changes are told to, ascending, in call->arena; not himself. */
size_t user_watchers(struct call *call, int64_t **out);

#endif
