/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "store/square_desk_forms.h"

void desk_notice_form_put(struct db *db, int64_t notice, const struct desk_notice_form *row)
{
	db_run(db,
		"INSERT INTO notice_forms (notice, form, countries, fields) VALUES (?1, ?2, ?3, "
		"?4)",
		DB_INT(notice), DB_TEXT(row->form), DB_TEXT(row->countries), DB_BYTES(row->fields));
}

bool desk_notice_form_get(
	struct db *db, struct arena *arena, int64_t notice, struct desk_notice_form *out)
{
	struct query q =
		db_query(db, "SELECT form, countries, fields FROM notice_forms WHERE notice = ?1",
			DB_INT(notice));

	if (!query_next(&q))
		return false;
	out->form = query_bytes(&q, arena, 0);
	out->countries = query_bytes(&q, arena, 1);
	out->fields = query_bytes(&q, arena, 2);
	query_end(&q);
	return true;
}

static int64_t below(const struct desk_notice_filter *filter)
{
	return filter->before ? filter->before : INT64_MAX;
}

struct query desk_notice_own(
	struct db *db, const struct desk_notice_filter *filter, int64_t floor, int limit)
{
	return db_query(db,
		"SELECT n.id FROM notices n JOIN cases c ON c.id = n.case_id"
		" LEFT JOIN notice_forms f ON f.notice = n.id WHERE n.reporter = ?1 AND n.id < ?2"
		" AND n.id >= ?7 AND (?3 = '' OR c.state = ?3) AND (?4 = '' OR n.category = ?4)"
		" AND (?5 = '' OR f.form = ?5) ORDER BY n.id DESC LIMIT ?6",
		DB_INT(filter->reporter), DB_INT(below(filter)),
		DB_STR(filter->state ? filter->state : ""),
		DB_STR(filter->category ? filter->category : ""),
		DB_STR(filter->form ? filter->form : ""), DB_INT(limit), DB_INT(floor));
}

int64_t desk_notice_own_floor(struct db *db, const struct desk_notice_filter *filter, int count)
{
	return db_get_int(db, 0,
		"SELECT id FROM notices WHERE reporter = ?1 AND id < ?2 ORDER BY id DESC LIMIT 1"
		" OFFSET ?3",
		DB_INT(filter->reporter), DB_INT(below(filter)), DB_INT(count - 1));
}

int64_t desk_hold_until(struct db *db, int64_t case_id)
{
	return db_get_int(
		db, 0, "SELECT until_at FROM case_holds WHERE case_id = ?1", DB_INT(case_id));
}

void desk_hold_put(struct db *db, int64_t case_id, int64_t until)
{
	db_run(db,
		"INSERT INTO case_holds (case_id, until_at) VALUES (?1, ?2)"
		" ON CONFLICT (case_id) DO UPDATE SET until_at = excluded.until_at",
		DB_INT(case_id), DB_INT(until));
}

void desk_hold_delete_all(struct db *db)
{
	db_run(db, "DELETE FROM case_holds");
}
