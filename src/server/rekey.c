/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. Does not know how a root is derived from shares. */
#include "server/rekey.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/random.h"
#include "crypto/keyfile.h"
#include "keeper/files.h"
#include "server/vault_files.h"
#include "store/home_roots.h"
#include "store/home_sealed.h"

#define SLICE_ROWS 500
#define NEXT_PATH_MAX (PATH_LEN + 8)

static void next_path(const struct installation *in, char out[NEXT_PATH_MAX])
{
	snprintf(out, NEXT_PATH_MAX, "%s.next", in->root_key);
}

/* ---- The file ---- */

/* As far as a file system lets anybody: copies that it or the disk made are out of reach. */
static int overwrite(int fd, struct err *err)
{
	static const uint8_t nothing[2 * ROOT_SIZE + 1];

	if (pwrite(fd, nothing, sizeof(nothing), 0) != (ssize_t)sizeof(nothing) || fsync(fd) < 0)
		return err_errno(err, "can't overwrite the old root");
	return 0;
}

/* Whoever made it, the keeper reads it under its own user, as it did the old one. */
static int give_to_owner_of(int old, const char *next, struct err *err)
{
	struct stat before, now;

	if (fstat(old, &before) < 0 || stat(next, &now) < 0)
		return err_errno(err, "can't see whose %s is", next);
	if (before.st_uid == now.st_uid && before.st_gid == now.st_gid)
		return 0;
	if (chown(next, before.st_uid, before.st_gid) < 0)
		return err_errno(err, "can't give %s to the keeper's user", next);
	return 0;
}

static int take_place(const char *next, const struct installation *in, struct err *err)
{
	int old = open(in->root_key, O_WRONLY | O_CLOEXEC), result = 0;

	if (old >= 0 && give_to_owner_of(old, next, err) < 0)
		result = -1;
	else if (rename(next, in->root_key) < 0 || keyfile_sync_folder(in->root_key) < 0)
		result = err_errno(err, "can't put %s in its place", next);
	if (result == 0 && old >= 0)
		result = overwrite(old, err);
	if (old >= 0)
		close(old);
	return result;
}

/* 1: it is the newest root. 0: it is another. */
static int is_newest(const char *path, const struct root_chain *chain, struct err *err)
{
	uint8_t root[ROOT_SIZE];
	int result = keyfile_read_hex(path, root, sizeof(root), err);

	if (result == 0)
		result = roots_match(root, chain);
	bytes_wipe(root, sizeof(root));
	return result;
}

/* Cut off between the chain, which counts, and the set. A set of a new root is written before the
 * chain, by who has seen its rehearsal (vault_split.h), and of one epoch there is one at a time. */
static int settle_set(
	const struct installation *in, const struct root_chain *chain, struct err *err)
{
	struct share_set set, next;
	char path[PATH_LEN];

	if (share_set_read(in->vault_set, &set, err) < 0 ||
		keeper_file(in->dir, KEEPER_PENDING_FILE, path, sizeof(path), err) < 0)
		return -1;
	if (share_set_epoch(&set) >= chain->epoch || access(path, F_OK) < 0)
		return 0;
	if (share_set_read(path, &next, err) < 0)
		return -1;
	if (share_set_epoch(&next) != chain->epoch)
		return 0;
	if (rename(path, in->vault_set) < 0 || keyfile_sync_folder(in->vault_set) < 0)
		return err_errno(err, "can't put %s in its place", path);
	return 0;
}

int rekey_settle_file(
	const struct installation *in, const struct root_chain *chain, struct err *err)
{
	char next[NEXT_PATH_MAX];
	int newest;

	next_path(in, next);
	if (access(in->root_key, F_OK) < 0 && access(in->vault_set, F_OK) == 0)
		return settle_set(in, chain, err);
	if (access(next, F_OK) < 0)
		return 0;
	/* Of the first epoch every root could be: then the chain was never written. */
	newest = chain->epoch ? is_newest(next, chain, err) : 0;
	if (newest < 0)
		return -1;
	if (newest)
		return take_place(next, in, err);
	return unlink(next) == 0 ? 0 : err_errno(err, "can't remove %s", next);
}

/* ---- The chain ---- */

static int write_chain(struct db *db, const struct root_chain *next, struct err *err)
{
	struct root_chain now;
	int result = 0;

	db_begin(db);
	home_roots_read(db, &now);
	if (!db_failed(db) && memcmp(&now, next, sizeof(now)) == 0) {
		db_rollback(db);
		return 0;
	}
	if (!db_failed(db) && now.epoch + 1 != next->epoch) {
		result = err_set(err, EINVAL,
			"the home has a root of epoch %u meanwhile: begin again", now.epoch);
		db_rollback(db);
		return result;
	}
	home_roots_write(db, next, clock_unix_s(&clock_system));
	if (db_commit(db) < 0)
		result = err_set(err, 0, "the home could not be written");
	return result;
}

int rekey_commit(const struct installation *in, const struct root_chain *next, struct err *err)
{
	struct db *db;
	int result;

	if (db_open(in->home_db, DB_WRITE, &db, err) < 0)
		return -1;
	result = write_chain(db, next, err);
	db_close(db);
	return result;
}

static int make_next(const struct installation *in, const struct roots *roots,
	const uint8_t root[ROOT_SIZE], struct root_chain *out, struct err *err)
{
	char next[NEXT_PATH_MAX];

	next_path(in, next);
	if (keyfile_create_hex(next, root, ROOT_SIZE, err) < 0)
		return -1;
	if (roots_turn(roots, root, out, err) < 0 || rekey_commit(in, out, err) < 0)
		return -1;
	return take_place(next, in, err);
}

int rekey_file(const struct installation *in, struct root_chain *out, struct err *err)
{
	uint8_t old[ROOT_SIZE], root[ROOT_SIZE];
	struct root_chain chain;
	struct roots *roots = NULL;
	int result = -1;

	if (home_roots_load(in->home_db, &chain, err) < 0 || rekey_settle_file(in, &chain, err) < 0)
		return -1;
	if (keyfile_read_hex(in->root_key, old, sizeof(old), err) == 0)
		roots = roots_open(old, &chain, err);
	bytes_wipe(old, sizeof(old));
	if (!roots)
		return -1;
	random_fill(&random_system, root, sizeof(root));
	result = make_next(in, roots, root, out, err);
	bytes_wipe(root, sizeof(root));
	roots_free(roots);
	return result;
}

/* ---- The sweep ---- */

static int sweep(struct db *db, const struct vault *vault, rekey_told_fn *told, struct err *err)
{
	struct home_resealing work = {0};
	bool more = true;

	while (more) {
		db_begin(db);
		more = home_reseal(&work, db, vault, SLICE_ROWS);
		if (db_commit(db) < 0)
			return err_set(err, 0, "the home could not be written");
		told(work.seen, work.resealed_before + work.resealed);
	}
	if (!work.done)
		return err_set(err, 0,
			"%lld values do not open and were left as they are; the old root is kept "
			"for them. lontar check says which",
			(long long)work.damaged);
	/* What was sealed under the old root stands in the log until it is emptied. */
	if (db_empty_log(db) < 0)
		return err_set(err, EBUSY, "somebody reads the home: the log was not emptied");
	return 0;
}

int rekey_sweep(const struct installation *in, const struct vault *vault, rekey_told_fn *told,
	struct err *err)
{
	struct db *db;
	int result;

	if (db_open(in->home_db, DB_WRITE, &db, err) < 0)
		return -1;
	result = sweep(db, vault, told, err);
	db_close(db);
	return result;
}
