/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "crypto/keybox.h"

#include <errno.h>

#include <sodium.h>

#include "base/random.h"
#include "crypto/keyfile.h"

#define KEY_SIZE crypto_aead_xchacha20poly1305_ietf_KEYBYTES
#define NONCE_SIZE crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG_SIZE crypto_aead_xchacha20poly1305_ietf_ABYTES

_Static_assert(NONCE_SIZE + TAG_SIZE == KEYBOX_OVERHEAD, "the header says how much longer");

struct keybox {
	uint8_t key[KEY_SIZE];
};

int keybox_create(const char *path, struct err *err)
{
	uint8_t key[KEY_SIZE];
	int rc;

	random_fill(&random_system, key, sizeof(key));
	rc = keyfile_create_hex(path, key, sizeof(key), err);
	bytes_wipe(key, sizeof(key));
	return rc;
}

struct keybox *keybox_load(const char *path, struct err *err)
{
	struct keybox *box;

	if (sodium_init() < 0) {
		err_set(err, EINVAL, "libsodium does not start");
		return NULL;
	}
	box = sodium_malloc(sizeof(*box));
	if (!box) {
		err_errno(err, "no guarded memory for a key");
		return NULL;
	}
	if (keyfile_read_hex(path, box->key, sizeof(box->key), err) < 0) {
		sodium_free(box);
		return NULL;
	}
	sodium_mprotect_readonly(box);
	return box;
}

void keybox_free(struct keybox *box)
{
	sodium_free(box);
}

static char *place(struct arena *arena, const char *purpose, int64_t id)
{
	return arena_printf(arena, "%s %lld", purpose, (long long)id);
}

struct bytes keybox_seal(const struct keybox *box, const char *purpose, int64_t id,
	struct bytes text, struct arena *arena)
{
	struct bytes about = bytes_from_str(place(arena, purpose, id));
	uint8_t *out = arena_alloc(arena, text.size + KEYBOX_OVERHEAD);

	random_fill(&random_system, out, NONCE_SIZE);
	crypto_aead_xchacha20poly1305_ietf_encrypt(out + NONCE_SIZE, NULL, text.data, text.size,
		about.data, about.size, NULL, out, box->key);
	return bytes_of(out, text.size + KEYBOX_OVERHEAD);
}

int keybox_open(const struct keybox *box, const char *purpose, int64_t id, struct bytes sealed,
	struct arena *arena, struct bytes *text)
{
	struct bytes about = bytes_from_str(place(arena, purpose, id));
	uint8_t *out;

	if (sealed.size < KEYBOX_OVERHEAD)
		return -1;
	out = arena_alloc(arena, sealed.size);
	*text = bytes_of(out, sealed.size - KEYBOX_OVERHEAD);
	return crypto_aead_xchacha20poly1305_ietf_decrypt(out, NULL, NULL, sealed.data + NONCE_SIZE,
		sealed.size - NONCE_SIZE, about.data, about.size, sealed.data, box->key);
}

void keybox_hash(const struct keybox *box, const char *purpose, struct bytes value,
	uint8_t out[KEYBOX_HASH_SIZE])
{
	crypto_generichash_state state;

	crypto_generichash_init(&state, box->key, sizeof(box->key), KEYBOX_HASH_SIZE);
	/* With its NUL: no two pairs give the same bytes. */
	crypto_generichash_update(&state, (const uint8_t *)purpose, strlen(purpose) + 1);
	if (value.size)
		crypto_generichash_update(&state, value.data, value.size);
	crypto_generichash_final(&state, out, KEYBOX_HASH_SIZE);
	bytes_wipe(&state, sizeof(state));
}
