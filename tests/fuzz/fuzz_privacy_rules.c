/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The stored form of privacy rules with any bytes: what is accepted is written down again as the
 * same bytes, and answers for every viewer.
 */
#include <stdint.h>
#include <stdlib.h>

#include "core/accounts/privacy_rules.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool yes(void *ctx)
{
	return true;
}

static bool in_even_chats(void *ctx, int64_t chat)
{
	return chat % 2 == 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct privacy_viewer viewer = {.id = 7,
		.is_contact = yes,
		.is_close_friend = yes,
		.is_bot = yes,
		.is_in_chat = in_even_chats};
	struct privacy_rules rules;
	struct arena arena;

	arena_init(&arena);
	if (privacy_rules_decode(&arena, bytes_of(data, size), &rules) == 0) {
		if (!bytes_equal(privacy_rules_encode(&arena, &rules), bytes_of(data, size)))
			abort();
		if (rules.count == 0 && privacy_rules_allow(&rules, &viewer))
			abort();
	}
	arena_release(&arena);
	return 0;
}
