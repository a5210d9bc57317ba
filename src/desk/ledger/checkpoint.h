/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The signed head of the ledger: https://c2sp.org/tlog-checkpoint in a https://c2sp.org/signed-note
 * signed with Ed25519. Text only; where it is stored is ledger_files.h's matter.
 */
#ifndef DESK_CHECKPOINT_H
#define DESK_CHECKPOINT_H

#include "base/arena.h"
#include "base/err.h"
#include "crypto/sign.h"
#include "desk/ledger/merkle.h"

#define CHECKPOINT_ORIGIN_MAX 120

/* Who signs: the origin line is also the name of the key. */
struct checkpoint_signer {
	char origin[CHECKPOINT_ORIGIN_MAX];
	struct sign_key *key; /* owned */
};

struct checkpoint_verifier {
	char origin[CHECKPOINT_ORIGIN_MAX];
	uint8_t id[4];
	uint8_t public_key[SIGN_PUBLIC_SIZE];
};

struct checkpoint {
	uint64_t size;
	uint8_t root[MERKLE_HASH_SIZE];
};

/* Whether origin can be the name of a key: not empty, no white space, no '+', printable ASCII. */
bool checkpoint_origin_ok(const char *origin);

/* The key in the form that readers keep: "origin+hex id+base64". */
char *checkpoint_verifier_text(struct arena *arena, const struct checkpoint_signer *signer);
MUST_CHECK int checkpoint_verifier_parse(
	struct bytes text, struct checkpoint_verifier *out, struct err *err);

char *checkpoint_sign(struct arena *arena, const struct checkpoint_signer *signer,
	const struct checkpoint *checkpoint);
/* What it says, whoever signed it. */
MUST_CHECK int checkpoint_read(struct bytes note, struct checkpoint *out, struct err *err);
/* Decimal without leading zeros, as sizes and indexes are written; -1 otherwise. */
MUST_CHECK int checkpoint_number(struct bytes line, uint64_t *out);
/* Checks the origin and the verifier's signature; other signatures (witnesses) may stand beside it.
 */
MUST_CHECK int checkpoint_open(struct bytes note, const struct checkpoint_verifier *verifier,
	struct checkpoint *out, struct err *err);

/*
 * Witnesses: https://c2sp.org/tlog-cosignature, the form with Ed25519. Their keys look like those
 * of a ledger, with their own name for the origin.
 */
MUST_CHECK int checkpoint_witness_parse(
	struct bytes text, struct checkpoint_verifier *out, struct err *err);
/* What is signed of a note: a view of its beginning; absent: it is malformed. */
struct bytes checkpoint_body(struct bytes note);
/* When the witness cosigned this text, by one of these signature lines; 0: by none. */
int64_t checkpoint_cosigned(
	struct bytes body, struct bytes lines, const struct checkpoint_verifier *witness);
/* The note (well-formed) with the witness's cosignature out of the lines instead of an earlier one.
 * NULL: it is too long. */
char *checkpoint_merge(struct arena *arena, struct bytes note, struct bytes lines,
	const struct checkpoint_verifier *witness);

#endif
