/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "store/square_desk_competences.h"

bool desk_competence_covers(struct db *db, int64_t grant_id, const char *category)
{
	return db_get_int(db, 0, "SELECT count(*) FROM desk_competences WHERE grant_id = ?1",
		       DB_INT(grant_id)) == 0 ||
	       db_get_int(db, 0,
		       "SELECT count(*) FROM desk_competences WHERE grant_id = ?1 AND category = "
		       "?2",
		       DB_INT(grant_id), DB_STR(category)) > 0;
}

void desk_competence_clear(struct db *db, int64_t grant_id)
{
	db_run(db, "DELETE FROM desk_competences WHERE grant_id = ?1", DB_INT(grant_id));
}

void desk_competence_add(struct db *db, int64_t grant_id, struct bytes category)
{
	db_run(db,
		"INSERT INTO desk_competences (grant_id, category) VALUES (?1, ?2)"
		" ON CONFLICT (grant_id, category) DO NOTHING",
		DB_INT(grant_id), DB_TEXT(category));
}

struct query desk_competence_list(struct db *db, int64_t grant_id)
{
	return db_query(db,
		"SELECT category FROM desk_competences WHERE grant_id = ?1 ORDER BY category",
		DB_INT(grant_id));
}
