/* SPDX-License-Identifier: Apache-2.0 */
/* Owns growing and moving of byte buffers. Does not know what is in them. */
#include "base/buf.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"

#define BUF_FIRST_SIZE 256

void buf_init(struct buf *buf, size_t max)
{
	assert(max <= BUF_MAX);
	*buf = (struct buf){.max = (uint32_t)max};
}

void buf_release(struct buf *buf)
{
	free(buf->base);
	*buf = (struct buf){.max = buf->max};
}

void buf_clear(struct buf *buf)
{
	buf->start = buf->end = 0;
	buf->failed = false;
}

static void buf_move_to_front(struct buf *buf)
{
	size_t size = buf_size(buf);

	if (size)
		memmove(buf->base, buf->base + buf->start, size);
	buf->start = 0;
	buf->end = (uint32_t)size;
}

/* Room for size bytes behind end. The caller has checked size against max. */
static void buf_make_room(struct buf *buf, size_t size, size_t max)
{
	size_t used = buf_size(buf), capacity;

	/* Moving costs no more than what was consumed since the last move. */
	if (buf->start && buf->start >= used && used + size <= buf->capacity) {
		buf_move_to_front(buf);
		return;
	}
	if (buf->start)
		buf_move_to_front(buf);
	if (used + size <= buf->capacity)
		return;
	capacity = buf->capacity ? (size_t)buf->capacity * 2 : BUF_FIRST_SIZE;
	if (capacity > max)
		capacity = max;
	if (capacity < used + size)
		capacity = used + size;
	buf->base = mem_realloc(buf->base, capacity);
	buf->capacity = (uint32_t)capacity;
}

uint8_t *buf_extend(struct buf *buf, size_t size)
{
	size_t max = buf->max ? buf->max : BUF_MAX_DEFAULT;
	uint8_t *at;

	if (buf->failed || buf_size(buf) > max || size > max - buf_size(buf)) {
		buf->failed = true;
		return NULL;
	}
	if (!buf->base || size > buf->capacity - buf->end)
		buf_make_room(buf, size, max);
	at = buf->base + buf->end;
	buf->end += (uint32_t)size;
	return at;
}

void buf_append(struct buf *buf, const void *data, size_t size)
{
	uint8_t *at;

	if (!size)
		return;
	at = buf_extend(buf, size);
	if (at)
		memcpy(at, data, size);
}

void buf_append_bytes(struct buf *buf, struct bytes bytes)
{
	buf_append(buf, bytes.data, bytes.size);
}

void buf_append_str(struct buf *buf, const char *text)
{
	buf_append(buf, text, strlen(text));
}

void buf_append_u8(struct buf *buf, uint8_t v)
{
	buf_append(buf, &v, 1);
}

void buf_append_u32le(struct buf *buf, uint32_t v)
{
	buf_append(buf, &v, 4);
}

void buf_append_u64le(struct buf *buf, uint64_t v)
{
	buf_append(buf, &v, 8);
}

void buf_printf(struct buf *buf, const char *format, ...)
{
	va_list args;
	uint8_t *at;
	int size;

	va_start(args, format);
	size = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (size < 0) {
		buf->failed = true;
		return;
	}
	at = buf_extend(buf, (size_t)size + 1); /* vsnprintf writes a NUL, which is then dropped */
	if (!at)
		return;
	va_start(args, format);
	vsnprintf((char *)at, (size_t)size + 1, format, args);
	va_end(args);
	buf->end--;
}

void buf_consume(struct buf *buf, size_t size)
{
	buf->start += (uint32_t)(size < buf_size(buf) ? size : buf_size(buf));
	if (buf->start == buf->end)
		buf->start = buf->end = 0;
}

void buf_truncate(struct buf *buf, size_t size)
{
	if (size < buf_size(buf))
		buf->end = buf->start + (uint32_t)size;
}
