/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Key creation in wire cases: a client that makes each query right, or wrong in the one way that
 * the case names. It reads the server's bytes itself (intermediate framing), as each answer is
 * checked.
 */
#include <stdio.h>
#include <stdlib.h>

#include "crypto/dh.h"
#include "crypto/pq.h"
#include "mtproto/handshake_crypt.h"
#include "mtproto/wire.h"
#include "runner.h"

#define SEALED_MAX 512

static bool is(const char *words, const char *what)
{
	return strcmp(words, what) == 0;
}

static void put_number(struct buf *out, uint64_t number, size_t size)
{
	uint8_t be[8];

	for (size_t i = 0; i < size; i++)
		be[i] = (uint8_t)(number >> (8 * (size - 1 - i)));
	wire_put_string(out, bytes_of(be, size));
}

static void put_nonces(const struct run_handshake *h, bool wrong, int32_t id, struct buf *out)
{
	wire_put_id(out, (enum wire_id)id);
	buf_append(out, h->nonce, sizeof(h->nonce));
	buf_append(out, h->server_nonce, sizeof(h->server_nonce));
	if (wrong)
		buf_data(out)[buf_size(out) - 1] ^= 1;
}

/* ---- Queries ---- */

static void make_req_pq(struct run_handshake *h, const char *words)
{
	if (!is(words, "same nonce"))
		for (size_t i = 0; i < sizeof(h->nonce); i++)
			h->nonce[i] = (uint8_t)(h->runs * 16 + i);
	h->runs++;
	memset(h->new_nonce, 0x5a, sizeof(h->new_nonce));
	wire_put_id(&h->query, WIRE_REQ_PQ_MULTI);
	buf_append(&h->query, h->nonce, sizeof(h->nonce));
}

static void put_inner(const struct run_handshake *h, const char *words, struct buf *inner)
{
	bool temp = strncmp(words, "temp ", 5) == 0, dc = strncmp(words, "dc ", 3) == 0;
	struct buf nonces = {0};

	put_nonces(h, is(words, "inner nonce"), 0, &nonces);
	wire_put_id(inner, is(words, "constructor") ? WIRE_PING
			   : temp		    ? WIRE_PQ_INNER_TEMP_DC
						    : WIRE_PQ_INNER_DC);
	put_number(inner, h->pq.product + is(words, "inner pq"), 8);
	put_number(inner, h->pq.p, 4);
	put_number(inner, h->pq.q, 4);
	buf_append(inner, buf_data(&nonces) + 4, 32);
	buf_append(inner, h->new_nonce, sizeof(h->new_nonce));
	buf_append_u32le(inner, dc ? (uint32_t)strtol(words + 3, NULL, 10) : 2);
	if (temp)
		buf_append_u32le(inner, (uint32_t)strtol(words + 5, NULL, 10));
	buf_release(&nonces);
}

static void make_req_dh(struct run *run, struct run_handshake *h, const char *words)
{
	bool swapped = is(words, "p and q swapped"), old = is(words, "older form");
	uint8_t sealed[RSA_SIZE];
	struct buf inner = {0};

	put_inner(h, words, &inner);
	if (old || is(words, "older form, hash"))
		handshake_rsa_legacy_seal(
			run->world.rsa, buf_bytes(&inner), &run->world.random, sealed);
	else
		handshake_rsa_pad_seal(
			run->world.rsa, buf_bytes(&inner), &run->world.random, sealed);
	if (is(words, "hash") || is(words, "older form, hash"))
		sealed[100] ^= 1;
	if (is(words, "above the modulus"))
		memset(sealed, 0xff, sizeof(sealed));
	put_nonces(h, is(words, "nonce"), WIRE_REQ_DH_PARAMS, &h->query);
	put_number(&h->query, swapped ? h->pq.q : h->pq.p, 4);
	put_number(&h->query, swapped ? h->pq.p : h->pq.q, 4);
	buf_append_u64le(&h->query,
		run->world.handshake_keys.fingerprint + (uint64_t)is(words, "fingerprint"));
	wire_put_string(&h->query, bytes_of(sealed, is(words, "short") ? 252 : sizeof(sealed)));
	buf_release(&inner);
}

/* Numbers by name, for g_b. */
static void put_edge(const char *name, uint8_t g_b[DH_SIZE])
{
	bool below = is(name, "2^1984-1");

	if (is(name, "p") || is(name, "p-1") || is(name, "p+1"))
		memcpy(g_b, dh_prime, DH_SIZE);
	else
		memset(g_b, is(name, "ff") ? 0xff : 0, DH_SIZE);
	if (below)
		memset(g_b + 8, 0xff, DH_SIZE - 8);
	if (is(name, "1"))
		g_b[DH_SIZE - 1] = 1;
	if (is(name, "2^1984"))
		g_b[7] = 1;
	if (is(name, "p-1"))
		g_b[DH_SIZE - 1]--;
	if (is(name, "p+1"))
		g_b[DH_SIZE - 1]++;
}

static void make_client_dh(struct run *run, struct run_handshake *h, const char *words)
{
	struct handshake_cipher cipher;
	struct buf inner = {0};
	struct dh_pair pair;
	uint8_t shared[DH_SIZE];

	dh_pair_make(&pair, &run->world.random);
	if (dh_shared_key(pair.secret, h->g_a, shared) == 0)
		auth_key_set(&h->key, shared);
	if (strncmp(words, "g_b ", 4) == 0)
		put_edge(words + 4, pair.public);
	put_nonces(h, is(words, "inner nonce"),
		is(words, "constructor") ? WIRE_PING : WIRE_CLIENT_DH_INNER, &inner);
	buf_append_u64le(&inner, h->retry_id + (uint64_t)is(words, "retry id"));
	wire_put_string(&inner, bytes_of(pair.public, DH_SIZE));
	handshake_cipher_derive(&cipher, h->new_nonce, h->server_nonce);
	put_nonces(h, is(words, "nonce"), WIRE_SET_CLIENT_DH, &h->query);
	handshake_cipher_seal(&cipher, buf_bytes(&inner), &run->world.random, &h->query);
	if (is(words, "hash"))
		buf_data(&h->query)[buf_size(&h->query) - 5] ^= 1;
	buf_release(&inner);
}

/* ---- Answers ---- */

static const char *take_res_pq(struct run *run, struct run_handshake *h, struct wire_reader *r)
{
	struct bytes number;
	uint64_t product = 0;

	wire_copy(r, h->server_nonce, sizeof(h->server_nonce));
	number = wire_string(r);
	for (size_t i = 0; i < number.size && i < 8; i++)
		product = product << 8 | number.data[i];
	if (pq_factor(product, &h->pq, &run->world.random) < 0 || wire_id(r) != WIRE_VECTOR ||
		wire_u32(r) != 1 || wire_u64(r) != run->world.handshake_keys.fingerprint)
		return "resPQ that is wrong";
	return "resPQ";
}

static const char *take_server_dh(struct run_handshake *h, struct wire_reader *r)
{
	struct bytes sealed = (wire_take(r, 16), wire_string(r)), prime, g_a;
	struct handshake_cipher cipher;
	uint8_t plain[1024];
	struct wire_reader inner;

	handshake_cipher_derive(&cipher, h->new_nonce, h->server_nonce);
	if (handshake_cipher_open(&cipher, sealed, plain, sizeof(plain)) < 0)
		return "server_DH that can't be opened";
	inner = wire_reader_of(bytes_of(plain + 20, sealed.size - 20));
	wire_take(&inner, 36);
	if (wire_u32(&inner) != DH_G)
		return "server_DH of another generator";
	prime = wire_string(&inner);
	g_a = wire_string(&inner);
	if (!bytes_equal(prime, bytes_of(dh_prime, DH_SIZE)) || g_a.size != DH_SIZE ||
		!dh_public_is_sound(g_a.data))
		return "server_DH of another group";
	memcpy(h->g_a, g_a.data, DH_SIZE);
	return "server_DH";
}

static const char *take_verdict(
	struct run *run, struct run_handshake *h, uint8_t number, struct wire_reader *r)
{
	static const char *const names[] = {"gen_ok", "gen_retry", "gen_fail"};
	const uint8_t *theirs = (wire_take(r, 16), wire_take(r, 16));
	const struct auth_key *stored = world_key(&run->world, h->key.id);
	uint8_t hash[16];

	handshake_nonce_hash(h->new_nonce, number, h->key.aux_hash, hash);
	if (!theirs || memcmp(theirs, hash, sizeof(hash)) != 0)
		return "verdict with a wrong hash";
	if (number == 2)
		h->retry_id = h->key.aux_hash;
	if (number == 1 && (!stored || memcmp(stored->secret, h->key.secret, AUTH_KEY_SECRET) != 0))
		return "gen_ok of a key that was not stored";
	if (number == 1 &&
		stored->first_salt != (load_u64le(h->new_nonce) ^ load_u64le(h->server_nonce)))
		return "gen_ok of a key with another salt";
	return names[number - 1];
}

static const char *take_answer(struct run *run, struct run_handshake *h, struct bytes body)
{
	struct wire_reader r = wire_reader_of(body);
	int32_t id = wire_id(&r);
	const uint8_t *nonce = wire_take(&r, 16);

	if (!nonce || memcmp(nonce, h->nonce, 16) != 0)
		return "something of another nonce";
	switch (id) {
	case WIRE_RES_PQ:
		return take_res_pq(run, h, &r);
	case WIRE_SERVER_DH_OK:
		return take_server_dh(h, &r);
	case WIRE_DH_GEN_OK:
		return take_verdict(run, h, 1, &r);
	case WIRE_DH_GEN_RETRY:
		return take_verdict(run, h, 2, &r);
	case WIRE_DH_GEN_FAIL:
		return take_verdict(run, h, 3, &r);
	default:
		return "something unknown";
	}
}

static void take_packet(struct run *run, struct run_handshake *h, struct bytes packet)
{
	struct buf *log = &run->link->log;
	bool again;

	if (packet.size == 4) {
		buf_printf(log, "failed %d\n", (int32_t)load_u32le(packet.data));
		return;
	}
	packet = bytes_of(packet.data + 20, packet.size - 20);
	again = bytes_equal(packet, buf_bytes(&h->answer));
	buf_clear(&h->answer);
	buf_append_bytes(&h->answer, packet);
	buf_printf(log, "%s%s\n", take_answer(run, h, packet), again ? " again" : "");
}

static void take_answers(struct run *run, struct run_handshake *h)
{
	struct buf *in = &run->link->to_client;
	size_t at = 0;

	while (buf_size(in) - at >= 8) {
		size_t size = load_u32le(buf_data(in) + at);

		take_packet(run, h, bytes_of(buf_data(in) + at + 4, size));
		at += 4 + size;
	}
	buf_clear(in);
}

/* ---- The command ---- */

static void send_query(struct run *run, const struct run_handshake *h, bool noise)
{
	struct buf packet = {0};
	size_t size = buf_size(&h->query) + (noise ? 16 : 0);

	buf_append_u64le(&packet, 0);
	buf_append_u64le(&packet, mtproto_client_next_msg_id(&run->link->client));
	buf_append_u32le(&packet, (uint32_t)size);
	buf_append_bytes(&packet, buf_bytes(&h->query));
	for (size_t i = 0; noise && i < 4; i++)
		buf_append_u32le(&packet, (uint32_t)random_u64(&run->world.random));
	transport_wrap(&run->link->client.transport, buf_bytes(&packet), false, &run->world.random,
		&run->link->to_server);
	if (!run->link->closed)
		mtproto_conn_feed(&run->link->conn, buf_data(&run->link->to_server),
			buf_size(&run->link->to_server));
	buf_clear(&run->link->to_server);
	buf_release(&packet);
}

bool run_handshake(struct run *run, const char *words)
{
	struct run_handshake *h = &run->handshake;
	bool again = is(words, "again") || is(words, "again with other padding");

	world_need_rsa(&run->world);
	if (!again)
		buf_clear(&h->query);
	if (strncmp(words, "pq", 2) == 0)
		make_req_pq(h, words[2] ? words + 3 : "");
	else if (strncmp(words, "dh", 2) == 0)
		make_req_dh(run, h, words[2] ? words + 3 : "");
	else if (strncmp(words, "client", 6) == 0)
		make_client_dh(run, h, words[6] ? words + 7 : "");
	else if (!again)
		return is(words, "answers") ? take_answers(run, h), true : false;
	send_query(run, h, is(words, "again with other padding"));
	take_answers(run, h);
	return true;
}

void run_handshake_release(struct run *run)
{
	buf_release(&run->handshake.query);
	buf_release(&run->handshake.answer);
}
