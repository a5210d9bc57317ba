/* SPDX-License-Identifier: Apache-2.0 */
/* What lies in the rows of both databases, past all code that is under test. */
#ifndef TESTS_FAULTS_ROWS_H
#define TESTS_FAULTS_ROWS_H

#include "messages_fixture.h"

/* A hash of all rows of each. */
struct rows {
	uint64_t home, square;
	const char *wrong; /* NULL: nothing was seen */
};

struct rows rows_now(struct fixture *f);
/* The same; and whether SQLite finds damage, or the events of a box have a hole: each begins where
 * the one before it ended. */
struct rows rows_checked(struct fixture *f);

#endif
