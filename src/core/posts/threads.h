/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Threads of answers in supergroups, and comments: a channel may have a group in which its posts
 * are discussed (settings.linked of both). Each post is forwarded there by itself, once whatever
 * the number of readers, and what is answered to that copy are the post's comments. A thread is
 * named by the post it is about; in a forum threads are topics (core/posts/topics.h).
 * https://core.telegram.org/api/threads, https://core.telegram.org/api/discussion
 *
 * Functions act for call->user and return 0, or -1 after rpc_error, unless they say otherwise.
 */
#ifndef CORE_THREADS_H
#define CORE_THREADS_H

#include "core/channels/channel_load.h"
#include "core/posts/posts.h"
#include "store/home_changes.h"

#define THREAD_UNREAD_MAX 1000 /* a thread's number of unread posts goes no higher */

/* Whether this post of a group is the copy of one of the channel that it discusses now. */
static inline bool thread_is_comments(
	const struct channel_context *group, const struct post_row *root)
{
	return root->discussion && root->discussion == group->shared->settings.linked;
}

/* ---- Looking ---- */

struct thread {
	struct channel_context group;
	int32_t id;		/* the post that it is about; of a forum's General: TOPIC_GENERAL */
	struct post_row root;	/* that post; id 0: it is gone */
	int64_t broadcast;	/* the channel whose post is discussed; 0: none */
	int32_t broadcast_post; /* its id there */
};

/* The thread that a post of a group is about or in, or the comments to a post of a channel. Faults
 * as channel_need_open, and MSG_ID_INVALID. */
int thread_find(struct call *call, int64_t channel, int32_t post, struct thread *out);
/* What a client looks at: the channel, as channel_need_open, or the thread of it that it names, as
 * thread_find. *bound: for struct post_bounds; 0: no thread is named. */
int thread_scope(struct call *call, int64_t channel, int32_t named, struct channel_context *out,
	int32_t *bound);
int thread_history(struct call *call, int64_t channel, int32_t post, const struct post_range *range,
	struct post_list *out);

struct thread_marks {
	int32_t top, read_inbox, read_outbox, unread;
};

/* root: of the group, with the message that the thread is about, if it is there. */
int thread_discussion(struct call *call, int64_t channel, int32_t post, struct post_list *root,
	struct thread_marks *marks);
void thread_marks_of(struct call *call, const struct channel_context *group, int32_t thread,
	struct thread_marks *out);
/* How far the viewer has read it: at least to where it came into the group. */
int32_t thread_read_by(struct call *call, const struct channel_context *group, int32_t thread);
/* Everything up to max_id is read; tells the account's other sessions, and who wrote it. */
int thread_read(struct call *call, int64_t channel, int32_t post, int32_t max_id);
/* The builder of CHANGE_THREAD_READ. */
bool thread_read_change(struct call *call, const struct home_change *change, struct update *update);

/* ---- For posts ---- */

/* Sets draft->thread, from what it answers and from the thread that the client named there. Faults
 * TOPIC_CLOSED, TOPIC_DELETED; CHAT_GUEST_SEND_FORBIDDEN: who is no member only comments. */
MUST_CHECK int thread_settle(
	struct call *call, const struct channel_context *context, struct message *draft);
/* Whether the viewer may write in the thread that this post is about: who is no member of the group
 * only where a post of the channel is discussed. */
bool thread_lets_in(struct call *call, const struct channel_context *context, int32_t root);
/* The post has its row and is about to be told: counts it in its thread, forwards it into the group
 * where it is discussed, fills in post->replies. */
void thread_posted(struct call *call, struct channel_context *context, struct message *post);
/* The row is about to be deleted. Returns its copy in the group where it is discussed; 0: none. */
int32_t thread_left(struct call *call, struct channel_context *context, const struct post_row *row);
/* Those copies go too. */
void thread_copies_remove(struct call *call, const struct channel_context *channel,
	const int32_t *copies, size_t count);
/* The copy of a post that was changed, whose row this was, says what the post says. */
void thread_edited(struct call *call, const struct channel_context *channel,
	const struct post_row *row, const struct message *post);
/* Fills in replies of a post that was read from its row. */
void thread_show(struct call *call, const struct channel_context *context,
	const struct post_row *row, struct message *post);

#endif
