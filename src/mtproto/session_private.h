/* SPDX-License-Identifier: Apache-2.0 */
/* Private to session*.c, service.c, server.c and conn.c: what they call of each other. */
#ifndef MTPROTO_SESSION_PRIVATE_H
#define MTPROTO_SESSION_PRIVATE_H

#include "base/buf.h"
#include "mtproto/conn.h"
#include "mtproto/envelope.h"
#include "mtproto/session.h"
#include "mtproto/session_wait.h"
#include "mtproto/wire.h"

/* conn.c */
void mtproto_conn_close(struct mtproto_conn *conn);
/* Sends a transport error, then closes. */
void conn_fail(struct mtproto_conn *conn, int32_t code);

/* session_answer.c */
/* Up to this size what was not acknowledged is sent again; of more the client is told (S5). */
#define RESEND_MAX 16384
void session_tell_of(struct mtproto_session *session, struct out_message *sent);
void session_refuse_duplicated(struct mtproto_session *session, uint64_t msg_id);

/* session.c */
struct mtproto_session *session_obtain(
	struct mtproto_server *server, struct auth_key *key, uint64_t session_id);
/* The packet came by this connection: answers leave by it. */
void session_attach(struct mtproto_session *session, struct mtproto_conn *conn);
void session_detach(struct mtproto_conn *conn);
/* Sends what the client was told of and did not ask for. */
void session_remind(struct mtproto_session *session);
void session_mark_dirty(struct mtproto_session *session);
void session_queue(
	struct mtproto_session *session, unsigned flags, uint64_t req_msg_id, struct bytes body);
/* The sessions together hold too much: whoever does not read is given little. */
bool server_is_scarce(const struct mtproto_server *server);
/* Dooms the session if more waits for the client than it may hold. */
void session_bound_queue(struct mtproto_session *session);
void session_doom(struct mtproto_session *session);
/* S12: from here on every call of it is refused; what it was going to be told is dropped. */
void session_disown(struct mtproto_session *session);

/* Between these, doomed sessions live on. */
void server_enter(struct mtproto_server *server);
void server_leave(struct mtproto_server *server);
uint64_t server_next_msg_id(struct mtproto_server *server, bool answer);
/* Of the monotonic clock, never 0. */
uint32_t server_uptime_s(const struct mtproto_server *server);
/* The time as the server's message ids tell it: where the clock was before it was set back. */
int64_t server_told_s(struct mtproto_server *server);

/* session_ack.c */
/* After a message that wants to be acknowledged was taken: what it is, its entry in seen tells. */
void session_ack_taken(struct mtproto_session *session, uint64_t msg_id);
/* The client sent it again, and there is no answer to send it. */
void session_ack_repeated(struct mtproto_session *session, uint64_t msg_id);
/* rpc_result acknowledges the query by itself. */
void session_ack_answered(struct mtproto_session *session, uint64_t msg_id);
/* Calls that take longer than ack_delay_ms. */
void session_acks_expire(struct mtproto_server *server, int64_t now_us);
/* Into the queue, for the packet that is about to leave. */
void session_acks_queue(struct mtproto_session *session);
void session_acks_clear(struct mtproto_session *session);

/* session_wait.c */
/* A call was answered: what waited for it goes on. */
void wait_answered(struct mtproto_session *session, uint64_t msg_id, bool failed);
void wait_expire(struct mtproto_server *server, int64_t now_us);
void wait_run_ready(struct mtproto_server *server);
void wait_end_session(struct mtproto_session *session);

/* session_in.c */
enum session_verdict {
	SESSION_ACCEPTED,
	SESSION_REFUSED, /* answered with a notification; no quick acknowledgement */
	SESSION_FLOOD,	 /* a limit was passed: -429 */
	SESSION_BROKEN,	 /* close */
};
enum session_verdict session_receive(
	struct mtproto_conn *conn, const struct envelope_message *message);

/* service.c: the protocol's own messages. */
enum service_result {
	SERVICE_NOT, /* an RPC query (or something unknown): for the host */
	SERVICE_DONE,
	SERVICE_FLOOD, /* more ids than allowed */
};
enum service_result service_take(struct mtproto_session *session, struct mtproto_conn *conn,
	uint64_t msg_id, struct bytes body);
/* Must its seqno be even, odd, or either? */
enum service_parity { SERVICE_EVEN, SERVICE_ODD, SERVICE_EITHER };
enum service_parity service_parity_of(int32_t constructor);

/* exchange.c */
#define EXCHANGE_WAIT_DEFAULT ((struct mtproto_http_wait){0, 0, 25000})
/* http_wait: the last one of a packet counts. Of a connection that is none it means nothing. */
void exchange_set_wait(struct mtproto_conn *conn, int32_t max_delay_ms, int32_t wait_after_ms,
	int32_t max_wait_ms);
void exchange_attached(struct mtproto_conn *conn);
void exchange_detached(struct mtproto_conn *conn);
/* A message was put into the queue. */
void exchange_queued(struct mtproto_session *session);
/* Nobody is connected, but somebody was a moment ago and will be. */
bool exchange_is_between(const struct mtproto_session *session);
/* Answers the exchanges of the session whose time has come, and has the others woken. */
void exchange_flush(struct mtproto_session *session);

/* flush.c */
void flush_session(struct mtproto_session *session);
/* With more than this in conn->out nothing is added. */
size_t server_output_high(const struct mtproto_server *server);
/* One packet of what is queued, acknowledgements too; an empty container if there is nothing. */
void flush_packet(struct mtproto_session *session, struct mtproto_conn *conn);
void flush_batch_send(struct mtproto_server *server);
void flush_batch_free(struct mtproto_server *server);

#endif
