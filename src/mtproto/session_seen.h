/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Private to session*.c: which message ids of the client a session has seen (E11, E12), sorted,
 * bounded. Ids at or below the floor have been forgotten: nothing can be said about them. Those
 * below `since` are taken, but may have come before, when the server knew the session already and
 * then forgot it.
 */
#ifndef MTPROTO_SESSION_SEEN_H
#define MTPROTO_SESSION_SEEN_H

#include "base/bytes.h"

enum seen_state {
	SEEN_SERVICE,	 /* received, and that was all */
	SEEN_PROCESSING, /* a call that the host has not answered */
	SEEN_DROPPED,	 /* the same, and nobody wants the answer any more */
	SEEN_ANSWERED,
	SEEN_FAILED, /* answered with an error */
};

static inline bool seen_is_running(enum seen_state state)
{
	return state == SEEN_PROCESSING || state == SEEN_DROPPED;
}

static inline bool seen_is_answered(enum seen_state state)
{
	return state == SEEN_ANSWERED || state == SEEN_FAILED;
}

struct seen_entry {
	uint64_t id;
	uint32_t seqno;
	enum seen_state state;
};

#define SEEN_MAX 2048
/* A packet that old is refused for its time (E9), so that its id needs no remembering. */
#define SEEN_KEEP_S 330

struct session_seen {
	uint64_t floor, since;
	uint32_t count, capacity;
	struct seen_entry *entries;
};

enum seen_verdict { SEEN_NEW, SEEN_DUPLICATE, SEEN_TOO_OLD, SEEN_SEQNO_LOW, SEEN_SEQNO_HIGH };

struct seen_entry *seen_find(const struct session_seen *seen, uint64_t id); /* NULL if not there */
enum seen_verdict seen_check(const struct session_seen *seen, uint64_t id, uint32_t seqno);
/* The id is new. Forgets what is older than SEEN_KEEP_S, or the oldest when full. */
void seen_add(struct session_seen *seen, uint64_t id, uint32_t seqno, enum seen_state state,
	int64_t now_s);
/* One byte of msgs_state_info for an id of the client. */
uint8_t seen_status(const struct session_seen *seen, uint64_t id);
void seen_release(struct session_seen *seen);

#endif
