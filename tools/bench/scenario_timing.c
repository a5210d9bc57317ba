/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Does the time of a refusal tell what was refused? Each kind of failure is compared with the first
 * of its family in rounds: one of each, freshly made, one after the other in random order, so that
 * whatever else the machine does strikes all. What is reported is the median of the differences to
 * the first with a distribution-free interval for it (order statistics, as in the sign test):
 * samples of one run depend on each other, so that a t-test would claim too much.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/mem.h"
#include "bench/bench.h"
#include "crypto/dh.h"
#include "crypto/hash.h"
#include "crypto/rsa.h"
#include "mtproto/envelope.h"
#include "mtproto/handshake_crypt.h"
#include "mtproto/handshake_open.h"
#include "mtproto/wire.h"

#define BODY 480
#define PACKET_MAX 1024
#define KINDS_MAX 8
#define RSA_SHARE 50 /* an RSA refusal takes half a millisecond, the others microseconds */
#define ROUNDS_MIN 16

struct timing {
	struct auth_key key;
	struct rsa_key *rsa;
	struct handshake_keys keys;
	struct handshake_nonces nonces;
	uint8_t new_nonce[32];
	struct pq pq;
};

/* What the timed function is given. */
struct sample {
	uint8_t data[PACKET_MAX];
	size_t size;
};

struct family {
	const char *name;
	const char *kinds[KINDS_MAX]; /* the first is what the others are compared with */
	void (*make)(const struct timing *t, size_t kind, struct sample *sample);
	bool (*refuses)(const struct timing *t, struct sample *sample);
	int64_t share; /* one part in so many of the samples asked for */
};

static void fill(void *out, size_t size)
{
	random_fill(&random_system, out, size);
}

/* ---- Encrypted messages ---- */

enum { ENVELOPE_BAD_KEY, ENVELOPE_CUT, ENVELOPE_LENGTH, ENVELOPE_LONG, ENVELOPE_PADDING };

static void envelope_make(const struct timing *t, size_t kind, struct sample *sample)
{
	uint8_t *plain = sample->data + ENVELOPE_OUTER;
	struct envelope_job job = {&t->key, sample->data, ENVELOPE_HEADER + BODY};

	sample->size = ENVELOPE_OUTER + job.size;
	fill(plain, job.size);
	store_u32le(plain + 28, BODY - 16);
	if (kind == ENVELOPE_LENGTH)
		store_u32le(plain + 28, BODY - 17);
	if (kind == ENVELOPE_LONG)
		store_u32le(plain + 28, BODY + 4);
	if (kind == ENVELOPE_PADDING)
		store_u32le(plain + 28, BODY - 8);
	envelope_seal_many(&job, 1, ENVELOPE_TO_SERVER);
	if (kind == ENVELOPE_BAD_KEY)
		sample->data[8 + random_below(&random_system, 16)] ^= 1;
	if (kind == ENVELOPE_CUT) /* the rest is noise */
		fill(sample->data + sample->size - 64, 64);
}

static bool envelope_refuses(const struct timing *t, struct sample *sample)
{
	struct envelope_message message;

	return envelope_open(&t->key, sample->data, sample->size, ENVELOPE_TO_SERVER, &message) < 0;
}

/* ---- The RSA part of req_DH_params ---- */

enum {
	RSA_BAD_HASH,
	RSA_NONCE,
	RSA_PQ,
	RSA_ABOVE,
	RSA_CONSTRUCTOR,
	RSA_EXPIRES,
	RSA_OLD_HASH,
	RSA_OLD_NONCE
};

static void put_number(struct buf *out, uint64_t number, size_t size)
{
	uint8_t be[8];

	for (size_t i = 0; i < size; i++)
		be[i] = (uint8_t)(number >> (8 * (size - 1 - i)));
	wire_put_string(out, bytes_of(be, size));
}

static void rsa_inner(const struct timing *t, size_t kind, struct buf *inner)
{
	struct handshake_nonces nonces = t->nonces;

	if (kind == RSA_NONCE || kind == RSA_OLD_NONCE)
		fill(&nonces, sizeof(nonces));
	wire_put_id(inner, kind == RSA_CONSTRUCTOR ? WIRE_PING : WIRE_PQ_INNER_TEMP_DC);
	put_number(inner, t->pq.product + (kind == RSA_PQ), 8);
	put_number(inner, t->pq.p, 4);
	put_number(inner, t->pq.q, 4);
	buf_append(inner, &nonces, sizeof(nonces));
	buf_append(inner, t->new_nonce, sizeof(t->new_nonce));
	buf_append_u32le(inner, 2);
	buf_append_u32le(inner, kind == RSA_EXPIRES ? 1u << 30 : 86400);
}

static void rsa_make(const struct timing *t, size_t kind, struct sample *sample)
{
	struct buf inner = {0};

	sample->size = RSA_SIZE;
	rsa_inner(t, kind, &inner);
	if (kind == RSA_BAD_HASH || kind == RSA_OLD_HASH) {
		uint8_t raw[RSA_SIZE];

		fill(raw, sizeof(raw));
		raw[0] = kind == RSA_OLD_HASH ? 0 : raw[0] & 0x7f;
		if (rsa_public_raw(t->rsa, raw, sample->data) < 0)
			abort(); /* its top bit is not set: it is below the modulus */
	} else if (kind == RSA_ABOVE) {
		fill(sample->data, RSA_SIZE);
		memset(sample->data, 0xff, 8);
	} else if (kind == RSA_OLD_NONCE) {
		handshake_rsa_legacy_seal(t->rsa, buf_bytes(&inner), &random_system, sample->data);
	} else {
		handshake_rsa_pad_seal(t->rsa, buf_bytes(&inner), &random_system, sample->data);
	}
	buf_release(&inner);
}

static bool rsa_refuses(const struct timing *t, struct sample *sample)
{
	struct handshake_inner inner;

	return handshake_open_inner(&t->keys, &t->nonces, &t->pq, sample->data, &inner) < 0;
}

/* ---- The sealed part of set_client_DH_params ---- */

enum { DH_BAD_HASH, DH_NONCE, DH_RETRY_ID, DH_CONSTRUCTOR, DH_ZERO, DH_LOW, DH_HIGH, DH_ABOVE };

static void dh_number(size_t kind, uint8_t g_b[DH_SIZE])
{
	fill(g_b, DH_SIZE);
	g_b[0] = 0x7f;
	if (kind == DH_ZERO)
		memset(g_b, 0, DH_SIZE);
	if (kind == DH_LOW) /* 2^1984 - 1 */
		memset(g_b, 0, 8), memset(g_b + 8, 0xff, DH_SIZE - 8);
	if (kind == DH_HIGH || kind == DH_ABOVE)
		memcpy(g_b, dh_prime, DH_SIZE);
	if (kind == DH_HIGH)
		g_b[DH_SIZE - 1]--;
}

static void dh_make(const struct timing *t, size_t kind, struct sample *sample)
{
	struct handshake_nonces nonces = t->nonces;
	struct handshake_cipher cipher;
	struct buf inner = {0}, sealed = {0};
	uint8_t g_b[DH_SIZE];

	dh_number(kind, g_b);
	if (kind == DH_NONCE)
		fill(&nonces, sizeof(nonces));
	wire_put_id(&inner, kind == DH_CONSTRUCTOR ? WIRE_PING : WIRE_CLIENT_DH_INNER);
	buf_append(&inner, &nonces, sizeof(nonces));
	buf_append_u64le(&inner, kind == DH_RETRY_ID ? random_u64(&random_system) : 0);
	wire_put_string(&inner, bytes_of(g_b, sizeof(g_b)));
	handshake_cipher_derive(&cipher, t->new_nonce, t->nonces.server);
	handshake_cipher_seal(&cipher, buf_bytes(&inner), &random_system, &sealed);
	/* A string of more than 253 bytes: four bytes of length in front. */
	sample->size = buf_size(&sealed) - 4;
	memcpy(sample->data, buf_data(&sealed) + 4, sample->size);
	if (kind == DH_BAD_HASH)
		sample->data[random_below(&random_system, sample->size)] ^= 1;
	buf_release(&inner);
	buf_release(&sealed);
}

static bool dh_refuses(const struct timing *t, struct sample *sample)
{
	uint8_t g_b[DH_SIZE];

	return handshake_open_client_dh(
		       &t->nonces, t->new_nonce, 0, bytes_of(sample->data, sample->size), g_b) < 0;
}

static const struct family families[] = {
	{"envelope",
		{"wrong msg_key", "cut short", "odd length", "length beyond the end",
			"too little padding"},
		envelope_make, envelope_refuses, 1},
	{"RSA part",
		{"wrong hash", "wrong nonce", "wrong pq", "above the modulus", "wrong constructor",
			"life too long", "older form, wrong hash", "older form, wrong nonce"},
		rsa_make, rsa_refuses, RSA_SHARE},
	{"client DH",
		{"wrong hash", "wrong nonce", "wrong retry_id", "wrong constructor", "g_b = 0",
			"g_b = 2^1984 - 1", "g_b = p - 1", "g_b = p"},
		dh_make, dh_refuses, 1},
};

/* ---- Measuring ---- */

static int64_t clock_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static int64_t time_of(
	const struct timing *t, const struct family *family, struct sample *sample, bool *refused)
{
	int64_t from = clock_ns();

	*refused &= family->refuses(t, sample);
	return clock_ns() - from;
}

static int by_value(const void *a, const void *b)
{
	int32_t left = *(const int32_t *)a, right = *(const int32_t *)b;

	return left < right ? -1 : left > right;
}

static int64_t root_of(int64_t n)
{
	int64_t root = 0;

	while ((root + 1) * (root + 1) <= n)
		root++;
	return root;
}

struct rounds {
	const struct family *family;
	size_t kinds;
	int32_t *took[KINDS_MAX]; /* ns; of the others the difference to the first */
	int64_t wanted, count;
};

static void shuffle(uint8_t *order, size_t count)
{
	for (size_t i = count - 1; i > 0; i--) {
		size_t other = (size_t)random_below(&random_system, i + 1);
		uint8_t kept = order[i];

		order[i] = order[other];
		order[other] = kept;
	}
}

/* One of each kind. false: something was accepted. */
static bool play_round(const struct timing *t, struct rounds *rounds)
{
	struct sample samples[KINDS_MAX];
	uint8_t order[KINDS_MAX];
	int32_t took[KINDS_MAX] = {0};
	bool refused = true;

	for (size_t kind = 0; kind < rounds->kinds; kind++) {
		rounds->family->make(t, kind, &samples[kind]);
		order[kind] = (uint8_t)kind;
	}
	shuffle(order, rounds->kinds);
	for (size_t i = 0; i < rounds->kinds; i++)
		took[order[i]] = (int32_t)time_of(t, rounds->family, &samples[order[i]], &refused);
	rounds->took[0][rounds->count] = took[0];
	for (size_t kind = 1; kind < rounds->kinds; kind++)
		rounds->took[kind][rounds->count] = took[kind] - took[0];
	rounds->count++;
	return refused;
}

static void report_kind(const struct rounds *rounds, size_t kind, struct report *report)
{
	int32_t *differences = rounds->took[kind];
	char name[REPORT_NAME_MAX];
	/* 1.96 standard deviations of a binomial of so many halves. */
	int64_t count = rounds->count, half = root_of(count) * 98 / 100;
	int64_t low = count / 2 - half, high = count / 2 + half;

	qsort(differences, (size_t)count, sizeof(*differences), by_value);
	snprintf(name, sizeof(name), "%s, %s", rounds->family->name, rounds->family->kinds[kind]);
	report_value(report, name, differences[count / 2], "ns", NULL);
	report_value(report, "  95 % from", differences[low < 0 ? 0 : low], "ns", "no more than 0");
	report_value(report, "  95 % to", differences[high >= count ? count - 1 : high], "ns",
		"no less than 0");
}

static void report_family(const struct rounds *rounds, struct report *report)
{
	char name[REPORT_NAME_MAX];

	snprintf(name, sizeof(name), "%s, %s (median of %lld)", rounds->family->name,
		rounds->family->kinds[0], (long long)rounds->count);
	qsort(rounds->took[0], (size_t)rounds->count, sizeof(int32_t), by_value);
	report_value(report, name, rounds->took[0][rounds->count / 2], "ns", NULL);
	for (size_t kind = 1; kind < rounds->kinds; kind++)
		report_kind(rounds, kind, report);
}

/* An interrupt ends a family early: what it has until then counts. */
static int run_family(const struct timing *t, const struct family *family, int64_t samples,
	struct report *report, struct err *err)
{
	struct rounds rounds = {.family = family, .wanted = samples / family->share};
	int result = 0;

	if (rounds.wanted < ROUNDS_MIN)
		rounds.wanted = ROUNDS_MIN;
	while (rounds.kinds < KINDS_MAX && family->kinds[rounds.kinds])
		rounds.took[rounds.kinds++] =
			mem_zalloc((size_t)rounds.wanted, sizeof(*rounds.took[0]));
	while (result == 0 && rounds.count < rounds.wanted && !bench_interrupted) {
		if (!play_round(t, &rounds))
			result = err_set(err, 0, "%s: something was accepted", family->name);
	}
	if (result == 0 && rounds.count >= ROUNDS_MIN)
		report_family(&rounds, report);
	for (size_t kind = 0; kind < rounds.kinds; kind++)
		free(rounds.took[kind]);
	return result;
}

int scenario_timing(const struct bench_options *options, struct report *report, struct err *err)
{
	struct timing *t = MEM_NEW(struct timing);
	uint8_t full[256];
	int result = -1;

	t->rsa = rsa_key_generate(err);
	if (!t->rsa)
		goto out;
	handshake_keys_init(&t->keys, t->rsa, &random_system);
	fill(full, sizeof(full));
	auth_key_init(&t->key);
	auth_key_set(&t->key, full);
	fill(&t->nonces, sizeof(t->nonces));
	fill(t->new_nonce, sizeof(t->new_nonce));
	pq_set(&t->pq, t->keys.primes[0], t->keys.primes[1]);
	report_setting(report, "samples", options->samples);
	result = 0;
	for (size_t i = 0; i < ARRAY_LEN(families) && result == 0; i++) {
		/* Asked for by name: as many as the others. */
		bool named = options->family && strcmp(options->family, families[i].name) == 0;
		struct family family = families[i];

		if (named)
			family.share = 1;
		if (named || !options->family)
			result = run_family(t, &family, options->samples, report, err);
	}
	report_note(report,
		"each line is the median difference to the first kind of its family, "
		"over rounds in random order; with so many lines one interval in twenty "
		"may miss 0 by chance");
out:
	rsa_key_free(t->rsa);
	free(t);
	return result;
}
