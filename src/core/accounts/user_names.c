/* SPDX-License-Identifier: Apache-2.0 */
/* Owns the public name of an account. Does not own the namespace: core/accounts/public_names.c
 * does. https://core.telegram.org/api/usernames */
#include "core/accounts/network_budget.h"
#include "core/accounts/public_face.h"
#include "core/accounts/public_names.h"
#include "core/accounts/users.h"
#include "core/accounts/users_private.h"
#include "store/square_profiles.h"

/* A crash between the two databases' commits may leave a name in the square that the profile
 * doesn't have: its bearer may take it all the same. */
static bool is_own(struct call *call, struct bytes name)
{
	struct peer bearer;

	return public_name_find(call, name, &bearer) && bearer.kind == PEER_USER &&
	       bearer.id == call->user;
}

int user_username_check(struct call *call, struct bytes name, bool *is_free)
{
	if (!public_name_is_valid(name))
		return rpc_error(call, 400, "USERNAME_INVALID");
	*is_free = is_own(call, name) || public_name_is_free(call, name);
	return 0;
}

static int take(struct call *call, struct bytes name)
{
	if (is_own(call, name))
		return 0;
	if (!public_name_is_free(call, name))
		return rpc_error(call, 400, "USERNAME_OCCUPIED");
	public_name_take(call, name, (struct peer){PEER_USER, call->user});
	return 0;
}

int user_username_set(struct call *call, struct bytes name)
{
	struct home_user profile;

	if (name.size > 0 && !public_name_is_valid(name))
		return rpc_error(call, 400, "USERNAME_INVALID");
	if (user_own_profile(call, &profile) < 0)
		return -1;
	if (bytes_equal(name, profile.username))
		return rpc_error(call, 400, "USERNAME_NOT_MODIFIED");
	if (account_budget_take(call, "usernames", USERNAME_CHANGES_PER_DAY) < 0)
		return -1;
	if (name.size > 0 && take(call, name) < 0)
		return -1;
	if (profile.username.size > 0 && !public_name_is_same(call, profile.username, name))
		public_name_release(call, profile.username);
	profile.username = name;
	home_user_set_profile(call_home(call), call->store->vault, call->arena, &profile);
	public_face_refresh(call, call->user);
	user_tell_names(call);
	return 0;
}

void user_username_drop(struct call *call, int64_t user)
{
	struct call as_user = *call; /* whose the name was */
	struct home_user profile;

	as_user.user = user;
	if (home_user_get(call_home(call), call->store->vault, call->arena, user, &profile) &&
		profile.username.size > 0)
		public_name_release(&as_user, profile.username);
	square_profile_delete(call_square(call), user);
}
