/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the fetched algorithms (per process) and contexts (per thread) of libcrypto: fetching and
 * allocating cost more than hashing a short message.
 */
#include "crypto/evp.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/log.h"
#include "base/mem.h"

struct contexts {
	EVP_MD_CTX *digests[EVP_DIGESTS];
	EVP_CIPHER_CTX *ciphers[2];
};

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t contexts_key; /* only for its destructor: the pointer below is faster */
static EVP_MD *digests[EVP_DIGESTS];
static EVP_CIPHER *aes_ecb;
static _Thread_local struct contexts *contexts;

_Noreturn void evp_fatal(const char *what)
{
	log_error("libcrypto", "%s failed", what);
	abort();
}

static void contexts_free(void *value)
{
	struct contexts *c = value;

	for (size_t i = 0; i < EVP_DIGESTS; i++)
		EVP_MD_CTX_free(c->digests[i]);
	EVP_CIPHER_CTX_free(c->ciphers[0]);
	EVP_CIPHER_CTX_free(c->ciphers[1]);
	free(c);
	contexts = NULL; /* another destructor of this thread may still hash: it gets new ones */
}

static void fetch_all(void)
{
	static const char *const names[] = {"SHA1", "SHA256"};

	for (size_t i = 0; i < EVP_DIGESTS; i++) {
		digests[i] = EVP_MD_fetch(NULL, names[i], NULL);
		if (!digests[i])
			evp_fatal(names[i]);
	}
	aes_ecb = EVP_CIPHER_fetch(NULL, "AES-256-ECB", NULL);
	if (!aes_ecb || pthread_key_create(&contexts_key, contexts_free) != 0)
		evp_fatal("AES-256-ECB");
}

static struct contexts *contexts_get(void)
{
	struct contexts *c = contexts;

	if (c)
		return c;
	pthread_once(&once, fetch_all);
	c = MEM_NEW(struct contexts);
	for (size_t i = 0; i < EVP_DIGESTS; i++) {
		c->digests[i] = EVP_MD_CTX_new();
		if (!c->digests[i])
			evp_fatal("EVP_MD_CTX_new");
	}
	for (size_t i = 0; i < 2; i++) {
		c->ciphers[i] = EVP_CIPHER_CTX_new();
		if (!c->ciphers[i])
			evp_fatal("EVP_CIPHER_CTX_new");
	}
	if (pthread_setspecific(contexts_key, c) != 0)
		evp_fatal("pthread_setspecific");
	contexts = c;
	return c;
}

EVP_MD_CTX *evp_digest_start(enum evp_digest which)
{
	EVP_MD_CTX *ctx = contexts_get()->digests[which];

	if (EVP_DigestInit_ex2(ctx, digests[which], NULL) != 1)
		evp_fatal("EVP_DigestInit_ex2");
	return ctx;
}

EVP_CIPHER_CTX *evp_aes_start(const unsigned char key[32], int mode)
{
	EVP_CIPHER_CTX *ctx = contexts_get()->ciphers[mode];

	if (EVP_CipherInit_ex2(ctx, aes_ecb, key, NULL, mode, NULL) != 1)
		evp_fatal("EVP_CipherInit_ex2");
	EVP_CIPHER_CTX_set_padding(ctx, 0);
	return ctx;
}
