/* SPDX-License-Identifier: Apache-2.0 */
/* Until when each account is shown as online: in memory, and from time to time written down sealed,
 * so that "last seen" outlives the process (core/accounts/users_seen.c). Thread-safe. */
#ifndef SERVER_PRESENCE_H
#define SERVER_PRESENCE_H

#include <stddef.h>
#include <stdint.h>

struct presence;

/* What is written lags so far behind at most: an online client says so every other minute. */
#define PRESENCE_LAG_S 240

struct presence *presence_new(void);
void presence_free(struct presence *presence);
void presence_set(struct presence *presence, int64_t user, int64_t until_s);
int64_t presence_get(struct presence *presence, int64_t user); /* 0: unknown */

struct presence_seen {
	int64_t user, until_s;
};

/* Takes up to max that are to be written down, the longest waiting first; returns how many. */
size_t presence_take(struct presence *presence, struct presence_seen *out, size_t max);

#endif
