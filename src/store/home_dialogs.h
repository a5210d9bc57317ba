/* SPDX-License-Identifier: Apache-2.0 */
/* Dialogs of a box: a line of the chat list per private chat. Numbers and dates only. Channels are
 * not here: their lines come from memberships. */
#ifndef STORE_HOME_DIALOGS_H
#define STORE_HOME_DIALOGS_H

#include "store/home_boxes.h"

struct home_dialog {
	int32_t peer_kind;
	int64_t peer;
	int32_t top_id; /* 0: no message left; then it is not listed */
	int64_t top_date_s;
	int32_t read_inbox, read_outbox, unread, message_count;
	bool pinned;
};

/* False: none yet; *out is then empty, with the peer set. */
bool home_dialog_get(
	const struct home_box *box, int32_t peer_kind, int64_t peer, struct home_dialog *out);
void home_dialog_put(const struct home_box *box, const struct home_dialog *dialog);

/* Where a page begins: after this place in the order (top_date, top_id), both falling. No two chats
 * of a box have the same top_id. */
struct home_dialog_page {
	int64_t date_s;
	int32_t id;
	int32_t pinned; /* 0 or 1 */
	int32_t limit;
};

void home_dialogs_page(const struct home_box *box, const struct home_dialog_page *page,
	struct home_dialog **out, size_t *count);
int64_t home_dialogs_count(const struct home_box *box, int32_t pinned);
/* Unread messages in all of them. */
int32_t home_dialogs_unread(const struct home_box *box);

#endif
