/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. Knows no installation. */
#include "server/backup_files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <libgen.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "crypto/keyfile.h"

#define COPY_SIZE 65536

int backup_path(char out[BACKUP_PATH_MAX], const char *dir, const char *name, struct err *err)
{
	int size = snprintf(out, BACKUP_PATH_MAX, "%s/%s", dir, name);

	if (size < 0 || size >= BACKUP_PATH_MAX)
		return err_set(err, ENAMETOOLONG, "a path is too long: %s", name);
	return 0;
}

int backup_make_folders(const char *path, struct err *err)
{
	char part[BACKUP_PATH_MAX];

	for (size_t i = 1; path[i]; i++) {
		if (path[i] != '/')
			continue;
		if (i >= sizeof(part))
			return err_set(err, ENAMETOOLONG, "a path is too long");
		memcpy(part, path, i);
		part[i] = 0;
		if (mkdir(part, 0700) < 0 && errno != EEXIST)
			return err_errno(err, "can't make the folder %s", part);
	}
	return 0;
}

static int copy_bytes(int from, int to)
{
	uint8_t data[COPY_SIZE];
	ssize_t got;

	while ((got = read(from, data, sizeof(data))) > 0) {
		for (ssize_t done = 0, wrote; done < got; done += wrote) {
			wrote = write(to, data + done, (size_t)(got - done));
			if (wrote < 0)
				return -1;
		}
	}
	return got < 0 || fsync(to) < 0 ? -1 : 0;
}

int backup_copy(const char *from, const char *to, struct err *err)
{
	int source = open(from, O_RDONLY | O_CLOEXEC | O_NOFOLLOW), target = -1, result = -1;

	if (source < 0)
		return err_errno(err, "can't read %s", from);
	if (backup_make_folders(to, err) == 0) {
		target = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
		if (target < 0 || copy_bytes(source, target) < 0 || keyfile_sync_folder(to) < 0)
			err_errno(err, "can't copy %s to %s", from, to);
		else
			result = 0;
	}
	if (target >= 0)
		close(target);
	close(source);
	return result;
}

static int walk_folder(
	const char *dir, const char *below, backup_see_fn *see, void *ctx, struct err *err);

static int see_entry(
	const char *dir, const char *name, backup_see_fn *see, void *ctx, struct err *err)
{
	char path[BACKUP_PATH_MAX];
	struct stat st;

	if (backup_path(path, dir, name, err) < 0)
		return -1;
	if (lstat(path, &st) < 0)
		return errno == ENOENT ? 0 : err_errno(err, "can't look at %s", path);
	if (S_ISDIR(st.st_mode))
		return walk_folder(dir, name, see, ctx, err);
	return S_ISREG(st.st_mode) ? see(ctx, name, err) : 0;
}

static int walk_folder(
	const char *dir, const char *below, backup_see_fn *see, void *ctx, struct err *err)
{
	char path[BACKUP_PATH_MAX], name[BACKUP_PATH_MAX];
	struct dirent **entries;
	int count, result = 0;

	if (backup_path(path, dir, below, err) < 0)
		return -1;
	count = scandir(path, &entries, NULL, alphasort);
	if (count < 0)
		return err_errno(err, "can't look into %s", path);
	for (int i = 0; i < count; i++) {
		const char *entry = entries[i]->d_name;

		if (result == 0 && strcmp(entry, ".") != 0 && strcmp(entry, "..") != 0) {
			int size = snprintf(
				name, sizeof(name), "%s%s%s", below, *below ? "/" : "", entry);

			result = size < 0 || size >= (int)sizeof(name)
					 ? err_set(err, ENAMETOOLONG, "a path is too long")
					 : see_entry(dir, name, see, ctx, err);
		}
		free(entries[i]);
	}
	free(entries);
	return result;
}

int backup_walk(const char *dir, backup_see_fn *see, void *ctx, struct err *err)
{
	return walk_folder(dir, "", see, ctx, err);
}

bool backup_is_empty(const char *dir)
{
	struct dirent **entries;
	int count = scandir(dir, &entries, NULL, NULL);

	for (int i = 0; i < count; i++)
		free(entries[i]);
	if (count >= 0)
		free(entries);
	return count < 0 ? errno == ENOENT : count <= 2;
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	return remove(path);
}

void backup_remove(const char *dir)
{
	nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}
