/* SPDX-License-Identifier: Apache-2.0 */
/* Reading posts: history, single posts, read marks, views, and the lines of the chat list. */
#include "base/text.h"
#include "core/channel_load.h"
#include "core/entities.h"
#include "core/find.h"
#include "core/posts.h"
#include "core/roster.h"
#include "core/users.h"

#include <stdlib.h>

#define SEARCH_POSTS_MAX 2000 /* posts that one search opens */

static int32_t clamp(int32_t value, int32_t least, int32_t most)
{
	if (value < least)
		return least;
	return value > most ? most : value;
}

/* ---- Lists ---- */

static void list_init(struct call *call, const struct channel_context *context, size_t room,
	struct post_list *out)
{
	*out = (struct post_list){
		.posts = arena_array(call->arena, room, sizeof(*out->posts)),
		.total = context->row.post_count,
		.pts = context->row.pts,
		.view = context->view,
	};
}

static void list_finish(struct call *call, struct post_list *out)
{
	struct roster roster;

	roster_init(&roster, call->arena);
	for (size_t i = 0; i < out->count; i++)
		roster_add_message(&roster, &out->posts[i]);
	roster_users(call, call->user, &roster, &out->users, &out->user_count);
}

static void list_add(struct call *call, const struct channel_context *context,
	const struct post_row *row, struct post_list *out)
{
	post_from_row(call, context, row, &out->posts[out->count++]);
}

/* Before a time is before the first post that is not. */
static struct post_bounds range_bounds(
	const struct channel_context *context, const struct post_range *range)
{
	struct post_bounds bounds = {range->min_id, range->max_id};
	int32_t at;

	if (range->offset_date_s <= 0)
		return bounds;
	at = post_rows_id_at(&context->place, context->row.top_id, range->offset_date_s);
	if (at && (bounds.max_id <= 0 || at < bounds.max_id))
		bounds.max_id = at;
	return bounds;
}

/*
 * The window of https://core.telegram.org/api/offsets: posts newest first, position 0 is the newest
 * below offset_id, the window is [add_offset, add_offset + limit). What of it lies before position
 * 0 is newer and is read upwards.
 */
static void history_window(struct call *call, const struct channel_context *context,
	const struct post_range *range, struct post_list *out)
{
	const struct post_bounds bounds = range_bounds(context, range);
	const int32_t limit = clamp(range->limit, 0, POSTS_PER_CALL_MAX);
	const int32_t add = clamp(range->add_offset, -POSTS_PER_CALL_MAX, 10 * POSTS_PER_CALL_MAX);
	const int32_t from = range->offset_id > 0 ? range->offset_id : INT32_MAX;
	struct post_rows rows;
	int32_t newer, older;

	list_init(call, context, (size_t)limit, out);
	newer = add < 0 ? (-add < limit ? -add : limit) : 0;
	older = limit - newer;
	if (newer > 0) {
		post_rows_newer(&context->place, call->arena, &bounds, from,
			add + limit < 0 ? -(add + limit) : 0, newer, &rows);
		for (size_t i = rows.count; i > 0; i--)
			list_add(call, context, &rows.at[i - 1], out);
	}
	if (older > 0) {
		post_rows_older(&context->place, call->arena, &bounds, from, add > 0 ? add : 0,
			older, &rows);
		for (size_t i = 0; i < rows.count; i++)
			list_add(call, context, &rows.at[i], out);
	}
}

int channel_history(
	struct call *call, int64_t id, const struct post_range *range, struct post_list *out)
{
	struct channel_context context;

	if (channel_need_open(call, id, &context) < 0)
		return -1;
	history_window(call, &context, range, out);
	list_finish(call, out);
	return 0;
}

int channel_posts_get(
	struct call *call, int64_t id, const int32_t *ids, size_t count, struct post_list *out)
{
	struct channel_context context;
	struct post_row row;

	if (channel_need_open(call, id, &context) < 0)
		return -1;
	if (count > POSTS_PER_CALL_MAX)
		count = POSTS_PER_CALL_MAX;
	list_init(call, &context, count, out);
	for (size_t i = 0; i < count; i++)
		if (post_rows_find(&context.place, call->arena, ids[i], &row))
			list_add(call, &context, &row, out);
	list_finish(call, out);
	return 0;
}

/* Rows of one step of a search: those that match go into out. Returns the id of the last one. */
static int32_t search_rows(struct call *call, const struct channel_context *context,
	struct arena *scratch, const struct post_rows *rows, struct bytes low, size_t limit,
	struct post_list *out)
{
	int32_t last = 0;

	for (size_t i = 0; i < rows->count && out->count < limit; i++) {
		const struct post_row *row = &rows->at[i];
		struct message message;

		last = row->id;
		if (row->action != ACTION_NONE || row->hidden_by)
			continue;
		if (message_body_decode(scratch, row->body, &message) < 0)
			db_fail(context->place.db, "a post's body cannot be read");
		else if (find_folded(scratch, message.text, low))
			list_add(call, context, row, out);
	}
	return last;
}

int channel_posts_search(struct call *call, int64_t id, struct bytes text,
	const struct post_range *range, struct post_list *out)
{
	const size_t limit = (size_t)clamp(range->limit, 0, POSTS_PER_CALL_MAX);
	const struct bytes low = bytes_of(text_lower(call->arena, text), text.size);
	struct post_bounds bounds;
	struct channel_context context;
	struct post_rows rows;
	struct arena scratch;
	int32_t from = range->offset_id > 0 ? range->offset_id : INT32_MAX;
	size_t looked_at = 0;

	if (channel_need_open(call, id, &context) < 0)
		return -1;
	list_init(call, &context, limit, out);
	bounds = range_bounds(&context, range);
	/* What was looked at and not found goes again. */
	arena_init(&scratch);
	do {
		arena_reset(&scratch);
		post_rows_older(
			&context.place, &scratch, &bounds, from, 0, POSTS_PER_CALL_MAX, &rows);
		from = search_rows(call, &context, &scratch, &rows, low, limit, out);
		looked_at += rows.count;
	} while (rows.count == POSTS_PER_CALL_MAX && out->count < limit &&
		 looked_at < SEARCH_POSTS_MAX);
	arena_release(&scratch);
	out->total = (int64_t)out->count;
	list_finish(call, out);
	return 0;
}

/* ---- Marks ---- */

static int32_t unread_after(const struct channel_context *context, int32_t read_inbox)
{
	return context->row.top_id > read_inbox ? context->row.top_id - read_inbox : 0;
}

int channel_read(struct call *call, int64_t id, int32_t max_id)
{
	struct channel_context context;
	struct update update = {.kind = UPDATE_CHANNEL_READ_INBOX, .peer = {PEER_CHANNEL, id}};
	struct update_set set = {.updates = &update, .update_count = 1};
	struct effect *effect;

	if (channel_need_open(call, id, &context) < 0)
		return -1;
	if (max_id <= 0 || max_id > context.row.top_id)
		max_id = context.row.top_id;
	if (!channel_is_member(&context.view) || max_id <= context.membership.read_inbox)
		return 0;
	home_members_set_read(call_home(call), call->user, id, max_id, call->now_s);
	update.max_id = max_id;
	update.unread = unread_after(&context, max_id);
	update.pts = context.row.pts;
	channel_answer_finish(call, &context, &set);
	effect = effects_append(call->effects, EFFECT_ACCOUNT);
	effect->account = call->user;
	effect->except_session = call->session_id;
	effect->set = effects_copy_set(call->effects, &set);
	return 0;
}

static bool named_before(const int32_t *ids, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (ids[i] == ids[at])
			return true;
	return false;
}

/* A member counts once per post. What it has been counted for is one mark that only goes up: a post
 * skipped and looked at later is not counted, which is less than a row per reader and post. */
int channel_views_count(struct call *call, int64_t id, const int32_t *ids, size_t count,
	bool increment, int64_t *views)
{
	struct channel_context context;
	struct post_row row;
	int32_t viewed;

	if (channel_need_open(call, id, &context) < 0)
		return -1;
	viewed = context.membership.viewed;
	increment = increment && channel_is_member(&context.view);
	for (size_t i = 0; i < count; i++) {
		views[i] = 0;
		if (!post_rows_find(&context.place, call->arena, ids[i], &row))
			continue;
		views[i] = row.views;
		if (!increment || row.id <= context.membership.viewed ||
			row.action != ACTION_NONE || named_before(ids, i))
			continue;
		post_rows_add_view(&context.place, row.id);
		views[i]++;
		viewed = row.id > viewed ? row.id : viewed;
	}
	if (viewed > context.membership.viewed)
		home_members_set_viewed(call_home(call), call->user, id, viewed);
	return 0;
}

/* ---- Chat list ---- */

static struct user *author_of(struct call *call, const struct message *post)
{
	struct user *author = ARENA_NEW(call->arena, struct user);

	if (post->from.kind != PEER_USER || user_view(call, post->from.id, author) < 0)
		return NULL;
	return author;
}

static void dialog_fill(
	struct call *call, const struct channel_context *context, struct channel_dialog *out)
{
	const struct post_bounds all = {0};
	const bool member = channel_is_member(&context->view);
	struct post_rows rows;

	*out = (struct channel_dialog){
		.dialog = {.peer = {PEER_CHANNEL, context->row.id},
			.top_date_s = context->row.date_s,
			.read_inbox = member ? context->membership.read_inbox : context->row.top_id,
			.pts = context->row.pts},
		.view = context->view,
	};
	/* The top may have been deleted: the newest that is there. */
	post_rows_older(&context->place, call->arena, &all, INT32_MAX, 0, 1, &rows);
	if (rows.count == 0)
		return;
	out->top = ARENA_NEW(call->arena, struct message);
	post_from_row(call, context, &rows.at[0], out->top);
	out->dialog.top_id = out->top->id;
	out->dialog.top_date_s = out->top->date_s;
	if (member)
		out->dialog.unread = unread_after(context, context->membership.read_inbox);
	if (context->view.restricted) {
		/* A dialog without a message is none to clients: the line stays, what it says is
		 * the order's text. */
		*out->top = (struct message){.id = out->top->id,
			.peer = out->top->peer,
			.date_s = out->top->date_s,
			.text = context->row.restriction_text};
		out->dialog.unread = 0;
		out->dialog.read_inbox = context->row.top_id;
	}
	out->author = author_of(call, out->top);
}

static int dialog_newer_first(const void *a, const void *b)
{
	const struct dialog *x = &((const struct channel_dialog *)a)->dialog;
	const struct dialog *y = &((const struct channel_dialog *)b)->dialog;

	if (x->top_date_s != y->top_date_s)
		return x->top_date_s < y->top_date_s ? 1 : -1;
	return (x->peer.id < y->peer.id) - (x->peer.id > y->peer.id);
}

int channel_dialogs(struct call *call, struct channel_dialog **list, size_t *count)
{
	struct membership_row *rows =
		arena_array(call->arena, CHANNEL_MEMBERSHIPS_MAX, sizeof(*rows));
	const size_t memberships =
		home_members_of_user(call_home(call), call->user, rows, CHANNEL_MEMBERSHIPS_MAX);
	struct channel_context context;

	*list = arena_array(call->arena, memberships, sizeof(**list));
	*count = 0;
	for (size_t i = 0; i < memberships; i++) {
		if (!channel_load(call, rows[i].channel, &context) ||
			!channel_is_member(&context.view))
			continue;
		dialog_fill(call, &context, &(*list)[(*count)++]);
	}
	qsort(*list, *count, sizeof(**list), dialog_newer_first);
	return 0;
}

int channel_dialog(struct call *call, int64_t id, struct channel_dialog *out)
{
	struct channel_context context;

	if (channel_need(call, id, &context) < 0)
		return -1;
	dialog_fill(call, &context, out);
	return 0;
}
