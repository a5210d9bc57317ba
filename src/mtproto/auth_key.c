/* SPDX-License-Identifier: Apache-2.0 */
/* Keys in memory: identifiers, and salts derived from the key and the half hour. */
#include "mtproto/auth_key.h"

#include "crypto/hash.h"

void auth_key_init(struct auth_key *key)
{
	memset(key, 0, sizeof(*key));
	list_init(&key->sessions);
	key->salt_epoch = -1;
}

void auth_key_wipe(struct auth_key *key)
{
	bytes_wipe(key, sizeof(*key));
}

void auth_key_set(struct auth_key *key, const uint8_t full[256])
{
	uint8_t digest[HASH_SHA1_SIZE];

	hash_sha1(bytes_of(full, 256), digest);
	key->aux_hash = load_u64le(digest);
	key->id = load_u64le(digest + 12);
	memcpy(key->secret, full, AUTH_KEY_SECRET);
	bytes_wipe(digest, sizeof(digest));
}

uint64_t auth_key_salt_of_epoch(const struct auth_key *key, int64_t epoch)
{
	uint8_t digest[HASH_SHA256_SIZE], counter[8];
	struct bytes parts[] = {BYTES_LITERAL("lontar salt"), bytes_of(counter, sizeof(counter))};

	store_u64le(counter, (uint64_t)epoch);
	hash_hmac_sha256_parts(
		bytes_of(key->secret, sizeof(key->secret)), parts, ARRAY_LEN(parts), digest);
	return load_u64le(digest);
}

static void salts_refresh(struct auth_key *key, int64_t now_s)
{
	int64_t epoch = now_s / SALT_EPOCH_S;

	if (key->salt_epoch == epoch)
		return;
	key->salts[0] = auth_key_salt_of_epoch(key, epoch);
	key->salts[1] = auth_key_salt_of_epoch(key, epoch - 1);
	key->salt_epoch = epoch;
}

uint64_t auth_key_salt(struct auth_key *key, int64_t now_s)
{
	salts_refresh(key, now_s);
	return key->salts[0];
}

bool auth_key_salt_valid(struct auth_key *key, uint64_t salt, int64_t now_s)
{
	salts_refresh(key, now_s);
	if (salt == key->salts[0] || salt == key->salts[1])
		return true;
	return salt == key->first_salt && key->first_salt != 0 &&
	       now_s < key->created_at + SALT_EPOCH_S + SALT_LINGER_S;
}
