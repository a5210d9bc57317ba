/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Making an authorization key, the client's half; for tests and the load generator. Sans-I/O like
 * the server's: gives TL objects to send as plain messages, takes the answers.
 */
#ifndef MTPROTO_HANDSHAKE_CLIENT_H
#define MTPROTO_HANDSHAKE_CLIENT_H

#include "base/buf.h"
#include "base/random.h"
#include "mtproto/auth_key.h"

struct rsa_key;

enum handshake_rsa_form { HANDSHAKE_RSA_PAD, HANDSHAKE_RSA_LEGACY };

struct handshake_client_options {
	const struct rsa_key *server_key; /* public half is enough */
	enum handshake_rsa_form form;
	bool multi;   /* req_pq_multi instead of req_pq */
	bool name_dc; /* p_q_inner_data_dc and _temp_dc */
	int32_t dc;
	int32_t expires_in; /* > 0: a temporary key */
};

struct handshake_client {
	struct handshake_client_options options;
	const struct random *random;
	int step;
	uint8_t nonce[16], server_nonce[16], new_nonce[32];
	uint8_t g_a[256], prime[256];
	uint32_t g;
	uint64_t retry_id;
	int64_t server_time; /* from server_DH_inner_data */
	struct auth_key key; /* complete when done */
};

enum handshake_client_result {
	HANDSHAKE_CLIENT_SEND,	/* *out holds the next query */
	HANDSHAKE_CLIENT_DONE,	/* client->key is the key */
	HANDSHAKE_CLIENT_WRONG, /* the answer does not fit: the run is over */
};

/* Appends the first query to *out. */
void handshake_client_start(struct handshake_client *client,
	const struct handshake_client_options *options, const struct random *random,
	struct buf *out);
enum handshake_client_result handshake_client_take(
	struct handshake_client *client, struct bytes answer, struct buf *out) MUST_CHECK;

#endif
