/* SPDX-License-Identifier: Apache-2.0 */
/* Posts of supergroups that name or answer a member, wherever the posts are; and how far a
 * supergroup was read. What is unread is counted in the membership. */
#ifndef STORE_HOME_MENTIONS_H
#define STORE_HOME_MENTIONS_H

#include "store/home_members.h"

/* Unread. */
void home_mention_add(struct db *db, int64_t user, int64_t channel, int32_t post, int32_t thread);
/* false: it does not name him. */
bool home_mention_get(struct db *db, int64_t user, int64_t channel, int32_t post, bool *unread);
/* false: it was read, or does not name him. */
bool home_mention_read(struct db *db, int64_t user, int64_t channel, int32_t post);

struct mention_filter {
	int32_t thread;	     /* 0: all; below: only those in none */
	bool unread;	     /* only these */
	int32_t above, from; /* above < id < from */
};

/* Ids, the newest first. Returns their number, at most limit. */
size_t home_mentions_list(struct db *db, int64_t user, int64_t channel,
	const struct mention_filter *filter, int32_t *ids, size_t limit);
int64_t home_mentions_count(
	struct db *db, int64_t user, int64_t channel, const struct mention_filter *filter);
/* Whom the post names, those first who have not looked: *unread of them. Returns their number, at
 * most limit. */
size_t home_mentions_of_post(
	struct db *db, int64_t channel, int32_t post, int64_t *users, size_t limit, size_t *unread);
/* The post goes. */
void home_mentions_drop(struct db *db, int64_t channel, int32_t post);
/* Those up to this post are gone for the account. */
void home_members_set_available(struct db *db, int64_t user, int64_t channel, int32_t min);

struct channel_reads {
	int64_t reader;		  /* who read the furthest; 0: nobody */
	int32_t max_id, other_id; /* up to where, and the furthest of the others */
};

struct channel_reads home_channel_reads_get(struct db *db, int64_t channel);
void home_channel_reads_put(struct db *db, int64_t channel, const struct channel_reads *reads);

#endif
