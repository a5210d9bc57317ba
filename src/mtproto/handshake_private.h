/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Private to handshake*.c: runs and jobs.
 *
 *             job RSA                      job power                  stored
 *   RUN_NEW ------------> RUN_OPEN ------------------> (a key waits) --------> RUN_DONE
 *                            ^                               |
 *                            +---------- id taken -----------+
 *
 * Any refusal, and the oldest when there are too many: run->open is freed, and nothing but the
 * nonces stays, so that later queries of the run are known and refused.
 */
#ifndef MTPROTO_HANDSHAKE_PRIVATE_H
#define MTPROTO_HANDSHAKE_PRIVATE_H

#include <pthread.h>

#include "base/list.h"
#include "base/map.h"
#include "crypto/hash.h"
#include "mtproto/handshake_open.h"

enum run_step { RUN_NEW, RUN_OPEN, RUN_DONE };

/* An answered query: its digest, and what was answered (K10). */
struct answered {
	uint8_t digest[HASH_SHA256_SIZE];
	struct buf answer;
};

enum { ANSWERED_REQ_DH, ANSWERED_CLIENT_DH, ANSWERED_COUNT };

struct open_run {
	enum run_step step;
	struct handshake_job *job; /* under way, or NULL */
	uint8_t new_nonce[32], secret[DH_SIZE];
	uint64_t retry_id; /* aux hash of the key that was refused; 0: none */
	int32_t dc, expires_in;
	struct answered answered[ANSWERED_COUNT];
};

struct run {
	struct list of_age; /* in handshakes.open or .ended */
	int64_t since_s;    /* it began, or ended */
	struct handshake_nonces nonces;
	struct open_run *open; /* NULL: over */
};

struct handshakes {
	const struct handshake_keys *keys;
	const struct clock *clock;
	const struct random *random;
	pthread_mutex_t lock;
	/* Under the lock. */
	struct map by_nonce;	 /* the server's, which nobody else can choose -> struct run */
	struct list open, ended; /* the oldest first */
	size_t open_count, open_max;
};

struct handshake_job {
	struct handshakes *all;
	int32_t query; /* WIRE_REQ_DH_PARAMS or WIRE_SET_CLIENT_DH */
	struct handshake_nonces nonces;
	uint8_t digest[HASH_SHA256_SIZE]; /* of the query */
	struct pq pq;
	uint8_t encrypted[512];
	size_t encrypted_size;
	/* Taken from the run, or for it. */
	uint8_t new_nonce[32], secret[DH_SIZE];
	uint64_t retry_id;
	int32_t dc, expires_in;
	struct auth_key key;
};

/* Under the lock. */
struct run *run_find(struct handshakes *all, const struct handshake_nonces *nonces);
/* K3: this run is over, whatever comes. The nonces stay, to know it again. */
void run_end(struct handshakes *all, struct run *run);
void run_forget(struct handshakes *all, struct run *run);

void handshake_put_nonces(
	const struct handshake_nonces *nonces, int32_t constructor, struct buf *out);

#endif
