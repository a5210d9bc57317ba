/* SPDX-License-Identifier: Apache-2.0 */
/* The people of tests/unit/api/test_replicas.c, and what they may do. */
#ifndef TESTS_API_REPLICA_ACTIONS_H
#define TESTS_API_REPLICA_ACTIONS_H

#include "replica_world.h"

#define DEVICES 3 /* besides the one that acts */

extern struct replica devices[PEOPLE][DEVICES];
extern int64_t group; /* 0: none yet */
extern struct arena scratch;

int below(int n);
struct bytes some_text(const char *what);
struct tl_object *input(struct fixture *f, int who, struct peer peer);
struct tl_object *query_create(struct fixture *f, int who);
struct tl_object *input_user(struct fixture *f, int who, int64_t id);
struct tl_ints one_id(int32_t id);
int64_t random_id(void);
struct tl_object *some_poll(bool may_name_voters); /* as a media */
void vote_somehow(struct tl_messages_sendVote *q);

struct query_kind {
	int weight;
	struct tl_object *(*make)(struct fixture *f, int who);
};

/* One of them by weight. */
struct tl_object *query_of(
	const struct query_kind *kinds, size_t count, struct fixture *f, int who);
/* In private chats and the basic group; also in channels, if there are any. */
struct tl_object *query_any(struct fixture *f, int who);

/* ---- replica_posts.c ---- */

/* The channel that the last query was about; NULL: none. */
extern struct world_channel *target;

/* NULL: rather another chat. Becomes the target. */
struct world_channel *some_channel(int who);
/* Mostly one that he sees; NULL: there is none at all. Becomes the target. */
struct world_channel *aim(int who);
struct tl_object *input_channel(struct fixture *f, int who); /* the target */
struct tl_object *query_found(struct fixture *f, int who);
struct tl_object *query_channels(struct fixture *f, int who);

/* ---- replica_threads.c ---- */

#define STEPS_TO_BEGIN (2 * CHANNELS + 1)

/* Queries of the first person that make a world with threads. */
struct tl_object *query_begin(struct fixture *f, int who, int step);
struct tl_object *query_threads(struct fixture *f, int who);

#endif
