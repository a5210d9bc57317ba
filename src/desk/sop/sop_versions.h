/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which SOP was in force: when a desk starts with one that it has not seen, its text is kept in the
 * square under the next number. Events that set a clock or decide say the number.
 */
#ifndef DESK_SOP_VERSIONS_H
#define DESK_SOP_VERSIONS_H

#include "desk/sop/sop.h"
#include "store/db.h"

/* Reads the file, keeps its text, and fills in out->version and out->hash. */
MUST_CHECK int sop_start(
	const char *path, struct db *db, int64_t now_s, struct sop *out, struct err *err);

#endif
