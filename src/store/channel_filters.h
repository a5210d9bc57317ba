/* SPDX-License-Identifier: Apache-2.0 */
/* Posts that an index knows by what they are, of either database: the pinned ones, and those with
 * some kind of content. */
#ifndef STORE_CHANNEL_FILTERS_H
#define STORE_CHANNEL_FILTERS_H

#include "store/channel_rows.h"

struct post_filter {
	bool pinned;	 /* only these; or */
	int32_t content; /* bits of enum message_content: one of them at least; 0: any */
	int32_t thread;	 /* as in struct post_bounds */
};

/* Ids below `from` and above `above`, the newest first. Returns their number, at most limit. */
size_t post_ids_filtered(const struct channel_place *place, const struct post_filter *filter,
	int32_t above, int32_t from, int32_t *ids, size_t limit);
int64_t post_ids_filtered_count(
	const struct channel_place *place, const struct post_filter *filter, int32_t above);
void post_rows_set_pinned(const struct channel_place *place, int32_t id, bool pinned);

#endif
