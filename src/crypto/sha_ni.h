/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-256 with the processor's instructions. For hash.c only, which asks sha_ni_present() first. */
#ifndef CRYPTO_SHA_NI_H
#define CRYPTO_SHA_NI_H

#include "crypto/hash.h"

bool sha_ni_present(void);
void sha_ni_256_many(const struct hash_job *jobs, size_t count);

#endif
