/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. Making follows the recursion of RFC 6962, checking the loops of RFC 9162,
 * sections 2.1.3.2 and 2.1.4.2. */
#include "desk/ledger/merkle_proof.h"

#include <assert.h>

#define TILE_BITS 8

/* ---- Making ---- */

struct range {
	uint64_t from, to;
};

/* The largest power of two below the range's size: where the tree splits it. */
static uint64_t split_of(struct range r)
{
	uint64_t size = r.to - r.from, k = 1;

	while (k * 2 < size)
		k *= 2;
	return r.from + k;
}

/* A perfect subtree of 2^bits leaves: hashes that lie side by side in one tile. */
static int perfect_subtree(const struct merkle_tiles *tiles, uint64_t from, int bits,
	uint8_t out[MERKLE_HASH_SIZE], struct err *err)
{
	uint8_t hashes[MERKLE_TILE_WIDTH][MERKLE_HASH_SIZE];
	int level = bits / TILE_BITS, count = 1 << bits % TILE_BITS;
	uint64_t at = from >> (level * TILE_BITS), index = at / MERKLE_TILE_WIDTH;
	uint64_t left = (tiles->size >> (level * TILE_BITS)) - index * MERKLE_TILE_WIDTH;
	int width = left < MERKLE_TILE_WIDTH ? (int)left : MERKLE_TILE_WIDTH;

	if (tiles->read(tiles->ctx, level, index, width, hashes, err) < 0)
		return -1;
	merkle_perfect_root(hashes[at % MERKLE_TILE_WIDTH], count, out);
	return 0;
}

static int subtree(const struct merkle_tiles *tiles, struct range r, uint8_t out[MERKLE_HASH_SIZE],
	struct err *err)
{
	uint8_t left[MERKLE_HASH_SIZE], right[MERKLE_HASH_SIZE];
	uint64_t size = r.to - r.from, middle;

	if ((size & (size - 1)) == 0)
		return perfect_subtree(tiles, r.from, __builtin_ctzll(size), out, err);
	middle = split_of(r);
	if (subtree(tiles, (struct range){r.from, middle}, left, err) < 0 ||
		subtree(tiles, (struct range){middle, r.to}, right, err) < 0)
		return -1;
	merkle_node_hash(left, right, out);
	return 0;
}

static int add_subtree(
	const struct merkle_tiles *tiles, struct range r, struct merkle_proof *out, struct err *err)
{
	assert(out->count < MERKLE_PROOF_MAX);
	return subtree(tiles, r, out->hashes[out->count++], err);
}

static int prove_leaf(const struct merkle_tiles *tiles, uint64_t leaf, struct range r,
	struct merkle_proof *out, struct err *err)
{
	uint64_t middle;
	struct range left, right;

	if (r.to - r.from == 1)
		return 0;
	middle = split_of(r);
	left = (struct range){r.from, middle};
	right = (struct range){middle, r.to};
	if (prove_leaf(tiles, leaf, leaf < middle ? left : right, out, err) < 0)
		return -1;
	return add_subtree(tiles, leaf < middle ? right : left, out, err);
}

int merkle_prove_leaf(
	const struct merkle_tiles *tiles, uint64_t leaf, struct merkle_proof *out, struct err *err)
{
	assert(leaf < tiles->size);
	out->count = 0;
	return prove_leaf(tiles, leaf, (struct range){0, tiles->size}, out, err);
}

/* whole: the old tree's root is a node of this one, which the verifier knows already. */
static int prove_growth(const struct merkle_tiles *tiles, uint64_t old_size, struct range r,
	bool whole, struct merkle_proof *out, struct err *err)
{
	uint64_t middle;
	struct range left, right;

	if (old_size == r.to)
		return whole ? 0 : add_subtree(tiles, r, out, err);
	middle = split_of(r);
	left = (struct range){r.from, middle};
	right = (struct range){middle, r.to};
	if (old_size <= middle)
		return prove_growth(tiles, old_size, left, whole, out, err) < 0
			       ? -1
			       : add_subtree(tiles, right, out, err);
	return prove_growth(tiles, old_size, right, false, out, err) < 0
		       ? -1
		       : add_subtree(tiles, left, out, err);
}

int merkle_prove_growth(const struct merkle_tiles *tiles, uint64_t old_size,
	struct merkle_proof *out, struct err *err)
{
	assert(old_size <= tiles->size);
	out->count = 0;
	if (old_size == 0)
		return 0; /* everything continues nothing */
	return prove_growth(tiles, old_size, (struct range){0, tiles->size}, true, out, err);
}

/* ---- Checking ---- */

static void join(const uint8_t *left, const uint8_t *right, uint8_t *into)
{
	uint8_t node[MERKLE_HASH_SIZE];

	merkle_node_hash(left, right, node);
	memcpy(into, node, MERKLE_HASH_SIZE);
}

bool merkle_leaf_is_in(const struct merkle_proof *proof, uint64_t index, uint64_t size,
	const uint8_t leaf[MERKLE_HASH_SIZE], const uint8_t root[MERKLE_HASH_SIZE])
{
	uint64_t at = index, last = size - 1;
	uint8_t hash[MERKLE_HASH_SIZE];

	if (index >= size)
		return false;
	memcpy(hash, leaf, sizeof(hash));
	for (size_t i = 0; i < proof->count; i++) {
		if (last == 0)
			return false;
		if (at & 1 || at == last) {
			join(proof->hashes[i], hash, hash);
			while (!(at & 1) && at) {
				at >>= 1;
				last >>= 1;
			}
		} else {
			join(hash, proof->hashes[i], hash);
		}
		at >>= 1;
		last >>= 1;
	}
	return last == 0 && memcmp(hash, root, sizeof(hash)) == 0;
}
