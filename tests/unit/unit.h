/* SPDX-License-Identifier: Apache-2.0 */
/* What unit tests share: cmocka with its prerequisites, hex, the arena leak check. */
#ifndef UNIT_UNIT_H
#define UNIT_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/random.h"
#include "base/text.h"

static inline void unhex(const char *text, uint8_t *out, size_t size)
{
	assert_int_equal(text_unhex(bytes_from_str(text), out, size), 0);
}

#define assert_hex_equal(data, text, size)                                                         \
	do {                                                                                       \
		uint8_t expected_[size];                                                           \
		unhex(text, expected_, sizeof(expected_));                                         \
		assert_memory_equal(data, expected_, sizeof(expected_));                           \
	} while (0)

/* Group teardown: a test that forgets its arena fails the whole program. */
static inline int no_arena_leaked(void **state)
{
	(void)state;
	return arena_blocks_alive() == 0 ? 0 : -1;
}

#endif
