/* SPDX-License-Identifier: Apache-2.0 */
/* Who answered in the threads of a channel, and how far each account has read them: home data, also
 * of public channels. A thread is named by the post it is about. */
#ifndef STORE_HOME_THREADS_H
#define STORE_HOME_THREADS_H

#include "store/db.h"

#define THREAD_RECENT 3

struct thread_row {
	int64_t recent[THREAD_RECENT]; /* the last first; a channel counts below zero; 0: none */
	int32_t read_max;	       /* the newest that somebody has read who did not write it */
};

/* Zeroed: nothing is known. */
void home_thread_get(struct db *db, int64_t channel, int32_t thread, struct thread_row *row);
void home_thread_put(struct db *db, int64_t channel, int32_t thread, const struct thread_row *row);
void home_thread_delete(struct db *db, int64_t channel, int32_t thread);

/* How far the account has read it; 0: nothing. */
int32_t home_thread_read_get(struct db *db, int64_t user, int64_t channel, int32_t thread);
void home_thread_read_put(
	struct db *db, int64_t user, int64_t channel, int32_t thread, int32_t read_id);

#endif
