/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Of fuzz_session.c: a play, which is a world (tests/unit/mtproto/world.h) and the input that says
 * what happens in it, and the bodies of messages that play_body.c makes from that input.
 */
#ifndef TESTS_FUZZ_PLAY_H
#define TESTS_FUZZ_PLAY_H

#include "base/map.h"
#include "world.h"

#define LINKS 3
#define IDS_KEPT 64
#define CONTAINER_MAX 12
#define NOISE_MAX 40000

/* A message that was sent. */
struct play_sent {
	uint64_t id, session; /* map_mix of key id and session id */
};

struct play {
	const uint8_t *data;
	size_t size;
	struct world world;
	struct link links[LINKS];
	struct play_sent sent[IDS_KEPT];
	size_t sent_count;
	struct map asked;  /* all of sent, by map_mix of both */
	int64_t latest_us; /* that the clock showed */
	bool blind;	   /* something was sent that is not in asked */
	/* Calls from here on ran in sessions that were not forgotten; up to here they were looked
	 * at. */
	unsigned calls_in_memory, calls_seen, sessions_closed;
};

/* The next byte of the input; 0 behind its end. */
uint8_t play_take(struct play *play);
uint32_t play_take_u16(struct play *play);
/* An id that was sent before, mostly. */
uint64_t play_known_id(struct play *play);
/* Numbers for a message of the link, mostly right. */
struct play_numbers {
	uint64_t id, salt, session;
	uint32_t seqno;
};
struct play_numbers play_numbers(struct play *play, struct link *link, bool content);

/* A message body for the link. depth 0: not inside of another. */
void play_body(struct play *play, struct link *link, unsigned depth, struct buf *out);
bool play_is_content(struct bytes body);

#endif
