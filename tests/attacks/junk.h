/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Connections that mean no good, made by processes of their own: many at once, from many addresses
 * of 127.0.0.0/8, each of a kind that says its piece at its pace and comes back when it is closed.
 * Orders and counts travel through shared memory. The processes end with us.
 */
#ifndef ATTACKS_JUNK_H
#define ATTACKS_JUNK_H

#include <stdatomic.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/bytes.h"
#include "base/err.h"

#define JUNK_PROCESSES_MAX 8
#define JUNK_SAY_MAX 4096 /* one piece */

enum junk_kind {
	JUNK_SILENT,	/* says nothing */
	JUNK_RANDOM,	/* random bytes, again and again */
	JUNK_HALF,	/* begins a handshake and leaves it there */
	JUNK_VICTIM,	/* garbage under somebody's auth_key_id */
	JUNK_HTTP,	/* requests that are none */
	JUNK_WEBSOCKET, /* an upgrade, then pings and garbage as fast as they are taken */
	JUNK_TLS,	/* a ClientHello, then nothing */
	JUNK_DH,	/* the costly step of a handshake, with garbage */
	/* One byte at a time. */
	JUNK_SLOW_TLS,
	JUNK_SLOW_HEADER,    /* the 64 bytes that obfuscation begins with */
	JUNK_SLOW_FRAME,     /* a frame of 1 MiB */
	JUNK_SLOW_HANDSHAKE, /* a whole req_pq each time, never the next step */
	JUNK_SLOW_HTTP_HEAD,
	JUNK_SLOW_HTTP_BODY,
	JUNK_SLOW_WEBSOCKET, /* a message inside an upgraded connection */
	JUNK_BIG_FRAME,	     /* announces the longest frame and sends most of it */
	JUNK_KINDS,
};

struct junk_counts {
	_Atomic int64_t opened, open, refused, cut, bytes_in;
	_Atomic int64_t longest_ms; /* life of a connection, of those open too */
};

/* Shared by all processes of a run. */
struct junk_board {
	_Atomic int phase; /* enum in junk.c */
	uint16_t port;
	uint64_t victims[64]; /* auth_key_ids */
	uint32_t victim_count;
	uint32_t wanted[JUNK_KINDS];   /* connections, all processes together */
	uint32_t every_ms[JUNK_KINDS]; /* between pieces; 0: as the kind has it */
	uint32_t again_ms;	       /* after the server closed one, until it comes back */
	uint32_t addresses;	       /* that they come from */
	_Atomic uint64_t replies;      /* pieces of the server's that were read */
	struct junk_counts counts[JUNK_KINDS];
};

struct junk {
	struct junk_board *board;
	pid_t processes[JUNK_PROCESSES_MAX];
	unsigned process_count;
};

/* Before anything is opened that a child should not inherit. Closed also when this fails. */
MUST_CHECK int junk_open(struct junk *junk, unsigned processes, struct err *err);
void junk_start(struct junk *junk); /* the board is filled */
void junk_stop(struct junk *junk);  /* all connections are closed; it can start again */
void junk_close(struct junk *junk);
int64_t junk_open_now(const struct junk *junk);
const char *junk_kind_name(enum junk_kind kind);

/* For junk_kinds.c: what a connection says. */
struct junk_voice {
	const struct junk_board *board;
	uint64_t draw;	/* state of its random numbers */
	uint32_t step;	/* pieces said before */
	uint32_t heard; /* bytes that came back */
	uint8_t nonces[32];
};

struct junk_kind_row {
	const char *name;
	/* The next piece; 0: nothing more. */
	size_t (*say)(struct junk_voice *voice, uint8_t out[JUNK_SAY_MAX]);
	uint32_t every_ms;
	bool waits;  /* for an answer before the second piece */
	bool leaves; /* when all is said, and comes again */
	/* May be NULL. */
	void (*hear)(struct junk_voice *voice, struct bytes in);
};

extern const struct junk_kind_row junk_kind_rows[JUNK_KINDS];
uint64_t junk_draw(struct junk_voice *voice);

#endif
