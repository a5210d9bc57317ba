/* SPDX-License-Identifier: Apache-2.0 */
/* The table boxes. */
#include "store/home_boxes.h"

#include "store/home_users.h"

bool home_box_open(struct home_box *box)
{
	bool found = false;
	struct query q = db_query(box->db,
		"SELECT b.pts, b.last_id, u.salt FROM boxes b JOIN users u ON u.id = b.owner"
		" WHERE b.owner = ?1",
		DB_INT(box->owner));

	if (query_next(&q)) {
		struct bytes salt = query_bytes(&q, box->arena, 2);

		box->pts = (int32_t)query_int(&q, 0);
		box->last_id = (int32_t)query_int(&q, 1);
		found = salt.size == sizeof(box->salt);
		if (found)
			memcpy(box->salt, salt.data, sizeof(box->salt));
		else if (salt.data)
			db_fail(box->db, "a salt has a wrong size");
	}
	query_end(&q);
	return found;
}

void home_box_insert(const struct home_box *box)
{
	db_run(box->db, "INSERT INTO boxes (owner, pts, last_id, qts) VALUES (?1, ?2, ?3, 0)",
		DB_INT(box->owner), DB_INT(box->pts), DB_INT(box->last_id));
}

void home_box_advance(struct home_box *box, int32_t pts, int32_t ids)
{
	struct query q = db_query(box->db,
		"UPDATE boxes SET pts = pts + ?2, last_id = last_id + ?3 WHERE owner = ?1"
		" RETURNING pts, last_id",
		DB_INT(box->owner), DB_INT(pts), DB_INT(ids));

	if (query_next(&q)) {
		box->pts = (int32_t)query_int(&q, 0);
		box->last_id = (int32_t)query_int(&q, 1);
	} else {
		db_fail(box->db, "a box that is gone was advanced");
	}
	query_end(&q);
}
