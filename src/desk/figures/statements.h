/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Statements of reasons in the terms of the EU's transparency database (DSA Article 24(5)), and
 * their export. They hold the facts as the moderator wrote them: for the desk's own people.
 */
#ifndef DESK_STATEMENTS_H
#define DESK_STATEMENTS_H

#include "desk/desk.h"
#include "store/square_desk_orders.h"

#define STATEMENTS_PER_ANSWER 500

/* All fields of the database, null where one does not apply. order_id 0: not made yet. A new
 * reference; NULL: the measure is no restriction (a warning, a restoration). */
json_t *statement_dsa(struct ask *ask, const struct desk_statement *s);

/* The identifier of an order's statement, in the arena. */
char *statement_puid(const struct desk *desk, struct arena *arena, int64_t order_id);

/* GET /api/statements.json and .csv; ?after=N goes on behind the order N. */
void desk_statements_json(struct ask *ask, struct reply *reply);
void desk_statements_csv(struct ask *ask, struct reply *reply);

#endif
