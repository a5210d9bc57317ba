/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Folders of the chat list (clients call them filters): which chats each shows, as its owner set
 * it. The server keeps them, in an order, and tells the other devices; what a folder shows, clients
 * work out. Links that invite into folders are not served. All act for call->user.
 * https://core.telegram.org/api/folders
 */
#ifndef CORE_FOLDERS_H
#define CORE_FOLDERS_H

#include "core/changes.h"

#define FOLDERS_MAX 20	     /* besides "all chats" */
#define FOLDER_PEERS_MAX 200 /* of a list in one */
#define FOLDER_ID_MIN 2
#define FOLDER_ID_MAX 255
#define FOLDER_EMOTICON_MAX 32 /* bytes */
#define FOLDER_TITLE_MAX 12    /* UTF-16 units, as stock clients allow */

struct folder_peers {
	struct peer *at;
	size_t count;
};

struct chat_folder {
	int32_t id;
	bool contacts, non_contacts, groups, broadcasts, bots;
	bool exclude_muted, exclude_read, exclude_archived, title_static;
	struct bytes title, emoticon;
	struct entity *entities; /* of the title */
	size_t entity_count;
	bool has_color;
	int32_t color;
	struct folder_peers pinned, included, excluded;
};

/* In their order. "All chats" is not among them; *all_at: in front of which it stands. */
size_t folders_list(struct call *call, struct chat_folder **out, size_t *all_at);
/* Faults FILTER_ID_INVALID, FILTER_TITLE_EMPTY, FILTER_INCLUDE_EMPTY, DIALOG_FILTERS_TOO_MUCH … */
MUST_CHECK int folder_put(struct call *call, const struct chat_folder *folder);
MUST_CHECK int folder_delete(struct call *call, int32_t id);
/* ids in their new order; 0 stands for "all chats". */
MUST_CHECK int folders_reorder(struct call *call, const int32_t *ids, size_t count);
/* One of an account's folders names the chat, not only its kind. */
bool folder_names(struct call *call, int64_t owner, struct peer peer);
bool folder_tags_get(struct call *call);
void folder_tags_set(struct call *call, bool enabled);

/* The stored form, all but the id. In the arena, or in `packed`. False: not what encode makes. */
struct bytes folder_encode(struct arena *arena, const struct chat_folder *folder);
bool folder_decode(struct arena *arena, struct bytes packed, struct chat_folder *folder);

bool folders_change(struct call *call, const struct home_change *change, struct update *update);

#endif
