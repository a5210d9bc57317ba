/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files that hold a secret: made once, never overwritten, readable by their owner only. For the
 * other files of this folder. Binary secrets are stored as one line of hex.
 */
#ifndef CRYPTO_KEYFILE_H
#define CRYPTO_KEYFILE_H

#include "base/bytes.h"
#include "base/err.h"

#define KEYFILE_MAX 8192 /* an RSA-2048 private key in PEM has 1.7 KB */

/* A new file with this mode and content; file and folder are synced. -1 when it exists. */
MUST_CHECK int keyfile_create(
	const char *path, unsigned mode, struct bytes content, struct err *err);
/* The whole file. out has KEYFILE_MAX bytes; the caller wipes them. secret: refuse a file that
 * group or others may touch. */
MUST_CHECK int keyfile_read(
	const char *path, bool secret, uint8_t *out, size_t *size, struct err *err);

/* A name that was made or changed is on disk only when its folder is. -1 with errno. */
MUST_CHECK int keyfile_sync_folder(const char *path);

MUST_CHECK int keyfile_create_hex(
	const char *path, const uint8_t *secret, size_t size, struct err *err);
MUST_CHECK int keyfile_read_hex(const char *path, uint8_t *secret, size_t size, struct err *err);

#endif
