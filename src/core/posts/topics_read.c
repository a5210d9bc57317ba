/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of topics as one viewer sees them. */
#include "core/messages/find.h"
#include "core/posts/post_reactions.h"
#include "core/posts/posts_private.h"
#include "core/posts/topics.h"
#include "store/channel_threads.h"
#include "store/home_authors.h"

static void topic_from_row(struct call *call, const struct channel_context *context,
	const struct topic_row *row, struct topic *out)
{
	const int32_t bound = row->id == TOPIC_GENERAL ? POST_NO_THREAD : row->id;
	const struct post_author author =
		home_authors_get(call_home(call), context->row.id, row->id);

	*out = (struct topic){.id = row->id,
		.title = row->title,
		.color = row->color,
		.emoji = row->emoji,
		.date_s = row->date_s,
		.closed = row->closed,
		.hidden = row->hidden,
		.pinned = row->pinned > 0,
		.my = author.author == call->user,
		.from = {PEER_USER, author.author},
		.unread_mentions = channel_mentions_unread(call, context->row.id, bound),
		.unread_reactions = post_reactions_unread(call, context->row.id, bound)};
	if (author.shown || !author.author)
		out->from =
			(struct peer){PEER_CHANNEL, author.shown ? author.shown : context->row.id};
	thread_marks_of(call, context, row->id, &out->marks);
}

static int open_forum(struct call *call, int64_t channel, struct channel_context *context)
{
	if (channel_need_open(call, channel, context) < 0)
		return -1;
	if (!(context->shared->settings.flags & CHANNEL_FORUM))
		return rpc_error(call, 400, "CHANNEL_FORUM_MISSING");
	return 0;
}

/* With the newest post of each; who opened them is among the users. */
static void fill(struct call *call, const struct channel_context *context,
	const struct topic_row *rows, size_t count, struct topic_list *out)
{
	int32_t *tops = arena_array(call->arena, count, sizeof(*tops));
	struct peer *openers = arena_array(call->arena, count, sizeof(*openers));

	out->at = arena_array(call->arena, count, sizeof(*out->at));
	out->count = count;
	for (size_t i = 0; i < count; i++) {
		topic_from_row(call, context, &rows[i], &out->at[i]);
		tops[i] = out->at[i].marks.top;
		openers[i] = out->at[i].from;
	}
	out->total = topic_rows_count(&context->place);
	channel_posts_in(call, context, tops, count, &out->posts);
	channel_list_name(call, openers, count, &out->posts);
}

/* Titles are sealed in the home: those that match are found by opening them, the newest first. */
static size_t search(struct call *call, const struct channel_context *context, struct bytes text,
	int32_t below, struct topic_row *rows, size_t limit)
{
	const struct find words = find_words(call->arena, text);
	struct topic_row *all = arena_array(call->arena, TOPICS_SEARCHED_MAX, sizeof(*all));
	size_t found = 0, count = 0;

	if (below == INT32_MAX)
		count = topic_rows_list(
			&context->place, call->arena, true, 0, all, TOPICS_PINNED_MAX);
	count += topic_rows_list(&context->place, call->arena, false, below, all + count,
		TOPICS_SEARCHED_MAX - count);
	for (size_t i = 0; i < count && found < limit; i++)
		if (find_in(call->arena, all[i].title, &words))
			rows[found++] = all[i];
	return found;
}

int topics_list(struct call *call, int64_t channel, struct bytes words, int32_t offset_id,
	int32_t limit, struct topic_list *out)
{
	const int32_t below = offset_id > 0 ? offset_id : INT32_MAX;
	struct topic_row rows[TOPICS_PER_CALL_MAX + TOPICS_PINNED_MAX];
	struct channel_context context;
	size_t room, count = 0;

	if (open_forum(call, channel, &context) < 0)
		return -1;
	room = limit > 0 && limit < TOPICS_PER_CALL_MAX ? (size_t)limit : TOPICS_PER_CALL_MAX;
	*out = (struct topic_list){0};
	if (words.size) {
		count = search(call, &context, words, below, rows, room);
	} else {
		if (below == INT32_MAX)
			count = topic_rows_list(
				&context.place, call->arena, true, 0, rows, TOPICS_PINNED_MAX);
		count += topic_rows_list(
			&context.place, call->arena, false, below, rows + count, room);
	}
	fill(call, &context, rows, count, out);
	return 0;
}

int topics_get(struct call *call, int64_t channel, const int32_t *ids, size_t count,
	struct topic_list *out)
{
	struct topic_row rows[TOPICS_PER_CALL_MAX];
	struct topic *all;
	struct channel_context context;
	size_t found = 0, next = 0;

	if (open_forum(call, channel, &context) < 0)
		return -1;
	if (count > TOPICS_PER_CALL_MAX)
		count = TOPICS_PER_CALL_MAX;
	all = arena_array(call->arena, count, sizeof(*all));
	*out = (struct topic_list){0};
	for (size_t i = 0; i < count; i++) {
		all[i] = (struct topic){.id = ids[i], .deleted = true};
		if (topic_rows_find(&context.place, call->arena, ids[i], &rows[found])) {
			all[i].deleted = false;
			found++;
		}
	}
	fill(call, &context, rows, found, out);
	for (size_t i = 0; i < count; i++)
		if (!all[i].deleted)
			all[i] = out->at[next++];
	out->at = all;
	out->count = count;
	return 0;
}

int32_t topics_unread(struct call *call, const struct channel_context *context)
{
	struct topic_row rows[TOPICS_PER_CALL_MAX];
	size_t count =
		topic_rows_list(&context->place, call->arena, true, 0, rows, TOPICS_PINNED_MAX);
	int32_t unread = 0;

	count += topic_rows_list(&context->place, call->arena, false, INT32_MAX, rows + count,
		TOPICS_PER_CALL_MAX - count);
	for (size_t i = 0; i < count; i++)
		unread += rows[i].top_id > thread_read_by(call, context, rows[i].id);
	return unread;
}
