/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The public page of a channel as HTML, and its feed as Atom: what is asked for, and what is
 * written. Everything that people wrote is escaped in public_text.c and nowhere else. No script, no
 * style inside of the page, no address but links that a reader follows himself. Nothing is read
 * from a database; who may see what was decided before.
 */
#ifndef SERVER_PUBLIC_PAGE_H
#define SERVER_PUBLIC_PAGE_H

#include "base/buf.h"
#include "core/words.h"

#define PUBLIC_PAGE_POSTS 20
#define PUBLIC_PAGE_MAX ((size_t)4 << 20)

enum public_what { PUBLIC_CHANNEL, PUBLIC_POST, PUBLIC_FEED };

struct public_request {
	struct bytes name;
	enum public_what what;
	int32_t post;	       /* POST: its id */
	int32_t before, after; /* CHANNEL: posts below or above it; both 0: the newest */
};

/* Of the path's parts behind /s/ (what absent: none) and the query. -1: there is no such page. */
int public_request_read(
	struct bytes name, struct bytes what, struct bytes query, struct public_request *out);

struct public_page {
	struct call *call; /* words_say's */
	struct bytes language;
	struct public_request request;
	struct bytes site; /* the installation's name */
	const struct channel *channel;
	bool restricted;	     /* for this reader: its text stands in place of all */
	const struct message *posts; /* the newest first */
	size_t count;
	const struct message *answered; /* posts of the channel that those answer */
	size_t answered_count;
	const struct user *users; /* whom they name, and which other channels: as a stranger sees */
	size_t user_count;
	const struct channel_view *others;
	size_t other_count;
	int32_t older, newer; /* below and above which the next pages begin; 0: there is none */
	int64_t updated_s;
};

void public_page_write(const struct public_page *page, struct buf *out);
void public_feed_write(const struct public_page *page, struct buf *out);
/* In place of all that is not there, or not for everybody; of the page only call and language are
 * read, so that all of these are alike. */
void public_missing_write(const struct public_page *page, struct buf *out);

#endif
