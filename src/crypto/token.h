/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bearer tokens: shown once, stored as a hash. A token has 256 random bits, so the hash needs no
 * salt and no work factor. Thread-safe.
 */
#ifndef CRYPTO_TOKEN_H
#define CRYPTO_TOKEN_H

#include "base/bytes.h"

#define TOKEN_TEXT_SIZE 44 /* 43 characters of base64url and a NUL */
#define TOKEN_HASH_SIZE 32

/* The caller wipes the text when it was shown. */
void token_new(char out[TOKEN_TEXT_SIZE]);
/* What is stored and looked up. Any bytes are accepted, so that a wrong token is just not found. */
void token_hash(struct bytes token, uint8_t out[TOKEN_HASH_SIZE]);
/* Whether the token presented is the one stored; constant time. */
bool token_matches(struct bytes token, const uint8_t stored[TOKEN_HASH_SIZE]);

#endif
