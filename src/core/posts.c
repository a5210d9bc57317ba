/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writing posts: each is one row, one event and one effect, whatever the number of members. Reading
 * is in posts_read.c, the difference in posts_difference.c.
 */
#include "core/posts.h"

#include "core/channel_load.h"
#include "core/entities.h"
#include "core/roster.h"
#include "store/home_calls.h"
#include "store/square_orders.h"

/* ---- Rows and messages ---- */

/* What the order says, with its time as the time of the edit: clients keep the latest. */
static void post_conceal(struct call *call, const struct post_row *row, struct message *out)
{
	struct order_row order;

	out->text = (struct bytes){NULL, 0};
	out->entities = NULL;
	out->entity_count = 0;
	if (!square_orders_find(call_square(call), call->arena, row->hidden_by, &order))
		return;
	out->text = order.text;
	out->edit_date_s = order.executed_at_ms / 1000;
}

void post_from_row(struct call *call, const struct channel_context *context,
	const struct post_row *row, struct message *out)
{
	*out = (struct message){0};
	if (message_body_decode(call->arena, row->body, out) < 0)
		db_fail(context->place.db, "a post's body cannot be read");
	out->id = row->id;
	out->peer = (struct peer){PEER_CHANNEL, context->row.id};
	out->date_s = row->date_s;
	out->edit_date_s = row->edit_date_s;
	out->action = (enum message_action)row->action;
	out->views = row->views;
	if (row->hidden_by)
		post_conceal(call, row, out);
	/* The creator is the only one who posts to a broadcast channel; the sender's client takes
	 * the answer for its own post only when it is outgoing. */
	out->out = context->view.role == ROLE_CREATOR;
	if (context->row.broadcast)
		return;
	out->from.id = home_authors_get(call_home(call), context->row.id, row->id);
	out->from.kind = out->from.id ? PEER_USER : PEER_NONE;
	out->out = out->from.id == call->user && call->user != 0;
}

void post_drop_accounts(struct message *post)
{
	size_t kept = 0;

	for (size_t i = 0; i < post->entity_count; i++)
		if (post->entities[i].kind != ENTITY_MENTION_NAME)
			post->entities[kept++] = post->entities[i];
	post->entity_count = kept;
}

static struct post_row post_to_row(struct call *call, const struct message *post)
{
	return (struct post_row){
		.id = post->id,
		.date_s = post->date_s,
		.edit_date_s = post->edit_date_s,
		.action = post->action,
		.body = message_body_encode(call->arena, post),
		.text = post->action == ACTION_NONE ? post->text : (struct bytes){NULL, 0},
		.views = post->views,
		.random_id = post->random_id,
	};
}

/* ---- The sequence ---- */

static void event_log(struct call *call, struct channel_context *context,
	enum channel_event_kind kind, struct update *update)
{
	const struct channel_event_row event = {
		.kind = kind,
		.pts = update->pts,
		.pts_count = update->pts_count,
		.post = update->message ? update->message->id : 0,
		.ids = update->ids,
		.id_count = update->id_count,
		.date_s = call->now_s,
	};

	channel_events_append(&context->place, &event);
	context->row.pts = update->pts;
	channel_refresh(call, context);
}

void post_append(struct call *call, struct channel_context *context, struct message *post,
	struct update *update)
{
	struct channel_row *row = &context->row;
	struct post_row stored;

	*update = (struct update){.kind = UPDATE_NEW_POST,
		.pts_count = 1,
		.peer = {PEER_CHANNEL, row->id},
		.message = post};
	channel_rows_advance(&context->place, 1, 1, 1, &update->pts, &row->top_id);
	row->post_count++;
	post->id = row->top_id;
	post->peer = update->peer;
	post->date_s = call->now_s;
	/* The author counts as the first reader, as in stock channels. */
	post->views = row->broadcast && post->action == ACTION_NONE ? 1 : 0;
	if (!row->broadcast) {
		post->from = (struct peer){PEER_USER, call->user};
		home_authors_set(call_home(call), row->id, post->id, call->user);
	}
	stored = post_to_row(call, post);
	post_rows_insert(&context->place, call->arena, &stored);
	event_log(call, context, CHANNEL_EVENT_POST, update);
	channel_tell_members(call, context, update);
	post->out = true;
	if (channel_is_member(&context->view))
		home_members_set_read(call_home(call), call->user, row->id, post->id, call->now_s);
}

bool post_tell_edited(
	struct call *call, struct channel_context *context, int32_t id, struct update *update)
{
	struct message *post = ARENA_NEW(call->arena, struct message);
	struct post_row row;
	int32_t top_id;

	if (!post_rows_find(&context->place, call->arena, id, &row))
		return false;
	post_from_row(call, context, &row, post);
	*update = (struct update){.kind = UPDATE_EDIT_POST,
		.pts_count = 1,
		.peer = {PEER_CHANNEL, context->row.id},
		.message = post};
	channel_rows_advance(&context->place, 1, 0, 0, &update->pts, &top_id);
	event_log(call, context, CHANNEL_EVENT_EDIT, update);
	channel_tell_members(call, context, update);
	return true;
}

/* ---- Sending ---- */

static int may_write(struct call *call, const struct channel_context *context)
{
	if (channel_may_post(&context->view))
		return 0;
	if (context->row.broadcast)
		return rpc_error(call, 403, "CHAT_WRITE_FORBIDDEN");
	return rpc_error(call, 400, "USER_NOT_PARTICIPANT");
}

static void send_answer(struct call *call, const struct channel_context *context,
	const struct update *new_post, int64_t random_id, struct update_set *answer)
{
	struct update *update;

	*answer = (struct update_set){0};
	update = channel_answer_add(call, answer, UPDATE_MESSAGE_ID, context->row.id);
	update->max_id = new_post->message->id;
	update->random_id = random_id;
	update = channel_answer_add(call, answer, UPDATE_CHANNEL_READ_INBOX, context->row.id);
	update->max_id = new_post->message->id;
	update->pts = new_post->pts;
	*channel_answer_add(call, answer, UPDATE_NEW_POST, context->row.id) = *new_post;
	channel_answer_finish(call, context, answer);
}

/* The same request again: the same answer, for the client that did not get the first. */
static int send_again(struct call *call, const struct channel_context *context, int32_t id,
	struct message *draft, struct update_set *answer)
{
	const int64_t random_id = draft->random_id;
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
	if (!context->row.broadcast && draft->from.kind == PEER_NONE) {
		home_authors_set(call_home(call), context->row.id, id, call->user);
		draft->from = (struct peer){PEER_USER, call->user};
		draft->out = true;
	}
	if (!context->row.broadcast && draft->from.id != call->user)
		return rpc_error(call, 500, "RANDOM_ID_DUPLICATE");
	send_answer(call, context, &update, random_id, answer);
	return 0;
}

/* Accounts and channels are numbered apart from each other: channels count below zero there. */
static int64_t spent_owner(const struct channel_context *context)
{
	return -context->row.id;
}

int channel_post_send(
	struct call *call, int64_t id, struct message *draft, struct update_set *answer)
{
	struct channel_context context;
	struct update new_post;
	struct post_row row;
	int32_t sent;

	if (draft->random_id == 0)
		return rpc_error(call, 400, "RANDOM_ID_EMPTY");
	if (channel_need_open(call, id, &context) < 0 || may_write(call, &context) < 0)
		return -1;
	sent = post_rows_by_random(&context.place, draft->random_id);
	if (sent)
		return send_again(call, &context, sent, draft, answer);
	if (home_spent_has(call_home(call), spent_owner(&context), draft->random_id))
		return rpc_error(call, 400, "RANDOM_ID_DUPLICATE");
	if (draft->reply_to && !post_rows_find(&context.place, call->arena, draft->reply_to, &row))
		return rpc_error(call, 400, "REPLY_MESSAGE_ID_INVALID");
	draft->action = ACTION_NONE;
	draft->edit_date_s = 0;
	if (context.row.in_square)
		post_drop_accounts(draft);
	post_append(call, &context, draft, &new_post);
	send_answer(call, &context, &new_post, draft->random_id, answer);
	return 0;
}

/* ---- Editing and deleting ---- */

/* Posts of a channel are its admins'; in a group a message is its author's. */
static bool may_edit(struct call *call, const struct channel_context *context, int32_t id)
{
	if (!channel_may_post(&context->view))
		return false;
	return context->row.broadcast ||
	       home_authors_get(call_home(call), context->row.id, id) == call->user;
}

/* The first post, which says that the channel was made, stays: clients take a chat without any
 * message for none, and TDLib asks for the chat list without end to get one. */
#define FIRST_POST 1

static bool may_delete(struct call *call, const struct channel_context *context, int32_t id)
{
	if (id == FIRST_POST)
		return false;
	return channel_is_admin(&context->view) || may_edit(call, context, id);
}

static bool same_content(const struct message *a, const struct message *b)
{
	if (!bytes_equal(a->text, b->text) || a->entity_count != b->entity_count)
		return false;
	for (size_t i = 0; i < a->entity_count; i++) {
		const struct entity *x = &a->entities[i], *y = &b->entities[i];

		if (x->kind != y->kind || x->offset != y->offset || x->length != y->length ||
			x->id != y->id || !bytes_equal(x->argument, y->argument))
			return false;
	}
	return true;
}

int channel_post_edit(
	struct call *call, int64_t id, struct message *draft, struct update_set *answer)
{
	struct channel_context context;
	struct update edited;
	struct message post;
	struct post_row row;

	if (channel_need_open(call, id, &context) < 0)
		return -1;
	/* What an order hides is out of its owner's hands until the order is lifted. */
	if (!post_rows_find(&context.place, call->arena, draft->id, &row) || row.hidden_by ||
		row.action != ACTION_NONE)
		return rpc_error(call, 400, "MESSAGE_ID_INVALID");
	if (!may_edit(call, &context, draft->id))
		return rpc_error(call, 403, "MESSAGE_AUTHOR_REQUIRED");
	post_from_row(call, &context, &row, &post);
	if (context.row.in_square)
		post_drop_accounts(draft);
	if (same_content(&post, draft))
		return rpc_error(call, 400, "MESSAGE_NOT_MODIFIED");
	post.text = draft->text;
	post.entities = draft->entities;
	post.entity_count = draft->entity_count;
	post.edit_date_s = call->now_s;
	row = post_to_row(call, &post);
	post_rows_update(&context.place, call->arena, &row);
	if (!post_tell_edited(call, &context, draft->id, &edited))
		return rpc_error(call, 400, "MESSAGE_ID_INVALID");
	*answer = (struct update_set){0};
	*channel_answer_add(call, answer, UPDATE_EDIT_POST, id) = edited;
	channel_answer_finish(call, &context, answer);
	return 0;
}

/* Where no post is left, its random id must still tell that a repeated packet is one. */
static void spend_random_id(struct call *call, const struct channel_context *context, int32_t id)
{
	struct post_row row;

	if (post_rows_find(&context->place, call->arena, id, &row) && row.random_id &&
		row.date_s > call->now_s - HOME_CALLS_KEEP_S)
		home_spent_add(call_home(call), spent_owner(context), row.random_id, row.date_s);
}

int channel_posts_delete(struct call *call, int64_t id, const int32_t *ids, size_t count,
	int32_t *pts, int32_t *pts_count)
{
	struct channel_context context;
	struct update update = {.kind = UPDATE_DELETE_POSTS, .peer = {PEER_CHANNEL, id}};
	int32_t top_id;

	if (channel_need_open(call, id, &context) < 0)
		return -1;
	if (count > POSTS_PER_CALL_MAX)
		count = POSTS_PER_CALL_MAX;
	for (size_t i = 0; i < count; i++)
		if (!may_delete(call, &context, ids[i]))
			return rpc_error(call, 403, "MESSAGE_DELETE_FORBIDDEN");
	update.ids = arena_array(call->arena, count, sizeof(*update.ids));
	for (size_t i = 0; i < count; i++) {
		spend_random_id(call, &context, ids[i]);
		if (post_rows_delete(&context.place, ids[i])) {
			home_authors_delete(call_home(call), id, ids[i]);
			update.ids[update.id_count++] = ids[i];
		}
	}
	*pts = context.row.pts;
	*pts_count = (int32_t)update.id_count;
	if (update.id_count == 0)
		return 0;
	channel_rows_advance(&context.place, *pts_count, 0, -(int64_t)*pts_count, pts, &top_id);
	update.pts = *pts;
	update.pts_count = *pts_count;
	event_log(call, &context, CHANNEL_EVENT_DELETE, &update);
	channel_tell_members(call, &context, &update);
	return 0;
}
