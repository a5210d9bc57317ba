/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Polls, each under who made it, and the votes in them. What is asked, how it stands and who chose
 * what is sealed under the maker's salt; core/messages/polls.h has the rules.
 *
 * Polls of a channel's posts are under the channel, wherever its posts are: its number below zero
 * is their owner, and they are sealed under its salt in store/home_channel_salts.h.
 */
#ifndef STORE_HOME_POLLS_H
#define STORE_HOME_POLLS_H

#include "crypto/seal.h"
#include "store/db.h"

struct home_poll {
	int64_t owner, id;
	struct bytes body, tally; /* in clear, in the arena */
	bool closed;
	int64_t close_at_s; /* 0: stays open, or does not run yet */
	/* The maker's message with it: chat as the maker sees it; message 0: not sent yet, or
	 * deleted while copies of it are about. */
	int32_t peer_kind;
	int64_t peer;
	int32_t message;
};

struct home_vote {
	int64_t voter;
	uint32_t options; /* bits; never 0 */
	bool unheard;	  /* given where it reaches nobody: in no tally, shown to the voter alone */
	int64_t voted_at_s;
};

/* What is needed to open and seal; borrowed, for one transaction. */
struct home_sealer {
	struct db *db;
	const struct vault *vault;
	struct arena *arena;
};

/* False: no such poll, or it is gone with its owner. */
bool home_poll_get(
	const struct home_sealer *home, int64_t owner, int64_t id, struct home_poll *out);
/* The owner exists; or home_channel_salt_need was called for the channel. */
void home_poll_insert(const struct home_sealer *home, const struct home_poll *poll);
void home_poll_set_tally(const struct home_sealer *home, const struct home_poll *poll);
/* Where it is, and when it closes. */
void home_poll_set_place(struct db *db, const struct home_poll *poll);
void home_poll_set_closed(struct db *db, int64_t owner, int64_t id);
void home_poll_delete(struct db *db, int64_t owner, int64_t id); /* with its votes */
/* The poll that the owner's message was made with; 0: none. */
int64_t home_poll_placed(struct db *db, int64_t owner, int32_t message);
/* The post with it is gone, but not the poll: others have it. */
void home_poll_unplace(struct db *db, int64_t owner, int32_t message);
/* Open ones with close_at_s <= now_s, the earliest first, at most limit; body and tally are not
 * read. */
size_t home_polls_due(
	const struct home_sealer *home, int64_t now_s, size_t limit, struct home_poll **out);

bool home_vote_get(const struct home_sealer *home, const struct home_poll *poll, int64_t voter,
	struct home_vote *out);
void home_vote_put(
	const struct home_sealer *home, const struct home_poll *poll, const struct home_vote *vote);
void home_vote_delete(struct db *db, const struct home_poll *poll, int64_t voter);
/* The newest first, behind (voted_at_s, voter) of `after`; at most limit. */
size_t home_votes_page(const struct home_sealer *home, const struct home_poll *poll,
	const struct home_vote *after, size_t limit, struct home_vote **out);

#endif
