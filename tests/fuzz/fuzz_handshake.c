/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Key creation with hostile peers on either side. First byte: 0 queries as they are; 1 and 2 a
 * right run whose encrypted part (p_q_inner_data, client_DH_inner_data) is bent by the input before
 * it is sealed; 3 answers to a client.
 */
#include <assert.h>
#include <stdlib.h>

#include "crypto/rsa.h"
#include "mtproto/handshake.h"
#include "mtproto/handshake_client.h"
#include "mtproto/handshake_crypt.h"
#include "mtproto/wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct handshake_keys keys;

static void noise(void *ctx, void *out, size_t size)
{
	uint64_t *state = ctx;
	uint8_t *to = out;

	for (size_t i = 0; i < size; i++) {
		*state = *state * 6364136223846793005 + 1442695040888963407;
		to[i] = (uint8_t)(*state >> 56);
	}
}

static void need_keys(void)
{
	struct err err;
	struct rsa_key *rsa;

	if (keys.rsa)
		return;
	rsa = rsa_key_generate(&err);
	if (!rsa)
		abort();
	handshake_keys_init(&keys, rsa);
}

static void step(struct handshake *h, struct bytes query)
{
	struct buf answer = {0};
	int32_t expires_in;

	if (handshake_step(h, query, &answer) == HANDSHAKE_KEY) {
		assert(handshake_key(h, &expires_in)->id != 0);
		handshake_stored(h, HANDSHAKE_VERDICT_OK, &answer);
	}
	buf_release(&answer);
}

static void raw_queries(struct handshake *h, const uint8_t *data, size_t size)
{
	while (size >= 2) {
		size_t query = data[0] | (size_t)(data[1] & 3) << 8;

		if (query > size - 2)
			query = size - 2;
		step(h, bytes_of(data + 2, query));
		data += 2 + query;
		size -= 2 + query;
	}
}

static void bend(struct buf *inner, const uint8_t *data, size_t size)
{
	for (size_t i = 0; i < size && i < buf_size(inner); i++)
		buf_data(inner)[i] ^= data[i];
}

/* The client takes the server's answers; *query is what it would say next. */
static void advance(struct handshake *h, struct handshake_client *c, struct buf *query)
{
	struct buf answer = {0};

	if (handshake_step(h, buf_bytes(query), &answer) != HANDSHAKE_ANSWER)
		abort();
	buf_clear(query);
	if (handshake_client_take(c, buf_bytes(&answer), query) != HANDSHAKE_CLIENT_SEND)
		abort();
	buf_release(&answer);
}

static void bent_pq(struct handshake *h, struct handshake_client *c, struct buf *query,
	const struct random *random, const uint8_t *data, size_t size)
{
	uint8_t sealed[RSA_SIZE];
	struct buf inner = {0};

	advance(h, c, query);
	/* p and q stand in the query: id 4, nonces 32, p 8, q 8, fingerprint 8, then the sealed
	 * part. */
	wire_put_id(&inner, size & 1 ? WIRE_PQ_INNER_TEMP_DC : WIRE_PQ_INNER_DC);
	wire_put_string(&inner, bytes_of("\x11\x22\x33\x44\x55\x66\x77\x11", 8));
	buf_append(&inner, buf_data(query) + 36, 16);
	buf_append(&inner, buf_data(query) + 4, 32);
	buf_append(&inner, c->new_nonce, 32);
	buf_append_u32le(&inner, 2);
	buf_append_u32le(&inner, 86400);
	bend(&inner, data, size);
	if (size & 2)
		handshake_rsa_legacy_seal(keys.rsa, buf_bytes(&inner), random, sealed);
	else
		handshake_rsa_pad_seal(keys.rsa, buf_bytes(&inner), random, sealed);
	memcpy(buf_data(query) + buf_size(query) - RSA_SIZE, sealed, RSA_SIZE);
	step(h, buf_bytes(query));
	buf_release(&inner);
}

static void bent_dh(struct handshake *h, struct handshake_client *c, struct buf *query,
	const struct random *random, const uint8_t *data, size_t size)
{
	struct handshake_cipher cipher;
	struct buf inner = {0};

	advance(h, c, query);
	advance(h, c, query);
	handshake_cipher_derive(&cipher, c->new_nonce, c->server_nonce);
	wire_put_id(&inner, WIRE_CLIENT_DH_INNER);
	buf_append(&inner, c->nonce, 16);
	buf_append(&inner, c->server_nonce, 16);
	buf_append_u64le(&inner, 0);
	wire_put_string(&inner, bytes_of(c->g_a, sizeof(c->g_a)));
	bend(&inner, data, size);
	buf_truncate(query, 36);
	handshake_cipher_seal(&cipher, buf_bytes(&inner), random, query);
	step(h, buf_bytes(query));
	buf_release(&inner);
}

static void answers(struct handshake_client *c, const uint8_t *data, size_t size)
{
	struct buf query = {0};

	while (size >= 2) {
		size_t answer = data[0] | (size_t)(data[1] & 3) << 8;

		if (answer > size - 2)
			answer = size - 2;
		if (handshake_client_take(c, bytes_of(data + 2, answer), &query) ==
			HANDSHAKE_CLIENT_WRONG)
			break;
		data += 2 + answer;
		size -= 2 + answer;
	}
	buf_release(&query);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint64_t state = 1;
	struct random random = {noise, &state};
	struct handshake_client_options options = {.multi = true, .name_dc = true, .dc = 2};
	struct handshake_client client;
	struct handshake *server;
	struct buf query = {0};

	if (size < 1)
		return 0;
	need_keys();
	options.server_key = keys.rsa;
	server = handshake_new(&keys, &clock_system, &random);
	handshake_client_start(&client, &options, &random, &query);
	switch (data[0] % 4) {
	case 0:
		raw_queries(server, data + 1, size - 1);
		break;
	case 1:
		bent_pq(server, &client, &query, &random, data + 1, size - 1);
		break;
	case 2:
		bent_dh(server, &client, &query, &random, data + 1, size - 1);
		break;
	default:
		answers(&client, data + 1, size - 1);
	}
	handshake_free(server);
	buf_release(&query);
	return 0;
}
