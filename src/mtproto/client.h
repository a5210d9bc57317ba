/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The client role, without I/O: one connection with one session. Serves tests and tools/bench, so
 * it is cheap (no allocation per idle client beyond this struct) and does the minimum that the
 * protocol asks: handshake, salts, acknowledgements, resending what the server refused for its salt
 * or time.
 */
#ifndef MTPROTO_CLIENT_H
#define MTPROTO_CLIENT_H

#include "base/clock.h"
#include "base/list.h"
#include "mtproto/handshake_client.h"
#include "mtproto/transport.h"

struct mtproto_client;

struct mtproto_client_events {
	/* client->key is ready: calls may be sent. */
	void (*ready)(void *ctx, struct mtproto_client *client);
	/* body: what rpc_result carried, gzip undone. rpc_error: code and text are set and body is
	 * absent. */
	void (*result)(void *ctx, struct mtproto_client *client, uint64_t req_msg_id,
		struct bytes body, int32_t error_code, struct bytes error_text);
	/* Any other content: updates, new_session_created. May be NULL. */
	void (*update)(
		void *ctx, struct mtproto_client *client, uint64_t msg_id, struct bytes body);
	/* Service messages that carry an answer: pong, future_salts, msgs_state_info,
	 * destroy_session_*, destroy_auth_key_*, bad_msg_notification that was not handled inside.
	 * May be NULL. */
	void (*service)(
		void *ctx, struct mtproto_client *client, uint64_t msg_id, struct bytes body);
	/* May be NULL. */
	void (*quick_ack)(void *ctx, struct mtproto_client *client, uint32_t token);
	/* Transport error (-404, ...) or 0 when the server broke the protocol. The connection is
	 * over. */
	void (*failed)(void *ctx, struct mtproto_client *client, int32_t code);
	/* A message that the server has; of a query, that its answer comes later. May be NULL. */
	void (*acknowledged)(void *ctx, struct mtproto_client *client, uint64_t msg_id);
};

struct mtproto_client_sent; /* a call that waits for its answer */

struct mtproto_client {
	const struct mtproto_client_events *events;
	void *ctx;
	const struct clock *clock;
	const struct random *random;
	struct transport transport;
	struct buf *out;
	struct handshake_client *handshake; /* NULL when none runs */
	struct auth_key key;
	bool has_key, over;
	uint64_t session_id, salt, last_msg_id;
	uint64_t oldest_id, newest_id; /* of the packets that came; 0: none */
	int64_t time_offset_us;	       /* server's clock minus ours */
	uint32_t seqno;
	struct list sent;
	uint64_t acks[16];
	uint32_t acks_count;
};

struct mtproto_client_options {
	enum transport_kind kind;
	bool obfuscated;
	int16_t dc;
};

/* Appends the transport's first bytes to *out. */
void mtproto_client_init(struct mtproto_client *client,
	const struct mtproto_client_options *options, const struct mtproto_client_events *events,
	void *ctx, const struct clock *clock, const struct random *random, struct buf *out);
void mtproto_client_release(struct mtproto_client *client);

void mtproto_client_handshake(
	struct mtproto_client *client, const struct handshake_client_options *options);
/* A key from before; salt 0 lets the server correct it. */
void mtproto_client_use_key(
	struct mtproto_client *client, const struct auth_key *key, uint64_t salt);
/* Same key and session over a new connection: what is unanswered is sent again. */
void mtproto_client_reconnect(struct mtproto_client *client,
	const struct mtproto_client_options *options, struct buf *out);

void mtproto_client_feed(struct mtproto_client *client, const void *data, size_t size);

/* Sends a query (content-related) and returns its msg_id; it may be sent again under the same body
 * and reported under the first id. Kept until answered when keep is true (a resend is possible). */
uint64_t mtproto_client_call(struct mtproto_client *client, struct bytes body, bool keep);
/* As it is: for service messages and for tests that break rules. Returns the msg_id. */
uint64_t mtproto_client_send(struct mtproto_client *client, struct bytes body, bool content);
void mtproto_client_send_raw(struct mtproto_client *client, uint64_t salt, uint64_t session_id,
	uint64_t msg_id, uint32_t seqno, struct bytes body, bool quick_ack);
void mtproto_client_ping(struct mtproto_client *client, uint64_t ping_id);
/* Sends the acknowledgements that are due; also done by itself when many wait or with the next
 * call. */
void mtproto_client_flush_acks(struct mtproto_client *client);

uint64_t mtproto_client_next_msg_id(struct mtproto_client *client);
uint32_t mtproto_client_next_seqno(struct mtproto_client *client, bool content);

#endif
