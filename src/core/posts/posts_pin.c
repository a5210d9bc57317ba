/* SPDX-License-Identifier: Apache-2.0 */
/* Pinning posts, which is part of the channel's sequence. https://core.telegram.org/api/pin */
#include "core/channels/admin_log.h"
#include "core/channels/channel_rights.h"
#include "core/messages/messages.h"
#include "core/channels/move.h"
#include "core/posts/posts_private.h"
#include "core/posts/threads.h"
#include "store/channel_filters.h"

static int open_for(struct call *call, int64_t id, struct channel_context *context)
{
	if (channel_need_open(call, id, context) < 0)
		return -1;
	return context->row.broadcast ? channel_need_admin(call, id, ADMIN_EDIT, context)
				      : channel_need_either(call, id, ADMIN_PIN, CHAT_PIN, context);
}

static void set_pinned(struct call *call, struct channel_context *context, int32_t *ids,
	size_t count, bool pinned, struct update *update)
{
	int32_t top_id;

	for (size_t i = 0; i < count; i++)
		post_rows_set_pinned(&context->place, ids[i], pinned);
	*update = (struct update){.kind = UPDATE_PINNED_POSTS,
		.pts_count = (int32_t)count,
		.peer = {PEER_CHANNEL, context->row.id},
		.ids = ids,
		.id_count = count,
		.pinned = pinned};
	channel_rows_advance(&context->place, (int32_t)count, 0, 0, &update->pts, &top_id);
	post_log_event(call, context, pinned ? CHANNEL_EVENT_PIN : CHANNEL_EVENT_UNPIN, update);
	channel_tell_members(call, context, update);
}

static void note(struct call *call, const struct channel_context *context, int32_t id)
{
	struct message *post = ARENA_NEW(call->arena, struct message);
	struct post_row row;

	if (!post_rows_find(&context->place, call->arena, id, &row))
		return;
	post_from_row(call, context, &row, post);
	admin_log(call, context,
		&(struct admin_entry){.event = EVENT_POST_PIN, .posts = {NULL, post}});
}

int channel_post_pin(
	struct call *call, int64_t id, const struct pinning *pinning, struct update_set *answer)
{
	struct channel_context context;
	struct message *line;
	struct update update;
	struct post_row row;
	int32_t *ids = ARENA_NEW(call->arena, int32_t);

	*answer = (struct update_set){0};
	if (open_for(call, id, &context) < 0)
		return -1;
	if (!post_rows_find(&context.place, call->arena, pinning->id, &row) ||
		row.action != ACTION_NONE || row.hidden_by)
		return rpc_error(call, 400, "MESSAGE_ID_INVALID");
	if (row.pinned == !pinning->unpin)
		return rpc_error(call, 400, "CHAT_NOT_MODIFIED");
	if (move_reach(call, &context, pinning->id) < 0)
		return -1;
	*ids = pinning->id;
	set_pinned(call, &context, ids, 1, !pinning->unpin, &update);
	*channel_answer_add(call, answer, UPDATE_PINNED_POSTS, id) = update;
	note(call, &context, pinning->id);
	if (!pinning->unpin) {
		line = ARENA_NEW(call->arena, struct message);
		*line = (struct message){.action = ACTION_PIN,
			.reply_to = pinning->id,
			.thread = row.thread,
			.silent = pinning->silent};
		channel_say(call, &context, line, answer);
	}
	channel_answer_finish(call, &context, answer);
	return 0;
}

int channel_posts_unpin_all(struct call *call, int64_t id, int32_t thread, int32_t *pts,
	int32_t *pts_count, int32_t *left)
{
	struct post_filter pinned = {.pinned = true};
	struct channel_context context;
	struct update update;
	int32_t *ids;

	if (open_for(call, id, &context) < 0 ||
		(thread > 0 && !context.row.broadcast &&
			thread_scope(call, id, thread, &context, &pinned.thread) < 0))
		return -1;
	ids = arena_array(call->arena, POSTS_PER_CALL_MAX, sizeof(*ids));
	*pts_count = (int32_t)post_ids_filtered(
		&context.place, &pinned, 0, INT32_MAX, ids, POSTS_PER_CALL_MAX);
	*left = *pts_count == POSTS_PER_CALL_MAX;
	*pts = context.row.pts;
	if (!*pts_count)
		return 0;
	if (move_reach(call, &context, ids[*pts_count - 1]) < 0)
		return -1;
	set_pinned(call, &context, ids, (size_t)*pts_count, false, &update);
	*pts = update.pts;
	for (int32_t i = 0; i < *pts_count; i++)
		note(call, &context, ids[i]);
	return 0;
}

int32_t channel_pinned_newest(const struct channel_context *context)
{
	const struct post_filter pinned = {.pinned = true};
	int32_t id = 0;

	(void)post_ids_filtered(
		&context->place, &pinned, context->membership.available_min, INT32_MAX, &id, 1);
	return id;
}
