/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The server's RSA-2048 key with e = 65537, and its public half for the client role. Only the raw
 * operation: the paddings of https://core.telegram.org/mtproto/auth_key belong to the handshake. A
 * key is read-only after it was made: any thread may use it.
 */
#ifndef CRYPTO_RSA_H
#define CRYPTO_RSA_H

#include "base/arena.h"
#include "base/err.h"

#define RSA_SIZE 256 /* of modulus, input and output */

struct rsa_key;

/* A new private key whose fingerprint's first hex digit is not 0: one client looks keys up by the
 * unpadded hex text. Takes a second or so. NULL with *err when libcrypto fails. Free with
 * rsa_key_free. */
MUST_CHECK struct rsa_key *rsa_key_generate(struct err *err);
/* PEM, PKCS#1 or PKCS#8. NULL with *err: unreadable, open to group or others, not 2048 bits with e
 * = 65537, or halves that do not belong together. */
MUST_CHECK struct rsa_key *rsa_key_load(const char *path, struct err *err);
/* PEM, PKCS#1 or SubjectPublicKeyInfo; such a key has no private operation. */
MUST_CHECK struct rsa_key *rsa_key_load_public(const char *path, struct err *err);
MUST_CHECK struct rsa_key *rsa_key_parse_public(struct bytes pem, struct err *err);
void rsa_key_free(struct rsa_key *key); /* NULL is fine */

/* New file, mode 0600, PKCS#1 PEM, on disk when it returns. -1 when the file exists. */
MUST_CHECK int rsa_key_write(const struct rsa_key *key, const char *path, struct err *err);
/* The same for the public half, mode 0644, 426 bytes: the form that client binaries carry. */
MUST_CHECK int rsa_key_write_public(const struct rsa_key *key, const char *path, struct err *err);
/* The public half as PKCS#1 PEM text in the arena. */
char *rsa_key_public_pem(const struct rsa_key *key, struct arena *arena);

/* Low 64 bits of SHA1(bare rsa_public_key n:string e:string):
 * https://core.telegram.org/mtproto/auth_key */
uint64_t rsa_key_fingerprint(const struct rsa_key *key);
/* Big-endian, RSA_SIZE bytes; valid as long as the key. */
const uint8_t *rsa_key_modulus(const struct rsa_key *key);

/* out = in^d mod n, blinded, constant time. -1 when in >= n, or the key is public, or libcrypto
 * fails; out is then zeroed, so that the caller can do the same work as for a good input. */
MUST_CHECK int rsa_private_raw(
	const struct rsa_key *key, const uint8_t in[RSA_SIZE], uint8_t out[RSA_SIZE]);
/* out = in^e mod n. -1 when in >= n. */
MUST_CHECK int rsa_public_raw(
	const struct rsa_key *key, const uint8_t in[RSA_SIZE], uint8_t out[RSA_SIZE]);

#endif
