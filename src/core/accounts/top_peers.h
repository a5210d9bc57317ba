/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whom an account writes to most. Each message adds e^((t - T) / d) to the rating of its peer, so
 * that old ones fade: https://core.telegram.org/api/top-rating. What is stored is the logarithm of
 * the sum with T = 0, which grows by 1 in d seconds and needs no renewal; clients are told the
 * rating of now, T = now.
 */
#ifndef CORE_TOP_PEERS_H
#define CORE_TOP_PEERS_H

#include "core/call.h"

#define TOP_PEERS_DECAY_S 2419200 /* d: config.rating_e_decay */
#define TOP_PEERS_KEPT 200	  /* of a category */
#define TOP_PEERS_LIMIT_MAX 100	  /* told in one answer */

/* Stored: numbers never change; the order is that of answers. */
enum top_category {
	TOP_CORRESPONDENTS = 1,
	TOP_BOTS = 2,
	TOP_BOTS_INLINE = 3,
	TOP_GROUPS = 4,
	TOP_CHANNELS = 5,
	TOP_CALLS = 6,
	TOP_FORWARD_USERS = 7,
	TOP_FORWARD_CHATS = 8,
	TOP_BOTS_APP = 9,
	TOP_CATEGORY_END
};

struct top_peer {
	struct peer peer;
	double rating;
};

/* call->user has sent a message there: people, bots and groups are counted, the rest passes. */
void top_peers_count(struct call *call, struct peer peer);
/* call->user has forwarded something there. */
void top_peers_count_forward(struct call *call, struct peer peer);

/* False: the account doesn't want to be rated, and nothing is kept. */
bool top_peers_enabled(struct call *call);
/* Off throws away what was counted. */
void top_peers_enable(struct call *call, bool on);
/* The highest first; total: how many there are in all. In call->arena. */
size_t top_peers_list(struct call *call, enum top_category category, size_t offset, size_t limit,
	struct top_peer **out, size_t *total);
void top_peers_reset(struct call *call, enum top_category category, struct peer peer);

#endif
