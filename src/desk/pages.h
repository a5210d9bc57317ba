/* SPDX-License-Identifier: Apache-2.0 */
/* The public page with the counts: plain HTML and one drawing, no script. */
#ifndef DESK_PAGES_H
#define DESK_PAGES_H

#include "desk/counts.h"

/* In the arena of counts. verifier: the ledger's key as readers keep it. */
char *page_square(struct counts *counts, const struct sop *sop, const char *verifier);

#endif
