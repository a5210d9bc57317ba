/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A session of a key: which messages were seen, what waits to be sent or acknowledged. Outlives its
 * connections (bounded in count, time and bytes). Belongs to the thread of its server; no locks.
 * https://core.telegram.org/mtproto/service_messages_about_messages
 */
#ifndef MTPROTO_SESSION_H
#define MTPROTO_SESSION_H

#include "mtproto/host.h"
#include "mtproto/session_out.h"
#include "mtproto/session_seen.h"

/* A session that this process does not know (yet, or any more) takes no message older than that:
 * code 20. Who keeps what calls did over a restart keeps it for longer, and nothing runs twice. */
#define MTPROTO_CALL_MEMORY_S 3600

struct mtproto_session {
	struct auth_key *key;
	uint64_t id;
	void *user_data;       /* the host's */
	uint64_t first_msg_id; /* lowest message so far: the client is told which (E7) */

	/* Private from here: session_*.c. */
	struct mtproto_server *server;
	struct mtproto_session *chain; /* next with the same map key */
	struct list of_key;
	struct list conns;  /* attached connections, the current one last */
	struct list of_due; /* the server's dirty, or ack_due while only acknowledgements wait */
	struct list of_detached; /* or, once doomed, of the server's doomed */
	struct list waits;	 /* calls that wait for others of the session */
	bool opened;		 /* the host knows it */
	bool doomed;		 /* counts no more; freed as soon as no callback runs */
	bool duplicated;	 /* driven from two places: nothing runs in it any more (S12) */
	bool contested;		 /* the packet being taken came from another place than the last */
	bool polled;		 /* the last connection was an exchange: others will come */
	uint8_t conflicts;	 /* signs of two senders, lately */
	uint16_t exchanges;	 /* of conns */
	uint32_t seqno;		 /* content-related messages sent so far */
	uint32_t conflicts_s;	 /* when the first of them came */
	uint32_t told_s; /* the client was told of answers rather than sent them; 0: it was not */
	uint32_t acks_count, acks_capacity, held_acks_count;
	uint64_t *acks;	       /* ids of the client's messages to acknowledge */
	struct list held_acks; /* of calls in progress (session_ack.c) */
	int64_t detached_us, ack_due_us;
	/* When the first and the latest of what the queue holds came, while polled. 0: it is empty,
	 * or goes at once. */
	int64_t first_queued_us, last_queued_us;
	struct session_seen seen;
	struct session_out out;
};

enum mtproto_push {
	MTPROTO_PUSH_UPDATE, /* content-related: kept until acknowledged, sent again on a new
				connection */
	MTPROTO_PUSH_ONCE,   /* typing and the like: only if the session is online, never sent again
			      */
};

/* NULL when the session is gone (late answers look it up again). */
struct mtproto_session *mtproto_session_find(
	struct mtproto_server *server, uint64_t auth_key_id, uint64_t session_id);
bool mtproto_session_is_online(const struct mtproto_session *session);
/* The connection that packets of the session leave by, or NULL. */
struct mtproto_conn *mtproto_session_conn(const struct mtproto_session *session);

/* All copy what they are given and queue it; nothing leaves before a flush. result is the boxed
 * result of the method, without rpc_result around it; a multiple of 4 bytes. */
void mtproto_session_reply(
	struct mtproto_session *session, uint64_t req_msg_id, struct bytes result);
/* text: UPPER_CASE_WORDS. */
void mtproto_session_error(
	struct mtproto_session *session, uint64_t req_msg_id, int32_t code, const char *text);
/* -1: the queue was full. The session closes at the next tick, so that the client begins a new one
 * and asks for what it missed. */
int mtproto_session_push(
	struct mtproto_session *session, struct bytes body, enum mtproto_push kind);

/* Answers key_destroy. After OK the host calls mtproto_server_drop_key once the answer was flushed.
 */
void mtproto_session_key_destroyed(
	struct mtproto_session *session, uint64_t req_msg_id, enum mtproto_destroyed status);

#endif
