/* SPDX-License-Identifier: Apache-2.0 */
/* What the server encrypts, checked before it does: see witness.c. */
#ifndef TESTS_MTPROTO_WITNESS_H
#define TESTS_MTPROTO_WITNESS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Forgets all sessions. */
void witness_release(void);

/* If set: whether the session asked what it is being answered (never one session's answer into
 * another). session: map_mix of key id and session id. */
extern bool (*witness_asked)(uint64_t session, uint64_t req_msg_id);

#endif
