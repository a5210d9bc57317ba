/* SPDX-License-Identifier: Apache-2.0 */
/* What `lontar vault split` and `lontar vault rekey` share: a root among custodians, by the keeper
 * that runs; the files that come of it; the set that takes force. */
#ifndef SERVER_VAULT_SPLIT_H
#define SERVER_VAULT_SPLIT_H

#include "keeper/client.h"
#include "server/installation.h"

struct split_wish {
	const char *out; /* folder for the shares' files */
	const char *custodians[SHAMIR_SHARES_MAX];
	int shares, threshold, custodian_count;
};

/* --shares, --threshold, --custodian, --out as the options s, t, c, o; false: none of these. */
bool split_wish_take(struct split_wish *wish, int option, const char *value);
bool split_wish_is_empty(const struct split_wish *wish);
/* Says on standard error what is wrong. */
bool split_wish_is_sound(const struct split_wish *wish);

/* The keeper of a server that runs. NULL with *err. */
MUST_CHECK struct keeper_client *split_keeper(const struct installation *in, struct err *err);
/* Lets the keeper split its root (turn: a new one), writes the set that waits for its rehearsal and
 * each custodian's file, and tells so on standard output. */
MUST_CHECK int split_ask(const struct split_wish *wish, const struct installation *in,
	struct keeper_client *client, bool turn, struct err *err);
/* -1 with *err: the rehearsal is not over. */
MUST_CHECK int split_rehearsed(const struct keeper_hello *hello, struct err *err);
/* -1 with *err: what lies beside vault.set is not the set that was rehearsed. */
MUST_CHECK int split_set_check(
	const struct installation *in, const struct keeper_hello *hello, struct err *err);
/* Puts the set that was rehearsed, and no other, in the place of vault.set. */
MUST_CHECK int split_set_in_force(
	const struct installation *in, const struct keeper_hello *hello, struct err *err);

#endif
