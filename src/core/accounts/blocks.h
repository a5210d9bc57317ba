/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who has blocked whom. What a blocked account writes stays in its own box, it can't invite or call
 * who blocked it, and sees of him what is left when he lets nobody see anything. It is told of none
 * of this: it looks as if he had hidden all and never looked.
 * https://core.telegram.org/api/block
 */
#ifndef CORE_BLOCKS_H
#define CORE_BLOCKS_H

#include "core/call.h"
#include "store/home_privacy.h"

#define BLOCKS_MAX 5000		/* of one account */
#define BLOCKS_PER_PAGE_MAX 100 /* as stock clients page */

/* owner has blocked other. */
bool block_has(struct call *call, int64_t owner, int64_t other);

/* contacts.block, contacts.unblock: call->user's own list; his other devices are told. Faults
 * PEER_ID_INVALID, CONTACT_ID_INVALID (himself, the service), LIMIT_INVALID. */
MUST_CHECK int block_set(struct call *call, int64_t other, bool blocked);
/* contacts.setBlocked: these, and of the first `within` no others. */
MUST_CHECK int blocks_replace(
	struct call *call, const int64_t *others, size_t count, int32_t within);
/* For core/changes.c. */
struct home_change;
bool block_change(struct call *call, const struct home_change *change, struct update *update);
/* The newest first, in call->arena; *total: all there are. */
size_t blocks_list(
	struct call *call, int32_t offset, int32_t limit, struct home_block **out, int64_t *total);

#endif
