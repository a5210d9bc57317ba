/* SPDX-License-Identifier: Apache-2.0 */
/* The newest matches of many channels, put together: of each only as many rows are read as are
 * among the newest so far. */
#include "core/posts/posts_search.h"

#include "core/channels/channel_load.h"
#include "store/square_reindex.h"
#include "store/square_search.h"

#define ROWS_MAX 1000	 /* looked at for one answer */
#define DAY_ROWS_MAX 300 /* of one day */
#define SPANS_MAX 64	 /* of days: some five years */
#define DAY_S 86400

struct match {
	int64_t date_s;
	struct channel_context *context;
	struct post_row row;
};

struct matches {
	struct match *at; /* the newest first */
	size_t count, limit;
};

static size_t limit_of(int32_t limit)
{
	return limit < 1 || limit > POSTS_PER_CALL_MAX ? POSTS_PER_CALL_MAX : (size_t)limit;
}

/* Whether a comes later in the answer than b. */
static bool is_behind(struct post_after a, struct post_after b)
{
	if (a.date_s != b.date_s)
		return a.date_s < b.date_s;
	return a.channel != b.channel ? a.channel < b.channel : a.post < b.post;
}

static struct post_after place_of(const struct match *match)
{
	return (struct post_after){match->date_s, match->context->row.id, match->row.id};
}

/* False: it is behind all, and they are enough. */
static bool matches_add(struct matches *matches, const struct match *match)
{
	size_t at = matches->count;

	while (at > 0 && is_behind(place_of(&matches->at[at - 1]), place_of(match)))
		at--;
	if (at == matches->limit)
		return false;
	if (matches->count < matches->limit)
		matches->count++;
	memmove(&matches->at[at + 1], &matches->at[at],
		(matches->count - at - 1) * sizeof(*matches->at));
	matches->at[at] = *match;
	return true;
}

/* The id that all matches are below. */
static int64_t bound_of(const struct channel_context *context, const struct posts_query *query)
{
	int64_t until_s = query->max_date_s ? query->max_date_s : INT64_MAX;
	int32_t id;

	if (query->after.date_s && query->after.date_s + 1 < until_s)
		until_s = query->after.date_s + 1;
	if (until_s == INT64_MAX)
		return INT32_MAX;
	id = post_rows_id_at(&context->place, context->row.top_id, until_s);
	return id ? id : INT32_MAX;
}

static void channel_look(struct call *call, struct channel_context *context,
	const struct posts_query *query, struct bytes words, struct matches *matches)
{
	int32_t *ids = arena_array(call->arena, matches->limit, sizeof(*ids));
	const size_t count = square_search_posts(call_square(call), words, context->row.id, 0,
		bound_of(context, query), ids, matches->limit);
	struct match match = {.context = context};

	for (size_t i = 0; i < count; i++) {
		if (!post_rows_find(&context->place, call->arena, ids[i], &match.row) ||
			match.row.hidden_by)
			continue;
		match.date_s = match.row.date_s;
		if (query->after.date_s && !is_behind(place_of(&match), query->after))
			continue;
		if (match.date_s <= query->min_date_s || !matches_add(matches, &match))
			return;
	}
}

static void matches_take(struct call *call, const struct matches *matches, struct message_list *out)
{
	*out = (struct message_list){
		.at = arena_array(call->arena, matches->limit, sizeof(*out->at)),
		.count = matches->count,
		.total = (int64_t)matches->count,
		.inexact = matches->count == matches->limit};
	for (size_t i = 0; i < matches->count; i++)
		post_from_row(call, matches->at[i].context, &matches->at[i].row, &out->at[i]);
}

static bool is_wanted(const struct channel_context *context, const struct posts_query *query)
{
	return context->row.in_square && channel_is_member(&context->view) &&
	       !context->view.restricted &&
	       (context->row.broadcast ? query->broadcasts : query->groups) &&
	       (!query->has_folder || context->membership.folder == query->folder);
}

int posts_search_mine(struct call *call, const struct posts_query *query, struct message_list *out)
{
	struct membership_row *rows =
		arena_array(call->arena, CHANNEL_MEMBERSHIPS_MAX, sizeof(*rows));
	const size_t count =
		home_members_of_user(call_home(call), call->user, rows, CHANNEL_MEMBERSHIPS_MAX);
	const struct bytes words = square_search_query(call->arena, query->text);
	struct matches matches = {.limit = limit_of(query->limit)};

	matches.at = arena_array(call->arena, matches.limit + 1, sizeof(*matches.at));
	for (size_t i = 0; words.size && i < count; i++) {
		struct channel_context *context = ARENA_NEW(call->arena, struct channel_context);

		if (channel_load(call, rows[i].channel, context) && is_wanted(context, query))
			channel_look(call, context, query, words, &matches);
	}
	matches_take(call, &matches, out);
	return 0;
}

/* ---- Everywhere ---- */

static struct channel_context *context_of(
	struct call *call, const struct matches *matches, int64_t channel)
{
	struct channel_context *context;

	for (size_t i = matches->count; i > 0; i--)
		if (matches->at[i - 1].context->row.id == channel)
			return matches->at[i - 1].context;
	context = ARENA_NEW(call->arena, struct channel_context);
	return channel_need_open(call, channel, context) == 0 && context->row.in_square ? context
											: NULL;
}

/* False: it is not there, not for the viewer, or behind what is asked for. */
static bool match_of(struct call *call, const struct matches *matches,
	const struct tagged_post *found, struct match *out)
{
	const struct fault before = call->fault;

	*out = (struct match){.context = context_of(call, matches, found->channel)};
	call->fault = before; /* one that is refused is passed over */
	if (!out->context ||
		!post_rows_find(&out->context->place, call->arena, found->post, &out->row) ||
		out->row.hidden_by)
		return false;
	out->date_s = out->row.date_s;
	return true;
}

int posts_search_tag(struct call *call, struct bytes tag, const struct post_after *after,
	int32_t limit, struct message_list *out)
{
	struct matches matches = {.limit = limit_of(limit)};
	struct tagged_post *rows = arena_array(call->arena, matches.limit, sizeof(*rows));
	struct tagged_post from = {INT64_MAX, 0, 0};
	size_t count, looked = 0;

	if (tag.size && tag.data[0] == '#')
		tag = bytes_of(tag.data + 1, tag.size - 1);
	if (after->date_s)
		from = (struct tagged_post){after->date_s, after->channel, after->post};
	matches.at = arena_array(call->arena, matches.limit, sizeof(*matches.at));
	do {
		count = square_search_tag(
			call_square(call), call->arena, tag, &from, rows, matches.limit);
		for (size_t i = 0; i < count && matches.count < matches.limit; i++) {
			from = rows[i];
			matches.count +=
				match_of(call, &matches, &rows[i], &matches.at[matches.count]);
		}
		looked += count;
	} while (count == matches.limit && matches.count < matches.limit && looked < ROWS_MAX);
	matches_take(call, &matches, out);
	out->inexact = count > 0 && matches.count == matches.limit;
	return 0;
}

/* The day's posts among the matches. Returns how many were looked at. */
static size_t day_look(struct call *call, struct bytes words, int64_t day,
	const struct post_after *after, struct matches *matches)
{
	struct tagged_post *rows = arena_array(call->arena, DAY_ROWS_MAX, sizeof(*rows));
	const size_t count =
		square_search_day(call_square(call), call->arena, words, day, rows, DAY_ROWS_MAX);
	struct match match;

	for (size_t i = 0; i < count; i++)
		if (match_of(call, matches, &rows[i], &match) &&
			(!after->date_s || is_behind(place_of(&match), *after)))
			(void)matches_add(matches, &match);
	return count;
}

int posts_search_words(struct call *call, struct bytes text, const struct post_after *after,
	int32_t limit, struct message_list *out)
{
	const struct bytes words = square_search_query(call->arena, text);
	struct matches matches = {.limit = limit_of(limit)};
	/* TDLib begins at the end of time. */
	const bool later = !after->date_s || after->date_s > call->now_s;
	const int64_t newest = (later ? call->now_s : after->date_s) / DAY_S;
	int64_t span = newest / SEARCH_SPAN_DAYS;
	size_t looked = 0;

	matches.at = arena_array(call->arena, matches.limit + 1, sizeof(*matches.at));
	for (int i = 0; i < SPANS_MAX && words.size && matches.count < matches.limit; i++, span--) {
		int64_t day = (span + 1) * SEARCH_SPAN_DAYS - 1;

		if (!square_search_has(call_square(call), call->arena, words, span))
			continue;
		if (day > newest)
			day = newest;
		while (day / SEARCH_SPAN_DAYS == span && matches.count < matches.limit &&
			looked < ROWS_MAX)
			looked += day_look(call, words, day--, after, &matches);
	}
	matches_take(call, &matches, out);
	out->inexact = true; /* nobody counts them all */
	return 0;
}

bool posts_reindex(struct call *call)
{
	return square_reindex_step(call_square(call), call->arena, REINDEXED_AT_ONCE);
}
