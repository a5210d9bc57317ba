/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which query may come when, and the table of runs. What the costly steps compute is in
 * handshake_job.c. The K numbers are rules about violations: a refusal never says which check
 * failed. TDLib pads its queries with random bytes inside the plain message, so what follows a
 * query is ignored.
 */
#include "mtproto/handshake.h"

#include <assert.h>
#include <stdlib.h>

#include "base/mem.h"
#include "crypto/rsa.h"
#include "mtproto/handshake_private.h"
#include "mtproto/wire.h"

/* A server nonce is taken in the time slot it was made in and in the next. A run is remembered for
 * longer than that after it began: when it is forgotten, its nonces are worth nothing. */
#define NONCE_SLOT_S 256
#define RUN_LIFE_S 600
/* Of a run that is over some 100 bytes are kept. So many refusals in ten minutes are an attack,
 * which gains nothing when the oldest are forgotten: it might as well begin new runs. */
#define ENDED_MAX 65536

static int64_t now_s(const struct handshakes *all)
{
	return clock_monotonic_us(all->clock) / 1000000;
}

/* ---- Keys ---- */

void handshake_keys_init(
	struct handshake_keys *keys, const struct rsa_key *rsa, const struct random *random)
{
	memset(keys, 0, sizeof(*keys));
	keys->rsa = rsa;
	keys->fingerprint = rsa_key_fingerprint(rsa);
	keys->expires_in_max = HANDSHAKE_EXPIRES_IN_MAX;
	random_fill(random, keys->secret, sizeof(keys->secret));
	for (size_t i = 0; i < ARRAY_LEN(keys->primes); i++)
		keys->primes[i] = pq_prime_make(random);
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

/* ---- The first step ---- */

/* server_nonce and pq of a client's nonce in a time slot (K2, K12). Whoever sends the same nonce
 * gets the same bytes, on any thread, and no memory is held for it. */
static void derive_first(const struct handshake_keys *keys, const uint8_t nonce[16], int64_t slot,
	uint8_t server_nonce[16], struct pq *pq)
{
	uint8_t digest[HASH_SHA256_SIZE], counter[8];
	struct bytes parts[] = {BYTES_LITERAL("lontar server nonce"), bytes_of(nonce, 16),
		bytes_of(counter, sizeof(counter))};
	uint32_t p, q;

	store_u64le(counter, (uint64_t)slot);
	hash_hmac_sha256_parts(
		bytes_of(keys->secret, sizeof(keys->secret)), parts, ARRAY_LEN(parts), digest);
	memcpy(server_nonce, digest, 16);
	p = keys->primes[load_u32le(digest + 16) % HANDSHAKE_PRIMES];
	for (uint32_t i = load_u32le(digest + 20);; i++) {
		q = keys->primes[i % HANDSHAKE_PRIMES];
		if (q != p)
			break;
	}
	pq_set(pq, p, q);
}

static bool nonces_are_ours(
	const struct handshakes *all, const struct handshake_nonces *nonces, struct pq *pq)
{
	int64_t slot = now_s(all) / NONCE_SLOT_S;
	uint8_t server_nonce[16];

	for (int64_t at = slot; at >= slot - 1; at--) {
		derive_first(all->keys, nonces->client, at, server_nonce, pq);
		if (bytes_equal_secret(server_nonce, nonces->server, sizeof(server_nonce)))
			return true;
	}
	return false;
}

void handshake_put_nonces(
	const struct handshake_nonces *nonces, int32_t constructor, struct buf *out)
{
	wire_put_id(out, (enum wire_id)constructor);
	buf_append(out, nonces, sizeof(*nonces));
}

static enum handshake_result take_req_pq(
	struct handshakes *all, struct wire_reader *r, struct buf *answer)
{
	struct handshake_nonces nonces;
	uint8_t number[8];
	struct pq pq;

	wire_copy(r, nonces.client, sizeof(nonces.client));
	if (r->failed)
		return HANDSHAKE_REFUSE;
	derive_first(all->keys, nonces.client, now_s(all) / NONCE_SLOT_S, nonces.server, &pq);
	for (size_t i = 0; i < sizeof(number); i++)
		number[i] = (uint8_t)(pq.product >> (56 - 8 * i));
	handshake_put_nonces(&nonces, WIRE_RES_PQ, answer);
	wire_put_string(answer, bytes_of(number, sizeof(number)));
	wire_put_id(answer, WIRE_VECTOR);
	buf_append_u32le(answer, 1);
	buf_append_u64le(answer, all->keys->fingerprint);
	return HANDSHAKE_ANSWER;
}

/* ---- Runs ---- */

struct handshakes *handshakes_new(const struct handshake_keys *keys, const struct clock *clock,
	const struct random *random, size_t open_max)
{
	struct handshakes *all = MEM_NEW(struct handshakes);

	assert(open_max > 0);
	all->keys = keys;
	all->clock = clock;
	all->random = random;
	all->open_max = open_max;
	pthread_mutex_init(&all->lock, NULL);
	map_init(&all->by_nonce);
	list_init(&all->open);
	list_init(&all->ended);
	return all;
}

void handshakes_free(struct handshakes *all)
{
	if (!all)
		return;
	while (!list_empty(&all->open))
		run_forget(all, LIST_OWNER(all->open.next, struct run, of_age));
	while (!list_empty(&all->ended))
		run_forget(all, LIST_OWNER(all->ended.next, struct run, of_age));
	map_release(&all->by_nonce);
	pthread_mutex_destroy(&all->lock);
	free(all);
}

struct run *run_find(struct handshakes *all, const struct handshake_nonces *nonces)
{
	struct run *run = map_get(&all->by_nonce, load_u64le(nonces->server));

	return run && memcmp(&run->nonces, nonces, sizeof(*nonces)) == 0 ? run : NULL;
}

void run_end(struct handshakes *all, struct run *run)
{
	struct open_run *open = run->open;

	if (!open)
		return;
	run->open = NULL;
	run->since_s = now_s(all);
	all->open_count--;
	list_remove(&run->of_age);
	list_append(&all->ended, &run->of_age);
	for (size_t i = 0; i < ARRAY_LEN(open->answered); i++)
		buf_release(&open->answered[i].answer);
	bytes_wipe(open, sizeof(*open));
	free(open);
}

void run_forget(struct handshakes *all, struct run *run)
{
	run_end(all, run);
	list_remove(&run->of_age);
	map_remove(&all->by_nonce, load_u64le(run->nonces.server));
	free(run);
}

/* The oldest of the list, if it is older than a run lives. */
static struct run *too_old(const struct handshakes *all, struct list *list)
{
	struct run *oldest = LIST_OWNER(list->next, struct run, of_age);

	return !list_empty(list) && now_s(all) - oldest->since_s > RUN_LIFE_S ? oldest : NULL;
}

static void forget_old(struct handshakes *all)
{
	struct run *run;

	while ((run = too_old(all, &all->open)))
		run_forget(all, run);
	while ((run = too_old(all, &all->ended)))
		run_forget(all, run);
	while (all->by_nonce.size - all->open_count > ENDED_MAX)
		run_forget(all, LIST_OWNER(all->ended.next, struct run, of_age));
}

static struct run *run_begin(struct handshakes *all, const struct handshake_nonces *nonces)
{
	struct run *run;

	forget_old(all);
	/* Two runs with half a server nonce in common: one in 2^64, or the same nonce long ago. */
	if (map_get(&all->by_nonce, load_u64le(nonces->server)))
		return NULL;
	if (all->open_count >= all->open_max)
		run_end(all, LIST_OWNER(all->open.next, struct run, of_age));
	run = MEM_NEW(struct run);
	run->since_s = now_s(all);
	run->nonces = *nonces;
	run->open = MEM_NEW(struct open_run);
	all->open_count++;
	list_append(&all->open, &run->of_age);
	map_put(&all->by_nonce, load_u64le(nonces->server), run);
	return run;
}

void handshakes_sweep(struct handshakes *all)
{
	if (!all)
		return;
	pthread_mutex_lock(&all->lock);
	forget_old(all);
	pthread_mutex_unlock(&all->lock);
}

size_t handshakes_open(struct handshakes *all)
{
	size_t count;

	pthread_mutex_lock(&all->lock);
	count = all->open_count;
	pthread_mutex_unlock(&all->lock);
	return count;
}

/* ---- The costly steps: what can be judged before their work ---- */

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

/* The rest of the query, up to its sealed part. Whether it fits is no secret: everything that it is
 * compared with was sent in clear. */
static bool take_fields(
	const struct handshakes *all, struct wire_reader *r, struct handshake_job *job)
{
	struct bytes encrypted;
	bool fits = true;

	if (job->query == WIRE_REQ_DH_PARAMS) {
		fits = get_be(wire_string(r)) == job->pq.p;
		fits &= get_be(wire_string(r)) == job->pq.q;
		fits &= wire_u64(r) == all->keys->fingerprint;
	}
	encrypted = wire_string(r);
	fits &= job->query == WIRE_REQ_DH_PARAMS ? encrypted.size == RSA_SIZE
						 : handshake_client_dh_fits(encrypted.size);
	if (r->failed || !fits)
		return false;
	job->encrypted_size = encrypted.size;
	memcpy(job->encrypted, encrypted.data, encrypted.size);
	return true;
}

static bool repeat(
	const struct open_run *open, const uint8_t digest[HASH_SHA256_SIZE], struct buf *answer)
{
	for (size_t i = 0; i < ARRAY_LEN(open->answered); i++) {
		const struct answered *a = &open->answered[i];

		if (buf_size(&a->answer) > 0 && memcmp(a->digest, digest, HASH_SHA256_SIZE) == 0) {
			buf_append_bytes(answer, buf_bytes(&a->answer));
			return true;
		}
	}
	return false;
}

/* The job gets what the run knows. */
static void lend(struct open_run *open, struct handshake_job *job)
{
	open->job = job;
	memcpy(job->new_nonce, open->new_nonce, sizeof(job->new_nonce));
	memcpy(job->secret, open->secret, sizeof(job->secret));
	job->retry_id = open->retry_id;
	job->dc = open->dc;
	job->expires_in = open->expires_in;
}

/* Under the lock. fits: the query is whole, and right as far as can be told in clear. */
static enum handshake_result take_in_turn(struct handshakes *all, struct run *run,
	struct handshake_job *job, bool fits, struct buf *answer)
{
	enum run_step wanted = job->query == WIRE_REQ_DH_PARAMS ? RUN_NEW : RUN_OPEN;
	struct open_run *open = run->open;

	if (!open)
		return HANDSHAKE_REFUSE;
	if (repeat(open, job->digest, answer))
		return HANDSHAKE_ANSWER;
	if (open->job && memcmp(open->job->digest, job->digest, sizeof(job->digest)) == 0)
		return HANDSHAKE_NOTHING; /* who asked first is answered */
	if (!fits || open->job || open->step != wanted) {
		run_end(all, run);
		return HANDSHAKE_REFUSE;
	}
	lend(open, job);
	return HANDSHAKE_WORK;
}

static enum handshake_result take_costly(struct handshakes *all, struct wire_reader *r,
	struct handshake_job *job, struct buf *answer)
{
	enum handshake_result result = HANDSHAKE_REFUSE;
	struct run *run;
	bool ours, fits;

	wire_copy(r, job->nonces.client, sizeof(job->nonces.client));
	wire_copy(r, job->nonces.server, sizeof(job->nonces.server));
	/* Runs come to be here alone: that a nonce is ours is computed, not looked up. */
	ours = job->query == WIRE_REQ_DH_PARAMS && nonces_are_ours(all, &job->nonces, &job->pq);
	fits = take_fields(all, r, job);
	pthread_mutex_lock(&all->lock);
	run = run_find(all, &job->nonces);
	if (!run && ours)
		run = run_begin(all, &job->nonces);
	if (run)
		result = take_in_turn(all, run, job, fits, answer);
	pthread_mutex_unlock(&all->lock);
	return result;
}

/* Without the random bytes behind it: a repeat has others there. A query that is cut short counts
 * whole. */
static size_t query_size(struct bytes query)
{
	struct wire_reader r = wire_reader_of(query);
	int32_t id = wire_id(&r);

	(void)wire_take(&r, 32);
	if (id == WIRE_REQ_DH_PARAMS) {
		(void)wire_string(&r);
		(void)wire_string(&r);
		(void)wire_u64(&r);
	}
	(void)wire_string(&r);
	return r.failed ? query.size : query.size - wire_left(&r);
}

enum handshake_result handshakes_take(
	struct handshakes *all, struct bytes query, struct buf *answer, struct handshake_job **out)
{
	struct wire_reader r = wire_reader_of(query);
	enum handshake_result result;
	struct handshake_job *job;
	int32_t id = wire_id(&r);

	if (id == WIRE_MSGS_ACK)
		return HANDSHAKE_NOTHING; /* some clients acknowledge plain messages */
	if (id == WIRE_REQ_PQ || id == WIRE_REQ_PQ_MULTI)
		return take_req_pq(all, &r, answer);
	if (id != WIRE_REQ_DH_PARAMS && id != WIRE_SET_CLIENT_DH)
		return HANDSHAKE_REFUSE;
	job = MEM_NEW(struct handshake_job);
	auth_key_init(&job->key);
	job->all = all;
	job->query = id;
	hash_sha256(bytes_of(query.data, query_size(query)), job->digest);
	result = take_costly(all, &r, job, answer);
	if (result == HANDSHAKE_WORK)
		*out = job;
	else
		free(job);
	return result;
}
