/* SPDX-License-Identifier: Apache-2.0 */
/* Private to handshake*.c: the ciphers of key creation, which both roles use. */
#ifndef MTPROTO_HANDSHAKE_CRYPT_H
#define MTPROTO_HANDSHAKE_CRYPT_H

#include "base/buf.h"
#include "base/random.h"

struct rsa_key;

#define HANDSHAKE_INNER_MAX 144 /* longest p_q_inner_data that RSA_PAD takes */

/* AES key and iv of the Diffie-Hellman messages, from both nonces. */
struct handshake_cipher {
	uint8_t key[32], iv[32];
};
void handshake_cipher_derive(struct handshake_cipher *cipher, const uint8_t new_nonce[32],
	const uint8_t server_nonce[16]);
/* Appends SHA1(data) + data + padding, encrypted, as a TL string. */
void handshake_cipher_seal(const struct handshake_cipher *cipher, struct bytes data,
	const struct random *random, struct buf *out);
/* Decrypts into plain (size bytes). The caller parses from plain + 20 and then compares the digest
 * of what the parser took: the length is not known before. */
int handshake_cipher_open(const struct handshake_cipher *cipher, struct bytes sealed,
	uint8_t *plain, size_t plain_size) MUST_CHECK;
bool handshake_digest_fits(const uint8_t *plain, size_t data_size);

/* new_nonce_hash1..3 of dh_gen_ok, _retry, _fail. */
void handshake_nonce_hash(
	const uint8_t new_nonce[32], uint8_t number, uint64_t aux_hash, uint8_t out[16]);

/* The RSA payload, RSA_PAD form: 256 bytes to 192 bytes of inner data and padding. 0 if its digest
 * fits. The same work is done whether it does or not. */
int handshake_rsa_pad_open(const uint8_t raw[256], uint8_t data[192]) MUST_CHECK;
void handshake_rsa_pad_seal(const struct rsa_key *key, struct bytes data,
	const struct random *random, uint8_t out[256]);
/* The older form: SHA1(data) + data + noise. */
void handshake_rsa_legacy_seal(const struct rsa_key *key, struct bytes data,
	const struct random *random, uint8_t out[256]);

#endif
