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

#include "core/channels/channels.h"

#define POST_TEXT_MAX 4096 /* UTF-16 units */
#define POSTS_PER_CALL_MAX 100

/* ---- Writing ---- */

/* The part of message_send (core/messages/messages.h) for channels. answer: UPDATE_MESSAGE_ID,
 * UPDATE_CHANNEL_READ_INBOX, UPDATE_NEW_POST, channel, users; of what is to be sent later
 * UPDATE_NEW_SCHEDULED. A repeated random_id gives the same answer again and writes nothing. */
int channel_post_send(
	struct call *call, int64_t id, struct message *draft, struct update_set *answer);
/* One more forward of the post, wherever the caller saw it. */
void channel_post_forwarded(struct call *call, int64_t channel, int32_t post);
struct media_move;
/* The part of message_edit and message_move for channels; move NULL: draft says what is new.
 * answer: UPDATE_EDIT_POST. The author, or of a broadcast channel who may edit there. */
int channel_post_edit(struct call *call, int64_t id, struct message *draft,
	const struct media_move *move, struct update_set *answer);
/* message_edit_data for channels. */
MUST_CHECK int channel_post_edit_data(
	struct call *call, int64_t channel, int32_t id, bool *caption);
/* Own posts, or any for an admin, but not the first; unknown ids are passed over. pts_count 0:
 * nothing was deleted. */
int channel_posts_delete(struct call *call, int64_t id, const int32_t *ids, size_t count,
	int32_t *pts, int32_t *pts_count);

struct pinning;
/* message_pin and messages_unpin_all (core/messages/messages.h) for channels: who may edit there,
 * of groups who may pin. answer: UPDATE_PINNED_POSTS, and the post that says so. thread 0: all of
 * them. Faults MESSAGE_ID_INVALID, CHAT_NOT_MODIFIED, CHAT_ADMIN_REQUIRED. */
int channel_post_pin(
	struct call *call, int64_t id, const struct pinning *pinning, struct update_set *answer);
int channel_posts_unpin_all(struct call *call, int64_t id, int32_t thread, int32_t *pts,
	int32_t *pts_count, int32_t *left);
/* Everything up to max_id (0: all) is gone for the viewer, or for everybody: then it is his who may
 * delete there, and of no more than CLEAR_POSTS_MAX posts. answer: UPDATE_AVAILABLE_POSTS or
 * UPDATE_DELETE_POSTS. Faults CHAT_ADMIN_REQUIRED, CHANNEL_TOO_BIG. */
#define CLEAR_POSTS_MAX 1000
int channel_posts_clear(struct call *call, int64_t id, int32_t max_id, bool for_everyone,
	struct update_set *answer);
struct home_change;
/* The builder of CHANGE_AVAILABLE_POSTS. */
bool available_posts_change(
	struct call *call, const struct home_change *change, struct update *update);
/* Tells who is here; nothing is stored. */
int channel_typing(
	struct call *call, int64_t id, int32_t thread, enum typing_action action, int32_t progress);
/* Who wrote it truly: for admins. Faults CHAT_ADMIN_REQUIRED, MESSAGE_ID_INVALID. */
int channel_post_author(struct call *call, int64_t channel, int32_t id, int64_t *author);
/* For upkeep: deletes what has lived its time, some at a time. True: more is left. */
bool posts_expire(struct call *call);

/* ---- Reading ---- */

struct post_list {
	struct message *posts; /* newest first */
	size_t count;
	int64_t total; /* posts in the channel */
	int32_t pts;
	struct channel_view view;
	struct user *users;
	size_t user_count;
	struct channel_view *others; /* channels that the posts name besides their own */
	size_t other_count;
};

/* As https://core.telegram.org/api/offsets; zeros mean "no such bound". Clamped, never refused. */
struct post_range {
	int32_t offset_id, add_offset, limit, max_id, min_id;
	int64_t offset_date_s;
	int32_t thread; /* as in struct post_bounds; of channels alone */
};

/* How many of the ids, the newest first, are not below offset_id (0: none). */
size_t ids_not_below(const int32_t *ids, size_t count, int32_t offset_id);
/* The window of the range over them, of at most `most`: the place of its first is in *at, their
 * number is returned. */
size_t ids_window(
	const int32_t *ids, size_t count, const struct post_range *range, int32_t most, size_t *at);

int channel_history(
	struct call *call, int64_t id, const struct post_range *range, struct post_list *out);
/* In the order asked; ids that do not exist are left out (the caller encodes messageEmpty). */
int channel_posts_get(
	struct call *call, int64_t id, const int32_t *ids, size_t count, struct post_list *out);

/* Where people are on the way just now, the newest of each. */
int channel_live_places(struct call *call, int64_t id, int32_t limit, struct post_list *out);

/* Posts that name or answer the viewer, and that it has not looked at. thread: as thread_scope. */
int channel_mentions_waiting(struct call *call, int64_t id, int32_t thread,
	const struct post_range *range, struct post_list *out);
/* How many; bound: as in struct post_bounds. */
int32_t channel_mentions_unread(struct call *call, int64_t channel, int32_t bound);
/* The newest POSTS_PER_CALL_MAX of them are looked at; left: there may be more. */
int channel_mentions_read(
	struct call *call, int64_t id, int32_t thread, int32_t *pts, int32_t *left);
/* These are looked at, and listened to. */
int channel_contents_read(struct call *call, int64_t id, const int32_t *ids, size_t count);
struct home_change;
/* The builder of CHANGE_POST_CONTENTS. */
bool post_contents_change(
	struct call *call, const struct home_change *change, struct update *update);

/* Everything up to max_id is read by the viewer; tells the viewer's other sessions, and of a
 * supergroup those whose posts nobody else had read. */
int channel_read(struct call *call, int64_t id, int32_t max_id);
/* Counts a view for each post that this member has not been counted for, when `increment`
 * (core/posts/post_views.h); posts[i] belongs to ids[i], id 0 when there is no such post. */
int channel_views_count(struct call *call, int64_t id, const int32_t *ids, size_t count,
	bool increment, struct message *posts);

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
 * appends what became of the viewer's memberships since then (core/channels/channels_missed.c). */
int channels_tell_behind(struct call *call, int64_t since_s, struct update_set *set);

#endif
