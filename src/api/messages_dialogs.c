/* SPDX-License-Identifier: Apache-2.0 */
/* messages.*: the chat list, folders, the bar above a chat. */
#include "api/encode_message.h"
#include "api/encode_state.h"
#include "api/handlers.h"
#include "api/peers.h"
#include "core/dialogs.h"
#include "core/roster.h"
#include "core/users.h"

#define FOLDER_ARCHIVE 1

static struct tl_objects encode_dialogs(struct arena *arena, const struct dialog_list *list)
{
	struct tl_objects vector = tl_objects_new(arena, (uint32_t)list->count);

	for (size_t i = 0; i < list->count; i++) {
		const struct dialog *from = &list->at[i];
		struct tl_dialog *dialog = TL_NEW(arena, dialog);

		dialog->pinned = from->pinned;
		dialog->peer = encode_peer(arena, from->peer);
		dialog->top_message = from->top_id;
		dialog->read_inbox_max_id = from->read_inbox;
		dialog->read_outbox_max_id = from->read_outbox;
		dialog->unread_count = from->unread;
		dialog->notify_settings = &TL_NEW(arena, peerNotifySettings)->o;
		dialog->pts = from->pts;
		dialog->has_pts = from->peer.kind == PEER_CHANNEL;
		vector.at[i] = &dialog->o;
	}
	return vector;
}

/* The four vectors that every answer about dialogs has. */
#define FILL_DIALOGS(reply, list)                                                                  \
	do {                                                                                       \
		(reply)->dialogs = encode_dialogs(call->arena, (list));                            \
		(reply)->messages = encode_messages(call->arena, (list)->tops, (list)->top_count); \
		(reply)->users = encode_users(call->arena, (list)->users, (list)->user_count);     \
		(reply)->chats =                                                                   \
			encode_channels(call->arena, (list)->channels, (list)->channel_count);     \
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

/* https://core.telegram.org/method/messages.getDialogs */
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
	/* Nothing can be archived yet. */
	if (!(req->has_folder_id && req->folder_id == FOLDER_ARCHIVE) &&
		dialogs_list(call, &offset, pins, req->limit, &list) < 0)
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

	if (req->folder_id != FOLDER_ARCHIVE &&
		dialogs_list(call, &top, DIALOGS_PINNED, DIALOGS_LIMIT_MAX, &list) < 0)
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

/* https://core.telegram.org/method/messages.getDialogFilters: the one folder that everybody has,
 * which clients insist on. */
int api_messages_getDialogFilters(struct call *call, const struct tl_messages_getDialogFilters *req,
	struct tl_messages_dialogFilters *reply)
{
	reply->filters = tl_objects_new(call->arena, 1);
	reply->filters.at[0] = &TL_NEW(call->arena, dialogFilterDefault)->o;
	return 0;
}

/* https://core.telegram.org/method/messages.getPeerSettings */
int api_messages_getPeerSettings(struct call *call, const struct tl_messages_getPeerSettings *req,
	struct tl_messages_peerSettings *reply)
{
	struct tl_peerSettings *settings = TL_NEW(call->arena, peerSettings);
	struct channel_view view;
	struct peer peer;
	struct user user;

	if (peer_from_input(call, req->peer, &peer) < 0)
		return -1;
	reply->settings = &settings->o;
	reply->users = tl_objects_new(call->arena, 0);
	reply->chats = tl_objects_new(call->arena, 0);
	if (peer.kind == PEER_CHANNEL) {
		if (channel_view(call, peer.id, &view) < 0)
			return -1;
		reply->chats = encode_channels(call->arena, &view, 1);
		return 0;
	}
	if (user_view(call, peer.id, &user) < 0)
		return rpc_error(call, 400, "PEER_ID_INVALID");
	settings->add_contact =
		!user.is_contact && !user.is_self && !user.is_service && !user.is_deleted;
	reply->users = encode_users(call->arena, &user, 1);
	return 0;
}
