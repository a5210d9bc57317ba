/* SPDX-License-Identifier: Apache-2.0 */
/* The public page with the counts: plain HTML and one drawing, no script. */
#ifndef DESK_PAGES_H
#define DESK_PAGES_H

#include "base/buf.h"
#include "desk/figures/counts.h"

/* In the arena of counts. verifier: the ledger's key as readers keep it. */
char *page_square(struct counts *counts, const struct sop *sop, const char *verifier);

/* For pages: text of an operator's SOP; everything else on them is ours. */
void page_escape(struct buf *out, const char *text);
/* "12 s", "5 min", "3.2 h"; below 0: a dash. */
void page_duration(struct buf *out, int64_t seconds);

#endif
