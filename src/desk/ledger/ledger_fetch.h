/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where a ledger is read from when it is verified: a folder, or the address of a server, which
 * lontar-fetch asks. For a command, on one thread; never for the running server.
 */
#ifndef DESK_LEDGER_FETCH_H
#define DESK_LEDGER_FETCH_H

#include "base/buf.h"
#include "base/err.h"

/* http:// or https:// in front: an address. */
bool ledger_source_is_url(const char *source);
/* Replaces the content of out (whose max bounds it) by the file at path under the source. -1 with
 * err->code ENOENT when the source has none. */
MUST_CHECK int ledger_fetch(const char *source, const char *path, struct buf *out, struct err *err);
/* After the last one: ends the lontar-fetch that was started, if one was. */
void ledger_fetch_end(void);

#endif
