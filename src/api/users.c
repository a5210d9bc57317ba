/* SPDX-License-Identifier: Apache-2.0 */
/* users.*: accounts that a client has met, and their profiles. */
#include "api/encode_user.h"
#include "api/handlers.h"
#include "api/peers.h"
#include "core/users.h"

#define USERS_MAX 200 /* in one call: more than clients ask for at once */

/* https://core.telegram.org/method/users.getUsers: in the order asked for; userEmpty for what the
 * caller may not name. */
int api_users_getUsers(
	struct call *call, const struct tl_users_getUsers *req, struct tl_objects *reply)
{
	if (req->id.count > USERS_MAX)
		return rpc_error(call, 400, "LIMIT_INVALID");
	*reply = tl_objects_new(call->arena, req->id.count);
	for (uint32_t i = 0; i < req->id.count; i++) {
		struct tl_inputUser *named = TL_AS(inputUser, req->id.at[i]);
		struct user user;
		int64_t id;

		if (peer_user_from_input(call, req->id.at[i], &id) < 0 ||
			user_view(call, id, &user) < 0) {
			struct tl_userEmpty *empty = TL_NEW(call->arena, userEmpty);

			call->fault = (struct fault){0};
			empty->id = named ? named->user_id : 0;
			reply->at[i] = &empty->o;
			continue;
		}
		reply->at[i] = encode_user(call->arena, &user);
	}
	return 0;
}

/* What the client may offer for this person. Blocking and reporting of people are not served. */
static struct tl_object *encode_settings(struct arena *arena, const struct user *user)
{
	struct tl_peerSettings *settings = TL_NEW(arena, peerSettings);

	settings->add_contact =
		!user->is_self && !user->is_contact && !user->is_service && !user->is_deleted;
	return &settings->o;
}

/* https://core.telegram.org/method/users.getFullUser */
int api_users_getFullUser(
	struct call *call, const struct tl_users_getFullUser *req, struct tl_users_userFull *reply)
{
	struct tl_userFull *full = TL_NEW(call->arena, userFull);
	struct user user;
	int64_t id;

	if (peer_user_from_input(call, req->id, &id) < 0)
		return -1;
	if (user_view(call, id, &user) < 0)
		return rpc_error(call, 400, "USER_ID_INVALID");
	full->id = id;
	full->about = user_about(call, id);
	full->settings = encode_settings(call->arena, &user);
	full->notify_settings = &TL_NEW(call->arena, peerNotifySettings)->o;
	reply->full_user = &full->o;
	reply->chats = tl_objects_new(call->arena, 0);
	reply->users = tl_objects_new(call->arena, 1);
	reply->users.at[0] = encode_user(call->arena, &user);
	return 0;
}
