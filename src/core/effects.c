/* SPDX-License-Identifier: Apache-2.0 */
/* The batch of effects of one call, and the deep copies that make it outlive the call. */
#include "core/effects.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "core/messages/message_body.h"
#include "core/messages/poll_body.h"
#include "core/secret/secret_model.h"

struct effects *effects_new(void)
{
	struct effects *effects = MEM_NEW(struct effects);

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

/* Of nothing there is no copy: to some the pointer says whether there is anything. */
static void *copy_array(struct arena *arena, const void *from, size_t count, size_t size)
{
	void *to = NULL;

	if (from && count) {
		to = arena_array(arena, count, size);
		memcpy(to, from, count * size);
	}
	return to;
}

static const struct peer_settings *copy_settings(
	struct arena *arena, const struct peer_settings *from)
{
	struct peer_settings *to = ARENA_NEW(arena, struct peer_settings);

	*to = *from;
	to->registration_month = arena_bytes(arena, from->registration_month);
	to->phone_country = arena_bytes(arena, from->phone_country);
	return to;
}

static struct notify_settings *copy_notify(struct arena *arena, const struct notify_settings *from)
{
	struct notify_settings *to = ARENA_NEW(arena, struct notify_settings);

	*to = *from;
	to->sound_title = arena_bytes(arena, from->sound_title);
	to->sound_data = arena_bytes(arena, from->sound_data);
	return to;
}

static void copy_secret(struct arena *arena, const struct update *from, struct update *to)
{
	if (from->secret_chat) {
		struct secret_chat *chat = ARENA_NEW(arena, struct secret_chat);

		*chat = *from->secret_chat;
		chat->half = arena_bytes(arena, chat->half);
		to->secret_chat = chat;
	}
	if (from->secret_message) {
		struct secret_message *message = ARENA_NEW(arena, struct secret_message);

		*message = *from->secret_message;
		message->data = arena_bytes(arena, message->data);
		to->secret_message = message;
	}
}

static struct update copy_update(struct arena *arena, const struct update *from)
{
	struct update to = *from;

	if (from->message)
		to.message = message_copy(arena, from->message);
	to.poll = poll_copy(arena, from->poll);
	to.sent_ids = copy_array(arena, from->sent_ids, from->id_count, sizeof(*from->sent_ids));
	to.peers = copy_array(arena, from->peers, from->peer_count, sizeof(*from->peers));
	if (from->notify)
		to.notify = copy_notify(arena, from->notify);
	to.ids = copy_array(arena, from->ids, from->id_count, sizeof(*from->ids));
	to.members = copy_array(arena, from->members, from->member_count, sizeof(*from->members));
	to.rules = arena_bytes(arena, from->rules);
	to.device = arena_bytes(arena, from->device);
	to.notice = arena_bytes(arena, from->notice);
	to.data = arena_bytes(arena, from->data);
	if (from->settings)
		to.settings = copy_settings(arena, from->settings);
	copy_secret(arena, from, &to);
	return to;
}

static struct channel *copy_channel(struct arena *arena, const struct channel *from)
{
	struct channel *to = ARENA_NEW(arena, struct channel);

	*to = *from;
	to->title = arena_bytes(arena, from->title);
	to->about = arena_bytes(arena, from->about);
	to->username = arena_bytes(arena, from->username);
	to->settings.reactions = arena_bytes(arena, from->settings.reactions);
	to->restriction.countries = arena_bytes(arena, from->restriction.countries);
	to->restriction.text = arena_bytes(arena, from->restriction.text);
	to->restriction.reason = arena_bytes(arena, from->restriction.reason);
	to->restriction.label = arena_bytes(arena, from->restriction.label);
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
		to.users[i].username = arena_bytes(arena, from->users[i].username);
		to.users[i].restriction_text = arena_bytes(arena, from->users[i].restriction_text);
		to.users[i].restriction_reason =
			arena_bytes(arena, from->users[i].restriction_reason);
		to.users[i].label = arena_bytes(arena, from->users[i].label);
	}
	to.chats = copy_array(arena, from->chats, from->chat_count, sizeof(*from->chats));
	for (size_t i = 0; i < to.chat_count; i++) {
		to.chats[i].chat.title = arena_bytes(arena, from->chats[i].chat.title);
		to.chats[i].chat.about = arena_bytes(arena, from->chats[i].chat.about);
	}
	to.channels =
		copy_array(arena, from->channels, from->channel_count, sizeof(*from->channels));
	for (size_t i = 0; i < to.channel_count; i++)
		to.channels[i].channel = copy_channel(arena, from->channels[i].channel);
	return to;
}
