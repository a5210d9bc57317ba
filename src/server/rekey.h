/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A new root. Three steps, each of which may be the last before a crash:
 *
 *   1. root.key.next holds the new root        (only where the root is in a file)
 *   2. the home's chain says that it is the newest, and keeps the old one under it
 *   3. root.key.next takes the place of root.key, whose bytes are overwritten
 *
 * Before step 2 the old root is the newest, after it the new one; rekey_settle_file puts the file
 * right at the next start. Where the root is the custodians', the new one is in the keeper and in
 * their shares, which were shown to open it, before step 2; the file of step 3 is vault.set, which
 * says whose shares count. Then everything is sealed anew (store/home_sealed.h), by the command or
 * in slices by the messenger, and the old root's link goes.
 */
#ifndef SERVER_REKEY_H
#define SERVER_REKEY_H

#include "crypto/roots.h"
#include "server/installation.h"

/* Which of root.key and root.key.next is the newest root by the chain becomes root.key, or
 * vault.set.new becomes vault.set if the chain is of its epoch. */
MUST_CHECK int rekey_settle_file(
	const struct installation *in, const struct root_chain *chain, struct err *err);
/* Step 2. Again it changes nothing. -1 with *err: the home has another root meanwhile. A messenger
 * that has the home open serves on under the older root and is started again soon (upkeep.c). */
MUST_CHECK int rekey_commit(
	const struct installation *in, const struct root_chain *next, struct err *err);
/* All three steps, for a root in a file. */
MUST_CHECK int rekey_file(const struct installation *in, struct root_chain *out, struct err *err);

/* What has been done so far; damaged values do not open and keep the old root's link. */
typedef void rekey_told_fn(int64_t seen, int64_t resealed);
/* Seals everything anew that is of an older root, to the end. May be killed and begun again at any
 * time. -1 with *err, also when something does not open. */
MUST_CHECK int rekey_sweep(const struct installation *in, const struct vault *vault,
	rekey_told_fn *told, struct err *err);

#endif
