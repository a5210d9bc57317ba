/* SPDX-License-Identifier: Apache-2.0 */
/* Sending a post. What is written is posts.c's; changing and deleting is posts_edit.c. */
#include "core/posts/posts.h"

#include "core/messages/box.h"
#include "core/channels/channel_rights.h"
#include "core/channels/channel_stats.h"
#include "core/messages/entities.h"
#include "core/bots/keyboard.h"
#include "core/messages/polls.h"
#include "core/posts/post_views.h"
#include "core/posts/posts_private.h"
#include "core/messages/scheduled.h"
#include "core/channels/send_as.h"
#include "core/messages/sources.h"
#include "core/posts/threads.h"
#include "store/home_calls.h"
#include "store/home_channel_salts.h"

static void send_answer(struct call *call, const struct channel_context *context,
	const struct update *new_post, int64_t random_id, struct update_set *answer)
{
	struct update *update;

	*answer = (struct update_set){0};
	update = channel_answer_add(call, answer, UPDATE_MESSAGE_ID, context->row.id);
	update->max_id = new_post->message->id;
	update->random_id = random_id;
	post_answer(call, context, new_post, answer);
	channel_answer_finish(call, context, answer);
}

/* The same request again: the same answer, for the client that did not get the first. */
static int send_again(struct call *call, const struct channel_context *context, int32_t id,
	struct message *draft, struct update_set *answer)
{
	const int64_t random_id = draft->random_id;
	const struct post_author own = {call->user, 0};
	struct update update = {.kind = UPDATE_NEW_POST,
		.pts = context->row.pts,
		.peer = {PEER_CHANNEL, context->row.id},
		.message = draft};
	struct post_row row;

	if (!post_rows_find(&context->place, call->arena, id, &row))
		return rpc_error(call, 500, "RANDOM_ID_DUPLICATE");
	post_from_row(call, context, &row, draft);
	/* A crash between the two commits left a post without its author: who knows its random_id
	 * is the one. */
	if (!draft->author) {
		home_authors_set(call_home(call), context->row.id, id, &own);
		post_show_author(context, own, draft);
		draft->out = true;
	}
	if (draft->author != call->user)
		return rpc_error(call, 500, "RANDOM_ID_DUPLICATE");
	send_answer(call, context, &update, random_id, answer);
	return 0;
}

/* Where what waits is kept: of a broadcast channel all admins who may post have it. */
static int queue_of(struct call *call, const struct channel_context *context, struct home_box *box)
{
	if (!context->row.broadcast)
		return box_open(call, call->user, box) ? 0
						       : rpc_error(call, 400, "PEER_ID_INVALID");
	home_channel_salt_need(call_home(call), context->row.id);
	scheduled_queue_open(call, context->row.id, box);
	return 0;
}

/* What waited is sent also where its question is gone meanwhile. */
static int check_replied(
	struct call *call, const struct channel_context *context, struct message *draft)
{
	struct post_row row;

	if (!draft->reply_to || (draft->reply && draft->reply->peer.kind != PEER_NONE) ||
		post_rows_find(&context->place, call->arena, draft->reply_to, &row))
		return 0;
	if (!draft->was_scheduled)
		return rpc_error(call, 400, "REPLY_MESSAGE_ID_INVALID");
	draft->reply_to = 0;
	draft->reply = NULL;
	return 0;
}

static int settle(struct call *call, const struct channel_context *context, struct message *draft)
{
	const struct peer here = {PEER_CHANNEL, context->row.id};

	if (reply_settle(call, here, draft) < 0 || entities_accept(call, draft) < 0 ||
		keyboard_accept(call, &draft->keyboard) < 0)
		return -1;
	/* All read the same post. */
	reply_for_others(call, draft);
	draft->action = ACTION_NONE;
	draft->edit_date_s = 0;
	if (check_replied(call, context, draft) < 0)
		return -1;
	return poll_settle_post(call, context, draft);
}

/* A request that comes again is answered as before. */
static int schedule(struct call *call, const struct channel_context *context, struct message *draft,
	struct update_set *answer)
{
	const struct peer here = {PEER_CHANNEL, context->row.id};
	struct home_box box;
	struct peer as;
	int before;

	if (queue_of(call, context, &box) < 0)
		return -1;
	before = scheduled_before(call, &box, here, draft->random_id, answer);
	if (before)
		return before < 0 ? -1 : 0;
	if (settle(call, context, draft) < 0 || send_as_settle(call, context, draft, &as) < 0 ||
		thread_settle(call, context, draft) < 0)
		return -1;
	/* What waits keeps its thread in what it answers. */
	if (!draft->reply_to)
		draft->reply_to = draft->thread;
	draft->peer = here;
	return scheduled_add(call, &box, draft, as, answer);
}

int channel_post_send(
	struct call *call, int64_t id, struct message *draft, struct update_set *answer)
{
	struct channel_context context;
	struct update new_post;
	struct peer as;
	int32_t sent;

	if (draft->random_id == 0)
		return rpc_error(call, 400, "RANDOM_ID_EMPTY");
	if (channel_need_guest(call, id, &context) < 0 ||
		channel_may_send(call, &context, message_rights(draft)) < 0)
		return -1;
	sent = post_rows_by_random(&context.place, draft->random_id);
	if (sent)
		return send_again(call, &context, sent, draft, answer);
	if (home_spent_has(call_home(call), posts_spent_owner(&context), draft->random_id))
		return rpc_error(call, 400, "RANDOM_ID_DUPLICATE");
	if (schedule_is_later(call, draft->date_s))
		return schedule(call, &context, draft, answer);
	if (settle(call, &context, draft) < 0 || send_as_settle(call, &context, draft, &as) < 0)
		return -1;
	if (thread_settle(call, &context, draft) < 0 || channel_slow_down(call, &context) < 0)
		return -1;
	channel_sign(call, &context, draft);
	post_append(call, &context, draft, &new_post);
	send_answer(call, &context, &new_post, draft->random_id, answer);
	return 0;
}

void channel_post_forwarded(struct call *call, int64_t channel, int32_t post)
{
	struct channel_context context;

	if (!channel_load(call, channel, &context))
		return;
	post_rows_count(&context.place, post, &(struct post_counts){.forwards = 1});
	stats_forward(call, &context, post);
	post_views_changed(call->env->views, channel, post);
}

/* Those who are here are told, each time: more would notice only a flicker. */
#define TYPING_MEMBERS_MAX 1000

int channel_typing(
	struct call *call, int64_t id, int32_t thread, enum typing_action action, int32_t progress)
{
	struct update update = {.kind = UPDATE_TYPING,
		.peer = {PEER_CHANNEL, id},
		.thread = thread,
		.typing = action,
		.progress = progress};
	struct channel_context context;

	if (channel_need_guest(call, id, &context) < 0 ||
		channel_may_send(call, &context, CHAT_SEND) < 0)
		return -1;
	if (!thread_lets_in(call, &context, thread))
		return rpc_error(call, 403, "CHAT_GUEST_SEND_FORBIDDEN");
	/* Nobody sees who writes for a channel. */
	if (context.row.broadcast || context.shared->members > TYPING_MEMBERS_MAX)
		return 0;
	update.by = (struct peer){PEER_USER, call->user};
	if (channel_admin_may(&context.view, ADMIN_ANONYMOUS))
		update.by = update.peer;
	channel_tell_members(call, &context, &update);
	return 0;
}
