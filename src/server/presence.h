/* SPDX-License-Identifier: Apache-2.0 */
/* Until when each account is shown as online. In memory only: who was online is nobody's business
 * after a restart. Thread-safe. */
#ifndef SERVER_PRESENCE_H
#define SERVER_PRESENCE_H

#include <stdint.h>

struct presence;

struct presence *presence_new(void);
void presence_free(struct presence *presence);
void presence_set(struct presence *presence, int64_t user, int64_t until_s);
int64_t presence_get(struct presence *presence, int64_t user); /* 0: unknown */

#endif
