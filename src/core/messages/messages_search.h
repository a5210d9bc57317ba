/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Search in the own box, and in one channel: rows are sealed, so those of the asker are opened, the
 * newest first, and SEARCH_ROWS_MAX at most; what an index knows (pins, kinds of content, the words
 * of public posts) is asked from it. https://core.telegram.org/api/search
 */
#ifndef CORE_MESSAGES_SEARCH_H
#define CORE_MESSAGES_SEARCH_H

#include "core/messages/messages.h"

#define SEARCH_ROWS_MAX 5000 /* rows opened by one search: what it costs at most */
#define SEARCH_DAYS_MAX 100  /* in one answer */
#define SEARCH_POSITIONS_MAX 2000

enum search_filter {
	SEARCH_ANY,
	SEARCH_URLS,
	SEARCH_PLACES,
	SEARCH_CONTACTS,
	SEARCH_POLLS,
	SEARCH_PINNED,
	SEARCH_MENTIONS, /* of the asker */
	SEARCH_NOTHING,	 /* kinds of content that Lontar doesn't carry */
};

struct message_query {
	struct peer in;	     /* PEER_NONE: all chats of the box */
	enum peer_kind kind; /* all chats: only of this kind; PEER_NONE: any */
	bool has_folder;     /* all chats: only of this folder: */
	int32_t folder;	     /* FOLDER_LIST or FOLDER_ARCHIVE of core/dialogs/dialog_places.h */
	struct peer saved;   /* in Saved Messages: only this part; PEER_NONE: any */
	struct peer from;    /* PEER_NONE: anybody; of boxes accounts alone */
	int32_t thread;	     /* of a channel: the thread that a client names; 0: all posts */
	enum search_filter filter;
	struct bytes text;		/* empty: any */
	int64_t min_date_s, max_date_s; /* between them; 0: no bound */
};

/* Bits of enum message_content that it looks for; 0: none. */
int32_t search_content(enum search_filter filter);
/* range: as for history, but by what matches. */
int messages_search(struct call *call, const struct message_query *query,
	const struct post_range *range, struct message_list *out);
/* How many match. */
int messages_search_count(
	struct call *call, const struct message_query *query, int32_t *count, bool *inexact);

/* The same of the posts of the channel query->in, over a bounded number of them. The count is exact
 * where an index knows it, and without filter, author and words that of all posts. Faults as
 * thread_scope (core/posts/threads.h). */
int channel_posts_search(struct call *call, const struct message_query *query,
	const struct post_range *range, struct post_list *out);
int channel_posts_search_count(
	struct call *call, const struct message_query *query, int32_t *count, bool *inexact);

/* ---- Of boxes and channels ---- */

struct search_day {
	int64_t date_s; /* its beginning, UTC */
	int32_t min_id, max_id, count;
};

struct search_days {
	struct search_day *at; /* the newest first */
	size_t count;
	int32_t before; /* matches that are newer than these days */
	int64_t min_date_s;
	int32_t min_id;		    /* of the oldest match */
	struct message_list oldest; /* of each day; total: of all matches */
};

/* Days with matches below offset_id, or without one before the time; both 0: all. */
int messages_search_days(struct call *call, const struct message_query *query, int32_t offset_id,
	int64_t offset_date_s, struct search_days *out);

struct search_position {
	int32_t id, offset; /* offset: how many matches are newer */
	int64_t date_s;
};

struct search_positions {
	struct search_position *at; /* the newest first */
	size_t count;
	int32_t total;
};

/* Where matches below offset_id (0: all) are. */
int messages_search_positions(struct call *call, const struct message_query *query,
	int32_t offset_id, int32_t limit, struct search_positions *out);

#endif
