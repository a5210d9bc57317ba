/* SPDX-License-Identifier: Apache-2.0 */
/* Owns the table budgets. Does not own the budgets' sizes: who spends them says. Short
 * ones, of seconds, are in memory instead: server/buckets.c. */
#include "store/home_budgets.h"

#define PURGE_ROWS 16 /* per call: more than one call adds, so the table shrinks */

struct period {
	int64_t since_s, used;
};

static struct period running(
	struct db *db, int64_t owner, const char *name, int64_t period_s, int64_t now_s)
{
	struct period period = {now_s, 0};
	struct query q =
		db_query(db, "SELECT since, used FROM budgets WHERE owner = ?1 AND name = ?2",
			DB_INT(owner), DB_STR(name));
	int64_t since_s;

	if (!query_next(&q))
		return period;
	since_s = query_int(&q, 0);
	/* A clock that was set back must not lock anybody out. */
	if (now_s >= since_s && now_s < since_s + period_s)
		period = (struct period){since_s, query_int(&q, 1)};
	query_end(&q);
	return period;
}

static bool has(const struct period *period, int64_t amount, int64_t max, int64_t period_s,
	int64_t now_s, int64_t *wait_s)
{
	if (period->used + amount <= max)
		return true;
	if (wait_s)
		*wait_s = period->since_s + period_s - now_s;
	return false;
}

bool home_budget_has(struct db *db, int64_t owner, const char *name, int64_t amount, int64_t max,
	int64_t period_s, int64_t now_s, int64_t *wait_s)
{
	struct period period = running(db, owner, name, period_s, now_s);

	return has(&period, amount, max, period_s, now_s, wait_s);
}

bool home_budget_take(struct db *db, int64_t owner, const char *name, int64_t amount, int64_t max,
	int64_t period_s, int64_t now_s, int64_t *wait_s)
{
	struct period period = running(db, owner, name, period_s, now_s);

	if (!has(&period, amount, max, period_s, now_s, wait_s))
		return false;
	db_run(db,
		"INSERT INTO budgets (owner, name, since, used) VALUES (?1, ?2, ?3, ?4)"
		" ON CONFLICT (owner, name) DO UPDATE SET since = excluded.since,"
		" used = excluded.used",
		DB_INT(owner), DB_STR(name), DB_INT(period.since_s), DB_INT(period.used + amount));
	return true;
}

void home_budgets_purge(struct db *db, int64_t owner, int64_t before_s)
{
	db_run(db,
		"DELETE FROM budgets WHERE owner = ?1 AND name IN (SELECT name FROM budgets WHERE"
		" owner = ?1 AND since < ?2 ORDER BY since LIMIT ?3)",
		DB_INT(owner), DB_INT(before_s), DB_INT(PURGE_ROWS));
}
