/* SPDX-License-Identifier: Apache-2.0 */
/* Owns the form of bearer tokens and of their stored hashes. Who may do what with one is the
 * caller's. */
#include "crypto/token.h"

#include "base/random.h"
#include "crypto/hash.h"

#define TOKEN_SIZE 32

/* base64url without padding; not text_base64url, because an arena is not wiped. */
static void encode(const uint8_t bytes[TOKEN_SIZE], char out[TOKEN_TEXT_SIZE])
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	uint32_t bits = 0;
	unsigned pending = 0;
	size_t at = 0;

	for (size_t i = 0; i < TOKEN_SIZE; i++) {
		bits = bits << 8 | bytes[i];
		for (pending += 8; pending >= 6; pending -= 6)
			out[at++] = digits[bits >> (pending - 6) & 63];
	}
	out[at++] = digits[bits << (6 - pending) & 63];
	out[at] = '\0';
}

void token_new(char out[TOKEN_TEXT_SIZE])
{
	uint8_t bytes[TOKEN_SIZE];

	random_fill(&random_system, bytes, sizeof(bytes));
	encode(bytes, out);
	bytes_wipe(bytes, sizeof(bytes));
}

/* The prefix keeps these hashes apart from every other SHA-256 that Lontar stores. */
void token_hash(struct bytes token, uint8_t out[TOKEN_HASH_SIZE])
{
	struct bytes parts[2] = {BYTES_LITERAL("lontar token:"), token};

	hash_sha256_parts(parts, 2, out);
}

bool token_matches(struct bytes token, const uint8_t stored[TOKEN_HASH_SIZE])
{
	uint8_t hash[TOKEN_HASH_SIZE];

	token_hash(token, hash);
	return bytes_equal_secret(hash, stored, sizeof(hash));
}
