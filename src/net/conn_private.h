/* SPDX-License-Identifier: Apache-2.0 */
/* The inside of a connection, for conn.c (life) and conn_io.c (bytes). */
#ifndef NET_CONN_PRIVATE_H
#define NET_CONN_PRIVATE_H

#include "net/conn.h"
#include "net/crowd.h"
#include "net/loop_private.h"

struct conn {
	struct loop_source source;
	struct loop *loop; /* NULL while it is on its way to another */
	struct list node;  /* in loop->conns */
	const struct conn_ops *ops;
	void *owner;
	const struct conn_limits *limits;
	struct buf in, out;	    /* the owner's bytes: unread, unsent */
	struct buf wire;	    /* with a filter: what it made of out, unsent */
	struct conn_filter *filter; /* or NULL */
	struct deferred round;	    /* work at the end of the round: see conn_round_end() */
	struct timer deadline;
	struct crowd_member crowd;
	int64_t opened_ms;
	int64_t active_ms;     /* last byte in or out */
	int64_t progress_ms;   /* last byte of output taken, or when output began to wait */
	int64_t unit_since_ms; /* unfinished: when it began, and the bytes that came since */
	uint64_t unit_bytes;
	struct loop *target;  /* set: leaves for that loop as soon as no callback runs */
	struct loop_task hop; /* carries it there */
	uint32_t events;      /* what epoll is asked for */
	struct address peer;
	uint8_t reason; /* enum conn_reason, once closing */
	bool connecting : 1;
	bool unfinished : 1; /* the owner waits for the rest of something */
	bool heard : 1;	     /* the first byte came */
	bool paused : 1;     /* by the owner */
	bool redeliver : 1;  /* unread input waits although nothing new came */
	bool registered : 1; /* with epoll */
	bool blocked : 1;    /* the kernel took less than we had: wait for EPOLLOUT */
	bool drain_due : 1;  /* on_drain is owed */
	bool ended : 1;	     /* the peer sends nothing more */
	bool end_told : 1;   /* on_end was called */
	bool finishing : 1;  /* conn_finish() was called */
	bool lingering : 1;  /* all is sent; waiting for the peer's end */
	bool closing : 1;    /* only on_close is left to do */
	bool unfiltered : 1; /* what is in `in` came before the filter and must go through it */
	bool broken : 1;     /* the filter failed: no bytes of the owner's come or go any more */
	bool said_goodbye : 1;
};

/* conn.c */
void conn_end(
	struct conn *conn, enum conn_reason reason); /* on_close follows at the end of the round */
void conn_arm(struct conn *conn);		     /* deadline timer to the next deadline */
void conn_want_events(struct conn *conn);	     /* tells epoll what is wanted now */
void conn_defer_round(struct conn *conn);

/* Unsent bytes of a connection are filtered in pieces of this size, and written before the round's
 * end once this much waits, so that a fast reader can be sent more than output_max in one round. */
#define CONN_PIECE ((size_t)256 << 10)

/* conn_filter.c */
void conn_filter_in(
	struct conn *conn, struct bytes wire); /* what was unread before it goes first */
void conn_filter_out(struct conn *conn);       /* one piece, if the wire has room */
/* All output is gone: says goodbye if that is due. True: there is something to send again. */
bool conn_filter_goodbye(struct conn *conn);

/* conn_io.c */
void conn_read_some(struct conn *conn); /* one read, delivered */
void conn_deliver_unread(struct conn *conn);
void conn_write_out(struct conn *conn); /* as much as the kernel takes */

#endif
