/* SPDX-License-Identifier: Apache-2.0 */
/* What lies in the rows of both databases, past all code that is under test. */
#ifndef TESTS_FAULTS_ROWS_H
#define TESTS_FAULTS_ROWS_H

#include "messages_fixture.h"

/* A hash of all rows of each. */
struct rows {
	uint64_t home, square;
};

struct rows rows_now(struct fixture *f);
/* SQLite finds no damage. */
bool rows_whole(const char *path);
/* sql: (owner, pts, pts_count), ascending. No hole in any sequence: each event begins where the one
 * before it ended. */
bool rows_sequences_hold(const char *path, const char *sql);

#endif
