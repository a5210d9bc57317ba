/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where a line of the chat list stands: pinned, in the archive, marked as unread. Private chats and
 * groups keep it in the box, channels with the membership. All functions act for call->user.
 * https://core.telegram.org/api/folders
 */
#ifndef CORE_DIALOG_PLACES_H
#define CORE_DIALOG_PLACES_H

#include "core/messages/box.h"
#include "core/changes.h"
#include "core/dialogs/dialogs.h"
#include "store/home_dialogs.h"

#define DIALOGS_PINNED_MAX 10 /* of the list; secret chats aside */
#define DIALOGS_PINNED_ARCHIVE_MAX 100
#define FOLDER_LIST 0
#define FOLDER_ARCHIVE 1
#define FOLDER_MOVES_MAX 100 /* peers in one call */

/* Faults PEER_ID_INVALID, PEER_HISTORY_EMPTY, PINNED_DIALOGS_TOO_MUCH. */
MUST_CHECK int dialog_pin(struct call *call, struct peer peer, bool pinned);
/* The order of a folder's pins, the first on top. force: what is not named is unpinned. */
MUST_CHECK int dialogs_reorder(
	struct call *call, int32_t folder, const struct peer *peers, size_t count, bool force);
MUST_CHECK int dialog_mark_unread(struct call *call, struct peer peer, bool marked);
/* Chats that are marked. */
void dialogs_marked(struct call *call, struct peer **peers, size_t *count);
/* Into the list or the archive; faults FOLDER_ID_INVALID. answer: UPDATE_FOLDER_PEER each. */
MUST_CHECK int dialogs_move(struct call *call, const struct peer *peers, const int32_t *folders,
	size_t count, struct update_set *answer);
/* A message of `from` came in: a chat in the archive comes back, unless it is muted or the owner's
 * switches keep it there; one that a stranger begins goes there, when the owner wants it so.
 * *dialog says where it is; the row is the caller's to write. */
enum box_move dialog_move_for(
	struct call *call, int64_t owner, int64_t from, bool begun, struct home_dialog *dialog);
/* Tells the owner of the box. */
void dialog_moved(struct call *call, struct home_box *box, struct peer peer, enum box_move move);
/* No message is left of the chat for its owner: no pin and no mark either, and all his sessions
 * hear it: who deleted the last one did not ask for that. */
void dialog_emptied(struct call *call, int64_t owner, struct peer peer);
/* What is pinned in a folder, in order. */
void dialogs_pins(struct call *call, int32_t folder, struct peer **peers, size_t *count);

bool dialog_pins_change(struct call *call, const struct home_change *change, struct update *update);
bool dialog_mark_change(struct call *call, const struct home_change *change, struct update *update);

#endif
