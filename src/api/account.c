/* SPDX-License-Identifier: Apache-2.0 */
/* account.*: the caller's own account. */
#include "api/encode_user.h"
#include "api/handlers.h"
#include "core/accounts/public_names.h"
#include "core/accounts/users.h"

/* https://core.telegram.org/method/account.updateStatus */
int api_account_updateStatus(
	struct call *call, const struct tl_account_updateStatus *req, bool *reply)
{
	user_update_status(call, req->offline);
	*reply = true;
	return 0;
}

static int answer_self(struct call *call, struct tl_object **reply)
{
	struct user *user = ARENA_NEW(call->arena, struct user);

	if (user_view(call, call->user, user) < 0)
		return rpc_error(call, 401, "USER_DEACTIVATED");
	*reply = encode_user(call->arena, user);
	return 0;
}

/* https://core.telegram.org/method/account.updateProfile */
int api_account_updateProfile(
	struct call *call, const struct tl_account_updateProfile *req, struct tl_object **reply)
{
	if (user_update_profile(call, req->first_name, req->last_name, req->about) < 0)
		return -1;
	return answer_self(call, reply);
}

/* https://core.telegram.org/method/account.checkUsername */
int api_account_checkUsername(
	struct call *call, const struct tl_account_checkUsername *req, bool *reply)
{
	return user_username_check(call, req->username, reply);
}

/* https://core.telegram.org/method/account.updateUsername */
int api_account_updateUsername(
	struct call *call, const struct tl_account_updateUsername *req, struct tl_object **reply)
{
	if (user_username_set(call, req->username) < 0)
		return -1;
	return answer_self(call, reply);
}

static bool is_own_name(struct call *call, struct bytes name)
{
	struct user self;

	return user_view(call, call->user, &self) == 0 && self.username.size &&
	       public_name_is_same(call, self.username, name);
}

/* https://core.telegram.org/method/account.reorderUsernames: an account has one name at most, and
 * one has one order. */
int api_account_reorderUsernames(
	struct call *call, const struct tl_account_reorderUsernames *req, bool *reply)
{
	if (req->order.count != 1 || !is_own_name(call, req->order.at[0]))
		return rpc_error(call, 400, "ORDER_INVALID");
	*reply = true;
	return 0;
}

/* https://core.telegram.org/method/account.toggleUsername: the one name is always shown; who wants
 * it no more gives it up. */
int api_account_toggleUsername(
	struct call *call, const struct tl_account_toggleUsername *req, bool *reply)
{
	if (!req->active || !is_own_name(call, req->username))
		return rpc_error(call, 400, "USERNAME_INVALID");
	return rpc_error(call, 400, "USERNAME_NOT_MODIFIED");
}

/* https://core.telegram.org/method/account.updateBirthday */
int api_account_updateBirthday(
	struct call *call, const struct tl_account_updateBirthday *req, bool *reply)
{
	const struct tl_birthday *in = TL_AS(birthday, req->birthday);
	struct birthday birthday = {0};

	*reply = true;
	if (!in)
		return user_update_birthday(call, birthday);
	if (in->day < 1 || in->day > 31 || in->month < 1 || in->month > 12 || in->year < 0 ||
		in->year > UINT16_MAX)
		return rpc_error(call, 400, "BIRTHDAY_INVALID");
	birthday = (struct birthday){
		(uint8_t)in->day, (uint8_t)in->month, in->has_year ? (uint16_t)in->year : 0};
	return user_update_birthday(call, birthday);
}
