/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The index of the square: words of posts, names and descriptions of channels, and hashtags. What
 * is private is in no index, and neither is what an order hides. Written with the rows it is about,
 * in their transaction, by the files that write those. This is the one place that knows the full
 * text engine; words come from search_words.h.
 */
#ifndef STORE_SQUARE_SEARCH_H
#define STORE_SQUARE_SEARCH_H

#include "store/channel_rows.h"

#define SEARCH_QUERY_WORDS_MAX 16 /* of a query; the rest is not looked for */

void square_search_add(struct db *db, struct arena *arena, int64_t channel, int32_t post,
	int64_t date_s, struct bytes text);
void square_search_drop(struct db *db, int64_t channel, int32_t post);
/* above < id <= upto. */
void square_search_drop_between(struct db *db, int64_t channel, int32_t above, int32_t upto);
/* Over what is there of the channel. */
void square_search_set_channel(struct db *db, const struct channel_row *row);
void square_search_drop_channel(struct db *db, int64_t channel);

/* The engine forgets a word when it puts its lists together: some of that, where much was dropped.
 */
void square_search_tidy(struct db *db);

/* A query made ready: all its words must be there, the last may go on. Of no words: finds none. */
struct bytes square_search_query(struct arena *arena, struct bytes text);

/* Posts of the channel above < id < below, the newest first. Returns their number. */
size_t square_search_posts(struct db *db, struct bytes query, int64_t channel, int64_t above,
	int64_t below, int32_t *ids, size_t limit);
/* Of channels that may be leaving, too. */
size_t square_search_channels(struct db *db, struct bytes query, int64_t *ids, size_t limit);

struct tagged_post {
	int64_t date_s, channel;
	int32_t post;
};

/* Posts of all channels, of one day (of 86400 seconds since 1970), channel by channel; their dates
 * are not filled in. Returns their number. */
size_t square_search_day(struct db *db, struct arena *arena, struct bytes query, int64_t day,
	struct tagged_post *out, size_t limit);
/* Whether there is any in the span of that number. */
#define SEARCH_SPAN_DAYS 32
bool square_search_has(struct db *db, struct arena *arena, struct bytes query, int64_t span);

/* Posts with a hashtag (without #, in any case), the newest first and of one second by channel and
 * id downwards, behind `after`. Returns their number. */
size_t square_search_tag(struct db *db, struct arena *arena, struct bytes tag,
	const struct tagged_post *after, struct tagged_post *out, size_t limit);

#endif
