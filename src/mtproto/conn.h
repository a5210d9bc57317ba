/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One connection in the server role: bytes in, bytes out, calls to the host in between. Owns
 * framing, the step of a handshake that it waits for, and a pointer to the session it serves. No
 * socket: net feeds it and writes what it puts into *out. Belongs to the thread of its server until
 * mtproto_conn_resume.
 *
 * An exchange (TRANSPORT_EXCHANGE) is a connection that lives for one HTTP request: it is fed one
 * packet, *out gets one, and that is its end. Meanwhile it is one of its session's connections.
 */
#ifndef MTPROTO_CONN_H
#define MTPROTO_CONN_H

#include "mtproto/handshake.h"
#include "mtproto/host.h"
#include "mtproto/transport.h"

/* S10: when an exchange takes what its session has. */
struct mtproto_http_wait {
	uint32_t max_delay_ms;	/* after the first message that waits, at the latest; */
	uint32_t wait_after_ms; /* or when no other one came for so long; */
	uint32_t max_wait_ms;	/* and with nothing at all so long after the request */
};

struct mtproto_conn {
	struct mtproto_server *server;
	struct transport transport;
	struct buf *out; /* the host's; encrypted and framed bytes are appended */
	void *user_data; /* the host's */
	bool closing;	 /* host.close was called: nothing more goes in or out */

	/* Private from here. */
	bool moving;	  /* waits for mtproto_conn_resume */
	bool plain_wait;  /* for mtproto_conn_handshake_done or mtproto_conn_key_stored */
	bool running;	  /* packets are being taken: no recursion */
	uint8_t refusals; /* handshake queries refused on this connection */
	uint8_t bad_gzip;
	struct list of_server;
	struct list of_session;
	struct mtproto_session *session;
	struct auth_key *key;
	struct handshake_job *job; /* whose key is being stored */
	void *work;		   /* of host.handshake_work */
	int64_t opened_us, last_packet_us;
	int64_t disconnect_us; /* from ping_delay_disconnect; 0: none */
	struct mtproto_http_wait wait;
};

static inline bool mtproto_conn_is_exchange(const struct mtproto_conn *conn)
{
	return conn->transport.kind == TRANSPORT_HTTP;
}

void mtproto_conn_init(struct mtproto_conn *conn, struct mtproto_server *server,
	enum transport_stream stream, struct buf *out, void *user_data);
/* The socket is gone (or about to be). The session stays. */
void mtproto_conn_release(struct mtproto_conn *conn);

/* Bytes from the peer. Afterwards look at conn->closing; call mtproto_server_flush before sleeping.
 */
void mtproto_conn_feed(struct mtproto_conn *conn, const void *data, size_t size);
/* The peer took bytes from *out: what was held back for want of room is sent with the next flush.
 */
void mtproto_conn_drained(struct mtproto_conn *conn);

/* Of an exchange that was fed: something will come into *out or it will be closed. If not, the
 * answer is empty. */
bool mtproto_conn_is_awaited(const struct mtproto_conn *conn);
/* What host.wake_after asked for; flush afterwards. */
void mtproto_conn_wake(struct mtproto_conn *conn);

/* After key_id_seen said MOVE: the old thread calls mtproto_conn_detach and hands the struct over;
 * the new thread calls mtproto_conn_resume, which handles the packet that waited and all that came
 * with it. */
void mtproto_conn_detach(struct mtproto_conn *conn);
void mtproto_conn_resume(struct mtproto_conn *conn, struct mtproto_server *server, struct buf *out);

/* Answers handshake_work: result and *answer of handshake_job_run. Takes the job over. Goes on with
 * bytes that arrived meanwhile. */
void mtproto_conn_handshake_done(struct mtproto_conn *conn, struct handshake_job *job,
	enum handshake_result result, struct bytes answer);
/* Answers key_new. Goes on with bytes that arrived meanwhile. */
void mtproto_conn_key_stored(struct mtproto_conn *conn, enum mtproto_stored status);

/* A packet was read on it under a key that somebody is logged in on. */
bool mtproto_conn_known(const struct mtproto_conn *conn);

/* The data centre the client thinks it talks to: the handshake's, or the obfuscation header's
 * if 1..5
 * (+10000 for test); else 2. 1..5 or 10001..10005. */
int mtproto_conn_dc(const struct mtproto_conn *conn);

#endif
