/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Posts as rows and in their sequence: each is one row, one event and one effect, whatever the
 * number of members. Sending is posts_send.c, changing posts_edit.c, reading posts_read.c.
 */
#include "core/posts/posts_private.h"

#include "core/bots/bot_updates.h"
#include "core/messages/box.h"
#include "core/channels/channel_stats.h"
#include "core/messages/media.h"
#include "core/posts/measures.h"
#include "core/messages/message_body.h"
#include "core/messages/polls.h"
#include "core/posts/post_reactions.h"
#include "core/posts/post_people.h"
#include "core/posts/threads.h"

/* ---- Rows and messages ---- */

/* What the order says, with its time as the time of the edit: clients keep the latest. */
static void post_conceal(const struct measures *measures, struct message *out)
{
	out->text = measures->restriction.text;
	out->entities = NULL;
	out->entity_count = out->user_count = 0;
	out->media = NULL;
	out->keyboard = NULL;
	out->forward = NULL;
	out->reply = NULL;
	out->edit_date_s = measures->hidden_at_s;
}

/* The few posts that orders are about. */
static void post_measure(struct call *call, const struct channel_context *context,
	const struct post_row *row, struct message *out)
{
	struct measures measures;

	if (!row->hidden_by && !row->labelled_by) {
		post_people_restore(call, context->row.id, out);
		return;
	}
	measures_read(call, context->row.id, row->id, &measures);
	out->label = measures.restriction.label;
	out->by_country = row->hidden_by && measures_by_country(&measures);
	if (row->hidden_by && measures_hide(call, &measures))
		post_conceal(&measures, out);
	else
		post_people_restore(call, context->row.id, out);
}

/* In whose name it stands: a channel's own posts name nobody, unless it links who signs,
 * and never who did not sign when it was written. */
void post_show_author(
	const struct channel_context *context, struct post_author author, struct message *out)
{
	const bool linked = context->shared->settings.flags & CHANNEL_SIGNATURE_PROFILES &&
			    out->signature.size > 0;

	out->author = author.author;
	out->post = context->row.broadcast;
	out->from = (struct peer){PEER_NONE, 0};
	if (author.shown)
		out->from = (struct peer){PEER_CHANNEL, author.shown};
	else if (author.author && (!out->post || linked))
		out->from = (struct peer){PEER_USER, author.author};
}

/* What depends on who looks: of a contact who it is, of a poll what he chose. */
static void post_media_for(struct call *call, struct message *post)
{
	const struct home_box box = {.db = call_home(call),
		.vault = call->store->vault,
		.arena = call->arena,
		.owner = call->user};

	if (post->media && (post->media->kind == MEDIA_CONTACT || post->media->kind == MEDIA_POLL))
		post->media = media_for(&box, post->peer, post->media);
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
	out->pinned = row->pinned;
	out->forwards = row->forwards;
	out->thread = row->thread;
	post_show_author(context, home_authors_get(call_home(call), context->row.id, row->id), out);
	post_reactions_show(call, context, row, out);
	post_measure(call, context, row, out);
	post_media_for(call, out);
	if (out->media && out->media->kind == MEDIA_POLL)
		poll_post_stats(context, out->media->poll_view);
	post_mentions_show(call, context, out);
	thread_show(call, context, row, out);
	/* The sender's client takes the answer for its own post only when it is outgoing. */
	out->out = out->author == call->user && call->user != 0;
}

struct post_row post_to_row(
	struct call *call, const struct channel_context *context, const struct message *post)
{
	const struct bytes words =
		post->action == ACTION_NONE ? poll_words(call, post) : (struct bytes){NULL, 0};
	struct message stored;

	if (context->row.in_square || context->place.rest) {
		stored = post_people_keep(call, context->row.id, post);
		post = &stored;
	}
	return (struct post_row){
		.id = post->id,
		.date_s = post->date_s,
		.edit_date_s = post->edit_date_s,
		.action = post->action,
		.body = message_body_encode(call->arena, post),
		.text = words,
		.views = post->views,
		.random_id = post->random_id,
		.pinned = post->pinned,
		.forwards = post->forwards,
		.thread = post->thread,
		.content = box_content(post),
	};
}

/* ---- The sequence ---- */

#define TOLD_EACH 64

bool post_told_to_all(int32_t total)
{
	int32_t step = 1;

	while (total / step >= 2 * TOLD_EACH)
		step *= 2;
	return total % step == 0;
}

void post_log_event(struct call *call, struct channel_context *context,
	enum channel_event_kind kind, const struct update *update)
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

static bool is_arrival(const struct message *post, int64_t user)
{
	return post->action == ACTION_JOINED_BY_LINK || post->action == ACTION_JOINED_BY_REQUEST ||
	       (post->action == ACTION_CHAT_ADD && post->users[0] == user);
}

/* To all alike: whom the writer knows by a number in a contact, what he chose in a poll, is not
 * their business. */
static void tell_alike(
	struct call *call, const struct channel_context *context, const struct update *update)
{
	struct update alike = *update;
	struct message post = *update->message;
	struct reaction_tally *tally = NULL;
	struct post_replies replies;
	struct media media;

	post.attention = 0;
	if (post.media && post.media->kind == MEDIA_CONTACT) {
		media = *post.media;
		media.user = 0;
		post.media = &media;
	}
	post.media = poll_alike(call, post.media);
	if (post.tally)
		tally = post_reactions_alike(call->arena, post.tally);
	post.tally = tally;
	if (post.replies) {
		replies = *post.replies;
		replies.read_max_id = 0;
		post.replies = &replies;
	}
	alike.message = &post;
	channel_tell_members(call, context, &alike);
}

/* Who writes has read what was there before. */
static void read_own(struct call *call, struct channel_context *context, int32_t id)
{
	const bool others = context->membership.read_inbox < id - 1;

	home_members_set_read(call_home(call), call->user, context->row.id, id, call->now_s);
	context->membership.read_inbox = id;
	if (others)
		channel_read_tell(call, context, id);
}

void post_append(struct call *call, struct channel_context *context, struct message *post,
	struct update *update)
{
	struct channel_row *row = &context->row;
	const struct post_author author = {
		call->user, post->from.kind == PEER_CHANNEL ? post->from.id : 0};
	struct post_row stored;

	*update = (struct update){.kind = UPDATE_NEW_POST,
		.pts_count = 1,
		.peer = {PEER_CHANNEL, row->id},
		.message = post};
	channel_rows_advance(&context->place, 1, 1, 1, &update->pts, &row->top_id);
	row->post_count++;
	post->id = row->top_id;
	post->peer = update->peer;
	poll_place(call, post, post->id);
	post->date_s = call->now_s;
	/* What opens a topic is the first in it. */
	if (post->action == ACTION_TOPIC_CREATE)
		post->thread = post->id;
	/* What says that something was done stays, as in other chats. */
	post->period_s = post->action == ACTION_NONE ? context->shared->settings.period_s : 0;
	/* The author counts as the first reader, as in stock channels. */
	post->views = row->broadcast && post->action == ACTION_NONE ? 1 : 0;
	home_authors_set(call_home(call), row->id, post->id, &author);
	post_show_author(context, author, post);
	post_mentions_find(call, context, post);
	stored = post_to_row(call, context, post);
	post_rows_insert(&context->place, call->arena, &stored);
	post_mentions_keep(call, context, post);
	stats_post(call, context, post);
	if (post->period_s)
		post_rows_set_expiry(&context->place, post->id, post->date_s + post->period_s);
	post_log_event(call, context, CHANNEL_EVENT_POST, update);
	thread_posted(call, context, post);
	bot_note_post(call, post, false);
	tell_alike(call, context, update);
	post->out = true;
	post->mentioned = false;
	post_media_for(call, post);
	if (!channel_is_member(&context->view))
		return;
	/* In a forum each topic is read by itself. */
	if (!(context->shared->settings.flags & CHANNEL_FORUM))
		read_own(call, context, post->id);
	/* Who only comes has read nothing of what others wrote. */
	if (!is_arrival(post, call->user))
		channel_read_note(call, context, post->id);
}

void post_answer(struct call *call, const struct channel_context *context,
	const struct update *posted, struct update_set *answer)
{
	const int32_t read = context->membership.read_inbox;
	struct update *update;

	if (read >= posted->message->id) {
		update = channel_answer_add(
			call, answer, UPDATE_CHANNEL_READ_INBOX, context->row.id);
		update->max_id = read;
		update->pts = posted->pts;
		update->unread = channel_unread(context, read);
	}
	*channel_answer_add(call, answer, UPDATE_NEW_POST, context->row.id) = *posted;
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
	post_log_event(call, context, CHANNEL_EVENT_EDIT, update);
	post_mentions_load(call, context, post);
	tell_alike(call, context, update);
	return true;
}
