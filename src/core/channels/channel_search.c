/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Search among the posts of one channel, or of a thread of it: what an index knows is asked from
 * it, and what remains is looked at post by post, bounded. Who wrote a post is asked only as far as
 * the post shows it. Search over many public channels is posts_search.c.
 */
#include "core/messages/find.h"
#include "core/messages/message_body.h"
#include "core/posts/posts_private.h"
#include "core/messages/search_found.h"
#include "core/posts/threads.h"
#include "store/channel_filters.h"
#include "store/home_authors.h"
#include "store/home_mentions.h"
#include "store/square_search.h"

#define STEP 200
#define LOOKED_AT_MAX 2000 /* posts that one look opens */

/* From the newest candidate down. */
struct look {
	struct call *call;
	const struct channel_context *context;
	const struct message_query *query;
	struct find words;
	struct bytes indexed; /* the words as the index has them; absent: it isn't asked */
	int32_t thread;	      /* as in struct post_bounds */
	int32_t above, from;  /* left is what lies between them; from 0: nothing */
};

static struct post_filter filter_of(const struct look *look)
{
	return (struct post_filter){.pinned = look->query->filter == SEARCH_PINNED,
		.content = search_content(look->query->filter),
		.thread = look->thread};
}

static bool of_anything(const struct look *look)
{
	return look->query->filter == SEARCH_ANY;
}

static struct look look_new(struct call *call, const struct channel_context *context,
	const struct message_query *query, int32_t thread, const struct post_range *range)
{
	struct look look = {.call = call,
		.context = context,
		.query = query,
		.words = find_words(call->arena, query->text),
		.thread = thread,
		.above = context->membership.available_min,
		.from = range->max_id > 0 ? range->max_id : INT32_MAX};

	if (range->min_id > look.above)
		look.above = range->min_id;
	if (query->max_date_s) {
		const int32_t at =
			post_rows_id_at(&context->place, context->row.top_id, query->max_date_s);

		look.from = at && at < look.from ? at : look.from;
	}
	/* What is moving is in the index or not. */
	if (of_anything(&look) && query->from.kind == PEER_NONE && context->row.in_square &&
		!context->place.rest)
		look.indexed = square_search_query(call->arena, query->text);
	return look;
}

/* ---- Candidates ---- */

/* The next of those that some index knows. */
static size_t ids_next(const struct look *look, int32_t *ids)
{
	const struct post_filter filter = filter_of(look);
	const struct mention_filter mentions = {
		.thread = look->thread, .above = look->above, .from = look->from};
	struct call *call = look->call;
	const int64_t channel = look->context->row.id;

	if (look->query->filter == SEARCH_MENTIONS)
		return home_mentions_list(
			call_home(call), call->user, channel, &mentions, ids, STEP);
	if (filter.pinned || filter.content)
		return post_ids_filtered(
			&look->context->place, &filter, look->above, look->from, ids, STEP);
	if (look->indexed.size)
		return square_search_posts(call_square(call), look->indexed, channel, look->above,
			look->from, ids, STEP);
	return home_authors_posts(
		call_home(call), channel, look->query->from.id, look->above, look->from, ids, STEP);
}

/* Some more of them, in scratch. */
static void rows_next(struct look *look, struct arena *scratch, struct post_rows *rows)
{
	const struct post_bounds within = {.min_id = look->above, .thread = look->thread};
	const struct channel_place *place = &look->context->place;
	int32_t ids[STEP];
	size_t count;

	if (of_anything(look) && !look->indexed.size && look->query->from.kind != PEER_USER) {
		post_rows_older(place, scratch, &within, look->from, 0, STEP, rows);
		look->from = rows->count == STEP ? rows->at[STEP - 1].id : 0;
		return;
	}
	count = ids_next(look, ids);
	*rows = (struct post_rows){.at = arena_array(scratch, count, sizeof(*rows->at))};
	for (size_t i = 0; i < count; i++)
		rows->count += post_rows_find(place, scratch, ids[i], &rows->at[rows->count]);
	look->from = count == STEP ? ids[STEP - 1] : 0;
}

/* ---- Matches ---- */

static bool in_thread(const struct look *look, const struct post_row *row)
{
	return !look->thread || row->thread == (look->thread == POST_NO_THREAD ? 0 : look->thread);
}

/* As it is shown: who hides behind a channel is not found by his own name. */
static bool is_by(const struct look *look, const struct post_row *row, struct message *post)
{
	const struct peer by = look->query->from;

	post_show_author(look->context,
		home_authors_get(call_home(look->call), look->context->row.id, row->id), post);
	if (post->from.kind == PEER_NONE)
		post->from = (struct peer){PEER_CHANNEL, look->context->row.id};
	return by.kind == post->from.kind && by.id == post->from.id;
}

static bool fits(const struct look *look, struct arena *scratch, const struct post_row *row)
{
	const struct message_query *query = look->query;
	const bool by_words = look->words.count && !look->indexed.size;
	struct message post;

	if (row->action != ACTION_NONE || row->hidden_by || !in_thread(look, row) ||
		(query->min_date_s && row->date_s <= query->min_date_s) ||
		(query->max_date_s && row->date_s >= query->max_date_s))
		return false;
	if (!by_words && query->from.kind == PEER_NONE)
		return true;
	if (message_body_decode(scratch, row->body, &post) < 0) {
		db_fail(look->context->place.db, "a post's body cannot be read");
		return false;
	}
	if (query->from.kind != PEER_NONE && !is_by(look, row, &post))
		return false;
	return !by_words || find_in(scratch, post.text, &look->words);
}

static void look_on(struct look *look, struct found *out)
{
	struct post_rows rows;
	struct arena scratch;

	/* What was looked at and not found goes again. */
	arena_init(&scratch);
	for (size_t looked = 0; look->from > 0 && looked < LOOKED_AT_MAX; looked += STEP) {
		arena_reset(&scratch);
		rows_next(look, &scratch, &rows);
		for (size_t i = 0; i < rows.count; i++)
			if (fits(look, &scratch, &rows.at[i]))
				found_add(out, rows.at[i].id, rows.at[i].date_s);
	}
	arena_release(&scratch);
	out->inexact = look->from > 0;
}

/* Into the channel, or the thread that the query names. */
static int open_look(struct call *call, const struct message_query *query,
	const struct post_range *range, struct channel_context *context, struct look *out)
{
	int32_t thread;

	if (thread_scope(call, query->in.id, query->thread, context, &thread) < 0)
		return -1;
	*out = look_new(call, context, query, thread, range);
	return 0;
}

static void look_around(struct look *look, int32_t offset_id, struct found *out)
{
	*out = (struct found){0};
	if (look->query->filter == SEARCH_NOTHING)
		return;
	*out = found_new(look->call->arena, 2 * LOOKED_AT_MAX);
	look_on(look, out);
	if (offset_id > 0 && offset_id < look->from) {
		look->from = offset_id;
		look_on(look, out);
	}
}

int search_channel(struct call *call, const struct message_query *query,
	const struct post_range *range, struct channel_context *context, struct found *out)
{
	struct look look;

	if (open_look(call, query, range, context, &look) < 0)
		return -1;
	look_around(&look, range->offset_id, out);
	return 0;
}

/* ---- Answers ---- */

/* Service posts count as few among many do. False: no index knows. */
static bool count_indexed(const struct look *look, int64_t *count)
{
	const struct post_filter filter = filter_of(look);
	const struct message_query *query = look->query;
	const struct mention_filter mentions = {
		.thread = look->thread, .above = look->above, .from = INT32_MAX};

	if (look->words.count || query->from.kind != PEER_NONE || query->min_date_s ||
		query->max_date_s)
		return false;
	if (query->filter == SEARCH_MENTIONS)
		*count = home_mentions_count(
			call_home(look->call), look->call->user, look->context->row.id, &mentions);
	else if (filter.pinned || filter.content)
		*count = post_ids_filtered_count(&look->context->place, &filter, look->above);
	else if (of_anything(look) && !look->thread)
		*count = look->context->row.post_count;
	else
		return false;
	return true;
}

int channel_posts_search(struct call *call, const struct message_query *query,
	const struct post_range *range, struct post_list *out)
{
	struct channel_context context;
	struct found found;
	struct look look;
	int64_t total;
	size_t count, at;

	if (open_look(call, query, range, &context, &look) < 0)
		return -1;
	look_around(&look, range->offset_id, &found);
	count = ids_window(found.ids, found.count, range, POSTS_PER_CALL_MAX, &at);
	channel_posts_in(call, &context, found.ids + at, count, out);
	out->total = found.inexact && count_indexed(&look, &total) ? total : (int64_t)found.count;
	return 0;
}

int channel_posts_search_count(
	struct call *call, const struct message_query *query, int32_t *count, bool *inexact)
{
	const struct post_range all = {0};
	struct channel_context context;
	struct found found;
	struct look look;
	int64_t total;

	if (open_look(call, query, &all, &context, &look) < 0)
		return -1;
	*inexact = false;
	if (query->filter != SEARCH_NOTHING && count_indexed(&look, &total)) {
		*count = (int32_t)total;
		return 0;
	}
	look_around(&look, 0, &found);
	*count = (int32_t)found.count;
	*inexact = found.inexact;
	return 0;
}
