/* SPDX-License-Identifier: Apache-2.0 */
/* One walk over all places of a post that hold a number serves both ways: what they are stays in
 * the square, so the numbers come back in the same order. */
#include "core/posts/post_people.h"

#include "base/pack.h"
#include "store/home_authors.h"
#include "store/home_users.h"

#define PEOPLE_MAX 512 /* users of an action, entities, and a handful more: far fewer */

struct walk {
	int64_t *at[PEOPLE_MAX];
	size_t count;
};

static void add(struct walk *walk, int64_t *number)
{
	if (walk->count < PEOPLE_MAX)
		walk->at[walk->count++] = number;
}

static void add_peer(struct walk *walk, struct peer *peer)
{
	if (peer->kind == PEER_USER || peer->kind == PEER_CHAT)
		add(walk, &peer->id);
}

static void add_entities(struct walk *walk, struct entity *entities, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (entities[i].kind == ENTITY_MENTION_NAME)
			add(walk, &entities[i].id);
	}
}

static void add_forward(struct walk *walk, struct forward *forward)
{
	add_peer(walk, &forward->from);
	add_peer(walk, &forward->saved_from);
	add_peer(walk, &forward->saved_author);
}

static void walk_over(struct message *post, struct walk *walk)
{
	walk->count = 0;
	for (size_t i = 0; i < post->user_count; i++)
		add(walk, &post->users[i]);
	add_entities(walk, post->entities, post->entity_count);
	if (post->forward)
		add_forward(walk, post->forward);
	if (post->reply) {
		add_peer(walk, &post->reply->peer);
		add_entities(walk, post->reply->entities, post->reply->entity_count);
		if (post->reply->from)
			add_forward(walk, post->reply->from);
	}
	/* A channel's poll is under its number below zero. */
	if (post->media && post->media->kind == MEDIA_POLL && post->media->poll_owner >= 0)
		add(walk, &post->media->poll_owner);
}

static void *copy_of(struct arena *arena, const void *from, size_t size)
{
	void *to = arena_array(arena, 1, size);

	if (size)
		memcpy(to, from, size);
	return to;
}

/* All that holds a number is the copy's own. */
static struct message copy_places(struct arena *arena, const struct message *post)
{
	struct message copy = *post;

	copy.users = copy_of(arena, post->users, post->user_count * sizeof(*post->users));
	copy.entities =
		copy_of(arena, post->entities, post->entity_count * sizeof(*post->entities));
	if (post->forward)
		copy.forward = copy_of(arena, post->forward, sizeof(*post->forward));
	if (post->media)
		copy.media = copy_of(arena, post->media, sizeof(*post->media));
	if (!post->reply)
		return copy;
	copy.reply = copy_of(arena, post->reply, sizeof(*post->reply));
	copy.reply->entities = copy_of(arena, post->reply->entities,
		post->reply->entity_count * sizeof(*post->reply->entities));
	if (post->reply->from)
		copy.reply->from = copy_of(arena, post->reply->from, sizeof(*post->reply->from));
	return copy;
}

/* false: the author's salt is gone. */
static bool place_of(struct call *call, int64_t channel, const struct message *post,
	uint8_t salt[VAULT_SALT_SIZE], struct seal_place *place)
{
	if (!post->author || !home_salt(call_home(call), post->author, salt))
		return false;
	*place = (struct seal_place){
		.owner_salt = salt, .table = "post_authors", .owner = channel, .id = post->id};
	return true;
}

struct message post_people_keep(struct call *call, int64_t channel, const struct message *post)
{
	struct message copy = copy_places(call->arena, post);
	struct pack numbers = pack_new(call->arena);
	struct bytes sealed = {NULL, 0};
	uint8_t salt[VAULT_SALT_SIZE];
	struct seal_place place;
	struct walk walk;

	walk_over(&copy, &walk);
	for (size_t i = 0; i < walk.count; i++) {
		pack_number(&numbers, (uint64_t)*walk.at[i], 8);
		*walk.at[i] = 0;
	}
	if (walk.count && place_of(call, channel, post, salt, &place))
		sealed = vault_seal(call->store->vault, &place, pack_done(&numbers), call->arena);
	if (walk.count || post->edit_date_s)
		home_authors_set_people(call_home(call), channel, post->id, sealed);
	return copy;
}

/* ---- Back ---- */

static void drop_nobody_entities(struct entity *entities, size_t *count)
{
	size_t kept = 0;

	for (size_t i = 0; i < *count; i++) {
		if (entities[i].kind != ENTITY_MENTION_NAME || entities[i].id)
			entities[kept++] = entities[i];
	}
	*count = kept;
}

static bool is_nobody(const struct peer *peer)
{
	return peer->kind != PEER_NONE && !peer->id;
}

static void drop_nobody_forward(struct forward *forward)
{
	if (is_nobody(&forward->from)) {
		forward->from = (struct peer){0};
		if (!forward->from_name.size)
			forward->from_name = BYTES_LITERAL("Deleted Account");
	}
	if (is_nobody(&forward->saved_from))
		forward->saved_from = (struct peer){0};
	if (is_nobody(&forward->saved_author))
		forward->saved_author = (struct peer){0};
}

static void drop_nobody(struct message *post)
{
	size_t kept = 0;

	for (size_t i = 0; i < post->user_count; i++) {
		if (post->users[i])
			post->users[kept++] = post->users[i];
	}
	post->user_count = kept;
	drop_nobody_entities(post->entities, &post->entity_count);
	if (post->forward)
		drop_nobody_forward(post->forward);
	if (!post->reply)
		return;
	drop_nobody_entities(post->reply->entities, &post->reply->entity_count);
	if (post->reply->from)
		drop_nobody_forward(post->reply->from);
	if (is_nobody(&post->reply->peer)) {
		post->reply->peer = (struct peer){0};
		post->reply_to = 0;
	}
}

/* A post that has not moved yet still has its own. */
static bool lacks_numbers(const struct walk *walk)
{
	for (size_t i = 0; i < walk->count; i++) {
		if (!*walk->at[i])
			return true;
	}
	return false;
}

void post_people_restore(struct call *call, int64_t channel, struct message *post)
{
	struct bytes sealed, numbers = {NULL, 0};
	uint8_t salt[VAULT_SALT_SIZE];
	struct seal_place place;
	struct unpack u;
	struct walk walk;

	walk_over(post, &walk);
	if (!lacks_numbers(&walk))
		return;
	sealed = home_authors_people(call_home(call), call->arena, channel, post->id);
	if (sealed.data && place_of(call, channel, post, salt, &place) &&
		vault_open(call->store->vault, &place, sealed, call->arena, &numbers) < 0)
		db_fail(call_home(call), "the people of a post cannot be read");
	u = unpack_of(numbers);
	/* After a crash between the two commits the home may have another post's, or none. */
	for (size_t i = 0; i < walk.count && numbers.size == walk.count * 8; i++)
		*walk.at[i] = (int64_t)unpack_number(&u, 8);
	drop_nobody(post);
}
