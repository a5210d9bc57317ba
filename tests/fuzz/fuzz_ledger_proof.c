/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Receipts of the ledger, as anybody may hand one in. What is read keeps its bounds; none holds
 * under a key that nobody has the other half of.
 */
#include <stdint.h>
#include <stdlib.h>

#include "desk/ledger/ledger_proof.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct checkpoint_verifier verifier = {.origin = "lontar-ledger/fuzz"};
	struct ledger_proof proof;
	struct checkpoint head;
	struct arena arena;

	arena_init(&arena);
	if (ledger_proof_parse(&arena, bytes_of(data, size), &proof, NULL) == 0 &&
		(proof.path.count > MERKLE_PROOF_MAX || proof.entry.size == 0 ||
			ledger_proof_check(&proof, &verifier, &head, NULL) == 0))
		abort();
	arena_release(&arena);
	return 0;
}
