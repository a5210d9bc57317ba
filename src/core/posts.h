/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Posts: one sequence per channel with its own pts, shared by all members; a post costs the same
 * whatever their number. Written once for both places a channel can live in (store/channel_rows.h).
 *
 * Every function here refuses (CHANNEL_PRIVATE, CHAT_RESTRICTED, CHAT_WRITE_FORBIDDEN,
 * CHAT_ADMIN_REQUIRED …) by rpc_error and returns -1. Results live in the call's arena. `users` of
 * results and answers are authors of supergroup posts (as the viewer sees them); a broadcast
 * channel's posts have no author.
 */
#ifndef CORE_POSTS_H
#define CORE_POSTS_H

#include "core/channels.h"

#define POST_TEXT_MAX 4096 /* UTF-16 units */
#define POSTS_PER_CALL_MAX 100

/* ---- Writing ---- */

/* draft: text, entities, entity_count, reply_to, silent, noforwards, random_id (not 0). The rest
 * is filled in. answer: UPDATE_MESSAGE_ID, UPDATE_CHANNEL_READ_INBOX, UPDATE_NEW_POST, channel,
 * users. A repeated random_id gives the same answer again and writes nothing. */
int channel_post_send(
	struct call *call, int64_t id, struct message *draft, struct update_set *answer);
/* draft: id, text, entities, entity_count. answer: UPDATE_EDIT_POST. The author, or an admin of a
 * broadcast channel. */
int channel_post_edit(
	struct call *call, int64_t id, struct message *draft, struct update_set *answer);
/* Own posts, or any for an admin, but not the first; unknown ids are passed over. pts_count 0:
 * nothing was deleted. */
int channel_posts_delete(struct call *call, int64_t id, const int32_t *ids, size_t count,
	int32_t *pts, int32_t *pts_count);

/* ---- Reading ---- */

struct post_list {
	struct message *posts; /* newest first */
	size_t count;
	int64_t total; /* posts in the channel */
	int32_t pts;
	struct channel_view view;
	struct user *users;
	size_t user_count;
};

/* As https://core.telegram.org/api/offsets; zeros mean "no such bound". Clamped, never refused. */
struct post_range {
	int32_t offset_id, add_offset, limit, max_id, min_id;
	int64_t offset_date_s;
};

int channel_history(
	struct call *call, int64_t id, const struct post_range *range, struct post_list *out);
/* In the order asked; ids that do not exist are left out (the caller encodes messageEmpty). */
int channel_posts_get(
	struct call *call, int64_t id, const int32_t *ids, size_t count, struct post_list *out);
/* Substring of the text, any ASCII case, newest first, over a bounded number of posts. */
int channel_posts_search(struct call *call, int64_t id, struct bytes text,
	const struct post_range *range, struct post_list *out);

/* Everything up to max_id is read by the viewer; tells the viewer's other sessions. */
int channel_read(struct call *call, int64_t id, int32_t max_id);
/* Counts a view for each post that this member has not been counted for, when `increment`; views[i]
 * belongs to ids[i], 0 when there is no such post. */
int channel_views_count(struct call *call, int64_t id, const int32_t *ids, size_t count,
	bool increment, int64_t *views);

/* ---- Chat list ---- */

struct channel_dialog {
	struct dialog dialog;
	struct channel_view view;
	struct message *top; /* NULL when it has none. Of a restricted channel: the text of the
				restriction in its place */
	struct user *author; /* of top; NULL when none */
};

/* The dialogs of all channels the viewer is in, newest first. */
int channel_dialogs(struct call *call, struct channel_dialog **list, size_t *count);
/* One of them; also for a public channel that the viewer only looks at. */
int channel_dialog(struct call *call, int64_t id, struct channel_dialog *out);

/* ---- Difference ---- */

enum channel_difference_kind {
	CHANNEL_DIFFERENCE_EMPTY,    /* pts, final */
	CHANNEL_DIFFERENCE_PART,     /* posts (new ones), others (edits, deletions), pts, final */
	CHANNEL_DIFFERENCE_TOO_LONG, /* dialog, posts: start afresh from these */
};

struct channel_difference {
	enum channel_difference_kind kind;
	bool final;
	int32_t pts;
	int32_t timeout_s; /* ask again after this while the channel is on the screen */
	struct post_list list;
	struct update *others;
	size_t other_count;
	struct channel_dialog dialog;
};

/* What came after pts. A viewer under a restriction gets EMPTY at the pts it has. */
int channel_difference(
	struct call *call, int64_t id, int32_t pts, int32_t limit, struct channel_difference *out);
/* The difference of a box says nothing about channels, and clients ask only where they are told:
 * appends what became of the viewer's memberships since then (core/channels_missed.c). */
int channels_tell_behind(struct call *call, int64_t since_s, struct update_set *set);

#endif
