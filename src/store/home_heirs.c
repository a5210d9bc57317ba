/* SPDX-License-Identifier: Apache-2.0 */
#include "store/home_heirs.h"

void home_heirs_put(struct db *db, const struct heir_row *row)
{
	db_run(db,
		"INSERT INTO channel_heirs (channel, departed, heir, due_at) VALUES (?1, ?2, ?3, "
		"?4)"
		" ON CONFLICT (channel) DO UPDATE SET departed = excluded.departed,"
		" heir = excluded.heir, due_at = excluded.due_at",
		DB_INT(row->channel), DB_INT(row->departed), DB_INT(row->heir),
		DB_INT(row->due_at_s));
}

static bool row_read(struct query *q, struct heir_row *row)
{
	const bool found = query_next(q);

	*row = (struct heir_row){0};
	if (found)
		*row = (struct heir_row){.channel = query_int(q, 0),
			.departed = query_int(q, 1),
			.heir = query_int(q, 2),
			.due_at_s = query_int(q, 3)};
	query_end(q);
	return found;
}

bool home_heirs_get(struct db *db, int64_t channel, struct heir_row *row)
{
	struct query q = db_query(db,
		"SELECT channel, departed, heir, due_at FROM channel_heirs WHERE channel = ?1",
		DB_INT(channel));

	return row_read(&q, row);
}

bool home_heirs_due(struct db *db, int64_t now_s, struct heir_row *row)
{
	struct query q = db_query(db,
		"SELECT channel, departed, heir, due_at FROM channel_heirs WHERE due_at <= ?1"
		" ORDER BY due_at LIMIT 1",
		DB_INT(now_s));

	return row_read(&q, row);
}

void home_heirs_delete(struct db *db, int64_t channel)
{
	db_run(db, "DELETE FROM channel_heirs WHERE channel = ?1", DB_INT(channel));
}

void home_heirs_forget(struct db *db, int64_t user)
{
	db_run(db, "UPDATE channel_heirs SET departed = 0 WHERE departed = ?1", DB_INT(user));
	db_run(db, "UPDATE channel_heirs SET heir = 0 WHERE heir = ?1", DB_INT(user));
}
