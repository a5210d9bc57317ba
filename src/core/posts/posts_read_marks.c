/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How far a supergroup was read. Two numbers say it for everybody: the furthest of all, with who
 * that is, and the furthest of the others. So a post costs the same whatever the number of members,
 * and an author is told once that somebody has read his.
 */
#include "core/changes.h"
#include "core/messages/read_dates.h"
#include "core/posts/posts_private.h"
#include "store/channel_threads.h"
#include "store/home_authors.h"
#include "store/home_history.h"
#include "store/home_mentions.h"

#define UNREAD_COUNTED_MAX 100	  /* of more, those that were deleted count too */
#define AUTHORS_LOOKED_AT_MAX 100 /* newest posts whose authors are told */

static int32_t read_by_others(const struct channel_reads *reads, int64_t user)
{
	return reads->reader == user ? reads->other_id : reads->max_id;
}

static bool advance(struct channel_reads *reads, int64_t reader, int32_t max_id)
{
	if (reads->reader == reader) {
		if (max_id <= reads->max_id)
			return false;
		reads->max_id = max_id;
	} else if (max_id > reads->max_id) {
		*reads = (struct channel_reads){reader, max_id, reads->max_id};
	} else if (max_id > reads->other_id) {
		reads->other_id = max_id;
	} else {
		return false;
	}
	return true;
}

static void tell_author(struct call *call, int64_t author, int64_t channel, int32_t max_id)
{
	struct update update = {.kind = UPDATE_CHANNEL_READ_OUTBOX,
		.peer = {PEER_CHANNEL, channel},
		.max_id = max_id};
	struct update_set set = {.updates = &update, .update_count = 1, .date_s = call->now_s};
	struct effect *effect = effects_append(call->effects, EFFECT_ACCOUNT);

	effect->account = author;
	effect->set = effects_copy_set(call->effects, &set);
}

/* The newest of an author's that was read comes first. */
static bool told_before(const struct author_row *rows, size_t at, int32_t read)
{
	for (size_t i = 0; i < at; i++) {
		if (rows[i].author == rows[at].author && rows[i].post <= read)
			return true;
	}
	return false;
}

static void tell_authors(struct call *call, int64_t channel, const struct channel_reads *before,
	const struct channel_reads *after)
{
	struct author_row rows[AUTHORS_LOOKED_AT_MAX];
	const size_t count = home_authors_between(call_home(call), channel, before->other_id,
		after->max_id, rows, AUTHORS_LOOKED_AT_MAX);

	for (size_t i = 0; i < count; i++) {
		const int64_t author = rows[i].author;
		const int32_t read = read_by_others(after, author);

		if (author == call->user || rows[i].post > read ||
			rows[i].post <= read_by_others(before, author) ||
			told_before(rows, i, read))
			continue;
		tell_author(call, author, channel, rows[i].post);
	}
}

void channel_read_note(struct call *call, const struct channel_context *context, int32_t max_id)
{
	const int64_t channel = context->row.id;
	struct channel_reads before, after;

	if (context->row.broadcast)
		return;
	before = after = home_channel_reads_get(call_home(call), channel);
	if (!advance(&after, call->user, max_id))
		return;
	home_channel_reads_put(call_home(call), channel, &after);
	channel_change_note(call, channel, CHANGE_READ_OUTBOX);
	tell_authors(call, channel, &before, &after);
	if (context->shared->members <= READ_DATES_GROUP_MAX)
		home_read_date_put(
			call_home(call), call->user, PEER_CHANNEL, channel, max_id, call->now_s);
}

int32_t channel_unread(const struct channel_context *context, int32_t read_inbox)
{
	const int32_t newer = context->row.top_id - read_inbox;
	int32_t there;

	if (newer <= 0)
		return 0;
	there = post_rows_count_after(&context->place, 0, read_inbox, UNREAD_COUNTED_MAX);
	return there < UNREAD_COUNTED_MAX ? there : newer;
}

void channel_read_tell(struct call *call, const struct channel_context *context, int32_t max_id)
{
	struct update update = {.kind = UPDATE_CHANNEL_READ_INBOX,
		.peer = {PEER_CHANNEL, context->row.id},
		.max_id = max_id,
		.unread = channel_unread(context, max_id),
		.pts = context->row.pts};
	struct update_set set = {.updates = &update, .update_count = 1};
	struct effect *effect;

	channel_answer_finish(call, context, &set);
	effect = effects_append(call->effects, EFFECT_ACCOUNT);
	effect->account = call->user;
	effect->except_session = call->session_id;
	effect->set = effects_copy_set(call->effects, &set);
}

int32_t channel_read_outbox(struct call *call, const struct channel_context *context)
{
	struct channel_reads reads;

	if (context->row.broadcast)
		return context->row.top_id;
	reads = home_channel_reads_get(call_home(call), context->row.id);
	return read_by_others(&reads, call->user);
}

int channel_readers(
	struct call *call, int64_t channel, int32_t id, struct reader *out, size_t *count)
{
	struct membership_row rows[READ_DATES_GROUP_MAX];
	struct channel_context context;
	struct post_row post;
	size_t members;

	*count = 0;
	if (channel_need_open(call, channel, &context) < 0)
		return -1;
	if (context.row.broadcast || context.shared->members > READ_DATES_GROUP_MAX)
		return rpc_error(call, 400, "CHAT_TOO_BIG");
	if (!post_rows_find(&context.place, call->arena, id, &post) ||
		home_authors_get(call_home(call), channel, id).author != call->user)
		return rpc_error(call, 400, "MSG_ID_INVALID");
	if (post.date_s < call->now_s - READ_DATES_KEEP_S)
		return rpc_error(call, 400, "MSG_TOO_OLD");
	members = home_members_of_channel(
		call_home(call), call->arena, channel, MEMBERS_IN, 0, rows, READ_DATES_GROUP_MAX);
	for (size_t i = 0; i < members; i++) {
		const struct reader reader = {
			rows[i].user, home_read_date_get(call_home(call), rows[i].user,
					      PEER_CHANNEL, channel, id)};

		if (rows[i].user != call->user && reader.date_s &&
			reader_is_open(call, rows[i].user))
			out[(*count)++] = reader;
	}
	return 0;
}
