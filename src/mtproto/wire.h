/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Private to mtproto: constructor ids of the protocol's own messages, and a bounded reader and
 * writers for the few shapes they have. Raw bytes inside rpc_result, containers and gzip_packed are
 * why these are read by hand. The reader is sticky: after the first error everything reads as zero,
 * test `failed` once.
 */
#ifndef MTPROTO_WIRE_H
#define MTPROTO_WIRE_H

#include "base/buf.h"

enum wire_id {
	WIRE_VECTOR = 0x1cb5c415,
	/* key creation */
	WIRE_REQ_PQ = 0x60469778,
	WIRE_REQ_PQ_MULTI = (int)0xbe7e8ef1,
	WIRE_RES_PQ = 0x05162463,
	WIRE_PQ_INNER = (int)0x83c95aec,
	WIRE_PQ_INNER_DC = (int)0xa9f55f95,
	WIRE_PQ_INNER_TEMP = 0x3c6a84d4,
	WIRE_PQ_INNER_TEMP_DC = 0x56fddf88,
	WIRE_REQ_DH_PARAMS = (int)0xd712e4be,
	WIRE_SERVER_DH_OK = (int)0xd0e8075c,
	WIRE_SERVER_DH_INNER = (int)0xb5890dba,
	WIRE_SET_CLIENT_DH = (int)0xf5045f1f,
	WIRE_CLIENT_DH_INNER = 0x6643b654,
	WIRE_DH_GEN_OK = 0x3bcbf734,
	WIRE_DH_GEN_RETRY = 0x46dc1fb9,
	WIRE_DH_GEN_FAIL = (int)0xa69dae02,
	WIRE_BIND_INNER = 0x75a3f765,
	/* service messages */
	WIRE_CONTAINER = 0x73f1f8dc,
	WIRE_MSG_COPY = (int)0xe06046b2,
	WIRE_GZIP_PACKED = 0x3072cfa1,
	WIRE_RPC_RESULT = (int)0xf35c6d01,
	WIRE_RPC_ERROR = 0x2144ca19,
	WIRE_MSGS_ACK = 0x62d6b459,
	WIRE_BAD_MSG = (int)0xa7eff811,
	WIRE_BAD_SALT = (int)0xedab447b,
	WIRE_STATE_REQ = (int)0xda69fb52,
	WIRE_STATE_INFO = 0x04deb57d,
	WIRE_ALL_INFO = (int)0x8cc0d131,
	WIRE_DETAILED_INFO = 0x276d3ec6,
	WIRE_NEW_DETAILED_INFO = (int)0x809db6df,
	WIRE_RESEND_REQ = 0x7d861a08,
	WIRE_RESEND_ANS_REQ = (int)0x8610baeb,
	WIRE_DROP_ANSWER = 0x58e4a740,
	WIRE_ANSWER_UNKNOWN = 0x5e2ad36e,
	WIRE_ANSWER_DROPPED_RUNNING = (int)0xcd78e586,
	WIRE_ANSWER_DROPPED = (int)0xa43ad8b7,
	WIRE_GET_FUTURE_SALTS = (int)0xb921bd04,
	WIRE_FUTURE_SALTS = (int)0xae500895,
	WIRE_PING = 0x7abe77ec,
	WIRE_PING_DELAY = (int)0xf3427b8c,
	WIRE_PONG = 0x347773c5,
	WIRE_DESTROY_SESSION = (int)0xe7512126,
	WIRE_DESTROY_SESSION_OK = (int)0xe22045fc,
	WIRE_DESTROY_SESSION_NONE = 0x62d350c9,
	WIRE_NEW_SESSION = (int)0x9ec20908,
	WIRE_HTTP_WAIT = (int)0x9299359f,
	WIRE_DESTROY_KEY = (int)0xd1435160,
	WIRE_DESTROY_KEY_OK = (int)0xf660e1d4,
	WIRE_DESTROY_KEY_NONE = 0x0a9f2259,
	WIRE_DESTROY_KEY_FAIL = (int)0xea109b13,
};

#define WIRE_CONTAINER_MAX 1024 /* messages in a container (E14) */
#define WIRE_IDS_MAX 8192	/* ids in msgs_ack and its kin (E15) */

struct wire_reader {
	const uint8_t *at, *end;
	bool failed;
};

static inline struct wire_reader wire_reader_of(struct bytes from)
{
	return (struct wire_reader){from.data, from.data + from.size, false};
}

static inline size_t wire_left(const struct wire_reader *r)
{
	return (size_t)(r->end - r->at);
}

/* Whole and without error? */
static inline bool wire_done(const struct wire_reader *r)
{
	return !r->failed && r->at == r->end;
}

/* size bytes as they are, or NULL. */
static inline const uint8_t *wire_take(struct wire_reader *r, size_t size)
{
	const uint8_t *at = r->at;

	if (r->failed || wire_left(r) < size) {
		r->failed = true;
		return NULL;
	}
	r->at += size;
	return at;
}

static inline uint32_t wire_u32(struct wire_reader *r)
{
	const uint8_t *p = wire_take(r, 4);

	return p ? load_u32le(p) : 0;
}

static inline int32_t wire_id(struct wire_reader *r)
{
	return (int32_t)wire_u32(r);
}

static inline uint64_t wire_u64(struct wire_reader *r)
{
	const uint8_t *p = wire_take(r, 8);

	return p ? load_u64le(p) : 0;
}

static inline void wire_copy(struct wire_reader *r, uint8_t *out, size_t size)
{
	const uint8_t *p = wire_take(r, size);

	if (p)
		memcpy(out, p, size);
	else
		memset(out, 0, size);
}

/* A TL string: length, bytes, padding to 4. */
static inline struct bytes wire_string(struct wire_reader *r)
{
	const uint8_t *head = wire_take(r, 4);
	size_t size, before;

	if (!head)
		return bytes_of(NULL, 0);
	if (head[0] < 254) {
		size = head[0];
		before = 1;
	} else {
		size = load_u32le(head) >> 8;
		before = 4;
		if (head[0] == 255)
			r->failed = true;
	}
	r->at = head + before;
	const uint8_t *data = wire_take(r, size);
	size_t padding = (4 - (before + size) % 4) % 4;
	(void)wire_take(r, padding);
	return r->failed ? bytes_of(NULL, 0) : bytes_of(data, size);
}

static inline void wire_put_string(struct buf *out, struct bytes text)
{
	static const uint8_t zeros[4];
	size_t before = text.size < 254 ? 1 : 4;

	if (before == 1)
		buf_append_u8(out, (uint8_t)text.size);
	else
		buf_append_u32le(out, (uint32_t)(text.size << 8) | 254);
	buf_append_bytes(out, text);
	buf_append(out, zeros, (4 - (before + text.size) % 4) % 4);
}

static inline void wire_put_id(struct buf *out, enum wire_id id)
{
	buf_append_u32le(out, (uint32_t)id);
}

#endif
