/* SPDX-License-Identifier: Apache-2.0 */
/* Owns how a number changes. Does not own what becomes of contacts: core/accounts/contacts.h does.
 */
#include "core/accounts/change_phone.h"

#include <stdio.h>

#include "core/changes.h"
#include "core/accounts/contacts.h"
#include "core/accounts/outbox.h"
#include "core/accounts/phone.h"
#include "core/accounts/sessions.h"
#include "core/accounts/users.h"
#include "core/words.h"
#include "store/home_users.h"

/* A login younger than a day could take the account away from its owner; the device that the
 * account was made on is its owner's. Another one of the same second waits to be confirmed. */
static int check_not_fresh(struct call *call, const struct home_user *profile)
{
	struct home_login login;

	if (!session_is_fresh(call, &login) ||
		(login.login_at_s == profile->created_at_s && !login.confirm_at_s))
		return 0;
	words_notice(call, WORD_FRESH_NUMBER);
	return rpc_error(call, 406, "FRESH_CHANGE_PHONE_FORBIDDEN");
}

static int load(struct call *call, struct home_user *profile)
{
	if (home_user_get(call_home(call), call->store->vault, call->arena, call->user, profile) &&
		!profile->deleted_at_s)
		return 0;
	return rpc_error(call, 401, "USER_DEACTIVATED");
}

int change_phone_send(struct call *call, struct bytes written, struct login_sent *out)
{
	struct home_user profile;
	struct code_phone phone;

	if (load(call, &profile) < 0 || code_phone_take(call, written, &phone) < 0)
		return -1;
	if (bytes_equal(phone.digits, profile.phone))
		return rpc_error(call, 400, "PHONE_NUMBER_OCCUPIED");
	if (phone_is_anonymous(phone.digits) || !outbox_has_phone(call))
		return rpc_error(call, 400, "PHONE_NUMBER_INVALID");
	if (check_not_fresh(call, &profile) < 0)
		return -1;
	return code_send(call, &phone, CODE_CHANGE_PHONE, call->user, false, out);
}

/* Everybody who is shown the number; the set made for each has it, or has it not. */
static void tell_phone(struct call *call)
{
	struct peer self = {PEER_USER, call->user};
	struct update update = {.kind = UPDATE_USER_PHONE, .peer = self};
	int64_t *watchers;
	size_t count;

	change_tell(call, call->user, call->session_id, CHANGE_USER, self, 0, &update);
	count = user_watchers(call, &watchers);
	for (size_t i = 0; i < count; i++)
		change_tell(call, watchers[i], 0, CHANGE_USER, self, 0, &update);
}

/* What is restricted where the number is from goes by the new one at once. */
static void tell_country(struct call *call)
{
	struct effect *effect = effects_append(call->effects, EFFECT_COUNTRY);

	effect->account = call->user;
	snprintf(effect->country, sizeof(effect->country), "%s", user_country(call, call->user));
}

int change_phone(struct call *call, struct bytes written, struct bytes hash, struct bytes typed)
{
	struct db *db = call_home(call);
	struct home_user profile;
	struct code_phone phone;
	struct home_code code;
	struct bytes before;
	int64_t holder;

	if (load(call, &profile) < 0 || code_phone_take(call, written, &phone) < 0)
		return -1;
	if (bytes_equal(phone.digits, profile.phone))
		return 0; /* the answer was lost */
	if (code_find(call, &phone, CODE_CHANGE_PHONE, call->user, hash, &code) < 0 ||
		code_check(call, &phone, &code, typed) < 0)
		return -1;
	holder = home_user_by_phone(db, phone.hash);
	if (holder)
		return rpc_error(call, 400, "PHONE_NUMBER_OCCUPIED");
	home_codes_use(db, phone.hash);
	before = profile.phone;
	profile.phone = phone.digits;
	home_user_set_profile(db, call->store->vault, call->arena, &profile);
	home_user_set_phone(db, call->user, phone.hash);
	contacts_renumber(call, before, phone.digits);
	tell_phone(call);
	tell_country(call);
	return 0;
}
