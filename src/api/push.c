/* SPDX-License-Identifier: Apache-2.0 */
/* Effects about an account were made for it. Effects about a channel are one for all members: here
 * each viewer gets its own part of the channel, of the authors and of `out`. */
#include "api/push.h"

#include "api/encode_message.h"
#include "api/encode_updates.h"
#include "core/channels.h"
#include "crypto/seal.h"
#include "tl/schema.h"
#include "tl/write.h"

static struct channel_view view_for(const struct effect *effect, const struct push_viewer *viewer)
{
	return (struct channel_view){
		.channel = effect->shared,
		.access_hash = vault_access_hash(
			viewer->vault, viewer->user, PEER_CHANNEL, effect->shared->id),
		.role = viewer->role,
		.restricted = channel_restricted(&effect->shared->restriction, viewer->country),
	};
}

/* In a group everybody's own messages are outgoing, the others' incoming; posts of a broadcast
 * channel are its creator's. */
static struct update *updates_for(
	struct arena *arena, const struct update_set *set, const struct push_viewer *viewer)
{
	struct update *updates = arena_array(arena, set->update_count, sizeof(*updates));

	for (size_t i = 0; i < set->update_count; i++) {
		const struct message *message = set->updates[i].message;

		updates[i] = set->updates[i];
		if (!message)
			continue;
		updates[i].message = ARENA_NEW(arena, struct message);
		*updates[i].message = *message;
		updates[i].message->out = message->from.kind == PEER_USER
						  ? message->from.id == viewer->user
						  : viewer->role == ROLE_CREATOR;
	}
	return updates;
}

/*
 * Authors as somebody without any relation sees them, marked `min`, so that clients keep what they
 * know better. The set was made for the author: whom the author has as a contact carries the
 * author's own name for them, which is nobody else's business.
 */
static struct tl_objects users_for(
	struct arena *arena, const struct update_set *set, const struct push_viewer *viewer)
{
	struct user *strangers = arena_array(arena, set->user_count, sizeof(*strangers));
	struct tl_objects users;
	size_t count = 0;

	for (size_t i = 0; i < set->user_count; i++) {
		const struct user *u = &set->users[i];

		if (u->is_contact || u->id == viewer->user)
			continue;
		strangers[count++] = (struct user){
			.id = u->id,
			.access_hash =
				vault_access_hash(viewer->vault, viewer->user, PEER_USER, u->id),
			.first_name = u->first_name,
			.last_name = u->last_name,
			.is_deleted = u->is_deleted,
			.is_service = u->is_service,
		};
	}
	users = encode_users(arena, strangers, count);
	for (uint32_t i = 0; i < users.count; i++) {
		struct tl_user *user = TL_AS(user, users.at[i]);

		if (user)
			user->min = true;
	}
	return users;
}

static struct tl_object *channel_updates(
	const struct effect *effect, const struct push_viewer *viewer, struct arena *arena)
{
	struct channel_view view = view_for(effect, viewer);
	struct update changed = {
		.kind = UPDATE_CHANNEL, .peer = {PEER_CHANNEL, effect->shared->id}};
	struct update_set set = effect->set;
	struct tl_updates *updates;

	if (effect->kind == EFFECT_CHANNEL && view.restricted)
		return NULL;
	if (effect->kind == EFFECT_CHANNEL_CHANGED && !set.update_count) {
		set.updates = &changed;
		set.update_count = 1;
	} else {
		set.updates = updates_for(arena, &effect->set, viewer);
	}
	set.channels = &view;
	set.channel_count = 1;
	set.user_count = 0;
	updates = TL_AS(updates, encode_updates(arena, &set));
	updates->users = users_for(arena, &effect->set, viewer);
	return &updates->o;
}

bool api_push(const struct effect *effect, const struct push_viewer *viewer, struct arena *scratch,
	struct buf *out)
{
	struct tl_object *updates = NULL;

	if (effect->kind == EFFECT_ACCOUNT && effect->set.update_count)
		updates = encode_updates(scratch, &effect->set);
	else if ((effect->kind == EFFECT_CHANNEL || effect->kind == EFFECT_CHANNEL_CHANGED) &&
		 effect->shared)
		updates = channel_updates(effect, viewer, scratch);
	if (!updates)
		return false;
	tl_write_object(out, updates, viewer->layer);
	return true;
}
