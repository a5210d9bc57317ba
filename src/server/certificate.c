/* SPDX-License-Identifier: Apache-2.0 */
/* Reading the certificate's files. */
#include "server/certificate.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* A chain of a few certificates has some 8 KiB. */
#define FILE_SIZE_MAX ((size_t)256 << 10)

bool certificate_is_configured(const struct installation *in)
{
	return in->settings.certificate[0] || in->settings.certificate_key[0];
}

static int append_file(
	const struct installation *in, const char *name, struct buf *out, struct err *err)
{
	char path[OPERATOR_PATH_MAX];
	ssize_t size = 0;
	uint8_t *room;
	int fd;

	installation_file(in, name, path);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return err_errno(err, "can't open %.150s", path);
	do {
		size_t before = buf_size(out);

		room = buf_extend(out, 4096);
		size = room ? read(fd, room, 4096) : 0;
		buf_truncate(out, before + (size > 0 ? (size_t)size : 0));
	} while (size > 0);
	if (size < 0)
		err_errno(err, "can't read %.150s", path);
	else if (out->failed)
		size = err_set(err, EFBIG, "%.150s is no certificate or key: too large", path);
	close(fd);
	buf_append_u8(out, '\n');
	return size < 0 ? -1 : 0;
}

static int read_files(const struct installation *in, struct buf *out, struct err *err)
{
	const struct settings *settings = &in->settings;

	if (!settings->certificate[0] || !settings->certificate_key[0])
		return err_set(err, 0, "[tls] certificate and key belong together");
	if (append_file(in, settings->certificate, out, err) < 0)
		return -1;
	return append_file(in, settings->certificate_key, out, err);
}

/* Also into *fd unless it is NULL. */
static int load(const struct installation *in, struct tls **tls, int *fd, struct err *err)
{
	struct buf pem;
	int rc;

	buf_init(&pem, FILE_SIZE_MAX);
	/* Room at once: growing would leave copies of the key behind. */
	buf_extend(&pem, FILE_SIZE_MAX);
	buf_clear(&pem);
	rc = read_files(in, &pem, err);
	if (rc == 0)
		rc = tls_load(buf_bytes(&pem), tls, err);
	if (rc == 0 && fd && *fd < 0)
		rc = *fd = tls_shared_make(err);
	if (rc >= 0 && fd)
		rc = tls_shared_write(*fd, buf_bytes(&pem), err);
	if (buf_size(&pem))
		explicit_bzero(buf_data(&pem), buf_size(&pem));
	buf_release(&pem);
	return rc;
}

int certificate_load(const struct installation *in, struct tls **tls, struct err *err)
{
	return load(in, tls, NULL, err);
}

int certificate_share(const struct installation *in, int *fd, struct err *err)
{
	struct tls *trial = NULL;
	int rc = load(in, &trial, fd, err);

	if (rc == 0)
		tls_log_validity(trial);
	tls_free(trial);
	return rc;
}
