/* SPDX-License-Identifier: Apache-2.0 */
/* updates.getChannelDifference: what a client missed in one channel. */
#include "api/encode_channel.h"
#include "api/encode_dialog.h"
#include "api/encode_message.h"
#include "api/encode_updates.h"
#include "api/handlers.h"
#include "api/peers.h"
#include "core/dialogs/dialogs.h"

static struct tl_object *difference_empty(
	struct arena *arena, const struct channel_difference *difference)
{
	struct tl_updates_channelDifferenceEmpty *reply =
		TL_NEW(arena, updates_channelDifferenceEmpty);

	reply->final = difference->final;
	reply->pts = difference->pts;
	reply->timeout = difference->timeout_s;
	reply->has_timeout = true;
	return &reply->o;
}

static struct tl_object *difference_part(
	struct arena *arena, const struct channel_difference *difference)
{
	const struct update_set none = {0};
	struct tl_updates_channelDifference *reply = TL_NEW(arena, updates_channelDifference);

	reply->final = difference->final;
	reply->pts = difference->pts;
	reply->timeout = difference->timeout_s;
	reply->has_timeout = true;
	reply->new_messages =
		encode_messages(arena, difference->list.posts, difference->list.count);
	reply->other_updates = tl_objects_new(arena, (uint32_t)difference->other_count);
	for (size_t i = 0; i < difference->other_count; i++)
		reply->other_updates.at[i] = encode_update(arena, &difference->others[i], &none);
	reply->chats = encode_post_channels(arena, &difference->list);
	reply->users = encode_users(arena, difference->list.users, difference->list.user_count);
	return &reply->o;
}

static struct tl_object *difference_too_long(
	struct arena *arena, const struct channel_difference *difference)
{
	struct tl_updates_channelDifferenceTooLong *reply =
		TL_NEW(arena, updates_channelDifferenceTooLong);

	reply->final = difference->final;
	reply->timeout = difference->timeout_s;
	reply->has_timeout = true;
	reply->dialog = encode_dialog(arena, &difference->dialog.dialog);
	reply->messages = encode_messages(arena, difference->list.posts, difference->list.count);
	reply->chats = encode_post_channels(arena, &difference->list);
	reply->users = encode_users(arena, difference->list.users, difference->list.user_count);
	return &reply->o;
}

/* https://core.telegram.org/method/updates.getChannelDifference. `force` asks for an answer also
 * when the client has just asked: every request is answered here. `filter` would leave out posts
 * that the client has: all are told, as clients know them by their ids. */
int api_updates_getChannelDifference(struct call *call,
	const struct tl_updates_getChannelDifference *req, struct tl_object **reply)
{
	struct channel_difference difference;
	int64_t id;

	if (channel_from_input(call, req->channel, &id) < 0 ||
		channel_difference(call, id, req->pts, req->limit, &difference) < 0)
		return -1;
	if (difference.kind == CHANNEL_DIFFERENCE_EMPTY) {
		*reply = difference_empty(call->arena, &difference);
	} else if (difference.kind == CHANNEL_DIFFERENCE_PART) {
		*reply = difference_part(call->arena, &difference);
	} else {
		dialog_complete(call, NULL, &difference.dialog.dialog);
		*reply = difference_too_long(call->arena, &difference);
	}
	return 0;
}
