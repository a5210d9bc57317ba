/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of orders. */
#include "store/square_orders.h"

#define ORDER_COLUMNS                                                                              \
	"id, channel, post, action, countries, text, reason, letter, created_at, executed_at,"     \
	" outcome, case_id, ends_at"

bool square_orders_next(struct query *q, struct arena *arena, struct order_row *row)
{
	if (!query_next(q))
		return false;
	*row = (struct order_row){
		.id = query_int(q, 0),
		.channel = query_int(q, 1),
		.post = (int32_t)query_int(q, 2),
		.action = query_bytes(q, arena, 3),
		.countries = query_bytes(q, arena, 4),
		.text = query_bytes(q, arena, 5),
		.reason = query_bytes(q, arena, 6),
		.letter = query_bytes(q, arena, 7),
		.created_at_ms = query_int(q, 8),
		.executed_at_ms = query_int(q, 9),
		.outcome = query_bytes(q, arena, 10),
		.case_id = query_int(q, 11),
		.ends_at_s = query_int(q, 12),
	};
	return true;
}

static size_t orders_take(struct query q, struct arena *arena, struct order_row *rows, size_t limit)
{
	size_t count = 0;

	while (count < limit && square_orders_next(&q, arena, &rows[count]))
		count++;
	query_end(&q);
	return count;
}

size_t square_orders_open(struct db *db, struct arena *arena, struct order_row *rows, size_t limit)
{
	return orders_take(db_query(db,
				   "SELECT " ORDER_COLUMNS " FROM orders"
				   " WHERE executed_at IS NULL ORDER BY id LIMIT ?1",
				   DB_INT(limit)),
		arena, rows, limit);
}

size_t square_orders_done(
	struct db *db, struct arena *arena, int64_t below, struct order_row *rows, size_t limit)
{
	return orders_take(db_query(db,
				   "SELECT " ORDER_COLUMNS " FROM orders"
				   " WHERE id < ?1 AND outcome = ?2 ORDER BY id DESC LIMIT ?3",
				   DB_INT(below), DB_STR(ORDER_DONE), DB_INT(limit)),
		arena, rows, limit);
}

bool square_orders_letter(
	struct db *db, struct arena *arena, int64_t id, struct bytes language, struct bytes *letter)
{
	struct query q = db_query(db,
		"SELECT letter FROM order_letters WHERE order_id = ?1 AND language = ?2",
		DB_INT(id), DB_TEXT(language));
	const bool found = query_next(&q);

	if (found)
		*letter = query_bytes(&q, arena, 0);
	query_end(&q);
	return found;
}

bool square_orders_finish(struct db *db, int64_t id, int64_t now_ms, const char *outcome)
{
	return db_run(db,
		       "UPDATE orders SET executed_at = ?2, outcome = ?3"
		       " WHERE id = ?1 AND executed_at IS NULL",
		       DB_INT(id), DB_INT(now_ms), DB_STR(outcome)) == 1;
}

struct query square_orders_holding(struct db *db, int64_t channel, int32_t post)
{
	return db_query(db,
		"SELECT " ORDER_COLUMNS " FROM orders WHERE channel = ?1 AND post = ?2"
		" AND ended_at IS NULL AND outcome = ?3 ORDER BY id",
		DB_INT(channel), DB_INT(post), DB_STR(ORDER_DONE));
}

void square_orders_lift(struct db *db, const struct order_row *by, int64_t now_ms)
{
	db_run(db,
		"UPDATE orders SET ended_at = ?4, ended_by = ?3 WHERE channel = ?1 AND case_id = ?2"
		" AND ended_at IS NULL AND outcome = ?5 AND id < ?3",
		DB_INT(by->channel), DB_INT(by->case_id), DB_INT(by->id), DB_INT(now_ms),
		DB_STR(ORDER_DONE));
}

bool square_orders_lifted_channel(struct db *db, const struct order_row *by)
{
	return db_get_int(db, 0,
		       "SELECT count(*) FROM orders WHERE case_id = ?1 AND channel = ?2 AND post ="
		       " 0 AND ended_by = ?3",
		       DB_INT(by->case_id), DB_INT(by->channel), DB_INT(by->id)) > 0;
}

size_t square_orders_due(
	struct db *db, struct arena *arena, int64_t now_s, struct order_row *rows, size_t limit)
{
	return orders_take(
		db_query(db,
			"SELECT " ORDER_COLUMNS " FROM orders WHERE ends_at <= ?1"
			" AND ended_at IS NULL AND outcome = ?2 ORDER BY ends_at LIMIT ?3",
			DB_INT(now_s), DB_STR(ORDER_DONE), DB_INT(limit)),
		arena, rows, limit);
}

void square_orders_end(struct db *db, int64_t id, int64_t now_ms)
{
	db_run(db,
		"UPDATE orders SET ended_at = ?2, ended_by = 0 WHERE id = ?1 AND ended_at IS NULL",
		DB_INT(id), DB_INT(now_ms));
}
