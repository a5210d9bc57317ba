/* SPDX-License-Identifier: Apache-2.0 */
/* Certificates from text, and through a file in memory. */
#include "net/tls_shared.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/log.h"

#define PEM_MAX ((size_t)512 << 10)
#define READ_SIZE 4096
#define DAY_S 86400
/* Whoever renews by a timer has done so long before. */
#define WARN_BEFORE_S (7 * DAY_S)

int tls_shared_make(struct err *err)
{
	int fd = memfd_create("lontar-tls", MFD_CLOEXEC);

	return fd < 0 ? err_errno(err, "no memory file") : fd;
}

int tls_shared_write(int fd, struct bytes pem, struct err *err)
{
	if (ftruncate(fd, 0) < 0 || pwrite(fd, pem.data, pem.size, 0) != (ssize_t)pem.size)
		return err_errno(err, "can't pass the certificate on");
	return 0;
}

int tls_load(struct bytes pem, struct tls **tls, struct err *err)
{
	if (*tls)
		return tls_replace(*tls, pem, pem, err);
	*tls = tls_new(pem, pem, err);
	return *tls ? 0 : -1;
}

static int read_all(int fd, struct buf *out, struct err *err)
{
	ssize_t size;

	do {
		size_t before = buf_size(out);
		uint8_t *room = buf_extend(out, READ_SIZE);

		size = room ? pread(fd, room, READ_SIZE, (off_t)before) : 0;
		buf_truncate(out, before + (size > 0 ? (size_t)size : 0));
	} while (size > 0);
	return size < 0 ? err_errno(err, "can't read the certificate passed on") : 0;
}

int tls_shared_load(int fd, struct tls **tls, struct err *err)
{
	struct buf pem;
	int rc;

	buf_init(&pem, PEM_MAX);
	/* Room at once: growing would leave copies of the key behind. */
	buf_extend(&pem, PEM_MAX);
	buf_clear(&pem);
	rc = read_all(fd, &pem, err);
	if (rc == 0)
		rc = tls_load(buf_bytes(&pem), tls, err);
	if (buf_size(&pem))
		explicit_bzero(buf_data(&pem), buf_size(&pem));
	buf_release(&pem);
	return rc;
}

void tls_log_validity(struct tls *tls)
{
	long long left_s = tls_valid_for_s(tls);

	if (left_s < 0)
		log_error("certificate_expired", "the certificate ended %lld days ago",
			-left_s / DAY_S);
	else if (left_s < WARN_BEFORE_S)
		log_warn("certificate_ends", "the certificate ends in %lld days", left_s / DAY_S);
	else
		log_info("certificate_loaded", "good for another %lld days", left_s / DAY_S);
}
