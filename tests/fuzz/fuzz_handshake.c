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
	handshake_keys_init(&keys, rsa, &random_system);
}

static enum handshake_result step(struct handshakes *h, struct bytes query, struct buf *answer)
{
	struct handshake_job *job = NULL;
	enum handshake_result result = handshakes_take(h, query, answer, &job);
	int32_t expires_in;

	assert((result == HANDSHAKE_WORK) == (job != NULL) && result != HANDSHAKE_KEY);
	if (!job)
		return result;
	result = handshake_job_run(job, answer);
	if (result == HANDSHAKE_KEY) {
		assert(handshake_job_key(job, &expires_in)->id != 0);
		handshake_job_stored(job, HANDSHAKE_VERDICT_OK, answer);
	}
	handshake_job_free(job);
	return result;
}

static void say(struct handshakes *h, struct bytes query)
{
	struct buf answer = {0};
	enum handshake_result result = step(h, query, &answer);
	bool answers = result == HANDSHAKE_ANSWER || result == HANDSHAKE_KEY;

	assert(answers == (buf_size(&answer) > 0));
	buf_release(&answer);
}

static void raw_queries(struct handshakes *h, const uint8_t *data, size_t size)
{
	while (size >= 2) {
		size_t query = data[0] | (size_t)(data[1] & 3) << 8;

		if (query > size - 2)
			query = size - 2;
		say(h, bytes_of(data + 2, query));
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
static void advance(struct handshakes *h, struct handshake_client *c, struct buf *query)
{
	struct buf answer = {0};

	if (step(h, buf_bytes(query), &answer) != HANDSHAKE_ANSWER)
		abort();
	buf_clear(query);
	if (handshake_client_take(c, buf_bytes(&answer), query) != HANDSHAKE_CLIENT_SEND)
		abort();
	buf_release(&answer);
}

/* p * q of a req_DH_params. */
static struct bytes product_of(const uint8_t *query, uint8_t number[8])
{
	uint64_t p = 0, q = 0;

	for (size_t i = 0; i < 4; i++) {
		p = p << 8 | query[37 + i];
		q = q << 8 | query[45 + i];
	}
	for (size_t i = 0; i < 8; i++)
		number[i] = (uint8_t)(p * q >> (56 - 8 * i));
	return bytes_of(number, 8);
}

static void bent_pq(struct handshakes *h, struct handshake_client *c, struct buf *query,
	const struct random *random, const uint8_t *data, size_t size)
{
	uint8_t sealed[RSA_SIZE], number[8];
	struct buf inner = {0};

	advance(h, c, query);
	/* p and q stand in the query: id 4, nonces 32, p 8, q 8, fingerprint 8, then the sealed
	 * part. */
	wire_put_id(&inner, size & 1 ? WIRE_PQ_INNER_TEMP_DC : WIRE_PQ_INNER_DC);
	wire_put_string(&inner, product_of(buf_data(query), number));
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
	say(h, buf_bytes(query));
	buf_release(&inner);
}

static void bent_dh(struct handshakes *h, struct handshake_client *c, struct buf *query,
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
	say(h, buf_bytes(query));
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
	struct handshakes *server;
	struct buf query = {0};

	if (size < 1)
		return 0;
	need_keys();
	options.server_key = keys.rsa;
	server = handshakes_new(&keys, &clock_system, &random, 4);
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
	handshakes_free(server);
	buf_release(&query);
	return 0;
}
