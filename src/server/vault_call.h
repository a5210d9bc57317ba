/* SPDX-License-Identifier: Apache-2.0 */
/* A custodian's line to the keeper: over the messenger's port, or its socket on the same machine.
 * What goes over it is signed or sealed by keeper/wire.h: nobody on the way is trusted. */
#ifndef SERVER_VAULT_CALL_H
#define SERVER_VAULT_CALL_H

#include "keeper/wire.h"

struct vault_line {
	const char *server; /* HOST:PORT or [ADDRESS]:PORT, or NULL */
	const char *socket; /* the keeper's, or NULL */
};

/* challenge: a fresh one, which keeper_hello_check compares. */
MUST_CHECK int vault_call_hello(const struct vault_line *line,
	uint8_t challenge[KEEPER_CHALLENGE_SIZE], struct keeper_hello *out, struct err *err);
/* -1 with *err also when the keeper could not read the letter. */
MUST_CHECK int vault_call_share(const struct vault_line *line,
	const uint8_t letter[KEEPER_LETTER_SEALED], uint8_t reply[KEEPER_REPLY_SEALED],
	struct err *err);

#endif
