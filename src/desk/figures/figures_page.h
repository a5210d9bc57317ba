/* SPDX-License-Identifier: Apache-2.0 */
/* The public figures as a page: plain HTML and SVG, no script, in the languages of a table. */
#ifndef DESK_FIGURES_PAGE_H
#define DESK_FIGURES_PAGE_H

#include "desk/sop/sop.h"
#include "store/db.h"

/* "en" or "id" as a literal; NULL: there is no page in this language. */
const char *figures_page_language(struct bytes name);
/* In a transaction of db; the caller frees it. */
char *figures_page(struct db *db, const struct sop *sop, const char *language, int64_t now_s);

#endif
