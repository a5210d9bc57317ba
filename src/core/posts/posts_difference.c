/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What happened in a channel after a pts, from its event log. A client that is too far behind gets
 * the chat-list line and the latest posts instead, and starts afresh:
 * https://core.telegram.org/api/updates#recovering-gaps
 */
#include "core/channels/channel_load.h"
#include "core/posts/posts_private.h"
#include "core/channels/roster.h"

#define DIFFERENCE_LIMIT_MAX 100
#ifndef DIFFERENCE_GAP_MAX	/* tests take less */
#define DIFFERENCE_GAP_MAX 1000 /* further behind, the latest posts are cheaper for everybody */
#endif
#define DIFFERENCE_TIMEOUT_S 30 /* members get pushes: asking is for those who only look */
#define DIFFERENCE_RESTRICTED_S 3600

/* A post that is new since pts is given as it now is, so its later edits say nothing more. */
static bool list_has(const struct post_list *list, int32_t id)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->posts[i].id == id)
			return true;
	return false;
}

static void difference_post(struct call *call, const struct channel_context *context,
	const struct channel_event_row *event, struct channel_difference *out)
{
	struct post_row row;
	struct message *post;
	struct update *update;

	if (!post_rows_find(&context->place, call->arena, event->post, &row) ||
		list_has(&out->list, event->post) ||
		event->post <= context->membership.available_min ||
		!post_is_shown(call, context, &row))
		return;
	if (event->kind == CHANNEL_EVENT_POST) {
		post = &out->list.posts[out->list.count++];
		post_from_row(call, context, &row, post);
		if (post->out && row.random_id) /* as in core/messages/box_difference.c */
			out->others[out->other_count++] = (struct update){.kind = UPDATE_MESSAGE_ID,
				.max_id = post->id,
				.random_id = row.random_id};
		return;
	}
	post = ARENA_NEW(call->arena, struct message);
	post_from_row(call, context, &row, post);
	update = &out->others[out->other_count++];
	*update = (struct update){.kind = UPDATE_EDIT_POST, .message = post};
}

static void difference_event(struct call *call, const struct channel_context *context,
	const struct channel_event_row *event, struct channel_difference *out)
{
	const size_t before = out->other_count;

	if (event->kind == CHANNEL_EVENT_DELETE)
		out->others[out->other_count++] = (struct update){.kind = UPDATE_DELETE_POSTS,
			.ids = event->ids,
			.id_count = event->id_count};
	else if (event->kind == CHANNEL_EVENT_PIN || event->kind == CHANNEL_EVENT_UNPIN)
		out->others[out->other_count++] = (struct update){.kind = UPDATE_PINNED_POSTS,
			.ids = event->ids,
			.id_count = event->id_count,
			.pinned = event->kind == CHANNEL_EVENT_PIN};
	else
		difference_post(call, context, event, out);
	if (out->other_count == before)
		return;
	out->others[before].pts = event->pts;
	out->others[before].pts_count = event->pts_count;
	out->others[before].peer = (struct peer){PEER_CHANNEL, context->row.id};
}

static void difference_users(struct call *call, struct channel_difference *out)
{
	struct roster roster;

	roster_init(&roster, call->arena);
	for (size_t i = 0; i < out->list.count; i++)
		roster_add_message(&roster, &out->list.posts[i]);
	roster_add_updates(&roster, out->others, out->other_count);
	channel_list_fill(call, &roster, &out->list);
}

static void difference_part(struct call *call, const struct channel_context *context, int32_t pts,
	int32_t limit, struct channel_difference *out)
{
	struct channel_event_row *events = arena_array(call->arena, (size_t)limit, sizeof(*events));
	const size_t count = channel_events_after(&context->place, call->arena, pts, limit, events);

	out->kind = CHANNEL_DIFFERENCE_PART;
	out->list.posts = arena_array(call->arena, count, sizeof(*out->list.posts));
	out->others = arena_array(call->arena, count, sizeof(*out->others));
	for (size_t i = 0; i < count; i++)
		difference_event(call, context, &events[i], out);
	if (count > 0)
		out->pts = events[count - 1].pts;
	out->final = out->pts >= context->row.pts;
	difference_users(call, out);
}

static int difference_too_long(struct call *call, const struct channel_context *context,
	int32_t limit, struct channel_difference *out)
{
	const struct post_range latest = {.limit = limit};

	out->kind = CHANNEL_DIFFERENCE_TOO_LONG;
	out->final = true;
	out->pts = context->row.pts;
	if (channel_dialog(call, context->row.id, &out->dialog) < 0)
		return -1;
	return channel_history(call, context->row.id, &latest, &out->list);
}

int channel_difference(
	struct call *call, int64_t id, int32_t pts, int32_t limit, struct channel_difference *out)
{
	struct channel_context context;

	if (channel_need_card(call, id, &context) < 0)
		return -1;
	*out = (struct channel_difference){.kind = CHANNEL_DIFFERENCE_EMPTY,
		.final = true,
		.pts = pts,
		.timeout_s = DIFFERENCE_TIMEOUT_S,
		.list.view = context.view};
	if (context.view.restricted) {
		out->timeout_s = DIFFERENCE_RESTRICTED_S;
		return 0;
	}
	if (pts <= 0 || pts > context.row.pts)
		return rpc_error(call, 400, "PERSISTENT_TIMESTAMP_INVALID");
	if (pts == context.row.pts)
		return 0;
	if (limit < 1)
		limit = 1;
	if (limit > DIFFERENCE_LIMIT_MAX)
		limit = DIFFERENCE_LIMIT_MAX;
	/* What a guest missed is in the threads that it opens. */
	if (!channel_is_guest(&context) && (context.row.pts - pts > DIFFERENCE_GAP_MAX ||
						   !channel_events_reach(&context.place, pts)))
		return difference_too_long(call, &context, limit, out);
	difference_part(call, &context, pts, limit, out);
	return 0;
}
