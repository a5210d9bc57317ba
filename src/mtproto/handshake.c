/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The server's half of key creation: which query may come when, and the three answers. Ciphers are
 * in handshake_crypt.c. The K numbers are rules about violations: a refusal never says which check
 * failed. TDLib pads its queries with random bytes inside the plain message, so what follows a
 * query is ignored.
 */
#include "mtproto/handshake.h"

#include <assert.h>
#include <stdlib.h>

#include "base/mem.h"
#include "crypto/dh.h"
#include "crypto/hash.h"
#include "crypto/pq.h"
#include "crypto/rsa.h"
#include "mtproto/handshake_crypt.h"
#include "mtproto/wire.h"

enum step { STEP_START, STEP_PQ, STEP_DH, STEP_STORE, STEP_DONE, STEP_POISONED };

/* An answered query: its digest, and what was answered (K10). */
struct answered {
	uint8_t digest[HASH_SHA256_SIZE];
	struct buf answer;
};

struct handshake {
	const struct handshake_keys *keys;
	const struct clock *clock;
	const struct random *random;
	enum step step;
	int64_t started_s;
	uint8_t nonce[16], server_nonce[16], new_nonce[32];
	struct pq pq;
	struct dh_pair dh;
	uint64_t retry_id; /* aux hash of the key that was refused; 0: none */
	int32_t dc, expires_in;
	struct auth_key key;
	uint8_t pending_digest[HASH_SHA256_SIZE]; /* of the query that waits for the store */
	struct answered answered[3];
};

struct pq_inner {
	struct bytes pq, p, q;
	uint8_t nonce[16], server_nonce[16], new_nonce[32];
	int32_t dc, expires_in;
	bool has_dc, has_expires;
};

void handshake_keys_init(struct handshake_keys *keys, const struct rsa_key *rsa)
{
	keys->rsa = rsa;
	keys->fingerprint = rsa_key_fingerprint(rsa);
	keys->expires_in_max = HANDSHAKE_EXPIRES_IN_MAX;
}

int handshake_self_test(const struct handshake_keys *keys, struct err *err)
{
	uint8_t number[RSA_SIZE] = {0, 1, 2, 3}, sealed[RSA_SIZE], opened[RSA_SIZE];

	if (dh_self_test(err) < 0)
		return -1;
	if (keys->fingerprint != rsa_key_fingerprint(keys->rsa))
		return err_set(err, 0, "the fingerprint does not belong to the server's key");
	if (keys->fingerprint >> 60 == 0)
		return err_set(err, 0,
			"the fingerprint begins with a zero digit: some clients can't find it");
	if (rsa_public_raw(keys->rsa, number, sealed) < 0 ||
		rsa_private_raw(keys->rsa, sealed, opened) < 0 ||
		memcmp(number, opened, sizeof(number)) != 0)
		return err_set(err, 0, "the halves of the server's key do not belong together");
	return 0;
}

struct handshake *handshake_new(
	const struct handshake_keys *keys, const struct clock *clock, const struct random *random)
{
	struct handshake *h = MEM_NEW(struct handshake);

	h->keys = keys;
	h->clock = clock;
	h->random = random;
	h->started_s = clock_monotonic_us(clock) / 1000000;
	auth_key_init(&h->key);
	return h;
}

/* Forgets the run: secrets are overwritten, stored answers freed. */
static void forget(struct handshake *h)
{
	for (size_t i = 0; i < ARRAY_LEN(h->answered); i++)
		buf_release(&h->answered[i].answer);
	bytes_wipe(h->answered, sizeof(h->answered));
	bytes_wipe(h->new_nonce, sizeof(h->new_nonce));
	bytes_wipe(h->pending_digest, sizeof(h->pending_digest));
	dh_pair_wipe(&h->dh);
	auth_key_wipe(&h->key);
	auth_key_init(&h->key);
	h->retry_id = 0;
	h->expires_in = 0;
	h->dc = 0;
}

void handshake_free(struct handshake *h)
{
	if (!h)
		return;
	forget(h);
	free(h);
}

/* K3: this run is over, whatever comes. The nonces stay, to know it again. */
static enum handshake_result poison(struct handshake *h)
{
	forget(h);
	h->step = STEP_POISONED;
	return HANDSHAKE_REFUSE;
}

static void remember(struct handshake *h, size_t slot, const uint8_t digest[HASH_SHA256_SIZE],
	const struct buf *answer, size_t before)
{
	struct answered *a = &h->answered[slot];

	memcpy(a->digest, digest, HASH_SHA256_SIZE);
	buf_release(&a->answer);
	buf_append(&a->answer, buf_data(answer) + before, buf_size(answer) - before);
}

static bool repeat(struct handshake *h, const uint8_t digest[HASH_SHA256_SIZE], struct buf *answer)
{
	for (size_t i = 0; i < ARRAY_LEN(h->answered); i++) {
		const struct answered *a = &h->answered[i];

		if (buf_size(&a->answer) > 0 && memcmp(a->digest, digest, HASH_SHA256_SIZE) == 0) {
			buf_append_bytes(answer, buf_bytes(&a->answer));
			return true;
		}
	}
	return false;
}

static void put_be(struct buf *out, uint64_t number)
{
	uint8_t be[8];
	size_t skip = 0;

	for (size_t i = 0; i < sizeof(be); i++)
		be[i] = (uint8_t)(number >> (56 - 8 * i));
	while (skip < 7 && be[skip] == 0)
		skip++;
	wire_put_string(out, bytes_of(be + skip, sizeof(be) - skip));
}

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

static void put_nonces(struct handshake *h, enum wire_id id, struct buf *out)
{
	wire_put_id(out, id);
	buf_append(out, h->nonce, sizeof(h->nonce));
	buf_append(out, h->server_nonce, sizeof(h->server_nonce));
}

static bool nonces_match(
	const struct handshake *h, const uint8_t *nonce, const uint8_t *server_nonce)
{
	return nonce && server_nonce && memcmp(nonce, h->nonce, 16) == 0 &&
	       memcmp(server_nonce, h->server_nonce, 16) == 0;
}

static enum handshake_result take_req_pq(struct handshake *h, struct wire_reader *r,
	const uint8_t digest[HASH_SHA256_SIZE], struct buf *answer)
{
	const uint8_t *nonce = wire_take(r, 16);
	size_t before = buf_size(answer);

	if (r->failed)
		return poison(h);
	if (h->step != STEP_START && memcmp(nonce, h->nonce, 16) == 0)
		return poison(h); /* the same run again, but not the same bytes */
	forget(h);
	h->started_s = clock_monotonic_us(h->clock) / 1000000;
	memcpy(h->nonce, nonce, 16);
	random_fill(h->random, h->server_nonce, sizeof(h->server_nonce));
	pq_make(&h->pq, h->random);
	put_nonces(h, WIRE_RES_PQ, answer);
	put_be(answer, h->pq.product);
	wire_put_id(answer, WIRE_VECTOR);
	buf_append_u32le(answer, 1);
	buf_append_u64le(answer, h->keys->fingerprint);
	h->step = STEP_PQ;
	remember(h, 0, digest, answer, before);
	return HANDSHAKE_ANSWER;
}

/* Returns how many bytes the object has, or 0. */
static size_t parse_inner(struct bytes from, struct pq_inner *inner)
{
	struct wire_reader r = wire_reader_of(from);
	int32_t id = wire_id(&r);

	memset(inner, 0, sizeof(*inner));
	inner->has_dc = id == WIRE_PQ_INNER_DC || id == WIRE_PQ_INNER_TEMP_DC;
	inner->has_expires = id == WIRE_PQ_INNER_TEMP || id == WIRE_PQ_INNER_TEMP_DC;
	if (id != WIRE_PQ_INNER && !inner->has_dc && !inner->has_expires)
		r.failed = true;
	inner->pq = wire_string(&r);
	inner->p = wire_string(&r);
	inner->q = wire_string(&r);
	wire_copy(&r, inner->nonce, 16);
	wire_copy(&r, inner->server_nonce, 16);
	wire_copy(&r, inner->new_nonce, 32);
	if (inner->has_dc)
		inner->dc = (int32_t)wire_u32(&r);
	if (inner->has_expires)
		inner->expires_in = (int32_t)wire_u32(&r);
	return r.failed ? 0 : from.size - wire_left(&r);
}

/* Both forms are always tried, so that a refusal costs the same whatever was wrong (the older form
 * could otherwise be used to ask whether a guess was right). */
static int open_inner(const struct handshake *h, const uint8_t encrypted[RSA_SIZE],
	uint8_t kept[RSA_SIZE], struct pq_inner *inner)
{
	uint8_t raw[RSA_SIZE], padded[192];
	struct pq_inner modern, legacy;
	int opened = rsa_private_raw(h->keys->rsa, encrypted, raw);
	int fits = handshake_rsa_pad_open(raw, padded);
	size_t modern_size = parse_inner(bytes_of(padded, sizeof(padded)), &modern);
	size_t legacy_size = parse_inner(bytes_of(raw + 21, sizeof(raw) - 21), &legacy);
	bool legacy_fits = handshake_digest_fits(raw + 1, legacy_size);
	int result = -1;

	if (opened == 0 && fits == 0 && modern_size > 0 && modern_size <= HANDSHAKE_INNER_MAX) {
		memcpy(kept, padded, sizeof(padded));
		parse_inner(bytes_of(kept, modern_size), inner);
		result = 0;
	} else if (opened == 0 && raw[0] == 0 && legacy_size > 0 && legacy_fits) {
		memcpy(kept, raw + 21, legacy_size);
		parse_inner(bytes_of(kept, legacy_size), inner);
		result = 0;
	}
	bytes_wipe(raw, sizeof(raw));
	bytes_wipe(padded, sizeof(padded));
	bytes_wipe(&modern, sizeof(modern));
	bytes_wipe(&legacy, sizeof(legacy));
	return result;
}

static bool inner_is_right(const struct handshake *h, const struct pq_inner *inner)
{
	return nonces_match(h, inner->nonce, inner->server_nonce) &&
	       get_be(inner->pq) == h->pq.product && get_be(inner->p) == h->pq.p &&
	       get_be(inner->q) == h->pq.q &&
	       (!inner->has_expires ||
		       (inner->expires_in >= 1 && inner->expires_in <= h->keys->expires_in_max));
}

/* Every data centre from 1 to 5 is served here; +10000 is the test one, negative ones carry media.
 */
static bool dc_is_ours(int32_t dc)
{
	int64_t number = dc < 0 ? -(int64_t)dc : dc;

	return (number >= 1 && number <= 5) || (number >= 10001 && number <= 10005);
}

static void put_server_dh(struct handshake *h, struct buf *answer)
{
	struct handshake_cipher cipher;
	struct buf inner = {0};

	dh_pair_make(&h->dh, h->random);
	put_nonces(h, WIRE_SERVER_DH_INNER, &inner);
	buf_append_u32le(&inner, DH_G);
	wire_put_string(&inner, bytes_of(dh_prime, DH_SIZE));
	wire_put_string(&inner, bytes_of(h->dh.public, DH_SIZE));
	buf_append_u32le(&inner, (uint32_t)clock_unix_s(h->clock));
	handshake_cipher_derive(&cipher, h->new_nonce, h->server_nonce);
	put_nonces(h, WIRE_SERVER_DH_OK, answer);
	handshake_cipher_seal(&cipher, buf_bytes(&inner), h->random, answer);
	bytes_wipe(&cipher, sizeof(cipher));
	buf_release(&inner);
}

static enum handshake_result take_req_dh(struct handshake *h, struct wire_reader *r,
	const uint8_t digest[HASH_SHA256_SIZE], struct buf *answer)
{
	const uint8_t *nonce = wire_take(r, 16), *server_nonce = wire_take(r, 16);
	struct bytes p = wire_string(r), q = wire_string(r);
	uint64_t fingerprint = wire_u64(r);
	struct bytes encrypted = wire_string(r);
	uint8_t kept[RSA_SIZE], block[RSA_SIZE] = {0};
	struct pq_inner inner = {0};
	size_t before = buf_size(answer);
	bool right = !r->failed && h->step == STEP_PQ && nonces_match(h, nonce, server_nonce) &&
		     get_be(p) == h->pq.p && get_be(q) == h->pq.q &&
		     fingerprint == h->keys->fingerprint && encrypted.size == RSA_SIZE;

	if (encrypted.size == RSA_SIZE)
		memcpy(block, encrypted.data, RSA_SIZE);
	if (open_inner(h, block, kept, &inner) < 0 || !right || !inner_is_right(h, &inner)) {
		bytes_wipe(kept, sizeof(kept));
		bytes_wipe(&inner, sizeof(inner));
		return poison(h);
	}
	if (inner.has_dc && !dc_is_ours(inner.dc)) {
		(void)poison(h);
		return HANDSHAKE_WRONG_DC;
	}
	memcpy(h->new_nonce, inner.new_nonce, sizeof(h->new_nonce));
	h->dc = inner.dc;
	h->expires_in = inner.expires_in;
	bytes_wipe(kept, sizeof(kept));
	bytes_wipe(&inner, sizeof(inner));
	put_server_dh(h, answer);
	h->step = STEP_DH;
	remember(h, 1, digest, answer, before);
	return HANDSHAKE_ANSWER;
}

/* g_b of client_DH_inner_data, left-padded. -1: anything wrong. */
static int open_client_dh(const struct handshake *h, struct bytes encrypted, uint8_t g_b[DH_SIZE])
{
	struct handshake_cipher cipher;
	uint8_t plain[512];
	struct wire_reader r;
	struct bytes number;
	uint64_t retry_id;
	const uint8_t *nonce, *server_nonce;
	int32_t id;

	handshake_cipher_derive(&cipher, h->new_nonce, h->server_nonce);
	if (handshake_cipher_open(&cipher, encrypted, plain, sizeof(plain)) < 0)
		return -1;
	r = wire_reader_of(bytes_of(plain + HASH_SHA1_SIZE, encrypted.size - HASH_SHA1_SIZE));
	id = wire_id(&r);
	nonce = wire_take(&r, 16);
	server_nonce = wire_take(&r, 16);
	retry_id = wire_u64(&r);
	number = wire_string(&r);
	if (r.failed || !handshake_digest_fits(plain, (size_t)(r.at - plain) - HASH_SHA1_SIZE) ||
		wire_left(&r) >= 16 || id != WIRE_CLIENT_DH_INNER ||
		!nonces_match(h, nonce, server_nonce) ||
		(retry_id != 0 && retry_id != h->retry_id) || number.size > DH_SIZE)
		return -1;
	memset(g_b, 0, DH_SIZE);
	memcpy(g_b + DH_SIZE - number.size, number.data, number.size);
	return 0;
}

static enum handshake_result take_client_dh(
	struct handshake *h, struct wire_reader *r, const uint8_t digest[HASH_SHA256_SIZE])
{
	const uint8_t *nonce = wire_take(r, 16), *server_nonce = wire_take(r, 16);
	struct bytes encrypted = wire_string(r);
	uint8_t g_b[DH_SIZE], shared[DH_SIZE];

	if (r->failed || h->step != STEP_DH || !nonces_match(h, nonce, server_nonce) ||
		open_client_dh(h, encrypted, g_b) < 0 ||
		dh_shared_key(h->dh.secret, g_b, shared) < 0)
		return poison(h);
	auth_key_init(&h->key);
	auth_key_set(&h->key, shared);
	bytes_wipe(shared, sizeof(shared));
	h->key.first_salt = load_u64le(h->new_nonce) ^ load_u64le(h->server_nonce);
	h->key.created_at = clock_unix_s(h->clock);
	h->key.expires_at = h->expires_in > 0 ? h->key.created_at + h->expires_in : 0;
	h->key.dc = h->dc;
	memcpy(h->pending_digest, digest, HASH_SHA256_SIZE);
	h->step = STEP_STORE;
	return HANDSHAKE_KEY;
}

/* Without the random bytes behind it: a repeat has others there. A query that is cut short counts
 * whole. */
static size_t query_size(struct bytes query)
{
	struct wire_reader r = wire_reader_of(query);
	int32_t id = wire_id(&r);

	(void)wire_take(&r, id == WIRE_REQ_PQ || id == WIRE_REQ_PQ_MULTI ? 16 : 32);
	if (id == WIRE_REQ_DH_PARAMS) {
		(void)wire_string(&r);
		(void)wire_string(&r);
		(void)wire_u64(&r);
	}
	if (id == WIRE_REQ_DH_PARAMS || id == WIRE_SET_CLIENT_DH)
		(void)wire_string(&r);
	return r.failed ? query.size : query.size - wire_left(&r);
}

enum handshake_result handshake_step(struct handshake *h, struct bytes query, struct buf *answer)
{
	struct wire_reader r = wire_reader_of(query);
	uint8_t digest[HASH_SHA256_SIZE];
	int32_t id = wire_id(&r);

	assert(h->step != STEP_STORE);
	if (id == WIRE_MSGS_ACK)
		return HANDSHAKE_NOTHING; /* some clients acknowledge plain messages */
	hash_sha256(bytes_of(query.data, query_size(query)), digest);
	if (repeat(h, digest, answer))
		return HANDSHAKE_ANSWER;
	switch (id) {
	case WIRE_REQ_PQ:
	case WIRE_REQ_PQ_MULTI:
		return take_req_pq(h, &r, digest, answer);
	case WIRE_REQ_DH_PARAMS:
		return take_req_dh(h, &r, digest, answer);
	case WIRE_SET_CLIENT_DH:
		return take_client_dh(h, &r, digest);
	default:
		return poison(h);
	}
}

const struct auth_key *handshake_key(const struct handshake *h, int32_t *expires_in)
{
	assert(h->step == STEP_STORE);
	*expires_in = h->expires_in;
	return &h->key;
}

void handshake_stored(struct handshake *h, enum handshake_verdict verdict, struct buf *answer)
{
	static const enum wire_id ids[] = {WIRE_DH_GEN_OK, WIRE_DH_GEN_RETRY, WIRE_DH_GEN_FAIL};
	uint8_t hash[16];
	size_t before = buf_size(answer);

	assert(h->step == STEP_STORE);
	handshake_nonce_hash(h->new_nonce, (uint8_t)(verdict + 1), h->key.aux_hash, hash);
	put_nonces(h, ids[verdict], answer);
	buf_append(answer, hash, sizeof(hash));
	remember(h, 2, h->pending_digest, answer, before);
	if (verdict == HANDSHAKE_VERDICT_RETRY) {
		h->retry_id = h->key.aux_hash;
		h->step = STEP_DH;
	} else {
		dh_pair_wipe(&h->dh);
		bytes_wipe(h->new_nonce, sizeof(h->new_nonce));
		h->step = STEP_DONE;
	}
	auth_key_wipe(&h->key);
	auth_key_init(&h->key);
}

bool handshake_expired(const struct handshake *h, int64_t limit_s)
{
	return h->step != STEP_STORE &&
	       clock_monotonic_us(h->clock) / 1000000 - h->started_s > limit_s;
}

bool handshake_is_costly(struct bytes query)
{
	struct wire_reader r = wire_reader_of(query);
	int32_t id = wire_id(&r);

	return id == WIRE_REQ_DH_PARAMS || id == WIRE_SET_CLIENT_DH;
}
