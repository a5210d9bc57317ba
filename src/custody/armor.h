/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files that go from hand to hand: lines of comment beginning with '#', one line that says the
 * kind, then base64. They survive mail, copying and printing.
 *
 *   # The public half of the custodian "ani". Give it to the operator.
 *   lontar-custodian-1
 *   mP3w...
 */
#ifndef CUSTODY_ARMOR_H
#define CUSTODY_ARMOR_H

#include "base/arena.h"
#include "base/err.h"

#define ARMOR_FILE_MAX 8192

/* A new file, 0600 when it is secret and 0644 when not; never over another. comment: lines, each
 * begins with '#' and ends. */
MUST_CHECK int armor_write(const char *path, bool secret, const char *comment, const char *kind,
	struct bytes content, struct err *err);
/* -1 unless the text is of this kind and has exactly this many bytes. */
MUST_CHECK int armor_parse(struct arena *arena, struct bytes text, const char *kind, uint8_t *out,
	size_t size, struct err *err);
/* secret: refuse a file that group or others may touch. */
MUST_CHECK int armor_read(const char *path, bool secret, const char *kind, uint8_t *out,
	size_t size, struct err *err);

#endif
