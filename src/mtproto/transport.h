/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Framing: a stream of bytes into packets and back, for one connection, both roles. Owns the state
 * of abridged, intermediate, padded intermediate and full framing and the obfuscation around the
 * first three; knows nothing of what a packet holds. TLS, HTTP and WebSocket are told apart and
 * undone by net before the bytes get here; the body of an HTTP request is a packet as it is.
 * https://core.telegram.org/mtproto/mtproto-transports
 *
 * Bytes go in with transport_feed, packets come out with transport_next until it says MORE. An idle
 * transport holds no buffer: memory is taken for bytes that arrived, never for a length that was
 * announced. Not thread-safe; may move between threads.
 */
#ifndef MTPROTO_TRANSPORT_H
#define MTPROTO_TRANSPORT_H

#include "base/buf.h"
#include "base/random.h"

enum transport_kind {
	TRANSPORT_UNDETECTED, /* server role, before the first bytes */
	TRANSPORT_ABRIDGED,
	TRANSPORT_INTERMEDIATE,
	TRANSPORT_PADDED,
	TRANSPORT_FULL,
	TRANSPORT_HTTP, /* one whole body each way; told by the stream, not by bytes */
};

enum transport_stream {
	TRANSPORT_TCP,	     /* plain or obfuscated, told by the first bytes */
	TRANSPORT_WEBSOCKET, /* obfuscation is mandatory inside */
	TRANSPORT_EXCHANGE,  /* an HTTP request and the response to it */
};

enum transport_result {
	TRANSPORT_PACKET, /* *packet is filled */
	TRANSPORT_MORE,	  /* nothing whole is there */
	TRANSPORT_BAD,	  /* not a transport we know, or a bad length, number or checksum: close in
			     silence */
	TRANSPORT_BAD_DC, /* it came with a secret and asks for a DC that there isn't: -444, close
			   */
};

/* Longest packet taken from a peer: the largest upload part (512 KiB) and room. Ours may be longer.
 */
#define TRANSPORT_PACKET_MAX ((size_t)2 << 20)
#define TRANSPORT_ANSWER_MAX ((size_t)16 << 20)

/* Error packets (T6). */
#define TRANSPORT_ERROR_NO_KEY (-404)
#define TRANSPORT_ERROR_FLOOD (-429)
#define TRANSPORT_ERROR_WRONG_DC (-444)

struct transport_packet {
	uint8_t *data; /* may be written to; lives until the next transport_next, _feed or _release
			*/
	size_t size;
	bool quick_ack;	   /* server role: the peer asks for a quick acknowledgement */
	bool is_quick_ack; /* client role: data is the token, 4 bytes */
	bool is_error;	   /* client role: data is a transport error, int32 */
};

/* What MTProxy links call a secret: with it, obfuscated bytes tell nobody who lacks it that they
 * are MTProto. https://core.telegram.org/mtproto/mtproto-transports#transport-obfuscation */
#define TRANSPORT_SECRET_SIZE 16
#define TRANSPORT_OBFUSCATION_SIZE 64 /* of the header in front */

struct transport_secret {
	uint8_t bytes[TRANSPORT_SECRET_SIZE];
	bool padded; /* padded framing is mandatory with it ("dd") */
};

/* Owned by the caller, who keeps them as long as the transports. */
struct transport_secrets {
	const struct transport_secret *at;
	size_t count;
	bool only; /* nothing is taken but obfuscation with one of them */
};

struct transport_crypt; /* both AES-CTR states of an obfuscated connection */

struct transport {
	enum transport_kind kind;
	enum transport_stream stream;
	bool client, failed;
	bool secret; /* one was used: dc is meant */
	int16_t dc;  /* bytes 60..61 of the obfuscation header; 0 without one. May be random unless
		      * secret */
	uint32_t seq_in, seq_out; /* full framing */
	int32_t error;		  /* TRANSPORT_HTTP: the status to answer with, below 0 */
	size_t taken;		  /* bytes at the front of pending that the last packet covers */
	struct transport_crypt *crypt;		 /* NULL: not obfuscated */
	const struct transport_secrets *secrets; /* server role; NULL: none */
	struct buf pending;
};

void transport_init_server(struct transport *t, enum transport_stream stream);
/* Before the first bytes. */
void transport_accept_secrets(struct transport *t, const struct transport_secrets *secrets);
/* Whether a stream that begins so is obfuscated with one of the secrets. */
bool transport_knows_header(
	const struct transport_secrets *secrets, const uint8_t header[TRANSPORT_OBFUSCATION_SIZE]);
/* Appends what a client sends first to *out. obfuscated is refused (assert) for TRANSPORT_FULL. */
void transport_init_client(struct transport *t, enum transport_kind kind, bool obfuscated,
	int16_t dc, const struct random *random, struct buf *out);
/* Obfuscated with a secret. */
void transport_init_client_secret(struct transport *t, enum transport_kind kind,
	const struct transport_secret *secret, int16_t dc, const struct random *random,
	struct buf *out);
void transport_release(struct transport *t);
/* 1 to 5, the test ones (+10000), and both below 0 for media. */
bool transport_dc_is_known(int dc);

/* Takes bytes of the stream; nothing is interpreted yet. */
void transport_feed(struct transport *t, const void *data, size_t size);
enum transport_result transport_next(
	struct transport *t, struct transport_packet *packet) MUST_CHECK;
/* The packet that transport_next gave last comes again next time (it is handled on another thread).
 */
void transport_put_back(struct transport *t);

/* Appends the framed packet to *out. The body is a multiple of 4 bytes and not empty. random:
 * padding. */
void transport_wrap(struct transport *t, struct bytes body, bool quick_ack,
	const struct random *random, struct buf *out);
/* Server role; code is TRANSPORT_ERROR_*. Over HTTP it goes into t->error, for the status line. */
void transport_wrap_error(
	struct transport *t, int32_t code, const struct random *random, struct buf *out);
/* Server role; token: first 4 bytes of msg_key_large, little-endian. Nothing under full framing and
 * over HTTP. */
void transport_wrap_quick_ack(
	struct transport *t, uint32_t token, const struct random *random, struct buf *out);

#endif
