/* SPDX-License-Identifier: Apache-2.0 */
/* Owns the form of a sealed value and the keys of what is looked up. Roots are in roots.c. */
#include "crypto/seal.h"

#include <assert.h>
#include <unistd.h>

#include <sodium.h>

#include "base/log.h"
#include "base/random.h"
#include "crypto/keyfile.h"

#define VERSION_FIRST 1 /* epoch 0, which it does not say */
#define VERSION_EPOCH 2
#define NONCE_SIZE crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG_SIZE crypto_aead_xchacha20poly1305_ietf_ABYTES
#define TABLE_MAX 64 /* length of a table's name */
#define PLACE_MAX (24 + TABLE_MAX)

#define HEAD_FIRST (1 + NONCE_SIZE)
#define HEAD_EPOCH (1 + 4 + NONCE_SIZE)

_Static_assert(HEAD_FIRST + TAG_SIZE == VAULT_OVERHEAD_FIRST, "the header says how long it gets");
_Static_assert(HEAD_EPOCH + TAG_SIZE == VAULT_OVERHEAD, "likewise");
_Static_assert(crypto_aead_xchacha20poly1305_ietf_KEYBYTES == VAULT_KEY_SIZE, "keys fit");

struct vault {
	struct vault_source source;
};

/* owner | id | epoch | table: the name comes last, so no two places give the same bytes. */
static size_t place_bytes(const struct seal_place *place, uint32_t epoch, uint8_t out[PLACE_MAX])
{
	size_t length = strlen(place->table);

	assert(length <= TABLE_MAX);
	store_u64le(out, (uint64_t)place->owner);
	store_u64le(out + 8, (uint64_t)place->id);
	store_u64le(out + 16, epoch);
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

static int source_owner_key(void *ctx, uint32_t epoch, const uint8_t salt[VAULT_SALT_SIZE],
	int64_t owner, uint8_t out[VAULT_KEY_SIZE])
{
	return roots_owner_key(ctx, epoch, salt, owner, out);
}

static void source_free(void *ctx)
{
	roots_free(ctx);
}

struct vault *vault_of_source(const struct vault_source *source, struct err *err)
{
	struct vault *vault = secret_alloc(sizeof(*vault), err);

	if (!vault) {
		source->free(source->ctx);
		return NULL;
	}
	vault->source = *source;
	sodium_mprotect_readonly(vault);
	return vault;
}

struct vault *vault_of_roots(struct roots *roots, struct err *err)
{
	struct vault_source source = {.owner_key = source_owner_key,
		.free = source_free,
		.ctx = roots,
		.epoch = roots_epoch(roots)};
	struct vault *vault;

	roots_kept_keys(roots, &source.kept);
	vault = vault_of_source(&source, err);
	bytes_wipe(&source, sizeof(source));
	return vault;
}

static struct vault *vault_open_root(
	const uint8_t root[VAULT_ROOT_SIZE], const struct root_chain *chain, struct err *err)
{
	struct roots *roots = roots_open(root, chain, err);

	return roots ? vault_of_roots(roots, err) : NULL;
}

struct vault *vault_load(const char *path, const struct root_chain *chain, struct err *err)
{
	uint8_t root[VAULT_ROOT_SIZE];
	struct vault *vault = NULL;

	if (keyfile_read_hex(path, root, sizeof(root), err) == 0)
		vault = vault_open_root(root, chain, err);
	bytes_wipe(root, sizeof(root));
	return vault;
}

struct vault *vault_new(const uint8_t root[VAULT_ROOT_SIZE], struct err *err)
{
	return vault_open_root(root, &(struct root_chain){0}, err);
}

void vault_free(struct vault *vault)
{
	if (vault)
		vault->source.free(vault->source.ctx);
	sodium_free(vault); /* wipes */
}

void vault_salt_new(uint8_t out[VAULT_SALT_SIZE])
{
	random_fill(&random_system, out, VAULT_SALT_SIZE);
}

uint32_t vault_epoch(const struct vault *vault)
{
	return vault->source.epoch;
}

int64_t vault_value_epoch(struct bytes sealed)
{
	if (sealed.size >= VAULT_OVERHEAD_FIRST && sealed.data[0] == VERSION_FIRST)
		return 0;
	if (sealed.size >= VAULT_OVERHEAD && sealed.data[0] == VERSION_EPOCH &&
		load_u32le(sealed.data + 1) > 0)
		return load_u32le(sealed.data + 1);
	return -1;
}

static int place_key(const struct vault *vault, const struct seal_place *place, uint32_t epoch,
	uint8_t out[VAULT_KEY_SIZE])
{
	const struct vault_source *source = &vault->source;

	return source->owner_key(source->ctx, epoch, place->owner_salt, place->owner, out);
}

/* What stands before the nonce; returns its size. */
static size_t head_write(uint32_t epoch, uint8_t *out)
{
	out[0] = epoch ? VERSION_EPOCH : VERSION_FIRST;
	if (!epoch)
		return 1;
	store_u32le(out + 1, epoch);
	return 5;
}

struct bytes vault_seal(const struct vault *vault, const struct seal_place *place,
	struct bytes text, struct arena *arena)
{
	const uint32_t epoch = vault->source.epoch;
	uint8_t key[VAULT_KEY_SIZE], where[PLACE_MAX], *out, *nonce;
	size_t where_size = place_bytes(place, epoch, where), size;

	if (!text.data)
		return text;
	if (place_key(vault, place, epoch, key) < 0) {
		log_error("vault_gone", "there is no key to seal with: ending");
		_exit(VAULT_EXIT_GONE);
	}
	size = text.size + (epoch ? VAULT_OVERHEAD : VAULT_OVERHEAD_FIRST);
	out = arena_alloc(arena, size);
	nonce = out + head_write(epoch, out);
	random_fill(&random_system, nonce, NONCE_SIZE);
	crypto_aead_xchacha20poly1305_ietf_encrypt(nonce + NONCE_SIZE, NULL, text.data, text.size,
		where, where_size, NULL, nonce, key);
	bytes_wipe(key, sizeof(key));
	return bytes_of(out, size);
}

int vault_open(const struct vault *vault, const struct seal_place *place, struct bytes sealed,
	struct arena *arena, struct bytes *text)
{
	const int64_t epoch = vault_value_epoch(sealed);
	const size_t head = epoch > 0 ? HEAD_EPOCH : HEAD_FIRST;
	uint8_t key[VAULT_KEY_SIZE], where[PLACE_MAX], *out;
	size_t where_size;
	int result;

	*text = (struct bytes){0};
	if (!sealed.data)
		return 0;
	if (epoch < 0 || place_key(vault, place, (uint32_t)epoch, key) < 0)
		return -1;
	where_size = place_bytes(place, (uint32_t)epoch, where);
	out = arena_alloc(arena, sealed.size - head - TAG_SIZE);
	result = crypto_aead_xchacha20poly1305_ietf_decrypt(out, NULL, NULL, sealed.data + head,
		sealed.size - head, where, where_size, sealed.data + head - NONCE_SIZE, key);
	bytes_wipe(key, sizeof(key));
	if (result == 0)
		*text = bytes_of(out, sealed.size - head - TAG_SIZE);
	return result;
}

static void hash_u64(crypto_generichash_state *state, uint64_t v)
{
	uint8_t bytes[8];

	store_u64le(bytes, v);
	crypto_generichash_update(state, bytes, sizeof(bytes));
}

void vault_lookup(const struct vault *vault, const char *purpose, struct bytes value,
	uint8_t out[VAULT_LOOKUP_SIZE])
{
	crypto_generichash_state state;

	crypto_generichash_init(&state, vault->source.kept.lookup,
		sizeof(vault->source.kept.lookup), VAULT_LOOKUP_SIZE);
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
	crypto_shorthash(out, subject, sizeof(subject), vault->source.kept.access);
	hash = (int64_t)load_u64le(out);
	return hash ? hash : 1; /* clients take 0 for "not known" */
}
