/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of Saved Messages: one per chat that messages were saved from, and one's own notes. All
 * act for call->user. https://core.telegram.org/api/saved-messages */
#ifndef CORE_SAVED_DIALOGS_H
#define CORE_SAVED_DIALOGS_H

#include "core/changes.h"
#include "core/messages/messages.h"

#define SAVED_PINNED_MAX 100

struct saved_dialog {
	struct peer peer;
	int32_t top_id;
	bool pinned;
};

struct saved_list {
	struct saved_dialog *at;
	size_t count;
	int64_t total;
	struct message *tops; /* one per line */
};

/* By their newest message, those below offset_id (0: from the top). */
int saved_dialogs(struct call *call, int32_t offset_id, int32_t limit, bool without_pinned,
	struct saved_list *out);
int saved_dialogs_pinned(struct call *call, struct saved_list *out);
int saved_dialogs_of(
	struct call *call, const struct peer *peers, size_t count, struct saved_list *out);
int saved_history(struct call *call, struct peer part, const struct post_range *range,
	struct message_list *out);
/* As messages_clear, of which only the bounds count: there is nobody else, and no line to keep. */
int saved_history_delete(struct call *call, struct peer part, const struct clearing *clearing,
	int32_t *pts, int32_t *pts_count, int32_t *left);
/* Fault PINNED_DIALOGS_TOO_MUCH. */
MUST_CHECK int saved_pin(struct call *call, struct peer part, bool pinned);
MUST_CHECK int saved_reorder(struct call *call, const struct peer *parts, size_t count, bool force);

bool saved_pins_change(struct call *call, const struct home_change *change, struct update *update);

#endif
