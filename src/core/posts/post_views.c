/* SPDX-License-Identifier: Apache-2.0 */
/* Three maps under one mutex: posts with what they gained, members with what they were counted for,
 * channels with who looks at them. */
#include "core/posts/post_views.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/list.h"
#include "base/map.h"
#include "base/mem.h"
#include "core/channels/channel_load.h"
#include "core/channels/channel_stats.h"

#define LOOKERS 16 /* of a channel, the latest */
#define LOOKED_AT_MAX 10000
#define LOOK_S 60
#define FLUSHED_AT_ONCE 2000
#define BITS 64

struct gained {
	struct list waiting;
	int64_t channel;
	int32_t post;
	int64_t views;
};

struct mark {
	struct list waiting;
	int64_t user, channel;
	int32_t viewed;
	uint64_t bits;
	bool written; /* by the last flush: kept for readers of older snapshots until the next */
};

struct looked {
	int64_t channel;
	size_t next;
	struct {
		int64_t user, at_s;
	} by[LOOKERS];
};

struct post_views {
	pthread_mutex_t lock;
	struct map posts, marks, looked;
	struct list gained, marked;
};

struct post_views *post_views_new(void)
{
	struct post_views *views = MEM_NEW(struct post_views);

	pthread_mutex_init(&views->lock, NULL);
	map_init(&views->posts);
	map_init(&views->marks);
	map_init(&views->looked);
	list_init(&views->gained);
	list_init(&views->marked);
	return views;
}

static void free_values(struct map *map)
{
	uint64_t key;
	size_t at = 0;
	void *value;

	while (map_next(map, &at, &key, &value))
		free(value);
	map_release(map);
}

void post_views_free(struct post_views *views)
{
	if (!views)
		return;
	free_values(&views->posts);
	free_values(&views->marks);
	free_values(&views->looked);
	pthread_mutex_destroy(&views->lock);
	free(views);
}

/* ---- Counting ---- */

static uint64_t key_of(int64_t a, int64_t b)
{
	return map_mix((uint64_t)a, (uint64_t)b);
}

/* NULL: there is no room, or another one has its place; it is counted another time. */
static struct gained *gained_of(struct post_views *views, int64_t channel, int32_t post)
{
	const uint64_t key = key_of(channel, post);
	struct gained *gained = map_get(&views->posts, key);

	if (gained)
		return gained->channel == channel && gained->post == post ? gained : NULL;
	if (views->posts.size >= POST_VIEWS_POSTS_MAX)
		return NULL;
	gained = MEM_NEW(struct gained);
	gained->channel = channel;
	gained->post = post;
	list_append(&views->gained, &gained->waiting);
	map_put(&views->posts, key, gained);
	return gained;
}

static struct mark *mark_of(struct post_views *views, const struct membership_row *row)
{
	const uint64_t key = key_of(row->user, row->channel);
	struct mark *mark = map_get(&views->marks, key);

	if (mark)
		return mark->user == row->user && mark->channel == row->channel ? mark : NULL;
	if (views->marks.size >= POST_VIEWS_MARKS_MAX)
		return NULL;
	mark = MEM_NEW(struct mark);
	*mark = (struct mark){.user = row->user,
		.channel = row->channel,
		.viewed = row->viewed,
		.bits = row->viewed_bits};
	list_append(&views->marked, &mark->waiting);
	map_put(&views->marks, key, mark);
	return mark;
}

/* What is older than the bits reach counts as seen. */
static bool mark_raise(struct mark *mark, int32_t post)
{
	const int64_t ahead = (int64_t)post - mark->viewed;
	uint64_t bit;

	if (ahead > 0) {
		mark->bits = ahead >= BITS ? 0 : mark->bits << ahead;
		if (ahead <= BITS && mark->viewed)
			mark->bits |= UINT64_C(1) << (ahead - 1);
		mark->viewed = post;
		return true;
	}
	if (ahead == 0 || -ahead > BITS)
		return false;
	bit = UINT64_C(1) << (-ahead - 1);
	if (mark->bits & bit)
		return false;
	mark->bits |= bit;
	return true;
}

bool post_views_count(
	struct post_views *views, const struct membership_row *membership, int32_t post)
{
	struct gained *gained;
	struct mark *mark;
	bool counted = false;

	if (!views)
		return false;
	pthread_mutex_lock(&views->lock);
	mark = mark_of(views, membership);
	gained = mark ? gained_of(views, membership->channel, post) : NULL;
	if (gained && mark_raise(mark, post)) {
		mark->written = false;
		gained->views++;
		counted = true;
	}
	pthread_mutex_unlock(&views->lock);
	return counted;
}

int64_t post_views_waiting(struct post_views *views, int64_t channel, int32_t post)
{
	const struct gained *gained;
	int64_t waiting;

	if (!views)
		return 0;
	pthread_mutex_lock(&views->lock);
	gained = map_get(&views->posts, key_of(channel, post));
	waiting = gained && gained->channel == channel && gained->post == post ? gained->views : 0;
	pthread_mutex_unlock(&views->lock);
	return waiting;
}

void post_views_changed(struct post_views *views, int64_t channel, int32_t post)
{
	if (!views)
		return;
	pthread_mutex_lock(&views->lock);
	(void)gained_of(views, channel, post);
	pthread_mutex_unlock(&views->lock);
}

void post_views_look(struct post_views *views, int64_t channel, int64_t user, int64_t now_s)
{
	struct looked *looked;
	size_t at = 0;

	if (!views)
		return;
	pthread_mutex_lock(&views->lock);
	looked = map_get(&views->looked, (uint64_t)channel);
	if (!looked && views->looked.size < LOOKED_AT_MAX) {
		looked = MEM_NEW(struct looked);
		looked->channel = channel;
		map_put(&views->looked, (uint64_t)channel, looked);
	}
	if (looked) {
		while (at < LOOKERS && looked->by[at].user != user)
			at++;
		if (at == LOOKERS)
			at = looked->next++ % LOOKERS;
		looked->by[at].user = user;
		looked->by[at].at_s = now_s;
	}
	pthread_mutex_unlock(&views->lock);
}

/* ---- Writing ---- */

/* What one flush takes out. */
struct taken {
	struct gained *posts;
	struct mark *marks;
	size_t post_count, mark_count;
};

static void take_posts(struct post_views *views, struct taken *out)
{
	while (out->post_count < FLUSHED_AT_ONCE && !list_empty(&views->gained)) {
		struct gained *gained = LIST_OWNER(views->gained.next, struct gained, waiting);

		list_remove(&gained->waiting);
		map_remove(&views->posts, key_of(gained->channel, gained->post));
		out->posts[out->post_count++] = *gained;
		free(gained);
	}
}

static void take_marks(struct post_views *views, struct taken *out)
{
	size_t looked_at = 0;

	LIST_EACH_SAFE (node, &views->marked) {
		struct mark *mark = LIST_OWNER(node, struct mark, waiting);

		if (++looked_at > FLUSHED_AT_ONCE)
			break;
		list_remove(&mark->waiting);
		if (mark->written) {
			map_remove(&views->marks, key_of(mark->user, mark->channel));
			free(mark);
			continue;
		}
		out->marks[out->mark_count++] = *mark;
		mark->written = true;
		list_append(&views->marked, &mark->waiting);
	}
}

/* Those who look at the channel now. */
static size_t lookers(struct post_views *views, int64_t channel, int64_t now_s, int64_t *users)
{
	const struct looked *looked;
	size_t count = 0;

	pthread_mutex_lock(&views->lock);
	looked = map_get(&views->looked, (uint64_t)channel);
	for (size_t i = 0; looked && i < LOOKERS; i++) {
		if (looked->by[i].user && looked->by[i].at_s >= now_s - LOOK_S)
			users[count++] = looked->by[i].user;
	}
	pthread_mutex_unlock(&views->lock);
	return count;
}

static void forget_channels(struct post_views *views, int64_t now_s)
{
	size_t at = 0, gone = 0;
	uint64_t key, keys[64];
	void *value;

	pthread_mutex_lock(&views->lock);
	while (gone < ARRAY_LEN(keys) && map_next(&views->looked, &at, &key, &value)) {
		const struct looked *looked = value;
		int64_t last_s = 0;

		for (size_t i = 0; i < LOOKERS; i++)
			last_s = looked->by[i].at_s > last_s ? looked->by[i].at_s : last_s;
		if (last_s < now_s - LOOK_S)
			keys[gone++] = key;
	}
	for (size_t i = 0; i < gone; i++)
		free(map_remove(&views->looked, keys[i]));
	pthread_mutex_unlock(&views->lock);
}

static void tell(
	struct call *call, struct post_views *views, int64_t channel, const struct post_row *row)
{
	const int32_t seen = row->views > INT32_MAX ? INT32_MAX : (int32_t)row->views;
	const int32_t sent = row->forwards > INT32_MAX ? INT32_MAX : (int32_t)row->forwards;
	struct update updates[] = {{.kind = UPDATE_POST_VIEWS,
					   .peer = {PEER_CHANNEL, channel},
					   .max_id = row->id,
					   .count = seen},
		{.kind = UPDATE_POST_FORWARDS,
			.peer = {PEER_CHANNEL, channel},
			.max_id = row->id,
			.count = sent}};
	const struct update_set set = {
		.updates = updates, .update_count = 2, .date_s = call->now_s};
	int64_t users[LOOKERS];
	const size_t count = lookers(views, channel, call->now_s, users);

	for (size_t i = 0; i < count; i++) {
		struct effect *effect = effects_append(call->effects, EFFECT_ACCOUNT);

		effect->account = users[i];
		effect->set = effects_copy_set(call->effects, &set);
	}
}

static void write_post(struct call *call, struct post_views *views, const struct gained *gained)
{
	struct channel_context context;
	struct post_row row;

	if (!channel_load(call, gained->channel, &context))
		return;
	if (gained->views) {
		post_rows_count(&context.place, gained->post,
			&(struct post_counts){.views = gained->views});
		stats_views(call, &context, gained->post, gained->views);
	}
	/* A post that is hidden from somebody says no numbers to anybody. */
	if (context.shared->restriction.everywhere || context.shared->restriction.countries.size)
		return;
	if (post_rows_find(&context.place, call->arena, gained->post, &row) && !row.hidden_by)
		tell(call, views, gained->channel, &row);
}

bool post_views_flush(struct call *call, struct post_views *views)
{
	struct taken taken = {
		.posts = arena_array(call->arena, FLUSHED_AT_ONCE, sizeof(*taken.posts)),
		.marks = arena_array(call->arena, FLUSHED_AT_ONCE, sizeof(*taken.marks))};

	pthread_mutex_lock(&views->lock);
	take_posts(views, &taken);
	take_marks(views, &taken);
	pthread_mutex_unlock(&views->lock);
	for (size_t i = 0; i < taken.post_count; i++)
		write_post(call, views, &taken.posts[i]);
	for (size_t i = 0; i < taken.mark_count; i++)
		home_members_set_viewed(call_home(call), taken.marks[i].user,
			taken.marks[i].channel, taken.marks[i].viewed, taken.marks[i].bits);
	forget_channels(views, call->now_s);
	return taken.post_count == FLUSHED_AT_ONCE || taken.mark_count == FLUSHED_AT_ONCE;
}
