/* SPDX-License-Identifier: Apache-2.0 */
/* What an edit may change of a message, and how it does: the same in boxes and in channels. Whose
 * message it is, is the caller's question. Implemented in messages_edit.c. */
#ifndef CORE_MESSAGE_EDITS_H
#define CORE_MESSAGE_EDITS_H

#include "core/messages/media.h"

/* Others' words stay what they were; dice lie as they fell. Faults MESSAGE_ID_INVALID,
 * MESSAGE_EDIT_TIME_EXPIRED (not when timeless, nor for bots). */
MUST_CHECK int edit_allowed(struct call *call, const struct message *before, bool timeless);
/* Completes the draft with what stays. Faults of media_move, entities_accept and
 * keyboard_accept, MESSAGE_NOT_MODIFIED. */
MUST_CHECK int edit_settle(struct call *call, const struct message *before,
	const struct media_move *move, struct message *draft);
/* What the draft has of a message replaces what the message had. */
void edit_apply(const struct message *draft, struct message *message);

#endif
