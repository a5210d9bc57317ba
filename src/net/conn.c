/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The life of a connection: opening, deadlines, closing, moving between loops. Its bytes are in
 * conn_io.c.
 *
 * Whatever ends a connection only marks it (conn_end) and takes it off epoll; on_close and free
 * come at the end of the round. All else that must not happen inside an owner's callback (writing,
 * leaving for another loop, delivering again) waits for the end of the round too, in
 * conn_round_end().
 */
#include "net/conn.h"

#include <assert.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"
#include "base/mem.h"
#include "net/conn_private.h"

/* How long conn_finish() waits for the peer to close too, before the kernel may answer its late
 * bytes with a reset that would destroy what was sent. */
#define LINGER_MS 2000

const struct conn_limits conn_limits_default = {
	.input_max = (size_t)1 << 20,
	.output_max = (size_t)16 << 20,
	.first_byte_ms = 30 * 1000,
	.idle_ms = 15 * 60 * 1000,
	.stall_ms = 60 * 1000,
	.unit_ms = 30 * 1000,
	.unit_rate = 256,
};

const char *conn_reason_name(enum conn_reason reason)
{
	static const char *const names[] = {
		[CONN_BY_OWNER] = "by_owner",
		[CONN_BY_PEER] = "by_peer",
		[CONN_CONNECT_FAILED] = "connect_failed",
		[CONN_NO_FIRST_BYTE] = "no_first_byte",
		[CONN_IDLE] = "idle",
		[CONN_INPUT_OVERFLOW] = "input_overflow",
		[CONN_OUTPUT_OVERFLOW] = "output_overflow",
		[CONN_UNFINISHED] = "unfinished",
		[CONN_STALLED] = "stalled",
		[CONN_BAD_FILTERED] = "bad_filtered",
		[CONN_CROWDED_OUT] = "crowded_out",
		[CONN_SHUTDOWN] = "shutdown",
	};

	return names[reason];
}

void *conn_owner(const struct conn *conn)
{
	return conn->owner;
}

struct loop *conn_loop(const struct conn *conn)
{
	return conn->loop;
}

const struct address *conn_peer(const struct conn *conn)
{
	return &conn->peer;
}

void conn_set_peer(struct conn *conn, const struct address *peer)
{
	assert(!conn->crowd.counted); /* under another address */
	conn->peer = *peer;
}

int conn_socket(const struct conn *conn)
{
	return conn->source.fd;
}

bool conn_is_closing(const struct conn *conn)
{
	return conn->closing || conn->finishing;
}

size_t conn_count(const struct loop *loop)
{
	return loop->conn_count;
}

/* ---- Events and deadlines ---- */

static uint32_t wanted_events(const struct conn *conn)
{
	uint32_t events = 0;

	if (!conn->ended && !conn->crowd.waits && (!conn->paused || conn->lingering))
		events |= EPOLLIN;
	if (conn->paused && conn->ops->on_end && !conn->end_told)
		events |= EPOLLRDHUP;
	if (conn->blocked || conn->connecting)
		events |= EPOLLOUT;
	return events;
}

void conn_want_events(struct conn *conn)
{
	uint32_t events = wanted_events(conn);

	if (conn->closing || events == conn->events)
		return;
	conn->events = events;
	loop_modify(conn->loop, &conn->source, events);
}

/* What ends the connection next, if nothing happens before. */
struct due {
	int64_t at_ms; /* -1: nothing does */
	enum conn_reason reason;
};

static void earlier(struct due *due, enum conn_reason reason, int64_t from_ms, int64_t delay_ms)
{
	if (delay_ms && (due->at_ms < 0 || from_ms + delay_ms < due->at_ms))
		*due = (struct due){from_ms + delay_ms, reason};
}

static int64_t unit_time_ms(const struct conn *conn)
{
	const struct conn_limits *limits = conn->limits;
	int64_t time_ms = limits->unit_ms;

	if (!conn->unfinished || conn->paused || !time_ms)
		return 0;
	if (limits->unit_rate)
		time_ms += (int64_t)(conn->unit_bytes * 1000 / limits->unit_rate);
	return time_ms;
}

static struct due next_deadline(const struct conn *conn)
{
	const struct conn_limits *limits = conn->limits;
	struct due due = {-1, CONN_BY_OWNER};

	if (conn->lingering) {
		earlier(&due, CONN_BY_OWNER, conn->progress_ms, LINGER_MS);
		return due;
	}
	if (conn->connecting) {
		earlier(&due, CONN_CONNECT_FAILED, conn->opened_ms, limits->stall_ms);
		return due;
	}
	earlier(&due, CONN_IDLE, conn->active_ms, limits->idle_ms);
	if (!conn->heard)
		earlier(&due, CONN_NO_FIRST_BYTE, conn->opened_ms, limits->first_byte_ms);
	earlier(&due, CONN_UNFINISHED, conn->unit_since_ms, unit_time_ms(conn));
	if (conn->blocked)
		earlier(&due, CONN_STALLED, conn->progress_ms, limits->stall_ms);
	return due;
}

void conn_arm(struct conn *conn)
{
	struct due due = next_deadline(conn);

	if (due.at_ms < 0)
		timer_stop(&conn->deadline);
	else
		loop_timer_start(conn->loop, &conn->deadline, due.at_ms - conn->loop->now_ms);
}

/* Bytes that came or went since the timer was started have moved the deadline without touching the
 * timer. */
static void deadline_fired(struct timer *timer)
{
	struct conn *conn = LIST_OWNER(timer, struct conn, deadline);
	struct due due = next_deadline(conn);

	if (due.at_ms >= 0 && due.at_ms <= conn->loop->now_ms)
		conn_end(conn, due.reason);
	else
		conn_arm(conn);
}

void conn_set_unfinished(struct conn *conn, bool unfinished)
{
	if (conn->unfinished == unfinished)
		return;
	conn->unfinished = unfinished;
	conn->unit_since_ms = conn->loop->now_ms;
	conn->unit_bytes = 0;
	if (unfinished && !conn->closing && !conn->target)
		conn_arm(conn);
}

void conn_set_limits(struct conn *conn, const struct conn_limits *limits)
{
	conn->limits = limits;
	/* A read that begins below the limit may end above it; deliver() looks at what is left. */
	conn->in.max = limits->input_max + 2 * LOOP_SCRATCH_SIZE;
	conn->out.max = limits->output_max;
	conn->wire.max = limits->output_max + 2 * CONN_PIECE;
	if (!conn->closing)
		conn_arm(conn);
}

/* ---- Ends of rounds ---- */

void conn_defer_round(struct conn *conn)
{
	if (!conn->closing)
		loop_defer(conn->loop, &conn->round, DEFER_SEND);
}

static void leave_loop(struct conn *conn)
{
	deferred_cancel(&conn->round);
	timer_stop(&conn->deadline);
	crowd_leave(conn);
	list_remove(&conn->node);
	conn->loop->conn_count--;
}

static void destroy(struct conn *conn)
{
	conn->ops->on_close(conn, conn->reason);
	leave_loop(conn);
	close(conn->source.fd);
	buf_release(&conn->in);
	buf_release(&conn->out);
	buf_release(&conn->wire);
	if (conn->filter)
		conn->filter->ops->free(conn->filter);
	free(conn);
}

static void arrived(struct loop_task *task);

static void depart(struct conn *conn)
{
	struct loop *target = conn->target;

	loop_remove(conn->loop, &conn->source);
	leave_loop(conn);
	conn->loop = NULL;
	conn->hop.run = arrived;
	loop_post(target, &conn->hop); /* from here on it is the other thread's */
}

static void start_lingering(struct conn *conn)
{
	conn->lingering = true;
	conn->progress_ms = conn->loop->now_ms;
	shutdown(conn->source.fd, SHUT_WR);
	conn_arm(conn);
}

/* Memory goes back, whoever waited for room is told. */
static void sent_all(struct conn *conn)
{
	bool waited = conn->drain_due;

	conn->drain_due = false;
	buf_release(&conn->out);
	buf_release(&conn->wire);
	if (conn->finishing && !conn->lingering)
		start_lingering(conn);
	else if (waited && !conn->finishing && conn->ops->on_drain)
		conn->ops->on_drain(conn);
}

static void conn_round_end(struct deferred *deferred)
{
	struct conn *conn = LIST_OWNER(deferred, struct conn, round);

	if (conn->closing) {
		destroy(conn);
		return;
	}
	if (conn->redeliver)
		conn_deliver_unread(conn);
	if (conn->target) {
		depart(conn);
		return;
	}
	if (conn->out.failed || conn->wire.failed)
		conn_end(conn, CONN_OUTPUT_OVERFLOW);
	conn_write_out(conn);
	if (!conn->closing && !conn_unsent(conn) && conn_filter_goodbye(conn))
		conn_write_out(conn);
	if (!conn->closing && !conn->connecting && !conn_unsent(conn)) {
		sent_all(conn);
		/* The peer that closed its direction gets the answers to what it had sent before,
		 * also those that its owner still works on. */
		if (conn->ended && !conn->paused && !conn_unsent(conn))
			conn_end(conn, CONN_BY_PEER);
	}
	conn_want_events(conn);
}

void conn_end(struct conn *conn, enum conn_reason reason)
{
	if (conn->closing || conn->target) /* a leaving one is judged where it arrives */
		return;
	conn->closing = true;
	conn->reason = reason;
	if (conn->finishing && reason != CONN_SHUTDOWN)
		conn->reason = conn->broken ? CONN_BAD_FILTERED : CONN_BY_OWNER;
	if (conn->registered)
		loop_remove(conn->loop, &conn->source);
	timer_stop(&conn->deadline);
	crowd_forget_stranger(conn);
	deferred_cancel(&conn->round);
	loop_defer(conn->loop, &conn->round, DEFER_CLEAN);
}

void conn_close_all(struct loop *loop)
{
	LIST_EACH_SAFE (node, &loop->conns)
		conn_end(LIST_OWNER(node, struct conn, node), CONN_SHUTDOWN);
}

void conn_close(struct conn *conn)
{
	conn_end(conn, CONN_BY_OWNER);
}

void conn_finish(struct conn *conn)
{
	if (conn_is_closing(conn))
		return;
	conn->finishing = true;
	conn_defer_round(conn);
}

/* ---- Beginnings ---- */

static void connected(struct conn *conn)
{
	int error = 0;
	socklen_t size = sizeof(error);

	if (getsockopt(conn->source.fd, SOL_SOCKET, SO_ERROR, &error, &size) < 0 || error != 0) {
		conn_end(conn, CONN_CONNECT_FAILED);
		return;
	}
	conn->connecting = false;
	conn->opened_ms = conn->active_ms = conn->loop->now_ms;
	conn_arm(conn);
	conn_defer_round(conn); /* what was written meanwhile */
	if (conn->ops->on_open)
		conn->ops->on_open(conn);
}

static void conn_ready(struct loop_source *source, uint32_t epoll_events)
{
	struct conn *conn = LIST_OWNER(source, struct conn, source);

	if (conn->connecting) {
		connected(conn);
		return;
	}
	if (epoll_events & EPOLLIN) {
		conn_read_some(conn);
	} else if (epoll_events & (EPOLLERR | EPOLLHUP)) {
		conn_end(conn, CONN_BY_PEER);
	} else if (epoll_events & EPOLLRDHUP) {
		conn->end_told = true;
		conn_defer_round(conn); /* epoll is told not to repeat it */
		conn->ops->on_end(conn);
	}
	if (epoll_events & EPOLLOUT) {
		conn->blocked = false;
		conn_defer_round(conn);
	}
}

static int join_loop(struct conn *conn, struct loop *loop, struct err *err)
{
	conn->loop = loop;
	list_append(&loop->conns, &conn->node);
	loop->conn_count++;
	crowd_join(conn);
	conn->events = wanted_events(conn);
	if (loop_add(loop, &conn->source, conn->events, err) < 0)
		return -1;
	conn->registered = true;
	return 0;
}

static struct conn *make(struct loop *loop, int fd, const struct address *peer,
	const struct conn_limits *limits, const struct conn_ops *ops, void *owner)
{
	struct conn *conn = MEM_NEW(struct conn);
	int one = 1;

	conn->source.fd = fd;
	conn->source.ready = conn_ready;
	conn->ops = ops;
	conn->owner = owner;
	conn->peer = *peer;
	conn->opened_ms = conn->active_ms = loop->now_ms;
	list_init(&conn->node);
	deferred_init(&conn->round, conn_round_end);
	timer_init(&conn->deadline, deadline_fired);
	crowd_member_init(&conn->crowd);
	conn->limits = limits ? limits : &conn_limits_default;
	buf_init(&conn->in, conn->limits->input_max + 2 * LOOP_SCRATCH_SIZE);
	buf_init(&conn->out, conn->limits->output_max);
	buf_init(&conn->wire, conn->limits->output_max + 2 * CONN_PIECE);
	/* We write whole rounds ourselves; waiting for more would only add delay. */
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	return conn;
}

static struct conn *make_and_join(struct conn *conn, struct loop *loop, struct err *err)
{
	if (loop->freeing)
		err_set(err, ECANCELED, "the loop is being freed");
	else if (join_loop(conn, loop, err) == 0)
		return conn;
	if (conn->loop)
		leave_loop(conn);
	close(conn->source.fd);
	free(conn);
	return NULL;
}

struct conn *conn_new(struct loop *loop, int fd, const struct address *peer,
	const struct conn_limits *limits, const struct conn_ops *ops, void *owner, struct err *err)
{
	struct conn *conn = make_and_join(make(loop, fd, peer, limits, ops, owner), loop, err);

	if (!conn)
		return NULL;
	crowd_add_stranger(conn);
	conn_arm(conn);
	if (ops->on_open)
		ops->on_open(conn);
	return conn;
}

struct conn *conn_connect(struct loop *loop, const struct address *to,
	const struct conn_limits *limits, const struct conn_ops *ops, void *owner, struct err *err)
{
	struct sockaddr_storage sockaddr;
	socklen_t size = address_to_sockaddr(to, &sockaddr);
	struct conn *conn;
	int fd = socket(sockaddr.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0) {
		err_errno(err, "socket");
		return NULL;
	}
	if (connect(fd, (struct sockaddr *)&sockaddr, size) < 0 && errno != EINPROGRESS) {
		err_errno(err, "connect");
		close(fd);
		return NULL;
	}
	conn = make(loop, fd, to, limits, ops, owner);
	conn->connecting = true;
	conn = make_and_join(conn, loop, err);
	if (conn)
		conn_arm(conn);
	return conn;
}

/* ---- From owner to owner, from loop to loop ---- */

void conn_set_owner(struct conn *conn, const struct conn_ops *ops, void *owner)
{
	conn->ops = ops;
	conn->owner = owner;
	conn->redeliver = true;
	conn_defer_round(conn);
}

bool conn_move(struct conn *conn, struct loop *target, const struct conn_ops *ops, void *owner)
{
	if (conn_is_closing(conn))
		return false;
	assert(!conn->target && !conn->connecting);
	conn->ops = ops;
	conn->owner = owner;
	conn->target = target;
	conn_defer_round(conn);
	return true;
}

/* On the target's thread. */
static void arrived(struct loop_task *task)
{
	struct conn *conn = LIST_OWNER(task, struct conn, hop);
	struct loop *loop = conn->target;
	struct err err;

	conn->target = NULL;
	conn->paused = false;
	/* The socket's end is seen again by reading, a filter's is not. */
	conn->ended = conn->ended && conn->filter;
	conn->registered = false;
	if (join_loop(conn, loop, &err) < 0) {
		log_warn("conn_move_failed", "%s", err.text);
		conn_end(conn, CONN_BY_PEER);
	} else {
		conn_arm(conn);
	}
	if (conn->ops->on_open)
		conn->ops->on_open(conn);
	conn->redeliver = true;
	conn_defer_round(conn);
}
