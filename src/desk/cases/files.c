/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "desk/cases/files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define READ_STEP 16384

int file_read(const char *path, struct buf *out, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), rc = -1;
	ssize_t got;

	if (fd < 0)
		return err_errno(err, "can't read %s", path);
	for (;;) {
		uint8_t piece[READ_STEP];

		got = read(fd, piece, sizeof(piece));
		if (got <= 0)
			break;
		buf_append(out, piece, (size_t)got);
		if (out->failed)
			break;
	}
	if (out->failed)
		err_set(err, EFBIG, "%s is larger than it may be", path);
	else if (got < 0)
		err_errno(err, "can't read %s", path);
	else
		rc = 0;
	close(fd);
	return rc;
}

int file_make_folder(const char *path, unsigned mode, struct err *err)
{
	char part[PATH_MAX];
	int size = snprintf(part, sizeof(part), "%s", path);

	if (size < 1 || (size_t)size >= sizeof(part))
		return err_set(err, ENAMETOOLONG, "a path is too long");
	for (char *at = part + 1;; at++) {
		char kept = *at;

		if (kept != '/' && kept)
			continue;
		*at = 0;
		if (mkdir(part, mode) < 0 && errno != EEXIST) {
			struct stat st;

			/* Above the folder the sandbox may let us see nothing: what is there, is.
			 */
			if (stat(part, &st) < 0 && kept == 0)
				return err_errno(err, "can't make the folder %s", part);
		}
		*at = kept;
		if (!kept)
			return 0;
	}
}

static int folder_of(const char *path, char out[PATH_MAX])
{
	const char *slash = strrchr(path, '/');
	size_t size = slash ? (size_t)(slash - path) : 0;

	if (size >= PATH_MAX)
		return -1;
	if (size == 0) {
		memcpy(out, ".", 2);
		return 0;
	}
	memcpy(out, path, size);
	out[size] = 0;
	return 0;
}

/* A rename is on disk when its folder is. */
static int sync_folder(const char *folder)
{
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC), rc;

	if (fd < 0)
		return -1;
	rc = fsync(fd);
	close(fd);
	return rc;
}

static int write_all(int fd, struct bytes content)
{
	while (content.size > 0) {
		ssize_t n = write(fd, content.data, content.size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return -1;
		content.data += n;
		content.size -= (size_t)n;
	}
	return fsync(fd);
}

int file_write(const char *path, unsigned mode, struct bytes content, struct err *err)
{
	char folder[PATH_MAX], beside[PATH_MAX];
	int fd, size = snprintf(beside, sizeof(beside), "%s.new", path);

	if (size < 1 || (size_t)size >= sizeof(beside) || folder_of(path, folder) < 0)
		return err_set(err, ENAMETOOLONG, "a path is too long");
	fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
	if (fd < 0 && errno == ENOENT) {
		if (file_make_folder(folder, 0755, err) < 0)
			return -1;
		fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
	}
	if (fd < 0)
		return err_errno(err, "can't write %s", beside);
	if (write_all(fd, content) < 0) {
		err_errno(err, "can't write %s", beside);
		close(fd);
		unlink(beside);
		return -1;
	}
	close(fd);
	if (rename(beside, path) < 0 || sync_folder(folder) < 0)
		return err_errno(err, "can't put %s in place", path);
	return 0;
}

void file_remove_folder(const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *entry;

	if (!dir)
		return;
	while ((entry = readdir(dir)))
		if (entry->d_name[0] != '.')
			unlinkat(dirfd(dir), entry->d_name, 0);
	closedir(dir);
	rmdir(path);
}
