/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The stored form of a message's body:
 *
 *   version (1) | flags (1) | reply_to (4) | text size (4) | entity count (2) | text | entities
 *   entity: kind (1) | flags (1) | offset (4) | length (4) | id (8) | argument size (4) | argument
 *
 * Little-endian. The kinds are stored as numbers: their order in core/model.h stays as it is.
 */
#include "core/entities.h"

#define BODY_VERSION 1
#define BODY_HEAD 12
#define BODY_ENTITY 22

enum { BODY_SILENT = 1, BODY_NOFORWARDS = 2 };
enum { BODY_ENTITY_COLLAPSED = 1, BODY_ENTITY_ARGUMENT = 2 };

_Static_assert(ENTITY_MENTION == 0 && ENTITY_URL == 4 && ENTITY_BOLD == 7 &&
		       ENTITY_TEXT_URL == 14 && ENTITY_MENTION_NAME == 15 && ENTITY_BANK_CARD == 18,
	"the kinds of entities are stored: new ones go to the end");

struct writer {
	uint8_t *at;
};

static void put(struct writer *w, uint64_t v, size_t size)
{
	for (size_t i = 0; i < size; i++)
		*w->at++ = (uint8_t)(v >> 8 * i);
}

static void put_bytes(struct writer *w, struct bytes bytes)
{
	if (bytes.size)
		memcpy(w->at, bytes.data, bytes.size);
	w->at += bytes.size;
}

struct bytes message_body_encode(struct arena *arena, const struct message *message)
{
	size_t size = BODY_HEAD + message->text.size;
	struct writer w;
	uint8_t *body;

	for (size_t i = 0; i < message->entity_count; i++)
		size += BODY_ENTITY + message->entities[i].argument.size;
	w.at = body = arena_alloc(arena, size);
	put(&w, BODY_VERSION, 1);
	put(&w, (message->silent ? BODY_SILENT : 0) | (message->noforwards ? BODY_NOFORWARDS : 0),
		1);
	put(&w, (uint32_t)message->reply_to, 4);
	put(&w, message->text.size, 4);
	put(&w, message->entity_count, 2);
	put_bytes(&w, message->text);
	for (size_t i = 0; i < message->entity_count; i++) {
		const struct entity *e = &message->entities[i];

		put(&w, e->kind, 1);
		put(&w,
			(e->collapsed ? BODY_ENTITY_COLLAPSED : 0) |
				(e->argument.data ? BODY_ENTITY_ARGUMENT : 0),
			1);
		put(&w, (uint32_t)e->offset, 4);
		put(&w, (uint32_t)e->length, 4);
		put(&w, (uint64_t)e->id, 8);
		put(&w, e->argument.size, 4);
		put_bytes(&w, e->argument);
	}
	return bytes_of(body, size);
}

/* Keeps its first failure: afterwards everything reads as zero. */
struct reader {
	const uint8_t *at;
	size_t left;
	bool failed;
};

static uint64_t take(struct reader *r, size_t size)
{
	uint64_t v = 0;

	if (r->left < size)
		r->failed = true;
	if (r->failed)
		return 0;
	for (size_t i = 0; i < size; i++)
		v |= (uint64_t)r->at[i] << 8 * i;
	r->at += size;
	r->left -= size;
	return v;
}

static struct bytes take_bytes(struct reader *r, struct arena *arena, size_t size)
{
	struct bytes bytes;

	if (r->left < size)
		r->failed = true;
	if (r->failed)
		return (struct bytes){0};
	bytes = arena_bytes(arena, bytes_of(r->at, size));
	r->at += size;
	r->left -= size;
	return bytes;
}

static void take_entity(struct reader *r, struct arena *arena, struct entity *e)
{
	uint64_t kind = take(r, 1), flags = take(r, 1), size;

	if (kind >= ENTITY_KIND_COUNT)
		r->failed = true;
	e->kind = (enum entity_kind)kind;
	e->collapsed = flags & BODY_ENTITY_COLLAPSED;
	e->offset = (int32_t)take(r, 4);
	e->length = (int32_t)take(r, 4);
	e->id = (int64_t)take(r, 8);
	size = take(r, 4);
	if (flags & BODY_ENTITY_ARGUMENT)
		e->argument = take_bytes(r, arena, size);
	else if (size)
		r->failed = true;
}

int message_body_decode(struct arena *arena, struct bytes body, struct message *message)
{
	struct reader r = {.at = body.data, .left = body.size};
	uint64_t version = take(&r, 1), flags = take(&r, 1), reply = take(&r, 4),
		 text = take(&r, 4), count = take(&r, 2);

	if (version != BODY_VERSION || count > ENTITIES_MAX)
		r.failed = true;
	message->silent = flags & BODY_SILENT;
	message->noforwards = flags & BODY_NOFORWARDS;
	message->reply_to = (int32_t)reply;
	message->text = take_bytes(&r, arena, text);
	message->entity_count = 0;
	message->entities = arena_array(arena, r.failed ? 0 : count, sizeof(struct entity));
	for (uint64_t i = 0; i < count && !r.failed; i++)
		take_entity(&r, arena, &message->entities[message->entity_count++]);
	return r.failed || r.left ? -1 : 0;
}
