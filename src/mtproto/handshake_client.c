/* SPDX-License-Identifier: Apache-2.0 */
/* The client's half of key creation: the queries, and the checks that a client owes. */
#include "mtproto/handshake_client.h"

#include "crypto/dh.h"
#include "crypto/hash.h"
#include "crypto/pq.h"
#include "crypto/rsa.h"
#include "mtproto/handshake_crypt.h"
#include "mtproto/wire.h"

enum client_step { ASKED_PQ, ASKED_DH, SENT_DH, FINISHED };

static void put_nonces(const struct handshake_client *c, enum wire_id id, struct buf *out)
{
	wire_put_id(out, id);
	buf_append(out, c->nonce, sizeof(c->nonce));
	buf_append(out, c->server_nonce, sizeof(c->server_nonce));
}

static void put_be(struct buf *out, uint64_t number, size_t size)
{
	uint8_t be[8];

	for (size_t i = 0; i < size; i++)
		be[i] = (uint8_t)(number >> (8 * (size - 1 - i)));
	wire_put_string(out, bytes_of(be, size));
}

void handshake_client_start(struct handshake_client *c,
	const struct handshake_client_options *options, const struct random *random,
	struct buf *out)
{
	memset(c, 0, sizeof(*c));
	c->options = *options;
	c->random = random;
	auth_key_init(&c->key);
	random_fill(random, c->nonce, sizeof(c->nonce));
	random_fill(random, c->new_nonce, sizeof(c->new_nonce));
	wire_put_id(out, options->multi ? WIRE_REQ_PQ_MULTI : WIRE_REQ_PQ);
	buf_append(out, c->nonce, sizeof(c->nonce));
}

static void put_inner(const struct handshake_client *c, const struct pq *pq, struct buf *inner)
{
	static const enum wire_id ids[2][2] = {
		{WIRE_PQ_INNER, WIRE_PQ_INNER_TEMP}, {WIRE_PQ_INNER_DC, WIRE_PQ_INNER_TEMP_DC}};
	bool temp = c->options.expires_in > 0;

	wire_put_id(inner, ids[c->options.name_dc][temp]);
	put_be(inner, pq->product, 8);
	put_be(inner, pq->p, 4);
	put_be(inner, pq->q, 4);
	buf_append(inner, c->nonce, sizeof(c->nonce));
	buf_append(inner, c->server_nonce, sizeof(c->server_nonce));
	buf_append(inner, c->new_nonce, sizeof(c->new_nonce));
	if (c->options.name_dc)
		buf_append_u32le(inner, (uint32_t)c->options.dc);
	if (temp)
		buf_append_u32le(inner, (uint32_t)c->options.expires_in);
}

static bool knows_fingerprint(struct wire_reader *r, uint64_t fingerprint)
{
	uint32_t count;
	bool known = false;

	if (wire_id(r) != WIRE_VECTOR)
		return false;
	count = wire_u32(r);
	for (uint32_t i = 0; i < count && !r->failed; i++)
		known |= wire_u64(r) == fingerprint;
	return known && wire_done(r);
}

static enum handshake_client_result take_pq(
	struct handshake_client *c, struct wire_reader *r, struct buf *out)
{
	const uint8_t *nonce = wire_take(r, 16);
	uint64_t fingerprint = rsa_key_fingerprint(c->options.server_key), product = 0;
	struct buf inner = {0};
	uint8_t encrypted[RSA_SIZE];
	struct bytes number;
	struct pq pq;

	wire_copy(r, c->server_nonce, sizeof(c->server_nonce));
	number = wire_string(r);
	if (!knows_fingerprint(r, fingerprint) || number.size > 8 ||
		memcmp(nonce, c->nonce, 16) != 0)
		return HANDSHAKE_CLIENT_WRONG;
	for (size_t i = 0; i < number.size; i++)
		product = product << 8 | number.data[i];
	if (pq_factor(product, &pq, c->random) < 0)
		return HANDSHAKE_CLIENT_WRONG;
	put_inner(c, &pq, &inner);
	if (c->options.form == HANDSHAKE_RSA_PAD)
		handshake_rsa_pad_seal(
			c->options.server_key, buf_bytes(&inner), c->random, encrypted);
	else
		handshake_rsa_legacy_seal(
			c->options.server_key, buf_bytes(&inner), c->random, encrypted);
	put_nonces(c, WIRE_REQ_DH_PARAMS, out);
	put_be(out, pq.p, 4);
	put_be(out, pq.q, 4);
	buf_append_u64le(out, fingerprint);
	wire_put_string(out, bytes_of(encrypted, sizeof(encrypted)));
	buf_release(&inner);
	c->step = ASKED_DH;
	return HANDSHAKE_CLIENT_SEND;
}

/* Sends g^b for a fresh b and computes the key it leads to. */
static enum handshake_client_result send_public(struct handshake_client *c, struct buf *out)
{
	struct handshake_cipher cipher;
	struct dh_pair pair;
	struct buf inner = {0};
	uint8_t shared[DH_SIZE];
	int agreed;

	dh_pair_make(&pair, c->random);
	agreed = dh_shared_key(pair.secret, c->g_a, shared);
	put_nonces(c, WIRE_CLIENT_DH_INNER, &inner);
	buf_append_u64le(&inner, c->retry_id);
	wire_put_string(&inner, bytes_of(pair.public, DH_SIZE));
	handshake_cipher_derive(&cipher, c->new_nonce, c->server_nonce);
	put_nonces(c, WIRE_SET_CLIENT_DH, out);
	handshake_cipher_seal(&cipher, buf_bytes(&inner), c->random, out);
	auth_key_set(&c->key, shared);
	bytes_wipe(shared, sizeof(shared));
	dh_pair_wipe(&pair);
	buf_release(&inner);
	c->step = SENT_DH;
	return agreed == 0 ? HANDSHAKE_CLIENT_SEND : HANDSHAKE_CLIENT_WRONG;
}

static bool nonces_match(const struct handshake_client *c, struct wire_reader *r)
{
	const uint8_t *nonce = wire_take(r, 16), *server_nonce = wire_take(r, 16);

	return server_nonce && memcmp(nonce, c->nonce, 16) == 0 &&
	       memcmp(server_nonce, c->server_nonce, 16) == 0;
}

static enum handshake_client_result take_dh(
	struct handshake_client *c, struct wire_reader *r, struct buf *out)
{
	bool ours = nonces_match(c, r);
	struct bytes sealed = wire_string(r), prime, g_a;
	struct handshake_cipher cipher;
	uint8_t plain[1024];
	struct wire_reader inner;
	int32_t id;

	handshake_cipher_derive(&cipher, c->new_nonce, c->server_nonce);
	if (!ours || !wire_done(r) ||
		handshake_cipher_open(&cipher, sealed, plain, sizeof(plain)) < 0)
		return HANDSHAKE_CLIENT_WRONG;
	inner = wire_reader_of(bytes_of(plain + HASH_SHA1_SIZE, sealed.size - HASH_SHA1_SIZE));
	id = wire_id(&inner);
	ours = nonces_match(c, &inner);
	c->g = wire_u32(&inner);
	prime = wire_string(&inner);
	g_a = wire_string(&inner);
	c->server_time = wire_u32(&inner);
	if (inner.failed || id != WIRE_SERVER_DH_INNER || !ours || c->g != DH_G ||
		!bytes_equal(prime, bytes_of(dh_prime, DH_SIZE)) || g_a.size != DH_SIZE ||
		!handshake_digest_fits(plain, (size_t)(inner.at - plain) - HASH_SHA1_SIZE))
		return HANDSHAKE_CLIENT_WRONG;
	memcpy(c->g_a, g_a.data, DH_SIZE);
	return send_public(c, out);
}

static enum handshake_client_result take_verdict(
	struct handshake_client *c, int32_t id, struct wire_reader *r, struct buf *out)
{
	uint8_t number = id == WIRE_DH_GEN_OK ? 1 : id == WIRE_DH_GEN_RETRY ? 2 : 3, hash[16];
	bool ours = nonces_match(c, r);
	const uint8_t *theirs = wire_take(r, 16);

	handshake_nonce_hash(c->new_nonce, number, c->key.aux_hash, hash);
	if (!ours || !wire_done(r) || memcmp(theirs, hash, sizeof(hash)) != 0 || number == 3)
		return HANDSHAKE_CLIENT_WRONG;
	if (number == 2) {
		c->retry_id = c->key.aux_hash;
		return send_public(c, out);
	}
	c->key.first_salt = load_u64le(c->new_nonce) ^ load_u64le(c->server_nonce);
	c->key.created_at = c->server_time;
	c->key.dc = c->options.name_dc ? c->options.dc : 0;
	c->key.expires_at = c->options.expires_in > 0 ? c->server_time + c->options.expires_in : 0;
	bytes_wipe(c->new_nonce, sizeof(c->new_nonce));
	c->step = FINISHED;
	return HANDSHAKE_CLIENT_DONE;
}

enum handshake_client_result handshake_client_take(
	struct handshake_client *c, struct bytes answer, struct buf *out)
{
	struct wire_reader r = wire_reader_of(answer);
	int32_t id = wire_id(&r);

	if (c->step == ASKED_PQ && id == WIRE_RES_PQ)
		return take_pq(c, &r, out);
	if (c->step == ASKED_DH && id == WIRE_SERVER_DH_OK)
		return take_dh(c, &r, out);
	if (c->step == SENT_DH &&
		(id == WIRE_DH_GEN_OK || id == WIRE_DH_GEN_RETRY || id == WIRE_DH_GEN_FAIL))
		return take_verdict(c, id, &r, out);
	return HANDSHAKE_CLIENT_WRONG;
}
