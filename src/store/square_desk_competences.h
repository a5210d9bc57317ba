/* SPDX-License-Identifier: Apache-2.0 */
/* What a grant may send notices about: table desk_competences, a row per category. A grant without
 * rows is not limited. A transaction runs around every call. */
#ifndef STORE_SQUARE_DESK_COMPETENCES_H
#define STORE_SQUARE_DESK_COMPETENCES_H

#include "store/db.h"

/* The grant is not limited, or to this category too. */
bool desk_competence_covers(struct db *db, int64_t grant_id, const char *category);
void desk_competence_clear(struct db *db, int64_t grant_id);
void desk_competence_add(struct db *db, int64_t grant_id, struct bytes category);
/* Rows of (category), in alphabetical order. */
struct query desk_competence_list(struct db *db, int64_t grant_id);

#endif
