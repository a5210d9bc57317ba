/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Counters of channels per day, per day and person, and per post and day; and which posts of public
 * channels are forwards of a post. Home data for public channels too; numbers only. Rules:
 * core/channels/channel_stats.h. A day is a number of days since 1970, UTC.
 */
#ifndef STORE_HOME_STATS_H
#define STORE_HOME_STATS_H

#include "store/db.h"

#define HOME_STATS_DAYS 90     /* kept */
#define HOME_STATS_POSTERS 500 /* people of one channel and day that are told apart */

struct home_day {
	int64_t day;
	int64_t members; /* at its end, or as of now */
	int64_t joins, leaves, posts, views, forwards, reactions;
	int64_t people; /* told apart that day */
};

/* Adds to the day's row; members is the new value. */
void home_day_add(struct db *db, int64_t channel, const struct home_day *add);
/* The channel's days from first to last that have a row, in order. Returns their number, at most
 * limit. */
size_t home_days_get(struct db *db, int64_t channel, int64_t first, int64_t last,
	struct home_day *days, size_t limit);

struct home_day_person {
	int64_t user;
	int64_t messages, chars, deleted, kicked, banned, invited;
};

/* Nothing for one more than HOME_STATS_POSTERS. The day has a row already. */
void home_day_person_add(
	struct db *db, int64_t channel, int64_t day, const struct home_day_person *add);
enum home_day_order { BY_MESSAGES, BY_ADMIN_ACTS, BY_INVITED };
/* Sums over the days from first to last, the most first. Returns how many, at most limit. */
size_t home_day_people_top(struct db *db, int64_t channel, int64_t first, int64_t last,
	enum home_day_order order, struct home_day_person *out, size_t limit);
/* Who wrote on these days. */
int64_t home_day_people_count(struct db *db, int64_t channel, int64_t first, int64_t last);

struct home_post_day {
	int64_t day, views, forwards;
	int64_t votes; /* given that day, and not taken back */
};

void home_post_day_add(
	struct db *db, int64_t channel, int32_t post, const struct home_post_day *add);
/* One that was given on the day is taken back; nothing if it was not counted. */
void home_post_day_unvote(struct db *db, int64_t channel, int32_t post, int64_t day);
size_t home_post_days_get(
	struct db *db, int64_t channel, int32_t post, struct home_post_day *days, size_t limit);

/* Where a post was forwarded to, in public. */
struct home_forward {
	int64_t at_channel;
	int32_t at_post;
};

void home_forward_insert(
	struct db *db, int64_t channel, int32_t post, const struct home_forward *at);
/* In the order of channel and post, those after `after`. Returns their number, at most limit. */
size_t home_forwards_after(struct db *db, int64_t channel, int32_t post,
	const struct home_forward *after, struct home_forward *out, size_t limit);
int64_t home_forwards_count(struct db *db, int64_t channel, int32_t post);

/* All that is counted of a channel that is deleted. */
void home_stats_delete(struct db *db, int64_t channel);
/* Drops at most so many rows of each kind of days before `day`. True: there may be more. */
bool home_stats_purge(struct db *db, int64_t day, int64_t rows);

#endif
