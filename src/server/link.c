/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Life of a link: through the door (door.c) -> MTProto on the thread that accepted it -> once its
 * authorization key is known, on the thread of that key.
 */
#include "server/link_private.h"

#include <stdlib.h>

#include "base/log.h"
#include "base/mem.h"
#include "crypto/hash.h"
#include "net/websocket.h"
#include "server/metrics.h"
#include "server/thread.h"
#include "store/home_keys.h"

/* The longest packet that the transport takes, its header, and that of obfuscation. */
#define LINK_WS_MESSAGE_MAX (TRANSPORT_PACKET_MAX + TRANSPORT_OBFUSCATION_SIZE + 16)

/* So much may wait as frames. What is more stays where mtproto sees it, and holds back. From this
 * on the drain is told (net/conn.h). */
#define LINK_WS_AHEAD ((size_t)128 << 10)

/* Apart from the link: most clients come over TCP, and an idle one should cost little. */
struct link_websocket {
	struct websocket_decoder decoder;
	struct buf out;
};

static const struct conn_ops link_ops;

struct link *link_new(struct net_thread *thread, const struct address *peer)
{
	struct link *link = MEM_NEW(struct link);

	link->thread = thread;
	link->peer = *peer;
	link->references = 1;
	return link;
}

static void link_into_websocket(struct link *link)
{
	link->websocket = MEM_NEW(struct link_websocket);
	websocket_decoder_init(&link->websocket->decoder, LINK_WS_MESSAGE_MAX);
	buf_init(&link->websocket->out, 0);
}

void link_let_go(struct link *link)
{
	if (--link->references > 0)
		return;
	link_http_free(link->http);
	if (link->websocket) {
		websocket_decoder_release(&link->websocket->decoder);
		buf_release(&link->websocket->out);
	}
	free(link->websocket);
	free(link);
}

static struct buf *link_out(struct link *link)
{
	return link->websocket ? &link->websocket->out : conn_out(link->conn);
}

bool link_is_open(const struct link *link)
{
	return link->conn || (link->http && link_http_is_open(link->http));
}

static void link_start(struct link *link, struct conn *conn)
{
	metric_add(METRIC_CONNECTIONS, 1);
	link->conn = conn;
	mtproto_conn_init(&link->mtproto, &link->thread->mtproto,
		link->websocket ? TRANSPORT_WEBSOCKET : TRANSPORT_TCP, link_out(link), link);
}

void link_open_tcp(
	struct net_thread *thread, struct conn *conn, const struct transport_secrets *secrets)
{
	struct link *link = link_new(thread, conn_peer(conn));

	link_start(link, conn);
	transport_accept_secrets(&link->mtproto.transport, secrets);
	conn_set_owner(conn, &link_ops, link);
}

/* What it holds of a packet that is not whole; and who is logged in is no stranger (keys are
 * free). */
static void link_tell_conn(struct link *link)
{
	size_t kept = buf_size(&link->mtproto.transport.pending);

	if (link->websocket)
		kept += buf_size(&link->websocket->decoder.message);
	conn_keep(link->conn, kept);
	if (mtproto_conn_known(&link->mtproto))
		conn_vouch(link->conn);
}

void link_settle(struct link *link)
{
	struct net_thread *target = link->move_to;

	if (link->http)
		link_http_settle(link);
	else
		link_tell_conn(link);
	if (!target || link->mtproto.closing) {
		thread_flush_later(link->thread);
		return;
	}
	link->move_to = NULL;
	mtproto_conn_detach(&link->mtproto);
	/* From a successful move on, the link is the other thread's. */
	link->thread = target;
	if (!conn_move(link->conn, target->loop, &link_ops, link))
		log_debug("move_late", "a connection closed before it could change threads");
}

static void link_frame(struct link *link)
{
	struct link_websocket *websocket = link->websocket;

	if (!websocket || buf_size(&websocket->out) == 0)
		return;
	websocket_encode(conn_out(link->conn), WEBSOCKET_OP_BINARY, buf_bytes(&websocket->out));
	buf_release(&websocket->out);
}

static void link_pong(struct link *link)
{
	const struct websocket_decoder *ping = &link->websocket->decoder;

	/* Who reads none of them needs no more. */
	if (conn_unsent(link->conn) < LINK_WS_AHEAD)
		websocket_encode(conn_out(link->conn), WEBSOCKET_OP_PONG,
			bytes_of(ping->control, ping->control_size));
}

static void link_feed_websocket(struct link *link, struct bytes in)
{
	while (in.size && !link->mtproto.closing) {
		size_t taken = 0;
		enum websocket_event event =
			websocket_decode(&link->websocket->decoder, in, &taken);

		in = bytes_of(in.data + taken, in.size - taken);
		if (event == WEBSOCKET_MESSAGE) {
			struct bytes message = buf_bytes(&link->websocket->decoder.message);

			mtproto_conn_feed(&link->mtproto, message.data, message.size);
			buf_release(&link->websocket->decoder.message);
		} else if (event == WEBSOCKET_PING) {
			link_pong(link);
		} else if (event == WEBSOCKET_CLOSE || event == WEBSOCKET_BAD) {
			websocket_encode_close(
				conn_out(link->conn), link->websocket->decoder.close_code);
			conn_finish(link->conn);
			return;
		} else if (event == WEBSOCKET_MORE) {
			return;
		}
	}
}

/* Tells the connection whether the peer owes the rest of a packet or frame: it has a deadline for
 * each. One that waits for us (a key on its way to disk) owes nothing. */
static void link_note_unfinished(struct link *link, int64_t packet_before_us)
{
	const struct mtproto_conn *mtproto = &link->mtproto;
	bool unfinished = buf_size(&mtproto->transport.pending) > mtproto->transport.taken &&
			  !mtproto->plain_wait && !link->move_to;

	if (link->websocket)
		unfinished |= websocket_is_unfinished(&link->websocket->decoder);
	if (mtproto->last_packet_us != packet_before_us)
		conn_set_unfinished(link->conn, false);
	conn_set_unfinished(link->conn, unfinished);
}

static size_t link_data(struct conn *conn, struct bytes in)
{
	struct link *link = conn_owner(conn);
	int64_t packet_before_us = link->mtproto.last_packet_us;

	/* Clients wait for what is not answered, and come again when the connection ends. */
	if (link->thread->node->sealed)
		return in.size;
	if (link->websocket)
		link_feed_websocket(link, in);
	else
		mtproto_conn_feed(&link->mtproto, in.data, in.size);
	link_note_unfinished(link, packet_before_us);
	link_settle(link);
	return in.size;
}

/* Only after a move: the packet that waited is handled here. */
static void link_opened(struct conn *conn)
{
	struct link *link = conn_owner(conn);

	if (link->thread->node->stopping) {
		conn_close(conn);
		return;
	}
	mtproto_conn_resume(&link->mtproto, &link->thread->mtproto, link_out(link));
	link_settle(link);
}

static void link_drained(struct conn *conn)
{
	struct link *link = conn_owner(conn);

	link_frame(link);
	mtproto_conn_drained(&link->mtproto);
	thread_flush_later(link->thread);
}

static void link_closed(struct conn *conn, enum conn_reason reason)
{
	struct link *link = conn_owner(conn);

	mtproto_conn_release(&link->mtproto);
	link->conn = NULL;
	link_let_go(link);
}

static const struct conn_ops link_ops = {.on_open = link_opened,
	.on_data = link_data,
	.on_drain = link_drained,
	.on_close = link_closed};

void link_open_websocket(struct net_thread *thread, struct http_exchange *exchange)
{
	struct link *link = link_new(thread, &exchange->request.peer);
	struct conn *conn;

	link_into_websocket(link);
	conn = http_upgrade(exchange, &link_ops, link);
	if (conn)
		link_start(link, conn);
	else
		link_let_go(link);
}

/* ---- What mtproto asks of a connection ---- */

enum mtproto_route link_key_id_seen(void *ctx, struct mtproto_conn *conn, uint64_t auth_key_id)
{
	struct net_thread *here = ctx, *there = node_thread_of_key(here->node, auth_key_id);
	struct link *link = conn->user_data;

	if (here == there)
		return MTPROTO_CONTINUE;
	link->move_to = there;
	return MTPROTO_MOVE;
}

void link_output(void *ctx, struct mtproto_conn *conn)
{
	struct link *link = conn->user_data;

	if (link->http)
		link_http_output(link);
	if (!link->conn)
		return;
	conn_out(link->conn); /* it is written at the end of the round */
	if (conn_unsent(link->conn) < LINK_WS_AHEAD)
		link_frame(link);
}

void link_close(void *ctx, struct mtproto_conn *conn)
{
	struct link *link = conn->user_data;

	if (link->http)
		link_http_close(link);
	if (!link->conn)
		return;
	conn_out(link->conn);
	link_frame(link);
	/* T8: bytes that are no transport are the peer's fault, here as in a frame. */
	if (link->websocket)
		websocket_encode_close(conn_out(link->conn),
			conn->transport.failed ? WEBSOCKET_CLOSE_PROTOCOL : WEBSOCKET_CLOSE_NORMAL);
	conn_finish(link->conn);
}

void link_went_on(struct mtproto_conn *conn)
{
	struct link *link = conn->user_data;

	if (link_is_open(link))
		link_settle(link);
}

const struct address *link_peer(const struct mtproto_conn *conn)
{
	const struct link *link = conn->user_data;

	return &link->peer;
}

/* The hosts of one IPv6 network are one place: they change their addresses at will. */
uint64_t link_place(void *ctx, const struct mtproto_conn *conn)
{
	const struct address *peer = link_peer(conn);

	(void)ctx;
	return map_mix(load_u64le(peer->ip), address_is_ipv4(peer) ? load_u64le(peer->ip + 8) : 0);
}

/* ---- A new key ---- */

/* A permanent key is on disk before the client hears that it has one. */
struct key_store_job {
	struct executor_job job;
	struct loop_task back;
	struct link *link;
	struct temp_keys *temp_keys;
	struct home_key row;
	enum mtproto_stored result;
};

static int key_store_run(struct executor_job *base, struct store *store)
{
	struct key_store_job *job = LIST_OWNER(base, struct key_store_job, job);

	struct auth_key temp;
	bool is_free;

	auth_key_init(&temp);
	is_free = !temp_keys_find(job->temp_keys, job->row.id, job->row.created_at_s, &temp) &&
		  home_keys_insert(store_home(store), store->vault, &job->row);
	auth_key_wipe(&temp);
	job->result = is_free ? MTPROTO_STORED : MTPROTO_STORE_TAKEN;
	return 0;
}

static void key_store_back(struct loop_task *task)
{
	struct key_store_job *job = LIST_OWNER(task, struct key_store_job, back);
	struct link *link = job->link;

	if (link_is_open(link)) {
		mtproto_conn_key_stored(&link->mtproto, job->result);
		link_settle(link);
	}
	link_let_go(link);
	home_key_wipe(&job->row);
	free(job);
}

static void key_store_finish(struct executor_job *base, bool ok)
{
	struct key_store_job *job = LIST_OWNER(base, struct key_store_job, job);

	if (!ok)
		job->result = MTPROTO_STORE_FAILED;
	job->back.run = key_store_back;
	loop_post(job->link->thread->loop, &job->back);
}

static void store_perm_key(struct link *link, const struct auth_key *key, int64_t now_s)
{
	struct key_store_job *job = MEM_NEW(struct key_store_job);

	job->job.run = key_store_run;
	job->job.finish = key_store_finish;
	job->link = link;
	job->temp_keys = link->thread->node->temp_keys;
	link->references++;
	job->row = (struct home_key){.id = key->id,
		.aux_hash = key->aux_hash,
		.dc = key->dc,
		.created_at_s = now_s,
		.active_at_s = now_s};
	memcpy(job->row.secret, key->secret, sizeof(job->row.secret));
	executor_submit(link->thread->node->writer, &job->job);
}

void link_key_new(void *ctx, struct mtproto_conn *conn, const struct mtproto_new_key *new_key)
{
	struct net_thread *thread = ctx;
	struct link *link = conn->user_data;
	struct ring_key *taken;

	metric_add(METRIC_KEYS_MADE, 1);
	if (!new_key->temp) {
		store_perm_key(link, new_key->key, thread_now_s(thread));
		return;
	}
	/* Whoever finds a secret whose id is another key's must not take its place. */
	switch (keyring_find(&thread->keys, new_key->key->id, thread_now_s(thread), &taken)) {
	case MTPROTO_KEY_ABSENT:
		break;
	case MTPROTO_KEY_FOUND:
		mtproto_conn_key_stored(conn, MTPROTO_STORE_TAKEN);
		return;
	case MTPROTO_KEY_UNAVAILABLE:
		mtproto_conn_key_stored(conn, MTPROTO_STORE_FAILED);
		return;
	}
	mtproto_conn_key_stored(conn, temp_keys_add(thread->node->temp_keys, new_key->key)
					      ? MTPROTO_STORED
					      : MTPROTO_STORE_TAKEN);
}
