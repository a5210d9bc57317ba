/* SPDX-License-Identifier: Apache-2.0 */
/* Proofs of every leaf and of every earlier size hold, across tiles; and no other proof does. */
#include "../unit.h"

#include "desk/ledger/merkle_proof.h"

#define LEAVES 600

/* Tiles of a tree while it grows: two levels are enough for LEAVES. */
static uint8_t leaves[LEAVES][MERKLE_HASH_SIZE];
static uint8_t upper[LEAVES / MERKLE_TILE_WIDTH][MERKLE_HASH_SIZE];

static int read_tile(void *ctx, int level, uint64_t index, int width,
	uint8_t hashes[][MERKLE_HASH_SIZE], struct err *err)
{
	const uint64_t *size = ctx;
	uint64_t from = index * MERKLE_TILE_WIDTH, most = *size >> (level * 8);

	(void)err;
	assert_true(level < 2);
	assert_true(from + (uint64_t)width <= most);
	/* A tile that can be full is asked for as a full one: others go. */
	assert_true(width == MERKLE_TILE_WIDTH || from + (uint64_t)width == most);
	memcpy(hashes, level ? upper[from] : leaves[from], (size_t)width * MERKLE_HASH_SIZE);
	return 0;
}

static void make_leaves(void)
{
	for (uint64_t i = 0; i < LEAVES; i++)
		merkle_leaf_hash(bytes_of(&i, sizeof(i)), leaves[i]);
	for (size_t i = 0; i < ARRAY_LEN(upper); i++)
		merkle_perfect_root(leaves[i * MERKLE_TILE_WIDTH], MERKLE_TILE_WIDTH, upper[i]);
}

static void root_of(uint64_t size, uint8_t out[MERKLE_HASH_SIZE])
{
	struct merkle tree;

	merkle_init(&tree);
	for (uint64_t i = 0; i < size; i++)
		merkle_append(&tree, leaves[i], NULL, NULL);
	merkle_root(&tree, out);
}

static const uint64_t sizes[] = {1, 2, 3, 4, 5, 7, 8, 9, 255, 256, 257, 511, 512, 513, 600};

static void every_leaf(void **state)
{
	(void)state;
	make_leaves();
	for (size_t s = 0; s < ARRAY_LEN(sizes); s++) {
		uint64_t size = sizes[s];
		const struct merkle_tiles tiles = {size, read_tile, &size};
		uint8_t root[MERKLE_HASH_SIZE];

		root_of(size, root);
		for (uint64_t leaf = 0; leaf < size; leaf++) {
			struct merkle_proof proof;

			assert_int_equal(merkle_prove_leaf(&tiles, leaf, &proof, NULL), 0);
			assert_true(merkle_leaf_is_in(&proof, leaf, size, leaves[leaf], root));
			assert_false(merkle_leaf_is_in(
				&proof, leaf, size, leaves[(leaf + 1) % LEAVES], root));
			assert_false(merkle_leaf_is_in(&proof, leaf + 1, size, leaves[leaf], root));
			proof.count++;
			assert_false(merkle_leaf_is_in(&proof, leaf, size, leaves[leaf], root));
			if (--proof.count == 0)
				continue;
			proof.count--;
			assert_false(merkle_leaf_is_in(&proof, leaf, size, leaves[leaf], root));
			proof.count++;
			proof.hashes[proof.count - 1][leaf % MERKLE_HASH_SIZE] ^= 1;
			assert_false(merkle_leaf_is_in(&proof, leaf, size, leaves[leaf], root));
		}
	}
}

/* RFC 9162, section 2.1.4.2, as who gets such a proof checks it. */
static bool continues(const struct merkle_proof *proof, uint64_t old_size, const uint8_t *old_root,
	uint64_t size, const uint8_t *root)
{
	uint8_t old_hash[MERKLE_HASH_SIZE], hash[MERKLE_HASH_SIZE], node[MERKLE_HASH_SIZE];
	const bool is_node = (old_size & (old_size - 1)) == 0;
	uint64_t at = old_size - 1, last = size - 1;

	if (old_size == size)
		return proof->count == 0 && memcmp(old_root, root, MERKLE_HASH_SIZE) == 0;
	for (; at & 1; at >>= 1)
		last >>= 1;
	if (!is_node && proof->count == 0)
		return false;
	memcpy(hash, is_node ? old_root : proof->hashes[0], sizeof(hash));
	memcpy(old_hash, hash, sizeof(old_hash));
	for (size_t i = is_node ? 0 : 1; i < proof->count; i++, at >>= 1, last >>= 1) {
		if (last == 0)
			return false;
		if (!(at & 1) && at != last) {
			merkle_node_hash(hash, proof->hashes[i], node);
			memcpy(hash, node, sizeof(hash));
			continue;
		}
		merkle_node_hash(proof->hashes[i], old_hash, node);
		memcpy(old_hash, node, sizeof(node));
		merkle_node_hash(proof->hashes[i], hash, node);
		memcpy(hash, node, sizeof(node));
		for (; !(at & 1) && at; at >>= 1)
			last >>= 1;
	}
	return last == 0 && memcmp(old_hash, old_root, sizeof(old_hash)) == 0 &&
	       memcmp(hash, root, sizeof(hash)) == 0;
}

static void every_earlier_size(void **state)
{
	(void)state;
	make_leaves();
	for (size_t s = 0; s < ARRAY_LEN(sizes); s++) {
		uint64_t size = sizes[s];
		const struct merkle_tiles tiles = {size, read_tile, &size};
		uint8_t root[MERKLE_HASH_SIZE], old_root[MERKLE_HASH_SIZE];
		struct merkle_proof proof;

		root_of(size, root);
		assert_int_equal(merkle_prove_growth(&tiles, 0, &proof, NULL), 0);
		assert_int_equal(proof.count, 0);
		for (uint64_t old = 1; old <= size; old++) {
			root_of(old, old_root);
			assert_int_equal(merkle_prove_growth(&tiles, old, &proof, NULL), 0);
			assert_true(continues(&proof, old, old_root, size, root));
			old_root[0] ^= 1;
			assert_false(continues(&proof, old, old_root, size, root));
		}
	}
}

static void of_nothing(void **state)
{
	struct merkle_proof proof = {.count = 0};

	(void)state;
	make_leaves();
	assert_false(merkle_leaf_is_in(&proof, 0, 0, leaves[0], leaves[0]));
	assert_true(merkle_leaf_is_in(&proof, 0, 1, leaves[0], leaves[0]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_leaf),
		cmocka_unit_test(every_earlier_size),
		cmocka_unit_test(of_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
