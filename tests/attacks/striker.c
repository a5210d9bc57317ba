/* SPDX-License-Identifier: Apache-2.0 */
/* Between net's connections and the client role, without the manners of bench/peer. */
#include "attacks/striker.h"

#include <string.h>

static size_t on_data(struct conn *conn, struct bytes in)
{
	struct striker *striker = conn_owner(conn);

	striker->client.out = conn_out(conn);
	mtproto_client_feed(&striker->client, in.data, in.size);
	return in.size;
}

static void on_close(struct conn *conn, enum conn_reason reason)
{
	struct striker *striker = conn_owner(conn);

	if (!striker)
		return;
	striker->conn = NULL;
	striker->closed = reason != CONN_SHUTDOWN;
}

static const struct conn_ops conn_ops = {.on_data = on_data, .on_close = on_close};

static const struct conn_limits limits = {
	.input_max = (size_t)16 << 20, .output_max = (size_t)64 << 20};

static void on_ready(void *ctx, struct mtproto_client *client)
{
}

static void on_result(void *ctx, struct mtproto_client *client, uint64_t msg_id, struct bytes body,
	int32_t error_code, struct bytes error_text)
{
	struct striker *striker = ctx;

	striker->results += error_code == 0;
	striker->errors += error_code != 0;
	if (error_code)
		striker->last_error = error_code;
}

static void on_service(void *ctx, struct mtproto_client *client, uint64_t msg_id, struct bytes body)
{
	struct striker *striker = ctx;

	striker->refusals += load_u32le(body.data) == 0xa7eff811u; /* bad_msg_notification */
}

static void on_failed(void *ctx, struct mtproto_client *client, int32_t code)
{
	struct striker *striker = ctx;

	striker->refused = true;
	striker->transport_code = code;
}

static const struct mtproto_client_events events = {
	.ready = on_ready, .result = on_result, .service = on_service, .failed = on_failed};

bool striker_open(
	struct striker *striker, const struct peer *of, enum transport_kind kind, bool obfuscated)
{
	const struct mtproto_client_options options = {
		.kind = kind, .obfuscated = obfuscated, .dc = 2};
	struct err err;

	memset(striker, 0, sizeof(*striker));
	striker->loop = of->peers->loop;
	striker->conn =
		conn_connect(striker->loop, &of->peers->to, &limits, &conn_ops, striker, &err);
	if (!striker->conn)
		return false;
	mtproto_client_init(&striker->client, &options, &events, striker, &clock_system,
		&random_system, conn_out(striker->conn));
	striker->client.time_offset_us = of->client.time_offset_us;
	mtproto_client_use_key(&striker->client, &of->client.key, of->client.salt);
	return true;
}

void striker_close(struct striker *striker)
{
	if (striker->conn) {
		conn_set_owner(striker->conn, &conn_ops, NULL);
		conn_close(striker->conn);
	}
	if (striker->loop)
		mtproto_client_release(&striker->client);
	striker->conn = NULL;
	striker->loop = NULL;
}

void striker_send(struct striker *striker, struct bytes body)
{
	if (!striker->conn)
		return;
	striker->client.out = conn_out(striker->conn);
	(void)mtproto_client_call(&striker->client, body, true);
}

void striker_send_container(struct striker *striker, struct bytes body, uint32_t content)
{
	if (!striker->conn)
		return;
	striker->client.out = conn_out(striker->conn);
	striker->client.seqno += content;
	(void)mtproto_client_send(&striker->client, body, false);
}

void striker_send_bytes(struct striker *striker, struct bytes bytes)
{
	if (striker->conn)
		conn_write(striker->conn, bytes);
}

void striker_go_deaf(struct striker *striker)
{
	if (striker->conn)
		conn_pause(striker->conn);
}

bool striker_was_answered(const struct striker *striker)
{
	return striker->results || striker->errors || striker->refusals || striker->refused ||
	       striker->closed;
}
