/* SPDX-License-Identifier: Apache-2.0 */
/* Posts that destroy themselves. */
#include "store/channel_rows.h"

void post_rows_set_expiry(const struct channel_place *place, int32_t id, int64_t expires_at_s)
{
	db_run(place->db, "UPDATE posts SET expires_at = ?3 WHERE channel = ?1 AND id = ?2",
		DB_INT(place->channel), DB_INT(id), DB_INT(expires_at_s));
}

size_t post_rows_expired(struct db *db, int64_t now_s, struct post_expired *out, size_t limit)
{
	struct query q = db_query(db,
		"SELECT channel, id FROM posts WHERE expires_at IS NOT NULL AND expires_at <= ?1"
		" ORDER BY expires_at, channel, id LIMIT ?2",
		DB_INT(now_s), DB_INT(limit));
	size_t count = 0;

	while (count < limit && query_next(&q))
		out[count++] = (struct post_expired){query_int(&q, 0), (int32_t)query_int(&q, 1)};
	query_end(&q);
	return count;
}
