/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. https://c2sp.org/tlog-tiles */
#include "desk/ledger/ledger.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/log.h"
#include "base/mem.h"
#include "base/text.h"
#include "desk/cases/files.h"
#include "store/square_desk_orders.h"

#define LEAVES_PER_READ 1000

static int path_of(char out[PATH_MAX], const char *folder, const char *name, struct err *err)
{
	int size = snprintf(out, PATH_MAX, "%s/%s", folder, name);

	return size > 0 && size < PATH_MAX ? 0 : err_set(err, ENAMETOOLONG, "a path is too long");
}

/* ---- Key and origin ---- */

static int signer_load(struct checkpoint_signer *signer, const char *desk_folder, struct err *err)
{
	char path[PATH_MAX];
	struct buf text;
	struct bytes origin;
	int rc;

	signer->key = NULL;
	if (path_of(path, desk_folder, "ledger.origin", err) < 0)
		return -1;
	buf_init(&text, 4096);
	rc = file_read(path, &text, err);
	if (rc == 0) {
		origin = text_trim(buf_bytes(&text));
		snprintf(signer->origin, sizeof(signer->origin), "%.*s", (int)origin.size,
			(const char *)origin.data);
		if (!checkpoint_origin_ok(signer->origin))
			rc = err_set(err, 0, "%s must hold one word of printable ASCII without '+'",
				path);
	}
	buf_release(&text);
	if (rc < 0 || path_of(path, desk_folder, "ledger.key", err) < 0)
		return -1;
	signer->key = sign_key_load(path, err);
	return signer->key ? 0 : -1;
}

/* The default origin names the key; who publishes under a domain writes that into the file before
 * the first order. */
static int origin_create(const char *desk_folder, const char *path, struct err *err)
{
	char key_path[PATH_MAX], text[64];
	struct arena arena;
	struct sign_key *key;

	if (path_of(key_path, desk_folder, "ledger.key", err) < 0)
		return -1;
	key = sign_key_load(key_path, err);
	if (!key)
		return -1;
	arena_init(&arena);
	snprintf(text, sizeof(text), "lontar-ledger/%s\n",
		text_hex(&arena, bytes_of(sign_key_public(key), 8)));
	arena_release(&arena);
	sign_key_free(key);
	return file_write(path, 0644, bytes_from_str(text), err);
}

int ledger_init(const char *desk_folder, struct err *err)
{
	char key[PATH_MAX], origin[PATH_MAX];

	if (path_of(key, desk_folder, "ledger.key", err) < 0 ||
		path_of(origin, desk_folder, "ledger.origin", err) < 0)
		return -1;
	if (access(key, F_OK) < 0 && sign_key_create(key, err) < 0)
		return -1;
	return access(origin, F_OK) < 0 ? origin_create(desk_folder, origin, err) : 0;
}

int ledger_verifier_text(const char *desk_folder, struct arena *arena, char **out, struct err *err)
{
	struct checkpoint_signer signer;

	if (signer_load(&signer, desk_folder, err) < 0)
		return -1;
	*out = checkpoint_verifier_text(arena, &signer);
	sign_key_free(signer.key);
	return 0;
}

/* ---- Files ---- */

static bool same_already(const char *path, struct bytes content)
{
	struct buf old;
	bool same, there;

	buf_init(&old, LEDGER_BUNDLE_MAX);
	there = file_read(path, &old, NULL) == 0;
	same = there && bytes_equal(buf_bytes(&old), content);
	buf_release(&old);
	if (there && !same)
		log_warn("ledger_file_repaired", "a file of the ledger differed from the database");
	return same;
}

static void put(struct ledger *ledger, const char *name, struct bytes content)
{
	char path[PATH_MAX];

	if (ledger->silent || ledger->failed.text[0] ||
		path_of(path, ledger->folder, name, &ledger->failed) < 0)
		return;
	if (ledger->comparing && same_already(path, content))
		return;
	if (file_write(path, 0644, content, &ledger->failed) < 0)
		log_error("ledger_write_failed", "%s", ledger->failed.text);
}

/* A full tile makes its partial forms superfluous. */
static void drop_partials(struct ledger *ledger, int level, uint64_t index)
{
	char name[MERKLE_PATH_MAX], path[PATH_MAX], folder[MERKLE_PATH_MAX + 4];

	merkle_tile_path(name, level, index, MERKLE_TILE_WIDTH);
	snprintf(folder, sizeof(folder), "%s.p", name);
	if (path_of(path, ledger->folder, folder, NULL) == 0)
		file_remove_folder(path);
}

static void put_tile(
	struct ledger *ledger, int level, uint64_t index, int width, const uint8_t *hashes)
{
	char name[MERKLE_PATH_MAX];

	merkle_tile_path(name, level, index, width);
	put(ledger, name, bytes_of(hashes, (size_t)width * MERKLE_HASH_SIZE));
	if (level == 0) {
		merkle_tile_path(name, -1, index, width);
		put(ledger, name, buf_bytes(&ledger->bundle));
	}
	if (width == MERKLE_TILE_WIDTH && !ledger->silent) {
		drop_partials(ledger, level, index);
		if (level == 0)
			drop_partials(ledger, -1, index);
	}
}

/* Full tiles are written when they fill; partial ones once, when all new leaves are in. */
static void on_tile(void *ctx, int level, uint64_t index, int width, const uint8_t *hashes)
{
	if (width == MERKLE_TILE_WIDTH)
		put_tile(ctx, level, index, width, hashes);
}

static void put_partial_tiles(struct ledger *ledger)
{
	for (int level = 0; level < MERKLE_LEVELS; level++) {
		const struct merkle_tile *tile = &ledger->tree.tiles[level];

		if (tile->width > 0)
			put_tile(ledger, level, tile->index, tile->width, tile->hashes[0]);
	}
}

static void append(struct ledger *ledger, struct bytes entry)
{
	uint8_t hash[MERKLE_HASH_SIZE];

	if (ledger->tree.tiles[0].width == 0)
		buf_clear(&ledger->bundle);
	buf_append_u8(&ledger->bundle, (uint8_t)(entry.size >> 8));
	buf_append_u8(&ledger->bundle, (uint8_t)entry.size);
	buf_append_bytes(&ledger->bundle, entry);
	merkle_leaf_hash(entry, hash);
	merkle_append(&ledger->tree, hash, on_tile, ledger);
}

/* The last checkpoint, if there is one: 1, none: 0. */
static int last_checkpoint(struct ledger *ledger, struct checkpoint *out, struct err *err)
{
	struct checkpoint_verifier verifier;
	char path[PATH_MAX];
	struct err why = {0};
	struct arena arena;
	struct buf note;
	int rc = -1;

	if (path_of(path, ledger->folder, "checkpoint", err) < 0)
		return -1;
	arena_init(&arena);
	buf_init(&note, LEDGER_CHECKPOINT_MAX);
	if (file_read(path, &note, &why) < 0) {
		rc = why.code == ENOENT ? 0 : err_set(err, why.code, "%s", why.text);
	} else if (checkpoint_verifier_parse(
			   bytes_from_str(checkpoint_verifier_text(&arena, &ledger->signer)),
			   &verifier, err) == 0 &&
		   checkpoint_open(buf_bytes(&note), &verifier, out, &why) == 0) {
		rc = 1;
	} else {
		err_set(err, 0, "%s: %s (was the key or the origin changed?)", path, why.text);
	}
	buf_release(&note);
	arena_release(&arena);
	return rc;
}

static int put_checkpoint(struct ledger *ledger, struct err *err)
{
	struct checkpoint checkpoint = {.size = ledger->tree.size}, there;
	char path[PATH_MAX];
	struct arena arena;
	int rc;

	if (ledger->failed.text[0]) {
		if (err)
			*err = ledger->failed;
		return -1;
	}
	merkle_root(&ledger->tree, checkpoint.root);
	/* One that says so already may carry cosignatures of witnesses. */
	if (last_checkpoint(ledger, &there, NULL) == 1 && there.size == checkpoint.size &&
		memcmp(there.root, checkpoint.root, sizeof(there.root)) == 0) {
		ledger->written = ledger->tree.size;
		return 0;
	}
	arena_init(&arena);
	rc = path_of(path, ledger->folder, "checkpoint", err);
	if (rc == 0)
		rc = file_write(path, 0644,
			bytes_from_str(checkpoint_sign(&arena, &ledger->signer, &checkpoint)), err);
	if (rc == 0)
		ledger->written = ledger->tree.size;
	arena_release(&arena);
	return rc;
}

/* ---- Following the database ---- */

/* Takes leaves until `until`; returns how many there were. */
static uint64_t take_leaves(struct ledger *ledger, struct db *db, uint64_t until)
{
	uint64_t before = ledger->tree.size;

	while (ledger->tree.size < until) {
		uint64_t left = until - ledger->tree.size, start = ledger->tree.size;
		struct arena arena;
		struct query q;

		arena_init(&arena);
		q = desk_ledger_list(
			db, (int64_t)start, left < LEAVES_PER_READ ? (int)left : LEAVES_PER_READ);
		while (query_next(&q)) {
			if (query_int(&q, 0) != (int64_t)ledger->tree.size) {
				db_fail(db, "the ledger has a hole");
				break;
			}
			append(ledger, query_bytes(&q, &arena, 1));
		}
		query_end(&q);
		arena_release(&arena);
		if (ledger->tree.size == start)
			break;
	}
	return ledger->tree.size - before;
}

int ledger_follow(struct ledger *ledger, struct db *db, struct err *err)
{
	bool failed_before = ledger->failed.text[0] != 0;

	if (failed_before) {
		/* Start over from nothing: what is on disk may be partial. */
		ledger->failed = (struct err){0};
		merkle_init(&ledger->tree);
		ledger->comparing = true;
	}
	db_begin(db);
	take_leaves(ledger, db, (uint64_t)desk_ledger_size(db));
	if (db_failed(db))
		snprintf(ledger->failed.text, sizeof(ledger->failed.text), "%s", db_failure(db));
	db_rollback(db); /* only read */
	if (ledger->tree.size == ledger->written && !ledger->comparing && ledger->written > 0)
		return 0;
	put_partial_tiles(ledger);
	ledger->comparing = false;
	return put_checkpoint(ledger, err);
}

/* Are the database's first leaves those of the last checkpoint? Writes nothing: a database that
 * contradicts what was signed must not reach the files. */
static int check_promise(
	struct ledger *ledger, struct db *db, const struct checkpoint *promised, struct err *err)
{
	uint8_t root[MERKLE_HASH_SIZE];
	uint64_t found;

	ledger->silent = true;
	db_begin(db);
	found = take_leaves(ledger, db, promised->size);
	db_rollback(db);
	ledger->silent = false;
	if (found < promised->size)
		return err_set(err, 0,
			"the ledger has promised %llu leaves and the database holds %llu: it is "
			"older "
			"than what was signed; restore the newer one",
			(unsigned long long)promised->size, (unsigned long long)found);
	merkle_root(&ledger->tree, root);
	merkle_init(&ledger->tree);
	if (memcmp(root, promised->root, sizeof(root)) != 0)
		return err_set(err, 0,
			"the ledger's leaves in the database are not those that were signed");
	return 0;
}

int ledger_open(struct ledger *ledger, const char *desk_folder, struct db *db, struct err *err)
{
	struct checkpoint promised;
	char path[PATH_MAX];
	struct arena arena;
	int rc;

	memset(ledger, 0, sizeof(*ledger));
	if (path_of(path, desk_folder, "ledger", err) < 0 ||
		signer_load(&ledger->signer, desk_folder, err) < 0 ||
		file_make_folder(path, 0755, err) < 0)
		return -1;
	ledger->folder = mem_strdup(path);
	buf_init(&ledger->bundle, LEDGER_BUNDLE_MAX);
	merkle_init(&ledger->tree);
	rc = last_checkpoint(ledger, &promised, err);
	ledger->comparing = true;
	if (rc < 0 || (rc == 1 && check_promise(ledger, db, &promised, err) < 0))
		return -1;
	if (ledger_follow(ledger, db, err) < 0)
		return -1;
	arena_init(&arena);
	put(ledger, "verifier",
		bytes_from_str(arena_printf(
			&arena, "%s\n", checkpoint_verifier_text(&arena, &ledger->signer))));
	arena_release(&arena);
	return ledger->failed.text[0] ? err_set(err, 0, "%s", ledger->failed.text) : 0;
}

void ledger_close(struct ledger *ledger)
{
	free(ledger->folder);
	sign_key_free(ledger->signer.key);
	buf_release(&ledger->bundle);
	memset(ledger, 0, sizeof(*ledger));
}
