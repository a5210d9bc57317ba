/* SPDX-License-Identifier: Apache-2.0 */
/* Where the keeper's things lie in a data directory. */
#ifndef KEEPER_FILES_H
#define KEEPER_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/err.h"

#define KEEPER_ROOT_FILE "root.key"
#define KEEPER_IDENTITY_FILE "keeper.key"
#define KEEPER_SET_FILE "vault.set" /* struct share_set as it is: the root is the custodians' */
#define KEEPER_PENDING_FILE "vault.set.new" /* likewise, until a rehearsal */
#define KEEPER_SOCKET "keeper.sock"

MUST_CHECK int keeper_file(
	const char *dir, const char *name, char *out, size_t size, struct err *err);
/* Ours, as it was when first asked. */
uid_t keeper_uid(void);

#endif
