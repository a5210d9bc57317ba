/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of messages of boxes, and everybody whom an answer names. */
#include "api/encode_list.h"

#include "api/encode_message.h"
#include "core/channels/roster.h"
#include "tl/schema.h"

void encode_named(struct call *call, const struct roster *roster, struct tl_objects *users,
	struct tl_objects *chats)
{
	struct update_set seen = {0};

	roster_view(call, roster, &seen);
	*users = encode_users(call->arena, seen.users, seen.user_count);
	*chats = encode_chats_and_channels(
		call->arena, seen.chats, seen.chat_count, seen.channels, seen.channel_count);
}

/* `messages.messages` when these are all, else a slice of `total`. */
struct tl_object *encode_message_list(struct call *call, const struct message_list *list)
{
	struct tl_messages_messages *all;
	struct tl_messages_messagesSlice *slice;
	struct tl_objects messages, users, chats;
	struct roster roster;

	roster_init(&roster, call->arena);
	for (size_t i = 0; i < list->count; i++)
		roster_add_message(&roster, &list->at[i]);
	encode_named(call, &roster, &users, &chats);
	messages = encode_messages(call->arena, list->at, list->count);
	if (list->total <= (int64_t)list->count && !list->inexact) {
		all = TL_NEW(call->arena, messages_messages);
		all->messages = messages;
		all->users = users;
		all->chats = chats;
		return &all->o;
	}
	slice = TL_NEW(call->arena, messages_messagesSlice);
	slice->inexact = list->inexact;
	slice->count = (int32_t)list->total;
	slice->messages = messages;
	slice->users = users;
	slice->chats = chats;
	return &slice->o;
}

struct tl_object *encode_list_or_same(
	struct call *call, const struct message_list *list, int64_t hash)
{
	struct tl_messages_messagesNotModified *same;
	uint64_t now = 0;

	for (size_t i = 0; i < list->count; i++)
		now = list_hash(now, (uint64_t)list->at[i].id);
	if (!hash || (uint64_t)hash != now)
		return encode_message_list(call, list);
	same = TL_NEW(call->arena, messages_messagesNotModified);
	same->count = (int32_t)list->total;
	return &same->o;
}

uint64_t list_hash_text(uint64_t hash, const char *text)
{
	do
		hash = list_hash(hash, (uint8_t)*text);
	while (*text++);
	return hash;
}
