/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Texts of messages: who wrote which one ("17:4 "), then letters up to a length drawn from a seeded
 * generator, so that a run can be repeated with the same texts.
 */
#ifndef BENCH_WORDS_H
#define BENCH_WORDS_H

#include <stdbool.h>

#include "base/bytes.h"

struct words {
	uint64_t state;
	size_t size_min, size_max;
};

void words_init(struct words *words, uint64_t seed, size_t size_max);
uint64_t words_draw(struct words *words);
/* The text; out has room for size_max bytes. */
struct bytes words_make(struct words *words, uint32_t writer, uint32_t number, char *out);
/* false: not a text of ours. */
bool words_parse(struct bytes text, uint32_t *writer, uint32_t *number);

#endif
