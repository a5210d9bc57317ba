/* SPDX-License-Identifier: Apache-2.0 */
/*
 * AES-256 in the two modes of MTProto: IGE for messages
 * (https://core.telegram.org/mtproto/description) and CTR for obfuscated transports and files
 * (https://core.telegram.org/mtproto/mtproto-transports). With AES-NI by intrinsics where the
 * processor has it, otherwise over EVP; both give the same bytes. Sizes in bytes. Thread-safe (a
 * struct aes_ctr belongs to one thread at a time).
 */
#ifndef CRYPTO_AES_H
#define CRYPTO_AES_H

#include "base/bytes.h"

#define AES_KEY_SIZE 32
#define AES_BLOCK 16
#define AES_IGE_IV_SIZE 32 /* previous ciphertext block, then previous plaintext block */

/* size is a multiple of AES_BLOCK (asserted: whoever takes bytes from a peer checks it first).
 * out == in is fine, any other overlap is not. size 0 does nothing. */
void aes_ige_encrypt(const uint8_t key[AES_KEY_SIZE], const uint8_t iv[AES_IGE_IV_SIZE],
	const uint8_t *in, uint8_t *out, size_t size);
void aes_ige_decrypt(const uint8_t key[AES_KEY_SIZE], const uint8_t iv[AES_IGE_IV_SIZE],
	const uint8_t *in, uint8_t *out, size_t size);

/* One message of a batch; the rules of aes_ige_encrypt hold for each. Nothing is owned. */
struct aes_ige_job {
	const uint8_t *key; /* AES_KEY_SIZE */
	const uint8_t *iv;  /* AES_IGE_IV_SIZE */
	const uint8_t *in;
	uint8_t *out;
	size_t size;
};

/* Encrypts independent messages, up to eight at a time side by side: IGE is serial inside a
 * message, so this is what keeps the processor's AES unit full (4 to 5 times the speed of one
 * message). */
void aes_ige_encrypt_many(const struct aes_ige_job *jobs, size_t count);

/* A stream of AES-256-CTR with a 128-bit big-endian counter. A plain value of 88 bytes without heap
 * memory; copying it copies the position. Wipe it with aes_ctr_wipe when the connection goes. */
struct aes_ctr {
	uint8_t key[AES_KEY_SIZE];
	uint8_t counter[AES_BLOCK]; /* of the next block */
	uint8_t pad[AES_BLOCK];	    /* key stream of the block that is partly used */
	size_t pad_left;	    /* its unused bytes, at the end of pad */
};

void aes_ctr_init(
	struct aes_ctr *ctr, const uint8_t key[AES_KEY_SIZE], const uint8_t iv[AES_BLOCK]);
/* The next size bytes of the stream, any size; encrypts and decrypts. out == in is fine. */
void aes_ctr_crypt(struct aes_ctr *ctr, const uint8_t *in, uint8_t *out, size_t size);
void aes_ctr_wipe(struct aes_ctr *ctr);

/* "aes-ni" or "portable": for logs and benchmarks. */
const char *aes_implementation(void);
/* For tests: true takes the portable code until called with false. Not while other threads encrypt.
 */
void aes_force_portable(bool force);

#endif
