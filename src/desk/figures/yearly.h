/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reports that the law asks for each year, made of the public figures: DSA Articles 15 and 24, in
 * the parts of the Commission's templates (Implementing Regulation 2024/2835), and Article 7 of the
 * regulation on terrorist content (2021/784). What this program can't know is null, and says so.
 */
#ifndef DESK_YEARLY_H
#define DESK_YEARLY_H

#include <jansson.h>

#include "desk/sop/sop.h"
#include "store/db.h"

enum yearly_kind { YEARLY_DSA, YEARLY_TCO, YEARLY_KINDS };
enum yearly_format { YEARLY_JSON, YEARLY_CSV, YEARLY_HTML, YEARLY_FORMATS };

/* "dsa", "tco"; "json", "csv", "html". YEARLY_KINDS, YEARLY_FORMATS: none of them. */
enum yearly_kind yearly_kind_by_name(const char *name);
enum yearly_format yearly_format_by_name(const char *name);
/* From 2000 to the year of now_s; 0: it is none. */
int yearly_year(const char *text, int64_t now_s);

/* In a transaction of db. {"report", "law", "year", "from", "to", "tables": [{"id", "title",
 * "article", "columns", "rows", "note"}]}; a new reference. */
json_t *yearly_report(struct db *db, const struct sop *sop, enum yearly_kind kind, int year);
/* The same as text; the caller frees it. */
char *yearly_text(struct db *db, const struct sop *sop, enum yearly_kind kind, int year,
	enum yearly_format format);

#endif
