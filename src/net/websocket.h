/* SPDX-License-Identifier: Apache-2.0 */
/*
 * WebSocket (RFC 6455), server role: the upgrade, an incremental decoder, an encoder. No I/O, no
 * extensions. Only binary messages: MTProto's subprotocol "binary" knows no text.
 */
#ifndef NET_WEBSOCKET_H
#define NET_WEBSOCKET_H

#include "net/http.h"

enum websocket_opcode {
	WEBSOCKET_OP_CONTINUE = 0,
	WEBSOCKET_OP_TEXT = 1,
	WEBSOCKET_OP_BINARY = 2,
	WEBSOCKET_OP_CLOSE = 8,
	WEBSOCKET_OP_PING = 9,
	WEBSOCKET_OP_PONG = 10,
};

enum {
	WEBSOCKET_CLOSE_NORMAL = 1000,
	WEBSOCKET_CLOSE_PROTOCOL = 1002,
	WEBSOCKET_CLOSE_UNSUPPORTED = 1003,
	WEBSOCKET_CLOSE_TOO_BIG = 1009,
};

/* SHA-1, from whoever has one: the accept key needs it. */
typedef void websocket_sha1(const void *data, size_t size, uint8_t digest[20]);

/* Does the request ask for a WebSocket at all? */
bool websocket_is_upgrade(const struct http_request *request);
/* Whether a page may open one: it is of this server itself (Origin names the Host, with either
 * scheme, as a proxy may have undone TLS), or of a site in allowed ("https://a.example
 * https://b.example", "*" for every one), or it is no page and sends no Origin. */
bool websocket_origin_allowed(const struct http_request *request, const char *allowed);
/* Fills response: 101 with the accept key, and the subprotocol if the client offers it (then 0); or
 * 400, 405 or 426 (then -1). Memory comes from arena. */
MUST_CHECK int websocket_accept(const struct http_request *request, const char *subprotocol,
	websocket_sha1 *sha1, struct arena *arena, struct http_response *response);

enum websocket_event {
	WEBSOCKET_MORE,	   /* all input was taken */
	WEBSOCKET_MESSAGE, /* decoder->message is complete; the caller may release it when done */
	WEBSOCKET_PING,	   /* answer with a pong of decoder->control */
	WEBSOCKET_PONG,
	WEBSOCKET_CLOSE, /* answer with a close of decoder->close_code and finish the connection */
	WEBSOCKET_BAD,	 /* the same, but the fault is the peer's */
};

#define WEBSOCKET_CONTROL_MAX 125
#define WEBSOCKET_HEADER_MAX 14

struct websocket_decoder {
	struct buf message; /* emptied when the next message begins; max is message_max */
	uint8_t control[WEBSOCKET_CONTROL_MAX];
	uint8_t control_size;
	uint8_t header[WEBSOCKET_HEADER_MAX];
	uint8_t header_size;
	uint8_t mask_at; /* which byte of the mask comes next */
	bool in_frame, in_message;
	enum websocket_event ended; /* CLOSE or BAD, for ever */
	uint16_t close_code;	    /* to answer with */
	uint64_t remaining;	    /* of the frame */
};

void websocket_decoder_init(struct websocket_decoder *decoder, size_t message_max);
void websocket_decoder_release(struct websocket_decoder *decoder);
/* Reads up to the next event. Call it until WEBSOCKET_MORE; after CLOSE or BAD it only says that
 * again. */
enum websocket_event websocket_decode(
	struct websocket_decoder *decoder, struct bytes in, size_t *consumed);
/* Whether a frame or a message of several frames has begun and not ended. */
bool websocket_is_unfinished(const struct websocket_decoder *decoder);

/* One unmasked frame, FIN set. */
void websocket_encode(struct buf *out, enum websocket_opcode opcode, struct bytes payload);
/* The header of such a frame, for payloads that the caller appends itself, size bytes exactly. */
void websocket_encode_header(struct buf *out, enum websocket_opcode opcode, size_t size);
void websocket_encode_close(struct buf *out, uint16_t code);
/* As clients send it: for the load generator and tests. */
void websocket_encode_masked(
	struct buf *out, enum websocket_opcode opcode, struct bytes payload, const uint8_t mask[4]);

#endif
