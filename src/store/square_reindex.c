/* SPDX-License-Identifier: Apache-2.0 */
#include "store/square_reindex.h"

#include "store/square_search.h"

struct piece {
	int64_t channel;
	int32_t below;
};

struct indexed {
	int32_t id;
	int64_t date_s;
	struct bytes text; /* absent: nothing of it is in the index */
};

/* What is leaving waits: it may come back. */
static bool piece_next(struct db *db, struct piece *out)
{
	struct query q = db_query(db, "SELECT r.channel, r.below FROM reindexed r"
				      " JOIN channels c ON c.id = r.channel"
				      " WHERE c.leaving_at IS NULL ORDER BY r.channel LIMIT 1");
	const bool found = query_next(&q);

	if (found)
		*out = (struct piece){query_int(&q, 0), (int32_t)query_int(&q, 1)};
	query_end(&q);
	return found;
}

static size_t posts_read(struct db *db, struct arena *arena, const struct piece *piece,
	struct indexed *posts, size_t limit)
{
	struct query q = db_query(db,
		"SELECT id, date, text, hidden_by FROM posts WHERE channel = ?1 AND id < ?2"
		" ORDER BY id DESC LIMIT ?3",
		DB_INT(piece->channel), DB_INT(piece->below), DB_INT((int64_t)limit));
	size_t count = 0;

	while (count < limit && query_next(&q)) {
		struct indexed *post = &posts[count++];

		*post = (struct indexed){
			.id = (int32_t)query_int(&q, 0), .date_s = query_int(&q, 1)};
		if (!query_int(&q, 3))
			post->text = query_bytes(&q, arena, 2);
	}
	query_end(&q);
	return count;
}

bool square_reindex_step(struct db *db, struct arena *arena, size_t limit)
{
	struct indexed *posts = arena_array(arena, limit, sizeof(*posts));
	struct piece piece;
	size_t count;

	if (!piece_next(db, &piece))
		return false;
	count = posts_read(db, arena, &piece, posts, limit);
	for (size_t i = 0; i < count; i++) {
		square_search_drop(db, piece.channel, posts[i].id);
		if (posts[i].text.size)
			square_search_add(db, arena, piece.channel, posts[i].id, posts[i].date_s,
				posts[i].text);
	}
	if (count < limit)
		square_reindex_drop(db, piece.channel);
	else
		db_run(db, "UPDATE reindexed SET below = ?2 WHERE channel = ?1",
			DB_INT(piece.channel), DB_INT(posts[count - 1].id));
	return true;
}

void square_reindex_drop(struct db *db, int64_t channel)
{
	db_run(db, "DELETE FROM reindexed WHERE channel = ?1", DB_INT(channel));
}
