/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A connection that speaks HTTP, on a loop, over a pair of sockets: requests one after another or
 * all at once, answered at once, later or never, upgraded to WebSocket, cut off anywhere. The first
 * byte says how the rest is cut into pieces; it is played twice, in pieces and as a whole, and the
 * same requests must come of it, or somebody in front of the server could see others than it does.
 */
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "crypto/hash.h"
#include "net/conn.h"
#include "net/http_server.h"
#include "net/websocket.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define INPUT_MAX 16384 /* what the sockets' buffers take for sure */
#define MESSAGE_MAX 1000

static struct {
	struct loop *loop;
	struct http_server server;
	struct http_exchange *held;
	struct websocket_decoder decoder;
	bool upgraded, ended, late; /* late: what is held waits for the client's end */
	struct buf log;		    /* what was asked for */
} f;

static void require(bool holds)
{
	if (!holds)
		abort();
}

static void log_bytes(struct bytes bytes)
{
	buf_append_u32le(&f.log, (uint32_t)bytes.size);
	buf_append_bytes(&f.log, bytes);
}

/* ---- WebSocket ---- */

static size_t websocket_on_data(struct conn *conn, struct bytes in)
{
	size_t at = 0, used;
	enum websocket_event event;

	do {
		event = websocket_decode(&f.decoder, bytes_of(in.data + at, in.size - at), &used);
		at += used;
		buf_append_u8(&f.log, (uint8_t)(event == WEBSOCKET_MORE ? 0 : event));
		if (event == WEBSOCKET_MORE)
			f.log.end--; /* how often that comes depends on the pieces */
		if (event == WEBSOCKET_MESSAGE) {
			log_bytes(buf_bytes(&f.decoder.message));
			websocket_encode(
				conn_out(conn), WEBSOCKET_OP_BINARY, buf_bytes(&f.decoder.message));
		}
	} while (event == WEBSOCKET_MESSAGE || event == WEBSOCKET_PING || event == WEBSOCKET_PONG);
	if (event == WEBSOCKET_MORE)
		return at;
	conn_finish(conn);
	return in.size;
}

static void websocket_on_close(struct conn *conn, enum conn_reason reason)
{
	(void)conn;
	(void)reason;
}

static const struct conn_ops websocket_ops = {
	.on_data = websocket_on_data, .on_close = websocket_on_close};

/* ---- Requests ---- */

static void sha1_of(const void *data, size_t size, uint8_t digest[20])
{
	hash_sha1(bytes_of(data, size), digest);
}

/* What is held is answered as from another thread: its answer may be on its way. */
static void note_gone(struct http_exchange *exchange)
{
	require(!f.held || exchange == f.held);
}

static void on_request(struct http_exchange *exchange, void *owner)
{
	const struct http_request *request = &exchange->request;

	(void)owner;
	require(!f.held && !f.upgraded && request->body.size <= f.server.limits.body_max);
	buf_append_u8(&f.log, (uint8_t)request->method);
	log_bytes(request->path);
	log_bytes(request->query);
	log_bytes(request->body);
	if (websocket_is_upgrade(request) &&
		websocket_origin_allowed(request, "https://example.org") &&
		websocket_accept(
			request, "binary", sha1_of, &exchange->arena, &exchange->response) == 0) {
		f.upgraded = true;
		require(http_upgrade(exchange, &websocket_ops, NULL) != NULL);
	} else if (bytes_equal_str(request->path, "/held") ||
		   bytes_equal_str(request->path, "/late")) {
		f.held = exchange;
		f.late = request->path.data[1] == 'l';
		exchange->on_gone = note_gone;
	} else {
		exchange->response.close = bytes_equal_str(request->path, "/last");
		buf_append_bytes(&exchange->response.body, request->body);
		http_respond(exchange);
	}
}

static void answer_held(void)
{
	struct http_exchange *exchange = f.held;

	f.held = NULL;
	f.late = false;
	if (exchange)
		http_respond(exchange);
}

/* ---- Playing it ---- */

/* Everything that can happen now happens. */
static void settle(int fd)
{
	uint8_t answer[65536];
	bool busy;

	do {
		loop_step(f.loop, 0);
		busy = f.held && !f.late;
		if (busy)
			answer_held();
		for (;;) {
			ssize_t n = recv(fd, answer, sizeof(answer), MSG_DONTWAIT);

			f.ended |= n == 0;
			if (n <= 0)
				break;
			busy = true;
		}
	} while (busy && !f.ended);
}

static void play(struct bytes in, size_t piece, struct buf *log)
{
	static const struct conn_limits limits = {
		.input_max = 65536, .output_max = 1 << 20, .first_byte_ms = 10000};
	struct address peer = {0};
	struct conn *conn;
	int pair[2];

	memset(&f, 0, sizeof(f));
	require(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair) == 0);
	f.loop = loop_new(NULL);
	require(f.loop != NULL);
	http_server_init(&f.server, on_request, NULL);
	f.server.limits.body_max = 2000;
	f.server.limits.head_max = 2000;
	websocket_decoder_init(&f.decoder, MESSAGE_MAX);
	conn = conn_new(f.loop, pair[0], &peer, &limits, &http_accept_ops, &f.server, NULL);
	require(conn != NULL);
	while (in.size > 0 && !f.ended) {
		size_t now = piece && piece < in.size ? piece : in.size;

		require(send(pair[1], in.data, now, MSG_NOSIGNAL) == (ssize_t)now || f.ended);
		in.data += now;
		in.size -= now;
		settle(pair[1]);
	}
	shutdown(pair[1], SHUT_WR);
	settle(pair[1]);
	answer_held();
	settle(pair[1]);
	answer_held();
	close(pair[1]);
	loop_free(f.loop);
	websocket_decoder_release(&f.decoder);
	*log = f.log;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf whole, pieces;

	if (size < 2 || size > INPUT_MAX)
		return 0;
	play(bytes_of(data + 1, size - 1), 0, &whole);
	/* Pieces of few bytes only if there are not too many of them. */
	play(bytes_of(data + 1, size - 1), (size_t)data[0] + 1 + size / 256, &pieces);
	require(bytes_equal(buf_bytes(&whole), buf_bytes(&pieces)));
	buf_release(&whole);
	buf_release(&pieces);
	return 0;
}
