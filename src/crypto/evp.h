/* SPDX-License-Identifier: Apache-2.0 */
/* libcrypto's contexts, fetched once and kept per thread until it ends. For the other files of this
 * folder. */
#ifndef CRYPTO_EVP_H
#define CRYPTO_EVP_H

#include <openssl/evp.h>

enum evp_digest { EVP_SHA1, EVP_SHA256, EVP_DIGESTS };

/* Started for a new message. */
EVP_MD_CTX *evp_digest_start(enum evp_digest which);
/* AES-256-ECB without padding, one block at a time; mode: 1 encrypts, 0 decrypts. */
EVP_CIPHER_CTX *evp_aes_start(const unsigned char key[32], int mode);

/* libcrypto refused something that can't fail with good arguments: logs what and ends the process.
 */
_Noreturn void evp_fatal(const char *what);

#endif
