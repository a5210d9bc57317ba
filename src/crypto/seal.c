/* SPDX-License-Identifier: Apache-2.0 */
/* Owns the root of the private side and every key derived from it. Nothing else in Lontar sees
 * them. */
#include "crypto/seal.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include <sodium.h>

#include "base/log.h"
#include "base/random.h"
#include "crypto/keyfile.h"

#define SEAL_VERSION 1
#define NONCE_SIZE crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG_SIZE crypto_aead_xchacha20poly1305_ietf_ABYTES
#define KEY_SIZE 32
#define TABLE_MAX 64 /* length of a table's name */
#define PLACE_MAX (24 + TABLE_MAX)

_Static_assert(
	1 + NONCE_SIZE + TAG_SIZE == VAULT_OVERHEAD, "the header says how much longer it gets");
_Static_assert(
	crypto_aead_xchacha20poly1305_ietf_KEYBYTES == KEY_SIZE, "derived keys fit the cipher");

struct vault {
	uint8_t root[VAULT_ROOT_SIZE];
	uint8_t lookup[KEY_SIZE];
	uint8_t access[crypto_shorthash_KEYBYTES];
};

static void hash_u64(crypto_generichash_state *state, uint64_t v)
{
	crypto_generichash_update(state, (const unsigned char *)&v, sizeof(v));
}

/* out = BLAKE2b(key = root; label with its length | salt | owner). */
static void derive(const struct vault *vault, const char *label, struct bytes salt, int64_t owner,
	uint8_t *out, size_t out_size)
{
	crypto_generichash_state state;

	crypto_generichash_init(&state, vault->root, sizeof(vault->root), out_size);
	hash_u64(&state, strlen(label));
	crypto_generichash_update(&state, (const unsigned char *)label, strlen(label));
	if (salt.size)
		crypto_generichash_update(&state, salt.data, salt.size);
	hash_u64(&state, (uint64_t)owner);
	crypto_generichash_final(&state, out, out_size);
	bytes_wipe(&state, sizeof(state));
}

static void owner_key(
	const struct vault *vault, const struct seal_place *place, uint8_t out[KEY_SIZE])
{
	derive(vault, "lontar owner", bytes_of(place->owner_salt, VAULT_SALT_SIZE), place->owner,
		out, KEY_SIZE);
}

/* owner | id | epoch | table: the name comes last, so no two places give the same bytes. */
static size_t place_bytes(const struct seal_place *place, uint8_t out[PLACE_MAX])
{
	size_t length = strlen(place->table);

	assert(length <= TABLE_MAX);
	store_u64le(out, (uint64_t)place->owner);
	store_u64le(out + 8, (uint64_t)place->id);
	store_u64le(out + 16, (uint64_t)place->epoch);
	memcpy(out + 24, place->table, length);
	return 24 + length;
}

int vault_root_create(const char *path, struct err *err)
{
	uint8_t root[VAULT_ROOT_SIZE];
	int result;

	random_fill(&random_system, root, sizeof(root));
	result = keyfile_create_hex(path, root, sizeof(root), err);
	bytes_wipe(root, sizeof(root));
	return result;
}

struct vault *vault_load(const char *path, struct err *err)
{
	uint8_t root[VAULT_ROOT_SIZE];
	struct vault *vault = NULL;

	if (keyfile_read_hex(path, root, sizeof(root), err) == 0)
		vault = vault_new(root, err);
	bytes_wipe(root, sizeof(root));
	return vault;
}

/* libsodium asks for both too, but does not say whether it was heard. Without the lock the root may
 * reach the swap: a container may forbid locking, so that is told and borne; a root in core files
 * is not. */
static int guard(void *secret, size_t size, struct err *err)
{
	uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE), first = (uintptr_t)secret & ~(page - 1);
	size_t span = (uintptr_t)secret + size - first;

	if (mlock((void *)first, span) < 0)
		log_warn("vault_unlocked",
			"the root's memory can't be locked: errno %d; turn swap off or "
			"encrypt it",
			errno);
	if (madvise((void *)first, span, MADV_DONTDUMP) < 0)
		return err_errno(err, "cannot keep the root out of core files");
	return 0;
}

struct vault *vault_new(const uint8_t root[VAULT_ROOT_SIZE], struct err *err)
{
	struct vault *vault;

	if (sodium_init() < 0) {
		err_set(err, EINVAL, "libsodium does not start");
		return NULL;
	}
	vault = sodium_malloc(sizeof(*vault));
	if (!vault) {
		err_errno(err, "no guarded memory for the root");
		return NULL;
	}
	if (guard(vault, sizeof(*vault), err) < 0) {
		sodium_free(vault);
		return NULL;
	}
	memcpy(vault->root, root, sizeof(vault->root));
	derive(vault, "lontar lookup", (struct bytes){0}, 0, vault->lookup, sizeof(vault->lookup));
	derive(vault, "lontar access", (struct bytes){0}, 0, vault->access, sizeof(vault->access));
	sodium_mprotect_readonly(vault);
	return vault;
}

void vault_free(struct vault *vault)
{
	sodium_free(vault); /* wipes */
}

void vault_salt_new(uint8_t out[VAULT_SALT_SIZE])
{
	random_fill(&random_system, out, VAULT_SALT_SIZE);
}

struct bytes vault_seal(const struct vault *vault, const struct seal_place *place,
	struct bytes text, struct arena *arena)
{
	uint8_t key[KEY_SIZE], where[PLACE_MAX], *out;
	size_t where_size = place_bytes(place, where);

	if (!text.data)
		return text;
	out = arena_alloc(arena, text.size + VAULT_OVERHEAD);
	out[0] = SEAL_VERSION;
	random_fill(&random_system, out + 1, NONCE_SIZE);
	owner_key(vault, place, key);
	crypto_aead_xchacha20poly1305_ietf_encrypt(out + 1 + NONCE_SIZE, NULL, text.data, text.size,
		where, where_size, NULL, out + 1, key);
	bytes_wipe(key, sizeof(key));
	return bytes_of(out, text.size + VAULT_OVERHEAD);
}

int vault_open(const struct vault *vault, const struct seal_place *place, struct bytes sealed,
	struct arena *arena, struct bytes *text)
{
	uint8_t key[KEY_SIZE], where[PLACE_MAX], *out;
	size_t where_size = place_bytes(place, where);
	int result;

	*text = (struct bytes){0};
	if (!sealed.data)
		return 0;
	if (sealed.size < VAULT_OVERHEAD || sealed.data[0] != SEAL_VERSION)
		return -1;
	out = arena_alloc(arena, sealed.size - VAULT_OVERHEAD);
	owner_key(vault, place, key);
	result = crypto_aead_xchacha20poly1305_ietf_decrypt(out, NULL, NULL,
		sealed.data + 1 + NONCE_SIZE, sealed.size - 1 - NONCE_SIZE, where, where_size,
		sealed.data + 1, key);
	bytes_wipe(key, sizeof(key));
	if (result == 0)
		*text = bytes_of(out, sealed.size - VAULT_OVERHEAD);
	return result;
}

void vault_lookup(const struct vault *vault, const char *purpose, struct bytes value,
	uint8_t out[VAULT_LOOKUP_SIZE])
{
	crypto_generichash_state state;

	crypto_generichash_init(&state, vault->lookup, sizeof(vault->lookup), VAULT_LOOKUP_SIZE);
	hash_u64(&state, strlen(purpose));
	crypto_generichash_update(&state, (const unsigned char *)purpose, strlen(purpose));
	if (value.size)
		crypto_generichash_update(&state, value.data, value.size);
	crypto_generichash_final(&state, out, VAULT_LOOKUP_SIZE);
	bytes_wipe(&state, sizeof(state));
}

/* SipHash-2-4: 64 bits is all that an access_hash has, and replies carry many. */
int64_t vault_access_hash(const struct vault *vault, int64_t viewer, uint32_t kind, int64_t id)
{
	uint8_t subject[20], out[crypto_shorthash_BYTES];
	int64_t hash;

	store_u64le(subject, (uint64_t)viewer);
	store_u64le(subject + 8, (uint64_t)id);
	store_u32le(subject + 16, kind);
	crypto_shorthash(out, subject, sizeof(subject), vault->access);
	hash = (int64_t)load_u64le(out);
	return hash ? hash : 1; /* clients take 0 for "not known" */
}
