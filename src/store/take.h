/* SPDX-License-Identifier: Apache-2.0 */
/* Answers of one column that are taken whole. At most limit rows; returns their number. */
#ifndef STORE_TAKE_H
#define STORE_TAKE_H

#include "store/db.h"

static inline size_t take_ids(struct query q, int64_t *ids, size_t limit)
{
	size_t count = 0;

	while (count < limit && query_next(&q))
		ids[count++] = query_int(&q, 0);
	query_end(&q);
	return count;
}

static inline size_t take_posts(struct query q, int32_t *posts, size_t limit)
{
	size_t count = 0;

	while (count < limit && query_next(&q))
		posts[count++] = (int32_t)query_int(&q, 0);
	query_end(&q);
	return count;
}

#endif
