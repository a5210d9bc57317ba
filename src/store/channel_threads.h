/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Threads of posts, and the topics of a forum, in whichever database
 * the channel lives: as store/channel_rows.h.
 */
#ifndef STORE_CHANNEL_THREADS_H
#define STORE_CHANNEL_THREADS_H

#include "store/channel_rows.h"

/* The other one of a channel's post and its copy. */
void post_rows_set_discussion(
	const struct channel_place *place, int32_t id, int64_t channel, int32_t post);
/* How many of a thread (POST_NO_THREAD: of none; 0: of all) are newer than `after`, at most
 * limit. */
int32_t post_rows_count_after(
	const struct channel_place *place, int32_t thread, int32_t after, int32_t limit);
/* Takes the newest `limit` posts out of the threads they are in. */
void post_rows_leave_threads(const struct channel_place *place, int32_t limit);

/* ---- Topics ---- */

struct topic_row {
	int32_t id; /* of the post that opened it */
	struct bytes title;
	int32_t color;
	int64_t emoji; /* 0: none */
	bool closed, hidden;
	int32_t pinned; /* 0: not; the highest stands first */
	int32_t top_id; /* its newest post */
	int64_t date_s;
};

/* Into an id that is none yet, or over what is there. */
void topic_rows_put(
	const struct channel_place *place, struct arena *arena, const struct topic_row *row);
bool topic_rows_find(
	const struct channel_place *place, struct arena *arena, int32_t id, struct topic_row *row);
bool topic_rows_has(const struct channel_place *place, int32_t id);
void topic_rows_delete(const struct channel_place *place, int32_t id);
void topic_rows_set_top(const struct channel_place *place, int32_t id, int32_t top_id);
void topic_rows_set_pinned(const struct channel_place *place, int32_t id, int32_t pinned);
/* Those that are pinned, first to last, or the others whose top is below `below`, the newest top
 * first. Returns their number, at most limit. */
size_t topic_rows_list(const struct channel_place *place, struct arena *arena, bool pinned,
	int32_t below, struct topic_row *rows, size_t limit);
/* All of them into another database, in place of what is there. */
void topic_rows_copy(
	const struct channel_place *from, const struct channel_place *to, struct arena *arena);
int32_t topic_rows_count(const struct channel_place *place);

#endif
