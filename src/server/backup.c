/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. Taking one back: backup_restore.c. */
#include "server/backup.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "crypto/keyfile.h"
#include "server/backup_archive.h"
#include "server/backup_files.h"
#include "store/home_roots.h"
#include "store/store.h"

#define COPY "backup.tmp" /* of a database, beside it, until it is in the backup */

struct making {
	const struct installation *in;
	backup_told_fn *told;
	const char *copying; /* the database */
	struct backup_writer writer;
	struct stat target;
};

/* ---- Files ---- */

static int write_bytes(struct making *m, int fd, struct err *err)
{
	uint8_t data[BACKUP_PIECE_MAX];
	ssize_t got;

	while ((got = read(fd, data, sizeof(data))) > 0) {
		if (backup_write_data(&m->writer, bytes_of(data, (size_t)got), err) < 0)
			break;
	}
	bytes_wipe(data, sizeof(data));
	if (got < 0)
		return err_errno(err, "can't read a file");
	return got == 0 ? 0 : -1;
}

static int write_file(struct making *m, const char *path, const char *name, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW), result = -1;
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		err_errno(err, "can't read %s", path);
	else if (st.st_dev == m->target.st_dev && st.st_ino == m->target.st_ino)
		result = 0; /* the backup itself */
	else if (backup_write_file(&m->writer, name, err) == 0)
		result = write_bytes(m, fd, err);
	if (fd >= 0)
		close(fd);
	return result;
}

static int take_file(void *ctx, const char *name, struct err *err)
{
	struct making *m = ctx;
	char path[BACKUP_PATH_MAX];

	if (backup_name_is_left_out(bytes_from_str(name)))
		return 0;
	if (backup_path(path, m->in->dir, name, err) < 0)
		return -1;
	return write_file(m, path, name, err);
}

/* ---- Databases ---- */

static void tell_pages(void *ctx, int64_t left, int64_t all)
{
	const struct making *m = ctx;

	m->told(m->copying, all ? (int)(100 * (all - left) / all) : 100);
}

/* By way of a file beside it: what is deleted later is in no copy that stays. */
static int take_database(
	struct making *m, struct db *db, const char *dir, const char *name, struct err *err)
{
	char path[BACKUP_PATH_MAX];
	int result = -1;

	m->copying = name;
	if (backup_path(path, dir, COPY, err) < 0)
		return -1;
	if (db_copy(db, path, tell_pages, m, err) == 0)
		result = write_file(m, path, name, err);
	unlink(path);
	return result;
}

/* One backup at a time: both would use the same copies. The caller closes what is returned. */
static int hold_copies(const struct installation *in, struct err *err)
{
	int fd = open(in->square_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0)
		return fd;
	err_errno(err, "can't hold %s (is another backup under way?)", in->square_dir);
	if (fd >= 0)
		close(fd);
	return -1;
}

static void remove_copies(const struct installation *in)
{
	const char *const dirs[] = {in->home_dir, in->square_dir};
	char path[BACKUP_PATH_MAX];

	for (size_t i = 0; i < ARRAY_LEN(dirs); i++) {
		if (backup_path(path, dirs[i], COPY, NULL) == 0)
			unlink(path);
		if (backup_path(path, dirs[i], COPY "-journal", NULL) == 0)
			unlink(path);
	}
}

void backup_remove_copies(const struct installation *in)
{
	int held = hold_copies(in, NULL);

	if (held < 0)
		return;
	remove_copies(in);
	close(held);
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

static int take_databases(struct making *m, const struct root_chain *chain, struct err *err)
{
	const struct installation *in = m->in;
	struct db *home = NULL, *square = NULL;
	struct root_chain now;
	int result = -1;

	if (db_open(in->home_db, DB_READ, &home, err) == 0 &&
		db_open(in->square_db, DB_READ, &square, err) == 0 &&
		begin_both(in, home, square, err) == 0) {
		home_roots_read(home, &now);
		if (memcmp(&now, chain, sizeof(now)) != 0)
			err_set(err, 0, "the root was changed meanwhile: try again");
		else if (take_database(m, home, in->home_dir, "home/home.db", err) == 0 &&
			 take_database(m, square, in->square_dir, "square/square.db", err) == 0)
			result = 0;
	}
	db_close(home);
	db_close(square);
	return result;
}

/* ---- The head ---- */

static int put_key(const struct vault *vault, struct backup_head *head,
	uint8_t key[STREAM_KEY_SIZE], struct err *err)
{
	const struct seal_place place = backup_place(head);
	struct bytes sealed;
	struct arena arena;
	int result = 0;

	vault_salt_new(head->salt);
	stream_key_new(key);
	arena_init(&arena);
	sealed = vault_seal(vault, &place, bytes_of(key, STREAM_KEY_SIZE), &arena);
	if (sealed.size > sizeof(head->key)) {
		result = err_set(err, 0, "the key of the backup is too long");
	} else {
		store_u32le(head->key_size, (uint32_t)sealed.size);
		memcpy(head->key, sealed.data, sealed.size);
	}
	arena_release(&arena);
	return result;
}

/* By these two custodians know whom they bring their shares. The identity opens nothing. */
static int put_custodians(const struct installation *in, struct backup_head *head, struct err *err)
{
	uint8_t content[KEYFILE_MAX];
	size_t size;
	int result = -1;

	if (access(in->vault_set, F_OK) < 0)
		return 0;
	if (keyfile_read(in->vault_set, false, content, &size, err) < 0)
		return -1;
	if (size != sizeof(head->set))
		return err_set(err, 0, "%s is damaged", in->vault_set);
	memcpy(head->set, content, sizeof(head->set));
	if (keyfile_read(in->keeper_key, true, content, &size, err) == 0) {
		if (size == 0 || size > sizeof(head->keeper))
			err_set(err, 0, "%s is damaged", in->keeper_key);
		else
			result = 0;
	}
	if (result == 0) {
		memcpy(head->keeper, content, size);
		store_u32le(head->keeper_size, (uint32_t)size);
	}
	bytes_wipe(content, sizeof(content));
	return result;
}

static int write_head(struct making *m, const struct root_chain *chain, struct err *err)
{
	struct vault *vault = installation_vault(m->in, err);
	uint8_t key[STREAM_KEY_SIZE];
	struct backup_head head;
	int result = -1;

	if (!vault)
		return -1;
	backup_head_begin(&head, chain, clock_unix_s(&clock_system));
	if (vault_epoch(vault) != chain->epoch)
		err_set(err, 0, "the root was changed meanwhile: try again");
	else if (put_key(vault, &head, key, err) == 0 && put_custodians(m->in, &head, err) == 0)
		result = backup_write_head(&m->writer, &head, key, err);
	bytes_wipe(key, sizeof(key));
	bytes_wipe(head.keeper, sizeof(head.keeper));
	vault_free(vault);
	return result;
}

static int make(struct making *m, struct err *err)
{
	struct root_chain chain;

	if (fstat(fileno(m->writer.file), &m->target) < 0)
		return err_errno(err, "can't look at the backup");
	if (home_roots_load(m->in->home_db, &chain, err) < 0 || write_head(m, &chain, err) < 0)
		return -1;
	m->told("files", 0);
	if (backup_walk(m->in->dir, take_file, m, err) < 0 || take_databases(m, &chain, err) < 0)
		return -1;
	return backup_write_end(&m->writer, err);
}

static int make_at(struct making *m, const char *part, const char *to, struct err *err)
{
	int fd, result;

	unlink(part); /* of a try that was interrupted */
	remove_copies(m->in);
	fd = open(part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	m->writer.file = fd < 0 ? NULL : fdopen(fd, "w");
	if (!m->writer.file)
		return err_errno(err, "can't make %s", part);
	result = make(m, err);
	bytes_wipe(&m->writer.stream, sizeof(m->writer.stream));
	if (fclose(m->writer.file) != 0 && result == 0)
		result = err_errno(err, "can't write %s", part);
	if (result == 0 && (rename(part, to) < 0 || keyfile_sync_folder(to) < 0))
		result = err_errno(err, "can't give %s its name", to);
	if (result < 0)
		unlink(part);
	return result;
}

int backup_make(
	const struct installation *in, const char *to, backup_told_fn *told, struct err *err)
{
	struct making m = {.in = in, .told = told};
	char part[PATH_LEN + sizeof(BACKUP_PART)];
	int held, result;

	if (strlen(to) >= PATH_LEN)
		return err_set(err, 0, "the path is too long");
	if (access(to, F_OK) == 0)
		return err_set(err, 0, "there is something at %s already", to);
	snprintf(part, sizeof(part), "%s" BACKUP_PART, to);
	held = hold_copies(in, err);
	if (held < 0)
		return -1;
	result = make_at(&m, part, to, err);
	close(held);
	return result;
}
