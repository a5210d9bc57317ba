/* SPDX-License-Identifier: Apache-2.0 */
/* Passphrases, and the files that custodians and operators hand each other. */
#ifndef SERVER_VAULT_FILES_H
#define SERVER_VAULT_FILES_H

#include "custody/share.h"
#include "keeper/wire.h"

#define PASSPHRASE_MAX 256
#define PASSPHRASE_LEAST 12

struct passphrase {
	char text[PASSPHRASE_MAX];
};

/* From the first line of a file, or from the terminal without showing it (twice when it is new), or
 * from standard input where that is none. The caller wipes it. */
MUST_CHECK int passphrase_read(
	struct passphrase *out, const char *file, bool is_new, struct err *err);

/* path and path.pub; neither may exist. */
MUST_CHECK int custodian_files_write(const char *path, const struct parcel_keys *keys,
	const struct passphrase *phrase, struct err *err);
MUST_CHECK int custodian_public_read(
	const char *path, uint8_t public_key[PARCEL_KEY_SIZE], struct err *err);
/* The caller wipes the keys. */
MUST_CHECK int custodian_secret_read(const char *path, const struct passphrase *phrase,
	struct parcel_keys *out, struct err *err);

/* What a custodian gets: the public set, and one share sealed to its key. */
struct share_file {
	struct share_set set;
	uint8_t x;
	uint8_t sealed[KEEPER_SHARE_SEALED];
};

MUST_CHECK int share_file_write(
	const char *path, const struct share_file *file, const char *custodian, struct err *err);
MUST_CHECK int share_file_read(const char *path, struct share_file *out, struct err *err);
/* vault.set or the like. */
MUST_CHECK int share_set_read(const char *path, struct share_set *out, struct err *err);

#endif
