/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What stands sealed in the home, as any bytes: notification settings, folders, bodies of messages
 * and of drafts, reactions. The first byte chooses. What is accepted is written down, and read
 * again it is the same bytes.
 */
#include <stdint.h>
#include <stdlib.h>

#include "core/channels/channel_settings.h"
#include "core/dialogs/folders.h"
#include "core/messages/message_body.h"
#include "core/dialogs/notify.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
	if (!holds)
		abort();
}

static bool read_notify(struct arena *arena, struct bytes stored, struct bytes *again)
{
	struct notify_settings settings;

	if (!notify_decode(stored, &settings))
		return false;
	*again = notify_encode(arena, &settings);
	return true;
}

static bool read_folder(struct arena *arena, struct bytes stored, struct bytes *again)
{
	struct chat_folder folder = {0};

	if (!folder_decode(arena, stored, &folder))
		return false;
	*again = folder_encode(arena, &folder);
	return true;
}

static bool read_body(struct arena *arena, struct bytes stored, struct bytes *again)
{
	struct message message = {0};

	if (message_body_decode(arena, stored, &message) < 0)
		return false;
	*again = message_body_encode(arena, &message);
	return true;
}

static bool read_reactions(struct arena *arena, struct bytes stored, struct bytes *again)
{
	struct message message = {0};

	if (message_reactions_decode(arena, stored, &message) < 0)
		return false;
	*again = message_reactions_encode(arena, &message);
	return true;
}

static bool read_channel_settings(struct arena *arena, struct bytes stored, struct bytes *again)
{
	struct bytes emojis[CHANNEL_REACTIONS_MAX];
	struct channel_settings settings;
	size_t count;

	if (channel_settings_decode(arena, stored, false, &settings) < 0)
		return false;
	count = channel_reactions_decode(settings.reactions, emojis);
	settings.reactions = channel_reactions_encode(arena, emojis, count);
	*again = channel_settings_encode(arena, &settings);
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static bool (*const readers[])(struct arena *, struct bytes, struct bytes *) = {
		read_notify, read_folder, read_body, read_reactions, read_channel_settings};
	struct bytes once, twice;
	struct arena arena;

	if (!size)
		return 0;
	arena_init(&arena);
	if (readers[data[0] % ARRAY_LEN(readers)](&arena, bytes_of(data + 1, size - 1), &once)) {
		require(readers[data[0] % ARRAY_LEN(readers)](&arena, once, &twice));
		require(bytes_equal(once, twice));
	}
	arena_release(&arena);
	return 0;
}
