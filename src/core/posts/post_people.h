/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The square holds no account's number. What a public post says of people by number (whom an action
 * names, whom a name in the text links, from whom it was forwarded, who made its poll) is kept in
 * the home beside who wrote it, under his salt, and put back when the post is read. Who deletes his
 * account takes these numbers along: the posts stay and name nobody.
 *
 * A post that moves takes its people along: post_people_keep before its row goes into the square,
 * post_people_restore after it was read there.
 */
#ifndef CORE_POST_PEOPLE_H
#define CORE_POST_PEOPLE_H

#include "core/call.h"

/* A copy of the post (whose author and id are set) that names nobody by number; the numbers are
 * kept in place of those that were kept for it before. The post itself stays as it is. */
struct message post_people_keep(struct call *call, int64_t channel, const struct message *post);
/* Puts back what was kept; what is gone leaves the post as if it never named anybody. */
void post_people_restore(struct call *call, int64_t channel, struct message *post);

#endif
