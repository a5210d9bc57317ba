/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SERVER_COMMAND_VAULT_REKEY_H
#define SERVER_COMMAND_VAULT_REKEY_H

#include "server/vault_split.h"

/* lontar vault rekey, where the root is shared; the server runs. */
MUST_CHECK int rekey_custodians(const struct split_wish *wish, const struct installation *in,
	bool finishes, struct err *err);

#endif
