/* SPDX-License-Identifier: Apache-2.0 */
/* Channels without a public name: title and description sealed under the channel's own salt. */
#ifndef STORE_HOME_CHANNELS_H
#define STORE_HOME_CHANNELS_H

#include "store/channel_rows.h"

bool home_channels_find(struct db *db, const struct vault *vault, struct arena *arena, int64_t id,
	struct channel_row *row, uint8_t salt[VAULT_SALT_SIZE]);
/* Where its posts are. Fails the transaction when there is no such channel. */
void home_channels_place(struct db *db, const struct vault *vault, struct arena *arena, int64_t id,
	struct channel_place *place);
bool home_channels_has(struct db *db, int64_t id);
/* Draws the salt. *place is where its posts go. */
void home_channels_insert(struct db *db, const struct vault *vault, struct arena *arena,
	const struct channel_row *row, struct channel_place *place);
/* Title, description, settings. */
void home_channels_update(
	const struct channel_place *place, struct arena *arena, const struct channel_row *row);
/* The channel went public: the row stays for the sake of the posts that have not moved yet, and for
 * readers that still see them here. */
void home_channels_set_away(struct db *db, int64_t id, int64_t now_s);
/* Unix s since when; 0: it is not away, or not here at all. */
int64_t home_channels_away(struct db *db, int64_t id);
/* Ids above `after` of those that are away, in order. Returns their number. */
size_t home_channels_list_away(struct db *db, int64_t after, int64_t *ids, size_t limit);
/* It is private again: row is written over what is left of it. */
void home_channels_return(
	const struct channel_place *place, struct arena *arena, const struct channel_row *row);
/* The row with its salt: what was sealed under it is gone for good. Posts and events too. */
void home_channels_delete(struct db *db, int64_t id);

#endif
