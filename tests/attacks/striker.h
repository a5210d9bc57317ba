/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An attacker who has a key: a connection and a session of its own on the key of an account, that
 * sends what it is told, lawful or not, and counts what comes back.
 */
#ifndef ATTACKS_STRIKER_H
#define ATTACKS_STRIKER_H

#include "bench/fleet.h"

struct striker {
	struct conn *conn; /* NULL: not connected, or closed */
	struct loop *loop;
	struct mtproto_client client;
	/* What came back. */
	uint32_t results, errors, refusals; /* answers, rpc_error, bad_msg_notification */
	int32_t last_error;
	int32_t transport_code; /* -404 and so on; 0: none */
	bool refused, closed;
};

/* On the key that the peer has. False: no connection. */
bool striker_open(struct striker *striker, const struct peer *of, enum transport_kind kind,
	bool obfuscated) MUST_CHECK;
void striker_close(struct striker *striker);
/* As the client role would, under a fresh msg_id; content-related. */
void striker_send(struct striker *striker, struct bytes body);
/* A container of messages of which so many are content-related, with the first of their ids and
 * sequence numbers below it. */
void striker_send_container(struct striker *striker, struct bytes body, uint32_t content);
/* Bytes as they are, past the client role. */
void striker_send_bytes(struct striker *striker, struct bytes bytes);
/* It stops reading; TCP holds the server back. */
void striker_go_deaf(struct striker *striker);
/* Something came back or it was closed. */
bool striker_was_answered(const struct striker *striker);

#endif
