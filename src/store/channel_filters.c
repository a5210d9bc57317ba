/* SPDX-License-Identifier: Apache-2.0 */
#include "store/channel_filters.h"

#define OF                                                                                         \
	" FROM posts WHERE channel = ?1 AND id > ?2 AND id < ?3"                                   \
	" AND (?4 = 0 OR thread = ?4 OR (?4 < 0 AND thread = 0))"
#define PINNED " AND pinned <> 0"
#define CONTENT " AND content <> 0 AND content & ?5 <> 0"
#define LIST(also, limit) "SELECT id" OF also " ORDER BY id DESC LIMIT " limit
#define COUNT(also) "SELECT count(*)" OF also

/* What of a part lies between the bounds. */
struct span {
	struct db *db;
	struct db_value channel, above, below, thread;
};

static struct span span_of(
	const struct post_part *part, const struct post_filter *filter, int32_t above, int32_t from)
{
	const int64_t below = (int64_t)part->upto + 1;

	return (struct span){.db = part->place->db,
		.channel = DB_INT(part->place->channel),
		.above = DB_INT(above > part->above ? above : part->above),
		.below = DB_INT(from < below ? from : below),
		.thread = DB_INT(filter->thread)};
}

size_t post_ids_filtered(const struct channel_place *place, const struct post_filter *filter,
	int32_t above, int32_t from, int32_t *ids, size_t limit)
{
	struct post_part parts[POST_PARTS_MAX];
	const size_t part_count = post_parts(place, parts);
	size_t count = 0;

	for (size_t i = 0; i < part_count && count < limit; i++) {
		const struct span s = span_of(&parts[i], filter, above, from);
		const struct db_value room = DB_INT(limit - count);
		struct query q;

		if (filter->pinned)
			q = db_query(s.db, LIST(PINNED, "?5"), s.channel, s.above, s.below,
				s.thread, room);
		else
			q = db_query(s.db, LIST(CONTENT, "?6"), s.channel, s.above, s.below,
				s.thread, DB_INT(filter->content), room);
		while (count < limit && query_next(&q))
			ids[count++] = (int32_t)query_int(&q, 0);
		query_end(&q);
	}
	return count;
}

int64_t post_ids_filtered_count(
	const struct channel_place *place, const struct post_filter *filter, int32_t above)
{
	struct post_part parts[POST_PARTS_MAX];
	const size_t part_count = post_parts(place, parts);
	int64_t count = 0;

	for (size_t i = 0; i < part_count; i++) {
		const struct span s = span_of(&parts[i], filter, above, INT32_MAX);

		if (filter->pinned)
			count += db_get_int(
				s.db, 0, COUNT(PINNED), s.channel, s.above, s.below, s.thread);
		else
			count += db_get_int(s.db, 0, COUNT(CONTENT), s.channel, s.above, s.below,
				s.thread, DB_INT(filter->content));
	}
	return count;
}

void post_rows_set_pinned(const struct channel_place *place, int32_t id, bool pinned)
{
	db_run(post_place_written(place, id)->db,
		"UPDATE posts SET pinned = ?3 WHERE channel = ?1 AND id = ?2",
		DB_INT(place->channel), DB_INT(id), DB_INT(pinned));
}
