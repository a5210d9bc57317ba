/* SPDX-License-Identifier: Apache-2.0 */
/* The batch of effects of one call, and the deep copies that make it outlive the call. */
#include "core/effects.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

struct effects *effects_new(void)
{
	struct effects *effects = calloc(1, sizeof(*effects));

	if (!effects)
		abort();
	arena_init(&effects->arena);
	atomic_init(&effects->references, 1);
	return effects;
}

void effects_hold(struct effects *effects)
{
	atomic_fetch_add_explicit(&effects->references, 1, memory_order_relaxed);
}

void effects_release(struct effects *effects)
{
	if (!effects)
		return;
	if (atomic_fetch_sub_explicit(&effects->references, 1, memory_order_acq_rel) != 1)
		return;
	arena_release(&effects->arena);
	free(effects);
}

void effects_reset(struct effects *effects)
{
	arena_reset(&effects->arena);
	effects->at = NULL;
	effects->count = effects->capacity = 0;
}

struct effect *effects_append(struct effects *effects, enum effect_kind kind)
{
	struct effect *effect;

	if (effects->count == effects->capacity) {
		size_t capacity = effects->capacity ? effects->capacity * 2 : 4;
		struct effect *at = arena_array(&effects->arena, capacity, sizeof(*at));

		if (effects->count)
			memcpy(at, effects->at, effects->count * sizeof(*at));
		effects->at = at;
		effects->capacity = capacity;
	}
	effect = &effects->at[effects->count++];
	*effect = (struct effect){.kind = kind};
	return effect;
}

static void *copy_array(struct arena *arena, const void *from, size_t count, size_t size)
{
	void *to = arena_array(arena, count, size);

	if (count)
		memcpy(to, from, count * size);
	return to;
}

static struct message *copy_message(struct arena *arena, const struct message *from)
{
	struct message *to = ARENA_NEW(arena, struct message);

	*to = *from;
	to->text = arena_bytes(arena, from->text);
	to->entities =
		copy_array(arena, from->entities, from->entity_count, sizeof(*from->entities));
	for (size_t i = 0; i < to->entity_count; i++)
		to->entities[i].argument = arena_bytes(arena, from->entities[i].argument);
	return to;
}

static struct update copy_update(struct arena *arena, const struct update *from)
{
	struct update to = *from;

	if (from->message)
		to.message = copy_message(arena, from->message);
	to.ids = copy_array(arena, from->ids, from->id_count, sizeof(*from->ids));
	return to;
}

static struct channel *copy_channel(struct arena *arena, const struct channel *from)
{
	struct channel *to = ARENA_NEW(arena, struct channel);

	*to = *from;
	to->title = arena_bytes(arena, from->title);
	to->about = arena_bytes(arena, from->about);
	to->username = arena_bytes(arena, from->username);
	to->restriction.countries = arena_bytes(arena, from->restriction.countries);
	to->restriction.text = arena_bytes(arena, from->restriction.text);
	to->restriction.reason = arena_bytes(arena, from->restriction.reason);
	return to;
}

struct channel *effects_copy_channel(struct effects *effects, const struct channel *channel)
{
	return copy_channel(&effects->arena, channel);
}

struct update_set effects_copy_set(struct effects *effects, const struct update_set *from)
{
	struct arena *arena = &effects->arena;
	struct update_set to = *from;

	to.updates = copy_array(arena, from->updates, from->update_count, sizeof(*from->updates));
	for (size_t i = 0; i < to.update_count; i++)
		to.updates[i] = copy_update(arena, &from->updates[i]);
	to.users = copy_array(arena, from->users, from->user_count, sizeof(*from->users));
	for (size_t i = 0; i < to.user_count; i++) {
		to.users[i].first_name = arena_bytes(arena, from->users[i].first_name);
		to.users[i].last_name = arena_bytes(arena, from->users[i].last_name);
		to.users[i].phone = arena_bytes(arena, from->users[i].phone);
	}
	to.channels =
		copy_array(arena, from->channels, from->channel_count, sizeof(*from->channels));
	for (size_t i = 0; i < to.channel_count; i++)
		to.channels[i].channel = copy_channel(arena, from->channels[i].channel);
	return to;
}
