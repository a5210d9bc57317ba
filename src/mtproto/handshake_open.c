/* SPDX-License-Identifier: Apache-2.0 */
/* Opening in constant work: verdicts are collected and looked at once, at the end. */
#include "mtproto/handshake_open.h"

#include "crypto/aes.h"
#include "crypto/hash.h"
#include "crypto/rsa.h"
#include "mtproto/handshake_crypt.h"
#include "mtproto/wire.h"

#define PADDED 192
#define LEGACY_AT (1 + HASH_SHA1_SIZE)
/* The four objects have 96 to 104 bytes; what is longer has superfluous zeros in its numbers. */
#define LEGACY_MIN 96
#define LEGACY_MAX 112

#define CLIENT_DH_MAX 512
#define CLIENT_DH_SIZE 304 /* of client_DH_inner_data with a g_b of DH_SIZE */

/* UINT64_MAX for what has more than 8 bytes. */
static uint64_t get_be(struct bytes number)
{
	uint64_t v = 0;

	if (number.size > 8)
		return UINT64_MAX;
	for (size_t i = 0; i < number.size; i++)
		v = v << 8 | number.data[i];
	return v;
}

static bool take_nonces(struct wire_reader *r, const struct handshake_nonces *nonces)
{
	struct handshake_nonces theirs;

	wire_copy(r, theirs.client, sizeof(theirs.client));
	wire_copy(r, theirs.server, sizeof(theirs.server));
	return bytes_equal_secret(&theirs, nonces, sizeof(theirs));
}

/* Which of the lengths makes the digest of the older form fit; 0: none. Each is tried: a length
 * that was read from the data would let the time tell of them. */
static size_t legacy_size_of(const uint8_t raw[RSA_SIZE])
{
	size_t found = 0;

	for (size_t size = LEGACY_MIN; size <= LEGACY_MAX; size += 4)
		found |= size * handshake_digest_fits(raw + 1, size);
	return found * (raw[0] == 0);
}

/* The payload of either form, from the form that fits. false: none does; then *out is noise. */
static bool open_payload(
	const struct rsa_key *rsa, const uint8_t *encrypted, uint8_t out[PADDED], size_t *size)
{
	uint8_t block[RSA_SIZE], raw[RSA_SIZE], padded[PADDED], mask;
	bool in_range = memcmp(encrypted, rsa_key_modulus(rsa), RSA_SIZE) < 0, modern;
	size_t legacy_size;

	/* A number above the modulus has no power: the work is done on another. */
	memcpy(block, encrypted, RSA_SIZE);
	if (!in_range)
		block[0] = 0;
	in_range &= rsa_private_raw(rsa, block, raw) == 0;
	modern = handshake_rsa_pad_open(raw, padded) == 0;
	legacy_size = legacy_size_of(raw);
	mask = (uint8_t)(0 - (unsigned)modern);
	for (size_t i = 0; i < PADDED; i++)
		out[i] = (uint8_t)((padded[i] & mask) | (raw[LEGACY_AT + i] & ~mask));
	*size = modern ? HANDSHAKE_INNER_MAX : legacy_size;
	bytes_wipe(raw, sizeof(raw));
	bytes_wipe(padded, sizeof(padded));
	return in_range & (*size > 0);
}

static bool read_inner(struct wire_reader *r, const struct handshake_nonces *nonces,
	const struct pq *pq, const struct handshake_keys *keys, struct handshake_inner *inner)
{
	int32_t id = wire_id(r);
	bool has_dc = (id == WIRE_PQ_INNER_DC) | (id == WIRE_PQ_INNER_TEMP_DC);
	bool is_temp = (id == WIRE_PQ_INNER_TEMP) | (id == WIRE_PQ_INNER_TEMP_DC);
	bool right = has_dc | is_temp | (id == WIRE_PQ_INNER);

	right &= get_be(wire_string(r)) == pq->product;
	right &= get_be(wire_string(r)) == pq->p;
	right &= get_be(wire_string(r)) == pq->q;
	right &= take_nonces(r, nonces);
	wire_copy(r, inner->new_nonce, sizeof(inner->new_nonce));
	inner->has_dc = has_dc;
	inner->dc = has_dc ? (int32_t)wire_u32(r) : 0;
	inner->expires_in = is_temp ? (int32_t)wire_u32(r) : 0;
	right &= (is_temp == false) |
		 ((inner->expires_in >= 1) & (inner->expires_in <= keys->expires_in_max));
	return right & (r->failed == false);
}

int handshake_open_inner(const struct handshake_keys *keys, const struct handshake_nonces *nonces,
	const struct pq *pq, const uint8_t *encrypted, struct handshake_inner *inner)
{
	uint8_t payload[PADDED];
	size_t size;
	bool opened = open_payload(keys->rsa, encrypted, payload, &size);
	struct wire_reader r = wire_reader_of(bytes_of(payload, opened ? size : sizeof(payload)));
	bool right = opened & read_inner(&r, nonces, pq, keys, inner);

	/* Of the older form the digest covers the object and nothing else. */
	right &= (size == HANDSHAKE_INNER_MAX) | (wire_left(&r) == 0);
	bytes_wipe(payload, sizeof(payload));
	if (!right)
		bytes_wipe(inner, sizeof(*inner));
	return right ? 0 : -1;
}

bool handshake_client_dh_fits(size_t encrypted_size)
{
	return encrypted_size >= 2 * AES_BLOCK && encrypted_size % AES_BLOCK == 0 &&
	       encrypted_size <= CLIENT_DH_MAX;
}

int handshake_open_client_dh(const struct handshake_nonces *nonces, const uint8_t new_nonce[32],
	uint64_t retry_id, struct bytes encrypted, uint8_t g_b[DH_SIZE])
{
	struct handshake_cipher cipher;
	uint8_t plain[CLIENT_DH_MAX] = {0};
	struct wire_reader r;
	struct bytes number;
	size_t size = encrypted.size - HASH_SHA1_SIZE, digested, most;
	uint64_t id;
	bool right, whole;

	handshake_cipher_derive(&cipher, new_nonce, nonces->server);
	if (handshake_cipher_open(&cipher, encrypted, plain, sizeof(plain)) < 0)
		return -1;
	r = wire_reader_of(bytes_of(plain + HASH_SHA1_SIZE, size));
	right = wire_id(&r) == WIRE_CLIENT_DH_INNER;
	right &= take_nonces(&r, nonces);
	id = wire_u64(&r);
	right &= (id == 0) | (id == retry_id);
	number = wire_string(&r);
	whole = (r.failed == false) & (wire_left(&r) < AES_BLOCK) & (number.size <= DH_SIZE);
	/* What could not be read goes on with as much that means nothing. */
	most = size < CLIENT_DH_SIZE ? size : CLIENT_DH_SIZE;
	digested = whole ? size - wire_left(&r) : most;
	number.data = whole ? number.data : plain;
	number.size = whole ? number.size : DH_SIZE;
	right &= whole & handshake_digest_fits(plain, digested);
	memset(g_b, 0, DH_SIZE);
	memcpy(g_b + DH_SIZE - number.size, number.data, number.size);
	right &= dh_public_is_sound(g_b);
	bytes_wipe(&cipher, sizeof(cipher));
	bytes_wipe(plain, sizeof(plain));
	return right ? 0 : -1;
}
