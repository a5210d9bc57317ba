/* SPDX-License-Identifier: Apache-2.0 */
/*
 * body:  version (1) | flags (2) | period (4) | date (8) | question | solution | count (1) | per
 *        option: its name, correct (1), its text. Each text is the body of a message that has
 *        nothing else (core/messages/message_body.h).
 * tally: voters (4) | count (1) | voters of each option (4 each) | count (1) | recent (8 each)
 */
#include "core/messages/poll_body.h"

#include "base/pack.h"
#include "core/messages/message_body.h"
#include "core/messages/polls.h"

#define POLL_VERSION 1

enum {
	POLL_PUBLIC = 1,
	POLL_MULTIPLE = 2,
	POLL_QUIZ = 4,
	POLL_SHUFFLED = 8,
	POLL_FINAL = 16,
	POLL_HIDDEN = 32,
};

static void put_text(struct arena *arena, struct pack *p, struct bytes text,
	struct entity *entities, size_t count)
{
	struct message message = {.text = text, .entities = entities, .entity_count = count};

	pack_bytes(p, message_body_encode(arena, &message));
}

static uint64_t flags_of(const struct poll *poll)
{
	return (poll->public_voters ? POLL_PUBLIC : 0) | (poll->multiple ? POLL_MULTIPLE : 0) |
	       (poll->quiz ? POLL_QUIZ : 0) | (poll->shuffled ? POLL_SHUFFLED : 0) |
	       (poll->final ? POLL_FINAL : 0) | (poll->hidden ? POLL_HIDDEN : 0);
}

struct bytes poll_body_encode(struct arena *arena, const struct poll *poll)
{
	struct pack p = pack_new(arena);

	pack_number(&p, POLL_VERSION, 1);
	pack_number(&p, flags_of(poll), 2);
	pack_number(&p, (uint32_t)poll->close_period_s, 4);
	pack_number(&p, (uint64_t)poll->close_date_s, 8);
	put_text(arena, &p, poll->question, poll->entities, poll->entity_count);
	put_text(arena, &p, poll->solution, poll->solution_entities, poll->solution_entity_count);
	pack_number(&p, poll->option_count, 1);
	for (size_t i = 0; i < poll->option_count; i++) {
		const struct poll_option *o = &poll->options[i];

		pack_bytes(&p, o->option);
		pack_number(&p, o->correct, 1);
		put_text(arena, &p, o->text, o->entities, o->entity_count);
	}
	return pack_done(&p);
}

static void take_text(struct arena *arena, struct unpack *u, struct bytes *text,
	struct entity **entities, size_t *count)
{
	struct message message = {0};

	if (message_body_decode(arena, unpack_bytes(u), &message) < 0)
		u->failed = true;
	*text = message.text;
	*entities = message.entities;
	*count = message.entity_count;
}

static void take_flags(struct poll *poll, uint64_t flags)
{
	poll->public_voters = flags & POLL_PUBLIC;
	poll->multiple = flags & POLL_MULTIPLE;
	poll->quiz = flags & POLL_QUIZ;
	poll->shuffled = flags & POLL_SHUFFLED;
	poll->final = flags & POLL_FINAL;
	poll->hidden = flags & POLL_HIDDEN;
}

int poll_body_decode(struct arena *arena, struct bytes body, struct poll *poll)
{
	struct unpack u = unpack_of(body);
	uint64_t count;

	if (unpack_number(&u, 1) != POLL_VERSION)
		return -1;
	take_flags(poll, unpack_number(&u, 2));
	poll->close_period_s = (int32_t)unpack_number(&u, 4);
	poll->close_date_s = (int64_t)unpack_number(&u, 8);
	take_text(arena, &u, &poll->question, &poll->entities, &poll->entity_count);
	take_text(
		arena, &u, &poll->solution, &poll->solution_entities, &poll->solution_entity_count);
	count = unpack_number(&u, 1);
	if (u.failed || count > POLL_OPTIONS_MAX)
		return -1;
	poll->option_count = count;
	poll->options = arena_array(arena, count, sizeof(*poll->options));
	for (uint64_t i = 0; i < count && !u.failed; i++) {
		struct poll_option *o = &poll->options[i];

		*o = (struct poll_option){.option = arena_bytes(arena, unpack_bytes(&u)),
			.correct = unpack_number(&u, 1) != 0};
		take_text(arena, &u, &o->text, &o->entities, &o->entity_count);
	}
	return unpack_complete(&u) ? 0 : -1;
}

struct bytes poll_tally_encode(struct arena *arena, const struct poll *poll)
{
	struct pack p = pack_new(arena);

	pack_number(&p, (uint32_t)poll->voters, 4);
	pack_number(&p, poll->option_count, 1);
	for (size_t i = 0; i < poll->option_count; i++)
		pack_number(&p, (uint32_t)poll->options[i].voters, 4);
	pack_number(&p, poll->recent_count, 1);
	for (size_t i = 0; i < poll->recent_count; i++)
		pack_number(&p, (uint64_t)poll->recent[i], 8);
	return pack_done(&p);
}

int poll_tally_decode(struct arena *arena, struct bytes tally, struct poll *poll)
{
	struct unpack u = unpack_of(tally);
	uint64_t recent;

	poll->recent_count = 0;
	poll->voters = (int32_t)unpack_number(&u, 4);
	if (unpack_number(&u, 1) != poll->option_count)
		return -1;
	for (size_t i = 0; i < poll->option_count; i++)
		poll->options[i].voters = (int32_t)unpack_number(&u, 4);
	recent = unpack_number(&u, 1);
	if (u.failed || recent > POLL_RECENT_MAX)
		return -1;
	poll->recent = arena_array(arena, POLL_RECENT_MAX, sizeof(*poll->recent));
	for (uint64_t i = 0; i < recent; i++)
		poll->recent[i] = (int64_t)unpack_number(&u, 8);
	if (!unpack_complete(&u))
		return -1;
	poll->recent_count = recent;
	return 0;
}

/* ---- Copies ---- */

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

struct poll *poll_copy(struct arena *arena, const struct poll *from)
{
	struct poll *to;

	if (!from)
		return NULL;
	to = ARENA_NEW(arena, struct poll);
	*to = *from;
	to->question = arena_bytes(arena, from->question);
	to->entities = copy_entities(arena, from->entities, from->entity_count);
	to->solution = arena_bytes(arena, from->solution);
	to->solution_entities =
		copy_entities(arena, from->solution_entities, from->solution_entity_count);
	to->recent = copy_array(arena, from->recent, from->recent_count, sizeof(*from->recent));
	to->options = copy_array(arena, from->options, from->option_count, sizeof(*from->options));
	for (size_t i = 0; i < to->option_count; i++) {
		struct poll_option *o = &to->options[i];

		o->text = arena_bytes(arena, from->options[i].text);
		o->option = arena_bytes(arena, from->options[i].option);
		o->entities = copy_entities(arena, o->entities, o->entity_count);
	}
	return to;
}
