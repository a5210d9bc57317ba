/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Making authorization keys, the server's half: three queries in, three answers out.
 * https://core.telegram.org/mtproto/auth_key
 *
 *   req_pq(_multi) -> resPQ            nothing is kept (K12): server_nonce and pq follow from the
 *                                      client's nonce, the time and a secret of this process
 *   req_DH_params -> server_DH_params_ok     a run begins; RSA
 *   set_client_DH_params -> dh_gen_*         a modular power; the host stores the key
 *
 * A run is known by its two nonces, not by the connection: over HTTP each query may come by another
 * one. Every refusal looks the same (-404) and ends the run: later queries of it are refused too,
 * even right ones (K3). An exact repeat of an answered query gets the stored bytes again, without
 * computing anything (K10).
 *
 * The two costly steps are jobs: handshakes_take makes one, handshake_job_run does the work on any
 * thread. All of this is thread-safe; a job belongs to one thread at a time.
 */
#ifndef MTPROTO_HANDSHAKE_H
#define MTPROTO_HANDSHAKE_H

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/random.h"
#include "mtproto/auth_key.h"

struct rsa_key;
struct dh_pair;

#define HANDSHAKE_PRIMES 256

/* What all handshakes of the process share; built at start, read only afterwards. */
struct handshake_keys {
	const struct rsa_key *rsa; /* with the private half */
	uint64_t fingerprint;
	int32_t expires_in_max; /* longest life of a temporary key, seconds */
	uint8_t secret[32];	/* server nonces follow from it */
	uint32_t primes[HANDSHAKE_PRIMES];

	/* Gives a pair (a, g_a) that serves this once; NULL: made when it is needed. Any thread. */
	void (*take_pair)(void *ctx, struct dh_pair *pair);
	void *pair_ctx;
};

#define HANDSHAKE_EXPIRES_IN_MAX 172800

void handshake_keys_init(
	struct handshake_keys *keys, const struct rsa_key *rsa, const struct random *random);
/* Fingerprint and keys are what clients expect (K2): a server that fails this must not start. Takes
 * milliseconds; prime and generator (K6) are dh_group_test's. */
int handshake_self_test(const struct handshake_keys *keys, struct err *err) MUST_CHECK;

/* The runs of the process. */
struct handshakes;

/* open_max: runs that can still be gone on with; beyond, the oldest is ended. keys stay the
 * caller's, who may fill them later than this, but before the first query. */
struct handshakes *handshakes_new(const struct handshake_keys *keys, const struct clock *clock,
	const struct random *random, size_t open_max);
void handshakes_free(struct handshakes *all); /* when all jobs have been freed; wipes */

enum handshake_result {
	HANDSHAKE_ANSWER,   /* *answer holds the TL object to send */
	HANDSHAKE_NOTHING,  /* tolerated, no answer: a plain msgs_ack, a repeat of what is under way
			     */
	HANDSHAKE_REFUSE,   /* -404 */
	HANDSHAKE_WRONG_DC, /* -444 */
	HANDSHAKE_WORK,	    /* *job is to be run */
	HANDSHAKE_KEY,	    /* the job has made a key: store it, then handshake_job_stored */
};

struct handshake_job;

/* One query (the body of a plain message). Cheap. */
enum handshake_result handshakes_take(struct handshakes *all, struct bytes query,
	struct buf *answer, struct handshake_job **job) MUST_CHECK;
/* Forgets what is too old; call it every few seconds. NULL is fine. */
void handshakes_sweep(struct handshakes *all);
/* Runs that can be gone on with. */
size_t handshakes_open(struct handshakes *all);

/* Once. Milliseconds; no result is WORK. */
enum handshake_result handshake_job_run(struct handshake_job *job, struct buf *answer) MUST_CHECK;
/* After KEY: the key, and whether it is temporary (expires_in > 0). */
const struct auth_key *handshake_job_key(const struct handshake_job *job, int32_t *expires_in);

enum handshake_verdict { HANDSHAKE_VERDICT_OK, HANDSHAKE_VERDICT_RETRY, HANDSHAKE_VERDICT_FAIL };
/* After KEY: appends dh_gen_ok, _retry or _fail. */
void handshake_job_stored(
	struct handshake_job *job, enum handshake_verdict verdict, struct buf *answer);
/* Wipes it. Its run is as before if the job was not run, and over if a key of it was not stored.
 * NULL is fine. */
void handshake_job_free(struct handshake_job *job);

#endif
