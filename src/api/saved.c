/* SPDX-License-Identifier: Apache-2.0 */
/* messages.*: the parts of Saved Messages. https://core.telegram.org/api/saved-messages */
#include "core/dialogs/saved_dialogs.h"

#include "api/encode_message.h"
#include "api/handlers.h"
#include "api/encode_list.h"
#include "api/peers.h"
#include "core/channels/roster.h"

static struct tl_objects encode_parts(struct arena *arena, const struct saved_list *list)
{
	struct tl_objects vector = tl_objects_new(arena, (uint32_t)list->count);

	for (size_t i = 0; i < list->count; i++) {
		struct tl_savedDialog *dialog = TL_NEW(arena, savedDialog);

		dialog->pinned = list->at[i].pinned;
		dialog->peer = encode_peer(arena, list->at[i].peer);
		dialog->top_message = list->at[i].top_id;
		vector.at[i] = &dialog->o;
	}
	return vector;
}

static struct tl_object *encode_saved(struct call *call, const struct saved_list *list)
{
	struct tl_messages_savedDialogsSlice *slice;
	struct tl_messages_savedDialogs *all;
	struct tl_objects dialogs, messages, users, chats;
	struct roster roster;

	roster_init(&roster, call->arena);
	for (size_t i = 0; i < list->count; i++) {
		roster_add(&roster, list->at[i].peer);
		roster_add_message(&roster, &list->tops[i]);
	}
	dialogs = encode_parts(call->arena, list);
	messages = encode_messages(call->arena, list->tops, list->count);
	encode_named(call, &roster, &users, &chats);
	if (list->total <= (int64_t)list->count) {
		all = TL_NEW(call->arena, messages_savedDialogs);
		all->dialogs = dialogs;
		all->messages = messages;
		all->users = users;
		all->chats = chats;
		return &all->o;
	}
	slice = TL_NEW(call->arena, messages_savedDialogsSlice);
	slice->count = (int32_t)list->total;
	slice->dialogs = dialogs;
	slice->messages = messages;
	slice->users = users;
	slice->chats = chats;
	return &slice->o;
}

/* https://core.telegram.org/method/messages.getSavedDialogs */
int api_messages_getSavedDialogs(
	struct call *call, const struct tl_messages_getSavedDialogs *req, struct tl_object **reply)
{
	struct saved_list list;

	if (req->parent_peer)
		return rpc_error(call, 400, "PARENT_PEER_INVALID");
	if (saved_dialogs(call, req->offset_id, req->limit, req->exclude_pinned, &list) < 0)
		return -1;
	*reply = encode_saved(call, &list);
	return 0;
}

/* https://core.telegram.org/method/messages.getPinnedSavedDialogs */
int api_messages_getPinnedSavedDialogs(struct call *call,
	const struct tl_messages_getPinnedSavedDialogs *req, struct tl_object **reply)
{
	struct saved_list list;

	if (saved_dialogs_pinned(call, &list) < 0)
		return -1;
	*reply = encode_saved(call, &list);
	return 0;
}

static int parts_from_input(struct call *call, const struct tl_objects *input, struct peer *parts)
{
	if (input->count > SAVED_PINNED_MAX)
		return rpc_error(call, 400, "PINNED_DIALOGS_TOO_MUCH");
	for (uint32_t i = 0; i < input->count; i++) {
		const struct tl_inputDialogPeer *dialog = TL_AS(inputDialogPeer, input->at[i]);

		if (peer_from_input(call, dialog ? dialog->peer : input->at[i], &parts[i]) < 0)
			return -1;
	}
	return 0;
}

/* https://core.telegram.org/method/messages.getSavedDialogsByID */
int api_messages_getSavedDialogsByID(struct call *call,
	const struct tl_messages_getSavedDialogsByID *req, struct tl_object **reply)
{
	struct peer parts[SAVED_PINNED_MAX];
	struct saved_list list;

	if (req->parent_peer)
		return rpc_error(call, 400, "PARENT_PEER_INVALID");
	if (parts_from_input(call, &req->ids, parts) < 0 ||
		saved_dialogs_of(call, parts, req->ids.count, &list) < 0)
		return -1;
	*reply = encode_saved(call, &list);
	return 0;
}

/* https://core.telegram.org/method/messages.getSavedHistory */
int api_messages_getSavedHistory(
	struct call *call, const struct tl_messages_getSavedHistory *req, struct tl_object **reply)
{
	struct post_range range = {.offset_id = req->offset_id,
		.add_offset = req->add_offset,
		.limit = req->limit,
		.max_id = req->max_id,
		.min_id = req->min_id};
	struct message_list list;
	struct peer part;

	if (req->parent_peer)
		return rpc_error(call, 400, "PARENT_PEER_INVALID");
	if (peer_from_input(call, req->peer, &part) < 0 ||
		saved_history(call, part, &range, &list) < 0)
		return -1;
	*reply = encode_list_or_same(call, &list, req->hash);
	return 0;
}

/* https://core.telegram.org/method/messages.deleteSavedHistory */
int api_messages_deleteSavedHistory(struct call *call,
	const struct tl_messages_deleteSavedHistory *req, struct tl_messages_affectedHistory *reply)
{
	const struct clearing clearing = {.max_id = req->max_id,
		.min_date_s = req->has_min_date ? req->min_date : 0,
		.max_date_s = req->has_max_date ? req->max_date : 0};
	struct peer part;

	if (req->parent_peer)
		return rpc_error(call, 400, "PARENT_PEER_INVALID");
	if (peer_from_input(call, req->peer, &part) < 0)
		return -1;
	return saved_history_delete(
		call, part, &clearing, &reply->pts, &reply->pts_count, &reply->offset);
}

/* https://core.telegram.org/method/messages.toggleSavedDialogPin */
int api_messages_toggleSavedDialogPin(
	struct call *call, const struct tl_messages_toggleSavedDialogPin *req, bool *reply)
{
	const struct tl_inputDialogPeer *dialog = TL_AS(inputDialogPeer, req->peer);
	struct peer part;

	*reply = true;
	if (!dialog)
		return rpc_error(call, 400, "PEER_ID_INVALID");
	if (peer_from_input(call, dialog->peer, &part) < 0)
		return -1;
	return saved_pin(call, part, req->pinned);
}

/* https://core.telegram.org/method/messages.reorderPinnedSavedDialogs */
int api_messages_reorderPinnedSavedDialogs(
	struct call *call, const struct tl_messages_reorderPinnedSavedDialogs *req, bool *reply)
{
	struct peer parts[SAVED_PINNED_MAX];

	*reply = true;
	if (parts_from_input(call, &req->order, parts) < 0)
		return -1;
	return saved_reorder(call, parts, req->order.count, req->force);
}
