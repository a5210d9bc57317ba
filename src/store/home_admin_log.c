/* SPDX-License-Identifier: Apache-2.0 */
/* The table admin_log. */
#include "store/home_admin_log.h"

#include "store/home_users.h"

#define COLUMNS "channel, id, actor, at, event, filter, sealed_entry"

static struct seal_place entry_place(const struct admin_log_row *row, const uint8_t *salt)
{
	return (struct seal_place){
		.owner_salt = salt, .table = "admin_log", .owner = row->actor, .id = row->id};
}

int64_t home_admin_log_top(struct db *db, int64_t channel)
{
	return db_get_int(db, 0,
		"SELECT id FROM admin_log WHERE channel = ?1 ORDER BY id DESC LIMIT 1",
		DB_INT(channel));
}

void home_admin_log_append(struct db *db, const struct vault *vault, struct arena *arena,
	const struct admin_log_row *row, struct bytes text)
{
	uint8_t salt[VAULT_SALT_SIZE];
	const struct seal_place place = entry_place(row, salt);

	if (!home_salt(db, row->actor, salt)) {
		db_fail(db, "an entry of a log needs an account");
		return;
	}
	db_run(db, "INSERT INTO admin_log (" COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
		DB_INT(row->channel), DB_INT(row->id), DB_INT(row->actor), DB_INT(row->at_s),
		DB_INT(row->event), DB_INT(row->filter),
		DB_BYTES(vault_seal(vault, &place, text, arena)));
}

static struct query page_query(
	struct db *db, const struct admin_log_row *of, int64_t before, int64_t after, size_t limit)
{
	if (of->filter < 0)
		return db_query(db,
			"SELECT " COLUMNS " FROM admin_log WHERE channel = ?1 AND id < ?2"
			" AND id > ?3 AND at >= ?4 ORDER BY id DESC LIMIT ?5",
			DB_INT(of->channel), DB_INT(before), DB_INT(after), DB_INT(of->at_s),
			DB_INT(limit));
	return db_query(db,
		"SELECT " COLUMNS " FROM admin_log WHERE channel = ?1 AND id < ?2"
		" AND id > ?3 AND at >= ?4 AND filter = ?6 ORDER BY id DESC LIMIT ?5",
		DB_INT(of->channel), DB_INT(before), DB_INT(after), DB_INT(of->at_s), DB_INT(limit),
		DB_INT(of->filter));
}

size_t home_admin_log_page(struct db *db, struct arena *arena, const struct admin_log_row *of,
	int64_t before, int64_t after, struct admin_log_row *rows, size_t limit)
{
	struct query q = page_query(db, of, before, after, limit);
	size_t count = 0;

	while (count < limit && query_next(&q))
		rows[count++] = (struct admin_log_row){
			.channel = query_int(&q, 0),
			.id = query_int(&q, 1),
			.actor = query_int(&q, 2),
			.at_s = query_int(&q, 3),
			.event = (int)query_int(&q, 4),
			.filter = (int)query_int(&q, 5),
			.sealed = query_bytes(&q, arena, 6),
		};
	query_end(&q);
	return count;
}

struct bytes home_admin_log_open(struct db *db, const struct vault *vault, struct arena *arena,
	const struct admin_log_row *row)
{
	uint8_t salt[VAULT_SALT_SIZE];
	const struct seal_place place = entry_place(row, salt);
	struct bytes text = {0};

	if (!home_salt(db, row->actor, salt) ||
		vault_open(vault, &place, row->sealed, arena, &text) < 0)
		db_fail(db, "an entry of a log does not open");
	return text;
}

void home_admin_log_delete_all(struct db *db, int64_t channel)
{
	db_run(db, "DELETE FROM admin_log WHERE channel = ?1", DB_INT(channel));
}

bool home_admin_log_purge(struct db *db, int64_t before_s, size_t limit)
{
	return db_run(db,
		       "DELETE FROM admin_log WHERE (channel, id) IN (SELECT channel, id FROM"
		       " admin_log WHERE at < ?1 ORDER BY at LIMIT ?2)",
		       DB_INT(before_s), DB_INT(limit)) == (int64_t)limit;
}
