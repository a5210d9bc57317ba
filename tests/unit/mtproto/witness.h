/* SPDX-License-Identifier: Apache-2.0 */
/* What the server encrypts, checked before it does: see witness.c. */
#ifndef TESTS_MTPROTO_WITNESS_H
#define TESTS_MTPROTO_WITNESS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Forgets all sessions. */
void witness_release(void);

#endif
