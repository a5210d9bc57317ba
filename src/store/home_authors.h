/* SPDX-License-Identifier: Apache-2.0 */
/* More of who wrote what in channels (store/home_members.h): whom the posts of the square name by
 * number, and whose posts lie in a range. */
#ifndef STORE_HOME_AUTHORS_H
#define STORE_HOME_AUTHORS_H

#include "store/home_members.h"

/* What core/posts/post_people.h sealed for the post; absent: nothing. */
struct bytes home_authors_people(struct db *db, struct arena *arena, int64_t channel, int32_t post);
void home_authors_set_people(struct db *db, int64_t channel, int32_t post, struct bytes sealed);

/* Posts in the name of a channel, the newest first. Returns their number, at most limit. */
size_t home_authors_shown(
	struct db *db, int64_t channel, int64_t shown, int32_t *posts, size_t limit);

struct author_row {
	int64_t author;
	int32_t post;
};

/* Of the posts above `after` up to `until`, the newest first. Returns their number, at most limit.
 */
size_t home_authors_between(struct db *db, int64_t channel, int32_t after, int32_t until,
	struct author_row *rows, size_t limit);

#endif
