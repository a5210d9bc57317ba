/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The channels of tests/unit/api/test_replicas.c as they must be by what was done and not refused:
 * who is in them and who may see what. Knows nothing of how the server decides that; whoever is
 * told or answered more fails the test.
 */
#ifndef TESTS_API_REPLICA_WORLD_H
#define TESTS_API_REPLICA_WORLD_H

#include "replica.h"

#define PEOPLE 4
#define CHANNELS 3

struct world_member {
	bool in, banned;
	int64_t until_s;   /* of banned; 0: for ever */
	int32_t hidden_to; /* posts up to this one are not for it */
	int comings;
	char known[REPLICA_TEXT]; /* the title when it last could see it */
};

struct world_channel {
	int64_t id;			/* 0: none */
	bool broadcast, public, hidden; /* hidden: who comes sees what comes after him */
	int64_t linked;			/* channel and group; 0: none */
	int32_t top;
	char title[REPLICA_TEXT], invite[REPLICA_TEXT];
	struct world_member of[PEOPLE];
};

extern int64_t people[PEOPLE];
extern struct world_channel channels[CHANNELS];
extern int64_t world_now_s;

struct world_channel *world_find(int64_t id); /* NULL: there is none */
int world_person(int64_t user);
bool world_may_see(const struct world_channel *c, int who);
/* What a query that was not refused has made of it. */
void world_note(int who, const struct tl_object *query, const union tl_reply *reply);
/* A post was told to members. */
void world_posted(int64_t channel, int32_t post);

#endif
