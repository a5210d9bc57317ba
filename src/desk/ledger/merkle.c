/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. https://www.rfc-editor.org/rfc/rfc6962 section 2.1, https://c2sp.org/tlog-tiles
 */
#include "desk/ledger/merkle.h"

#include <assert.h>
#include <stdio.h>

#include "crypto/hash.h"

void merkle_leaf_hash(struct bytes entry, uint8_t out[MERKLE_HASH_SIZE])
{
	hash_sha256_parts((struct bytes[]){bytes_of("\0", 1), entry}, 2, out);
}

void merkle_node_hash(const uint8_t left[MERKLE_HASH_SIZE], const uint8_t right[MERKLE_HASH_SIZE],
	uint8_t out[MERKLE_HASH_SIZE])
{
	uint8_t node[1 + 2 * MERKLE_HASH_SIZE] = {1};

	memcpy(node + 1, left, MERKLE_HASH_SIZE);
	memcpy(node + 1 + MERKLE_HASH_SIZE, right, MERKLE_HASH_SIZE);
	hash_sha256(bytes_of(node, sizeof(node)), out);
}

void merkle_init(struct merkle *tree)
{
	memset(tree, 0, sizeof(*tree));
}

void merkle_perfect_root(const uint8_t *hashes, int count, uint8_t out[MERKLE_HASH_SIZE])
{
	uint8_t row[MERKLE_TILE_WIDTH][MERKLE_HASH_SIZE];

	memcpy(row, hashes, (size_t)count * MERKLE_HASH_SIZE);
	for (; count > 1; count /= 2) {
		for (int i = 0; i < count / 2; i++) {
			uint8_t node[MERKLE_HASH_SIZE];

			merkle_node_hash(row[2 * i], row[2 * i + 1], node);
			memcpy(row[i], node, MERKLE_HASH_SIZE);
		}
	}
	memcpy(out, row[0], MERKLE_HASH_SIZE);
}

void merkle_append(struct merkle *tree, const uint8_t leaf[MERKLE_HASH_SIZE],
	merkle_on_tile *on_tile, void *ctx)
{
	uint8_t hash[MERKLE_HASH_SIZE];

	memcpy(hash, leaf, MERKLE_HASH_SIZE);
	tree->size++;
	for (int level = 0; level < MERKLE_LEVELS; level++) {
		struct merkle_tile *tile = &tree->tiles[level];

		memcpy(tile->hashes[tile->width++], hash, MERKLE_HASH_SIZE);
		if (on_tile)
			on_tile(ctx, level, tile->index, tile->width, tile->hashes[0]);
		if (tile->width < MERKLE_TILE_WIDTH)
			return;
		merkle_perfect_root(tile->hashes[0], MERKLE_TILE_WIDTH, hash);
		tile->width = 0;
		tile->index++;
	}
	assert(!"2^48 leaves are more than a ledger of orders can get");
}

/* From the right edge to the left: the smallest subtree first, each larger one to its left. */
void merkle_root(const struct merkle *tree, uint8_t out[MERKLE_HASH_SIZE])
{
	bool any = false;

	hash_sha256(bytes_of("", 0), out);
	for (int level = 0; level < MERKLE_LEVELS; level++) {
		const struct merkle_tile *tile = &tree->tiles[level];
		int end = tile->width;

		for (int size = 1; size <= tile->width; size *= 2) {
			uint8_t left[MERKLE_HASH_SIZE], node[MERKLE_HASH_SIZE];

			if (!(tile->width & size))
				continue;
			end -= size;
			merkle_perfect_root(tile->hashes[end], size, left);
			if (any)
				merkle_node_hash(left, out, node);
			memcpy(out, any ? node : left, MERKLE_HASH_SIZE);
			any = true;
		}
	}
}

void merkle_tile_path(char out[MERKLE_PATH_MAX], int level, uint64_t index, int width)
{
	char level_name[16] = "entries", groups[40] = "";
	int size;

	assert(width >= 1 && width <= MERKLE_TILE_WIDTH);
	if (level >= 0)
		snprintf(level_name, sizeof(level_name), "%d", level);
	/* 1234067 -> x001/x234/067 */
	for (uint64_t rest = index, first = 1; rest || first; rest /= 1000, first = 0) {
		char next[40];

		snprintf(next, sizeof(next), "%s%03u%s%s", first ? "" : "x",
			(unsigned)(rest % 1000), first ? "" : "/", groups);
		memcpy(groups, next, sizeof(groups));
	}
	size = width == MERKLE_TILE_WIDTH
		       ? snprintf(out, MERKLE_PATH_MAX, "tile/%s/%s", level_name, groups)
		       : snprintf(out, MERKLE_PATH_MAX, "tile/%s/%s.p/%d", level_name, groups,
				 width);
	assert(size > 0 && size < MERKLE_PATH_MAX);
}
