/* SPDX-License-Identifier: Apache-2.0 */
/* Reading the certificate's files. */
#include "server/certificate.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"

/* A chain of a few certificates has some 8 KiB. */
#define FILE_SIZE_MAX ((size_t)256 << 10)
#define DAY_S 86400
/* Whoever renews by a timer has done so long before. */
#define WARN_BEFORE_S (7 * DAY_S)

bool certificate_is_configured(const struct installation *in)
{
	return in->settings.certificate[0] || in->settings.certificate_key[0];
}

static int append_file(
	const struct installation *in, const char *name, struct buf *out, struct err *err)
{
	char path[PATH_LEN + CONFIG_TEXT_MAX];
	ssize_t size = 0;
	uint8_t *room;
	int fd;

	if (*name == '/')
		snprintf(path, sizeof(path), "%s", name);
	else
		snprintf(path, sizeof(path), "%s/%s", in->dir, name);
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

int certificate_read(const struct installation *in, struct buf *out, struct err *err)
{
	const struct settings *settings = &in->settings;

	if (!settings->certificate[0] || !settings->certificate_key[0])
		return err_set(err, 0, "[tls] certificate and key belong together");
	buf_init(out, FILE_SIZE_MAX);
	if (append_file(in, settings->certificate, out, err) < 0)
		return -1;
	return append_file(in, settings->certificate_key, out, err);
}

static void say_until_when(struct tls *tls)
{
	int64_t left_s = tls_valid_for_s(tls);

	if (left_s < 0)
		log_error("certificate_expired", "the certificate ended %lld days ago",
			(long long)(-left_s / DAY_S));
	else if (left_s < WARN_BEFORE_S)
		log_warn("certificate_ends", "the certificate ends in %lld days",
			(long long)(left_s / DAY_S));
	else
		log_info("certificate_loaded", "good for another %lld days",
			(long long)(left_s / DAY_S));
}

int certificate_load(const struct installation *in, struct tls **tls, struct err *err)
{
	struct buf text = {0};
	int rc;

	if (!certificate_is_configured(in))
		return 0;
	rc = certificate_read(in, &text, err);
	if (rc == 0 && *tls) {
		rc = tls_replace(*tls, buf_bytes(&text), buf_bytes(&text), err);
	} else if (rc == 0) {
		*tls = tls_new(buf_bytes(&text), buf_bytes(&text), err);
		rc = *tls ? 0 : -1;
	}
	if (buf_size(&text))
		explicit_bzero(buf_data(&text), buf_size(&text));
	buf_release(&text);
	if (rc == 0)
		say_until_when(*tls);
	return rc;
}
