/* SPDX-License-Identifier: Apache-2.0 */
/* The window of received message ids: a sorted array, since ids mostly rise. */
#include "mtproto/session_seen.h"

#include <stdlib.h>

#include "base/mem.h"

#define FIRST_CAPACITY 4

/* What msgs_state_info says of an id. */
enum {
	STATE_UNKNOWN = 1,
	STATE_NOT_RECEIVED = 2,
	STATE_NOT_YET = 3, /* the id is above all that came */
	STATE_RECEIVED = 4,
	STATE_ACKED = 8, /* at the latest by this */
	STATE_NEEDS_NO_ACK = 16,
	STATE_PROCESSED = 32, /* or being so */
	STATE_ANSWERED = 64,
};

/* Index of the first entry that is not below id. */
static uint32_t lower_bound(const struct session_seen *seen, uint64_t id)
{
	uint32_t low = 0, high = seen->count;

	if (high > 0 && seen->entries[high - 1].id < id)
		return high;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (seen->entries[middle].id < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct seen_entry *seen_find(const struct session_seen *seen, uint64_t id)
{
	uint32_t at = lower_bound(seen, id);

	return at < seen->count && seen->entries[at].id == id ? &seen->entries[at] : NULL;
}

enum seen_verdict seen_check(const struct session_seen *seen, uint64_t id, uint32_t seqno)
{
	uint32_t at = lower_bound(seen, id);
	bool odd = seqno & 1;

	if (at < seen->count && seen->entries[at].id == id)
		return SEEN_DUPLICATE;
	if (id <= seen->floor)
		return SEEN_TOO_OLD;
	if (at > 0) {
		uint32_t before = seen->entries[at - 1].seqno;

		if (before > seqno || (before == seqno && odd))
			return SEEN_SEQNO_LOW;
	}
	if (at < seen->count) {
		uint32_t after = seen->entries[at].seqno;

		if (after < seqno || (after == seqno && odd))
			return SEEN_SEQNO_HIGH;
	}
	return SEEN_NEW;
}

static void drop_front(struct session_seen *seen, uint32_t count)
{
	if (count == 0)
		return;
	seen->floor = seen->entries[count - 1].id;
	seen->count -= count;
	memmove(seen->entries, seen->entries + count, seen->count * sizeof(*seen->entries));
}

/* Calls in progress stay, and what is newer than they are: their answers may be asked about. */
static void drop_old(struct session_seen *seen, int64_t now_s)
{
	uint32_t old = 0;

	while (old < seen->count && !seen_is_running(seen->entries[old].state) &&
		(int64_t)(seen->entries[old].id >> 32) < now_s - SEEN_KEEP_S)
		old++;
	drop_front(seen, old);
}

static void resize(struct session_seen *seen, uint32_t capacity)
{
	seen->entries = mem_realloc(seen->entries, capacity * sizeof(*seen->entries));
	seen->capacity = capacity;
}

/* By half: most sessions have a few messages in each few minutes, and there are many sessions. */
static uint32_t next_capacity(uint32_t capacity)
{
	capacity += capacity / 2;
	return capacity < SEEN_MAX ? capacity : SEEN_MAX;
}

static void make_room(struct session_seen *seen, int64_t now_s)
{
	/* Half of it at a time: the rest need not move for each message. */
	if (seen->count == seen->capacity ||
		(int64_t)(seen->entries[seen->count / 2].id >> 32) < now_s - SEEN_KEEP_S)
		drop_old(seen, now_s);
	if (seen->count == SEEN_MAX)
		drop_front(seen, SEEN_MAX / 4);
	if (seen->count == seen->capacity)
		resize(seen, seen->capacity ? next_capacity(seen->capacity) : FIRST_CAPACITY);
	else if (seen->capacity > FIRST_CAPACITY && seen->count < seen->capacity / 4)
		resize(seen, seen->capacity / 2); /* a client that was busy and now idles */
}

void seen_add(struct session_seen *seen, uint64_t id, uint32_t seqno, enum seen_state state,
	int64_t now_s)
{
	uint32_t at;

	make_room(seen, now_s);
	at = lower_bound(seen, id);
	memmove(seen->entries + at + 1, seen->entries + at,
		(seen->count - at) * sizeof(*seen->entries));
	seen->entries[at] = (struct seen_entry){id, seqno, state};
	seen->count++;
}

uint8_t seen_status(const struct session_seen *seen, uint64_t id)
{
	const struct seen_entry *entry = seen_find(seen, id);

	if (!entry) {
		/* "Certainly not received" may only be said inside the range that is remembered. */
		if (seen->count == 0 || id <= seen->floor || id < seen->since)
			return STATE_UNKNOWN;
		return id > seen->entries[seen->count - 1].id ? STATE_NOT_YET : STATE_NOT_RECEIVED;
	}
	switch (entry->state) {
	case SEEN_SERVICE:
		return STATE_RECEIVED | STATE_NEEDS_NO_ACK;
	case SEEN_PROCESSING:
	case SEEN_DROPPED:
		return STATE_RECEIVED | STATE_ACKED | STATE_PROCESSED;
	case SEEN_ANSWERED:
	case SEEN_FAILED:
		return STATE_RECEIVED | STATE_ACKED | STATE_PROCESSED | STATE_ANSWERED;
	}
	return STATE_UNKNOWN;
}

void seen_release(struct session_seen *seen)
{
	free(seen->entries);
	memset(seen, 0, sizeof(*seen));
}
