/* SPDX-License-Identifier: Apache-2.0 */
/*
 * HTTP requests of a session that wait for an answer: which of them takes what is queued, and when
 * (S10). Each takes one packet and leaves the session. The newest one goes first: it is the one
 * that asked, and the long poll stays where it is.
 * https://core.telegram.org/mtproto/service_messages#http-wait-long-poll
 */
#include "mtproto/session_private.h"

/* An answer that was lost on its way goes again under a new id: after that time, as a client
 * acknowledges with its next request, and some only with the one after a long poll (25 s). */
#define RESEND_S 30
/* From one request to the next, on a bad network. */
#define BETWEEN_US 30000000

static uint32_t bounded(int32_t wish_ms, uint32_t max_ms)
{
	return wish_ms < 0 ? 0 : (uint32_t)wish_ms > max_ms ? max_ms : (uint32_t)wish_ms;
}

void exchange_set_wait(
	struct mtproto_conn *conn, int32_t max_delay_ms, int32_t wait_after_ms, int32_t max_wait_ms)
{
	uint32_t max_ms = conn->server->limits.http_wait_ms;

	conn->wait.max_delay_ms = bounded(max_delay_ms, max_ms);
	conn->wait.wait_after_ms = bounded(wait_after_ms, max_ms);
	conn->wait.max_wait_ms = bounded(max_wait_ms, max_ms);
}

void exchange_attached(struct mtproto_conn *conn)
{
	struct mtproto_session *session = conn->session;

	session->polled = mtproto_conn_is_exchange(conn);
	if (!session->polled)
		return;
	session->exchanges++;
	session->key->exchanges++;
	session_mark_dirty(session);
}

void exchange_detached(struct mtproto_conn *conn)
{
	if (!mtproto_conn_is_exchange(conn))
		return;
	conn->session->exchanges--;
	conn->session->key->exchanges--;
}

void exchange_queued(struct mtproto_session *session)
{
	if (!session->polled)
		return;
	session->last_queued_us = clock_monotonic_us(session->server->clock);
	if (session->first_queued_us == 0)
		session->first_queued_us = session->last_queued_us;
}

bool exchange_is_between(const struct mtproto_session *session)
{
	return session->polled && list_empty(&session->conns) &&
	       clock_monotonic_us(session->server->clock) - session->detached_us < BETWEEN_US;
}

static int64_t earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* max_wait counts more than max_delay, and that more than wait_after. */
static int64_t due_us(const struct mtproto_session *session, const struct mtproto_conn *conn)
{
	const struct mtproto_http_wait *wait = &conn->wait;
	int64_t due = conn->opened_us + (int64_t)wait->max_wait_ms * 1000;

	if (!session->out.first)
		return due;
	due = earlier(due, session->first_queued_us + (int64_t)wait->max_delay_ms * 1000);
	return earlier(due, session->last_queued_us + (int64_t)wait->wait_after_ms * 1000);
}

static void answer(struct mtproto_session *session, struct mtproto_conn *conn)
{
	flush_packet(session, conn);
	if (!session->out.first)
		session->first_queued_us = 0;
	session_detach(conn);
}

static void send_lost_again(struct mtproto_session *session)
{
	uint64_t before_s = (uint64_t)(clock_unix_s(session->server->clock) - RESEND_S);

	if (out_send_again_below(&session->out, before_s << 32))
		exchange_queued(session);
}

/* The oldest makes room: the server owes every request an answer, if only an empty one. */
static void put_out(struct mtproto_session *session)
{
	const struct mtproto_limits *limits = &session->server->limits;

	LIST_EACH_SAFE (node, &session->conns) {
		struct mtproto_conn *conn = LIST_OWNER(node, struct mtproto_conn, of_session);

		if (session->exchanges <= limits->http_per_session &&
			session->key->exchanges <= limits->http_per_key)
			return;
		if (mtproto_conn_is_exchange(conn))
			answer(session, conn);
	}
}

void exchange_flush(struct mtproto_session *session)
{
	const struct mtproto_host *host = &session->server->host;
	int64_t now_us = clock_monotonic_us(session->server->clock), due;

	if (session->exchanges == 0)
		return;
	send_lost_again(session);
	put_out(session);
	for (struct list *node = session->conns.prev, *next; node != &session->conns; node = next) {
		struct mtproto_conn *conn = LIST_OWNER(node, struct mtproto_conn, of_session);

		next = node->prev;
		if (!mtproto_conn_is_exchange(conn))
			continue;
		due = due_us(session, conn);
		if (due <= now_us)
			answer(session, conn);
		else
			host->wake_after(host->ctx, conn, due - now_us);
	}
}
