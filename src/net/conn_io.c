/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The bytes of a connection: reading and delivering, buffering and writing. What a filter does to
 * them on the way is in conn_filter.c; opening, closing, moving and deadlines are in conn.c.
 */
#include <assert.h>
#include <errno.h>
#include <sys/socket.h>

#include "net/conn_private.h"

/* From so much on an owner may hold back for its size alone, so it is told when it is gone. */
#define TELL_DRAINED ((size_t)128 << 10)

static bool try_later(int error)
{
	return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

/* ---- In ---- */

static bool can_deliver(const struct conn *conn)
{
	return !conn->paused && !conn->closing && !conn->finishing && !conn->target &&
	       !conn->unfiltered;
}

/* What is left when all that want it have had it. */
static struct bytes offer(struct conn *conn, struct bytes in)
{
	while (in.size && can_deliver(conn)) {
		const struct conn_ops *ops = conn->ops;
		void *owner = conn->owner;
		size_t taken = ops->on_data(conn, in);

		assert(taken <= in.size);
		in = bytes_of(in.data + taken, in.size - taken);
		/* Took nothing: wait for more, unless somebody else is to have a look now. */
		if (taken == 0 && ops == conn->ops && owner == conn->owner)
			break;
	}
	return in;
}

/* fresh is in the loop's scratch space and is gone after this. */
static void deliver(struct conn *conn, struct bytes fresh)
{
	bool buffered = buf_size(&conn->in) > 0 || conn->filter;
	struct bytes rest;

	conn->redeliver = false;
	if (conn->filter)
		conn_filter_in(conn, fresh);
	else if (buffered)
		buf_append_bytes(&conn->in, fresh);
	if (conn->in.failed) {
		conn_end(conn, CONN_INPUT_OVERFLOW);
		return;
	}
	rest = offer(conn, buffered ? buf_bytes(&conn->in) : fresh);
	if (buffered)
		buf_consume(&conn->in, buf_size(&conn->in) - rest.size);
	else
		buf_append_bytes(&conn->in, rest); /* fits: it is one read at most */
	if (can_deliver(conn) && rest.size > conn->limits->input_max)
		conn_end(conn, CONN_INPUT_OVERFLOW);
	if (!rest.size)
		buf_release(&conn->in);
	crowd_count(conn);
}

void conn_deliver_unread(struct conn *conn)
{
	conn->redeliver = false;
	if (buf_size(&conn->in))
		deliver(conn, bytes_of(NULL, 0));
}

void conn_read_some(struct conn *conn)
{
	uint8_t *scratch = conn->loop->scratch;
	size_t room = crowd_may_read(conn);
	ssize_t n;

	if (room == 0)
		return;
	n = recv(conn->source.fd, scratch, room, 0);
	if (n < 0) {
		if (!try_later(errno))
			conn_end(conn, CONN_BY_PEER);
		return;
	}
	if (n == 0) {
		/* What this round has to say still goes out: perhaps it closed one way only. */
		conn->ended = true;
		conn_defer_round(conn);
		return;
	}
	conn->heard = true;
	conn->unit_bytes += (size_t)n;
	conn->active_ms = conn->loop->now_ms;
	if (!conn->finishing) /* else it is thrown away: see conn_finish() */
		deliver(conn, bytes_of(scratch, n));
}

void conn_pause(struct conn *conn)
{
	conn->paused = true;
	conn_defer_round(conn); /* epoll is told then: it may be resumed before it matters */
}

void conn_resume(struct conn *conn)
{
	if (!conn->paused)
		return;
	conn->paused = false;
	conn->unit_since_ms = conn->loop->now_ms;
	if (conn->unfinished && !conn->closing && !conn->target)
		conn_arm(conn);
	conn->redeliver = true;
	conn_defer_round(conn);
}

/* ---- Out ---- */

struct buf *conn_out(struct conn *conn)
{
	if (buf_size(&conn->out) >= CONN_PIECE)
		conn_write_out(conn);
	conn_defer_round(conn);
	return &conn->out;
}

void conn_write(struct conn *conn, struct bytes data)
{
	buf_append_bytes(conn_out(conn), data);
}

size_t conn_unsent(const struct conn *conn)
{
	return buf_size(&conn->out) + buf_size(&conn->wire);
}

void conn_write_out(struct conn *conn)
{
	while (!conn->blocked && !conn->connecting && !conn->closing) {
		struct buf *ready = conn->filter ? &conn->wire : &conn->out;
		size_t size;
		ssize_t n;

		if (conn->filter)
			conn_filter_out(conn);
		size = buf_size(ready);
		if (!size)
			return;
		n = send(conn->source.fd, buf_data(ready), size, MSG_NOSIGNAL);

		if (n < 0 && !try_later(errno)) {
			conn_end(conn, CONN_BY_PEER);
			return;
		}
		if (n > 0) {
			buf_consume(ready, n);
			conn->active_ms = conn->progress_ms = conn->loop->now_ms;
		}
		if (size >= TELL_DRAINED)
			conn->drain_due = true;
		if (n < (ssize_t)size) {
			/* Its buffer is full: asking again at once would be a system call for
			 * nothing. */
			conn->blocked = conn->drain_due = true;
			conn->progress_ms = conn->loop->now_ms;
			conn_arm(conn);
			conn_defer_round(conn);
		}
	}
}
