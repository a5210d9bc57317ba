/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A client of the load generator: a connection with one session on the client role of mtproto,
 * calls with callbacks, updates decoded by the schema. All peers of a run share one loop, one
 * thread and one arena.
 */
#ifndef BENCH_PEER_H
#define BENCH_PEER_H

#include "crypto/rsa.h"
#include "mtproto/client.h"
#include "net/conn.h"
#include "tl/read.h"

#define PEER_LAYER 228
#define PEER_CALLS_MAX 64 /* without an answer, per peer */

struct peer;

/* What the peers of a run share. */
struct peers {
	struct loop *loop;
	struct address to;
	struct rsa_key *key;
	struct arena arena; /* of the event being handled; reset after it */
	struct buf query, wrapped;
	int32_t expires_in; /* > 0: temporary keys */
	bool failed;
	struct err failure;		 /* the first thing that went wrong */
	volatile const int *interrupted; /* not 0: give up; may be NULL */
};

struct peer_ops {
	void (*ready)(struct peer *peer); /* it has a key */
	/* May be NULL. Dead when it returns. */
	void (*update)(struct peer *peer, const struct tl_object *update);
	/* The connection ended, by whomever but peer_close(). NULL: that is a failure of the run.
	 */
	void (*closed)(struct peer *peer);
};

/* Dead when the callback returns. */
struct peer_answer {
	int32_t error_code; /* 0: reply is filled, by the method that was called */
	struct bytes error_text;
	union tl_reply reply;
};

struct peer_call {
	uint64_t msg_id;
	enum tl_name method;
	uint32_t tag; /* of the caller */
	void (*done)(struct peer *peer, const struct peer_answer *answer, uint32_t tag);
};

struct peer {
	struct peers *peers;
	const struct peer_ops *ops;
	void *owner;
	struct conn *conn; /* NULL: not connected */
	struct mtproto_client client;
	struct peer_call *calls; /* those without an answer */
	uint32_t call_count, call_capacity;
	bool introduced; /* layer and device were said */
};

MUST_CHECK int peers_init(struct peers *peers, struct loop *loop, uint16_t port,
	const char *key_path, struct err *err);
void peers_release(struct peers *peers);
/* The run can't go on. Only the first reason is kept. */
void peers_fail(struct peers *peers, const char *format, ...) PRINTF_LIKE(2, 3);
/* Steps the loop until done() or, if that is NULL, for the whole time. -1 with *err: a failure, an
 * interrupt, or time ran out before done(). */
MUST_CHECK int peers_run(struct peers *peers, bool (*done)(void *ctx), void *ctx,
	int64_t timeout_ms, struct err *err);

/* Connects and begins a handshake. */
void peer_open(struct peer *peer, struct peers *peers, const struct peer_ops *ops, void *owner);
/* A session of its own on the key of another peer. ready is called before this returns. */
void peer_open_known(
	struct peer *peer, const struct peer *other, const struct peer_ops *ops, void *owner);
/* Drops the connection and what waits for answers. Fine inside a callback. */
void peer_close(struct peer *peer);
/* Frees what it holds, after peer_close() and when the loop has ended its connection. */
void peer_release(struct peer *peer);
/* Before it idles: what is not acknowledged the server must keep. */
void peer_flush_acks(struct peer *peer);
/* Asks; the first call of a peer also says its layer and device. */
void peer_call(struct peer *peer, const struct tl_object *query,
	void (*done)(struct peer *peer, const struct peer_answer *answer, uint32_t tag),
	uint32_t tag);

#endif
