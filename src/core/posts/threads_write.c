/* SPDX-License-Identifier: Apache-2.0 */
/* What posts do to threads when they are written and deleted: a bounded number of rows each. */
#include "core/channels/channel_rights.h"
#include "core/posts/posts_private.h"
#include "core/posts/threads.h"
#include "core/posts/topics.h"
#include "store/channel_threads.h"
#include "store/home_post_reactions.h"
#include "store/home_threads.h"

static bool is_forum(const struct channel_context *context)
{
	return context->shared->settings.flags & CHANNEL_FORUM;
}

/* ---- Before ---- */

bool thread_lets_in(struct call *call, const struct channel_context *context, int32_t root)
{
	struct post_row row;

	if (channel_is_member(&context->view) || context->row.broadcast)
		return true;
	return post_rows_find(&context->place, call->arena, root, &row) &&
	       thread_is_comments(context, &row);
}

/* named: the topic that the client said. */
static int settle_topic(struct call *call, const struct channel_context *context, int32_t named,
	const struct post_row *answered, struct message *draft)
{
	int32_t id = named;

	if (!id && answered)
		id = answered->thread ? answered->thread : answered->id;
	return topic_settle(call, context, id, !named, draft);
}

int thread_settle(struct call *call, const struct channel_context *context, struct message *draft)
{
	const int32_t named = draft->thread;
	struct post_row row;
	bool answers;

	draft->thread = 0;
	if (context->row.broadcast)
		return 0;
	if (draft->reply && draft->reply->peer.kind != PEER_NONE)
		answers = false; /* something elsewhere */
	else
		answers = draft->reply_to &&
			  post_rows_find(&context->place, call->arena, draft->reply_to, &row);
	if (is_forum(context))
		return settle_topic(call, context, named, answers ? &row : NULL, draft);
	if (!answers && named && post_rows_find(&context->place, call->arena, named, &row)) {
		answers = true;
		if (!draft->reply)
			draft->reply_to = named;
	}
	if (answers)
		draft->thread = row.thread ? row.thread : row.id;
	if (!thread_lets_in(call, context, draft->thread))
		return rpc_error(call, 403, "CHAT_GUEST_SEND_FORBIDDEN");
	return 0;
}

/* ---- Comments ---- */

/* Adds to the counter of the channel's post that the root is a copy of. */
static void count_comment(
	struct call *call, const struct post_row *root, const struct post_counts *more)
{
	struct channel_place place;
	struct channel_row row;

	if (root->discussion &&
		channel_rows_find(call->store, call->arena, root->discussion, &row, &place))
		post_rows_count(&place, root->discussion_post, more);
}

/* Without the copy there is nothing to comment on. */
static void forget_copy(struct call *call, const struct post_row *copy)
{
	struct channel_place place;
	struct channel_row row;

	if (channel_rows_find(call->store, call->arena, copy->discussion, &row, &place))
		post_rows_set_discussion(&place, copy->discussion_post, 0, 0);
}

static struct message *copy_for_discussion(
	struct call *call, const struct channel_context *channel, const struct message *post)
{
	const struct peer from = {PEER_CHANNEL, channel->row.id};
	struct message *copy = ARENA_NEW(call->arena, struct message);

	*copy = *post;
	copy->from = from;
	copy->forward = ARENA_NEW(call->arena, struct forward);
	*copy->forward = (struct forward){.from = from, .date_s = post->date_s, .post = post->id};
	if (post->forward)
		*copy->forward = *post->forward;
	copy->forward->saved_from = from;
	copy->forward->saved_from_id = post->id;
	copy->reply_to = 0;
	copy->reply = NULL;
	copy->random_id = 0;
	copy->replies = NULL;
	copy->tally = NULL;
	copy->signature = (struct bytes){NULL, 0};
	copy->pinned = true;
	return copy;
}

/* The group as nobody sees it, to whom nothing is denied and nothing is said. */
static bool open_discussion(struct call *call, const struct channel_context *channel,
	struct call *as_nobody, struct channel_context *group)
{
	*as_nobody = *call;
	as_nobody->user = 0;
	as_nobody->session_id = 0;
	return channel->row.broadcast && channel->shared->settings.linked &&
	       channel_load(as_nobody, channel->shared->settings.linked, group) &&
	       group->shared->settings.linked == channel->row.id;
}

/* By nobody: it is no message of who wrote the post. */
static void forward_to_discussion(
	struct call *call, struct channel_context *channel, struct message *post)
{
	struct channel_context group;
	struct call as_nobody;
	struct update update;
	struct message *copy;

	if (post->action != ACTION_NONE || !open_discussion(call, channel, &as_nobody, &group))
		return;
	copy = copy_for_discussion(call, channel, post);
	post_append(&as_nobody, &group, copy, &update);
	post_rows_set_discussion(&group.place, copy->id, channel->row.id, post->id);
	post_rows_set_discussion(&channel->place, post->id, group.row.id, copy->id);
	post->replies = ARENA_NEW(call->arena, struct post_replies);
	*post->replies = (struct post_replies){
		.comments = true, .channel = group.row.id, .pts = channel->row.pts};
}

/* ---- After ---- */

static void remember_recent(
	struct call *call, const struct channel_context *context, const struct message *post)
{
	const int64_t by = post->from.kind == PEER_CHANNEL ? -post->from.id : post->from.id;
	int64_t recent[THREAD_RECENT + 1] = {by};
	struct thread_row row;
	size_t count = 1;

	home_thread_get(call_home(call), context->row.id, post->thread, &row);
	for (size_t i = 0; i < THREAD_RECENT; i++)
		if (row.recent[i] && row.recent[i] != by)
			recent[count++] = row.recent[i];
	memset(row.recent, 0, sizeof(row.recent));
	memcpy(row.recent, recent, (count < THREAD_RECENT ? count : THREAD_RECENT) * sizeof(by));
	home_thread_put(call_home(call), context->row.id, post->thread, &row);
}

static void count_in_thread(
	struct call *call, struct channel_context *context, const struct message *post)
{
	const struct post_counts more = {.replies = 1, .replies_top = post->id};
	struct post_row root;

	post_rows_count(&context->place, post->thread, &more);
	if (post->from.kind != PEER_NONE)
		remember_recent(call, context, post);
	if (post_rows_find(&context->place, call->arena, post->thread, &root))
		count_comment(call, &root, &more);
	if (call->user)
		home_thread_read_put(
			call_home(call), call->user, context->row.id, post->thread, post->id);
}

void thread_posted(struct call *call, struct channel_context *context, struct message *post)
{
	if (context->row.broadcast) {
		forward_to_discussion(call, context, post);
		return;
	}
	if (is_forum(context))
		topic_rows_set_top(
			&context->place, post->thread ? post->thread : TOPIC_GENERAL, post->id);
	if (post->thread && post->thread != post->id)
		count_in_thread(call, context, post);
	else if (post->action == ACTION_NONE)
		post->replies = ARENA_NEW(call->arena, struct post_replies);
}

int32_t thread_left(struct call *call, struct channel_context *context, const struct post_row *row)
{
	const struct post_counts less = {.replies = -1};
	struct post_row root;

	if (row->reactions.size)
		home_remains_put(call_home(call), context->row.id, row->id);
	if (row->replies)
		home_thread_delete(call_home(call), context->row.id, row->id);
	if (context->row.broadcast)
		return row->discussion == context->shared->settings.linked ? row->discussion_post
									   : 0;
	if (row->discussion)
		forget_copy(call, row);
	if (!row->thread || row->thread == row->id)
		return 0;
	post_rows_count(&context->place, row->thread, &less);
	if (post_rows_find(&context->place, call->arena, row->thread, &root))
		count_comment(call, &root, &less);
	return 0;
}

void thread_copies_remove(struct call *call, const struct channel_context *channel,
	const int32_t *copies, size_t count)
{
	struct channel_context group;
	struct call as_nobody;
	struct update update;

	if (count && open_discussion(call, channel, &as_nobody, &group))
		posts_delete_rows(&as_nobody, &group, copies, count, &update);
}

void thread_edited(struct call *call, const struct channel_context *channel,
	const struct post_row *row, const struct message *post)
{
	struct channel_context group;
	struct call as_nobody;
	struct post_row stored;
	struct message copy;
	struct update edited;

	if (!row->discussion || !open_discussion(call, channel, &as_nobody, &group) ||
		row->discussion != group.row.id ||
		!post_rows_find(&group.place, call->arena, row->discussion_post, &stored) ||
		stored.hidden_by)
		return;
	post_from_row(&as_nobody, &group, &stored, &copy);
	copy.text = post->text;
	copy.entities = post->entities;
	copy.entity_count = post->entity_count;
	copy.media = post->media;
	copy.edit_date_s = post->edit_date_s;
	stored = post_to_row(&as_nobody, &group, &copy);
	post_rows_update(&group.place, call->arena, &stored);
	post_tell_edited(&as_nobody, &group, row->discussion_post, &edited);
}

/* ---- Showing ---- */

static struct peer peer_of(int64_t stored)
{
	if (!stored)
		return (struct peer){PEER_NONE, 0};
	return stored < 0 ? (struct peer){PEER_CHANNEL, -stored} : (struct peer){PEER_USER, stored};
}

void thread_show(struct call *call, const struct channel_context *context,
	const struct post_row *row, struct message *post)
{
	const bool comments = context->row.broadcast;
	const int64_t group = comments ? row->discussion : context->row.id;
	const int32_t thread = comments ? row->discussion_post : row->id;
	struct post_replies *replies;
	struct thread_row stored;

	/* What was answered before the group was a forum is in no topic: clients put it into
	 * General. */
	post->topic =
		row->thread && is_forum(context) && topic_rows_has(&context->place, row->thread);
	if (row->action != ACTION_NONE || row->thread)
		return;
	if (comments && (!row->discussion || row->discussion != context->shared->settings.linked))
		return;
	replies = ARENA_NEW(call->arena, struct post_replies);
	*replies = (struct post_replies){.count = row->replies,
		.pts = context->row.pts,
		.comments = comments,
		.channel = comments ? group : 0,
		.max_id = row->replies_top};
	post->replies = replies;
	if (!row->replies)
		return;
	home_thread_get(call_home(call), group, thread, &stored);
	for (size_t i = 0; i < THREAD_RECENT; i++)
		replies->recent[i] = peer_of(stored.recent[i]);
	if (call->user)
		replies->read_max_id =
			home_thread_read_get(call_home(call), call->user, group, thread);
}
