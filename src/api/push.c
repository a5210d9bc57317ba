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

static struct channel_view view_for(
	const struct effect *effect, const struct push_viewer *viewer, int64_t access_hash)
{
	return (struct channel_view){
		.channel = effect->shared,
		.access_hash = access_hash,
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

static struct tl_object *channel_updates(const struct effect *effect,
	const struct push_viewer *viewer, int64_t access_hash, struct arena *arena)
{
	struct channel_view view = view_for(effect, viewer, access_hash);
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

static bool is_about_channel(const struct effect *effect)
{
	return (effect->kind == EFFECT_CHANNEL || effect->kind == EFFECT_CHANNEL_CHANGED) &&
	       effect->shared;
}

static int64_t hash_for(const struct effect *effect, const struct push_viewer *viewer)
{
	if (!is_about_channel(effect))
		return 0;
	return vault_access_hash(viewer->vault, viewer->user, PEER_CHANNEL, effect->shared->id);
}

static bool encode(const struct effect *effect, const struct push_viewer *viewer,
	int64_t access_hash, struct arena *scratch, struct buf *out)
{
	struct tl_object *updates = NULL;

	if (effect->kind == EFFECT_ACCOUNT && effect->set.update_count)
		updates = encode_updates(scratch, &effect->set);
	else if (is_about_channel(effect))
		updates = channel_updates(effect, viewer, access_hash, scratch);
	if (!updates)
		return false;
	tl_write_object(out, updates, viewer->layer);
	return true;
}

bool api_push(const struct effect *effect, const struct push_viewer *viewer, struct arena *scratch,
	struct buf *out)
{
	return encode(effect, viewer, hash_for(effect, viewer), scratch, out);
}

/* Nothing in it depends on the viewer but the layer, the role and the channel's access hash. */
static bool is_alike_for_all(const struct effect *effect)
{
	if (effect->kind != EFFECT_CHANNEL || !effect->shared || effect->set.user_count ||
		effect->shared->restriction.everywhere ||
		effect->shared->restriction.countries.size)
		return false;
	for (size_t i = 0; i < effect->set.update_count; i++) {
		const struct message *message = effect->set.updates[i].message;

		if (message && message->from.kind == PEER_USER)
			return false;
	}
	return true;
}

/* With the hash's complement all eight of its bytes are others: where the bytes begin to differ is
 * its place, and everything else must be the same. */
static void find_hash(struct push_copy *copy, const struct effect *effect,
	const struct push_viewer *viewer, int64_t access_hash, struct arena *scratch)
{
	struct buf other = {0};
	uint8_t *a = buf_data(&copy->bytes), *b;
	size_t size = buf_size(&copy->bytes), at = 0;

	if (encode(effect, viewer, ~access_hash, scratch, &other) && buf_size(&other) == size) {
		b = buf_data(&other);
		while (at < size && a[at] == b[at])
			at++;
		if (at + 8 <= size && load_u64le(a + at) == (uint64_t)access_hash &&
			load_u64le(b + at) == ~(uint64_t)access_hash &&
			memcmp(a + at + 8, b + at + 8, size - at - 8) == 0) {
			copy->hash_at = at;
			copy->reusable = true;
		}
	}
	buf_release(&other);
}

struct bytes api_push_next(struct push_copy *copy, const struct effect *effect,
	const struct push_viewer *viewer, struct arena *scratch)
{
	int64_t access_hash = hash_for(effect, viewer);

	if (copy->reusable && copy->layer == viewer->layer && copy->role == viewer->role) {
		store_u64le(buf_data(&copy->bytes) + copy->hash_at, (uint64_t)access_hash);
		return buf_bytes(&copy->bytes);
	}
	buf_clear(&copy->bytes);
	copy->reusable = false;
	copy->layer = viewer->layer;
	copy->role = viewer->role;
	if (!encode(effect, viewer, access_hash, scratch, &copy->bytes) || copy->bytes.failed)
		return bytes_of(NULL, 0);
	if (is_alike_for_all(effect))
		find_hash(copy, effect, viewer, access_hash, scratch);
	return buf_bytes(&copy->bytes);
}

void push_copy_release(struct push_copy *copy)
{
	buf_release(&copy->bytes);
}
