/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Messages between a program and its caged helper: a u32 with the size of what follows, then that.
 * Numbers are little-endian; a string is a u32 with its size and its bytes. Both sides treat the
 * other as hostile: sizes are bounded before memory is taken, and the reader's first error sticks.
 */
#ifndef CAGE_FRAME_H
#define CAGE_FRAME_H

#include "base/buf.h"
#include "base/err.h"

struct frame_reader {
	struct bytes rest;
	bool failed; /* something was missing; all later values are zero */
};

uint8_t frame_u8(struct frame_reader *in);
uint16_t frame_u16(struct frame_reader *in);
uint32_t frame_u32(struct frame_reader *in);
uint64_t frame_u64(struct frame_reader *in);
/* size bytes without a size in front. A view; absent when failed. */
struct bytes frame_raw(struct frame_reader *in, size_t size);
struct bytes frame_string(struct frame_reader *in);
/* Nothing failed and nothing is left. */
bool frame_complete(const struct frame_reader *in);

void frame_append_u16(struct buf *out, uint16_t v);
void frame_append_string(struct buf *out, struct bytes text);

/* For the caged side, blocking. Replaces the content of out, whose max bounds the message. 1 when
 * there is one, 0 at the end of the stream, -1 for anything else. */
MUST_CHECK int frame_receive(int fd, struct buf *out, struct err *err);
MUST_CHECK int frame_send(int fd, struct bytes message, struct err *err);

#endif
