/* SPDX-License-Identifier: Apache-2.0 */
/* What the parts of world.h have of one another, and tests do not see. */
#ifndef TESTS_MTPROTO_WORLD_PARTS_H
#define TESTS_MTPROTO_WORLD_PARTS_H

#include "world.h"

/* world.c: a copy, which the world frees. */
struct auth_key *world_keep_key(struct world *world, const struct auth_key *from);

/* world_host.c: what the server calls. */
struct mtproto_host world_host(struct world *world);

/* world_log.c: the context is the link. */
extern const struct mtproto_client_events link_events;

#endif
