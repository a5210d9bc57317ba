/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "server/backup.h"

#include <inttypes.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/text.h"
#include "crypto/keyfile.h"
#include "server/backup_files.h"
#include "store/home_roots.h"
#include "store/store.h"

#define MANIFEST "manifest"
#define HEADER "lontar-backup 1"
#define MANIFEST_MAX (64 << 20) /* half a million files */
#define PART ".part"		/* what is not whole yet */

/* Never in a backup: roots, the lock, and the databases with what SQLite has beside them, which
 * are copied as databases. */
static bool is_left_out(const char *name)
{
	static const char *const prefixes[] = {
		"root.key", "serve.lock", "home/home.db", "square/square.db"};

	for (size_t i = 0; i < ARRAY_LEN(prefixes); i++) {
		if (strncmp(name, prefixes[i], strlen(prefixes[i])) == 0)
			return true;
	}
	return false;
}

/* ---- Making one ---- */

struct making {
	const struct installation *in;
	char to[PATH_LEN + 8]; /* with PART */
	backup_told_fn *told;
	struct buf list;
	const char *copying; /* the database */
};

static void hex_line(struct buf *out, const uint8_t *hash, size_t size)
{
	for (size_t i = 0; i < size; i++)
		buf_printf(out, "%02x", hash[i]);
}

static int list_file(struct making *m, const char *name, struct err *err)
{
	char path[BACKUP_PATH_MAX];
	uint8_t hash[HASH_SHA256_SIZE];
	int64_t size;

	if (strchr(name, '\n'))
		return err_set(err, 0, "the name of a file has a line break in it");
	if (backup_path(path, m->to, name, err) < 0 || backup_hash(path, hash, &size, err) < 0)
		return -1;
	hex_line(&m->list, hash, sizeof(hash));
	buf_printf(&m->list, " %" PRId64 " %s\n", size, name);
	return 0;
}

static int copy_file(void *ctx, const char *name, struct err *err)
{
	struct making *m = ctx;
	char from[BACKUP_PATH_MAX], to[BACKUP_PATH_MAX];

	if (is_left_out(name))
		return 0;
	if (backup_path(from, m->in->dir, name, err) < 0 || backup_path(to, m->to, name, err) < 0 ||
		backup_copy(from, to, err) < 0)
		return -1;
	return list_file(m, name, err);
}

static void tell_pages(void *ctx, int64_t left, int64_t all)
{
	const struct making *m = ctx;

	m->told(m->copying, all ? (int)(100 * (all - left) / all) : 100);
}

static int copy_database(struct making *m, struct db *db, const char *name, struct err *err)
{
	char path[BACKUP_PATH_MAX];

	m->copying = name;
	if (backup_path(path, m->to, name, err) < 0 || backup_make_folders(path, err) < 0 ||
		db_copy(db, path, tell_pages, m, err) < 0)
		return -1;
	if (chmod(path, 0600) < 0 || keyfile_sync_folder(path) < 0)
		return err_errno(err, "can't write %s", path);
	return list_file(m, name, err);
}

/* A transaction sees what is there at its first look, not at its begin. */
static void begin_snapshot(struct db *db)
{
	db_begin(db);
	(void)db_schema_version(db);
}

/* Both snapshots begin while nobody else may write to the home. */
static int begin_both(
	const struct installation *in, struct db *home, struct db *square, struct err *err)
{
	struct db *barrier;

	if (db_open(in->home_db, DB_WRITE, &barrier, err) < 0)
		return -1;
	db_begin(barrier);
	if (db_failed(barrier)) {
		err_set(err, 0, "the home is being written to for too long: %s",
			db_failure(barrier));
	} else {
		begin_snapshot(home);
		begin_snapshot(square);
	}
	db_close(barrier);
	if (!db_in_transaction(square))
		return -1;
	if (db_failed(home) || db_failed(square))
		return err_set(err, 0, "the databases can't be read");
	return 0;
}

static int copy_databases(struct making *m, struct err *err)
{
	const struct installation *in = m->in;
	struct db *home = NULL, *square = NULL;
	struct root_chain chain;
	int result = -1;

	if (db_open(in->home_db, DB_READ, &home, err) == 0 &&
		db_open(in->square_db, DB_READ, &square, err) == 0 &&
		begin_both(in, home, square, err) == 0) {
		home_roots_read(home, &chain);
		buf_printf(&m->list, "epoch %u ", chain.epoch);
		hex_line(&m->list, chain.check, sizeof(chain.check));
		buf_printf(&m->list, "\n");
		if (copy_database(m, home, "home/home.db", err) == 0 &&
			copy_database(m, square, "square/square.db", err) == 0)
			result = 0;
	}
	db_close(home);
	db_close(square);
	return result;
}

static int write_manifest(struct making *m, struct err *err)
{
	char path[BACKUP_PATH_MAX];
	uint8_t hash[HASH_SHA256_SIZE];

	hash_sha256(buf_bytes(&m->list), hash);
	buf_printf(&m->list, "end ");
	hex_line(&m->list, hash, sizeof(hash));
	buf_printf(&m->list, "\n");
	if (backup_path(path, m->to, MANIFEST, err) < 0)
		return -1;
	return keyfile_create(path, 0600, buf_bytes(&m->list), err);
}

static int make(struct making *m, const char *to, struct err *err)
{
	struct arena arena;

	if (mkdir(m->to, 0700) < 0)
		return err_errno(err, "can't make %s", m->to);
	arena_init(&arena);
	buf_printf(
		&m->list, HEADER "\nmade %s\n", text_rfc3339(&arena, clock_unix_s(&clock_system)));
	arena_release(&arena);
	m->told("files", 0);
	if (backup_walk(m->in->dir, copy_file, m, err) < 0 || copy_databases(m, err) < 0 ||
		write_manifest(m, err) < 0)
		return -1;
	if (rename(m->to, to) < 0 || keyfile_sync_folder(to) < 0)
		return err_errno(err, "can't give %s its name", to);
	return 0;
}

int backup_make(
	const struct installation *in, const char *to, backup_told_fn *told, struct err *err)
{
	struct making m = {.in = in, .told = told};
	int result;

	if (strlen(to) >= PATH_LEN)
		return err_set(err, 0, "the path is too long");
	if (access(to, F_OK) == 0)
		return err_set(err, 0, "there is something at %s already", to);
	snprintf(m.to, sizeof(m.to), "%s" PART, to);
	backup_remove(m.to); /* of a try that was interrupted */
	buf_init(&m.list, MANIFEST_MAX);
	result = make(&m, to, err);
	if (result < 0)
		backup_remove(m.to);
	buf_release(&m.list);
	return result;
}

/* ---- Taking one back ---- */

struct restoring {
	const char *from;
	char to[PATH_LEN + 8];
	backup_told_fn *told;
	struct root_chain chain; /* epoch and check alone */
	int64_t done, all;
};

typedef int listed_fn(
	struct restoring *r, const char *hash, int64_t size, const char *name, struct err *err);

/* What a backup names lies in it and below the data directory. */
static bool is_sane(const char *name)
{
	if (strcmp(name, "home/home.db") == 0 || strcmp(name, "square/square.db") == 0)
		return true;
	return *name && *name != '/' && !strstr(name, "..") && !is_left_out(name);
}

static int check_file(
	struct restoring *r, const char *hash, int64_t size, const char *name, struct err *err)
{
	char path[BACKUP_PATH_MAX], have[2 * HASH_SHA256_SIZE + 1];
	uint8_t found[HASH_SHA256_SIZE];
	int64_t found_size;

	if (!is_sane(name))
		return err_set(err, 0, "the manifest names a file that can't be: %s", name);
	if (backup_path(path, r->from, name, err) < 0 ||
		backup_hash(path, found, &found_size, err) < 0)
		return -1;
	for (size_t i = 0; i < sizeof(found); i++)
		snprintf(have + 2 * i, 3, "%02x", found[i]);
	if (found_size != size || strcmp(have, hash) != 0)
		return err_set(err, 0, "%s is not as it was when the backup was made", path);
	r->all++;
	return 0;
}

static int take_file(
	struct restoring *r, const char *hash, int64_t size, const char *name, struct err *err)
{
	char from[BACKUP_PATH_MAX], to[BACKUP_PATH_MAX];

	if (backup_path(from, r->from, name, err) < 0 || backup_path(to, r->to, name, err) < 0 ||
		backup_copy(from, to, err) < 0)
		return -1;
	r->told("files", (int)(100 * ++r->done / r->all));
	/* The public half is for everybody. */
	if (strcmp(name, "server.pub.pem") == 0 && chmod(to, 0644) < 0)
		return err_errno(err, "can't change %s", to);
	return 0;
}

static int take_epoch(struct restoring *r, const char *hex, struct err *err)
{
	if (text_unhex(bytes_from_str(hex), r->chain.check, sizeof(r->chain.check)) < 0)
		return err_set(err, 0, "the manifest is damaged");
	return 0;
}

static int read_line(struct restoring *r, const char *line, listed_fn *each, struct err *err)
{
	char hash[2 * HASH_SHA256_SIZE + 1], name[PATH_LEN];
	int64_t size;

	if (strcmp(line, HEADER) == 0 || strncmp(line, "made ", 5) == 0)
		return 0;
	if (sscanf(line, "epoch %" SCNu32 " %64[0-9a-f]", &r->chain.epoch, hash) == 2)
		return take_epoch(r, hash, err);
	if (sscanf(line, "%64[0-9a-f] %" SCNd64 " %511[^\n]", hash, &size, name) != 3)
		return err_set(err, 0, "the manifest is damaged");
	return each(r, hash, size, name, err);
}

static int read_lines(struct restoring *r, char *text, listed_fn *each, struct err *err)
{
	for (char *line = text, *end; *line; line = end + 1) {
		end = strchr(line, '\n');
		if (!end)
			return err_set(err, 0, "the manifest is damaged");
		*end = 0;
		if (read_line(r, line, each, err) < 0)
			return -1;
		*end = '\n';
	}
	return 0;
}

/* The last line is the hash of all before; it is cut off. */
static int check_end(char *text, struct err *err)
{
	uint8_t hash[HASH_SHA256_SIZE], told[HASH_SHA256_SIZE];
	char *end = strstr(text, "\nend ");

	if (strncmp(text, HEADER "\n", sizeof(HEADER)) != 0 || !end ||
		text_unhex(text_trim(bytes_from_str(end + 5)), told, sizeof(told)) < 0)
		return err_set(err, 0, "this is no backup of Lontar, or its manifest is damaged");
	end[1] = 0;
	hash_sha256(bytes_from_str(text), hash);
	if (memcmp(hash, told, sizeof(hash)) != 0)
		return err_set(err, 0, "the manifest is not as it was written");
	return 0;
}

static char *read_manifest(const char *from, struct err *err)
{
	char path[BACKUP_PATH_MAX], *text = NULL;
	FILE *file;
	size_t size;

	if (backup_path(path, from, MANIFEST, err) < 0)
		return NULL;
	file = fopen(path, "re");
	if (!file) {
		err_errno(err, "can't read %s", path);
		return NULL;
	}
	text = malloc(MANIFEST_MAX + 1);
	size = text ? fread(text, 1, MANIFEST_MAX, file) : 0;
	fclose(file);
	if (text)
		text[size] = 0;
	if (text && check_end(text, err) == 0)
		return text;
	free(text);
	return NULL;
}

static int put_root(struct restoring *r, const char *root_key, struct err *err)
{
	char path[BACKUP_PATH_MAX];
	uint8_t root[ROOT_SIZE];
	bool fits;

	if (!root_key)
		return 0;
	if (keyfile_read_hex(root_key, root, sizeof(root), err) < 0)
		return -1;
	fits = roots_match(root, &r->chain);
	bytes_wipe(root, sizeof(root));
	if (!fits)
		return err_set(err, 0, "%s is not the root of this backup: it is of epoch %u",
			root_key, r->chain.epoch);
	return backup_path(path, r->to, "root.key", err) < 0 ? -1
							     : backup_copy(root_key, path, err);
}

static int restore(
	struct restoring *r, char *manifest, const char *dir, const char *root_key, struct err *err)
{
	r->told("hashes", 0);
	if (read_lines(r, manifest, check_file, err) < 0)
		return -1;
	if (mkdir(r->to, 0700) < 0)
		return err_errno(err, "can't make %s", r->to);
	if (read_lines(r, manifest, take_file, err) < 0 || put_root(r, root_key, err) < 0)
		return -1;
	(void)rmdir(dir); /* an empty one makes room */
	if (rename(r->to, dir) < 0 || keyfile_sync_folder(dir) < 0)
		return err_errno(err, "can't give %s its name", dir);
	return 0;
}

int backup_restore(const char *from, const char *dir, const char *root_key, backup_told_fn *told,
	struct err *err)
{
	struct restoring r = {.from = from, .told = told};
	char *manifest;
	int result;

	if (strlen(dir) >= PATH_LEN)
		return err_set(err, 0, "the path is too long");
	if (!backup_is_empty(dir))
		return err_set(err, 0, "%s is not empty: nothing is restored over anything", dir);
	manifest = read_manifest(from, err);
	if (!manifest)
		return -1;
	snprintf(r.to, sizeof(r.to), "%s" PART, dir);
	backup_remove(r.to);
	result = restore(&r, manifest, dir, root_key, err);
	if (result < 0)
		backup_remove(r.to);
	free(manifest);
	return result;
}
