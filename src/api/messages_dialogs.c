/* SPDX-License-Identifier: Apache-2.0 */
/* messages.*: the chat list, folders, the bar above a chat. */
#include "api/encode_dialog.h"
#include "api/encode_message.h"
#include "api/encode_state.h"
#include "api/handlers.h"
#include "api/peers.h"
#include "core/dialogs/dialog_places.h"
#include "core/channels/roster.h"
#include "core/accounts/users.h"

static struct tl_objects encode_dialogs(struct arena *arena, const struct dialog_list *list)
{
	const uint32_t archive = list->archive.top ? 1 : 0;
	struct tl_objects vector = tl_objects_new(arena, (uint32_t)list->count + archive);

	if (archive)
		vector.at[0] = encode_archive(arena, &list->archive);
	for (size_t i = 0; i < list->count; i++)
		vector.at[archive + i] = encode_dialog(arena, &list->at[i]);
	return vector;
}

/* The four vectors that every answer about dialogs has. */
#define FILL_DIALOGS(reply, list)                                                                  \
	do {                                                                                       \
		(reply)->dialogs = encode_dialogs(call->arena, (list));                            \
		(reply)->messages = encode_messages(call->arena, (list)->tops, (list)->top_count); \
		(reply)->users =                                                                   \
			encode_users(call->arena, (list)->seen.users, (list)->seen.user_count);    \
		(reply)->chats = encode_chats_and_channels(call->arena, (list)->seen.chats,        \
			(list)->seen.chat_count, (list)->seen.channels,                            \
			(list)->seen.channel_count);                                               \
	} while (0)

/* Where a page begins is a place in the order, not a peer to be opened: TDLib gives the peer with
 * access_hash 0. */
static void offset_peer_from_input(const struct tl_object *input, struct peer *out)
{
	const struct tl_inputPeerUser *user = TL_AS(inputPeerUser, input);
	const struct tl_inputPeerChannel *channel = TL_AS(inputPeerChannel, input);

	if (user)
		*out = (struct peer){PEER_USER, user->user_id};
	else if (channel)
		*out = (struct peer){PEER_CHANNEL, channel->channel_id};
}

/* https://core.telegram.org/method/messages.getDialogs: without a folder, of the list and of the
 * archive. `hash` is not looked at: no answer has one, so no client can know it. */
int api_messages_getDialogs(
	struct call *call, const struct tl_messages_getDialogs *req, struct tl_object **reply)
{
	struct dialog_offset offset = {.date_s = req->offset_date,
		.id = req->offset_id,
		.peer = peer_named(call, req->offset_peer)};
	enum dialog_pins pins = req->exclude_pinned ? DIALOGS_NOT_PINNED : DIALOGS_ALL;
	struct tl_messages_dialogs *all;
	struct tl_messages_dialogsSlice *slice;
	struct dialog_list list = {.complete = true};

	offset_peer_from_input(req->offset_peer, &offset.peer);
	if (req->has_folder_id && req->folder_id < FOLDER_LIST)
		return rpc_error(call, 400, "FOLDER_ID_INVALID");
	if (dialogs_list(call, req->has_folder_id ? req->folder_id : FOLDER_ANY, &offset, pins,
		    req->limit, &list) < 0)
		return -1;
	if (list.complete) {
		all = TL_NEW(call->arena, messages_dialogs);
		FILL_DIALOGS(all, &list);
		*reply = &all->o;
	} else {
		slice = TL_NEW(call->arena, messages_dialogsSlice);
		slice->count = (int32_t)list.total;
		FILL_DIALOGS(slice, &list);
		*reply = &slice->o;
	}
	return 0;
}

static int fill_peer_dialogs(
	struct call *call, const struct dialog_list *list, struct tl_messages_peerDialogs *reply)
{
	struct box_state state;

	if (box_state(call, &state) < 0)
		return -1;
	FILL_DIALOGS(reply, list);
	reply->state = encode_state(call->arena, &state, call->now_s);
	return 0;
}

/* https://core.telegram.org/method/messages.getPinnedDialogs */
int api_messages_getPinnedDialogs(struct call *call, const struct tl_messages_getPinnedDialogs *req,
	struct tl_messages_peerDialogs *reply)
{
	struct dialog_offset top = {0};
	struct dialog_list list = {0};

	if (req->folder_id < FOLDER_LIST)
		return rpc_error(call, 400, "FOLDER_ID_INVALID");
	if (dialogs_list(call, req->folder_id, &top, DIALOGS_PINNED, DIALOGS_LIMIT_MAX, &list) < 0)
		return -1;
	return fill_peer_dialogs(call, &list, reply);
}

/* https://core.telegram.org/method/messages.getPeerDialogs */
int api_messages_getPeerDialogs(struct call *call, const struct tl_messages_getPeerDialogs *req,
	struct tl_messages_peerDialogs *reply)
{
	struct peer peers[DIALOGS_LIMIT_MAX];
	struct dialog_list list;
	size_t count = 0;

	if (req->peers.count > DIALOGS_LIMIT_MAX)
		return rpc_error(call, 400, "LIMIT_INVALID");
	for (uint32_t i = 0; i < req->peers.count; i++) {
		const struct tl_inputDialogPeer *input = TL_AS(inputDialogPeer, req->peers.at[i]);

		if (input && peer_from_input(call, input->peer, &peers[count++]) < 0)
			return -1;
	}
	if (dialogs_of_peers(call, peers, count, &list) < 0)
		return -1;
	return fill_peer_dialogs(call, &list, reply);
}
