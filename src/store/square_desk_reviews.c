/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "store/square_desk_reviews.h"

#define COLUMNS                                                                                    \
	"id, case_id, decision, reviewer, claimed_until, at, category, person, first, second"

bool desk_review_get(struct db *db, struct arena *arena, int64_t id, struct desk_review *out)
{
	struct query q = db_query(db, "SELECT " COLUMNS " FROM reviews WHERE id = ?1", DB_INT(id));

	if (!query_next(&q))
		return false;
	*out = (struct desk_review){.id = query_int(&q, 0),
		.case_id = query_int(&q, 1),
		.decision = (int32_t)query_int(&q, 2),
		.reviewer = query_int(&q, 3),
		.claimed_until = query_int(&q, 4),
		.at = query_int(&q, 5),
		.category = query_bytes(&q, arena, 6),
		.person = query_int(&q, 7),
		.first = query_bytes(&q, arena, 8),
		.second = query_bytes(&q, arena, 9)};
	query_end(&q);
	return true;
}

void desk_review_put(struct db *db, const struct desk_review *row)
{
	db_run(db, "DELETE FROM reviews WHERE id = ?1", DB_INT(row->id));
	db_run(db,
		"INSERT INTO reviews (" COLUMNS
		") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
		DB_INT(row->id), DB_INT(row->case_id), DB_INT(row->decision), DB_INT(row->reviewer),
		DB_INT(row->claimed_until), DB_INT(row->at), DB_TEXT(row->category),
		DB_INT(row->person), DB_TEXT(row->first), DB_TEXT(row->second));
}

void desk_review_delete_all(struct db *db)
{
	db_run(db, "DELETE FROM reviews");
}

int64_t desk_review_open(struct db *db, int64_t person, int64_t now_s)
{
	return db_get_int(db, 0,
		"SELECT id FROM reviews WHERE reviewer = ?1 AND at = 0 AND claimed_until > ?2"
		" ORDER BY id LIMIT 1",
		DB_INT(person), DB_INT(now_s));
}

bool desk_review_hides(struct db *db, int64_t case_id, int64_t person, int64_t now_s)
{
	return db_get_int(db, 0,
		       "SELECT 1 FROM reviews WHERE case_id = ?1 AND reviewer = ?2 AND at = 0 AND"
		       " claimed_until > ?3 LIMIT 1",
		       DB_INT(case_id), DB_INT(person), DB_INT(now_s)) == 1;
}

bool desk_review_was_offered(struct db *db, int64_t case_id, int32_t decision, int64_t person)
{
	return db_get_int(db, 0,
		       "SELECT 1 FROM reviews WHERE case_id = ?1 AND decision = ?2 AND"
		       " reviewer = ?3 LIMIT 1",
		       DB_INT(case_id), DB_INT(decision), DB_INT(person)) == 1;
}

struct query desk_rulings_unreviewed(struct db *db, int64_t since_s, int64_t now_s, int limit)
{
	return db_query(db,
		"SELECT case_id, seq FROM rulings WHERE at > ?1 AND action <> 'reverse' AND NOT"
		" EXISTS (SELECT 1 FROM reviews r WHERE r.case_id = rulings.case_id AND r.decision "
		"="
		" rulings.seq AND (r.at > 0 OR r.claimed_until > ?2)) ORDER BY at, case_id LIMIT "
		"?3",
		DB_INT(since_s), DB_INT(now_s), DB_INT(limit));
}

struct query desk_reviews_count(struct db *db, int64_t since_s)
{
	return db_query(db,
		"SELECT category, first, second, count(*) FROM reviews WHERE at > ?1 GROUP BY"
		" category, first, second ORDER BY category, first, second",
		DB_INT(since_s));
}

struct query desk_rulings_count(struct db *db, int64_t since_s)
{
	return db_query(db,
		/* The sums: by the time, not in the order of all that anybody ever ruled. */
		"SELECT person + 0, category, CASE WHEN overturned_at > 0 THEN overturned ELSE '-' "
		"END,"
		" count(*) FROM rulings WHERE at > ?1 AND action <> 'reverse'"
		" GROUP BY 1, category, 3 ORDER BY 1",
		DB_INT(since_s));
}

struct query desk_reviews_by_person(struct db *db, int64_t since_s)
{
	return db_query(db,
		"SELECT person + 0, category, first, second, count(*) FROM reviews WHERE at > ?1"
		" GROUP BY 1, category, first, second ORDER BY 1",
		DB_INT(since_s));
}
