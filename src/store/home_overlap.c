/* SPDX-License-Identifier: Apache-2.0 */
/* Roles are those of core/model.h: from 2 (member) to 4 (creator) one is in. */
#include "store/home_overlap.h"
#include "store/take.h"

size_t home_overlap_members(
	struct db *db, int64_t channel, int64_t from, int64_t *users, size_t limit)
{
	return take_ids(db_query(db,
				"SELECT user_id FROM members WHERE channel = ?1 AND user_id >= ?2"
				" AND role > 1 AND role < 5 ORDER BY user_id LIMIT ?3",
				DB_INT(channel), DB_INT(from), DB_INT(limit)),
		users, limit);
}

size_t home_overlap_channels(struct db *db, int64_t user, int64_t *channels, size_t limit)
{
	return take_ids(db_query(db,
				"SELECT channel FROM memberships WHERE user_id = ?1 AND role > 1"
				" AND role < 5 ORDER BY channel LIMIT ?2",
				DB_INT(user), DB_INT(limit)),
		channels, limit);
}

int64_t home_overlap_last(struct db *db, int64_t channel)
{
	return db_get_int(db, 0,
		"SELECT user_id FROM members WHERE channel = ?1 ORDER BY user_id DESC LIMIT 1",
		DB_INT(channel));
}
