/* SPDX-License-Identifier: Apache-2.0 */
/* Keys of owners that were asked for lately, in guarded memory. Bounded: a newer one takes an older
 * one's place. Thread-safe. */
#ifndef KEEPER_OWNER_KEYS_H
#define KEEPER_OWNER_KEYS_H

#include <stdbool.h>
#include <stdint.h>

#include "crypto/roots.h"

struct owner_keys;

MUST_CHECK struct owner_keys *owner_keys_new(struct err *err);
void owner_keys_free(struct owner_keys *keys); /* wipes; NULL is fine */

/* The salt must be the same too: a shredded owner's key is none any more. */
bool owner_keys_find(struct owner_keys *keys, uint32_t epoch, int64_t owner,
	const uint8_t salt[ROOT_SALT_SIZE], uint8_t out[ROOT_OWNER_KEY_SIZE]);
void owner_keys_put(struct owner_keys *keys, uint32_t epoch, int64_t owner,
	const uint8_t salt[ROOT_SALT_SIZE], const uint8_t key[ROOT_OWNER_KEY_SIZE]);

#endif
