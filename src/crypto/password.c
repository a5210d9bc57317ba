/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "crypto/password.h"

#include <errno.h>

#include <sodium.h>

#define PASSES 2
#define MEMORY (19UL * 1024 * 1024)

_Static_assert(PASSWORD_TEXT_SIZE == crypto_pwhash_argon2id_STRBYTES, "libsodium's text fits");

int password_hash(struct bytes password, char out[PASSWORD_TEXT_SIZE], struct err *err)
{
	if (sodium_init() < 0)
		return err_set(err, EINVAL, "libsodium does not start");
	if (crypto_pwhash_argon2id_str(
		    out, (const char *)password.data, password.size, PASSES, MEMORY) < 0)
		return err_set(err, ENOMEM, "no memory to hash a password");
	return 0;
}

bool password_matches(struct bytes password, struct bytes stored)
{
	char text[PASSWORD_TEXT_SIZE] = {0};

	if (stored.size >= sizeof(text) || sodium_init() < 0)
		return false;
	if (stored.size)
		memcpy(text, stored.data, stored.size);
	return crypto_pwhash_argon2id_str_verify(
		       text, (const char *)password.data, password.size) == 0;
}
