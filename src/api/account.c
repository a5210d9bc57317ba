/* SPDX-License-Identifier: Apache-2.0 */
/* account.*: the caller's own account. */
#include "api/encode_user.h"
#include "api/handlers.h"
#include "core/sessions.h"
#include "core/users.h"

/* Settings are not kept yet: what clients hear are the defaults, which is what holds. A single chat
 * has none of its own. https://core.telegram.org/constructor/peerNotifySettings */
int api_account_getNotifySettings(struct call *call, const struct tl_account_getNotifySettings *req,
	struct tl_peerNotifySettings *reply)
{
	if (TL_AS(inputNotifyPeer, req->peer) || TL_AS(inputNotifyForumTopic, req->peer))
		return 0;
	reply->show_previews = reply->has_show_previews = true;
	reply->has_silent = reply->has_mute_until = true;
	reply->ios_sound = reply->android_sound = reply->other_sound =
		&TL_NEW(call->arena, notificationSoundDefault)->o;
	return 0;
}

/* Nothing is held back by sensitivity, and nothing can be switched. */
int api_account_getContentSettings(struct call *call,
	const struct tl_account_getContentSettings *req, struct tl_account_contentSettings *reply)
{
	return 0;
}

int api_account_updateStatus(
	struct call *call, const struct tl_account_updateStatus *req, bool *reply)
{
	user_update_status(call, req->offline);
	*reply = true;
	return 0;
}

int api_account_updateProfile(
	struct call *call, const struct tl_account_updateProfile *req, struct tl_object **reply)
{
	struct user *user = ARENA_NEW(call->arena, struct user);

	if (user_update_profile(call, req->first_name, req->last_name, req->about) < 0)
		return -1;
	if (user_view(call, call->user, user) < 0)
		return rpc_error(call, 401, "USER_DEACTIVATED");
	*reply = encode_user(call->arena, user);
	return 0;
}

/* Where a device is, nobody keeps: address, country and region stay empty. */
static struct tl_object *encode_login(struct call *call, const struct home_login *login)
{
	struct tl_authorization *out = TL_NEW(call->arena, authorization);

	out->hash = session_hash(call, login->key_id);
	out->current = out->hash == 0;
	out->encrypted_requests_disabled = out->call_requests_disabled = true; /* not served */
	out->device_model = login->device.model;
	out->system_version = login->device.system_version;
	out->app_version = login->device.app_version;
	out->api_id = login->device.api_id;
	out->date_created = (int32_t)login->login_at_s;
	out->date_active = (int32_t)(login->active_at_s > login->login_at_s ? login->active_at_s
									    : login->login_at_s);
	return &out->o;
}

int api_account_getAuthorizations(struct call *call, const struct tl_account_getAuthorizations *req,
	struct tl_account_authorizations *reply)
{
	struct home_login *logins;
	size_t count = sessions_list(call, &logins);

	reply->authorizations = tl_objects_new(call->arena, (uint32_t)count);
	for (size_t i = 0; i < count; i++)
		reply->authorizations.at[i] = encode_login(call, &logins[i]);
	return 0;
}

int api_account_resetAuthorization(
	struct call *call, const struct tl_account_resetAuthorization *req, bool *reply)
{
	*reply = true;
	return session_end(call, req->hash);
}
