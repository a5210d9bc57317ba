/* SPDX-License-Identifier: Apache-2.0 */
/* What all connections of one thread share: message ids, timers, and the order of flushing. */
#include <assert.h>
#include <stdlib.h>

#include "mtproto/handshake.h"
#include "mtproto/session_private.h"

#define SWEEP_US 5000000

/* A clock that went back further had been wrong before. Ids that went on from there would be so far
 * ahead of the time that clients ignore them, for as long as the clock needs to catch up. */
#define CLOCK_BACK_MAX_S 600

const struct mtproto_limits mtproto_limits_default = {
	.sessions_max = 200000,
	.sessions_per_key_max = 100,
	.session_linger_s = 1800,
	.ack_delay_ms = 1000,
	.idle_close_s = 900,
	.keyless_close_s = 120,
	.session_queue_max = (size_t)16 << 20,
	.held_max = (size_t)32 << 20,
	.http_wait_ms = 50000,
	.http_per_session = 16,
	.http_per_key = 64,
	.output_high = (size_t)2 << 20,
};

void mtproto_server_init(struct mtproto_server *server, const struct mtproto_host *host,
	const struct clock *clock, const struct random *random, struct handshakes *handshakes)
{
	memset(server, 0, sizeof(*server));
	server->host = *host;
	server->limits = mtproto_limits_default;
	server->clock = clock;
	server->random = random;
	server->handshakes = handshakes;
	map_init(&server->sessions);
	list_init(&server->conns);
	list_init(&server->dirty);
	list_init(&server->ack_due);
	list_init(&server->held_acks);
	list_init(&server->detached);
	list_init(&server->doomed);
	list_init(&server->waits);
	list_init(&server->ready);
}

void mtproto_server_release(struct mtproto_server *server)
{
	server_enter(server);
	assert(list_empty(&server->conns));
	LIST_EACH_SAFE (node, &server->detached)
		session_doom(LIST_OWNER(node, struct mtproto_session, of_detached));
	server_leave(server);
	assert(server->sessions_count == 0);
	map_release(&server->sessions);
	flush_batch_free(server);
}

static uint64_t *last_msg_id(struct mtproto_server *server)
{
	return server->id_floor ? server->id_floor : &server->last_msg_id;
}

/* Seconds in the upper half, fractions below, remainder 1 for answers and 3 for the rest; rising
 * whatever the clock does (S2). */
uint64_t server_next_msg_id(struct mtproto_server *server, bool answer)
{
	uint64_t *last = last_msg_id(server);
	uint64_t now_us = (uint64_t)clock_realtime_us(server->clock);
	uint64_t id = now_us / 1000000 << 32 | ((now_us % 1000000) << 32) / 1000000;

	id &= ~(uint64_t)3;
	if (id <= *last && *last - id < (uint64_t)CLOCK_BACK_MAX_S << 32)
		id = (*last & ~(uint64_t)3) + 4;
	id |= answer ? 1 : 3;
	*last = id;
	return id;
}

uint32_t server_uptime_s(const struct mtproto_server *server)
{
	return 1 + (uint32_t)(clock_monotonic_us(server->clock) / 1000000);
}

int64_t server_told_s(struct mtproto_server *server)
{
	int64_t now_s = clock_unix_s(server->clock);
	int64_t told_s = (int64_t)(*last_msg_id(server) >> 32);

	return told_s > now_s && told_s - now_s < CLOCK_BACK_MAX_S ? told_s : now_s;
}

void mtproto_server_flush(struct mtproto_server *server)
{
	server_enter(server);
	wait_run_ready(server);
	while (!list_empty(&server->dirty))
		flush_session(LIST_OWNER(server->dirty.next, struct mtproto_session, of_due));
	flush_batch_send(server);
	server_leave(server);
}

static void check_conn(struct mtproto_server *server, struct mtproto_conn *conn, int64_t now_us)
{
	const struct mtproto_limits *limits = &server->limits;

	if (conn->closing)
		return;
	if (now_us - conn->last_packet_us > (int64_t)limits->idle_close_s * 1000000 ||
		(!conn->key &&
			now_us - conn->opened_us > (int64_t)limits->keyless_close_s * 1000000) ||
		(conn->disconnect_us != 0 && now_us > conn->disconnect_us)) {
		mtproto_conn_close(conn);
		return;
	}
	if (conn->session)
		session_remind(conn->session);
}

static void sweep(struct mtproto_server *server, int64_t now_us)
{
	int64_t linger_us = (int64_t)server->limits.session_linger_s * 1000000;

	handshakes_sweep(server->handshakes);
	LIST_EACH_SAFE (node, &server->conns)
		check_conn(server, LIST_OWNER(node, struct mtproto_conn, of_server), now_us);
	LIST_EACH_SAFE (node, &server->detached) {
		struct mtproto_session *session =
			LIST_OWNER(node, struct mtproto_session, of_detached);

		if (now_us - session->detached_us <= linger_us)
			break;
		session_doom(session);
	}
}

void mtproto_server_tick(struct mtproto_server *server)
{
	int64_t now_us = clock_monotonic_us(server->clock);

	server_enter(server);
	LIST_EACH_SAFE (node, &server->ack_due) {
		struct mtproto_session *session = LIST_OWNER(node, struct mtproto_session, of_due);

		if (session->ack_due_us > now_us)
			break;
		session_mark_dirty(session);
	}
	session_acks_expire(server, now_us);
	wait_expire(server, now_us);
	if (now_us >= server->next_sweep_us) {
		server->next_sweep_us = now_us + SWEEP_US;
		sweep(server, now_us);
	}
	server_leave(server);
}

void mtproto_server_drop_key(struct mtproto_server *server, struct auth_key *key)
{
	server_enter(server);
	LIST_EACH_SAFE (node, &key->sessions)
		session_doom(LIST_OWNER(node, struct mtproto_session, of_key));
	LIST_EACH_SAFE (node, &server->conns) {
		struct mtproto_conn *conn = LIST_OWNER(node, struct mtproto_conn, of_server);

		if (conn->key == key)
			mtproto_conn_close(conn);
	}
	server_leave(server);
}
