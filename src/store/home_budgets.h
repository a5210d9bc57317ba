/* SPDX-License-Identifier: Apache-2.0 */
/* Budgets that outlive a restart: how much of something an owner has used in the running period. */
#ifndef STORE_HOME_BUDGETS_H
#define STORE_HOME_BUDGETS_H

#include "store/db.h"

/*
 * Takes amount from what owner may use of name in period_s. False, and nothing taken, when it is
 * not there: *wait_s (may be NULL) says for how long. A period begins with its first use.
 */
bool home_budget_take(struct db *db, int64_t owner, const char *name, int64_t amount, int64_t max,
	int64_t period_s, int64_t now_s, int64_t *wait_s);

/* Whether it is there; takes nothing. */
bool home_budget_has(struct db *db, int64_t owner, const char *name, int64_t amount, int64_t max,
	int64_t period_s, int64_t now_s, int64_t *wait_s);

/* Drops a bounded number of rows of the owner whose period began before before_s. */
void home_budgets_purge(struct db *db, int64_t owner, int64_t before_s);

#endif
