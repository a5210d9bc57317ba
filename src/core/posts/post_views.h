/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Views of posts, between being looked at and being written: a view is no write. What was counted
 * since the last flush is kept in memory, bounded, together with which member was counted for what;
 * a flush every few seconds writes the sums. Who looked at a channel of late is told how its counts
 * rise. What a crash loses is a few seconds of counting.
 */
#ifndef CORE_POST_VIEWS_H
#define CORE_POST_VIEWS_H

#include "core/call.h"
#include "store/home_members.h"

#define POST_VIEWS_EVERY_S 5
#define POST_VIEWS_POSTS_MAX 100000 /* in memory: what comes then is counted after the flush */
#define POST_VIEWS_MARKS_MAX 200000

struct post_views;

struct post_views *post_views_new(void);
void post_views_free(struct post_views *views); /* NULL is fine */

/* Thread-safe; without views (NULL) nothing is counted. A member looks at a post: true when it had
 * not been counted for it, and is now. The membership is the one that was read from the store. */
bool post_views_count(
	struct post_views *views, const struct membership_row *membership, int32_t post);
/* What is counted and not written. */
int64_t post_views_waiting(struct post_views *views, int64_t channel, int32_t post);
/* The counts of the post changed by other means: those who look at the channel hear of it. */
void post_views_changed(struct post_views *views, int64_t channel, int32_t post);
/* The account has the channel on its screen. */
void post_views_look(struct post_views *views, int64_t channel, int64_t user, int64_t now_s);

/* Writes a bounded part. true: more is left. */
bool post_views_flush(struct call *call, struct post_views *views);

#endif
