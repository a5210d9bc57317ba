/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The keeper's mind: holds the root, gives owners' keys, gathers shares, splits. One thread. It
 * reads nothing but the fixed structs of keeper/wire.h, and its answers never hold a root. The
 * process around it: keeper/main.c.
 */
#ifndef KEEPER_KEEPER_H
#define KEEPER_KEEPER_H

#include "keeper/wire.h"

struct keeper;

/* What lies in the data directory. */
struct keeper_start {
	const uint8_t *root;		 /* of root.key; NULL: there is none */
	const struct share_set *set;	 /* of vault.set; NULL: not split */
	const struct share_set *pending; /* of vault.set.new; NULL: no rehearsal goes on */
	struct sign_key *identity;	 /* goes with the keeper, also when this fails */
	int64_t now_s;
};

/* NULL with *err: no guarded memory, or neither root nor set. The caller wipes its copies. */
MUST_CHECK struct keeper *keeper_new(const struct keeper_start *start, struct err *err);
void keeper_free(struct keeper *keeper); /* wipes; NULL is fine */

/* Who asks. Whoever may split learns the root: shares are sealed to whom he names. */
struct keeper_peer {
	bool may_split; /* until KEEPER_YIELD */
};

/* Fills the answer to a request of the right size; the caller wipes both. */
void keeper_serve(struct keeper *keeper, struct keeper_peer *peer,
	const struct keeper_request *request, struct keeper_answer *answer);

#endif
