/* SPDX-License-Identifier: Apache-2.0 */
/* Channels without a public name: title and description sealed under the channel's own salt. */
#ifndef STORE_HOME_CHANNELS_H
#define STORE_HOME_CHANNELS_H

#include "store/channel_rows.h"

bool home_channels_find(struct db *db, const struct vault *vault, struct arena *arena, int64_t id,
	struct channel_row *row, uint8_t salt[VAULT_SALT_SIZE]);
bool home_channels_has(struct db *db, int64_t id);
/* Draws the salt. *place is where its posts go. */
void home_channels_insert(struct db *db, const struct vault *vault, struct arena *arena,
	const struct channel_row *row, struct channel_place *place);
/* Title and description. */
void home_channels_update(
	const struct channel_place *place, struct arena *arena, const struct channel_row *row);
/* The row with its salt: what was sealed under it is gone for good. Posts and events too. */
void home_channels_delete(struct db *db, int64_t id);

#endif
