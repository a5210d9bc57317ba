/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who reacted to which post: home data, also of public channels. What they add up to stands with
 * the post (store/channel_threads.h). And what is left behind by posts and channels that are gone.
 */
#ifndef STORE_HOME_POST_REACTIONS_H
#define STORE_HOME_POST_REACTIONS_H

#include "store/db.h"

struct post_reaction_row {
	int64_t user;
	int kind; /* a place in reaction_kinds */
	bool big;
	int64_t reacted_at_s;
};

/* false: none. */
bool home_post_reaction_get(
	struct db *db, int64_t channel, int32_t post, int64_t user, struct post_reaction_row *row);
/* In place of the one that is there. */
void home_post_reaction_put(
	struct db *db, int64_t channel, int32_t post, const struct post_reaction_row *row);
void home_post_reaction_delete(struct db *db, int64_t channel, int32_t post, int64_t user);
/* The newest first, behind (reacted_at_s, user) of `after`; kind -1: all. At most limit. */
size_t home_post_reactions_page(struct db *db, int64_t channel, int32_t post, int kind,
	const struct post_reaction_row *after, struct post_reaction_row *rows, size_t limit);

/* Posts of a channel with a reaction of the account, the newest first. Returns their number, at
 * most limit. */
size_t home_post_reactions_of(
	struct db *db, int64_t channel, int64_t user, int32_t *posts, size_t limit);
/* Whose reactions are still to be taken out of a channel. */
void home_reactions_taken_put(struct db *db, int64_t channel, int64_t user);
/* false: nobody's. */
MUST_CHECK bool home_reactions_taken_next(struct db *db, int64_t *channel, int64_t *user);
void home_reactions_taken_done(struct db *db, int64_t channel, int64_t user);

/* ---- What the author has not seen ---- */

/* When the first of them came; 0: it has seen all. */
int64_t home_unread_reaction_since(struct db *db, int64_t owner, int64_t channel, int32_t post);
void home_unread_reaction_put(
	struct db *db, int64_t owner, int64_t channel, int32_t post, int32_t thread, int64_t now_s);
void home_unread_reaction_delete(struct db *db, int64_t owner, int64_t channel, int32_t post);
/* Posts with such, the newest first, below an id; thread 0: of all; below: of
 * those in none. At most limit. */
size_t home_unread_reactions_list(struct db *db, int64_t owner, int64_t channel, int32_t thread,
	int32_t below, int32_t *posts, size_t limit);
/* At most limit. */
int32_t home_unread_reactions_count(
	struct db *db, int64_t owner, int64_t channel, int32_t thread, int32_t limit);

/* ---- What is left behind ---- */

/* The post, or with 0 the whole channel, is gone. */
void home_remains_put(struct db *db, int64_t channel, int32_t post);
/* Deletes some of it; about so many rows. True: more is left. */
bool home_remains_purge(struct db *db, int64_t rows);
/* Of an account that is gone; the counts stay, as those of views do. True: more is left. */
bool home_reactions_purge_user(struct db *db, int64_t user, int64_t rows);

#endif
