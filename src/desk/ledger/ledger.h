/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The ledger as files: tiles of hashes, bundles of entries and the signed checkpoint
 * (docs/ledger.md). The database is the truth; the files are continued from it after every commit
 * and at start, the checkpoint last. What was signed once is never contradicted: when the database
 * has fewer or other leaves than the last checkpoint says, opening fails.
 */
#ifndef DESK_LEDGER_H
#define DESK_LEDGER_H

#include "base/buf.h"
#include "desk/ledger/checkpoint.h"
#include "store/db.h"

#define LEDGER_ENTRY_MAX 4096
#define LEDGER_BUNDLE_MAX ((size_t)MERKLE_TILE_WIDTH * (LEDGER_ENTRY_MAX + 2))
#define LEDGER_CHECKPOINT_MAX 16384

struct ledger {
	char *folder; /* owned */
	struct checkpoint_signer signer;
	struct merkle tree;
	struct buf bundle; /* entries of the tile that is being filled */
	uint64_t written;  /* leaves that the checkpoint on disk covers */
	bool silent;	   /* only the tree grows, nothing is written */
	bool comparing;	   /* at start: files that are already right are left alone */
	struct err failed; /* of a write inside a callback; text empty: none */
};

/* Makes the signing key and the origin in the desk's folder if they are not there. */
MUST_CHECK int ledger_init(const char *desk_folder, struct err *err);
/* Reads the key, checks the leaves against the last checkpoint, puts right what is missing. */
MUST_CHECK int ledger_open(
	struct ledger *ledger, const char *desk_folder, struct db *db, struct err *err);
void ledger_close(struct ledger *ledger);
/* Takes over the leaves that were committed since; begins its own transaction. Harmless to repeat.
 */
MUST_CHECK int ledger_follow(struct ledger *ledger, struct db *db, struct err *err);
/* The verifier key of a desk's folder, without opening the database. */
MUST_CHECK int ledger_verifier_text(
	const char *desk_folder, struct arena *arena, char **out, struct err *err);

#endif
