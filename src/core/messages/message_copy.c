/* SPDX-License-Identifier: Apache-2.0 */
/* A message outlives its call when others are told of it: a deep copy of all that it points to. */
#include "core/messages/message_body.h"

#include "core/bots/keyboard.h"
#include "core/messages/poll_body.h"

static void *copy_array(struct arena *arena, const void *from, size_t count, size_t size)
{
	void *to = arena_array(arena, count, size);

	if (count)
		memcpy(to, from, count * size);
	return to;
}

static struct entity *copy_entities(struct arena *arena, const struct entity *from, size_t count)
{
	struct entity *to = copy_array(arena, from, count, sizeof(*from));

	for (size_t i = 0; i < count; i++)
		to[i].argument = arena_bytes(arena, from[i].argument);
	return to;
}

static struct forward *copy_forward(struct arena *arena, const struct forward *from)
{
	struct forward *to;

	if (!from)
		return NULL;
	to = ARENA_NEW(arena, struct forward);
	*to = *from;
	to->from_name = arena_bytes(arena, from->from_name);
	to->saved_author_name = arena_bytes(arena, from->saved_author_name);
	return to;
}

static struct reply *copy_reply(struct arena *arena, const struct reply *from)
{
	struct reply *to;

	if (!from)
		return NULL;
	to = ARENA_NEW(arena, struct reply);
	*to = *from;
	to->quote = arena_bytes(arena, from->quote);
	to->entities = copy_entities(arena, from->entities, from->entity_count);
	to->from = copy_forward(arena, from->from);
	return to;
}

static struct media *copy_media(struct arena *arena, const struct media *from)
{
	struct media *to;

	if (!from)
		return NULL;
	to = ARENA_NEW(arena, struct media);
	*to = *from;
	for (size_t i = 0; i < sizeof(to->texts) / sizeof(*to->texts); i++)
		to->texts[i] = arena_bytes(arena, from->texts[i]);
	to->poll_view = poll_copy(arena, from->poll_view);
	return to;
}

static struct reaction_tally *reaction_tally_copy(
	struct arena *arena, const struct reaction_tally *from)
{
	struct reaction_tally *to;

	if (!from)
		return NULL;
	to = copy_array(arena, from, 1, sizeof(*from));
	to->at = copy_array(arena, from->at, from->count, sizeof(*from->at));
	for (size_t i = 0; i < to->count; i++)
		to->at[i].emoji = arena_bytes(arena, from->at[i].emoji);
	return to;
}

struct message *message_copy(struct arena *arena, const struct message *from)
{
	struct message *to = ARENA_NEW(arena, struct message);

	*to = *from;
	to->text = arena_bytes(arena, from->text);
	to->signature = arena_bytes(arena, from->signature);
	to->label = arena_bytes(arena, from->label);
	to->entities = copy_entities(arena, from->entities, from->entity_count);
	to->reply = copy_reply(arena, from->reply);
	to->forward = copy_forward(arena, from->forward);
	to->media = copy_media(arena, from->media);
	to->keyboard = keyboard_copy(arena, from->keyboard);
	to->mentions =
		copy_array(arena, from->mentions, from->mention_count, sizeof(*from->mentions));
	to->users = copy_array(arena, from->users, from->user_count, sizeof(*from->users));
	to->reactions =
		copy_array(arena, from->reactions, from->reaction_count, sizeof(*from->reactions));
	if (from->topic_change)
		to->topic_change =
			copy_array(arena, from->topic_change, 1, sizeof(*from->topic_change));
	if (from->replies)
		to->replies = copy_array(arena, from->replies, 1, sizeof(*from->replies));
	to->tally = reaction_tally_copy(arena, from->tally);
	for (size_t i = 0; i < to->reaction_count; i++)
		to->reactions[i].emoji = arena_bytes(arena, from->reactions[i].emoji);
	return to;
}
