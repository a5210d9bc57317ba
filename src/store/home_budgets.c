/* SPDX-License-Identifier: Apache-2.0 */
/* Owns the table budgets. Does not own the budgets' sizes: who spends them says. Budgets that may
 * be forgotten at a restart are kept in memory by the dispatcher instead. */
#include "store/home_budgets.h"

#define PURGE_ROWS 16 /* per call: more than one call adds, so the table shrinks */

bool home_budget_take(struct db *db, int64_t owner, const char *name, int64_t amount, int64_t max,
	int64_t period_s, int64_t now_s, int64_t *wait_s)
{
	struct query q =
		db_query(db, "SELECT since, used FROM budgets WHERE owner = ?1 AND name = ?2",
			DB_INT(owner), DB_STR(name));
	int64_t since = now_s, used = 0;

	if (query_next(&q)) {
		since = query_int(&q, 0);
		used = query_int(&q, 1);
		query_end(&q);
	}
	/* A clock that was set back must not lock anybody out. */
	if (now_s >= since + period_s || now_s < since) {
		since = now_s;
		used = 0;
	}
	if (used + amount > max) {
		if (wait_s)
			*wait_s = since + period_s - now_s;
		return false;
	}
	db_run(db,
		"INSERT INTO budgets (owner, name, since, used) VALUES (?1, ?2, ?3, ?4)"
		" ON CONFLICT (owner, name) DO UPDATE SET since = excluded.since,"
		" used = excluded.used",
		DB_INT(owner), DB_STR(name), DB_INT(since), DB_INT(used + amount));
	return true;
}

void home_budgets_purge(struct db *db, int64_t owner, int64_t before_s)
{
	db_run(db,
		"DELETE FROM budgets WHERE owner = ?1 AND name IN (SELECT name FROM budgets WHERE"
		" owner = ?1 AND since < ?2 ORDER BY since LIMIT ?3)",
		DB_INT(owner), DB_INT(before_s), DB_INT(PURGE_ROWS));
}
