/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The stored forms of a poll with any bytes, the first of them says how long the body is: what is
 * accepted keeps its bounds and is written down, and read again it is the same bytes.
 */
#include <stdint.h>
#include <stdlib.h>

#include "core/messages/poll_body.h"
#include "core/messages/polls.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
	if (!holds)
		abort();
}

static void check_body(struct arena *arena, const struct poll *poll)
{
	struct bytes once = poll_body_encode(arena, poll);
	struct poll again = {0};

	require(poll->option_count <= POLL_OPTIONS_MAX);
	require(poll_body_decode(arena, once, &again) == 0);
	require(bytes_equal(poll_body_encode(arena, &again), once));
}

static void check_tally(struct arena *arena, struct poll *poll)
{
	struct bytes once = poll_tally_encode(arena, poll);

	require(poll->recent_count <= POLL_RECENT_MAX);
	require(poll_tally_decode(arena, once, poll) == 0);
	require(bytes_equal(poll_tally_encode(arena, poll), once));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t body = size ? data[0] : 0;
	struct poll poll = {0};
	struct arena arena;

	arena_init(&arena);
	if (size && body < size && poll_body_decode(&arena, bytes_of(data + 1, body), &poll) == 0) {
		check_body(&arena, &poll);
		if (poll_tally_decode(&arena, bytes_of(data + 1 + body, size - 1 - body), &poll) ==
			0)
			check_tally(&arena, &poll);
		(void)poll_copy(&arena, &poll);
	}
	arena_release(&arena);
	return 0;
}
