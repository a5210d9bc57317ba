/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the choice between AES-NI (aes_ni.c) and the portable code, which is here: the same modes
 * over EVP's AES-256-ECB, block by block.
 */
#include "crypto/aes.h"

#include <assert.h>

#include "crypto/aes_ni.h"
#include "crypto/evp.h"

static bool portable_forced;

static bool use_ni(void)
{
	return !portable_forced && aes_ni_present();
}

const char *aes_implementation(void)
{
	return use_ni() ? "aes-ni" : "portable";
}

void aes_force_portable(bool force)
{
	portable_forced = force;
}

static void xor_block(uint8_t *out, const uint8_t *a, const uint8_t *b)
{
	store_u64le(out, load_u64le(a) ^ load_u64le(b));
	store_u64le(out + 8, load_u64le(a + 8) ^ load_u64le(b + 8));
}

static void crypt_block(EVP_CIPHER_CTX *ctx, uint8_t *block)
{
	int size;

	if (EVP_CipherUpdate(ctx, block, &size, block, AES_BLOCK) != 1 || size != AES_BLOCK)
		evp_fatal("EVP_CipherUpdate");
}

/* Encryption: out[i] = E(in[i] ^ out[i-1]) ^ in[i-1]. Decryption is the same formula with D, and
 * with the two halves of the initial value exchanged. */
static void portable_ige(const uint8_t *key, const uint8_t *iv, const uint8_t *in, uint8_t *out,
	size_t size, int mode)
{
	EVP_CIPHER_CTX *ctx = evp_aes_start(key, mode);
	uint8_t before_out[AES_BLOCK], before_in[AES_BLOCK], now[AES_BLOCK], block[AES_BLOCK];

	memcpy(before_out, mode ? iv : iv + AES_BLOCK, AES_BLOCK);
	memcpy(before_in, mode ? iv + AES_BLOCK : iv, AES_BLOCK);
	for (size_t at = 0; at < size; at += AES_BLOCK) {
		memcpy(now, in + at, AES_BLOCK); /* in and out may be the same */
		xor_block(block, now, before_out);
		crypt_block(ctx, block);
		xor_block(before_out, block, before_in);
		memcpy(before_in, now, AES_BLOCK);
		memcpy(out + at, before_out, AES_BLOCK);
	}
	bytes_wipe(block, sizeof(block));
}

void aes_ige_encrypt(const uint8_t key[AES_KEY_SIZE], const uint8_t iv[AES_IGE_IV_SIZE],
	const uint8_t *in, uint8_t *out, size_t size)
{
	struct aes_ige_job job = {key, iv, in, out, size};

	aes_ige_encrypt_many(&job, 1);
}

void aes_ige_decrypt(const uint8_t key[AES_KEY_SIZE], const uint8_t iv[AES_IGE_IV_SIZE],
	const uint8_t *in, uint8_t *out, size_t size)
{
	assert(size % AES_BLOCK == 0);
	if (!size)
		return;
	if (use_ni())
		aes_ni_ige_decrypt(key, iv, in, out, size);
	else
		portable_ige(key, iv, in, out, size, 0);
}

void aes_ige_encrypt_many(const struct aes_ige_job *jobs, size_t count)
{
	for (size_t i = 0; i < count; i++)
		assert(jobs[i].size % AES_BLOCK == 0);
	if (use_ni()) {
		aes_ni_ige_encrypt_many(jobs, count);
		return;
	}
	for (size_t i = 0; i < count; i++) {
		if (jobs[i].size)
			portable_ige(
				jobs[i].key, jobs[i].iv, jobs[i].in, jobs[i].out, jobs[i].size, 1);
	}
}

static void counter_add_one(uint8_t *counter)
{
	for (size_t i = AES_BLOCK; i-- > 0;) {
		if (++counter[i])
			break;
	}
}

static void portable_ctr_blocks(
	const uint8_t *key, uint8_t *counter, const uint8_t *in, uint8_t *out, size_t count)
{
	EVP_CIPHER_CTX *ctx = evp_aes_start(key, 1);
	uint8_t pad[AES_BLOCK];

	for (size_t i = 0; i < count; i++) {
		memcpy(pad, counter, AES_BLOCK);
		crypt_block(ctx, pad);
		xor_block(out + i * AES_BLOCK, in + i * AES_BLOCK, pad);
		counter_add_one(counter);
	}
	bytes_wipe(pad, sizeof(pad));
}

static void ctr_blocks(struct aes_ctr *ctr, const uint8_t *in, uint8_t *out, size_t count)
{
	if (use_ni())
		aes_ni_ctr_blocks(ctr->key, ctr->counter, in, out, count);
	else
		portable_ctr_blocks(ctr->key, ctr->counter, in, out, count);
}

void aes_ctr_init(struct aes_ctr *ctr, const uint8_t key[AES_KEY_SIZE], const uint8_t iv[AES_BLOCK])
{
	memcpy(ctr->key, key, AES_KEY_SIZE);
	memcpy(ctr->counter, iv, AES_BLOCK);
	memset(ctr->pad, 0, sizeof(ctr->pad));
	ctr->pad_left = 0;
}

static size_t ctr_use_pad(struct aes_ctr *ctr, const uint8_t *in, uint8_t *out, size_t size)
{
	size_t take = size < ctr->pad_left ? size : ctr->pad_left;
	const uint8_t *pad = ctr->pad + AES_BLOCK - ctr->pad_left;

	for (size_t i = 0; i < take; i++)
		out[i] = in[i] ^ pad[i];
	ctr->pad_left -= take;
	return take;
}

void aes_ctr_crypt(struct aes_ctr *ctr, const uint8_t *in, uint8_t *out, size_t size)
{
	size_t done = ctr_use_pad(ctr, in, out, size), blocks = (size - done) / AES_BLOCK;

	if (blocks)
		ctr_blocks(ctr, in + done, out + done, blocks);
	done += blocks * AES_BLOCK;
	if (done == size)
		return;
	memset(ctr->pad, 0, sizeof(ctr->pad));
	ctr_blocks(ctr, ctr->pad, ctr->pad, 1);
	ctr->pad_left = AES_BLOCK;
	ctr_use_pad(ctr, in + done, out + done, size - done);
}

void aes_ctr_wipe(struct aes_ctr *ctr)
{
	bytes_wipe(ctr, sizeof(*ctr));
}
