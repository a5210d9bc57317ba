/* SPDX-License-Identifier: Apache-2.0 */
/* Ed25519 public keys as people send them: the SubjectPublicKeyInfo of RFC 8410 in PEM, or the 32
 * bytes in base64. Pure; hostile input. */
#ifndef DESK_PUBLIC_KEY_H
#define DESK_PUBLIC_KEY_H

#include "base/arena.h"
#include "base/err.h"
#include "crypto/sign.h"

#define PUBLIC_KEY_TEXT_MAX 1024

MUST_CHECK int public_key_read(
	struct arena *arena, struct bytes text, uint8_t out[SIGN_PUBLIC_SIZE], struct err *err);

/* "key-3", as the keyid of a signature; 0: no such name. */
int64_t public_key_number(struct bytes name);

#endif
