/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The vault: sealing of everything personal in the home under a root that exists in memory only.
 *
 *   root (32 bytes) --- owner's salt, owner ---> owner's key --- nonce, place ---> sealed value
 *
 * A sealed value is version | nonce (24) | XChaCha20-Poly1305-IETF ciphertext and tag (16 more than
 * the text). Version 1 is of the first root; under a later one (crypto/roots.h) a value is of
 * version 2, and four bytes after the version say the root's epoch. Deleting an owner's salt makes
 * all of its values unreadable for ever. A vault is read-only after it was made: any thread may use
 * it.
 *
 * Where owners' keys come from is behind struct vault_source: roots in this process, or another
 * process that has them.
 */
#ifndef CRYPTO_SEAL_H
#define CRYPTO_SEAL_H

#include "base/arena.h"
#include "base/err.h"
#include "crypto/roots.h"

#define VAULT_ROOT_SIZE ROOT_SIZE
#define VAULT_SALT_SIZE ROOT_SALT_SIZE
#define VAULT_KEY_SIZE ROOT_OWNER_KEY_SIZE
#define VAULT_LOOKUP_SIZE 32
#define VAULT_OVERHEAD_FIRST 41 /* how much longer a value gets, under the first root */
#define VAULT_OVERHEAD 45	/* and under a later one */

#define VAULT_EXIT_GONE 69 /* EX_UNAVAILABLE */

struct vault;

/* Where a value lives. It opens only with the same place: moving a value elsewhere is noticed. */
struct seal_place {
	const uint8_t *owner_salt; /* VAULT_SALT_SIZE bytes, stored with the owner */
	const char *table; /* table, or table.column where a row has several sealed columns */
	int64_t owner, id;
};

struct vault_source {
	/* The key of an owner under the root of that epoch. -1: there is no such root (any more),
	 * or nobody to ask. Any thread. */
	int (*owner_key)(void *ctx, uint32_t epoch, const uint8_t salt[VAULT_SALT_SIZE],
		int64_t owner, uint8_t out[VAULT_KEY_SIZE]);
	void (*free)(void *ctx); /* with the vault */
	void *ctx;
	uint32_t epoch;	       /* what is sealed from now on */
	struct kept_keys kept; /* the caller wipes its copy */
};

/* Draws a root and writes it as hex to a new file of mode 0600; on disk when it returns. */
MUST_CHECK int vault_root_create(const char *path, struct err *err);
/* The root in a file, with the chain of the home that it is for. NULL with *err: unreadable,
 * malformed, open to group or others, or of another home. Free with vault_free. */
MUST_CHECK struct vault *vault_load(
	const char *path, const struct root_chain *chain, struct err *err);
/* From a root that came by another way, with a chain that is all zero. The caller wipes its copy.
 * NULL with *err when there is no guarded memory that core files leave out. */
MUST_CHECK struct vault *vault_new(const uint8_t root[VAULT_ROOT_SIZE], struct err *err);
/* From roots in this process, which go with the vault (also when this fails). */
MUST_CHECK struct vault *vault_of_roots(struct roots *roots, struct err *err);
/* What the source points at goes with the vault (also when this fails). */
MUST_CHECK struct vault *vault_of_source(const struct vault_source *source, struct err *err);
void vault_free(struct vault *vault); /* wipes; NULL is fine */

void vault_salt_new(uint8_t out[VAULT_SALT_SIZE]);
/* The epoch that values are sealed under from now on. */
uint32_t vault_epoch(const struct vault *vault);
/* Of a sealed value; -1: that is none. */
int64_t vault_value_epoch(struct bytes sealed);
/* The sealed value, in the arena. Absent (data NULL) stays absent, so that NULL stays NULL in a
 * table. A source that has no key to seal with ends the process: nothing may be kept in clear. */
struct bytes vault_seal(const struct vault *vault, const struct seal_place *place,
	struct bytes text, struct arena *arena);
/* -1 when it does not authenticate: damaged, of another place, owner or root, or of a root that
 * is gone. Absent gives absent.
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
