/* SPDX-License-Identifier: Apache-2.0 */
/* Two people who write to each other from devices of any layer: on layered.h. */
#ifndef TESTS_API_PAIR_H
#define TESTS_API_PAIR_H

#include "layered.h"

enum { ANNA = 31, BUDI = 32 }; /* keys */

extern int64_t anna, budi;
extern struct arena scratch; /* of queries and answers, for a whole test */

int pair_setup(void **state);
int pair_teardown(void **state);

/* The account as the viewer must present it. */
struct tl_object *pair_peer(struct fixture *f, int64_t viewer, int64_t id);
/* As a client of the layer. Who is refused fails the test. */
union tl_reply pair_ask(struct fixture *f, uint64_t key, int layer, const struct tl_object *query);

#endif
