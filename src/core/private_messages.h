/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Private chats: sending, editing, deleting, reading. A private message is two rows, the sender's
 * and the receiver's, which share a `twin` number; in Saved Messages (the chat with oneself) it is
 * one. Both are written in one transaction.
 *
 * All functions act for call->user and return 0, or -1 after rpc_error. Results live in the call's
 * arena.
 */
#ifndef CORE_PRIVATE_MESSAGES_H
#define CORE_PRIVATE_MESSAGES_H

#include "core/posts.h"

#define MESSAGE_EDIT_TIME_LIMIT_S 172800 /* config.edit_time_limit */
#define MESSAGES_PER_CALL_MAX 200	 /* ids that one call may name */
#define HISTORY_LIMIT_MAX 100
#define SEARCH_ROWS_MAX 5000 /* rows opened by one search: what it costs at most */

/* draft: text, entities, reply_to, silent, noforwards, random_id. The rest is filled in. answer:
 * UPDATE_MESSAGE_ID and UPDATE_NEW_MESSAGE. A repeated random_id gives the same answer again and
 * writes nothing. */
int private_send(struct call *call, int64_t to, struct message *draft, struct update_set *answer);
/* draft: id, text, entities. Own messages within the time limit; in Saved Messages for ever. */
int private_edit(struct call *call, int64_t with, struct message *draft, struct update_set *answer);
/* Own rows by id, in any private chats; unknown ids are passed over. revoke: the other side's too.
 * pts_count 0: nothing was deleted. */
int private_delete(struct call *call, const int32_t *ids, size_t count, bool revoke, int32_t *pts,
	int32_t *pts_count);
/* The newest HISTORY_LIMIT_MAX of the chat up to max_id (0: all). left: not 0 when there
 * are more, and the caller comes again. */
int private_delete_history(struct call *call, int64_t with, int32_t max_id, bool revoke,
	int32_t *pts, int32_t *pts_count, int32_t *left);
/* Everything from `with` up to max_id is read. */
int private_read(struct call *call, int64_t with, int32_t max_id, int32_t *pts, int32_t *pts_count);
/* Tells the other side; nothing is stored. */
int private_typing(struct call *call, int64_t with, enum typing_action action);

struct message_list {
	struct message *at; /* newest first */
	size_t count;
	int64_t total; /* in the chat (or matching, when all were looked at) */
	bool inexact;  /* total is a lower bound */
};

int private_history(
	struct call *call, int64_t with, const struct post_range *range, struct message_list *out);
/* In the order asked, those that exist. */
int private_get(struct call *call, const int32_t *ids, size_t count, struct message_list *out);

enum search_filter { SEARCH_TEXT, SEARCH_URLS };

struct private_query {
	int64_t with; /* 0: all private chats */
	int64_t from; /* 0: anybody */
	enum search_filter filter;
	struct bytes text;  /* empty: any */
	int64_t min_date_s; /* 0: no bound */
};

/* Opens the caller's own rows, newest first, SEARCH_ROWS_MAX at most. */
int private_search(struct call *call, const struct private_query *query,
	const struct post_range *range, struct message_list *out);

#endif
