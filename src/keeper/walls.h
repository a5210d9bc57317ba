/* SPDX-License-Identifier: Apache-2.0 */
/* The walls around the keeper: no network, no files, no debugger, no core file, no swap. */
#ifndef KEEPER_WALLS_H
#define KEEPER_WALLS_H

#include "base/err.h"

/* Before anything secret is read. */
MUST_CHECK int keeper_walls_raise(struct err *err);
/* When everything is read and the socket is standard input: standard error stays too, nothing else.
 * There is no way back. */
MUST_CHECK int keeper_walls_close(struct err *err);

#endif
