/* SPDX-License-Identifier: Apache-2.0 */
/* Who is named in a message: by a link to the account or by the public name. */
#ifndef CORE_MENTIONS_H
#define CORE_MENTIONS_H

#include "core/call.h"

struct mentions {
	int64_t *users;
	size_t count;
};

/* In call->arena; at most one per entity. */
struct mentions mentions_of(struct call *call, const struct message *message);
/* The bytes of an entity, whose place is in UTF-16 units; empty where it is outside. */
struct bytes entity_text(struct bytes text, const struct entity *e);
bool mentions_have(const struct mentions *mentions, int64_t user);

#endif
