/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. How they look to clients is api/stats.c. */
#include "core/channels/channel_stats.h"

#include "base/text.h"
#include "core/channels/channel_rights.h"
#include "core/posts/posts_private.h"
#include "store/home_polls.h"

#define DAY_S 86400
#define PURGE_ROWS 2000

static int64_t today(const struct call *call)
{
	return call->now_s / DAY_S;
}

/* ---- What happened ---- */

static void day_add(struct call *call, const struct channel_context *context, struct home_day add)
{
	add.day = today(call);
	add.members = context->shared->members;
	home_day_add(call_home(call), context->row.id, &add);
}

void stats_members(struct call *call, const struct channel_context *context, int64_t delta)
{
	if (!delta)
		return;
	day_add(call, context,
		(struct home_day){
			.joins = delta > 0 ? delta : 0, .leaves = delta < 0 ? -delta : 0});
}

/* Only what stands in public is listed: the source's admins may know of no other. */
static void note_forward(
	struct call *call, const struct channel_context *context, const struct message *post)
{
	const struct forward *forward = post->forward;
	const struct home_forward at = {context->row.id, post->id};

	if (context->row.in_square && forward && forward->from.kind == PEER_CHANNEL &&
		forward->post)
		home_forward_insert(call_home(call), forward->from.id, forward->post, &at);
}

void stats_post(
	struct call *call, const struct channel_context *context, const struct message *post)
{
	const struct home_day_person author = {
		.user = call->user, .messages = 1, .chars = (int64_t)text_utf16_length(post->text)};

	if (post->action != ACTION_NONE)
		return;
	/* Its author counts as the first reader. */
	day_add(call, context, (struct home_day){.posts = 1, .views = post->views});
	if (!context->row.broadcast)
		home_day_person_add(call_home(call), context->row.id, today(call), &author);
	note_forward(call, context, post);
}

void stats_views(
	struct call *call, const struct channel_context *context, int32_t post, int64_t views)
{
	const struct home_post_day add = {.day = today(call), .views = views};

	day_add(call, context, (struct home_day){.views = views});
	home_post_day_add(call_home(call), context->row.id, post, &add);
}

void stats_forward(struct call *call, const struct channel_context *context, int32_t post)
{
	const struct home_post_day add = {.day = today(call), .forwards = 1};

	day_add(call, context, (struct home_day){.forwards = 1});
	home_post_day_add(call_home(call), context->row.id, post, &add);
}

void stats_vote(struct call *call, int64_t channel, int32_t post, int64_t before_s, bool given)
{
	if (before_s)
		home_post_day_unvote(call_home(call), channel, post, before_s / DAY_S);
	if (given)
		home_post_day_add(call_home(call), channel, post,
			&(struct home_post_day){.day = today(call), .votes = 1});
}

void stats_reaction(struct call *call, const struct channel_context *context)
{
	day_add(call, context, (struct home_day){.reactions = 1});
}

void stats_act(
	struct call *call, const struct channel_context *context, enum stats_act act, int64_t count)
{
	const struct home_day_person add = {.user = call->user,
		.deleted = act == STATS_DELETED ? count : 0,
		.kicked = act == STATS_KICKED ? count : 0,
		.banned = act == STATS_BANNED ? count : 0,
		.invited = act == STATS_INVITED ? count : 0};

	if (context->row.broadcast || count <= 0)
		return;
	day_add(call, context, (struct home_day){0});
	home_day_person_add(call_home(call), context->row.id, today(call), &add);
}

/* ---- What it amounts to ---- */

bool stats_may_view(const struct channel_view *view)
{
	return channel_is_admin(view) && view->channel->members >= STATS_MEMBERS_MIN;
}

static int need_admin(struct call *call, const struct channel_context *context)
{
	return stats_may_view(&context->view) ? 0 : rpc_error(call, 400, "CHAT_ADMIN_REQUIRED");
}

static int need(struct call *call, int64_t id, struct channel_context *context)
{
	return channel_need_open(call, id, context) < 0 ? -1 : need_admin(call, context);
}

/* Days on which nothing happened have no row: they have the members of the day before. */
static void fill_days(
	const struct home_day *rows, size_t count, int64_t last, struct channel_stats *out)
{
	int64_t members = count ? rows[0].members : 0;
	size_t at = 0;

	for (int64_t day = count ? rows[0].day : last + 1; day <= last; day++) {
		struct home_day *to = &out->days[out->count++];

		if (at < count && rows[at].day == day)
			*to = rows[at++];
		else
			*to = (struct home_day){.day = day, .members = members};
		members = to->members;
	}
}

static void sum_days(const struct channel_stats *stats, int64_t first, struct home_day *sum)
{
	*sum = (struct home_day){.day = first};
	for (size_t i = 0; i < stats->count; i++) {
		const struct home_day *day = &stats->days[i];

		if (day->day >= first + STATS_PERIOD_DAYS)
			break;
		sum->members = day->members;
		if (day->day < first)
			continue;
		sum->joins += day->joins;
		sum->leaves += day->leaves;
		sum->posts += day->posts;
		sum->views += day->views;
		sum->forwards += day->forwards;
		sum->reactions += day->reactions;
	}
}

static void load_days(
	struct call *call, const struct channel_context *context, struct channel_stats *out)
{
	struct home_day *rows = arena_array(call->arena, STATS_GRAPH_DAYS, sizeof(*rows));
	struct db *db = call_home(call);
	size_t count;

	*out = (struct channel_stats){
		.first = today(call) - STATS_PERIOD_DAYS + 1, .last = today(call)};
	count = home_days_get(db, context->row.id, out->last - STATS_GRAPH_DAYS + 1, out->last,
		rows, STATS_GRAPH_DAYS);
	fill_days(rows, count, out->last, out);
	sum_days(out, out->first, &out->now);
	sum_days(out, out->first - STATS_PERIOD_DAYS, &out->before);
	out->now.people = home_day_people_count(db, context->row.id, out->first, out->last);
	out->before.people = home_day_people_count(
		db, context->row.id, out->first - STATS_PERIOD_DAYS, out->first - 1);
	/* What was not counted yet has not changed. */
	out->now.members = context->shared->members;
	if (!out->before.members)
		out->before.members = out->now.members;
}

int channel_stats_days(struct call *call, int64_t id, struct channel_stats *out)
{
	struct channel_context context;

	if (need(call, id, &context) < 0)
		return -1;
	load_days(call, &context, out);
	return 0;
}

static void load_people(struct call *call, int64_t channel, struct channel_stats *out)
{
	struct db *db = call_home(call);

	out->poster_count = home_day_people_top(
		db, channel, out->first, out->last, BY_MESSAGES, out->posters, STATS_TOP);
	out->admin_count = home_day_people_top(
		db, channel, out->first, out->last, BY_ADMIN_ACTS, out->admins, STATS_TOP);
	out->inviter_count = home_day_people_top(
		db, channel, out->first, out->last, BY_INVITED, out->inviters, STATS_TOP);
}

static void load_posts(
	struct call *call, const struct channel_context *context, struct channel_stats *out)
{
	const struct post_bounds all = {0};
	struct post_rows rows;

	post_rows_older(
		&context->place, call->arena, &all, INT32_MAX, 0, STATS_RECENT_POSTS, &rows);
	out->posts = arena_array(call->arena, rows.count, sizeof(*out->posts));
	for (size_t i = 0; i < rows.count; i++)
		if (rows.at[i].action == ACTION_NONE && !rows.at[i].hidden_by)
			post_from_row(call, context, &rows.at[i], &out->posts[out->post_count++]);
}

int channel_stats(struct call *call, int64_t id, bool broadcast, struct channel_stats *out)
{
	struct channel_context context;

	if (channel_need_open(call, id, &context) < 0)
		return -1;
	if (context.row.broadcast != broadcast)
		return rpc_error(
			call, 400, broadcast ? "BROADCAST_REQUIRED" : "MEGAGROUP_REQUIRED");
	if (need_admin(call, &context) < 0)
		return -1;
	load_days(call, &context, out);
	if (broadcast)
		load_posts(call, &context, out);
	else
		load_people(call, id, out);
	return 0;
}

/* ---- Of one post ---- */

static int need_post(struct call *call, int64_t id, int32_t post, struct channel_context *context)
{
	struct post_row row;

	if (need(call, id, context) < 0)
		return -1;
	if (!post_rows_find(&context->place, call->arena, post, &row) || row.action != ACTION_NONE)
		return rpc_error(call, 400, "MESSAGE_ID_INVALID");
	return 0;
}

int post_stats(struct call *call, int64_t id, int32_t post, struct post_stats *out)
{
	struct home_post_day *rows = arena_array(call->arena, HOME_STATS_DAYS, sizeof(*rows));
	struct channel_context context;
	size_t count, at = 0;

	*out = (struct post_stats){.count = 0};
	if (need_post(call, id, post, &context) < 0)
		return -1;
	count = home_post_days_get(call_home(call), id, post, rows, HOME_STATS_DAYS);
	for (int64_t day = count ? rows[0].day : 0; at < count && out->count < HOME_STATS_DAYS;
		day++) {
		out->days[out->count] = (struct home_post_day){.day = day};
		if (rows[at].day == day)
			out->days[out->count] = rows[at++];
		out->count++;
	}
	return 0;
}

int poll_stats(struct call *call, int64_t id, int32_t post, struct post_stats *out)
{
	if (post_stats(call, id, post, out) < 0)
		return -1;
	return home_poll_placed(call_home(call), -id, post)
		       ? 0
		       : rpc_error(call, 400, "MESSAGE_ID_INVALID");
}

/* A forward that was deleted, or whose channel is public no more, is passed over. */
static void show_forward(
	struct call *call, const struct home_forward *at, struct post_forwards *out)
{
	struct channel_context context;
	struct post_row row;

	if (!channel_load(call, at->at_channel, &context) || !context.row.in_square ||
		context.view.restricted || context.view.my.role == ROLE_BANNED ||
		!post_rows_find(&context.place, call->arena, at->at_post, &row) || row.hidden_by)
		return;
	post_from_row(call, &context, &row, &out->posts[out->count++]);
}

int post_forwards(struct call *call, int64_t id, int32_t post, const struct home_forward *after,
	int32_t limit, struct post_forwards *out)
{
	struct channel_context context;
	struct home_forward *rows;
	size_t count;

	*out = (struct post_forwards){.total = 0};
	if (need_post(call, id, post, &context) < 0)
		return -1;
	limit = limit < 1 ? 1 : limit > STATS_FORWARDS_MAX ? STATS_FORWARDS_MAX : limit;
	rows = arena_array(call->arena, (size_t)limit, sizeof(*rows));
	count = home_forwards_after(call_home(call), id, post, after, rows, (size_t)limit);
	out->total = home_forwards_count(call_home(call), id, post);
	out->posts = arena_array(call->arena, count, sizeof(*out->posts));
	for (size_t i = 0; i < count; i++)
		show_forward(call, &rows[i], out);
	out->more = count == (size_t)limit;
	if (count)
		out->last = rows[count - 1];
	return 0;
}

bool stats_purge(struct call *call)
{
	return home_stats_purge(call_home(call), today(call) - HOME_STATS_DAYS, PURGE_ROWS);
}
