/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "store/square_desk_orders.h"

int64_t desk_order_new_id(struct db *db)
{
	return db_counter_add(db, 0, "order", 1);
}

void desk_order_insert(struct db *db, const struct desk_order *order)
{
	db_run(db,
		"INSERT INTO orders (id, case_id, channel, post, action, countries, text, reason, "
		"letter, created_at, ends_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, "
		"?11)",
		DB_INT(order->id), DB_INT(order->case_id), DB_INT(order->channel),
		DB_INT(order->post), DB_TEXT(order->action), DB_TEXT(order->countries),
		DB_TEXT(order->text), DB_TEXT(order->reason), DB_TEXT(order->letter),
		DB_INT(order->created_at_ms),
		order->ends_at ? DB_INT(order->ends_at) : (struct db_value){.kind = DB_KIND_NULL});
}

void desk_order_letter_insert(
	struct db *db, int64_t order_id, const char *language, struct bytes letter)
{
	db_run(db, "INSERT INTO order_letters (order_id, language, letter) VALUES (?1, ?2, ?3)",
		DB_INT(order_id), DB_STR(language), DB_TEXT(letter));
}

bool desk_order_next(
	struct db *db, int64_t after, int64_t *id, int64_t *created_at_ms, bool *executed)
{
	struct query q = db_query(db,
		"SELECT id, created_at, executed_at FROM orders WHERE id > ?1 AND action <> 'ask'"
		" ORDER BY id LIMIT 1",
		DB_INT(after));

	if (!query_next(&q))
		return false;
	*id = query_int(&q, 0);
	*created_at_ms = query_int(&q, 1);
	*executed = !query_is_null(&q, 2);
	query_end(&q);
	return true;
}

bool desk_orders_waiting(struct db *db)
{
	return db_get_int(db, 0, "SELECT count(*) FROM orders WHERE executed_at IS NULL") > 0;
}

#define STATEMENT_COLUMNS                                                                          \
	"order_id, case_id, action, countries, category, lane, law, facts, ground, redress, "      \
	"automated_detection, automated_decision, notice_at, created_at, ends_at, ended_at, "      \
	"basis, content_at, post"

void desk_statement_insert(struct db *db, const struct desk_statement *s)
{
	db_run(db,
		"INSERT INTO statements (" STATEMENT_COLUMNS
		") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, "
		"?17, ?18, ?19)",
		DB_INT(s->order_id), DB_INT(s->case_id), DB_TEXT(s->action), DB_TEXT(s->countries),
		DB_TEXT(s->category), DB_TEXT(s->lane), DB_TEXT(s->law), DB_TEXT(s->facts),
		DB_TEXT(s->ground), DB_TEXT(s->redress), DB_INT(s->automated_detection),
		DB_INT(s->automated_decision), DB_INT(s->notice_at), DB_INT(s->created_at),
		DB_INT(s->ends_at), DB_INT(s->ended_at), DB_TEXT(s->basis), DB_INT(s->content_at),
		DB_INT(s->post));
}

bool desk_statement_get(
	struct db *db, struct arena *arena, int64_t order_id, struct desk_statement *out)
{
	struct query q = db_query(db,
		"SELECT " STATEMENT_COLUMNS
		", executed_at, executed_ms, outcome FROM statements WHERE order_id = ?1",
		DB_INT(order_id));

	if (!query_next(&q))
		return false;
	out->order_id = query_int(&q, 0);
	out->case_id = query_int(&q, 1);
	out->action = query_bytes(&q, arena, 2);
	out->countries = query_bytes(&q, arena, 3);
	out->category = query_bytes(&q, arena, 4);
	out->lane = query_bytes(&q, arena, 5);
	out->law = query_bytes(&q, arena, 6);
	out->facts = query_bytes(&q, arena, 7);
	out->ground = query_bytes(&q, arena, 8);
	out->redress = query_bytes(&q, arena, 9);
	out->automated_detection = query_int(&q, 10) != 0;
	out->automated_decision = query_int(&q, 11) != 0;
	out->notice_at = query_int(&q, 12);
	out->created_at = query_int(&q, 13);
	out->ends_at = query_int(&q, 14);
	out->ended_at = query_int(&q, 15);
	out->basis = query_bytes(&q, arena, 16);
	out->content_at = query_int(&q, 17);
	out->post = (int32_t)query_int(&q, 18);
	out->executed_at = query_int(&q, 19);
	out->executed_ms = query_int(&q, 20);
	out->outcome = query_bytes(&q, arena, 21);
	query_end(&q);
	return true;
}

bool desk_order_executed_next(struct db *db, struct arena *arena, int64_t *order_id,
	int64_t *created_at_ms, int64_t *executed_at_ms, struct bytes *outcome)
{
	struct query q =
		db_query(db, "SELECT o.id, o.created_at, o.executed_at, o.outcome FROM statements s"
			     " JOIN orders o ON o.id = s.order_id WHERE s.executed_at IS NULL"
			     " AND o.executed_at IS NOT NULL ORDER BY o.id LIMIT 1");

	if (!query_next(&q))
		return false;
	*order_id = query_int(&q, 0);
	*created_at_ms = query_int(&q, 1);
	*executed_at_ms = query_int(&q, 2);
	*outcome = query_bytes(&q, arena, 3);
	query_end(&q);
	return true;
}

void desk_statement_settle(struct db *db, int64_t order_id, int64_t executed_at,
	int64_t executed_ms, struct bytes outcome)
{
	db_run(db,
		"UPDATE statements SET executed_at = ?2, executed_ms = ?3, outcome = ?4"
		" WHERE order_id = ?1",
		DB_INT(order_id), DB_INT(executed_at), DB_INT(executed_ms), DB_TEXT(outcome));
}

bool desk_order_ended_next(struct db *db, int64_t *order_id, int64_t *ended_at_ms)
{
	struct query q = db_query(db,
		"SELECT o.id, o.ended_at FROM statements s JOIN orders o ON o.id = s.order_id"
		" WHERE s.ends_at > 0 AND s.ended_at = 0 AND s.executed_at IS NOT NULL"
		" AND o.ended_by = 0 ORDER BY o.id LIMIT 1");
	const bool found = query_next(&q);

	if (found) {
		*order_id = query_int(&q, 0);
		*ended_at_ms = query_int(&q, 1);
	}
	query_end(&q);
	return found;
}

bool desk_orders_hold(struct db *db, int64_t case_id)
{
	return db_get_int(db, 0,
		       "SELECT count(*) FROM orders WHERE case_id = ?1 AND ended_at IS NULL"
		       " AND (outcome IS NULL OR outcome = 'done')"
		       " AND action NOT IN ('warn', 'ask', 'restore')",
		       DB_INT(case_id)) > 0;
}

bool desk_order_holding_next(struct db *db, struct arena *arena, int64_t case_id, int64_t after,
	int64_t *id, struct bytes *countries)
{
	struct query q = db_query(db,
		"SELECT id, countries FROM orders WHERE case_id = ?1 AND id > ?2 AND ended_at IS "
		"NULL"
		" AND (outcome IS NULL OR outcome = 'done')"
		" AND action NOT IN ('warn', 'ask', 'restore') ORDER BY id LIMIT 1",
		DB_INT(case_id), DB_INT(after));
	const bool found = query_next(&q);

	if (found) {
		*id = query_int(&q, 0);
		*countries = query_bytes(&q, arena, 1);
	}
	query_end(&q);
	return found;
}

void desk_statement_end(struct db *db, int64_t order_id, int64_t ended_at)
{
	db_run(db, "UPDATE statements SET ended_at = ?2 WHERE order_id = ?1", DB_INT(order_id),
		DB_INT(ended_at));
}

size_t desk_statements_done(struct db *db, int64_t after, int64_t *ids, size_t limit)
{
	struct query q = db_query(db,
		"SELECT order_id FROM statements WHERE order_id > ?1 AND outcome = 'done'"
		" ORDER BY order_id LIMIT ?2",
		DB_INT(after), DB_INT(limit));
	size_t count = 0;

	while (count < limit && query_next(&q))
		ids[count++] = query_int(&q, 0);
	query_end(&q);
	return count;
}

size_t desk_statements_unsubmitted(struct db *db, int64_t *ids, size_t limit)
{
	struct query q = db_query(db,
		"SELECT order_id FROM statements WHERE submitted = 0 AND outcome = 'done'"
		" ORDER BY order_id LIMIT ?1",
		DB_INT(limit));
	size_t count = 0;

	while (count < limit && query_next(&q))
		ids[count++] = query_int(&q, 0);
	query_end(&q);
	return count;
}

void desk_statement_submitted(struct db *db, int64_t order_id, enum desk_submission state)
{
	db_run(db, "UPDATE statements SET submitted = ?2 WHERE order_id = ?1", DB_INT(order_id),
		DB_INT(state));
}

bool desk_statement_was_ordered(struct db *db, const struct desk_statement *statement)
{
	return db_get_int(db, 0,
		       "SELECT count(*) FROM notices n JOIN notice_forms f ON f.notice = n.id"
		       " WHERE n.case_id = ?1 AND n.lane = 'authority' AND ?2 = 'authority'"
		       " AND f.form IN ('art9', 'tco') AND n.created_at <= ?3",
		       DB_INT(statement->case_id), DB_TEXT(statement->lane),
		       DB_INT(statement->created_at)) > 0;
}

int64_t desk_ledger_size(struct db *db)
{
	return db_get_int(db, -1, "SELECT max(leaf) FROM ledger") + 1;
}

void desk_ledger_insert(
	struct db *db, int64_t leaf, int64_t order_id, struct bytes entry, int64_t now_s)
{
	db_run(db, "INSERT INTO ledger (leaf, order_id, entry, created_at) VALUES (?1, ?2, ?3, ?4)",
		DB_INT(leaf), DB_INT(order_id), DB_BYTES(entry), DB_INT(now_s));
}

int64_t desk_ledger_leaf(struct db *db, int64_t order_id)
{
	return db_get_int(db, -1,
		"SELECT min(leaf) FROM ledger WHERE order_id = ?1 HAVING min(leaf) IS NOT NULL",
		DB_INT(order_id));
}

struct query desk_ledger_list(struct db *db, int64_t from, int limit)
{
	return db_query(db,
		"SELECT leaf, entry FROM ledger WHERE leaf >= ?1 ORDER BY leaf LIMIT ?2",
		DB_INT(from), DB_INT(limit));
}

struct query desk_count_restored(struct db *db, int64_t since_s)
{
	return db_query(db,
		"SELECT created_at, category, lane FROM statements WHERE created_at >= ?1 AND"
		" action = 'restore'",
		DB_INT(since_s));
}

struct query desk_count_refusals(struct db *db, const char *since_day)
{
	return db_query(db,
		"SELECT day, lane, reason, count FROM desk_refusals WHERE day >= ?1"
		" ORDER BY day, lane, reason",
		DB_STR(since_day));
}

struct query desk_count_facts(struct db *db, const char *since_day)
{
	return db_query(db,
		"SELECT day, category, lane, what, seconds, count(*) FROM metrics WHERE day >= ?1"
		" AND what IN ('notices', 'removed', 'restricted', 'labelled', 'frozen', 'warned',"
		" 'dismissed', 'act') GROUP BY day, category, lane, what, seconds",
		DB_STR(since_day));
}

struct query desk_count_judged(struct db *db, const char *since_day)
{
	return db_query(db,
		"SELECT what = 'in_time', count(*) FROM metrics WHERE day >= ?1"
		" AND what IN ('in_time', 'late') GROUP BY what",
		DB_STR(since_day));
}
