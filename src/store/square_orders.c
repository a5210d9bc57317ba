/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of orders. */
#include "store/square_orders.h"

#define ORDER_COLUMNS                                                                              \
	"id, channel, post, action, countries, text, reason, letter, created_at, executed_at,"     \
	" outcome"

static size_t orders_take(struct query q, struct arena *arena, struct order_row *rows, size_t limit)
{
	size_t count = 0;

	while (count < limit && query_next(&q))
		rows[count++] = (struct order_row){
			.id = query_int(&q, 0),
			.channel = query_int(&q, 1),
			.post = (int32_t)query_int(&q, 2),
			.action = query_bytes(&q, arena, 3),
			.countries = query_bytes(&q, arena, 4),
			.text = query_bytes(&q, arena, 5),
			.reason = query_bytes(&q, arena, 6),
			.letter = query_bytes(&q, arena, 7),
			.created_at_ms = query_int(&q, 8),
			.executed_at_ms = query_int(&q, 9),
			.outcome = query_bytes(&q, arena, 10),
		};
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

bool square_orders_find(struct db *db, struct arena *arena, int64_t id, struct order_row *row)
{
	return orders_take(db_query(db, "SELECT " ORDER_COLUMNS " FROM orders WHERE id = ?1",
				   DB_INT(id)),
		       arena, row, 1) == 1;
}

bool square_orders_finish(struct db *db, int64_t id, int64_t now_ms, const char *outcome)
{
	return db_run(db,
		       "UPDATE orders SET executed_at = ?2, outcome = ?3"
		       " WHERE id = ?1 AND executed_at IS NULL",
		       DB_INT(id), DB_INT(now_ms), DB_STR(outcome)) == 1;
}
