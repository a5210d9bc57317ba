/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "cage/frame.h"

#include <errno.h>
#include <unistd.h>

struct bytes frame_raw(struct frame_reader *in, size_t size)
{
	struct bytes out = {NULL, 0};

	if (in->failed || in->rest.size < size) {
		in->failed = true;
		return out;
	}
	out = bytes_of(in->rest.data, size);
	in->rest = bytes_of(in->rest.data + size, in->rest.size - size);
	return out;
}

uint8_t frame_u8(struct frame_reader *in)
{
	struct bytes raw = frame_raw(in, 1);

	return raw.data ? raw.data[0] : 0;
}

uint16_t frame_u16(struct frame_reader *in)
{
	struct bytes raw = frame_raw(in, 2);

	return raw.data ? (uint16_t)(raw.data[0] | raw.data[1] << 8) : 0;
}

uint32_t frame_u32(struct frame_reader *in)
{
	struct bytes raw = frame_raw(in, 4);

	return raw.data ? load_u32le(raw.data) : 0;
}

uint64_t frame_u64(struct frame_reader *in)
{
	struct bytes raw = frame_raw(in, 8);

	return raw.data ? load_u64le(raw.data) : 0;
}

struct bytes frame_string(struct frame_reader *in)
{
	uint32_t size = frame_u32(in);

	return frame_raw(in, size);
}

bool frame_complete(const struct frame_reader *in)
{
	return !in->failed && in->rest.size == 0;
}

void frame_append_u16(struct buf *out, uint16_t v)
{
	buf_append_u8(out, (uint8_t)v);
	buf_append_u8(out, (uint8_t)(v >> 8));
}

void frame_append_string(struct buf *out, struct bytes text)
{
	buf_append_u32le(out, (uint32_t)text.size);
	buf_append_bytes(out, text);
}

/* 1: all of it; 0: the stream ended before the first byte; -1. */
static int read_all(int fd, uint8_t *out, size_t size, struct err *err)
{
	size_t done = 0;

	while (done < size) {
		ssize_t n = read(fd, out + done, size - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_errno(err, "can't read a message");
		if (n == 0)
			return done == 0 ? 0 : err_set(err, EPROTO, "a message ends early");
		done += (size_t)n;
	}
	return 1;
}

static int write_all(int fd, struct bytes data, struct err *err)
{
	while (data.size > 0) {
		ssize_t n = write(fd, data.data, data.size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_errno(err, "can't write a message");
		data = bytes_of(data.data + n, data.size - (size_t)n);
	}
	return 0;
}

int frame_receive(int fd, struct buf *out, struct err *err)
{
	uint8_t head[4], *body;
	int rc = read_all(fd, head, sizeof(head), err);

	buf_clear(out);
	if (rc < 1)
		return rc;
	if (load_u32le(head) == 0)
		return 1;
	body = buf_extend(out, load_u32le(head));
	if (!body)
		return err_set(
			err, EMSGSIZE, "a message of %u bytes is too long", load_u32le(head));
	rc = read_all(fd, body, load_u32le(head), err);
	return rc == 0 ? err_set(err, EPROTO, "a message ends early") : rc;
}

int frame_send(int fd, struct bytes message, struct err *err)
{
	uint8_t head[4];

	store_u32le(head, (uint32_t)message.size);
	if (write_all(fd, bytes_of(head, sizeof(head)), err) < 0)
		return -1;
	return write_all(fd, message, err);
}
