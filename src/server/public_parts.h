/* SPDX-License-Identifier: Apache-2.0 */
/* What page, posts and feed are put together from. */
#ifndef SERVER_PUBLIC_PARTS_H
#define SERVER_PUBLIC_PARTS_H

#include "server/public_page.h"

/* In the reader's language, escaped. */
void public_word(const struct public_page *page, enum word word, struct buf *out);
/* The sentence with {count} filled in: "1.2K views". */
void public_counted(const struct public_page *page, enum word one, enum word many, int64_t count,
	struct buf *out);
/* A <time>. */
void public_time(const struct public_page *page, int64_t date_s, struct buf *out);
/* "/s/NAME" of the page's channel; post 0: no more than that. */
void public_path(const struct public_page *page, int32_t post, struct buf *out);
/* "tg://resolve?domain=NAME&amp;post=12" */
void public_app_link(const struct public_page *page, int32_t post, struct buf *out);

/* The beginning of what a post says, or of what its poll asks; else what it is called ("Place"). */
void public_summary(
	const struct public_page *page, const struct message *post, size_t limit, struct buf *out);
/* The card of one post (public_post.c). */
void public_post_write(const struct public_page *page, const struct message *post, struct buf *out);
/* What it says and carries, without what is around it. */
void public_post_content(
	const struct public_page *page, const struct message *post, struct buf *out);

#endif
