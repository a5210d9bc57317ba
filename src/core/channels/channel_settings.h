/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The stored form of what a channel's admins set (struct channel_settings), the same in the home
 * and in the square. Nothing in it is of a person.
 */
#ifndef CORE_CHANNEL_SETTINGS_H
#define CORE_CHANNEL_SETTINGS_H

#include "base/arena.h"
#include "core/model.h"

#define CHANNEL_REACTIONS_MAX 100 /* emojis in a list */

/* Of a channel that was just made. */
struct channel_settings channel_settings_new(bool broadcast);
/* In the arena. */
struct bytes channel_settings_encode(struct arena *arena, const struct channel_settings *settings);
/* Absent: as just made. -1: not what encode makes. */
MUST_CHECK int channel_settings_decode(
	struct arena *arena, struct bytes stored, bool broadcast, struct channel_settings *out);

/* A list of emojis, as settings.reactions has it. */
struct bytes channel_reactions_encode(
	struct arena *arena, const struct bytes *emojis, size_t count);
/* Returns their number, at most CHANNEL_REACTIONS_MAX; views into packed. */
size_t channel_reactions_decode(struct bytes packed, struct bytes emojis[CHANNEL_REACTIONS_MAX]);

#endif
