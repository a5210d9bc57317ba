/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The vault: sealing of everything personal in the home under a root that exists in memory only.
 *
 *   root (32 bytes) --- owner's salt, owner ---> owner's key --- nonce, place ---> sealed value
 *               \------ lookup key (phone numbers), access key (access_hash)
 *
 * A sealed value is version (1) | nonce (24) | XChaCha20-Poly1305-IETF ciphertext and tag (16 more
 * than the text): VAULT_OVERHEAD bytes longer. Deleting an owner's salt makes all of its values
 * unreadable for ever. A vault is read-only after it was made: any thread may use it. The root lies
 * in locked, guarded memory that core files leave out.
 */
#ifndef CRYPTO_SEAL_H
#define CRYPTO_SEAL_H

#include "base/arena.h"
#include "base/err.h"

#define VAULT_ROOT_SIZE 32
#define VAULT_SALT_SIZE 32
#define VAULT_LOOKUP_SIZE 32
#define VAULT_OVERHEAD 41

struct vault;

/* Where a value lives. It opens only with the same place: moving a value elsewhere is noticed. */
struct seal_place {
	const uint8_t *owner_salt; /* VAULT_SALT_SIZE bytes, stored with the owner */
	const char *table; /* table, or table.column where a row has several sealed columns */
	int64_t owner, id;
	int64_t epoch; /* of the root; 0 until roots are changed */
};

/* Draws a root and writes it as hex to a new file of mode 0600; on disk when it returns. */
MUST_CHECK int vault_root_create(const char *path, struct err *err);
/* NULL with *err: unreadable, malformed, or open to group or others. Free with vault_free. */
MUST_CHECK struct vault *vault_load(const char *path, struct err *err);
/* From a root that came by another way (custodians). The caller wipes its copy. NULL with *err when
 * there is no guarded memory that core files leave out. Memory that can't be locked against
 * swapping is only warned of (event vault_unlocked): containers may forbid it. */
MUST_CHECK struct vault *vault_new(const uint8_t root[VAULT_ROOT_SIZE], struct err *err);
void vault_free(struct vault *vault); /* wipes; NULL is fine */

void vault_salt_new(uint8_t out[VAULT_SALT_SIZE]);
/* The sealed value, in the arena. Absent (data NULL) stays absent, so that NULL stays NULL in a
 * table. */
struct bytes vault_seal(const struct vault *vault, const struct seal_place *place,
	struct bytes text, struct arena *arena);
/* -1 when it does not authenticate: damaged, of another place, owner or root. Absent gives absent.
 * The text goes with the arena, which is not wiped: fit for what a reply carries, not for keys. */
MUST_CHECK int vault_open(const struct vault *vault, const struct seal_place *place,
	struct bytes sealed, struct arena *arena, struct bytes *text);

/* Keyed hash for look-up columns. The same value under another purpose ("phone", "email") is
 * unrelated. */
void vault_lookup(const struct vault *vault, const char *purpose, struct bytes value,
	uint8_t out[VAULT_LOOKUP_SIZE]);
/* https://core.telegram.org/api/peers#access-hash: what this viewer must present for that object;
 * never 0. kind: a constant of the caller (user, channel, file, ...). */
int64_t vault_access_hash(const struct vault *vault, int64_t viewer, uint32_t kind, int64_t id);

#endif
