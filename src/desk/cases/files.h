/* SPDX-License-Identifier: Apache-2.0 */
/* Small files of the desk's folder: whole reads with a bound, and writes that are there whole or
 * not at all. */
#ifndef DESK_FILES_H
#define DESK_FILES_H

#include "base/buf.h"
#include "base/err.h"

/* Appends the file to out (whose max bounds it). -1 with err->code ENOENT when there is none. */
MUST_CHECK int file_read(const char *path, struct buf *out, struct err *err);
/* Makes the folders above, writes beside, syncs, renames. */
MUST_CHECK int file_write(const char *path, unsigned mode, struct bytes content, struct err *err);
/* The folder and those above it. */
MUST_CHECK int file_make_folder(const char *path, unsigned mode, struct err *err);
/* Removes the plain files in a folder and the folder; nothing if it is not there. */
void file_remove_folder(const char *path);

#endif
