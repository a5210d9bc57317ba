/* SPDX-License-Identifier: Apache-2.0 */
/* The costly steps of key creation. Without the lock they compute, under it they tell the run. */
#include <assert.h>
#include <stdlib.h>

#include "mtproto/handshake_crypt.h"
#include "mtproto/handshake_private.h"
#include "mtproto/wire.h"

/* Every data centre from 1 to 5 is served here; +10000 is the test one, negative ones carry media.
 */
static bool dc_is_ours(int32_t dc)
{
	int64_t number = dc < 0 ? -(int64_t)dc : dc;

	return (number >= 1 && number <= 5) || (number >= 10001 && number <= 10005);
}

static void put_server_dh(struct handshake_job *job, struct buf *answer)
{
	const struct handshakes *all = job->all;
	struct handshake_cipher cipher;
	struct buf inner = {0};
	struct dh_pair pair;

	if (all->keys->take_pair)
		all->keys->take_pair(all->keys->pair_ctx, &pair);
	else
		dh_pair_make(&pair, all->random);
	memcpy(job->secret, pair.secret, sizeof(job->secret));
	handshake_put_nonces(&job->nonces, WIRE_SERVER_DH_INNER, &inner);
	buf_append_u32le(&inner, DH_G);
	wire_put_string(&inner, bytes_of(dh_prime, DH_SIZE));
	wire_put_string(&inner, bytes_of(pair.public, DH_SIZE));
	buf_append_u32le(&inner, (uint32_t)clock_unix_s(all->clock));
	handshake_cipher_derive(&cipher, job->new_nonce, job->nonces.server);
	handshake_put_nonces(&job->nonces, WIRE_SERVER_DH_OK, answer);
	handshake_cipher_seal(&cipher, buf_bytes(&inner), all->random, answer);
	bytes_wipe(&cipher, sizeof(cipher));
	dh_pair_wipe(&pair);
	buf_release(&inner);
}

static enum handshake_result run_req_dh(struct handshake_job *job, struct buf *answer)
{
	struct handshake_inner inner;

	if (handshake_open_inner(job->all->keys, &job->nonces, &job->pq, job->encrypted, &inner) <
		0)
		return HANDSHAKE_REFUSE;
	memcpy(job->new_nonce, inner.new_nonce, sizeof(job->new_nonce));
	job->dc = inner.dc;
	job->expires_in = inner.expires_in;
	bytes_wipe(inner.new_nonce, sizeof(inner.new_nonce));
	if (inner.has_dc && !dc_is_ours(job->dc))
		return HANDSHAKE_WRONG_DC;
	put_server_dh(job, answer);
	return HANDSHAKE_ANSWER;
}

static enum handshake_result run_client_dh(struct handshake_job *job)
{
	uint8_t g_b[DH_SIZE], shared[DH_SIZE];
	struct auth_key *key = &job->key;

	if (handshake_open_client_dh(&job->nonces, job->new_nonce, job->retry_id,
		    bytes_of(job->encrypted, job->encrypted_size), g_b) < 0 ||
		dh_shared_key(job->secret, g_b, shared) < 0)
		return HANDSHAKE_REFUSE;
	auth_key_set(key, shared);
	bytes_wipe(shared, sizeof(shared));
	key->first_salt = load_u64le(job->new_nonce) ^ load_u64le(job->nonces.server); /* K9 */
	key->created_at = clock_unix_s(job->all->clock);
	key->expires_at = job->expires_in > 0 ? key->created_at + job->expires_in : 0;
	key->dc = job->dc;
	return HANDSHAKE_KEY;
}

static void remember(struct open_run *open, size_t slot, const struct handshake_job *job,
	const struct buf *answer, size_t before)
{
	struct answered *a = &open->answered[slot];

	memcpy(a->digest, job->digest, sizeof(a->digest));
	buf_clear(&a->answer);
	buf_append(&a->answer, buf_data(answer) + before, buf_size(answer) - before);
}

/* NULL: it was ended meanwhile. */
static struct run *run_of(struct handshake_job *job)
{
	struct run *run = run_find(job->all, &job->nonces);

	return run && run->open && run->open->job == job ? run : NULL;
}

/* What became of it is told to the run. Under the lock. */
static enum handshake_result tell(struct handshake_job *job, enum handshake_result result,
	const struct buf *answer, size_t before)
{
	struct run *run = run_of(job);
	struct open_run *open;

	if (!run)
		return HANDSHAKE_REFUSE;
	if (result == HANDSHAKE_KEY)
		return result; /* under way until it is stored */
	if (result != HANDSHAKE_ANSWER) {
		run_end(job->all, run);
		return result;
	}
	open = run->open;
	open->job = NULL;
	open->step = RUN_OPEN;
	memcpy(open->new_nonce, job->new_nonce, sizeof(open->new_nonce));
	memcpy(open->secret, job->secret, sizeof(open->secret));
	open->dc = job->dc;
	open->expires_in = job->expires_in;
	remember(open, ANSWERED_REQ_DH, job, answer, before);
	return result;
}

enum handshake_result handshake_job_run(struct handshake_job *job, struct buf *answer)
{
	size_t before = buf_size(answer);
	enum handshake_result result =
		job->query == WIRE_REQ_DH_PARAMS ? run_req_dh(job, answer) : run_client_dh(job);

	pthread_mutex_lock(&job->all->lock);
	result = tell(job, result, answer, before);
	pthread_mutex_unlock(&job->all->lock);
	if (result == HANDSHAKE_REFUSE)
		buf_truncate(answer, before);
	return result;
}

const struct auth_key *handshake_job_key(const struct handshake_job *job, int32_t *expires_in)
{
	assert(job->key.id != 0);
	*expires_in = job->expires_in;
	return &job->key;
}

static void go_on(
	struct open_run *open, const struct handshake_job *job, enum handshake_verdict verdict)
{
	if (verdict == HANDSHAKE_VERDICT_RETRY) {
		open->retry_id = job->key.aux_hash;
		return;
	}
	bytes_wipe(open->new_nonce, sizeof(open->new_nonce));
	bytes_wipe(open->secret, sizeof(open->secret));
	open->step = RUN_DONE;
}

void handshake_job_stored(
	struct handshake_job *job, enum handshake_verdict verdict, struct buf *answer)
{
	static const enum wire_id ids[] = {WIRE_DH_GEN_OK, WIRE_DH_GEN_RETRY, WIRE_DH_GEN_FAIL};
	uint8_t hash[16];
	size_t before = buf_size(answer);
	struct run *run;

	handshake_nonce_hash(job->new_nonce, (uint8_t)(verdict + 1), job->key.aux_hash, hash);
	handshake_put_nonces(&job->nonces, ids[verdict], answer);
	buf_append(answer, hash, sizeof(hash));
	pthread_mutex_lock(&job->all->lock);
	run = run_of(job);
	if (run) {
		run->open->job = NULL;
		remember(run->open, ANSWERED_CLIENT_DH, job, answer, before);
		go_on(run->open, job, verdict);
	}
	pthread_mutex_unlock(&job->all->lock);
}

void handshake_job_free(struct handshake_job *job)
{
	struct run *run;

	if (!job)
		return;
	pthread_mutex_lock(&job->all->lock);
	run = run_of(job);
	if (run && job->key.id != 0)
		run_end(job->all, run); /* nobody will hear of the key */
	else if (run && run->open->step == RUN_NEW)
		run_forget(job->all, run); /* as if it had not been asked */
	else if (run)
		run->open->job = NULL;
	pthread_mutex_unlock(&job->all->lock);
	bytes_wipe(job, sizeof(*job));
	free(job);
}
