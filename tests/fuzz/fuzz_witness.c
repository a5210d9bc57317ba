/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What strangers send about the public record: what a witness answers, and which figures somebody
 * asks for. A cosignature of a key that nobody has is never taken, and a checkpoint keeps its text
 * whatever is added to it; the days of a query are days.
 */
#include <stdint.h>
#include <stdlib.h>

#include "desk/ledger/checkpoint.h"
#include "desk/figures/figures.h"

#define NOW 1795000000

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
	if (!holds)
		abort();
}

static void check_answer(struct arena *arena, struct bytes note, struct bytes lines)
{
	/* Of the first example of RFC 8032, section 7.1. */
	static const struct checkpoint_verifier witness = {.origin = "witness.example/w1",
		.public_key = {0xd7, 0x5a, 0x98, 0x01, 0x82, 0xb1, 0x0a, 0xb7, 0xd5, 0x4b, 0xfe,
			0xd3, 0xc9, 0x64, 0x07, 0x3a, 0x0e, 0xe1, 0x72, 0xf3, 0xda, 0xa6, 0x23,
			0x25, 0xaf, 0x02, 0x1a, 0x68, 0xf7, 0x07, 0x51, 0x1a}};
	struct checkpoint_verifier other;
	struct bytes body = checkpoint_body(note);
	char *merged;

	if (checkpoint_witness_parse(lines, &other, NULL) == 0)
		require(*other.origin != 0);
	if (!body.data)
		return;
	require(checkpoint_cosigned(body, lines, &witness) == 0);
	merged = checkpoint_merge(arena, note, lines, &witness);
	require(!merged || bytes_equal(checkpoint_body(bytes_from_str(merged)), body));
}

static void check_query(struct arena *arena, struct bytes text)
{
	struct desk_metrics_query query;

	if (figures_query(arena, text, NOW, &query, NULL) < 0)
		return;
	require(strlen(query.from) == 10 && strlen(query.to) == 10);
	require(strcmp(query.from, query.to) <= 0);
	require(query.span == 0 || query.span == 4 || query.span == 7 || query.span == 10);
}

/* The note, a NUL, and what comes behind it. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *end = size ? memchr(data, 0, size) : NULL;
	size_t first = end ? (size_t)(end - data) : size;
	struct arena arena;

	arena_init(&arena);
	check_answer(&arena, bytes_of(data, first),
		end ? bytes_of(end + 1, size - first - 1) : bytes_of(data, size));
	check_query(&arena, bytes_of(data, size));
	arena_release(&arena);
	return 0;
}
