/* SPDX-License-Identifier: Apache-2.0 */
/* AES with the processor's instructions. For aes.c only, which asks aes_ni_present() first. */
#ifndef CRYPTO_AES_NI_H
#define CRYPTO_AES_NI_H

#include "crypto/aes.h"

bool aes_ni_present(void);
void aes_ni_ige_encrypt_many(const struct aes_ige_job *jobs, size_t count);
void aes_ni_ige_decrypt(
	const uint8_t *key, const uint8_t *iv, const uint8_t *in, uint8_t *out, size_t size);
/* XORs the key stream of the blocks that start at counter (which moves on) with count whole blocks.
 */
void aes_ni_ctr_blocks(
	const uint8_t *key, uint8_t *counter, const uint8_t *in, uint8_t *out, size_t count);

#endif
