/* SPDX-License-Identifier: Apache-2.0 */
/* Clearing a channel's history: for oneself, or for everybody. */
#include "core/messages/box.h"
#include "core/changes.h"
#include "core/channels/channel_rights.h"
#include "core/posts/posts_private.h"
#include "core/channels/roster.h"
#include "store/home_mentions.h"

static int clear_for_me(struct call *call, struct channel_context *context, int32_t max_id,
	struct update_set *answer)
{
	struct update *update;

	if (!channel_is_member(&context->view))
		return rpc_error(call, 400, "CHANNEL_PARICIPANT_MISSING");
	update = channel_answer_add(call, answer, UPDATE_AVAILABLE_POSTS, context->row.id);
	update->max_id = context->membership.available_min;
	if (max_id > update->max_id) {
		update->max_id = max_id;
		home_members_set_available(call_home(call), call->user, context->row.id, max_id);
		context->membership.available_min = max_id;
		channel_refresh(call, context);
		channel_tell_membership(call, context, call->user);
		if (max_id > context->membership.read_inbox)
			home_members_set_read(
				call_home(call), call->user, context->row.id, max_id, call->now_s);
	}
	change_note(call, call->user, CHANGE_AVAILABLE_POSTS, update->peer, 0);
	channel_answer_finish(call, context, answer);
	box_tell_set(call, call->user, call->session_id, answer);
	return 0;
}

bool available_posts_change(
	struct call *call, const struct home_change *change, struct update *update)
{
	struct membership_row row;

	*update = (struct update){
		.kind = UPDATE_AVAILABLE_POSTS, .peer = {PEER_CHANNEL, change->peer}};
	if (!home_members_find(call_home(call), call->user, change->peer, &row))
		return false;
	update->max_id = row.available_min;
	return row.available_min > 0;
}

/* The first post stays: it says that there is a channel. */
static int clear_for_all(struct call *call, struct channel_context *context, int32_t max_id,
	struct update_set *answer)
{
	const struct post_bounds bounds = {.min_id = 1};
	struct update update;
	int32_t ids[POSTS_PER_CALL_MAX];
	struct post_rows rows;

	if (!channel_admin_may(&context->view, ADMIN_DELETE))
		return rpc_error(call, 400, "CHAT_ADMIN_REQUIRED");
	if (context->row.post_count > CLEAR_POSTS_MAX)
		return rpc_error(call, 400, "CHANNEL_TOO_BIG");
	do {
		post_rows_older(&context->place, call->arena, &bounds, max_id + 1, 0,
			POSTS_PER_CALL_MAX, &rows);
		for (size_t i = 0; i < rows.count; i++)
			ids[i] = rows.at[i].id;
		posts_delete_rows(call, context, ids, rows.count, &update);
		if (update.id_count) {
			const struct update_set one = {.updates = &update, .update_count = 1};

			update_set_append(call, answer, &one);
		}
	} while (rows.count == POSTS_PER_CALL_MAX && !db_failed(context->place.db));
	channel_answer_finish(call, context, answer);
	return 0;
}

int channel_posts_clear(
	struct call *call, int64_t id, int32_t max_id, bool for_everyone, struct update_set *answer)
{
	struct channel_context context;

	*answer = (struct update_set){0};
	if (channel_need_open(call, id, &context) < 0)
		return -1;
	if (max_id <= 0 || max_id > context.row.top_id)
		max_id = context.row.top_id;
	return for_everyone ? clear_for_all(call, &context, max_id, answer)
			    : clear_for_me(call, &context, max_id, answer);
}
