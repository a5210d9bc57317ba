/* SPDX-License-Identifier: Apache-2.0 */
/* Pages of a search that goes through several channels, and the box beside them. */
#ifndef API_POSTS_SEARCH_H
#define API_POSTS_SEARCH_H

#include "core/posts/posts_search.h"

struct tl_object;

/* Where an answer goes on: offset_rate, offset_peer and offset_id of the request. */
int post_after_from_input(struct call *call, int32_t rate, const struct tl_object *peer, int32_t id,
	struct post_after *out);
/* Both by time, the newest first. */
void message_lists_merge(struct call *call, const struct message_list *box,
	const struct message_list *posts, size_t limit, struct message_list *out);

#endif
