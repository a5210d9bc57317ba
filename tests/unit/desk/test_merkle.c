/* SPDX-License-Identifier: Apache-2.0 */
/* The ledger's tree: against known roots, and against the definition written out naively. */
#include "../unit.h"

#include <stdio.h>

#include "crypto/hash.h"
#include "desk/ledger/merkle.h"

#define LEAVES_MAX 1100

static void known_roots(void **state)
{
	/* The leaves and roots that certificate transparency logs test with. */
	static const struct {
		const char *leaf, *root;
	} rows[] = {
		{"", "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"},
		{"00", "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"},
		{"10", "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"},
		{"2021", "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"},
		{"3031", "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4"},
		{"40414243", "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef"},
		{"5051525354555657",
			"ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c"},
		{"606162636465666768696a6b6c6d6e6f",
			"5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"},
	};
	uint8_t root[MERKLE_HASH_SIZE], leaf[16], hash[MERKLE_HASH_SIZE];
	struct merkle tree;

	merkle_init(&tree);
	merkle_root(&tree, root);
	assert_hex_equal(
		root, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", 32);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		size_t size = strlen(rows[i].leaf) / 2;

		unhex(rows[i].leaf, leaf, size);
		merkle_leaf_hash(bytes_of(leaf, size), hash);
		merkle_append(&tree, hash, NULL, NULL);
		merkle_root(&tree, root);
		assert_hex_equal(root, rows[i].root, 32);
	}
}

static uint8_t leaves[LEAVES_MAX][MERKLE_HASH_SIZE];

/* RFC 6962 section 2.1, word by word. */
static void definition(size_t from, size_t count, uint8_t out[MERKLE_HASH_SIZE])
{
	uint8_t left[MERKLE_HASH_SIZE], right[MERKLE_HASH_SIZE];
	size_t k = 1;

	if (count == 1) {
		memcpy(out, leaves[from], MERKLE_HASH_SIZE);
		return;
	}
	while (k * 2 < count)
		k *= 2;
	definition(from, k, left);
	definition(from + k, count - k, right);
	merkle_node_hash(left, right, out);
}

static void every_size_across_tiles(void **state)
{
	uint8_t root[MERKLE_HASH_SIZE], wanted[MERKLE_HASH_SIZE];
	struct merkle tree;

	merkle_init(&tree);
	for (size_t i = 0; i < LEAVES_MAX; i++) {
		uint64_t number = i;

		merkle_leaf_hash(bytes_of(&number, sizeof(number)), leaves[i]);
		merkle_append(&tree, leaves[i], NULL, NULL);
		if (i > 300 && i % 256 > 4 && i % 61)
			continue;
		merkle_root(&tree, root);
		definition(0, i + 1, wanted);
		assert_memory_equal(root, wanted, sizeof(root));
	}
	assert_int_equal(tree.tiles[1].width, LEAVES_MAX / 256);
	assert_int_equal(tree.tiles[0].width, LEAVES_MAX % 256);
	assert_int_equal(tree.tiles[0].index, LEAVES_MAX / 256);
}

static void paths(void **state)
{
	static const struct {
		int level;
		uint64_t index;
		int width;
		const char *path;
	} rows[] = {
		{0, 0, 256, "tile/0/000"},
		{0, 5, 17, "tile/0/005.p/17"},
		{-1, 999, 256, "tile/entries/999"},
		{-1, 1000, 1, "tile/entries/x001/000.p/1"},
		{2, 1234067, 256, "tile/2/x001/x234/067"},
	};
	char path[MERKLE_PATH_MAX];

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		merkle_tile_path(path, rows[i].level, rows[i].index, rows[i].width);
		assert_string_equal(path, rows[i].path);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_roots),
		cmocka_unit_test(every_size_across_tiles),
		cmocka_unit_test(paths),
	};

	return cmocka_run_group_tests_name("desk/merkle", tests, NULL, no_arena_leaked);
}
