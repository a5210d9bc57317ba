/* SPDX-License-Identifier: Apache-2.0 */
/* Looking at threads and marking them as read. What becomes of them when posts come and go is
 * threads_write.c. */
#include "core/posts/threads.h"

#include "core/messages/box.h"
#include "core/changes.h"
#include "core/posts/posts_private.h"
#include "core/channels/roster.h"
#include "core/posts/topics.h"
#include "store/channel_threads.h"
#include "store/home_authors.h"
#include "store/home_threads.h"

#define TOLD_AUTHORS_MAX 20 /* posts whose authors hear that they were read, at one reading */

/* ---- Finding ---- */

/* The copy of a channel's post, in the group that the channel has now. */
static int enter_discussion(struct call *call, int32_t post, struct thread *out)
{
	const struct channel_context channel = out->group;
	struct post_row row;

	if (!post_rows_find(&channel.place, call->arena, post, &row) || !row.discussion ||
		row.discussion != channel.shared->settings.linked)
		return rpc_error(call, 400, "MSG_ID_INVALID");
	if (channel_need_guest(call, row.discussion, &out->group) < 0)
		return -1;
	out->id = row.discussion_post;
	out->broadcast = channel.row.id;
	out->broadcast_post = post;
	return 0;
}

/* The thread that the post is in, or is about. */
static int enter_thread(struct call *call, int32_t post, struct thread *out)
{
	struct topic_row topic;
	struct post_row row;

	out->id = post;
	/* A topic outlives the post that opened it. */
	if (out->group.shared->settings.flags & CHANNEL_FORUM &&
		topic_rows_find(&out->group.place, call->arena, post, &topic))
		return 0;
	if (!post_rows_find(&out->group.place, call->arena, post, &row))
		return rpc_error(call, 400, "MSG_ID_INVALID");
	if (row.thread)
		out->id = row.thread;
	return 0;
}

bool post_is_shown(
	struct call *call, const struct channel_context *context, const struct post_row *row)
{
	struct post_row root = *row;

	if (!channel_is_guest(context))
		return true;
	return (!row->thread || post_rows_find(&context->place, call->arena, row->thread, &root)) &&
	       thread_is_comments(context, &root);
}

int thread_find(struct call *call, int64_t channel, int32_t post, struct thread *out)
{
	*out = (struct thread){0};
	if (channel_need_guest(call, channel, &out->group) < 0)
		return -1;
	if (out->group.row.broadcast ? enter_discussion(call, post, out) < 0
				     : enter_thread(call, post, out) < 0)
		return -1;
	if (!post_rows_find(&out->group.place, call->arena, out->id, &out->root))
		out->root = (struct post_row){0};
	if (!out->broadcast && thread_is_comments(&out->group, &out->root)) {
		out->broadcast = out->root.discussion;
		out->broadcast_post = out->root.discussion_post;
	}
	/* Who is no member is let in to what is said about the channel's posts. */
	if (channel_is_guest(&out->group) && !out->broadcast)
		return rpc_error(call, 400, "CHANNEL_PRIVATE");
	return 0;
}

/* What of posts is in the thread, for store/channel_rows.h. */
static int32_t bound_of(const struct thread *thread)
{
	const bool forum = thread->group.shared->settings.flags & CHANNEL_FORUM;

	return forum && thread->id == TOPIC_GENERAL ? POST_NO_THREAD : thread->id;
}

int thread_scope(struct call *call, int64_t channel, int32_t named, struct channel_context *out,
	int32_t *bound)
{
	struct thread thread;

	*bound = 0;
	if (named <= 0)
		return channel_need_open(call, channel, out);
	if (thread_find(call, channel, named, &thread) < 0)
		return -1;
	*out = thread.group;
	*bound = bound_of(&thread);
	return 0;
}

int thread_history(struct call *call, int64_t channel, int32_t post, const struct post_range *range,
	struct post_list *out)
{
	struct post_range within = *range;
	struct thread thread;

	if (thread_find(call, channel, post, &thread) < 0)
		return -1;
	within.thread = bound_of(&thread);
	channel_history_in(call, &thread.group, &within, out);
	out->total =
		within.thread == POST_NO_THREAD ? thread.group.row.post_count : thread.root.replies;
	return 0;
}

/* ---- Marks ---- */

/* The newest post of it; of General, which has no counter, it is looked up. */
static int32_t top_of(
	struct call *call, const struct channel_context *group, int32_t thread, int32_t bound)
{
	const struct post_bounds within = {.thread = bound};
	struct post_rows newest;

	post_rows_older(&group->place, call->arena, &within, INT32_MAX, 0, 1, &newest);
	return newest.count ? newest.at[0].id : thread;
}

static int32_t bound_in(const struct channel_context *group, int32_t thread)
{
	const struct thread of = {.group = *group, .id = thread};

	return bound_of(&of);
}

/* What was there before a member came is read. */
int32_t thread_read_by(struct call *call, const struct channel_context *group, int32_t thread)
{
	const int32_t own =
		home_thread_read_get(call_home(call), call->user, group->row.id, thread);

	return own > group->membership.read_inbox ? own : group->membership.read_inbox;
}

void thread_marks_of(struct call *call, const struct channel_context *group, int32_t thread,
	struct thread_marks *out)
{
	const int32_t bound = bound_in(group, thread);
	struct thread_row row;

	home_thread_get(call_home(call), group->row.id, thread, &row);
	*out = (struct thread_marks){
		.top = top_of(call, group, thread, bound),
		.read_inbox = thread_read_by(call, group, thread),
		.read_outbox = row.read_max,
	};
	out->unread =
		post_rows_count_after(&group->place, bound, out->read_inbox, THREAD_UNREAD_MAX);
}

int thread_discussion(struct call *call, int64_t channel, int32_t post, struct post_list *root,
	struct thread_marks *marks)
{
	struct thread thread;

	if (thread_find(call, channel, post, &thread) < 0)
		return -1;
	channel_posts_in(call, &thread.group, &thread.id, 1, root);
	thread_marks_of(call, &thread.group, thread.id, marks);
	return 0;
}

/* ---- Reading ---- */

static void fill_read(const struct thread *thread, int32_t max_id, struct update *update)
{
	*update = (struct update){.kind = UPDATE_THREAD_READ_INBOX,
		.peer = {PEER_CHANNEL, thread->group.row.id},
		.thread = thread->id,
		.max_id = max_id};
	if (thread->broadcast) {
		update->by = (struct peer){PEER_CHANNEL, thread->broadcast};
		update->by_post = thread->broadcast_post;
	}
}

bool thread_read_change(struct call *call, const struct home_change *change, struct update *update)
{
	const int32_t id = (int32_t)change->item;
	struct thread thread;

	if (thread_find(call, change->peer, id, &thread) < 0) {
		call->fault = (struct fault){0};
		return false;
	}
	fill_read(&thread, home_thread_read_get(call_home(call), call->user, change->peer, id),
		update);
	return true;
}

static void tell_author(
	struct call *call, const struct thread *thread, int64_t author, int32_t max_id)
{
	struct update update = {.kind = UPDATE_THREAD_READ_OUTBOX,
		.peer = {PEER_CHANNEL, thread->group.row.id},
		.thread = thread->id,
		.max_id = max_id};

	box_tell(call, author, 0, &update, 1);
}

/* Read are the posts that somebody else wrote before one that the reader did not write. */
static void note_outbox(struct call *call, const struct thread *thread, int32_t max_id)
{
	const struct post_bounds within = {.thread = bound_of(thread)};
	int64_t told[TOLD_AUTHORS_MAX];
	struct thread_row row;
	struct post_rows rows;
	size_t count = 0;
	int32_t read = 0;

	home_thread_get(call_home(call), thread->group.row.id, thread->id, &row);
	if (max_id <= row.read_max)
		return;
	post_rows_older(
		&thread->group.place, call->arena, &within, max_id + 1, 0, TOLD_AUTHORS_MAX, &rows);
	for (size_t i = 0; i < rows.count && rows.at[i].id > row.read_max; i++) {
		const int64_t author =
			home_authors_get(call_home(call), thread->group.row.id, rows.at[i].id)
				.author;
		bool again = author == 0 || author == call->user;

		if (author != call->user && !read)
			read = rows.at[i].id;
		for (size_t k = 0; k < count && !again; k++)
			again = told[k] == author;
		if (again || !read)
			continue;
		tell_author(call, thread, author, read);
		told[count++] = author;
	}
	if (!read)
		return;
	row.read_max = read;
	home_thread_put(call_home(call), thread->group.row.id, thread->id, &row);
}

int thread_read(struct call *call, int64_t channel, int32_t post, int32_t max_id)
{
	struct update update;
	struct thread thread;

	if (thread_find(call, channel, post, &thread) < 0)
		return -1;
	if (max_id <= 0 || max_id > thread.group.row.top_id)
		max_id = thread.group.row.top_id;
	if (max_id <= thread_read_by(call, &thread.group, thread.id))
		return 0;
	home_thread_read_put(call_home(call), call->user, thread.group.row.id, thread.id, max_id);
	fill_read(&thread, max_id, &update);
	change_tell(call, call->user, call->session_id, CHANGE_THREAD_READ, update.peer, thread.id,
		&update);
	note_outbox(call, &thread, max_id);
	return 0;
}
