/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A TCP connection on a loop: bytes in by callback, bytes out through a buffer that is written once
 * at the end of the round. An idle connection holds no buffers. A connection belongs to its loop's
 * thread; only conn_move() takes it elsewhere.
 *
 * Life: on_open, then on_data and on_drain as they come, then on_close exactly once. on_close is
 * called at the end of a round and never from inside a conn_ function, so an owner may close in the
 * middle of its own work; between conn_close() and on_close no other callback comes. After on_close
 * the pointer is dead.
 */
#ifndef NET_CONN_H
#define NET_CONN_H

#include "base/buf.h"
#include "base/bytes.h"
#include "net/address.h"
#include "net/loop.h"

struct conn;

enum conn_reason {
	CONN_BY_OWNER,	      /* conn_close() or conn_finish() */
	CONN_BY_PEER,	      /* orderly end or reset */
	CONN_CONNECT_FAILED,  /* outgoing only */
	CONN_NO_FIRST_BYTE,   /* said nothing within first_byte_ms */
	CONN_IDLE,	      /* nothing in or out for idle_ms */
	CONN_INPUT_OVERFLOW,  /* the owner left more than input_max unread */
	CONN_OUTPUT_OVERFLOW, /* the peer let more than output_max pile up */
	CONN_UNFINISHED,      /* what the peer began it did not finish in time */
	CONN_STALLED,	      /* the peer took nothing of the output for stall_ms */
	CONN_BAD_FILTERED,    /* its filter can make nothing of what the peer sends */
	CONN_CROWDED_OUT,     /* a stranger, or in everybody's way, when room was scarce */
	CONN_SHUTDOWN,	      /* its loop is being freed */
};

const char *conn_reason_name(enum conn_reason reason); /* snake_case, for counters and logs */

struct conn_ops {
	/* Accepted, connected, or arrived from another loop by conn_move(). May be NULL. */
	void (*on_open)(struct conn *conn);
	/* in is all unread input. Returns how many bytes were taken from its front. It is called
	 * again at once if some were taken and some are left; what it does not take comes back,
	 * together with more. in is dead when it returns. */
	size_t (*on_data)(struct conn *conn, struct bytes in);
	/* Output that had to wait for the peer, or was 128 KiB and more, is all in the kernel now.
	 * May be NULL. */
	void (*on_drain)(struct conn *conn);
	/* While paused, once: the peer will say nothing more; perhaps it still listens. May be
	 * NULL. */
	void (*on_end)(struct conn *conn);
	void (*on_close)(struct conn *conn, enum conn_reason reason);
};

/* Lives as long as the connections that use it. Sizes in bytes; 0 ms means no such deadline. */
struct conn_limits {
	size_t input_max;	/* unread bytes; at least one frame of the owner's protocol */
	size_t output_max;	/* unsent bytes */
	uint32_t first_byte_ms; /* from accept (or connect) to the first byte */
	uint32_t idle_ms;	/* without a byte in or out */
	uint32_t stall_ms;	/* output pending and none taken; also bounds connecting */
	/* For what conn_set_unfinished() says is under way: so long from its beginning, and a
	 * second more for every unit_rate bytes that came meanwhile (0: none): slow is fine,
	 * dripping is not. */
	uint32_t unit_ms, unit_rate;
};

/* 1 MiB in, 16 MiB out, 30 s, 15 min, 60 s; 30 s and 256 bytes a second. */
extern const struct conn_limits conn_limits_default;

/* Takes over a connected, non-blocking socket (closed also when this fails): a stranger. on_open is
 * called before it returns, unless it returns NULL. */
struct conn *conn_new(struct loop *loop, int fd, const struct address *peer,
	const struct conn_limits *limits, const struct conn_ops *ops, void *owner, struct err *err);
/* Outgoing. on_open when it is connected, or on_close with CONN_CONNECT_FAILED; never before it
 * returns. Output may be written at once and leaves after connecting. NULL and *err if no socket
 * can be had. */
struct conn *conn_connect(struct loop *loop, const struct address *to,
	const struct conn_limits *limits, const struct conn_ops *ops, void *owner, struct err *err);

void *conn_owner(const struct conn *conn);
struct loop *conn_loop(const struct conn *conn);
const struct address *conn_peer(const struct conn *conn);
/* A proxy has said for whom it stands: conn_peer() says so too from now on. */
void conn_set_peer(struct conn *conn, const struct address *peer);
/* For handing the socket to another process, which gets a descriptor of its own. */
int conn_socket(const struct conn *conn);
bool conn_is_closing(const struct conn *conn);
/* Connections that the loop has now, closing ones included. */
size_t conn_count(const struct loop *loop);

/* Accepted connections are strangers until somebody vouches for them: the peer has shown that it
 * has business here. Strangers are the ones that go when room gets scarce (loop_set_room). */
void conn_vouch(struct conn *conn);
bool conn_is_stranger(const struct conn *conn);
/* From now on it counts among those of its peer's address. false: they are too many already. */
MUST_CHECK bool conn_count_address(struct conn *conn);
/* What the owner has taken and keeps because it is not whole yet (a frame, a body), in all. While
 * the loop holds too much of that, connections that would add to it are not read from. */
void conn_keep(struct conn *conn, size_t bytes);

/* Another owner takes over, on the same thread. No on_open. Unread input goes to the new ops.
 * Inside on_data the count that it returns is still honoured. */
void conn_set_owner(struct conn *conn, const struct conn_ops *ops, void *owner);
/* Another set of limits from now on. */
void conn_set_limits(struct conn *conn, const struct conn_limits *limits);

/* Whether the peer is in the middle of something (a greeting, a frame): what unit_ms counts for. A
 * false in between begins the next one anew. Time while it is paused does not count. */
void conn_set_unfinished(struct conn *conn, bool unfinished);

/* The buffer to append to; call it each time, as it also arranges that the round's end writes. If
 * the buffer overflows, the connection is closed (CONN_OUTPUT_OVERFLOW). Harmless on a closing one.
 */
struct buf *conn_out(struct conn *conn);
void conn_write(struct conn *conn, struct bytes data);
/* Bytes that wait for the peer, those that a filter has done included: for producers that hold back
 * until on_drain. */
size_t conn_unsent(const struct conn *conn);

/* No on_data until conn_resume(); the peer is held back by TCP. */
void conn_pause(struct conn *conn);
void conn_resume(struct conn *conn); /* what is buffered is delivered at the end of the round */

/* Drops the connection; unsent output is lost. */
void conn_close(struct conn *conn);
/* Sends what is buffered, tells the peer that nothing follows, waits briefly for its end, closes.
 * For error answers that must arrive although the peer is still sending. */
void conn_finish(struct conn *conn);

/* ---- A filter ---- */

enum conn_filtered {
	CONN_FILTERED,
	CONN_FILTER_ENDED,  /* the peer says that nothing more follows, e.g. TLS close_notify */
	CONN_FILTER_BROKEN, /* what was put into reply is sent, then the connection ends */
};

/*
 * A layer that turns the socket's bytes (wire) into the owner's (plain) and back: TLS, or what
 * looks like it. It sits in a struct of its maker, works on the thread that its connection is on,
 * and goes with it when that moves. Limits apply to both sides: input_max to plain, output_max to
 * plain that waits and again to wire that waits. Deadlines count wire.
 */
struct conn_filter {
	const struct conn_filter_ops *ops;
};

struct conn_filter_ops {
	/* Takes all of wire, keeps what is incomplete (bounded by itself), appends at most that
	 * many bytes of plain and whatever is to be said without the owner, e.g. a handshake, to
	 * reply. */
	enum conn_filtered (*in)(struct conn_filter *filter, struct bytes wire, struct buf *plain,
		struct buf *reply);
	/* Takes all of plain: at most 256 KiB, all that the owner wrote in a round if it is less.
	 * Appends at most an eighth and 1 KiB more than
	 * that. -1: it can't be said (yet): the connection
	 * ends. */
	int (*out)(struct conn_filter *filter, struct bytes plain, struct buf *wire);
	/* The last words after all output, e.g. close_notify. May be NULL. */
	void (*goodbye)(struct conn_filter *filter, struct buf *wire);
	void (*free)(struct conn_filter *filter);
};

/* From now on all bytes go through the filter, beginning with those that are unread: inside on_data
 * those that it does not count as taken, which come back filtered. Output that waits in the buffer
 * is filtered too. The connection frees it. At most one per connection. */
void conn_set_filter(struct conn *conn, struct conn_filter *filter);
struct conn_filter *conn_filter(const struct conn *conn); /* or NULL */

/* Gives the connection, with its filter, unread input and unsent output, to another loop (or the
 * same) and another owner. No callback comes to the old owner any more. On the target's thread
 * on_open is called, then on_data with what is unread. Inside on_data the count that it returns is
 * still honoured, and the connection leaves after on_data returns; the caller does not touch it
 * after this call. The target loop must outlive the hand-over. false: it is closing; it stays, and
 * on_close comes to the old owner. */
MUST_CHECK bool conn_move(
	struct conn *conn, struct loop *target, const struct conn_ops *ops, void *owner);

#endif
