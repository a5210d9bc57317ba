/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Messages in boxes: private chats, Saved Messages, basic groups. Everybody in a conversation has
 * an own copy of a message with an own id; the copies share a `twin` number. All are written in one
 * transaction (core/messages/circle.h). In Saved Messages there is one.
 *
 * All functions act for call->user and return 0, or -1 after rpc_error. Results live in the call's
 * arena.
 */
#ifndef CORE_MESSAGES_H
#define CORE_MESSAGES_H

#include "core/posts/posts.h"
#include "store/home_messages.h"

#define MESSAGE_EDIT_TIME_LIMIT_S 172800 /* config.edit_time_limit */
#define MESSAGES_PER_CALL_MAX 200	 /* ids that one call may name */
#define HISTORY_LIMIT_MAX 100

/* ---- Writing ---- */

/* What must be allowed to send this: enum chat_right. */
uint32_t message_rights(const struct message *draft);
/* draft: text, entities, reply_to, reply, forward, media, silent, noforwards, random_id; date_s:
 * when to send it, if that is later (core/messages/scheduled.h: then UPDATE_NEW_SCHEDULED is the
 * answer). The rest is filled in. answer: UPDATE_MESSAGE_ID and UPDATE_NEW_MESSAGE; of channels see
 * channel_post_send. A repeated random_id
 * gives the same answer again and writes nothing. */
int message_send(
	struct call *call, struct peer to, struct message *draft, struct update_set *answer);
/* A service message: draft has an action and what belongs to it. The right to act is the caller's
 * to check. answer: UPDATE_NEW_MESSAGE. */
int message_act(
	struct call *call, struct peer in, struct message *draft, struct update_set *answer);
struct circle;
/* The same in an open circle, which may be smaller than the chat. */
int message_act_in(
	struct call *call, struct circle *circle, struct message *draft, struct update_set *answer);
/* draft: id, and what is new: text with entities, no_preview, invert_media. Own messages within the
 * time limit; in Saved Messages, and where somebody is on the way, longer. Of channels see
 * channel_post_edit. */
int message_edit(
	struct call *call, struct peer in, struct message *draft, struct update_set *answer);
struct media_move;
/* The own message's live place moves: core/messages/media.h. */
int message_move(struct call *call, struct peer in, int32_t id, const struct media_move *move,
	struct update_set *answer);
/* Whether it could be edited now (as message_edit refuses), and whether its text is a caption. */
MUST_CHECK int message_edit_data(struct call *call, struct peer in, int32_t id, bool *caption);
/* Own rows by id, in any chats of the box; unknown ids are passed over. revoke: everybody's copies;
 * of a group's the own ones, or any for an admin (MESSAGE_DELETE_FORBIDDEN). pts_count 0: nothing
 * was deleted. */
int messages_delete(struct call *call, const int32_t *ids, size_t count, bool revoke, int32_t *pts,
	int32_t *pts_count);

struct clearing {
	int32_t max_id;			/* up to this one; 0: no bound */
	bool revoke;			/* of a private chat, also for the other */
	bool keep_chat;			/* it stays in the list */
	int64_t min_date_s, max_date_s; /* private chats: only between them; 0: no bound */
};

/* The newest HISTORY_LIMIT_MAX; left: not 0 when there may be more, and the caller comes again.
 * Faults CHAT_REVOKE_DATE_UNSUPPORTED, MIN_DATE_INVALID, MAX_DATE_INVALID. */
int messages_clear(struct call *call, struct peer in, const struct clearing *clearing, int32_t *pts,
	int32_t *pts_count, int32_t *left);
/* Puts the ids between which it clears the chat into page; where nothing lies between the dates,
 * nothing lies between the ids. Faults as above. */
struct home_box;
struct home_page;
MUST_CHECK int clearing_bounds(struct call *call, const struct home_box *own, struct peer in,
	const struct clearing *clearing, struct home_page *page);

struct pinning { /* also of posts: core/posts/posts.h */
	int32_t id;
	bool unpin, oneside, silent;
};

/* answer: UPDATE_PINNED of the own box, and the line that says so where others were concerned.
 * Faults MESSAGE_ID_INVALID, CHAT_NOT_MODIFIED, CHAT_ADMIN_REQUIRED. */
int message_pin(struct call *call, struct peer in, const struct pinning *pinning,
	struct update_set *answer);
#define PINNED_PART_MAX 5000 /* pinned messages that are looked through for one part */
/* The newest HISTORY_LIMIT_MAX, for everybody; part: only of this part of Saved Messages
 * (PEER_NONE: all). left: as above. */
int messages_unpin_all(struct call *call, struct peer in, struct peer part, int32_t *pts,
	int32_t *pts_count, int32_t *left);

/* Looked at, or listened to. */
int messages_read_contents(
	struct call *call, const int32_t *ids, size_t count, int32_t *pts, int32_t *pts_count);
/* The newest HISTORY_LIMIT_MAX of the chat that wait for this kind of attention have it. */
int messages_attend(struct call *call, struct peer in, enum message_attention what, int32_t *pts,
	int32_t *pts_count, int32_t *left);
/* Everything from others in it up to max_id is read. */
int messages_read(
	struct call *call, struct peer in, int32_t max_id, int32_t *pts, int32_t *pts_count);
/* Tells the others; nothing is stored. thread: of a supergroup, or 0. */
int message_typing(struct call *call, struct peer in, int32_t thread, enum typing_action action,
	int32_t progress);

/* ---- Looking ---- */

struct message_list {
	struct message *at; /* newest first */
	size_t count;
	int64_t total; /* in the chat (or matching, when all were looked at) */
	bool inexact;  /* total is a lower bound */
};

int messages_history(struct call *call, struct peer in, const struct post_range *range,
	struct message_list *out);
/* The same of those that wait for this kind of attention. */
int messages_waiting(struct call *call, struct peer in, enum message_attention what,
	const struct post_range *range, struct message_list *out);
/* A part of Saved Messages (core/dialogs/saved_dialogs.h). */
int messages_saved(struct call *call, struct peer part, const struct post_range *range,
	struct message_list *out);
/* In the order asked, those that exist. */
int messages_get(struct call *call, const int32_t *ids, size_t count, struct message_list *out);

/* Where people are on the way just now, the newest of each. */
int messages_live_places(
	struct call *call, struct peer in, int32_t limit, struct message_list *out);

#endif
