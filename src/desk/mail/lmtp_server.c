/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. A session and its connection end together; while its mail is with its owner, it
 * is kept until the answer, as the mail is in it. */
#include "desk/mail/lmtp_server.h"

#include <stdlib.h>

#include "base/mem.h"

static const struct conn_limits limits = {
	.input_max = (size_t)64 << 10,
	.output_max = (size_t)64 << 10,
	.first_byte_ms = 30000,
	.idle_ms = 300000, /* RFC 5321 4.5.3.2.7 */
	.stall_ms = 30000,
	.unit_ms = 60000,
	.unit_rate = 1024,
};

struct lmtp_delivery {
	struct lmtp lmtp;
	struct lmtp_server *server;
	struct list node;
	struct conn *conn; /* NULL: gone */
	bool delivering;
};

struct lmtp_server {
	struct lmtp_config config;
	struct listener *listener;
	struct list sessions; /* also those whose connection is gone */
	size_t count;
};

static void session_free(struct lmtp_delivery *session)
{
	list_remove(&session->node);
	session->server->count--;
	lmtp_release(&session->lmtp);
	free(session);
}

static void on_open(struct conn *conn);
static size_t on_data(struct conn *conn, struct bytes in);
static void on_close(struct conn *conn, enum conn_reason reason);

static const struct conn_ops session_ops = {.on_data = on_data, .on_close = on_close};
static const struct conn_ops accept_ops = {
	.on_open = on_open, .on_data = on_data, .on_close = on_close};

static void on_open(struct conn *conn)
{
	struct lmtp_server *server = conn_owner(conn);
	struct lmtp_delivery *session;

	conn_vouch(conn); /* the operator's server, whatever crowds the desk's other port */

	if (server->count >= LMTP_SESSIONS_MAX) {
		conn_set_owner(conn, &session_ops, NULL);
		buf_append_str(conn_out(conn), "421 4.3.2 busy: come again\r\n");
		conn_finish(conn);
		return;
	}
	session = MEM_NEW(struct lmtp_delivery);
	session->server = server;
	session->conn = conn;
	session->lmtp.takes = server->config.takes;
	session->lmtp.ctx = server->config.ctx;
	session->lmtp.size_max = server->config.size_max;
	list_append(&server->sessions, &session->node);
	server->count++;
	conn_set_owner(conn, &session_ops, session);
	lmtp_begin(&session->lmtp, conn_out(conn));
}

static size_t on_data(struct conn *conn, struct bytes in)
{
	struct lmtp_delivery *session = conn_owner(conn);
	enum lmtp_step step;
	size_t taken;

	if (!session)
		return in.size;
	taken = lmtp_feed(&session->lmtp, in, conn_out(conn), &step);
	conn_keep(conn, buf_size(&session->lmtp.data));
	conn_set_unfinished(conn, session->lmtp.in_data && step == LMTP_MORE);
	if (step == LMTP_END) {
		conn_finish(conn);
		return in.size;
	}
	if (step == LMTP_MAIL && session->lmtp.too_long) {
		lmtp_answer(&session->lmtp, 552, "5.3.4 the mail is too long", conn_out(conn));
	} else if (step == LMTP_MAIL) {
		session->delivering = true;
		conn_pause(conn);
		session->server->config.deliver(
			session->server->config.ctx, session, &session->lmtp);
	}
	return taken;
}

static void on_close(struct conn *conn, enum conn_reason reason)
{
	struct lmtp_delivery *session = conn_owner(conn);

	(void)reason;
	if (!session)
		return;
	session->conn = NULL;
	if (!session->delivering)
		session_free(session);
}

void lmtp_deliver_answer(struct lmtp_delivery *session, int status, const char *words)
{
	session->delivering = false;
	if (!session->conn) {
		session_free(session);
		return;
	}
	lmtp_answer(&session->lmtp, status, words, conn_out(session->conn));
	conn_keep(session->conn, 0);
	conn_resume(session->conn);
}

int lmtp_server_open(struct loop *loop, const struct lmtp_config *config, struct lmtp_server **out,
	struct err *err)
{
	struct lmtp_server *server = MEM_NEW(struct lmtp_server);
	struct listener_config listening = {
		.fd = config->fd, .limits = &limits, .ops = &accept_ops, .owner = server};

	server->config = *config;
	list_init(&server->sessions);
	server->listener = listener_open(loop, &listening, err);
	if (!server->listener) {
		free(server);
		return -1;
	}
	*out = server;
	return 0;
}

void lmtp_server_close(struct lmtp_server *server)
{
	if (!server)
		return;
	listener_close(server->listener);
	/* The loop closes their connections when it is freed, and must find nobody then. */
	LIST_EACH_SAFE (it, &server->sessions) {
		struct lmtp_delivery *session = LIST_OWNER(it, struct lmtp_delivery, node);

		if (session->conn) {
			conn_set_owner(session->conn, &session_ops, NULL);
			conn_close(session->conn);
		}
		session_free(session);
	}
	free(server);
}
