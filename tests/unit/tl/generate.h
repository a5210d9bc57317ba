/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Makes up values for the codec's tests: any form filled with numbers, strings and nested objects
 * that its layer has. The same seed gives the same value.
 */
#ifndef TEST_TL_GENERATE_H
#define TEST_TL_GENERATE_H

#include "tl/tables.h"

struct generator {
	struct arena *arena;
	int layer;
	uint64_t state;
	bool sparse; /* optional fields are there at random; else all that can be */
};

/* A value of the form; depth bounds the nesting of optional parts. */
struct tl_object *generate_form(struct generator *g, const struct tl_form *form, int depth);
uint64_t generate_number(struct generator *g);

#endif
