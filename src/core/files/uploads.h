/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files on their way in, part by part and in any order, under a number that the client chose; then
 * something that is sent takes one. What nobody takes goes after a day.
 * https://core.telegram.org/api/files#uploading-files
 */
#ifndef CORE_UPLOADS_H
#define CORE_UPLOADS_H

#include "core/call.h"

#define UPLOAD_PARTS_MAX 8000
#define UPLOAD_PART_UNIT 1024 /* a part's size is a multiple, and divides the largest */
#define UPLOADS_KEPT_S 86400
#define FILES_PER_ACCOUNT 5000

/* The same part again replaces it. Faults FILE_PART_INVALID, FILE_PART_EMPTY, FILE_PART_TOO_BIG,
 * FILES_TOO_MUCH. */
MUST_CHECK int upload_part(struct call *call, int64_t upload, int32_t part, struct bytes data);
/* The caller's upload with exactly these parts is a file from now on: its id (store/home_files.h);
 * the caller holds it. Faults FILE_PARTS_INVALID, FILE_PART_n_MISSING, FILE_PART_SIZE_INVALID. */
MUST_CHECK int upload_take(struct call *call, int64_t upload, int32_t parts, int64_t *file);

/* Upkeep. True: there may be more. */
bool uploads_give_up(struct call *call);

#endif
