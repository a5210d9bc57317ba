/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "desk/ledger/ledger_proof.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>

#include "base/text.h"
#include "desk/cases/files.h"
#include "desk/ledger/ledger.h"

static const char first_line[] = "c2sp.org/tlog-proof@v1";

int ledger_read_folder(void *ctx, const char *path, struct buf *out, struct err *err)
{
	char full[PATH_MAX];
	int size = snprintf(full, sizeof(full), "%s/%s", (const char *)ctx, path);

	if (size < 0 || (size_t)size >= sizeof(full))
		return err_set(err, ENAMETOOLONG, "the ledger's path is too long");
	buf_clear(out);
	return file_read(full, out, err);
}

/* ---- Making ---- */

struct making {
	ledger_read *read;
	void *ctx;
	struct buf file;
};

static int read_tile(void *ctx, int level, uint64_t index, int width,
	uint8_t hashes[][MERKLE_HASH_SIZE], struct err *err)
{
	struct making *m = ctx;
	size_t size = (size_t)width * MERKLE_HASH_SIZE;
	char path[MERKLE_PATH_MAX];

	merkle_tile_path(path, level, index, width);
	if (m->read(m->ctx, path, &m->file, err) < 0)
		return -1;
	if (buf_size(&m->file) != size)
		return err_set(err, EIO, "%s has the wrong size", path);
	memcpy(hashes, buf_data(&m->file), size);
	return 0;
}

/* Its place in a bundle: entries one after the other, each with its size in front. */
static int find_entry(struct making *m, struct arena *arena, uint64_t leaf, uint64_t size,
	struct bytes *out, struct err *err)
{
	uint64_t tile = leaf / MERKLE_TILE_WIDTH, left = size - tile * MERKLE_TILE_WIDTH;
	char path[MERKLE_PATH_MAX];
	struct bytes rest;

	merkle_tile_path(path, -1, tile, left < MERKLE_TILE_WIDTH ? (int)left : MERKLE_TILE_WIDTH);
	if (m->read(m->ctx, path, &m->file, err) < 0)
		return -1;
	rest = buf_bytes(&m->file);
	for (uint64_t at = tile * MERKLE_TILE_WIDTH;; at++) {
		size_t entry_size =
			rest.size < 2 ? SIZE_MAX : (size_t)rest.data[0] << 8 | rest.data[1];

		if (rest.size < 2 || rest.size - 2 < entry_size)
			return err_set(err, EIO, "%s is no bundle of entries", path);
		if (at == leaf) {
			*out = arena_bytes(arena, bytes_of(rest.data + 2, entry_size));
			return 0;
		}
		rest = bytes_of(rest.data + 2 + entry_size, rest.size - 2 - entry_size);
	}
}

static char *write_text(struct arena *arena, const struct ledger_proof *proof)
{
	struct buf text;
	char *out;

	buf_init(&text, LEDGER_PROOF_MAX);
	buf_printf(&text, "%s\nextra %s\nindex %llu\n", first_line,
		text_base64(arena, proof->entry), (unsigned long long)proof->index);
	for (size_t i = 0; i < proof->path.count; i++)
		buf_printf(&text, "%s\n",
			text_base64(arena, bytes_of(proof->path.hashes[i], MERKLE_HASH_SIZE)));
	buf_append_str(&text, "\n");
	buf_append_bytes(&text, proof->checkpoint);
	out = text.failed ? NULL : arena_str(arena, buf_bytes(&text));
	buf_release(&text);
	return out;
}

static int make(struct making *m, struct arena *arena, uint64_t leaf, char **out, struct err *err)
{
	struct ledger_proof proof = {.index = leaf};
	struct merkle_tiles tiles = {.read = read_tile, .ctx = m};
	struct checkpoint head;

	if (m->read(m->ctx, "checkpoint", &m->file, err) < 0)
		return -1;
	proof.checkpoint = arena_bytes(arena, buf_bytes(&m->file));
	if (checkpoint_read(proof.checkpoint, &head, err) < 0)
		return -1;
	if (leaf >= head.size)
		return err_set(err, ENOENT, "the ledger has %llu entries, from 0",
			(unsigned long long)head.size);
	tiles.size = head.size;
	if (find_entry(m, arena, leaf, head.size, &proof.entry, err) < 0 ||
		merkle_prove_leaf(&tiles, leaf, &proof.path, err) < 0)
		return -1;
	*out = write_text(arena, &proof);
	return *out ? 0 : err_set(err, E2BIG, "the receipt is too long");
}

int ledger_proof_make(ledger_read *read, void *ctx, struct arena *arena, uint64_t leaf, char **out,
	struct err *err)
{
	struct making m = {.read = read, .ctx = ctx};
	int rc;

	buf_init(&m.file, LEDGER_BUNDLE_MAX);
	rc = make(&m, arena, leaf, out, err);
	buf_release(&m.file);
	return rc;
}

int ledger_growth_make(ledger_read *read, void *ctx, uint64_t old_size, uint64_t size,
	struct merkle_proof *out, struct err *err)
{
	struct making m = {.read = read, .ctx = ctx};
	struct merkle_tiles tiles = {.size = size, .read = read_tile, .ctx = &m};
	int rc;

	buf_init(&m.file, LEDGER_BUNDLE_MAX);
	rc = merkle_prove_growth(&tiles, old_size, out, err);
	buf_release(&m.file);
	return rc;
}

/* ---- Reading ---- */

static struct bytes line_after(struct bytes line, const char *word)
{
	size_t size = strlen(word);

	if (!line.data || line.size < size || memcmp(line.data, word, size) != 0)
		return bytes_of(NULL, 0);
	return bytes_of(line.data + size, line.size - size);
}

static int read_path(struct arena *arena, struct bytes *rest, struct merkle_proof *path)
{
	struct bytes line, raw;

	path->count = 0;
	while ((line = text_line_next(rest)).size > 0) {
		if (path->count == MERKLE_PROOF_MAX || text_unbase64(arena, line, &raw) < 0 ||
			raw.size != MERKLE_HASH_SIZE)
			return -1;
		memcpy(path->hashes[path->count++], raw.data, MERKLE_HASH_SIZE);
	}
	return line.data ? 0 : -1; /* the empty line before the checkpoint */
}

int ledger_proof_parse(
	struct arena *arena, struct bytes text, struct ledger_proof *out, struct err *err)
{
	struct bytes rest = text, line;

	*out = (struct ledger_proof){.index = 0};
	if (text.size > LEDGER_PROOF_MAX || !bytes_equal_str(text_line_next(&rest), first_line))
		return err_set(err, 0, "this is no tlog-proof");
	line = text_line_next(&rest);
	if (text_unbase64(arena, line_after(line, "extra "), &out->entry) < 0 || !out->entry.size)
		return err_set(err, 0, "the receipt does not carry its entry");
	line = text_line_next(&rest);
	if (checkpoint_number(line_after(line, "index "), &out->index) < 0 ||
		read_path(arena, &rest, &out->path) < 0)
		return err_set(err, 0, "the receipt's path can't be read");
	out->checkpoint = rest;
	return 0;
}

int ledger_proof_check(const struct ledger_proof *proof, const struct checkpoint_verifier *verifier,
	struct checkpoint *out, struct err *err)
{
	uint8_t leaf[MERKLE_HASH_SIZE];

	if (checkpoint_open(proof->checkpoint, verifier, out, err) < 0)
		return -1;
	merkle_leaf_hash(proof->entry, leaf);
	if (!merkle_leaf_is_in(&proof->path, proof->index, out->size, leaf, out->root))
		return err_set(err, 0, "the entry is not in the ledger that was signed");
	return 0;
}
