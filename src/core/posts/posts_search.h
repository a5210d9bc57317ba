/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Search in what is public, by the index of the square. What is restricted for the caller, hidden
 * by an order or private is not found. Search inside of one channel is
 * core/messages/messages_search.h. https://core.telegram.org/api/search
 */
#ifndef CORE_POSTS_SEARCH_H
#define CORE_POSTS_SEARCH_H

#include "core/messages/messages.h"
#include "core/posts/posts.h"

/* Answers go from the newest post down, of one second by channel and id. */
struct post_after {
	int64_t date_s, channel; /* date_s 0: from the newest */
	int32_t post;
};

struct posts_query {
	struct bytes text;
	bool broadcasts, groups; /* which of them */
	bool has_folder;
	int32_t folder;
	int64_t min_date_s, max_date_s; /* between them; 0: no bound */
	struct post_after after;
	int32_t limit;
};

/* Posts with these words in the public channels that the caller is in. */
int posts_search_mine(struct call *call, const struct posts_query *query, struct message_list *out);
/* Posts with the hashtag (with or without #), wherever it is public. */
int posts_search_tag(struct call *call, struct bytes tag, const struct post_after *after,
	int32_t limit, struct message_list *out);

/* Posts with these words, wherever they are public. Of one day not more than some hundreds are
 * looked at. */
int posts_search_words(struct call *call, struct bytes text, const struct post_after *after,
	int32_t limit, struct message_list *out);

#define REINDEXED_AT_ONCE 100

/* Upkeep: posts that the index has known longer than it knows of days. True: there are more. */
bool posts_reindex(struct call *call);

#endif
