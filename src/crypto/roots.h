/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Roots of the private side, one for each epoch. A new root makes a new epoch; older roots are kept
 * until everything that was sealed under them is sealed anew, each sealed under the next:
 *
 *   root 0 <--sealed under-- root 1 <--sealed under-- root 2   (the one that somebody holds)
 *                                                       \---- kept keys
 *
 * The links lie in the home (store/home_roots.h) and open nothing by themselves. What must stay
 * as it was when the root changes, hashes that are looked up and access hashes, has keys that come
 * from the first root and are kept sealed under the newest.
 *
 * Roots are in locked, guarded memory that core files leave out. Read-only after they were opened:
 * any thread.
 */
#ifndef CRYPTO_ROOTS_H
#define CRYPTO_ROOTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define ROOT_SIZE 32
#define ROOT_SALT_SIZE 32
#define ROOT_OWNER_KEY_SIZE 32
#define ROOT_CHECK_SIZE 32
#define ROOT_SEALED_SIZE 72 /* nonce, root, tag */
#define ROOT_KEPT_SIZE 88   /* nonce, both keys, tag */
#define ROOTS_MAX 4	    /* epochs that may wait for their sweep at once, the newest included */

/* Drawn from the first root, once. */
struct kept_keys {
	uint8_t lookup[32];
	uint8_t access[16];
};

/* What the home keeps of its roots. All zero: the first root was never changed. Plain bytes of one
 * size: it may be sent to another process as it is. */
struct root_chain {
	uint32_t epoch;			/* the newest */
	uint32_t count;			/* older ones that are still needed: epoch - count ... */
	uint8_t check[ROOT_CHECK_SIZE]; /* tells whether a root is the newest; says nothing of it */
	uint8_t kept[ROOT_KEPT_SIZE];	/* under the newest root */
	/* Under the root of the next epoch: at [0] the root of epoch - 1, under the newest; ... */
	uint8_t older[ROOTS_MAX - 1][ROOT_SEALED_SIZE];
};

struct roots;

/* root: the newest; the caller wipes its copy. NULL with *err: it is not, something of the chain
 * does not open, or no guarded memory. */
MUST_CHECK struct roots *roots_open(
	const uint8_t root[ROOT_SIZE], const struct root_chain *chain, struct err *err);
void roots_free(struct roots *roots); /* wipes; NULL is fine */
/* Whether this is the chain's newest root. True for every root while the chain is all zero. */
bool roots_match(const uint8_t root[ROOT_SIZE], const struct root_chain *chain);

uint32_t roots_epoch(const struct roots *roots);
void roots_kept_keys(const struct roots *roots, struct kept_keys *out);
/* -1: the root of that epoch is gone, or never was. */
MUST_CHECK int roots_owner_key(const struct roots *roots, uint32_t epoch,
	const uint8_t salt[ROOT_SALT_SIZE], int64_t owner, uint8_t out[ROOT_OWNER_KEY_SIZE]);

/* The chain once `next` is the newest root. -1 with *err: as many older ones are waiting as fit. */
MUST_CHECK int roots_turn(const struct roots *roots, const uint8_t next[ROOT_SIZE],
	struct root_chain *out, struct err *err);

/* Memory for a secret: guarded, not in core files, locked where that is allowed (else the event
 * vault_unlocked is logged). NULL with *err. */
MUST_CHECK void *secret_alloc(size_t size, struct err *err);
/* Says so, once in a process. code: errno of mlock. */
void secret_not_locked(int code);
void secret_free(void *secret); /* wipes; NULL is fine */

#endif
