/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Accounts as others see them. A profile is the same for nobody: the viewer's own name for a
 * contact, the number only for those who may have it, an access_hash made for the viewer.
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
/* Country of the account's number: upper-case ISO code, "" when unknown. A constant string. */
const char *user_country(struct call *call, int64_t id);
/* What the account says about itself; absent when nothing or when there is no such account. */
struct bytes user_about(struct call *call, int64_t id);
/* Whether an access_hash presented by call->user is the one made for it. */
bool user_hash_is_right(const struct call *call, int64_t id, int64_t access_hash);

/* Names after trimming: UTF-8 without control characters, first name 1 to 64 characters, last name
 * up to 64. Faults FIRSTNAME_INVALID and LASTNAME_INVALID. Views of what came in. */
MUST_CHECK int user_check_names(
	struct call *call, struct bytes *first_name, struct bytes *last_name);
/* UTF-8 without control characters, of at most so many characters. */
bool user_text_fits(struct bytes text, size_t characters_max);
/* account.updateProfile: absent fields stay as they are. Tells the account's other sessions and its
 * mutual contacts. */
MUST_CHECK int user_update_profile(
	struct call *call, struct bytes first_name, struct bytes last_name, struct bytes about);

/*
 * account.updateStatus. Nothing is stored: the update goes to the account itself and to its mutual
 * contacts, and the server, which keeps who is online in memory, takes it from the former
 * (UPDATE_STATUS whose peer is the account that the effect is for).
 */
void user_update_status(struct call *call, bool offline);
/* Until when the account is shown as online, in the past when it was last seen; 0 unknown. */
int64_t user_online_until(const struct call *call, int64_t id);
/* How long one "I am online" holds; clients repeat it more often (config.online_update_period_ms).
 */
#define ONLINE_HOLDS_S 300

#endif
