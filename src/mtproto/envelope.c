/* SPDX-License-Identifier: Apache-2.0 */
/* MTProto 2.0 sealing and opening. The order of checks is the one of the security guidelines:
 * nothing of the plaintext is looked at before msg_key was compared, and every failure looks the
 * same. */
#include "mtproto/envelope.h"

#include <assert.h>

#include "crypto/aes.h"
#include "crypto/hash.h"

#define LANES 8
#define MSG_KEY 16
#define MSG_KEY_PART 88 /* of the auth_key, for msg_key */

struct cipher_key {
	uint8_t key[AES_KEY_SIZE], iv[AES_IGE_IV_SIZE];
};

/* sha256_a and sha256_b of the specification, from which a packet's key and iv are put together. */
struct digests {
	uint8_t a[HASH_SHA256_SIZE], b[HASH_SHA256_SIZE];
};

static void derive_jobs(const struct auth_key *key, const uint8_t msg_key[MSG_KEY],
	enum envelope_direction direction, struct digests *digests, struct hash_job jobs[2])
{
	struct bytes middle = bytes_of(msg_key, MSG_KEY);

	jobs[0] = (struct hash_job){{middle, bytes_of(key->secret + direction, 36)}, digests->a};
	jobs[1] =
		(struct hash_job){{bytes_of(key->secret + 40 + direction, 36), middle}, digests->b};
}

static void put_together(const struct digests *digests, struct cipher_key *out)
{
	const uint8_t *a = digests->a, *b = digests->b;

	memcpy(out->key, a, 8);
	memcpy(out->key + 8, b + 8, 16);
	memcpy(out->key + 24, a + 24, 8);
	memcpy(out->iv, b, 8);
	memcpy(out->iv + 8, a + 8, 16);
	memcpy(out->iv + 24, b + 24, 8);
}

/* msg_key is the middle of this digest. */
static struct hash_job msg_key_job(const struct auth_key *key, const uint8_t *plain, size_t size,
	enum envelope_direction direction, uint8_t large[HASH_SHA256_SIZE])
{
	return (struct hash_job){
		{bytes_of(key->secret + MSG_KEY_PART + direction, 32), bytes_of(plain, size)},
		large};
}

size_t envelope_padding(size_t size)
{
	return ENVELOPE_PADDING_MIN +
	       (AES_BLOCK - (size + ENVELOPE_PADDING_MIN) % AES_BLOCK) % AES_BLOCK;
}

static void seal_lanes(struct envelope_job *jobs, size_t count, enum envelope_direction direction)
{
	struct hash_job hashes[2 * LANES];
	struct digests digests[LANES];
	struct cipher_key keys[LANES];
	struct aes_ige_job lanes[LANES];
	uint8_t large[LANES][HASH_SHA256_SIZE];

	for (size_t i = 0; i < count; i++) {
		assert(jobs[i].size % AES_BLOCK == 0);
		hashes[i] = msg_key_job(jobs[i].key, jobs[i].packet + ENVELOPE_OUTER, jobs[i].size,
			direction, large[i]);
	}
	hash_sha256_many(hashes, count);
	for (size_t i = 0; i < count; i++) {
		store_u64le(jobs[i].packet, jobs[i].key->id);
		memcpy(jobs[i].packet + 8, large[i] + 8, MSG_KEY);
		derive_jobs(
			jobs[i].key, jobs[i].packet + 8, direction, &digests[i], hashes + 2 * i);
	}
	hash_sha256_many(hashes, 2 * count);
	for (size_t i = 0; i < count; i++) {
		uint8_t *plain = jobs[i].packet + ENVELOPE_OUTER;

		put_together(&digests[i], &keys[i]);
		lanes[i] =
			(struct aes_ige_job){keys[i].key, keys[i].iv, plain, plain, jobs[i].size};
	}
	aes_ige_encrypt_many(lanes, count);
	bytes_wipe(digests, sizeof(digests));
	bytes_wipe(keys, sizeof(keys));
}

void envelope_seal_many(struct envelope_job *jobs, size_t count, enum envelope_direction direction)
{
	for (size_t at = 0; at < count; at += LANES)
		seal_lanes(jobs + at, count - at < LANES ? count - at : LANES, direction);
}

void envelope_seal(const struct auth_key *key, const struct envelope_message *message,
	enum envelope_direction direction, const struct random *random, struct buf *out)
{
	size_t size = ENVELOPE_HEADER + message->body.size;
	size_t padding = envelope_padding(size);
	uint8_t *packet = buf_extend(out, ENVELOPE_OUTER + size + padding);
	struct envelope_job job = {key, packet, size + padding};

	if (!packet)
		return;
	store_u64le(packet + 24, message->salt);
	store_u64le(packet + 32, message->session_id);
	store_u64le(packet + 40, message->msg_id);
	store_u32le(packet + 48, message->seqno);
	store_u32le(packet + 52, (uint32_t)message->body.size);
	if (message->body.size > 0)
		memcpy(packet + ENVELOPE_OUTER + ENVELOPE_HEADER, message->body.data,
			message->body.size);
	random_fill(random, packet + ENVELOPE_OUTER + size, padding);
	envelope_seal_many(&job, 1, direction);
}

/* spoil: UINT32_MAX makes the length wrong, 0 leaves it. All is looked at once, at the end: which
 * check failed takes no other time. A length beyond the end makes a padding beyond all bounds. */
static int parse(
	const uint8_t *plain, size_t size, uint32_t spoil, struct envelope_message *message)
{
	size_t length = load_u32le(plain + 28) | spoil;
	size_t padding = size - ENVELOPE_HEADER - length, wrong = length % 4;

	wrong |= padding - ENVELOPE_PADDING_MIN > ENVELOPE_PADDING_MAX - ENVELOPE_PADDING_MIN;
	if (wrong)
		return -1;
	message->salt = load_u64le(plain);
	message->session_id = load_u64le(plain + 8);
	message->msg_id = load_u64le(plain + 16);
	message->seqno = load_u32le(plain + 24);
	message->body = bytes_of(plain + ENVELOPE_HEADER, length);
	return 0;
}

int envelope_parse(const uint8_t *plain, size_t size, struct envelope_message *message)
{
	return size < ENVELOPE_HEADER ? -1 : parse(plain, size, 0, message);
}

int envelope_open(const struct auth_key *key, uint8_t *packet, size_t size,
	enum envelope_direction direction, struct envelope_message *message)
{
	struct cipher_key cipher;
	struct digests digests;
	struct hash_job hashes[2];
	uint8_t large[HASH_SHA256_SIZE];
	uint8_t *plain = packet + ENVELOPE_OUTER;

	if (size < ENVELOPE_OUTER + 48 || (size - ENVELOPE_OUTER) % AES_BLOCK != 0)
		return -1;
	size -= ENVELOPE_OUTER;
	derive_jobs(key, packet + 8, direction, &digests, hashes);
	hash_sha256_many(hashes, 2);
	put_together(&digests, &cipher);
	aes_ige_decrypt(cipher.key, cipher.iv, plain, plain, size);
	bytes_wipe(&digests, sizeof(digests));
	bytes_wipe(&cipher, sizeof(cipher));
	hashes[0] = msg_key_job(key, plain, size, direction, large);
	hash_sha256_many(hashes, 1);
	/* Without the right msg_key nothing inside counts (E3), and there is no branch on it. */
	if (parse(plain, size, (uint32_t)bytes_equal_secret(large + 8, packet + 8, MSG_KEY) - 1,
		    message) < 0)
		return -1;
	message->quick_token = load_u32le(large);
	return 0;
}
