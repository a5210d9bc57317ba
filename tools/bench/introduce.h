/* SPDX-License-Identifier: Apache-2.0 */
/* How a client of ours introduces itself: with the first query of a session or a key, as real ones
 * do. Also for tests/unit/server. */
#ifndef BENCH_INTRODUCE_H
#define BENCH_INTRODUCE_H

#include "base/buf.h"
#include "base/bytes.h"

/* Appends the query, within initConnection, within invokeWithLayer. It doesn't lie in *out. */
void introduce(struct buf *out, int32_t layer, struct bytes query);

#endif
