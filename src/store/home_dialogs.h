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
	int32_t pinned; /* 0: no; the highest stands first */
	int32_t folder; /* 0: the list, 1: the archive */
	bool unread_mark;
};

/* False: none yet; *out is then empty, with the peer set. */
bool home_dialog_get(
	const struct home_box *box, int32_t peer_kind, int64_t peer, struct home_dialog *out);
/* A new message at the top of a chat, whose line is made if there is none. */
struct home_dialog_step {
	int32_t peer_kind;
	int64_t peer;
	int32_t id;
	int64_t date_s;
	bool news;  /* one more unread */
	bool alone; /* of the own chat with oneself: nobody else will read it */
};

/* Returns the folder that the chat is in. *begun: it had no line before. */
int32_t home_dialog_follow(
	const struct home_box *box, const struct home_dialog_step *step, bool *begun);
void home_dialog_put(const struct home_box *box, const struct home_dialog *dialog);

/* Where a page begins: after this place in the order (top_date, top_id), both falling. No two chats
 * of a box have the same top_id. */
struct home_dialog_page {
	int64_t date_s;
	int32_t id;
	int32_t folder;
	int32_t limit;
};

/* Those that are not pinned. */
void home_dialogs_page(const struct home_box *box, const struct home_dialog_page *page,
	struct home_dialog **out, size_t *count);
/* The pinned ones of a folder, in their order, at most limit. Where no message is left the place is
 * kept, but it is no line. */
void home_dialogs_pinned(const struct home_box *box, int32_t folder, int32_t limit,
	struct home_dialog **out, size_t *count);
/* Those marked as unread, at most limit. */
#define DIALOGS_MARKED_MAX 1000
void home_dialogs_marked(
	const struct home_box *box, int32_t limit, struct home_dialog **out, size_t *count);
/* Those of a folder with something unread, the newest first, at most limit. */
void home_dialogs_unread_in(const struct home_box *box, int32_t folder, int32_t limit,
	struct home_dialog **out, size_t *count);
/* Listed ones that are not pinned. */
int64_t home_dialogs_count(const struct home_box *box, int32_t folder);
/* Unread messages in all of them. */
int32_t home_dialogs_unread(const struct home_box *box);

#endif
