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
#define CLIENT_DH_END (HASH_SHA1_SIZE + 304) /* of an inner object with a g_b of DH_SIZE */

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

/* Where g_b lies in client_DH_inner_data; its length is a matter of the data, so it is read without
 * a branch: what can't be is answered with as much that means nothing. */
struct dh_number {
	size_t at, size, end; /* end: of the object */
	bool whole;
};

#define DH_NUMBER_AT (HASH_SHA1_SIZE + 44) /* behind constructor, nonces and retry_id */

static struct dh_number find_number(const uint8_t *plain, size_t size)
{
	uint32_t head = load_u32le(plain + DH_NUMBER_AT), is_long = (head & 0xff) == 254;
	size_t most = size < CLIENT_DH_END ? size : CLIENT_DH_END, mask;
	struct dh_number n;

	n.size = is_long * (head >> 8) + (1 - is_long) * (head & 0xff);
	n.at = DH_NUMBER_AT + 1 + 3 * is_long;
	n.end = (n.at + n.size + 3) & ~(size_t)3;
	n.whole = ((head & 0xff) != 255) & (n.size <= DH_SIZE) & (n.end <= size) &
		  (size - n.end < AES_BLOCK);
	mask = (size_t)0 - n.whole;
	n.at &= mask;
	n.size = (n.size & mask) | (DH_SIZE & ~mask);
	n.end = (n.end & mask) | (most & ~mask);
	return n;
}

int handshake_open_client_dh(const struct handshake_nonces *nonces, const uint8_t new_nonce[32],
	uint64_t retry_id, struct bytes encrypted, uint8_t g_b[DH_SIZE])
{
	struct handshake_cipher cipher;
	uint8_t plain[CLIENT_DH_MAX] = {0};
	const uint8_t *inner = plain + HASH_SHA1_SIZE;
	struct dh_number number;
	uint64_t id;
	bool right;

	handshake_cipher_derive(&cipher, new_nonce, nonces->server);
	if (handshake_cipher_open(&cipher, encrypted, plain, sizeof(plain)) < 0)
		return -1;
	right = load_u32le(inner) == (uint32_t)WIRE_CLIENT_DH_INNER;
	right &= bytes_equal_secret(inner + 4, nonces, sizeof(*nonces));
	id = load_u64le(inner + 36);
	right &= (id == 0) | (id == retry_id);
	number = find_number(plain, encrypted.size);
	right &= number.whole & handshake_digest_fits(plain, number.end - HASH_SHA1_SIZE);
	memset(g_b, 0, DH_SIZE);
	memcpy(g_b + DH_SIZE - number.size, plain + number.at, number.size);
	right &= dh_public_is_sound(g_b);
	bytes_wipe(&cipher, sizeof(cipher));
	bytes_wipe(plain, sizeof(plain));
	return right ? 0 : -1;
}
