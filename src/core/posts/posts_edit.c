/* SPDX-License-Identifier: Apache-2.0 */
/* Changing posts and deleting them. */
#include "core/posts/posts.h"

#include "core/channels/admin_log.h"
#include "core/bots/bot_updates.h"
#include "core/channels/channel_rights.h"
#include "core/messages/message_edits.h"
#include "core/channels/move.h"
#include "core/messages/polls.h"
#include "core/posts/posts_private.h"
#include "core/posts/threads.h"
#include "store/home_calls.h"
#include "store/home_mentions.h"

static bool is_author(struct call *call, const struct channel_context *context, int32_t id)
{
	return home_authors_get(call_home(call), context->row.id, id).author == call->user;
}

static bool thread_is_open(struct call *call, const struct channel_context *context, int32_t id)
{
	struct post_row row;

	return post_rows_find(&context->place, call->arena, id, &row) &&
	       thread_lets_in(call, context, row.thread ? row.thread : id);
}

int post_may_edit(struct call *call, const struct channel_context *context, int32_t id)
{
	if (channel_need_thawed(call, context) < 0)
		return -1;
	if (context->row.broadcast && channel_admin_may(&context->view, ADMIN_EDIT))
		return 0;
	if (!is_author(call, context, id) ||
		(context->row.broadcast && !channel_may_post(&context->view)))
		return rpc_error(call, 403, "MESSAGE_AUTHOR_REQUIRED");
	if (!thread_is_open(call, context, id))
		return rpc_error(call, 403, "CHAT_WRITE_FORBIDDEN");
	return channel_may_send(call, context, CHAT_SEND);
}

/* The first post, which says that the channel was made, stays: clients take a chat without any
 * message for none, and TDLib asks for the chat list without end to get one. */
#define FIRST_POST 1

static bool may_delete(struct call *call, const struct channel_context *context, int32_t id)
{
	if (id == FIRST_POST)
		return false;
	if (channel_admin_may(&context->view, ADMIN_DELETE))
		return true;
	return is_author(call, context, id) &&
	       (channel_may_post(&context->view) ||
		       (!context->row.broadcast && thread_is_open(call, context, id)));
}

/* No time runs out for who could change the post by another right too, as clients have it. */
static bool is_timeless(const struct channel_context *context)
{
	return channel_admin_may(&context->view, context->row.broadcast ? ADMIN_EDIT : ADMIN_PIN);
}

static int find_editable(struct call *call, const struct channel_context *context, int32_t id,
	struct post_row *row, struct message *before)
{
	/* What an order hides is out of its owner's hands until the order is lifted. */
	if (!post_rows_find(&context->place, call->arena, id, row) || row->hidden_by ||
		row->action != ACTION_NONE || !post_is_shown(call, context, row))
		return rpc_error(call, 400, "MESSAGE_ID_INVALID");
	if (post_may_edit(call, context, id) < 0)
		return -1;
	post_from_row(call, context, row, before);
	return edit_allowed(call, before, is_timeless(context));
}

int channel_post_edit_data(struct call *call, int64_t channel, int32_t id, bool *caption)
{
	struct channel_context context;
	struct post_row row;
	struct message before;

	if (channel_need_guest(call, channel, &context) < 0 ||
		find_editable(call, &context, id, &row, &before) < 0)
		return -1;
	*caption = before.media != NULL;
	return 0;
}

int channel_post_edit(struct call *call, int64_t id, struct message *draft,
	const struct media_move *move, struct update_set *answer)
{
	struct channel_context context;
	struct message post, before;
	struct post_row was;
	struct update edited;
	struct post_row row;

	if (channel_need_guest(call, id, &context) < 0 ||
		find_editable(call, &context, draft->id, &row, &post) < 0 ||
		edit_settle(call, &post, move, draft) < 0 ||
		move_reach(call, &context, draft->id) < 0 ||
		move_reach_in(call, row.discussion, row.discussion_post) < 0)
		return -1;
	before = post;
	edit_apply(draft, &post);
	post.edit_date_s = call->now_s;
	/* In the row: that somebody is named, not whether the editor is. */
	post_mentions_load(call, &context, &post);
	post.mentioned = post.mention_count > 0;
	was = row;
	row = post_to_row(call, &context, &post);
	post_rows_update(&context.place, call->arena, &row);
	if (!post_tell_edited(call, &context, draft->id, &edited))
		return rpc_error(call, 400, "MESSAGE_ID_INVALID");
	if (!move)
		admin_log(call, &context,
			&(struct admin_entry){.event = EVENT_POST_EDIT, .posts = {&before, &post}});
	bot_note_post(call, edited.message, true);
	thread_edited(call, &context, &was, &post);
	*answer = (struct update_set){0};
	*channel_answer_add(call, answer, UPDATE_EDIT_POST, id) = edited;
	channel_answer_finish(call, &context, answer);
	return 0;
}

/* Where no post is left, its random id must still tell that a repeated packet is one. */
static void spend_random_id(
	struct call *call, const struct channel_context *context, const struct post_row *row)
{
	if (row->random_id && row->date_s > call->now_s - HOME_CALLS_KEEP_S)
		home_spent_add(
			call_home(call), posts_spent_owner(context), row->random_id, row->date_s);
}

void posts_delete_rows(struct call *call, struct channel_context *context, const int32_t *ids,
	size_t count, struct update *update)
{
	const int64_t id = context->row.id;
	int32_t *copies = arena_array(call->arena, count, sizeof(*copies));
	size_t copy_count = 0;
	struct post_row row;
	int32_t top_id;

	*update = (struct update){.kind = UPDATE_DELETE_POSTS,
		.peer = {PEER_CHANNEL, id},
		.pts = context->row.pts,
		.ids = arena_array(call->arena, count, sizeof(*ids))};
	for (size_t i = 0; i < count; i++) {
		if (!post_rows_find(&context->place, call->arena, ids[i], &row))
			continue;
		spend_random_id(call, context, &row);
		poll_left(call, context, &row);
		copies[copy_count] = thread_left(call, context, &row);
		copy_count += copies[copy_count] != 0;
		post_rows_delete(&context->place, ids[i]);
		home_authors_delete(call_home(call), id, ids[i]);
		home_mentions_drop(call_home(call), id, ids[i]);
		update->ids[update->id_count++] = ids[i];
	}
	update->pts_count = (int32_t)update->id_count;
	if (update->id_count == 0)
		return;
	channel_rows_advance(&context->place, update->pts_count, 0, -(int64_t)update->pts_count,
		&update->pts, &top_id);
	post_log_event(call, context, CHANNEL_EVENT_DELETE, update);
	channel_tell_members(call, context, update);
	thread_copies_remove(call, context, copies, copy_count);
}

/* What an admin takes away is in the recent actions. */
static void note_deletion(struct call *call, const struct channel_context *context, int32_t id)
{
	struct message *post = ARENA_NEW(call->arena, struct message);
	struct post_row row;

	if (!channel_is_admin(&context->view) ||
		!post_rows_find(&context->place, call->arena, id, &row) || row.hidden_by)
		return;
	post_from_row(call, context, &row, post);
	admin_log(call, context,
		&(struct admin_entry){.event = EVENT_POST_DELETE, .posts = {post, NULL}});
}

int channel_posts_delete(struct call *call, int64_t id, const int32_t *ids, size_t count,
	int32_t *pts, int32_t *pts_count)
{
	struct channel_context context;
	struct update update;

	if (channel_need_guest(call, id, &context) < 0)
		return -1;
	if (count > POSTS_PER_CALL_MAX)
		count = POSTS_PER_CALL_MAX;
	for (size_t i = 0; i < count; i++)
		if (!may_delete(call, &context, ids[i]))
			return rpc_error(call, 403, "MESSAGE_DELETE_FORBIDDEN");
	for (size_t i = 0; i < count; i++)
		note_deletion(call, &context, ids[i]);
	posts_delete_rows(call, &context, ids, count, &update);
	*pts = update.pts;
	*pts_count = update.pts_count;
	return 0;
}

int channel_post_author(struct call *call, int64_t channel, int32_t id, int64_t *author)
{
	struct channel_context context;
	struct post_row row;

	if (channel_need_open(call, channel, &context) < 0)
		return -1;
	if (!channel_is_admin(&context.view))
		return rpc_error(call, 400, "CHAT_ADMIN_REQUIRED");
	if (!post_rows_find(&context.place, call->arena, id, &row))
		return rpc_error(call, 400, "MESSAGE_ID_INVALID");
	*author = home_authors_get(call_home(call), channel, id).author;
	return *author ? 0 : rpc_error(call, 400, "MESSAGE_ID_INVALID");
}

/* ---- What has lived its time ---- */

#define POSTS_EXPIRED_AT_ONCE 500

/* Those of one channel go together. Returns how many of `expired` they are. */
static size_t expire_some(
	struct call *call, struct db *db, const struct post_expired *expired, size_t count)
{
	int32_t *ids = arena_array(call->arena, count, sizeof(*ids));
	struct channel_context context;
	struct update update;
	size_t some = 0;

	while (some < count && expired[some].channel == expired[0].channel) {
		ids[some] = expired[some].id;
		some++;
	}
	if (channel_load(call, expired[0].channel, &context))
		posts_delete_rows(call, &context, ids, some, &update);
	/* Also a copy that the channel left behind when it moved. */
	for (size_t i = 0; i < some; i++)
		post_rows_delete_copy(db, expired[0].channel, ids[i]);
	return some;
}

static bool expire_in(struct call *call, struct db *db)
{
	struct post_expired *expired =
		arena_array(call->arena, POSTS_EXPIRED_AT_ONCE, sizeof(*expired));
	const size_t count = post_rows_expired(db, call->now_s, expired, POSTS_EXPIRED_AT_ONCE);

	for (size_t i = 0; i < count;)
		i += expire_some(call, db, expired + i, count - i);
	return count == POSTS_EXPIRED_AT_ONCE;
}

bool posts_expire(struct call *call)
{
	const bool home = expire_in(call, call_home(call));

	return expire_in(call, call_square(call)) || home;
}
