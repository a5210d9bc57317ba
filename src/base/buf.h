/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A growing buffer with a hard maximum. Appending past the maximum sets `failed` and appends
 * nothing more: write all, then test once. Consuming from the front is cheap (the rest moves only
 * when it must). A released or zeroed buf holds no memory; an idle connection keeps its buffers
 * released.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/attr.h"
#include "base/bytes.h"

struct buf {
	uint8_t *base;	   /* what malloc gave, or NULL */
	uint32_t start;	   /* consumed bytes at the front; 32 bits, as each connection has four */
	uint32_t end;	   /* one past the last byte written */
	uint32_t capacity; /* of base */
	uint32_t max;	   /* of end - start; 0 means BUF_MAX_DEFAULT; at most BUF_MAX */
	bool failed;
};

#define BUF_MAX_DEFAULT ((size_t)64 << 20)
#define BUF_MAX ((size_t)1 << 30)

void buf_init(struct buf *buf, size_t max);
void buf_release(struct buf *buf);
/* Empty, memory kept. */
void buf_clear(struct buf *buf);

static inline uint8_t *buf_data(const struct buf *buf)
{
	return buf->base ? buf->base + buf->start : NULL;
}

static inline size_t buf_size(const struct buf *buf)
{
	return buf->end - buf->start;
}

static inline struct bytes buf_bytes(const struct buf *buf)
{
	return bytes_of(buf_data(buf), buf_size(buf));
}

/* Makes room for size more bytes and counts them as written: the caller fills them. NULL when
 * failed. */
uint8_t *buf_extend(struct buf *buf, size_t size);
void buf_append(struct buf *buf, const void *data, size_t size);
void buf_append_bytes(struct buf *buf, struct bytes bytes);
void buf_append_str(struct buf *buf, const char *text);
void buf_append_u8(struct buf *buf, uint8_t v);
void buf_append_u32le(struct buf *buf, uint32_t v);
void buf_append_u64le(struct buf *buf, uint64_t v);
void buf_printf(struct buf *buf, const char *format, ...) PRINTF_LIKE(2, 3);
/* Drops size bytes (at most all) from the front. */
void buf_consume(struct buf *buf, size_t size);
/* Drops bytes from the back until size remain. */
void buf_truncate(struct buf *buf, size_t size);

#endif
