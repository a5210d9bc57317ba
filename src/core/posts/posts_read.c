/* SPDX-License-Identifier: Apache-2.0 */
/* Reading posts: history, single posts, read marks, views, and the lines of the chat list. */
#include "core/channels/channel_load.h"
#include "core/dialogs/dialog_places.h"
#include "core/messages/entities.h"
#include "core/messages/message_body.h"
#include "core/posts/post_reactions.h"
#include "core/posts/post_views.h"
#include "core/posts/posts_private.h"
#include "core/channels/roster.h"
#include "core/posts/topic_settings.h"
#include "core/accounts/users.h"

#include <stdlib.h>

#define TOPS_LOOKED_AT 50 /* for the newest that a guest may see */

static int32_t clamp(int32_t value, int32_t least, int32_t most)
{
	if (value < least)
		return least;
	return value > most ? most : value;
}

/* ---- Windows ---- */

size_t ids_not_below(const int32_t *ids, size_t count, int32_t offset_id)
{
	size_t newer = 0;

	while (offset_id > 0 && newer < count && ids[newer] >= offset_id)
		newer++;
	return newer;
}

size_t ids_window(
	const int32_t *ids, size_t count, const struct post_range *range, int32_t most, size_t *at)
{
	const int64_t add = range->add_offset < 0 && range->offset_id <= 0 ? 0 : range->add_offset;
	const int64_t begin = (int64_t)ids_not_below(ids, count, range->offset_id) + add;
	const int64_t end = begin + clamp(range->limit, 0, most);
	const int64_t first = begin < 0 ? 0 : begin;
	const int64_t last = end < (int64_t)count ? end : (int64_t)count;

	*at = (size_t)first;
	return last > first ? (size_t)(last - first) : 0;
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

/* The channel itself is in the list already. */
void channel_list_fill(struct call *call, const struct roster *roster, struct post_list *out)
{
	struct roster rest = *roster;
	size_t kept = 0;

	roster_users(call, call->user, roster, &out->users, &out->user_count);
	rest.channels = arena_array(call->arena, roster->channel_count, sizeof(*rest.channels));
	for (size_t i = 0; i < roster->channel_count; i++)
		if (roster->channels[i] != out->view.channel->id)
			rest.channels[kept++] = roster->channels[i];
	rest.channel_count = kept;
	roster_channels(call, &rest, &out->others, &out->other_count);
}

static void list_finish(struct call *call, struct post_list *out)
{
	struct roster roster;

	roster_init(&roster, call->arena);
	for (size_t i = 0; i < out->count; i++)
		roster_add_message(&roster, &out->posts[i]);
	channel_list_fill(call, &roster, out);
}

void channel_list_name(
	struct call *call, const struct peer *peers, size_t count, struct post_list *list)
{
	struct roster roster;

	roster_init(&roster, call->arena);
	for (size_t i = 0; i < list->count; i++)
		roster_add_message(&roster, &list->posts[i]);
	for (size_t i = 0; i < count; i++)
		roster_add(&roster, peers[i]);
	channel_list_fill(call, &roster, list);
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
	struct post_bounds bounds = {
		.min_id = range->min_id, .max_id = range->max_id, .thread = range->thread};
	int32_t at;

	if (bounds.min_id < context->membership.available_min)
		bounds.min_id = context->membership.available_min;
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

void channel_history_in(struct call *call, const struct channel_context *context,
	const struct post_range *range, struct post_list *out)
{
	history_window(call, context, range, out);
	list_finish(call, out);
}

int channel_history(
	struct call *call, int64_t id, const struct post_range *range, struct post_list *out)
{
	struct channel_context context;

	if (channel_need_open(call, id, &context) < 0)
		return -1;
	channel_history_in(call, &context, range, out);
	return 0;
}

void channel_posts_in(struct call *call, const struct channel_context *context, const int32_t *ids,
	size_t count, struct post_list *out)
{
	struct post_row row;

	if (count > POSTS_PER_CALL_MAX)
		count = POSTS_PER_CALL_MAX;
	list_init(call, context, count, out);
	for (size_t i = 0; i < count; i++)
		if (ids[i] > context->membership.available_min &&
			post_rows_find(&context->place, call->arena, ids[i], &row) &&
			post_is_shown(call, context, &row))
			list_add(call, context, &row, out);
	list_finish(call, out);
}

int channel_posts_get(
	struct call *call, int64_t id, const int32_t *ids, size_t count, struct post_list *out)
{
	struct channel_context context;

	if (channel_need_guest(call, id, &context) < 0)
		return -1;
	channel_posts_in(call, &context, ids, count, out);
	return 0;
}

/* ---- Marks ---- */

int channel_read(struct call *call, int64_t id, int32_t max_id)
{
	const struct peer here = {PEER_CHANNEL, id};
	struct channel_context context;

	if (channel_need_open(call, id, &context) < 0)
		return -1;
	if (max_id <= 0 || max_id > context.row.top_id)
		max_id = context.row.top_id;
	if (!channel_is_member(&context.view))
		return 0;
	/* Who reads takes the mark away, as in private chats. */
	if (max_id <= context.membership.read_inbox)
		return dialog_mark_unread(call, here, false);
	home_members_set_read(call_home(call), call->user, id, max_id, call->now_s);
	channel_read_note(call, &context, max_id);
	channel_read_tell(call, &context, max_id);
	return dialog_mark_unread(call, here, false);
}

int channel_views_count(struct call *call, int64_t id, const int32_t *ids, size_t count,
	bool increment, struct message *posts)
{
	struct post_views *views = call->env->views;
	struct channel_context context;
	struct post_row row;

	if (channel_need_guest(call, id, &context) < 0)
		return -1;
	increment = increment && channel_is_member(&context.view);
	post_views_look(views, id, call->user, call->now_s);
	for (size_t i = 0; i < count; i++) {
		posts[i] = (struct message){0};
		if (!post_rows_find(&context.place, call->arena, ids[i], &row) || row.hidden_by ||
			!post_is_shown(call, &context, &row))
			continue;
		if (increment && row.action == ACTION_NONE)
			(void)post_views_count(views, &context.membership, row.id);
		post_from_row(call, &context, &row, &posts[i]);
		posts[i].views += post_views_waiting(views, id, row.id);
	}
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

/* Nothing was posted since the viewer came, or it was deleted, and what was before is not for him:
 * a dialog without a message is none to clients, so it gets a line that they don't show. */
static void dialog_without_posts(
	struct call *call, const struct channel_context *context, struct channel_dialog *out)
{
	const int32_t hidden_to = context->place.hidden_to;

	if (!hidden_to)
		return;
	out->top = ARENA_NEW(call->arena, struct message);
	*out->top = (struct message){.id = hidden_to,
		.peer = out->dialog.peer,
		.date_s = context->membership.joined_at_s,
		.action = ACTION_HISTORY_CLEAR};
	out->dialog.top_id = out->dialog.read_inbox = hidden_to;
	out->dialog.top_date_s = out->top->date_s;
}

/* What the channel counts as its top may have been deleted: the newest that is there and shown. */
static bool find_top(struct call *call, const struct channel_context *context, struct post_row *top)
{
	const struct post_bounds all = {.min_id = context->membership.available_min};
	const int32_t most = channel_is_guest(context) ? TOPS_LOOKED_AT : 1;
	struct post_rows rows;

	post_rows_older(&context->place, call->arena, &all, INT32_MAX, 0, most, &rows);
	for (size_t i = 0; i < rows.count; i++) {
		*top = rows.at[i];
		if (post_is_shown(call, context, top))
			return true;
	}
	return false;
}

static void dialog_fill(
	struct call *call, const struct channel_context *context, struct channel_dialog *out)
{
	const bool forum = context->shared->settings.flags & CHANNEL_FORUM;
	const bool member = channel_is_member(&context->view);
	struct post_row top;

	*out = (struct channel_dialog){
		.dialog = {.peer = {PEER_CHANNEL, context->row.id},
			.top_date_s = context->row.date_s,
			.read_inbox = member ? context->membership.read_inbox : context->row.top_id,
			.read_outbox = channel_read_outbox(call, context),
			.unread_mentions = context->membership.mentions,
			.pinned_id = channel_pinned_newest(context),
			.available_min = context->membership.available_min,
			.pts = context->row.pts,
			.view_as_messages = forum && topics_view_get(call, context->row.id),
			.period_s = context->shared->settings.period_s,
			/* Zeros for who is no member. */
			.pin = context->membership.pinned,
			.folder = context->membership.folder,
			.unread_mark = context->membership.unread_mark},
		.view = context->view,
	};
	if (!find_top(call, context, &top)) {
		dialog_without_posts(call, context, out);
		return;
	}
	out->top = ARENA_NEW(call->arena, struct message);
	post_from_row(call, context, &top, out->top);
	out->dialog.top_id = out->top->id;
	out->dialog.top_date_s = out->top->date_s;
	if (member) {
		/* Of a forum the topics are counted, each of which is read by itself. */
		out->dialog.unread =
			forum ? topics_unread(call, context)
			      : channel_unread(context, context->membership.read_inbox);
		out->dialog.unread_reactions = post_reactions_unread(call, context->row.id, 0);
	}
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

	if (channel_need_card(call, id, &context) < 0)
		return -1;
	dialog_fill(call, &context, out);
	return 0;
}
