/* SPDX-License-Identifier: Apache-2.0 */
/* Effects about an account were made for it. Effects about a channel are one for all members: here
 * each viewer gets its own part of the channel, of the authors and of `out`. */
#include "api/push.h"

#include "api/encode_channel.h"
#include "api/encode_message.h"
#include "api/encode_updates.h"
#include "core/channels/channels.h"
#include "core/accounts/users.h"
#include "crypto/seal.h"
#include "tl/schema.h"
#include "tl/write.h"

static struct channel_view view_for(
	const struct effect *effect, const struct push_viewer *viewer, int64_t access_hash)
{
	return (struct channel_view){
		.channel = effect->shared,
		.access_hash = access_hash,
		.my = effect->kind == EFFECT_CHANNEL_CHANGED && effect->standing.role
			      ? effect->standing
			      : viewer->my,
		.restricted = channel_restricted(&effect->shared->restriction, viewer->country),
	};
}

static bool is_among(const struct message *message, size_t first, int64_t user)
{
	for (size_t i = 0; i < first; i++)
		if (message->mentions[i] == user)
			return true;
	return false;
}

static bool is_mentioned(const struct message *message, int64_t user)
{
	return is_among(message, message->mention_count, user);
}

/* Everybody's own messages are outgoing, also those that he sent in the channel's name. */
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
		updates[i].message->out = message->author != 0 && message->author == viewer->user;
		updates[i].message->mentioned = is_mentioned(message, viewer->user);
		if (is_among(message, message->mentions_unread, viewer->user))
			updates[i].message->attention |= ATTENTION_MENTION;
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
			.access_hash = user_min_hash(viewer->vault, viewer->user, u->id),
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

/* Nobody is told that he types himself. */
static bool is_own_typing(const struct effect *effect, int64_t user)
{
	const struct update *update = effect->set.updates;

	return effect->set.update_count == 1 && update->kind == UPDATE_TYPING &&
	       update->by.kind == PEER_USER && update->by.id == user;
}

/* The channel itself, and others that are named in it: public ones, `min` as authors are. Of
 * private ones nothing: viewers may be in them, and clients that are told of a forbidden channel
 * throw away what they have of it. Who doesn't know such a one asks for the difference, made for
 * him alone. */
static struct tl_objects channels_for(struct arena *arena, const struct update_set *set,
	const struct channel_view *view, const struct push_viewer *viewer)
{
	struct channel_view *others = arena_array(arena, set->channel_count, sizeof(*others));
	struct tl_objects all;
	size_t count = 0;

	for (size_t i = 0; i < set->channel_count; i++) {
		const struct channel *other = set->channels[i].channel;

		if (set->channels[i].my.role == ROLE_BANNED)
			continue;
		others[count] = set->channels[i];
		others[count].access_hash =
			vault_access_hash(viewer->vault, viewer->user, PEER_CHANNEL, other->id);
		others[count].restricted = channel_restricted(&other->restriction, viewer->country);
		count++;
	}
	all = encode_channel_and_others(arena, view, others, count);
	for (uint32_t i = 1; i < all.count; i++) {
		struct tl_channel *channel = TL_AS(channel, all.at[i]);

		if (channel)
			channel->min = true;
	}
	return all;
}

/* About a post from before the viewer came. */
static bool is_before(const struct effect *effect, const struct channel_view *view)
{
	const struct update *update = effect->set.updates;

	if (!effect->set.update_count)
		return false;
	if (update->kind == UPDATE_POLL)
		return update->max_id <= view->my.hidden_to;
	return update->message && update->message->id <= view->my.hidden_to;
}

/* Or about one that is not the same in all countries: each asks for what is his. */
static bool is_hidden(const struct effect *effect, const struct channel_view *view)
{
	for (size_t i = 0; i < effect->set.update_count; i++) {
		const struct message *message = effect->set.updates[i].message;

		if (message && message->by_country)
			return true;
	}
	return is_before(effect, view);
}

static struct tl_object *behind(struct arena *arena, const struct effect *effect)
{
	struct update update = {.kind = UPDATE_CHANNEL_BEHIND,
		.peer = {PEER_CHANNEL, effect->shared->id},
		.pts = effect->set.updates[0].pts};
	const struct update_set set = {
		.updates = &update, .update_count = 1, .date_s = effect->set.date_s};

	return encode_updates(arena, &set);
}

static struct tl_object *channel_updates(const struct effect *effect,
	const struct push_viewer *viewer, int64_t access_hash, struct arena *arena)
{
	struct channel_view view = view_for(effect, viewer, access_hash);
	struct update changed = {
		.kind = UPDATE_CHANNEL, .peer = {PEER_CHANNEL, effect->shared->id}};
	struct update_set set = effect->set;
	struct tl_updates *updates;

	if (effect->kind == EFFECT_CHANNEL &&
		(view.restricted || is_own_typing(effect, viewer->user)))
		return NULL;
	if (effect->kind == EFFECT_CHANNEL && is_hidden(effect, &view)) {
		/* The sequence goes on all the same: the difference says nothing of it, but how
		 * far it is. */
		if (!set.updates[0].pts)
			return NULL;
		return behind(arena, effect);
	}
	if (effect->kind == EFFECT_CHANNEL_CHANGED && !set.update_count) {
		set.updates = &changed;
		set.update_count = 1;
	} else {
		set.updates = updates_for(arena, &effect->set, viewer);
	}
	set.channel_count = set.user_count = set.chat_count = 0;
	updates = TL_AS(updates, encode_updates(arena, &set));
	updates->chats = channels_for(arena, &effect->set, &view, viewer);
	updates->users = users_for(arena, &effect->set, viewer);
	return &updates->o;
}

static bool is_about_channel(const struct effect *effect)
{
	return (effect->kind == EFFECT_CHANNEL || effect->kind == EFFECT_CHANNEL_CHANGED) &&
	       effect->shared;
}

static bool standings_equal(const struct standing *a, const struct standing *b)
{
	return a->role == b->role && a->admin_rights == b->admin_rights &&
	       a->banned_rights == b->banned_rights && a->until_s == b->until_s &&
	       a->hidden_to == b->hidden_to;
}

/* It says of the viewer what it says of nobody else. */
static bool is_concerned(const struct effect *effect, int64_t user)
{
	if (is_own_typing(effect, user))
		return true;
	for (size_t i = 0; i < effect->set.update_count; i++) {
		const struct message *message = effect->set.updates[i].message;

		if (message && (message->author == user || is_mentioned(message, user)))
			return true;
	}
	return false;
}

static int64_t hash_for(const struct effect *effect, const struct push_viewer *viewer)
{
	if (!is_about_channel(effect))
		return 0;
	return vault_access_hash(viewer->vault, viewer->user, PEER_CHANNEL, effect->shared->id);
}

/* Whom nobody is logged in on, TDLib hears in this form only. */
static struct tl_object *short_update(struct arena *arena, const struct update_set *set)
{
	struct tl_updateShort *update = TL_NEW(arena, updateShort);

	update->update = encode_update(arena, &set->updates[0], set);
	update->date = (int32_t)set->date_s;
	return &update->o;
}

static bool encode(const struct effect *effect, const struct push_viewer *viewer,
	int64_t access_hash, struct arena *scratch, struct buf *out)
{
	struct tl_object *updates = NULL;

	if (effect->kind == EFFECT_ACCOUNT && effect->set.update_count)
		updates = encode_updates(scratch, &effect->set);
	else if (effect->kind == EFFECT_LOGOUT)
		updates = &TL_NEW(scratch, updatesTooLong)->o;
	else if (effect->kind == EFFECT_KEY)
		updates = short_update(scratch, &effect->set);
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

/* Nothing in it depends on the viewer but the layer, the standing and the channel's access hash. */
static bool is_alike_for_all(const struct effect *effect)
{
	if (effect->kind != EFFECT_CHANNEL || !effect->shared || effect->set.user_count ||
		effect->set.channel_count || effect->shared->restriction.everywhere ||
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

	const bool own = is_concerned(effect, viewer->user);

	if (copy->reusable && !own && copy->layer == viewer->layer &&
		standings_equal(&copy->my, &viewer->my)) {
		store_u64le(buf_data(&copy->bytes) + copy->hash_at, (uint64_t)access_hash);
		return buf_bytes(&copy->bytes);
	}
	buf_clear(&copy->bytes);
	copy->reusable = false;
	copy->layer = viewer->layer;
	copy->my = viewer->my;
	if (!encode(effect, viewer, access_hash, scratch, &copy->bytes) || copy->bytes.failed)
		return bytes_of(NULL, 0);
	if (!own && is_alike_for_all(effect))
		find_hash(copy, effect, viewer, access_hash, scratch);
	return buf_bytes(&copy->bytes);
}

void push_copy_release(struct push_copy *copy)
{
	buf_release(&copy->bytes);
}
