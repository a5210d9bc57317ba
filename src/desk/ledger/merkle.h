/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tree of the ledger: RFC 6962 hashing, kept as the right edge of a tlog-tiles tree. Pure
 * functions and a value; no I/O. Each level of tiles holds at most 256 hashes of the tile that is
 * being filled; a full tile becomes one hash of the level above.
 *
 *   level 1            [ h(tile 0) h(tile 1) … ]
 *   level 0   [256 leaf hashes] [256] [ partial ]
 */
#ifndef DESK_MERKLE_H
#define DESK_MERKLE_H

#include "base/bytes.h"

#define MERKLE_HASH_SIZE 32
#define MERKLE_TILE_WIDTH 256
#define MERKLE_LEVELS 6 /* 2^48 leaves */

struct merkle_tile {
	uint64_t index; /* of the tile that is being filled */
	int width;	/* hashes in it, 0 to 255 */
	uint8_t hashes[MERKLE_TILE_WIDTH][MERKLE_HASH_SIZE];
};

struct merkle {
	uint64_t size;
	struct merkle_tile tiles[MERKLE_LEVELS];
};

void merkle_leaf_hash(struct bytes entry, uint8_t out[MERKLE_HASH_SIZE]);
void merkle_node_hash(const uint8_t left[MERKLE_HASH_SIZE], const uint8_t right[MERKLE_HASH_SIZE],
	uint8_t out[MERKLE_HASH_SIZE]);

/* Of a perfect subtree: count hashes side by side, a power of two, at most MERKLE_TILE_WIDTH. */
void merkle_perfect_root(const uint8_t *hashes, int count, uint8_t out[MERKLE_HASH_SIZE]);

void merkle_init(struct merkle *tree);
/* Called for each level whose tile changed, with what it holds now (a full tile before it is
 * emptied). */
typedef void merkle_on_tile(void *ctx, int level, uint64_t index, int width, const uint8_t *hashes);
/* on_tile may be NULL. */
void merkle_append(struct merkle *tree, const uint8_t leaf[MERKLE_HASH_SIZE],
	merkle_on_tile *on_tile, void *ctx);
/* Of the empty tree: SHA-256 of nothing. */
void merkle_root(const struct merkle *tree, uint8_t out[MERKLE_HASH_SIZE]);

/* "tile/0/x001/234.p/17", "tile/entries/000": the path of a tile under the log's address. level -1:
 * the entries. width 256: a full tile. */
#define MERKLE_PATH_MAX 80
void merkle_tile_path(char out[MERKLE_PATH_MAX], int level, uint64_t index, int width);

#endif
