/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Proofs over the ledger's tree, RFC 6962 sections 2.1.1 and 2.1.2: that a leaf is in it, and that
 * a tree continues an earlier one. Made from tiles, wherever they lie; checked without any. Pure.
 */
#ifndef DESK_MERKLE_PROOF_H
#define DESK_MERKLE_PROOF_H

#include "base/err.h"
#include "desk/ledger/merkle.h"

#define MERKLE_PROOF_MAX 64

struct merkle_proof {
	size_t count;
	uint8_t hashes[MERKLE_PROOF_MAX][MERKLE_HASH_SIZE];
};

/* A tree of size leaves in tiles. read fills width hashes of one. */
struct merkle_tiles {
	uint64_t size;
	int (*read)(void *ctx, int level, uint64_t index, int width,
		uint8_t hashes[][MERKLE_HASH_SIZE], struct err *err);
	void *ctx;
};

/* leaf < size. */
MUST_CHECK int merkle_prove_leaf(
	const struct merkle_tiles *tiles, uint64_t leaf, struct merkle_proof *out, struct err *err);
/* That the tree begins with the first old_size leaves, unchanged; old_size <= size. Whoever asks
 * for it checks it: a witness (witnesses.h). */
MUST_CHECK int merkle_prove_growth(const struct merkle_tiles *tiles, uint64_t old_size,
	struct merkle_proof *out, struct err *err);

/* Is the leaf with this hash the index-th of the tree with that size and root? */
bool merkle_leaf_is_in(const struct merkle_proof *proof, uint64_t index, uint64_t size,
	const uint8_t leaf[MERKLE_HASH_SIZE], const uint8_t root[MERKLE_HASH_SIZE]);

#endif
