/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files, in the parts in which they came. Each is sealed under a key of its own, which is sealed
 * under its owner's salt: without the key nothing of a file opens, so that one which goes is
 * unreadable at once, and its parts are deleted piece by piece.
 *
 *   COMING ---- taken by a message ----> TAKEN ---- the last that held it is gone ----> GONE
 *       \------ not taken for long ------------------------------------------------------^
 */
#ifndef STORE_HOME_FILES_H
#define STORE_HOME_FILES_H

#include "crypto/seal.h"
#include "store/db.h"

#define HOME_FILE_PART_MAX ((size_t)512 << 10)

struct home_file_part {
	int32_t part;
	int32_t size;
};

/* The owner's file that comes under the client's number for it; 0: none does. */
int64_t home_file_coming(struct db *db, int64_t owner, int64_t upload);
void home_file_begin(struct db *db, const struct vault *vault, struct arena *arena, int64_t owner,
	int64_t id, int64_t upload, int64_t now_s);
/* Also in place of what came before under that part's number. The parts of one file have all one
 * size but the last: the caller checks it when it takes the file. */
void home_file_put(struct db *db, const struct vault *vault, struct arena *arena, int64_t owner,
	int64_t id, int32_t part, struct bytes data, int64_t now_s);
/* Numbers and sizes of at most `limit` parts, in order, in the arena. */
size_t home_file_parts(struct db *db, struct arena *arena, int64_t owner, int64_t id, size_t limit,
	struct home_file_part **out);

/* It comes no more. part_size: of all but the last. Held by nobody yet: home_file_hold. */
void home_file_take(struct db *db, int64_t owner, int64_t id, int32_t part_size);
void home_file_hold(struct db *db, int64_t owner, int64_t id);
/* One holder less; without any it is gone. */
void home_file_let_go(struct db *db, int64_t owner, int64_t id);

/* Bytes of a file that was taken; -1: there is none. */
int64_t home_file_size(struct db *db, int64_t owner, int64_t id);
/* What of it is between offset (not negative) and offset + limit, in the arena; less at its end.
 * Absent: there is none. A part that doesn't open fails the transaction. */
struct bytes home_file_read(struct db *db, const struct vault *vault, struct arena *arena,
	int64_t owner, int64_t id, int64_t offset, int64_t limit);

/* Files of the owner that come or were taken, and their bytes. */
void home_files_of(struct db *db, int64_t owner, int64_t *count, int64_t *bytes);
/* Bytes of all parts of all. */
int64_t home_files_bytes(struct db *db);

/* Those of the owner are gone. */
void home_files_end(struct db *db, int64_t owner);
/* Deletes parts of the owner's files that are gone, and those themselves: one piece of that work.
 * True: more is left. */
bool home_files_purge_of(struct db *db, int64_t owner);
/* The same for everybody's. */
bool home_files_purge(struct db *db);
/* Those that have come since before then are gone, at most `rows`. True: there may be more. */
bool home_files_give_up(struct db *db, int64_t before_s, int64_t rows);

/* Looks whether every part of every file opens; takes as long as reading them all. */
void home_files_check(struct db *db, const struct vault *vault, int64_t *good, int64_t *bad);

#endif
