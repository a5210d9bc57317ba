/* SPDX-License-Identifier: Apache-2.0 */
/*
 * See the header. Leaves are hashed twice over: from the entries, and as the tiles of level 0 give
 * them. Which of the two the signed root confirms is the truth; what differs from it was altered.
 */
#include "desk/ledger/ledger_verify.h"

#include <errno.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/mem.h"
#include "desk/ledger/ledger.h"
#include "desk/ledger/ledger_fetch.h"

struct verification {
	const char *source;
	FILE *report;
	uint64_t size;			      /* leaves, as signed */
	uint8_t (*entries)[MERKLE_HASH_SIZE]; /* leaf hashes from the entries */
	uint8_t (*tiles)[MERKLE_HASH_SIZE];   /* the same as tiles of level 0 say */
	bool *bad_bundle, *bad_tile;	      /* unreadable, by tile */
	struct buf file;
	int faults, files;
};

static void fault(struct verification *v, const char *name, const char *what)
{
	v->faults++;
	fprintf(v->report, "BAD  %s: %s\n", name, what);
}

static int width_of(const struct verification *v, uint64_t tile)
{
	uint64_t left = v->size - tile * MERKLE_TILE_WIDTH;

	return left < MERKLE_TILE_WIDTH ? (int)left : MERKLE_TILE_WIDTH;
}

static bool fetch(struct verification *v, const char *name, bool must)
{
	struct err err = {0};

	if (ledger_fetch(v->source, name, &v->file, &err) == 0) {
		v->files++;
		return true;
	}
	if (must)
		fault(v, name, err.code == ENOENT ? "is missing" : err.text);
	return false;
}

/* Leaf hashes of a bundle: two bytes of size, big-endian, and the entry, width times. */
static bool bundle_hashes(struct bytes file, int width, uint8_t (*out)[MERKLE_HASH_SIZE])
{
	for (int i = 0; i < width; i++) {
		size_t size;

		if (file.size < 2)
			return false;
		size = (size_t)file.data[0] << 8 | file.data[1];
		if (file.size - 2 < size)
			return false;
		merkle_leaf_hash(bytes_of(file.data + 2, size), out[i]);
		file = bytes_of(file.data + 2 + size, file.size - 2 - size);
	}
	return file.size == 0;
}

static void read_tile(struct verification *v, uint64_t tile)
{
	uint8_t(*entries)[MERKLE_HASH_SIZE] = v->entries + tile * MERKLE_TILE_WIDTH;
	uint8_t(*tiles)[MERKLE_HASH_SIZE] = v->tiles + tile * MERKLE_TILE_WIDTH;
	int width = width_of(v, tile);
	size_t size = (size_t)width * MERKLE_HASH_SIZE;
	char name[MERKLE_PATH_MAX];

	merkle_tile_path(name, -1, tile, width);
	if (!fetch(v, name, true)) {
		v->bad_bundle[tile] = true;
	} else if (!bundle_hashes(buf_bytes(&v->file), width, entries)) {
		v->bad_bundle[tile] = true;
		fault(v, name, "is no bundle of that many entries");
	}
	merkle_tile_path(name, 0, tile, width);
	if (!fetch(v, name, true)) {
		v->bad_tile[tile] = true;
	} else if (buf_size(&v->file) != size) {
		v->bad_tile[tile] = true;
		fault(v, name, "has the wrong size");
	} else {
		memcpy(tiles, buf_data(&v->file), size);
	}
	/* One of the two may stand in for the other: the root decides whether it may. */
	if (v->bad_bundle[tile] && !v->bad_tile[tile])
		memcpy(entries, tiles, size);
	if (v->bad_tile[tile] && !v->bad_bundle[tile])
		memcpy(tiles, entries, size);
}

static void root_of(const struct verification *v, uint8_t (*leaves)[MERKLE_HASH_SIZE],
	uint8_t out[MERKLE_HASH_SIZE])
{
	struct merkle tree;

	merkle_init(&tree);
	for (uint64_t i = 0; i < v->size; i++)
		merkle_append(&tree, leaves[i], NULL, NULL);
	merkle_root(&tree, out);
}

/* Where entries and tiles of level 0 differ, and who is wrong. */
static void compare_leaves(struct verification *v, bool entries_hold, bool tiles_hold)
{
	for (uint64_t tile = 0; tile * MERKLE_TILE_WIDTH < v->size; tile++) {
		int width = width_of(v, tile), at = 0;
		char bundle[MERKLE_PATH_MAX], hashes[MERKLE_PATH_MAX], what[160];

		if (v->bad_bundle[tile] || v->bad_tile[tile])
			continue;
		while (at < width && memcmp(v->entries[tile * MERKLE_TILE_WIDTH + (uint64_t)at],
					     v->tiles[tile * MERKLE_TILE_WIDTH + (uint64_t)at],
					     MERKLE_HASH_SIZE) == 0)
			at++;
		if (at == width)
			continue;
		merkle_tile_path(bundle, -1, tile, width);
		merkle_tile_path(hashes, 0, tile, width);
		snprintf(what, sizeof(what), "leaf %llu is not what was signed",
			(unsigned long long)(tile * MERKLE_TILE_WIDTH) + (unsigned)at);
		if (entries_hold || !tiles_hold)
			fault(v, hashes, what);
		if (!entries_hold)
			fault(v, bundle, what);
	}
}

static void compare_tile(struct verification *v, int level, uint64_t index, int width,
	const uint8_t *hashes, bool must)
{
	char name[MERKLE_PATH_MAX];

	merkle_tile_path(name, level, index, width);
	if (!fetch(v, name, must))
		return;
	if (!bytes_equal(buf_bytes(&v->file), bytes_of(hashes, (size_t)width * MERKLE_HASH_SIZE)))
		fault(v, name, "does not hold the hashes of the tiles below it");
}

/* Called with every width a tile ever had: what earlier checkpoints pointed at may still lie in a
 * folder, and is looked at too. Over the network only what the last one needs. */
static void on_tile(void *ctx, int level, uint64_t index, int width, const uint8_t *hashes)
{
	struct verification *v = ctx;
	uint64_t count = v->size >> (8 * level);
	bool last = index == count / MERKLE_TILE_WIDTH && width == (int)(count % MERKLE_TILE_WIDTH);

	if (width == MERKLE_TILE_WIDTH || last) {
		if (level > 0)
			compare_tile(v, level, index, width, hashes, true);
	} else if (index == count / MERKLE_TILE_WIDTH && !ledger_source_is_url(v->source)) {
		compare_tile(v, level, index, width, hashes, false);
	}
}

/* Earlier, shorter forms of the last bundle that still lie in a folder. */
static void compare_old_bundles(struct verification *v, uint8_t (*truth)[MERKLE_HASH_SIZE])
{
	uint64_t tile = v->size / MERKLE_TILE_WIDTH;
	int width = (int)(v->size % MERKLE_TILE_WIDTH);

	if (ledger_source_is_url(v->source))
		return;
	for (int w = 1; w < width; w++) {
		uint8_t hashes[MERKLE_TILE_WIDTH][MERKLE_HASH_SIZE];
		char name[MERKLE_PATH_MAX];

		merkle_tile_path(name, -1, tile, w);
		if (fetch(v, name, false) && (!bundle_hashes(buf_bytes(&v->file), w, hashes) ||
						     memcmp(hashes, truth[tile * MERKLE_TILE_WIDTH],
							     (size_t)w * MERKLE_HASH_SIZE) != 0))
			fault(v, name, "an entry is not what was signed");
	}
}

static void check_tree(struct verification *v, const uint8_t signed_root[MERKLE_HASH_SIZE])
{
	uint8_t from_entries[MERKLE_HASH_SIZE], from_tiles[MERKLE_HASH_SIZE];
	bool entries_hold, tiles_hold;
	struct merkle tree;

	for (uint64_t tile = 0; tile * MERKLE_TILE_WIDTH < v->size; tile++)
		read_tile(v, tile);
	root_of(v, v->entries, from_entries);
	root_of(v, v->tiles, from_tiles);
	entries_hold = memcmp(from_entries, signed_root, MERKLE_HASH_SIZE) == 0;
	tiles_hold = memcmp(from_tiles, signed_root, MERKLE_HASH_SIZE) == 0;
	compare_leaves(v, entries_hold, tiles_hold);
	if (!entries_hold && !tiles_hold) {
		fault(v, "checkpoint", "its root is not that of the entries");
		return;
	}
	merkle_init(&tree);
	for (uint64_t i = 0; i < v->size; i++)
		merkle_append(&tree, entries_hold ? v->entries[i] : v->tiles[i], on_tile, v);
	compare_old_bundles(v, entries_hold ? v->entries : v->tiles);
}

static void check_all(struct verification *v, const struct checkpoint *checkpoint)
{
	size_t tiles;

	if (checkpoint->size > LEDGER_VERIFY_LEAVES_MAX) {
		fault(v, "checkpoint", "more leaves than this program checks in one go");
		return;
	}
	v->size = checkpoint->size;
	tiles = (size_t)(v->size / MERKLE_TILE_WIDTH + 1);
	v->entries = mem_zalloc(v->size + 1, MERKLE_HASH_SIZE);
	v->tiles = mem_zalloc(v->size + 1, MERKLE_HASH_SIZE);
	v->bad_bundle = mem_zalloc(tiles, sizeof(bool));
	v->bad_tile = mem_zalloc(tiles, sizeof(bool));
	check_tree(v, checkpoint->root);
	free(v->entries);
	free(v->tiles);
	free(v->bad_bundle);
	free(v->bad_tile);
}

int ledger_verify(const char *source, const struct checkpoint_verifier *verifier, FILE *report)
{
	struct verification v = {.source = source, .report = report};
	struct checkpoint checkpoint = {0};
	struct err err = {0};

	buf_init(&v.file, LEDGER_BUNDLE_MAX);
	if (fetch(&v, "checkpoint", true)) {
		if (checkpoint_open(buf_bytes(&v.file), verifier, &checkpoint, &err) < 0)
			fault(&v, "checkpoint", err.text);
		else
			check_all(&v, &checkpoint);
	}
	buf_release(&v.file);
	if (v.faults == 0)
		fprintf(report,
			"ok   %llu leaves in %d files: every entry, tile and the root are as %s "
			"signed "
			"them\n",
			(unsigned long long)checkpoint.size, v.files, verifier->origin);
	else
		fprintf(report, "FAILED with %d fault%s\n", v.faults, v.faults == 1 ? "" : "s");
	return v.faults;
}
