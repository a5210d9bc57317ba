/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The chat list of an account: private chats and groups from its box and the channels that it is
 * in, in one order: by the date of the last message, newest first, then by its id, then by peer.
 */
#ifndef CORE_DIALOGS_H
#define CORE_DIALOGS_H

#include "core/channels/channels.h"

#define DIALOGS_LIMIT_MAX 100

/* Where a page begins: after this line. Zeros: at the top. */
struct dialog_offset {
	int64_t date_s; /* an upper bound: nothing newer than this */
	int32_t id;
	struct peer peer;
};

enum dialog_pins { DIALOGS_ALL, DIALOGS_NOT_PINNED, DIALOGS_PINNED };

/* The line that stands for the archive in the list. [0]: of chats that make a sound, [1]: of muted
 * ones. */
struct dialog_archive {
	struct message *top; /* the newest in it; NULL: nothing is in it, there is no line */
	int32_t chats[2];    /* with something unread, of the newest so many: */
	int32_t messages[2];
};
#define ARCHIVE_UNREAD_MAX 200

struct dialog_list {
	struct dialog *at;
	size_t count;
	int64_t total;
	bool complete;		       /* these are all there are */
	struct dialog_archive archive; /* its top is among tops, too */
	struct message *tops;
	size_t top_count;
	struct update_set seen; /* everybody whom the lines and their messages name */
};

/* folder: 0 the list, 1 the archive (core/dialogs/dialog_places.h), FOLDER_ANY both. Pinned lines
 * come with the first page, on top of it and beyond its limit; the archive's own line with those of
 * the list. Faults FOLDER_ID_INVALID. */
#define FOLDER_ANY (-1)
int dialogs_list(struct call *call, int32_t folder, const struct dialog_offset *offset,
	enum dialog_pins pins, int32_t limit, struct dialog_list *out);
/* Those of the peers, also where there is no message yet; peers that the caller may not see are
 * left out. */
int dialogs_of_peers(
	struct call *call, const struct peer *peers, size_t count, struct dialog_list *out);

/* Adds what a line has besides its place and its counters: draft, settings, and what waits in the
 * box; of a channel there is none. */
struct home_box;
void dialog_complete(struct call *call, const struct home_box *box, struct dialog *dialog);
/* What the own box says of a private chat or a group, for its profile. */
struct dialog_glance {
	int32_t pinned_id; /* the newest pinned message; 0: none */
	int32_t folder;
	bool has_scheduled;
};
void dialog_glance(struct call *call, struct peer peer, struct dialog_glance *out);

#endif
