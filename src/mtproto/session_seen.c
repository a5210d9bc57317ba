/* SPDX-License-Identifier: Apache-2.0 */
/* The window of received message ids: a sorted array, since ids mostly rise. */
#include "mtproto/session_seen.h"

#include <stdlib.h>

#include "base/mem.h"

#define FIRST_CAPACITY 8

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

	while (old < seen->count && seen->entries[old].state != SEEN_PROCESSING &&
		(int64_t)(seen->entries[old].id >> 32) < now_s - SEEN_KEEP_S)
		old++;
	drop_front(seen, old);
}

static void make_room(struct session_seen *seen, int64_t now_s)
{
	uint32_t capacity;

	if (seen->count < seen->capacity)
		return;
	drop_old(seen, now_s);
	if (seen->count < seen->capacity)
		return;
	if (seen->capacity >= SEEN_MAX) {
		drop_front(seen, SEEN_MAX / 4);
		return;
	}
	capacity = seen->capacity ? seen->capacity * 2 : FIRST_CAPACITY;
	seen->entries = mem_realloc(seen->entries, capacity * sizeof(*seen->entries));
	seen->capacity = capacity;
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
		if (seen->count == 0 || id < seen->entries[0].id || id <= seen->floor)
			return 1;
		return id > seen->entries[seen->count - 1].id ? 3 : 2;
	}
	switch (entry->state) {
	case SEEN_SERVICE:
		return 4 | 16;
	case SEEN_PROCESSING:
		return 4 | 8 | 32;
	case SEEN_ANSWERED:
	case SEEN_DROPPED:
		return 4 | 8 | 64;
	}
	return 1;
}

void seen_release(struct session_seen *seen)
{
	free(seen->entries);
	memset(seen, 0, sizeof(*seen));
}
