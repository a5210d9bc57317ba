/* SPDX-License-Identifier: Apache-2.0 */
#include "store/home_authors.h"
#include "store/take.h"

struct bytes home_authors_people(struct db *db, struct arena *arena, int64_t channel, int32_t post)
{
	struct query q = db_query(db,
		"SELECT sealed_people FROM post_authors WHERE channel = ?1 AND post = ?2",
		DB_INT(channel), DB_INT(post));
	struct bytes sealed = {NULL, 0};

	if (query_next(&q))
		sealed = query_bytes(&q, arena, 0);
	query_end(&q);
	return sealed;
}

void home_authors_set_people(struct db *db, int64_t channel, int32_t post, struct bytes sealed)
{
	db_run(db, "UPDATE post_authors SET sealed_people = ?3 WHERE channel = ?1 AND post = ?2",
		DB_INT(channel), DB_INT(post), DB_BYTES(sealed));
}

size_t home_authors_shown(
	struct db *db, int64_t channel, int64_t shown, int32_t *posts, size_t limit)
{
	return take_posts(db_query(db,
				  "SELECT post FROM post_authors WHERE channel = ?1 AND shown = ?2 "
				  "AND shown <> 0"
				  " ORDER BY post DESC LIMIT ?3",
				  DB_INT(channel), DB_INT(shown), DB_INT(limit)),
		posts, limit);
}

size_t home_authors_between(struct db *db, int64_t channel, int32_t after, int32_t until,
	struct author_row *rows, size_t limit)
{
	struct query q = db_query(db,
		"SELECT author, post FROM post_authors"
		" WHERE channel = ?1 AND post > ?2 AND post <= ?3 ORDER BY post DESC LIMIT ?4",
		DB_INT(channel), DB_INT(after), DB_INT(until), DB_INT(limit));
	size_t count = 0;

	while (count < limit && query_next(&q))
		rows[count++] = (struct author_row){query_int(&q, 0), (int32_t)query_int(&q, 1)};
	query_end(&q);
	return count;
}
