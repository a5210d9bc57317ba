/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Key creation with hostile peers on either side, without the cost of its powers (cheap_power.c).
 * The first byte: 0 queries as they are; 1 and 2 a right run whose encrypted part (p_q_inner_data,
 * client_DH_inner_data) is bent by the input before it is sealed; 3 answers to a client; else a
 * play: three clients of which every step may go right, wrong, twice, late or to the neighbour.
 */
#include <stdlib.h>

#include "cheap_power.h"
#include "crypto/rsa.h"
#include "mtproto/handshake.h"
#include "mtproto/handshake_client.h"
#include "mtproto/handshake_crypt.h"
#include "mtproto/wire.h"
#include "server_key.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define CLIENTS 3
#define STEPS_MAX 48
#define OPEN_MAX 2 /* so that a third run puts out the first */

static struct handshake_keys keys;

struct client {
	struct handshake_client c;
	struct buf query, last, last_answer; /* what it says next; said last, and what came */
	bool over;
	struct handshake_job *held;
	bool held_asked; /* the held job is of an unchanged query */
	uint64_t key_id; /* of the key that the server made last */
	unsigned keys;	 /* that were stored for it */
};

static struct {
	const uint8_t *data;
	size_t size;
	struct handshakes *server;
	struct random random;
	uint64_t state;
	int64_t now_us;
	struct client clients[CLIENTS];
} f;

static void require(bool holds)
{
	if (!holds)
		abort();
}

static void noise(void *ctx, void *out, size_t size)
{
	uint64_t *state = ctx;
	uint8_t *to = out;

	for (size_t i = 0; i < size; i++) {
		*state = *state * 6364136223846793005 + 1442695040888963407;
		to[i] = (uint8_t)(*state >> 56);
	}
}

static int64_t now(void *ctx)
{
	(void)ctx;
	return f.now_us;
}

static const struct clock fuzz_clock = {now, now, NULL};

static void need_keys(void)
{
	uint64_t state = 7;
	struct random random = {noise, &state};
	struct rsa_key *rsa;
	struct err err;

	if (keys.rsa)
		return;
	rsa = rsa_key_parse_public(BYTES_LITERAL(SERVER_KEY_PEM), &err);
	require(rsa != NULL);
	handshake_keys_init(&keys, rsa, &random);
	cheap_power_knows(keys.primes, ARRAY_LEN(keys.primes));
}

static uint8_t take(void)
{
	if (f.size == 0)
		return 0;
	f.size--;
	return *f.data++;
}

static size_t take_u16(void)
{
	size_t low = take();

	return low | (size_t)take() << 8;
}

/* ---- One query at a time ---- */

static enum handshake_result run_job(struct handshake_job *job, enum handshake_verdict verdict,
	struct buf *answer, uint64_t *key)
{
	enum handshake_result result = handshake_job_run(job, answer);
	int32_t expires_in;

	require(result != HANDSHAKE_WORK);
	if (result == HANDSHAKE_KEY) {
		*key = handshake_job_key(job, &expires_in)->id;
		require(*key != 0 && expires_in >= 0 && expires_in <= HANDSHAKE_EXPIRES_IN_MAX);
		handshake_job_stored(job, verdict, answer);
	}
	handshake_job_free(job);
	return result;
}

static enum handshake_result ask(struct bytes query, struct buf *answer, uint64_t *key)
{
	struct handshake_job *job = NULL;
	enum handshake_result result = handshakes_take(f.server, query, answer, &job);

	require((result == HANDSHAKE_WORK) == (job != NULL) && result != HANDSHAKE_KEY);
	if (job)
		result = run_job(job, HANDSHAKE_VERDICT_OK, answer, key);
	require((result == HANDSHAKE_ANSWER || result == HANDSHAKE_KEY) == (buf_size(answer) > 0));
	return result;
}

static enum handshake_result say(struct bytes query)
{
	struct buf answer = {0};
	uint64_t key;
	enum handshake_result result = ask(query, &answer, &key);

	buf_release(&answer);
	return result;
}

static void raw_queries(void)
{
	while (f.size >= 2) {
		size_t size = take_u16() & 0x3ff;

		if (size > f.size)
			size = f.size;
		(void)say(bytes_of(f.data, size));
		f.data += size;
		f.size -= size;
	}
}

/* ---- What is behind RSA and AES ---- */

static void bend(struct buf *inner)
{
	for (size_t i = 0; f.size > 0 && i < buf_size(inner); i++)
		buf_data(inner)[i] ^= take();
}

/* The client takes the server's answer; its query is what it would say next. */
static void advance(struct client *client)
{
	struct buf answer = {0};
	uint64_t key;

	require(ask(buf_bytes(&client->query), &answer, &key) == HANDSHAKE_ANSWER);
	buf_clear(&client->query);
	require(handshake_client_take(&client->c, buf_bytes(&answer), &client->query) ==
		HANDSHAKE_CLIENT_SEND);
	buf_release(&answer);
}

static uint64_t get_be(struct bytes number)
{
	uint64_t v = 0;

	if (number.size > 8)
		return 0;
	for (size_t i = 0; i < number.size; i++)
		v = v << 8 | number.data[i];
	return v;
}

/* p and q stand in the query: id 4, nonces 32, p 8, q 8, fingerprint 8, then the sealed part. */
static void put_pq_inner(const struct client *client, int32_t id, struct buf *inner)
{
	const uint8_t *query = buf_data(&client->query);
	uint64_t product = get_be(bytes_of(query + 37, 4)) * get_be(bytes_of(query + 45, 4));
	uint8_t number[8];

	for (size_t i = 0; i < sizeof(number); i++)
		number[i] = (uint8_t)(product >> (56 - 8 * i));
	wire_put_id(inner, (enum wire_id)id);
	wire_put_string(inner, bytes_of(number, sizeof(number)));
	buf_append(inner, query + 36, 16);
	buf_append(inner, query + 4, 32);
	buf_append(inner, client->c.new_nonce, 32);
	buf_append_u32le(inner, 2);
	buf_append_u32le(inner, 86400);
}

/* What the server must have found in it before it answers. */
static bool pq_inner_is_right(const struct client *client, struct bytes inner)
{
	const uint8_t *query = buf_data(&client->query);
	uint64_t p = get_be(bytes_of(query + 37, 4)), q = get_be(bytes_of(query + 45, 4));
	struct wire_reader r = wire_reader_of(inner);
	const uint8_t *nonces;
	bool right;

	(void)wire_id(&r);
	right = get_be(wire_string(&r)) == p * q;
	right &= get_be(wire_string(&r)) == p;
	right &= get_be(wire_string(&r)) == q;
	nonces = wire_take(&r, 32);
	return right && nonces && memcmp(nonces, query + 4, 32) == 0;
}

static void bent_pq(struct client *client)
{
	static const enum wire_id ids[] = {
		WIRE_PQ_INNER_DC, WIRE_PQ_INNER_TEMP_DC, WIRE_PQ_INNER, WIRE_PQ_INNER_TEMP};
	uint8_t how = take(), sealed[RSA_SIZE];
	struct buf inner = {0};
	enum handshake_result result;

	put_pq_inner(client, ids[how % 4], &inner);
	bend(&inner);
	if (how & 4) {
		buf_truncate(&inner, (size_t)96 + how / 8 % 4 * 4);
		handshake_rsa_legacy_seal(keys.rsa, buf_bytes(&inner), &f.random, sealed);
	} else {
		handshake_rsa_pad_seal(keys.rsa, buf_bytes(&inner), &f.random, sealed);
	}
	memcpy(buf_data(&client->query) + buf_size(&client->query) - RSA_SIZE, sealed, RSA_SIZE);
	result = say(buf_bytes(&client->query));
	require(result != HANDSHAKE_ANSWER || pq_inner_is_right(client, buf_bytes(&inner)));
	buf_release(&inner);
}

static void bent_dh(struct client *client)
{
	struct handshake_cipher cipher;
	struct buf inner = {0};
	uint8_t how = take();
	enum handshake_result result;

	handshake_cipher_derive(&cipher, client->c.new_nonce, client->c.server_nonce);
	wire_put_id(&inner, WIRE_CLIENT_DH_INNER);
	buf_append(&inner, client->c.nonce, 16);
	buf_append(&inner, client->c.server_nonce, 16);
	buf_append_u64le(&inner, 0);
	wire_put_string(&inner, bytes_of(client->c.g_a, sizeof(client->c.g_a)));
	bend(&inner);
	if (how)
		buf_truncate(&inner, buf_size(&inner) - how);
	buf_truncate(&client->query, 36);
	handshake_cipher_seal(&cipher, buf_bytes(&inner), &f.random, &client->query);
	result = say(buf_bytes(&client->query));
	require(result != HANDSHAKE_KEY ||
		(memcmp(buf_data(&inner) + 4, &client->c.nonce, 16) == 0 &&
			memcmp(buf_data(&inner) + 20, &client->c.server_nonce, 16) == 0));
	buf_release(&inner);
}

static void answers(struct client *client)
{
	while (f.size >= 2) {
		size_t size = take_u16() & 0x3ff;

		if (size > f.size)
			size = f.size;
		if (handshake_client_take(&client->c, bytes_of(f.data, size), &client->query) ==
			HANDSHAKE_CLIENT_WRONG)
			break;
		f.data += size;
		f.size -= size;
	}
}

/* ---- The play ---- */

static void start(struct client *client, uint8_t how)
{
	struct handshake_client_options options = {.server_key = keys.rsa,
		.form = how & 1 ? HANDSHAKE_RSA_LEGACY : HANDSHAKE_RSA_PAD,
		.multi = how & 2,
		.name_dc = how & 4,
		.dc = (int32_t)(how >> 4 & 7) - 1,
		.expires_in = how & 8 ? (how & 128 ? HANDSHAKE_EXPIRES_IN_MAX + 1 : 86400) : 0};

	buf_clear(&client->query);
	buf_clear(&client->last);
	buf_clear(&client->last_answer);
	handshake_client_start(&client->c, &options, &f.random, &client->query);
	client->over = false;
	client->keys = 0;
}

/* Its next query, and the answer; the client goes on if it was right. */
static void heard(struct client *client, enum handshake_result result, struct buf *answer)
{
	struct buf next = {0};

	if (result == HANDSHAKE_KEY || result == HANDSHAKE_ANSWER) {
		switch (handshake_client_take(&client->c, buf_bytes(answer), &next)) {
		case HANDSHAKE_CLIENT_SEND:
			break;
		case HANDSHAKE_CLIENT_DONE:
			require(client->c.key.id == client->key_id && ++client->keys == 1);
			client->over = true;
			break;
		case HANDSHAKE_CLIENT_WRONG: /* dh_gen_fail */
			require(result == HANDSHAKE_KEY);
			client->over = true;
		}
	} else {
		client->over |= result != HANDSHAKE_NOTHING;
	}
	buf_clear(&client->last);
	buf_append_bytes(&client->last, buf_bytes(&client->query));
	buf_clear(&client->last_answer);
	buf_append_bytes(&client->last_answer, buf_bytes(answer));
	if (buf_size(&next) > 0 || client->over) {
		buf_clear(&client->query);
		buf_append_bytes(&client->query, buf_bytes(&next));
	}
	buf_release(&next);
}

static void finish(struct client *client, struct handshake_job *job)
{
	enum handshake_verdict verdict = (enum handshake_verdict)(take() % 3);
	struct buf answer = {0};
	enum handshake_result result = run_job(job, verdict, &answer, &client->key_id);

	heard(client, result, &answer);
	buf_release(&answer);
}

static void right_step(struct client *client, bool hold)
{
	struct handshake_job *job = NULL;
	struct buf answer = {0};
	enum handshake_result result;

	if (client->over || client->held || buf_size(&client->query) == 0)
		return;
	result = handshakes_take(f.server, buf_bytes(&client->query), &answer, &job);
	require((result == HANDSHAKE_WORK) == (job != NULL));
	if (job && hold)
		client->held = job;
	else if (job)
		finish(client, job);
	else
		heard(client, result, &answer);
	buf_release(&answer);
}

static void end_held(struct client *client, bool run)
{
	struct handshake_job *job = client->held;

	client->held = NULL;
	if (job && run)
		finish(client, job);
	else
		handshake_job_free(job);
}

/* Nothing that is not a right query of the run is answered as one. */
static void wrong_step(struct client *client)
{
	struct buf query = {0}, answer = {0};
	size_t at = take_u16(), size = buf_size(&client->query);
	uint8_t by = take();
	enum handshake_result result;
	uint64_t key;
	bool first;

	if (size == 0)
		return;
	at %= size;
	first = load_u32le(buf_data(&client->query)) == (uint32_t)WIRE_REQ_PQ ||
		load_u32le(buf_data(&client->query)) == (uint32_t)WIRE_REQ_PQ_MULTI;
	buf_append_bytes(&query, buf_bytes(&client->query));
	if (by)
		buf_data(&query)[at] ^= by;
	else
		buf_truncate(&query, at);
	result = ask(buf_bytes(&query), &answer, &key);
	if (!first && by && at >= 4 && at < 36)
		require(result == HANDSHAKE_REFUSE);
	if (!first && !by)
		require(result != HANDSHAKE_ANSWER && result != HANDSHAKE_KEY);
	buf_release(&query);
	buf_release(&answer);
}

/* K10: the same bytes again, or nothing at all; never another key. */
static void repeat(struct client *client)
{
	struct buf answer = {0};
	struct handshake_job *job = NULL;
	enum handshake_result result;

	if (buf_size(&client->last) == 0)
		return;
	result = handshakes_take(f.server, buf_bytes(&client->last), &answer, &job);
	if (result == HANDSHAKE_ANSWER && buf_size(&client->last_answer) > 0 &&
		load_u32le(buf_data(&client->last_answer)) != (uint32_t)WIRE_RES_PQ)
		require(bytes_equal(buf_bytes(&answer), buf_bytes(&client->last_answer)));
	require(result != HANDSHAKE_WORK || buf_size(&client->last_answer) == 0);
	handshake_job_free(job);
	buf_release(&answer);
}

/* What one says, under the nonces of another. */
static void splice(struct client *from, struct client *to)
{
	struct buf query = {0};

	if (buf_size(&from->query) < 36 || buf_size(&to->query) < 36)
		return;
	buf_append_bytes(&query, buf_bytes(&from->query));
	memcpy(buf_data(&query) + 4, buf_data(&to->query) + 4, 32);
	if (from->c.nonce[0] != to->c.nonce[0])
		require(say(buf_bytes(&query)) != HANDSHAKE_KEY);
	buf_release(&query);
}

static void step(void)
{
	uint8_t kind = take();
	struct client *client = &f.clients[kind / 32 % CLIENTS];

	switch (kind % 32) {
	case 0:
		end_held(client, false);
		start(client, take());
		break;
	case 1:
		f.now_us += (int64_t)take() * 8 * 1000000;
		if (take() & 1)
			handshakes_sweep(f.server);
		break;
	case 2:
		right_step(client, true);
		break;
	case 3:
		end_held(client, true);
		break;
	case 4:
		end_held(client, false);
		break;
	case 5:
	case 6:
		wrong_step(client);
		break;
	case 7:
	case 8:
		repeat(client);
		break;
	case 9:
		splice(client, &f.clients[take() % CLIENTS]);
		break;
	default:
		right_step(client, false);
	}
	require(handshakes_open(f.server) <= OPEN_MAX);
}

static void play(void)
{
	for (size_t i = 1; i < CLIENTS; i++)
		start(&f.clients[i], take());
	for (size_t i = 0; i < STEPS_MAX && f.size > 0; i++)
		step();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct client *client = &f.clients[0];

	if (size < 1)
		return 0;
	need_keys();
	memset(&f, 0, sizeof(f));
	f.data = data + 1;
	f.size = size - 1;
	f.state = 1;
	f.random = (struct random){noise, &f.state};
	f.now_us = 1800000000LL * 1000000;
	f.server = handshakes_new(&keys, &fuzz_clock, &f.random, OPEN_MAX);
	start(client, 2 | 4 | 48);
	switch (data[0] % 8) {
	case 0:
		raw_queries();
		break;
	case 1:
		advance(client);
		bent_pq(client);
		break;
	case 2:
		advance(client);
		advance(client);
		bent_dh(client);
		break;
	case 3:
		answers(client);
		break;
	default:
		play();
	}
	for (size_t i = 0; i < CLIENTS; i++) {
		end_held(&f.clients[i], false);
		buf_release(&f.clients[i].query);
		buf_release(&f.clients[i].last);
		buf_release(&f.clients[i].last_answer);
	}
	handshakes_free(f.server);
	return 0;
}
