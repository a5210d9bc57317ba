/* SPDX-License-Identifier: Apache-2.0 */
/* Names in texts. */
#include "core/messages/mentions.h"

#include "core/accounts/public_names.h"

struct bytes entity_text(struct bytes text, const struct entity *e)
{
	int32_t unit = 0;
	size_t begin = text.size, end = text.size;

	for (size_t i = 0; i < text.size; i++) {
		if ((text.data[i] & 0xc0) == 0x80)
			continue;
		if (unit == e->offset)
			begin = i;
		if (unit == e->offset + e->length) {
			end = i;
			break;
		}
		unit += text.data[i] >= 0xf0 ? 2 : 1;
	}
	return bytes_of(text.data + begin, end - begin);
}

static bool named_by(
	struct call *call, const struct message *message, const struct entity *e, int64_t *user)
{
	struct bytes name;
	struct peer peer;

	if (e->kind == ENTITY_MENTION_NAME) {
		*user = e->id;
		return true;
	}
	if (e->kind != ENTITY_MENTION)
		return false;
	name = entity_text(message->text, e);
	if (name.size < 2 || name.data[0] != '@' ||
		!public_name_find(call, bytes_of(name.data + 1, name.size - 1), &peer) ||
		peer.kind != PEER_USER)
		return false;
	*user = peer.id;
	return true;
}

struct mentions mentions_of(struct call *call, const struct message *message)
{
	struct mentions out = {
		.users = arena_array(call->arena, message->entity_count, sizeof(*out.users))};

	for (size_t i = 0; i < message->entity_count; i++) {
		if (named_by(call, message, &message->entities[i], &out.users[out.count]))
			out.count++;
	}
	return out;
}

bool mentions_have(const struct mentions *mentions, int64_t user)
{
	for (size_t i = 0; i < mentions->count; i++) {
		if (mentions->users[i] == user)
			return true;
	}
	return false;
}
