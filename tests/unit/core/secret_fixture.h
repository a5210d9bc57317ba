/* SPDX-License-Identifier: Apache-2.0 */
/* Anna and Budi, with two devices each, and secret chats between the first ones. */
#ifndef TESTS_CORE_SECRET_FIXTURE_H
#define TESTS_CORE_SECRET_FIXTURE_H

#include "accounts_fixture.h"

#include "core/secret/secret_messages.h"
#include "crypto/dh.h"

#define CHAT 77
#define TEXT_MAX (SECRET_DATA_MAX + 1)

/* Devices. */
enum { ANNA = 1, ANNA_2, BUDI, BUDI_2 };

extern int64_t anna, budi;
extern uint8_t half[DH_SIZE], text[TEXT_MAX]; /* of a key, and what is sent */

int pair_setup(void **state);

int pair_ask(struct fixture *f, uint64_t key, int64_t to, int32_t id, struct secret_chat *out);
int pair_accept(struct fixture *f, uint64_t key, int32_t id, struct secret_chat *out);
int pair_end(struct fixture *f, uint64_t key, int32_t id, bool history);
/* Between the first device of each. */
void pair_open(struct fixture *f, int32_t id);
int pair_post(struct fixture *f, uint64_t key, int32_t id, int64_t random_id, size_t size);
void pair_send(struct fixture *f, uint64_t key, int32_t id, int64_t random_id, size_t size);

#define ROWS(f, sql) db_get_int(store_home(&(f)->store), -1, sql)

#endif
