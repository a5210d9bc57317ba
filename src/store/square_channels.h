/* SPDX-License-Identifier: Apache-2.0 */
/* Public channels and public names, in clear. */
#ifndef STORE_SQUARE_CHANNELS_H
#define STORE_SQUARE_CHANNELS_H

#include "store/channel_rows.h"

/* Not those that are leaving. */
bool square_channels_find(struct db *db, struct arena *arena, int64_t id, struct channel_row *row);
bool square_channels_has(struct db *db, int64_t id); /* leaving ones too */
/* *place is where its posts go. A leaving copy of the same channel must be deleted before. */
void square_channels_insert(
	struct db *db, const struct channel_row *row, struct channel_place *place);
/* Title, description, username, settings. */
void square_channels_update(struct db *db, const struct channel_row *row);
void square_channels_set_members(struct db *db, int64_t id, int64_t members);
/* The channel has gone private: its copy is nobody's any more, and is deleted once the home's is
 * surely on disk. */
void square_channels_leave(struct db *db, int64_t id, int64_t now_s);
/* Unix s since when the channel is leaving; 0: it is not. */
int64_t square_channels_leaving(struct db *db, int64_t id);
/* A crash hit between the two commits: it stays. */
void square_channels_stay(struct db *db, int64_t id);
/* The row, posts and events. */
void square_channels_delete(struct db *db, int64_t id);
/* Ids above `after`, in order; leaving ones alone, or all others. Returns their number. */
size_t square_channels_list_leaving(struct db *db, int64_t after, int64_t *ids, size_t limit);
size_t square_channels_list(struct db *db, int64_t after, int64_t *ids, size_t limit);

/* ---- Public names; always given in lower case ---- */

/* Id of the channel with that name, or 0. */
int64_t square_names_find(struct db *db, struct bytes name, int peer_kind);
/* Taken by anybody. */
bool square_names_taken(struct db *db, struct bytes name);
void square_names_insert(struct db *db, struct bytes name, int peer_kind, int64_t peer);
void square_names_delete(struct db *db, struct bytes name);
/* Names that begin with prefix (ASCII, not empty). Returns their number. */
size_t square_names_prefix(
	struct db *db, struct bytes prefix, int peer_kind, int64_t *peers, size_t limit);

#endif
