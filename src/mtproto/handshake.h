/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Making an authorization key, the server's half: three queries in, three answers out. Owns the
 * state of one run on one connection; the connection does the plain-message envelope, the host
 * stores the key. https://core.telegram.org/mtproto/auth_key
 *
 *   req_pq(_multi) -> resPQ    req_DH_params -> server_DH_params_ok    set_client_DH_params ->
 * dh_gen_*
 *
 * Every refusal looks the same (-404) and poisons the run: later queries of it are refused too
 * (K3). An exact repeat of an answered query gets the stored bytes again, without computing
 * anything (K10).
 */
#ifndef MTPROTO_HANDSHAKE_H
#define MTPROTO_HANDSHAKE_H

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/random.h"
#include "mtproto/auth_key.h"

struct rsa_key;

/* What all handshakes of the process share; built at start, read only afterwards. */
struct handshake_keys {
	const struct rsa_key *rsa; /* with the private half */
	uint64_t fingerprint;
	int32_t expires_in_max; /* longest life of a temporary key, seconds */
};

#define HANDSHAKE_EXPIRES_IN_MAX 172800

void handshake_keys_init(struct handshake_keys *keys, const struct rsa_key *rsa);
/* Fingerprint and keys are what clients expect (K2): a server that fails this must not start. Takes
 * milliseconds; prime and generator (K6) are dh_group_test's. */
int handshake_self_test(const struct handshake_keys *keys, struct err *err) MUST_CHECK;

enum handshake_result {
	HANDSHAKE_ANSWER,   /* *answer holds the TL object to send */
	HANDSHAKE_NOTHING,  /* tolerated, no answer (a plain msgs_ack) */
	HANDSHAKE_REFUSE,   /* -404 */
	HANDSHAKE_WRONG_DC, /* -444 */
	HANDSHAKE_KEY,	    /* *key is made: store it, then handshake_stored */
};

struct handshake;

struct handshake *handshake_new(
	const struct handshake_keys *keys, const struct clock *clock, const struct random *random);
void handshake_free(struct handshake *h);

/* One query (the body of a plain message). */
enum handshake_result handshake_step(
	struct handshake *h, struct bytes query, struct buf *answer) MUST_CHECK;
/* After HANDSHAKE_KEY: the key, and whether it is temporary (expires_in > 0). */
const struct auth_key *handshake_key(const struct handshake *h, int32_t *expires_in);

enum handshake_verdict { HANDSHAKE_VERDICT_OK, HANDSHAKE_VERDICT_RETRY, HANDSHAKE_VERDICT_FAIL };
/* Appends dh_gen_ok, _retry or _fail; wipes what is no longer needed. */
void handshake_stored(struct handshake *h, enum handshake_verdict verdict, struct buf *answer);

/* True when nothing but repeats can come (or the run is older than limit_s): it may be freed. */
bool handshake_expired(const struct handshake *h, int64_t limit_s);
/* A query of this shape costs milliseconds (RSA or modular power). */
bool handshake_is_costly(struct bytes query);

#endif
