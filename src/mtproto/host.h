/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the protocol needs from its surroundings, and the state that all connections of one thread
 * share. A struct mtproto_server belongs to one network thread: its sessions, timers and queues are
 * touched by that thread alone. Connections with one auth key id must all be brought to the same
 * thread (key_id_seen).
 *
 * Rule for every callback: it may queue (mtproto_session_reply, _push, _error) but must not free or
 * feed the connection or the server it was called for; closing sockets and freeing waits until the
 * call has returned.
 */
#ifndef MTPROTO_HOST_H
#define MTPROTO_HOST_H

#include "base/clock.h"
#include "base/list.h"
#include "base/map.h"
#include "base/random.h"
#include "mtproto/auth_key.h"

struct mtproto_conn;
struct mtproto_session;
struct mtproto_server;
struct handshakes;
struct handshake_job;

enum mtproto_key_lookup {
	MTPROTO_KEY_FOUND,
	MTPROTO_KEY_ABSENT,	 /* answered with -404: the client makes a new key */
	MTPROTO_KEY_UNAVAILABLE, /* our fault (store down, sealed): the connection is closed instead
				  */
};

enum mtproto_route { MTPROTO_CONTINUE, MTPROTO_MOVE };

enum mtproto_stored {
	MTPROTO_STORED,
	MTPROTO_STORE_TAKEN,  /* another key has this id: the client is asked to try again
				 (dh_gen_retry) */
	MTPROTO_STORE_FAILED, /* our fault: the connection is closed */
};

enum mtproto_destroyed { MTPROTO_DESTROY_OK, MTPROTO_DESTROY_NONE, MTPROTO_DESTROY_FAIL };

/* New key from a handshake. The struct lives for the callback only: copy it. */
struct mtproto_new_key {
	const struct auth_key *key;
	bool temp;	    /* keep in memory only, until key->expires_at */
	int32_t expires_in; /* temp: seconds asked for */
};

struct mtproto_host {
	void *ctx;

	/* First encrypted packet of a connection, or its key changed: does this thread own the key?
	 * With MOVE the packet stays unprocessed; call mtproto_conn_resume on the right thread. May
	 * be NULL (CONTINUE). */
	enum mtproto_route (*key_id_seen)(
		void *ctx, struct mtproto_conn *conn, uint64_t auth_key_id);
	/* Synchronous. *key stays valid while key->refs > 0. */
	enum mtproto_key_lookup (*key_find)(void *ctx, uint64_t auth_key_id, struct auth_key **key);
	/* Store the key durably, then call mtproto_conn_key_stored (now or later, same thread):
	 * dh_gen_ok waits. */
	void (*key_new)(
		void *ctx, struct mtproto_conn *conn, const struct mtproto_new_key *new_key);
	/* destroy_auth_key: make every node refuse the key, then call
	 * mtproto_session_key_destroyed. */
	void (*key_destroy)(void *ctx, struct mtproto_session *session, uint64_t req_msg_id);
	/* A handshake step costs 1 to 7 ms: false answers -429 (per-address budget). May be NULL
	 * (true). */
	bool (*handshake_admit)(void *ctx, struct mtproto_conn *conn);
	/* Run the job somewhere else, then call mtproto_conn_handshake_done on this thread.
	 * conn->work is the host's meanwhile. false: too many wait (the job stays the caller's).
	 * May be NULL: run at once. */
	bool (*handshake_work)(void *ctx, struct mtproto_conn *conn, struct handshake_job *job);
	/* The connection goes and conn->work is not NULL: free the job, now or when it comes back.
	 */
	void (*handshake_drop)(void *ctx, struct mtproto_conn *conn);

	/* A new session of session->key: set session->user_data. first_msg_id as in
	 * new_session_created. */
	void (*session_opened)(void *ctx, struct mtproto_session *session);
	/* The session is forgotten after this returns. */
	void (*session_closed)(void *ctx, struct mtproto_session *session);
	/* The session gained its first connection or lost its last one. May be NULL. */
	void (*session_online)(void *ctx, struct mtproto_session *session, bool online);
	/* One RPC, exactly once per msg_id. body: the query (invokeWithLayer and the like still
	 * around it), multiple of 4 bytes, valid for the callback only. Answer with
	 * mtproto_session_reply or _error. */
	void (*call)(void *ctx, struct mtproto_session *session, struct mtproto_conn *conn,
		uint64_t msg_id, struct bytes body);

	/* Where the connection comes from: the same number for the same peer address. May be NULL:
	 * nobody knows. */
	uint64_t (*place)(void *ctx, const struct mtproto_conn *conn);

	/* conn->out has bytes to write. */
	void (*output)(void *ctx, struct mtproto_conn *conn);
	/* Write what conn->out holds, then close the socket and release the connection. */
	void (*close)(void *ctx, struct mtproto_conn *conn);
	/* Of an exchange: call mtproto_conn_wake after so long; a later wish takes the place of an
	 * earlier one. May be NULL if there are no exchanges. */
	void (*wake_after)(void *ctx, struct mtproto_conn *conn, int64_t delay_us);
};

struct mtproto_limits {
	uint32_t sessions_max; /* per thread; the least recently used one without connection goes
				  first */
	uint32_t sessions_per_key_max; /* a client has some 10; more is abuse */
	uint32_t session_linger_s;     /* how long a session without connection is kept */
	uint32_t ack_delay_ms;	       /* acknowledgements wait that long for other traffic,
					  those of calls for answers */
	uint32_t idle_close_s;	       /* a connection without any packet for so long is closed */
	uint32_t keyless_close_s;      /* a connection that shows no key for so long is closed */
	size_t session_queue_max;      /* bytes a session may hold for its client: queued and
					  unacknowledged */
	uint32_t http_wait_ms; /* longest wait of a request over HTTP: proxies give up after 60 s */
	uint32_t http_per_session; /* requests of a session that wait; browsers have six */
	uint32_t http_per_key;	   /* of all sessions of a key */
	size_t held_max;    /* the same of all sessions together: beyond it each may hold little */
	size_t output_high; /* with more than this in conn->out nothing is added until it drains */
};

extern const struct mtproto_limits mtproto_limits_default;

struct mtproto_server {
	struct mtproto_host host;
	struct mtproto_limits limits;
	const struct clock *clock;
	const struct random *random;
	struct handshakes *handshakes; /* shared by all threads */
	/* The host's, set after mtproto_server_init, for message ids that rise over a restart (S2):
	 * the last one issued is stored here, and the next ones are above it. May be NULL. */
	uint64_t *id_floor;

	/* Private from here. */
	struct map
		sessions; /* by mix of key id and session id; collisions chained in the session */
	size_t sessions_count;
	size_t held_bytes; /* queued for clients and unacknowledged, all sessions */
	uint64_t last_msg_id;
	struct list conns;	/* all attached connections */
	struct list dirty;	/* sessions with something to send */
	struct list ack_due;	/* sessions with acknowledgements waiting, earliest first */
	struct list held_acks;	/* of calls in progress, earliest first */
	struct list detached;	/* sessions without connection, longest so first */
	struct list doomed;	/* sessions to close when no callback runs */
	struct list waits;	/* calls that wait for others, oldest first */
	struct list ready;	/* those that need not any more */
	unsigned busy;		/* depth of calls that may hold a session */
	uint32_t packet_ids;	/* listed in service messages of the packet being taken */
	size_t packet_inflated; /* bytes that came out of gzip in it */
	int64_t next_sweep_us;
	struct flush_batch *batch; /* packets on their way to the cipher */
};

void mtproto_server_init(struct mtproto_server *server, const struct mtproto_host *host,
	const struct clock *clock, const struct random *random, struct handshakes *handshakes);
/* Closes all sessions (session_closed is called). Connections must have been released. */
void mtproto_server_release(struct mtproto_server *server);

/* Sends what all sessions have queued: one packet per connection, sealed in lanes. Call it at the
 * end of each loop round; calls host.output for each connection that got bytes. */
void mtproto_server_flush(struct mtproto_server *server);
/* Timers: late acknowledgements, silent connections, forgotten sessions. Call it at least every
 * second. */
void mtproto_server_tick(struct mtproto_server *server);
/* The key is gone: all its sessions and their connections are closed. */
void mtproto_server_drop_key(struct mtproto_server *server, struct auth_key *key);

#endif
