/* SPDX-License-Identifier: Apache-2.0 */
/* Taking a backup back. See backup.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "crypto/keyfile.h"
#include "server/backup.h"
#include "server/backup_archive.h"
#include "server/backup_files.h"

/* No account has it. */
#define NOBODY INT64_MIN

struct restoring {
	char to[PATH_LEN + sizeof(BACKUP_PART)];
	char path[BACKUP_PATH_MAX];
	FILE *from;
	int fd; /* of the file that is being written; -1: none */
	backup_told_fn *told;
	int64_t size;
};

struct seal_place backup_place(const struct backup_head *head)
{
	return (struct seal_place){.owner_salt = head->salt, .table = "backup", .owner = NOBODY};
}

static int end_file(struct restoring *r, struct err *err)
{
	const int fd = r->fd;
	int result = 0;

	r->fd = -1;
	if (fd < 0)
		return 0;
	if (fsync(fd) < 0)
		result = err_errno(err, "can't write %s", r->path);
	close(fd);
	if (result == 0 && keyfile_sync_folder(r->path) < 0)
		result = err_errno(err, "can't write %s", r->path);
	return result;
}

static int begin_file(void *ctx, const char *name, struct err *err)
{
	struct restoring *r = ctx;
	/* The public half is for everybody. */
	const mode_t mode = strcmp(name, "server.pub.pem") == 0 ? 0644 : 0600;
	const off_t at = ftello(r->from);

	if (end_file(r, err) < 0)
		return -1;
	r->told("files", r->size ? (int)(100 * at / r->size) : 0);
	if (backup_path(r->path, r->to, name, err) < 0 || backup_make_folders(r->path, err) < 0)
		return -1;
	r->fd = open(r->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
	if (r->fd < 0 || fchmod(r->fd, mode) < 0)
		return err_errno(err, "can't make %s", r->path);
	return 0;
}

static int take_data(void *ctx, struct bytes data, struct err *err)
{
	struct restoring *r = ctx;

	for (size_t done = 0; done < data.size;) {
		ssize_t wrote = write(r->fd, data.data + done, data.size - done);

		if (wrote < 0 && errno == EINTR)
			continue;
		if (wrote < 0)
			return err_errno(err, "can't write %s", r->path);
		done += (size_t)wrote;
	}
	return 0;
}

/* ---- The key ---- */

static struct vault *vault_of(
	struct restoring *r, const struct backup_head *head, const char *root_key, struct err *err)
{
	struct root_chain chain;

	if (!root_key)
		return backup_custodians(head, r->to, r->told, err);
	backup_head_chain(head, &chain);
	return vault_load(root_key, &chain, err);
}

static int read_key(const struct vault *vault, const struct backup_head *head,
	uint8_t key[STREAM_KEY_SIZE], struct err *err)
{
	const struct seal_place place = backup_place(head);
	const struct bytes sealed = bytes_of(head->key, load_u32le(head->key_size));
	struct arena arena;
	struct bytes text;
	int result = -1;

	arena_init(&arena);
	if (vault_open(vault, &place, sealed, &arena, &text) < 0 || text.size != STREAM_KEY_SIZE) {
		err_set(err, 0,
			"this root does not open the backup, which is of epoch %u: another root,"
			" or a damaged backup",
			load_u32le(head->epoch));
	} else {
		memcpy(key, text.data, STREAM_KEY_SIZE);
		bytes_wipe((void *)(uintptr_t)text.data, text.size);
		result = 0;
	}
	arena_release(&arena);
	return result;
}

static int open_key(struct restoring *r, const struct backup_head *head, const char *root_key,
	uint8_t key[STREAM_KEY_SIZE], struct err *err)
{
	struct vault *vault = vault_of(r, head, root_key, err);
	int result = vault ? read_key(vault, head, key, err) : -1;

	vault_free(vault);
	return result;
}

/* ---- The whole ---- */

static int put_root(struct restoring *r, const char *root_key, struct err *err)
{
	char path[BACKUP_PATH_MAX];

	if (!root_key)
		return 0;
	return backup_path(path, r->to, "root.key", err) < 0 ? -1
							     : backup_copy(root_key, path, err);
}

static int restore(struct restoring *r, const char *dir, const char *root_key, struct err *err)
{
	const struct backup_sink sink = {.file = begin_file, .data = take_data, .ctx = r};
	uint8_t key[STREAM_KEY_SIZE];
	struct backup_head head;
	int result = -1;

	if (backup_read_head(r->from, &head, err) < 0)
		return -1;
	if (!root_key && !backup_head_has_custodians(&head))
		return err_set(err, 0, "this backup opens with its root key: --root-key FILE");
	if (mkdir(r->to, 0700) < 0)
		return err_errno(err, "can't make %s", r->to);
	if (open_key(r, &head, root_key, key, err) == 0 &&
		backup_read_pieces(r->from, &head, key, &sink, err) == 0 && end_file(r, err) == 0 &&
		backup_move_on(r->to, err) == 0 && put_root(r, root_key, err) == 0)
		result = 0;
	bytes_wipe(key, sizeof(key));
	bytes_wipe(head.keeper, sizeof(head.keeper));
	if (result < 0)
		return -1;
	(void)rmdir(dir); /* an empty one makes room */
	if (rename(r->to, dir) < 0 || keyfile_sync_folder(dir) < 0)
		return err_errno(err, "can't give %s its name", dir);
	r->told("files", 100);
	return 0;
}

int backup_restore(const char *from, const char *dir, const char *root_key, backup_told_fn *told,
	struct err *err)
{
	struct restoring r = {.told = told, .fd = -1};
	struct stat st;
	int result;

	if (strlen(dir) >= PATH_LEN)
		return err_set(err, 0, "the path is too long");
	if (!backup_is_empty(dir))
		return err_set(err, 0, "%s is not empty: nothing is restored over anything", dir);
	r.from = fopen(from, "re");
	if (!r.from || fstat(fileno(r.from), &st) < 0) {
		result = err_errno(err, "can't read %s", from);
	} else {
		r.size = st.st_size;
		snprintf(r.to, sizeof(r.to), "%s" BACKUP_PART, dir);
		backup_remove(r.to);
		result = restore(&r, dir, root_key, err);
		if (result < 0)
			backup_remove(r.to);
	}
	if (r.fd >= 0)
		close(r.fd);
	if (r.from)
		fclose(r.from);
	return result;
}
