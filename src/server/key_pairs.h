/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Diffie-Hellman pairs (a, g_a) made ahead, while the processor has nothing else to do: a handshake
 * then costs half a millisecond less when many come at once. A pair serves once. Thread-safe.
 */
#ifndef SERVER_KEY_PAIRS_H
#define SERVER_KEY_PAIRS_H

#include <stddef.h>

#include "base/err.h"
#include "base/random.h"

struct key_pairs;
struct dh_pair;

/* Begins to make up to max pairs, on a thread of its own that runs in idle time alone. */
MUST_CHECK struct key_pairs *key_pairs_new(
	size_t max, const struct random *random, struct err *err);
void key_pairs_free(struct key_pairs *pairs); /* wipes; NULL is fine */
/* For struct handshake_keys: one of those, or one made here if there is none. Never waits. */
void key_pairs_take(void *pairs, struct dh_pair *out);
size_t key_pairs_count(const struct key_pairs *pairs);

#endif
