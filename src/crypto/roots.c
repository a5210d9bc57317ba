/* SPDX-License-Identifier: Apache-2.0 */
/* Owns the roots and what is derived from them. Nothing else in Lontar sees them. */
#include "crypto/roots.h"

#include <assert.h>
#include <errno.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <sodium.h>

#include "base/bytes.h"
#include "base/log.h"
#include "base/random.h"

#define NONCE_SIZE crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG_SIZE crypto_aead_xchacha20poly1305_ietf_ABYTES
#define KEY_SIZE crypto_aead_xchacha20poly1305_ietf_KEYBYTES

_Static_assert(KEY_SIZE == ROOT_OWNER_KEY_SIZE, "owners' keys fit the cipher");
_Static_assert(ROOT_SEALED_SIZE == NONCE_SIZE + ROOT_SIZE + TAG_SIZE, "a root, sealed");
_Static_assert(ROOT_KEPT_SIZE == NONCE_SIZE + sizeof(struct kept_keys) + TAG_SIZE, "kept, sealed");
_Static_assert(sizeof(((struct kept_keys *)0)->access) == crypto_shorthash_KEYBYTES, "SipHash");

struct roots {
	uint32_t epoch, count; /* of older ones */
	struct kept_keys kept;
	uint8_t at[ROOTS_MAX][ROOT_SIZE]; /* at[n]: of epoch - n */
};

static void hash_u64(crypto_generichash_state *state, uint64_t v)
{
	uint8_t bytes[8];

	store_u64le(bytes, v);
	crypto_generichash_update(state, bytes, sizeof(bytes));
}

/* out = BLAKE2b(key = root; label with its length | salt | number). */
static void derive(const uint8_t root[ROOT_SIZE], const char *label, struct bytes salt,
	int64_t number, uint8_t *out, size_t out_size)
{
	crypto_generichash_state state;

	crypto_generichash_init(&state, root, ROOT_SIZE, out_size);
	hash_u64(&state, strlen(label));
	crypto_generichash_update(&state, (const unsigned char *)label, strlen(label));
	if (salt.size)
		crypto_generichash_update(&state, salt.data, salt.size);
	hash_u64(&state, (uint64_t)number);
	crypto_generichash_final(&state, out, out_size);
	bytes_wipe(&state, sizeof(state));
}

void secret_not_locked(int code)
{
	static atomic_flag told = ATOMIC_FLAG_INIT;

	if (atomic_flag_test_and_set(&told))
		return;
	if (code == ENOMEM || code == EAGAIN || code == EPERM)
		log_warn("vault_unlocked",
			"keys in memory may reach the swap: the limit of memory that may be locked "
			"is too low. Raise it (ulimit -l 65536, systemd's LimitMEMLOCK=64M), or "
			"turn swap off or encrypt it");
	else
		log_warn("vault_unlocked",
			"keys in memory may reach the swap: they can't be locked (%s). Turn swap "
			"off or encrypt it",
			strerror(code));
}

/* libsodium asks for both too, but does not say whether it was heard. Without the lock the root may
 * reach the swap: a container may forbid locking, so that is told and borne; a root in core files
 * is not. */
static int guard(void *secret, size_t size, struct err *err)
{
	uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE), first = (uintptr_t)secret & ~(page - 1);
	size_t span = (uintptr_t)secret + size - first;

	if (mlock((void *)first, span) < 0)
		secret_not_locked(errno);
	if (madvise((void *)first, span, MADV_DONTDUMP) < 0)
		return err_errno(err, "cannot keep the root out of core files");
	return 0;
}

void *secret_alloc(size_t size, struct err *err)
{
	void *secret;

	if (sodium_init() < 0) {
		err_set(err, EINVAL, "libsodium does not start");
		return NULL;
	}
	secret = sodium_malloc(size);
	if (!secret) {
		err_errno(err, "no guarded memory for the root");
		return NULL;
	}
	if (guard(secret, size, err) < 0) {
		sodium_free(secret);
		return NULL;
	}
	return secret;
}

void secret_free(void *secret)
{
	sodium_free(secret);
}

/* out: NONCE_SIZE + size + TAG_SIZE bytes. */
static void wrap(const uint8_t root[ROOT_SIZE], const char *label, uint32_t epoch,
	const void *secret, size_t size, uint8_t *out)
{
	uint8_t key[KEY_SIZE];

	derive(root, label, (struct bytes){0}, epoch, key, sizeof(key));
	random_fill(&random_system, out, NONCE_SIZE);
	crypto_aead_xchacha20poly1305_ietf_encrypt(
		out + NONCE_SIZE, NULL, secret, size, NULL, 0, NULL, out, key);
	bytes_wipe(key, sizeof(key));
}

static int unwrap(const uint8_t root[ROOT_SIZE], const char *label, uint32_t epoch,
	const uint8_t *sealed, size_t size, void *secret)
{
	uint8_t key[KEY_SIZE];
	int result;

	derive(root, label, (struct bytes){0}, epoch, key, sizeof(key));
	result = crypto_aead_xchacha20poly1305_ietf_decrypt(
		secret, NULL, NULL, sealed + NONCE_SIZE, size + TAG_SIZE, NULL, 0, sealed, key);
	bytes_wipe(key, sizeof(key));
	return result;
}

#define LINK_LABEL "lontar link" /* number: the epoch of the root inside */
#define KEPT_LABEL "lontar kept"

static int open_chain(struct roots *roots, const struct root_chain *chain)
{
	if (chain->count >= ROOTS_MAX || chain->count > chain->epoch)
		return -1;
	for (uint32_t i = 0; i < chain->count; i++) {
		if (unwrap(roots->at[i], LINK_LABEL, chain->epoch - i - 1, chain->older[i],
			    ROOT_SIZE, roots->at[i + 1]) < 0)
			return -1;
	}
	roots->epoch = chain->epoch;
	roots->count = chain->count;
	if (chain->epoch > 0)
		return unwrap(roots->at[0], KEPT_LABEL, chain->epoch, chain->kept,
			sizeof(roots->kept), &roots->kept);
	derive(roots->at[0], "lontar lookup", (struct bytes){0}, 0, roots->kept.lookup,
		sizeof(roots->kept.lookup));
	derive(roots->at[0], "lontar access", (struct bytes){0}, 0, roots->kept.access,
		sizeof(roots->kept.access));
	return 0;
}

bool roots_match(const uint8_t root[ROOT_SIZE], const struct root_chain *chain)
{
	uint8_t check[ROOT_CHECK_SIZE];

	if (chain->epoch == 0)
		return true;
	derive(root, "lontar check", (struct bytes){0}, chain->epoch, check, sizeof(check));
	return sodium_memcmp(check, chain->check, sizeof(check)) == 0;
}

struct roots *roots_open(
	const uint8_t root[ROOT_SIZE], const struct root_chain *chain, struct err *err)
{
	struct roots *roots;

	if (!roots_match(root, chain)) {
		err_set(err, EINVAL,
			"this is not the root of these data: they are of epoch %u of the root",
			chain->epoch);
		return NULL;
	}
	roots = secret_alloc(sizeof(*roots), err);
	if (!roots)
		return NULL;
	memcpy(roots->at[0], root, ROOT_SIZE);
	if (open_chain(roots, chain) < 0) {
		err_set(err, EINVAL, "the chain of older roots does not open");
		roots_free(roots);
		return NULL;
	}
	sodium_mprotect_readonly(roots);
	return roots;
}

void roots_free(struct roots *roots)
{
	sodium_free(roots); /* wipes */
}

uint32_t roots_epoch(const struct roots *roots)
{
	return roots->epoch;
}

void roots_kept_keys(const struct roots *roots, struct kept_keys *out)
{
	*out = roots->kept;
}

int roots_owner_key(const struct roots *roots, uint32_t epoch, const uint8_t salt[ROOT_SALT_SIZE],
	int64_t owner, uint8_t out[ROOT_OWNER_KEY_SIZE])
{
	if (epoch > roots->epoch || roots->epoch - epoch > roots->count)
		return -1;
	derive(roots->at[roots->epoch - epoch], "lontar owner", bytes_of(salt, ROOT_SALT_SIZE),
		owner, out, ROOT_OWNER_KEY_SIZE);
	return 0;
}

int roots_turn(const struct roots *roots, const uint8_t next[ROOT_SIZE], struct root_chain *out,
	struct err *err)
{
	*out = (struct root_chain){.epoch = roots->epoch + 1, .count = roots->count + 1};
	if (out->count >= ROOTS_MAX)
		return err_set(err, EBUSY,
			"data of %u older roots are still being sealed anew: wait for that",
			roots->count);
	derive(next, "lontar check", (struct bytes){0}, out->epoch, out->check, sizeof(out->check));
	wrap(next, KEPT_LABEL, out->epoch, &roots->kept, sizeof(roots->kept), out->kept);
	wrap(next, LINK_LABEL, roots->epoch, roots->at[0], ROOT_SIZE, out->older[0]);
	/* The links between older roots stay good, but need not be looked up for it. */
	for (uint32_t i = 0; i < roots->count; i++)
		wrap(roots->at[i], LINK_LABEL, roots->epoch - i - 1, roots->at[i + 1], ROOT_SIZE,
			out->older[i + 1]);
	return 0;
}
