/* SPDX-License-Identifier: Apache-2.0 */
/* A home database of its own for each test, in a write transaction that is not kept. */
#ifndef TESTS_STORE_FIXTURE_H
#define TESTS_STORE_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"
#include "store/db.h"
#include "crypto/seal.h"

struct fixture {
	char path[64];
	struct db *db;
	struct vault *vault; /* of a root that no other test has */
	struct arena arena;
};

/* For cmocka: *state is a struct fixture. */
int fixture_setup(void **state);
int fixture_teardown(void **state);

#endif
