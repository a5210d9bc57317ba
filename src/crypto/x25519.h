/* SPDX-License-Identifier: Apache-2.0 */
/* Public keys of X25519 (RFC 7748), for where only their look counts: the private half is dropped.
 */
#ifndef CRYPTO_X25519_H
#define CRYPTO_X25519_H

#include <stdint.h>

#include "base/random.h"

#define X25519_KEY_SIZE 32

/* A point on the curve, as every key of an honest peer is; 32 random bytes are one half the time.
 */
void x25519_public_key(const struct random *random, uint8_t out[X25519_KEY_SIZE]);

#endif
