/* SPDX-License-Identifier: Apache-2.0 */
/* Who is named or answered in a supergroup, and has not looked yet.
 * https://core.telegram.org/api/mentions
 */
#include "core/messages/box.h"
#include "core/changes.h"
#include "core/messages/mentions.h"
#include "core/posts/posts_private.h"
#include "core/posts/threads.h"
#include "store/home_mentions.h"

#define WAITING_MAX 1000  /* that a client can page through */
#define MENTIONED_MAX 101 /* ENTITIES_MAX, and who is answered */

static void add(struct call *call, const struct channel_context *context, struct message *post,
	int64_t user)
{
	struct membership_row row;

	if (!user || user == post->author || post->mention_count == MENTIONED_MAX)
		return;
	for (size_t i = 0; i < post->mention_count; i++) {
		if (post->mentions[i] == user)
			return;
	}
	if (home_members_find(call_home(call), user, context->row.id, &row) &&
		row.role >= ROLE_MEMBER && row.role <= ROLE_CREATOR)
		post->mentions[post->mention_count++] = user;
}

void post_mentions_find(
	struct call *call, const struct channel_context *context, struct message *post)
{
	const bool answers = post->reply_to &&
			     (!post->reply || post->reply->peer.kind == PEER_NONE) &&
			     post->action == ACTION_NONE;
	struct mentions named;

	post->mention_count = post->mentions_unread = 0;
	if (context->row.broadcast)
		return;
	post->mentions = arena_array(call->arena, MENTIONED_MAX, sizeof(*post->mentions));
	named = mentions_of(call, post);
	for (size_t i = 0; i < named.count; i++)
		add(call, context, post, named.users[i]);
	if (answers)
		add(call, context, post,
			home_authors_get(call_home(call), context->row.id, post->reply_to).author);
	/* In the row: that there is something to look up at all. */
	post->mentioned = post->mention_count > 0;
	post->mentions_unread = post->mention_count;
}

void post_mentions_keep(
	struct call *call, const struct channel_context *context, const struct message *post)
{
	for (size_t i = 0; i < post->mention_count; i++)
		home_mention_add(call_home(call), post->mentions[i], context->row.id, post->id,
			post->thread);
}

void post_mentions_load(
	struct call *call, const struct channel_context *context, struct message *post)
{
	if (context->row.broadcast)
		return;
	post->mentions = arena_array(call->arena, MENTIONED_MAX, sizeof(*post->mentions));
	post->mention_count = home_mentions_of_post(call_home(call), context->row.id, post->id,
		post->mentions, MENTIONED_MAX, &post->mentions_unread);
}

void post_mentions_show(
	struct call *call, const struct channel_context *context, struct message *post)
{
	bool unread = false;

	post->mentioned =
		post->mentioned && call->user &&
		home_mention_get(call_home(call), call->user, context->row.id, post->id, &unread);
	if (unread)
		post->attention |= ATTENTION_MENTION;
}

/* ---- Looking ---- */

int channel_mentions_waiting(struct call *call, int64_t id, int32_t thread,
	const struct post_range *range, struct post_list *out)
{
	struct mention_filter filter = {.unread = true, .above = range->min_id};
	struct channel_context context;
	int32_t *ids;
	size_t count, at;

	if (thread_scope(call, id, thread, &context, &filter.thread) < 0)
		return -1;
	filter.from = range->max_id > 0 ? range->max_id : INT32_MAX;
	ids = arena_array(call->arena, WAITING_MAX, sizeof(*ids));
	count = home_mentions_list(
		call_home(call), call->user, context.row.id, &filter, ids, WAITING_MAX);
	count = ids_window(ids, count, range, POSTS_PER_CALL_MAX, &at);
	channel_posts_in(call, &context, ids + at, count, out);
	out->total = home_mentions_count(call_home(call), call->user, context.row.id, &filter);
	return 0;
}

int32_t channel_mentions_unread(struct call *call, int64_t channel, int32_t bound)
{
	const struct mention_filter filter = {.thread = bound, .unread = true, .from = INT32_MAX};

	return (int32_t)home_mentions_count(call_home(call), call->user, channel, &filter);
}

/* ---- Reading ---- */

static void tell_read(
	struct call *call, int64_t channel, int32_t thread, int32_t *ids, size_t count)
{
	const struct peer in = {PEER_CHANNEL, channel};
	struct update update = {.kind = UPDATE_POST_CONTENTS_READ,
		.peer = in,
		.thread = thread,
		.ids = ids,
		.id_count = count};

	if (!count)
		return;
	for (size_t i = 0; i < count; i++)
		change_note(call, call->user, CHANGE_POST_CONTENTS, in, ids[i]);
	box_tell(call, call->user, call->session_id, &update, 1);
}

int channel_contents_read(struct call *call, int64_t id, const int32_t *ids, size_t count)
{
	struct channel_context context;
	int32_t *read;
	size_t done = 0;

	if (channel_need_open(call, id, &context) < 0)
		return -1;
	read = arena_array(call->arena, count, sizeof(*read));
	for (size_t i = 0; i < count; i++) {
		if (home_mention_read(call_home(call), call->user, id, ids[i]))
			read[done++] = ids[i];
	}
	tell_read(call, id, 0, read, done);
	return 0;
}

int channel_mentions_read(
	struct call *call, int64_t id, int32_t thread, int32_t *pts, int32_t *left)
{
	struct mention_filter filter = {.unread = true, .from = INT32_MAX};
	struct channel_context context;
	int32_t *ids;
	size_t count;

	if (thread_scope(call, id, thread, &context, &filter.thread) < 0)
		return -1;
	ids = arena_array(call->arena, POSTS_PER_CALL_MAX, sizeof(*ids));
	count = home_mentions_list(
		call_home(call), call->user, context.row.id, &filter, ids, POSTS_PER_CALL_MAX);
	for (size_t i = 0; i < count; i++)
		(void)home_mention_read(call_home(call), call->user, context.row.id, ids[i]);
	tell_read(call, context.row.id, thread, ids, count);
	*pts = context.row.pts;
	*left = count == POSTS_PER_CALL_MAX;
	return 0;
}

bool post_contents_change(
	struct call *call, const struct home_change *change, struct update *update)
{
	*update = (struct update){.kind = UPDATE_POST_CONTENTS_READ,
		.peer = {PEER_CHANNEL, change->peer},
		.ids = ARENA_NEW(call->arena, int32_t),
		.id_count = 1};
	update->ids[0] = (int32_t)change->item;
	return true;
}
