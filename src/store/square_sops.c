/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "store/square_sops.h"

int64_t square_sop_keep(struct db *db, const struct square_sop *row)
{
	int64_t version =
		db_get_int(db, 0, "SELECT version FROM sops WHERE hash = ?1", DB_TEXT(row->hash));

	if (version)
		return version;
	version = db_get_int(db, 0, "SELECT max(version) FROM sops") + 1;
	db_run(db,
		"INSERT INTO sops (version, hash, content, defaults, since) VALUES (?1, ?2, ?3, "
		"?4, ?5)",
		DB_INT(version), DB_TEXT(row->hash), DB_TEXT(row->text), DB_TEXT(row->defaults),
		DB_INT(row->since_s));
	return version;
}

bool square_sop_get(struct db *db, struct arena *arena, int64_t version, struct square_sop *out)
{
	struct query q = db_query(db,
		"SELECT version, hash, content, defaults, since FROM sops WHERE version = ?1",
		DB_INT(version));

	if (!query_next(&q))
		return false;
	out->version = query_int(&q, 0);
	out->hash = query_bytes(&q, arena, 1);
	out->text = query_bytes(&q, arena, 2);
	out->defaults = query_bytes(&q, arena, 3);
	out->since_s = query_int(&q, 4);
	query_end(&q);
	return true;
}
