/* SPDX-License-Identifier: Apache-2.0 */
/* Polls in posts. What they are and what a vote does is polls.c and polls_vote.c; here is what
 * differs in a channel: who asks, who is told, who closes, and when a poll goes. */
#include "core/channels/admin_log.h"
#include "core/messages/box.h"
#include "core/changes.h"
#include "core/channels/channel_stats.h"
#include "core/messages/poll_body.h"
#include "core/messages/polls_private.h"
#include "core/posts/posts_private.h"
#include "store/home_post_reactions.h"

static bool has_poll(const struct media *media)
{
	return media && media->kind == MEDIA_POLL;
}

/* ---- Showing ---- */

struct media *poll_alike(struct call *call, struct media *media)
{
	struct home_sealer home = polls_home(call);
	struct media *copy;

	if (!has_poll(media))
		return media;
	copy = ARENA_NEW(call->arena, struct media);
	*copy = *media;
	copy->poll_view = polls_view_alike(&home, media->poll_owner, media->poll);
	return copy;
}

struct bytes poll_words(struct call *call, const struct message *post)
{
	struct home_sealer home = polls_home(call);
	struct home_poll row;
	struct poll poll;
	const char *words;

	if (!has_poll(post->media) ||
		!polls_read(&home, post->media->poll_owner, post->media->poll, &row, &poll))
		return post->text;
	words = arena_printf(call->arena, "%.*s%s%.*s", (int)post->text.size,
		(const char *)post->text.data, post->text.size ? "\n" : "", (int)poll.question.size,
		(const char *)poll.question.data);
	for (size_t i = 0; i < poll.option_count; i++)
		words = arena_printf(call->arena, "%s\n%.*s", words, (int)poll.options[i].text.size,
			(const char *)poll.options[i].text.data);
	return bytes_from_str(words);
}

void poll_post_stats(const struct channel_context *context, struct poll *view)
{
	if (view)
		view->stats_shown =
			view->owner == -context->row.id && stats_may_view(&context->view);
}

/* ---- Asking ---- */

int poll_settle_post(
	struct call *call, const struct channel_context *context, struct message *draft)
{
	struct home_sealer home = polls_home(call);
	struct media *media = draft->media;
	const struct poll *poll;

	if (!has_poll(media))
		return 0;
	poll = media->poll ? polls_view_alike(&home, media->poll_owner, media->poll)
			   : media->poll_view;
	/* Nobody learns who reads a channel. */
	if (context->row.broadcast && poll && poll->public_voters)
		return rpc_error(call, 400, "BROADCAST_PUBLIC_VOTERS_FORBIDDEN");
	return media->poll ? 0 : poll_create(call, -context->row.id, media);
}

void poll_left(struct call *call, const struct channel_context *context, const struct post_row *row)
{
	if (!(row->content & CONTENT_POLL))
		return;
	if (row->forwards)
		home_poll_unplace(call_home(call), -context->row.id, row->id);
	else
		home_remains_put(call_home(call), context->row.id, row->id);
}

/* ---- Voting ---- */

int poll_post_find(struct call *call, struct poll_at *at, struct message *out)
{
	if (channel_need_open(call, at->in.id, &at->channel) < 0)
		return -1;
	if (!post_rows_find(&at->channel.place, call->arena, at->id, &at->post) ||
		at->post.hidden_by)
		return rpc_error(call, 400, "MESSAGE_ID_INVALID");
	post_from_row(call, &at->channel, &at->post, out);
	return 0;
}

static struct update update_of(const struct poll_at *at, struct poll *view)
{
	return (struct update){.kind = UPDATE_POLL,
		.peer = at->in,
		.max_id = at->id,
		.thread = at->post.thread,
		.poll = view};
}

void poll_post_tell(struct call *call, struct poll_at *at, struct update_set *answer)
{
	struct home_sealer home = polls_home(call);
	const int64_t owner = at->row.owner, id = at->row.id;
	struct update *own = ARENA_NEW(call->arena, struct update);
	struct update alike;

	if (post_told_to_all(at->poll.voters)) {
		alike = update_of(at, polls_view_alike(&home, owner, id));
		channel_tell_members(call, &at->channel, &alike);
	}
	*own = update_of(at, polls_view(&home, call->user, owner, id));
	poll_post_stats(&at->channel, own->poll);
	change_tell(
		call, call->user, call->session_id, CHANGE_POLL, polls_owner_peer(owner), id, own);
	*answer = (struct update_set){.updates = own, .update_count = 1};
	channel_answer_finish(call, &at->channel, answer);
}

/* ---- Closing ---- */

/* The copy in the group where the post is discussed ends with it. */
static void tell_discussion(struct call *call, const struct post_row *post)
{
	struct call as_nobody = *call;
	struct channel_context group;
	struct update edited;

	as_nobody.user = 0;
	as_nobody.session_id = 0;
	if (post->discussion && channel_load(&as_nobody, post->discussion, &group))
		(void)post_tell_edited(&as_nobody, &group, post->discussion_post, &edited);
}

int poll_post_close(struct call *call, struct poll_at *at, struct update_set *answer)
{
	struct message *post = ARENA_NEW(call->arena, struct message);
	struct update edited;

	if (at->forwarded || at->row.owner != -at->in.id || at->row.message != at->id)
		return rpc_error(call, 403, "MESSAGE_AUTHOR_REQUIRED");
	if (post_may_edit(call, &at->channel, at->id) < 0)
		return -1;
	if (at->row.closed)
		return rpc_error(call, 400, "MESSAGE_NOT_MODIFIED");
	home_poll_set_closed(call_home(call), at->row.owner, at->row.id);
	/* In the sequence, so that devices that are away learn of it, too. */
	if (!post_tell_edited(call, &at->channel, at->id, &edited))
		return rpc_error(call, 400, "MESSAGE_ID_INVALID");
	tell_discussion(call, &at->post);
	post_from_row(call, &at->channel, &at->post, post);
	admin_log(call, &at->channel,
		&(struct admin_entry){.event = EVENT_POLL_STOP, .posts = {NULL, post}});
	*answer = (struct update_set){0};
	*channel_answer_add(call, answer, UPDATE_EDIT_POST, at->in.id) = edited;
	channel_answer_finish(call, &at->channel, answer);
	return 0;
}

void poll_post_ended(struct call *call, const struct home_poll *poll)
{
	struct call as_nobody = *call;
	struct channel_context context;
	struct update edited;
	struct post_row post;

	as_nobody.user = 0;
	as_nobody.session_id = 0;
	if (!poll->message || !channel_load(&as_nobody, -poll->owner, &context) ||
		!post_rows_find(&context.place, call->arena, poll->message, &post))
		return;
	(void)post_tell_edited(&as_nobody, &context, poll->message, &edited);
	tell_discussion(call, &post);
}
