/* SPDX-License-Identifier: Apache-2.0 */
/* version (1) | the fields in their order (base/pack.h). New ones go to the end, and what was
 * stored before them ends before them. */
#include "core/channels/channel_settings.h"

#include "base/pack.h"
#include "core/chats/chats.h"

#define SETTINGS_VERSION 1

/* What members of a new group may not do until its admins let them. */
#define GROUP_LIMITS (CHAT_CHANGE_INFO | CHAT_INVITE | CHAT_PIN | CHAT_MANAGE_TOPICS)

struct channel_settings channel_settings_new(bool broadcast)
{
	return (struct channel_settings){.banned_rights = broadcast ? 0 : GROUP_LIMITS};
}

struct bytes channel_settings_encode(struct arena *arena, const struct channel_settings *settings)
{
	struct pack p = pack_new(arena);

	pack_number(&p, SETTINGS_VERSION, 1);
	pack_number(&p, settings->flags, 4);
	pack_number(&p, settings->banned_rights, 4);
	pack_number(&p, (uint32_t)settings->slowmode_s, 4);
	pack_number(&p, (uint32_t)settings->period_s, 4);
	pack_number(&p, (uint64_t)settings->linked, 8);
	pack_number(&p, (uint64_t)settings->migrated_from, 8);
	pack_number(&p, (uint32_t)settings->migrated_max_id, 4);
	pack_number(&p, (uint32_t)settings->reactions_limit, 4);
	pack_bytes(&p, settings->reactions);
	return pack_done(&p);
}

int channel_settings_decode(
	struct arena *arena, struct bytes stored, bool broadcast, struct channel_settings *out)
{
	struct unpack u = unpack_of(stored);

	*out = channel_settings_new(broadcast);
	if (!stored.data)
		return 0;
	if (unpack_number(&u, 1) != SETTINGS_VERSION)
		return -1;
	out->flags = (uint32_t)unpack_number(&u, 4);
	out->banned_rights = (uint32_t)unpack_number(&u, 4);
	out->slowmode_s = (int32_t)unpack_number(&u, 4);
	out->period_s = (int32_t)unpack_number(&u, 4);
	out->linked = (int64_t)unpack_number(&u, 8);
	out->migrated_from = (int64_t)unpack_number(&u, 8);
	out->migrated_max_id = (int32_t)unpack_number(&u, 4);
	out->reactions_limit = (int32_t)unpack_number(&u, 4);
	out->reactions = arena_bytes(arena, unpack_bytes(&u));
	return unpack_complete(&u) ? 0 : -1;
}

struct bytes channel_reactions_encode(struct arena *arena, const struct bytes *emojis, size_t count)
{
	struct pack p = pack_new(arena);

	for (size_t i = 0; i < count; i++)
		pack_bytes(&p, emojis[i]);
	return pack_done(&p);
}

size_t channel_reactions_decode(struct bytes packed, struct bytes emojis[CHANNEL_REACTIONS_MAX])
{
	struct unpack u = unpack_of(packed);
	size_t count = 0;

	while (u.left > 0 && !u.failed && count < CHANNEL_REACTIONS_MAX)
		emojis[count++] = unpack_bytes(&u);
	return u.failed ? 0 : count;
}
