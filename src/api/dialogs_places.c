/* SPDX-License-Identifier: Apache-2.0 */
/* messages.*, folders.*: pins of the chat list, marks, the archive. */
#include "api/encode_dialog.h"
#include "api/encode_updates.h"
#include "api/handlers.h"
#include "api/peers.h"
#include "core/dialogs/dialog_places.h"

/* InputDialogPeer; folders of the old kind can't be pinned. */
static int dialog_from_input(struct call *call, const struct tl_object *input, struct peer *out)
{
	const struct tl_inputDialogPeer *peer = TL_AS(inputDialogPeer, input);

	if (!peer)
		return rpc_error(call, 400, "PEER_ID_INVALID");
	return peer_from_input(call, peer->peer, out);
}

/* https://core.telegram.org/method/messages.toggleDialogPin */
int api_messages_toggleDialogPin(
	struct call *call, const struct tl_messages_toggleDialogPin *req, bool *reply)
{
	struct peer peer;

	*reply = true;
	if (dialog_from_input(call, req->peer, &peer) < 0)
		return -1;
	return dialog_pin(call, peer, req->pinned);
}

/* https://core.telegram.org/method/messages.reorderPinnedDialogs */
int api_messages_reorderPinnedDialogs(
	struct call *call, const struct tl_messages_reorderPinnedDialogs *req, bool *reply)
{
	struct peer peers[DIALOGS_PINNED_ARCHIVE_MAX];

	*reply = true;
	if (req->folder_id != FOLDER_LIST && req->folder_id != FOLDER_ARCHIVE)
		return rpc_error(call, 400, "FOLDER_ID_INVALID");
	if (req->order.count > DIALOGS_PINNED_ARCHIVE_MAX)
		return rpc_error(call, 400, "PINNED_DIALOGS_TOO_MUCH");
	for (uint32_t i = 0; i < req->order.count; i++) {
		if (dialog_from_input(call, req->order.at[i], &peers[i]) < 0)
			return -1;
	}
	return dialogs_reorder(call, req->folder_id, peers, req->order.count, req->force);
}

/* https://core.telegram.org/method/messages.markDialogUnread */
int api_messages_markDialogUnread(
	struct call *call, const struct tl_messages_markDialogUnread *req, bool *reply)
{
	struct peer peer;

	*reply = true;
	if (req->parent_peer)
		return rpc_error(call, 400, "PARENT_PEER_INVALID");
	if (dialog_from_input(call, req->peer, &peer) < 0)
		return -1;
	return dialog_mark_unread(call, peer, req->unread);
}

/* https://core.telegram.org/method/messages.getDialogUnreadMarks */
int api_messages_getDialogUnreadMarks(struct call *call,
	const struct tl_messages_getDialogUnreadMarks *req, struct tl_objects *reply)
{
	struct peer *peers;
	size_t count;

	dialogs_marked(call, &peers, &count);
	*reply = tl_objects_new(call->arena, (uint32_t)count);
	for (size_t i = 0; i < count; i++)
		reply->at[i] = encode_dialog_peer(call->arena, peers[i]);
	return 0;
}

/* https://core.telegram.org/method/folders.editPeerFolders */
int api_folders_editPeerFolders(
	struct call *call, const struct tl_folders_editPeerFolders *req, struct tl_object **reply)
{
	struct peer peers[FOLDER_MOVES_MAX];
	int32_t folders[FOLDER_MOVES_MAX];
	struct update_set answer;

	if (req->folder_peers.count > FOLDER_MOVES_MAX)
		return rpc_error(call, 400, "LIMIT_INVALID");
	for (uint32_t i = 0; i < req->folder_peers.count; i++) {
		const struct tl_inputFolderPeer *move =
			TL_AS(inputFolderPeer, req->folder_peers.at[i]);

		if (peer_from_input(call, move->peer, &peers[i]) < 0)
			return -1;
		folders[i] = move->folder_id;
	}
	if (dialogs_move(call, peers, folders, req->folder_peers.count, &answer) < 0)
		return -1;
	*reply = encode_updates(call->arena, &answer);
	return 0;
}
