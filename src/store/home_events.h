/* SPDX-License-Identifier: Apache-2.0 */
/* The event log of a box: what each pts stands for, so that a client that was away can be told. Not
 * sealed: it says which message changed, not what is in it. */
#ifndef STORE_HOME_EVENTS_H
#define STORE_HOME_EVENTS_H

#include "store/home_boxes.h"

/* Stored: numbers never change. */
enum home_event_kind {
	HOME_EVENT_NEW = 1,
	HOME_EVENT_EDIT = 2,
	HOME_EVENT_DELETE = 3,	    /* ids */
	HOME_EVENT_READ_INBOX = 4,  /* peer, message = max id */
	HOME_EVENT_READ_OUTBOX = 5, /* peer, message = max id */
	HOME_EVENT_PINNED = 6,	    /* peer, ids */
	HOME_EVENT_UNPINNED = 7,
	HOME_EVENT_CONTENTS = 8, /* ids: seen or listened to */
	HOME_EVENT_FOLDER = 9,	 /* peer, message: the folder it is in */
};

struct home_event {
	int32_t pts, pts_count; /* it covers pts - pts_count + 1 to pts */
	enum home_event_kind kind;
	int32_t peer_kind;
	int64_t peer;
	int32_t message;
	int32_t *ids;
	size_t id_count;
	int64_t date_s;
};

void home_event_insert(const struct home_box *box, const struct home_event *event);
/* Those after pts, at most limit, oldest first, in the box's arena. */
void home_events_after(const struct home_box *box, int32_t pts, int32_t limit,
	struct home_event **out, size_t *count);
/* Whether an event at or below pts is still there. */
bool home_events_reach(const struct home_box *box, int32_t pts);

/* How far a box's log goes back. oldest_pts 0: it is empty. */
struct home_log {
	int64_t owner, oldest_s;
	int32_t pts, oldest_pts;
};

/* Of the boxes after an owner, ascending; returns how many of max there are. */
size_t home_logs_after(struct db *db, int64_t owner, struct home_log *out, size_t max);
/* Drops the oldest events that are at or below to_pts or older than before_s, at most `rows`;
 * returns how many. */
int64_t home_events_purge(
	struct db *db, int64_t owner, int32_t to_pts, int64_t before_s, int64_t rows);

#endif
