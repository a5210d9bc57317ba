/* SPDX-License-Identifier: Apache-2.0 */
/* Owns how files of secrets are made and read. Does not know what is in them. */
#include "crypto/keyfile.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"

#define HEX_SECRET_MAX 64

static int write_all(int fd, struct bytes content)
{
	for (size_t done = 0; done < content.size;) {
		ssize_t wrote = write(fd, content.data + done, content.size - done);

		if (wrote < 0 && errno != EINTR)
			return -1;
		if (wrote > 0)
			done += (size_t)wrote;
	}
	return 0;
}

int keyfile_sync_folder(const char *path)
{
	char copy[PATH_MAX];
	int fd, result;

	if ((size_t)snprintf(copy, sizeof(copy), "%s", path) >= sizeof(copy)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	result = fsync(fd);
	close(fd);
	return result;
}

int keyfile_create(const char *path, unsigned mode, struct bytes content, struct err *err)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd < 0)
		return err_errno(err, "cannot create %s", path);
	if (write_all(fd, content) < 0 || fchmod(fd, mode) < 0 || fsync(fd) < 0 ||
		keyfile_sync_folder(path) < 0) {
		err_errno(err, "cannot write %s", path);
		close(fd);
		unlink(path);
		return -1;
	}
	close(fd);
	return 0;
}

static int read_all(int fd, uint8_t *out, size_t *size)
{
	*size = 0;
	while (*size < KEYFILE_MAX) {
		ssize_t got = read(fd, out + *size, KEYFILE_MAX - *size);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -1;
		if (got == 0)
			return 0;
		*size += (size_t)got;
	}
	errno = EFBIG;
	return -1;
}

int keyfile_read(const char *path, bool secret, uint8_t *out, size_t *size, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), result = 0;
	struct stat st;

	if (fd < 0)
		return err_errno(err, "cannot open %s", path);
	if (fstat(fd, &st) < 0)
		result = err_errno(err, "cannot look at %s", path);
	else if (!S_ISREG(st.st_mode))
		result = err_set(err, EINVAL, "%s is not a file", path);
	else if (secret && (st.st_mode & 077))
		result = err_set(err, EPERM, "%s is open to others: chmod 600 it", path);
	else if (read_all(fd, out, size) < 0)
		result = err_errno(err, "cannot read %s", path);
	close(fd);
	return result;
}

int keyfile_create_hex(const char *path, const uint8_t *secret, size_t size, struct err *err)
{
	char line[2 * HEX_SECRET_MAX + 2];
	int result;

	if (size > HEX_SECRET_MAX)
		return err_set(err, EINVAL, "%s: the secret is too long", path);
	/* Not text_hex: an arena is not wiped. */
	for (size_t i = 0; i < size; i++) {
		line[2 * i] = "0123456789abcdef"[secret[i] >> 4];
		line[2 * i + 1] = "0123456789abcdef"[secret[i] & 15];
	}
	line[2 * size] = '\n';
	result = keyfile_create(path, 0600, bytes_of(line, 2 * size + 1), err);
	bytes_wipe(line, sizeof(line));
	return result;
}

int keyfile_read_hex(const char *path, uint8_t *secret, size_t size, struct err *err)
{
	uint8_t content[KEYFILE_MAX];
	size_t have;
	int result = keyfile_read(path, true, content, &have, err);

	if (result == 0 && text_unhex(text_trim(bytes_of(content, have)), secret, size) < 0)
		result = err_set(err, EINVAL, "%s is not %zu bytes in hex", path, size);
	bytes_wipe(content, sizeof(content));
	return result;
}
