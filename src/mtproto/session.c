/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sessions: found, made, attached to connections, forgotten. What comes in is in session_in.c, what
 * the host queues in session_answer.c, and what goes out in flush.c.
 */
#include "mtproto/session.h"

#include <assert.h>
#include <stdlib.h>

#include "base/log.h"
#include "base/mem.h"
#include "mtproto/session_private.h"

/* While all sessions together hold too much. */
#define SCARCE_HELD_MAX ((size_t)4 << 20)
/* What a session without connection may hold for its client, who asks for all of it again in a new
 * one. */
#define OFFLINE_HELD_MAX ((size_t)2 << 20)
/* Pongs and notifications are short; their heads are not. */
#define QUEUED_COUNT_MAX 65536

/* Several client libraries take no notice of what they are told of. After so long it is sent. */
#define TOLD_WAIT_S 10

static uint64_t session_map_key(uint64_t auth_key_id, uint64_t session_id)
{
	return map_mix(auth_key_id, session_id);
}

struct mtproto_session *mtproto_session_find(
	struct mtproto_server *server, uint64_t auth_key_id, uint64_t session_id)
{
	struct mtproto_session *session =
		map_get(&server->sessions, session_map_key(auth_key_id, session_id));

	while (session && (session->id != session_id || session->key->id != auth_key_id))
		session = session->chain;
	return session;
}

static void index_add(struct mtproto_session *session)
{
	uint64_t key = session_map_key(session->key->id, session->id);

	session->chain = map_put(&session->server->sessions, key, session);
}

static void index_remove(struct mtproto_session *session)
{
	struct map *map = &session->server->sessions;
	uint64_t key = session_map_key(session->key->id, session->id);
	struct mtproto_session *at = map_get(map, key);

	if (at != session) {
		while (at->chain != session)
			at = at->chain;
		at->chain = session->chain;
	} else if (session->chain) {
		map_put(map, key, session->chain);
	} else {
		map_remove(map, key);
	}
}

static void session_free(struct mtproto_session *session)
{
	struct mtproto_server *server = session->server;

	LIST_EACH_SAFE (node, &session->conns) {
		struct mtproto_conn *conn = LIST_OWNER(node, struct mtproto_conn, of_session);

		list_remove(&conn->of_session);
		exchange_detached(conn);
		conn->session = NULL;
		mtproto_conn_close(conn);
	}
	wait_end_session(session);
	if (session->opened)
		server->host.session_closed(server->host.ctx, session);
	index_remove(session);
	list_remove(&session->of_due);
	list_remove(&session->of_detached);
	session->key->refs--;
	seen_release(&session->seen);
	out_release(&session->out);
	session_acks_clear(session);
	free(session);
}

/* From here on it takes no room: one packet can bring more sessions than there is room for, and
 * each of them must find another one to put out. */
void session_doom(struct mtproto_session *session)
{
	if (session->doomed)
		return;
	session->doomed = true;
	session->key->sessions_count--;
	session->server->sessions_count--;
	list_remove(&session->of_key);
	list_remove(&session->of_detached);
	list_append(&session->server->doomed, &session->of_detached);
}

void session_disown(struct mtproto_session *session)
{
	struct mtproto_server *server = session->server;

	log_info("session_duplicated", "one session came from two places at once");
	session->duplicated = true;
	wait_end_session(session);
	if (session->opened)
		server->host.session_closed(server->host.ctx, session);
	session->opened = false;
	out_release(&session->out);
	session_acks_clear(session);
}

void server_enter(struct mtproto_server *server)
{
	server->busy++;
}

void server_leave(struct mtproto_server *server)
{
	assert(server->busy > 0);
	/* Still counted as busy meanwhile: session_closed may doom another one. */
	while (server->busy == 1 && !list_empty(&server->doomed))
		session_free(LIST_OWNER(server->doomed.next, struct mtproto_session, of_detached));
	server->busy--;
}

/* Bounds: sessions of this key, sessions of this thread. The least recently used goes, one without
 * connection before any other. */
static void make_room(struct mtproto_server *server, struct auth_key *key)
{
	if (key->sessions_count >= server->limits.sessions_per_key_max) {
		struct mtproto_session *oldest =
			LIST_OWNER(key->sessions.next, struct mtproto_session, of_key);

		LIST_EACH (node, &key->sessions) {
			struct mtproto_session *session =
				LIST_OWNER(node, struct mtproto_session, of_key);

			if (list_empty(&session->conns)) {
				oldest = session;
				break;
			}
		}
		session_doom(oldest);
	}
	if (server->sessions_count >= server->limits.sessions_max && !list_empty(&server->detached))
		session_doom(
			LIST_OWNER(server->detached.next, struct mtproto_session, of_detached));
}

struct mtproto_session *session_obtain(
	struct mtproto_server *server, struct auth_key *key, uint64_t session_id)
{
	struct mtproto_session *session = mtproto_session_find(server, key->id, session_id);

	if (session && !session->doomed) {
		list_remove(&session->of_key);
		list_append(&key->sessions, &session->of_key);
	}
	if (session)
		return session;
	make_room(server, key);
	session = MEM_NEW(struct mtproto_session);
	session->server = server;
	session->out.held_by_all = &server->held_bytes;
	session->key = key;
	session->id = session_id;
	session->seen.floor = (uint64_t)(clock_unix_s(server->clock) - MTPROTO_CALL_MEMORY_S) << 32;
	list_init(&session->conns);
	list_init(&session->of_due);
	list_init(&session->waits);
	list_init(&session->held_acks);
	list_init(&session->of_key);
	list_init(&session->of_detached);
	list_append(&key->sessions, &session->of_key);
	list_append(&server->detached, &session->of_detached);
	session->detached_us = clock_monotonic_us(server->clock);
	key->sessions_count++;
	server->sessions_count++;
	key->refs++;
	index_add(session);
	return session;
}

static void tell_online(struct mtproto_session *session, bool online)
{
	const struct mtproto_host *host = &session->server->host;

	if (session->opened && host->session_online)
		host->session_online(host->ctx, session, online);
}

/* What was not acknowledged goes again, under new ids (S1); of what is long the client is told, and
 * asks for it if it wants it. */
static void session_send_again(struct mtproto_session *session)
{
	struct session_out *out = &session->out;

	for (uint32_t i = 0; i < out->sent_count; i++)
		if (out->sent[i].message->size > RESEND_MAX)
			session_tell_of(session, out->sent[i].message);
	out_send_all_again(out, false);
	if (out->first || session->acks_count > 0)
		session_mark_dirty(session);
}

void session_remind(struct mtproto_session *session)
{
	if (!session->told_s || server_uptime_s(session->server) - session->told_s < TOLD_WAIT_S)
		return;
	session->told_s = 0;
	out_send_all_again(&session->out, true);
	session_mark_dirty(session);
}

void session_attach(struct mtproto_session *session, struct mtproto_conn *conn)
{
	bool first = list_empty(&session->conns);

	if (conn->session == session) {
		bool was_last = session->conns.prev == &conn->of_session;

		list_remove(&conn->of_session);
		list_append(&session->conns, &conn->of_session);
		/* What left by another one meanwhile may have gone to whoever sent a copy of a
		 * packet that he saw on its way. */
		if (!was_last && !mtproto_conn_is_exchange(conn))
			session_send_again(session);
		return;
	}
	if (conn->session)
		session_detach(conn);
	conn->session = session;
	list_append(&session->conns, &conn->of_session);
	if (!session->doomed)
		list_remove(&session->of_detached);
	exchange_attached(conn);
	/* The old connection may be dead without our knowing. Each exchange is a new one, and
	 * brings acknowledgements. */
	if (!mtproto_conn_is_exchange(conn))
		session_send_again(session);
	if (first)
		tell_online(session, true);
}

void session_detach(struct mtproto_conn *conn)
{
	struct mtproto_session *session = conn->session;

	if (!session)
		return;
	list_remove(&conn->of_session);
	exchange_detached(conn);
	conn->session = NULL;
	if (!list_empty(&session->conns)) {
		if (mtproto_conn_is_exchange(conn))
			session_mark_dirty(session);
		else
			session_send_again(session);
		return;
	}
	session->detached_us = clock_monotonic_us(session->server->clock);
	if (!session->doomed) {
		list_remove(&session->of_detached);
		list_append(&session->server->detached, &session->of_detached);
	}
	session_bound_queue(session);
	tell_online(session, false);
}

bool mtproto_session_is_online(const struct mtproto_session *session)
{
	return !list_empty(&session->conns);
}

struct mtproto_conn *mtproto_session_conn(const struct mtproto_session *session)
{
	if (list_empty(&session->conns))
		return NULL;
	return LIST_OWNER(session->conns.prev, struct mtproto_conn, of_session);
}

void session_mark_dirty(struct mtproto_session *session)
{
	list_remove(&session->of_due);
	list_append(&session->server->dirty, &session->of_due);
}

bool server_is_scarce(const struct mtproto_server *server)
{
	return server->held_bytes > server->limits.held_max;
}

/* A client that asks and does not read loses the session; in a new one it asks again. */
void session_bound_queue(struct mtproto_session *session)
{
	const struct session_out *out = &session->out;
	bool online = mtproto_session_is_online(session) || exchange_is_between(session);
	size_t held = online ? out->queued_bytes : out->queued_bytes + out->sent_bytes;
	size_t max = online ? session->server->limits.session_queue_max : OFFLINE_HELD_MAX;

	if (server_is_scarce(session->server) && max > SCARCE_HELD_MAX)
		max = SCARCE_HELD_MAX;
	if (held > max || out->queued_count > QUEUED_COUNT_MAX)
		session_doom(session);
}

void session_queue(
	struct mtproto_session *session, unsigned flags, uint64_t req_msg_id, struct bytes body)
{
	struct out_message *message = out_message_new(flags, req_msg_id, body.size);

	assert(body.size > 0 && body.size % 4 == 0);
	memcpy(message->body, body.data, body.size);
	out_queue(&session->out, message);
	exchange_queued(session);
	session_mark_dirty(session);
	session_bound_queue(session);
}
