/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Receipts: https://c2sp.org/tlog-proof, a text by which anybody can check offline that an entry is
 * in the ledger. The entry itself goes along as the proof's extra data, so that the receipt is all
 * that is needed beside the ledger's key.
 */
#ifndef DESK_LEDGER_PROOF_H
#define DESK_LEDGER_PROOF_H

#include "base/buf.h"
#include "desk/ledger/checkpoint.h"
#include "desk/ledger/merkle_proof.h"

/* The longest that is read: an entry, the proof, a checkpoint with its witnesses. */
#define LEDGER_PROOF_MAX 32768

/* Replaces out's content by the ledger's file at the path: merkle_tile_path(), "checkpoint". */
typedef int ledger_read(void *ctx, const char *path, struct buf *out, struct err *err);
/* ctx: the folder's path. */
ledger_read ledger_read_folder;

/* The receipt of one entry. err->code ENOENT: there is no such entry yet. */
MUST_CHECK int ledger_proof_make(ledger_read *read, void *ctx, struct arena *arena, uint64_t leaf,
	char **out, struct err *err);

/* That the ledger of size entries, which the files hold, continues the one of old_size. */
MUST_CHECK int ledger_growth_make(ledger_read *read, void *ctx, uint64_t old_size, uint64_t size,
	struct merkle_proof *out, struct err *err);

struct ledger_proof {
	uint64_t index;
	struct bytes entry; /* views into the text and the arena */
	struct bytes checkpoint;
	struct merkle_proof path;
};

/* The text of a receipt, hostile input; nothing is checked but its form. */
MUST_CHECK int ledger_proof_parse(
	struct arena *arena, struct bytes text, struct ledger_proof *out, struct err *err);
/* Is it of this ledger, signed, and is the entry in it? */
MUST_CHECK int ledger_proof_check(const struct ledger_proof *proof,
	const struct checkpoint_verifier *verifier, struct checkpoint *out, struct err *err);

#endif
