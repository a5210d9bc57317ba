/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Private to session*.c: messages to the client, in two places. The queue holds what has not been
 * sent (or must be sent again, under a new id); `sent` holds content-related messages until they
 * are acknowledged. Bodies are owned here.
 */
#ifndef MTPROTO_SESSION_OUT_H
#define MTPROTO_SESSION_OUT_H

#include "base/bytes.h"

enum out_flag {
	OUT_CONTENT = 1, /* odd seqno; kept until acknowledged */
	OUT_ANSWER = 2,	 /* server id with remainder 1 instead of 3 */
	OUT_LAST = 4,	 /* nothing may stand behind it in a container */
	OUT_TOLD = 8,	 /* sent, and the client was told to ask for it again (S5) */
};

struct out_message {
	struct out_message *next;
	uint64_t msg_id;     /* 0 while queued */
	uint64_t req_msg_id; /* the call this answers, or 0 */
	uint32_t seqno, size;
	unsigned flags;
	uint8_t body[];
};

struct out_sent {
	uint64_t id, req_msg_id; /* of the message: lists of thousands of ids are looked for here */
	struct out_message *message;
};

struct session_out {
	struct out_message *first, *last;
	size_t *held_by_all; /* the sum of both sizes below over all sessions of the server */
	uint32_t queued_bytes, sent_bytes; /* bounded: session_bound_queue, OUT_SENT_BYTES_MAX */
	uint32_t queued_count;
	uint16_t sent_count, sent_capacity;
	struct out_sent *sent; /* by rising id */
};

#define OUT_SENT_MAX 1024
/* What is kept for a client that does not acknowledge. */
#define OUT_SENT_BYTES_MAX ((size_t)1 << 20)

struct out_message *out_message_new(unsigned flags, uint64_t req_msg_id, size_t size);
void out_queue(struct session_out *out, struct out_message *message);
struct out_message *out_take(struct session_out *out); /* NULL when empty; the caller owns it */
/* Puts a sent content-related message where it waits for its acknowledgement; beyond max bytes of
 * them (OUT_SENT_BYTES_MAX or less) the oldest go. */
void out_sent_add(struct session_out *out, struct out_message *message, size_t max);
struct out_message *out_sent_by_id(const struct session_out *out, uint64_t msg_id);
struct out_message *out_sent_by_request(const struct session_out *out, uint64_t req_msg_id);
void out_acknowledge(struct session_out *out, uint64_t msg_id);
/* Takes an answer out of queue or sent: nobody wants it. NULL: not there. The caller frees. */
struct out_message *out_withdraw(struct session_out *out, uint64_t req_msg_id);
/* From sent back into the queue. */
void out_send_again(struct session_out *out, struct out_message *message);
/* The same for all that the client was told of, or for all others. */
void out_send_all_again(struct session_out *out, bool told);
/* The same for those with an id below. False: there was none. */
bool out_send_again_below(struct session_out *out, uint64_t id);
void out_release(struct session_out *out);

#endif
