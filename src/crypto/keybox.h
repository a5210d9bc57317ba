/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Small secrets that a program keeps in its database, sealed with a key from a file beside it
 * (XChaCha20-Poly1305, a fresh nonce each), and keyed hashes of what is only compared. For what is
 * not the private side's: that has the vault of crypto/seal.h. A box is read-only after it was
 * made: any thread may use it.
 */
#ifndef CRYPTO_KEYBOX_H
#define CRYPTO_KEYBOX_H

#include "base/arena.h"
#include "base/err.h"

#define KEYBOX_HASH_SIZE 32
#define KEYBOX_OVERHEAD 40 /* how much longer what is sealed gets */

struct keybox;

/* Draws a key and writes it as hex to a new file of mode 0600; on disk when it returns. */
MUST_CHECK int keybox_create(const char *path, struct err *err);
/* NULL with *err: unreadable, malformed, or open to group or others. Free with keybox_free. */
MUST_CHECK struct keybox *keybox_load(const char *path, struct err *err);
void keybox_free(struct keybox *box); /* wipes; NULL is fine */

/* It opens only for the same purpose and id: moved to another row it is nothing. */
struct bytes keybox_seal(const struct keybox *box, const char *purpose, int64_t id,
	struct bytes text, struct arena *arena);
/* -1: damaged, of another place or another key. The text goes with the arena. */
MUST_CHECK int keybox_open(const struct keybox *box, const char *purpose, int64_t id,
	struct bytes sealed, struct arena *arena, struct bytes *text);
/* The same value for another purpose is unrelated. */
void keybox_hash(const struct keybox *box, const char *purpose, struct bytes value,
	uint8_t out[KEYBOX_HASH_SIZE]);

#endif
