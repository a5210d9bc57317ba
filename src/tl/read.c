/* SPDX-License-Identifier: Apache-2.0 */
/* The bounded reader and its plain values; constructors and vectors are in read_value.c. */
#include "tl/read.h"

#include "tl/fault.h"

void tl_reader_init(struct tl_reader *reader, struct bytes input, size_t budget)
{
	*reader = (struct tl_reader){.at = input.data, .end = input.data, .budget = budget};
	if (input.size)
		reader->end += input.size;
}

size_t tl_reader_left(const struct tl_reader *reader)
{
	return (size_t)(reader->end - reader->at);
}

void tl_reader_fail(struct tl_reader *reader, enum tl_fault fault, uint32_t id)
{
	if (reader->fault)
		return;
	reader->fault = fault;
	reader->fault_id = id;
	reader->at = reader->end;
}

int tl_reader_finish(struct tl_reader *reader)
{
	if (tl_reader_left(reader))
		tl_reader_fail(reader, TL_FAULT_TRAILING, 0);
	return reader->fault ? -1 : 0;
}

const char *tl_fault_text(enum tl_fault fault)
{
	switch (fault) {
	case TL_FAULT_NONE:
		return "none";
	case TL_FAULT_SHORT:
		return "ends too early";
	case TL_FAULT_UNKNOWN_ID:
		return "unknown constructor";
	case TL_FAULT_TYPE:
		return "constructor of another type";
	case TL_FAULT_VALUE:
		return "not a value of its type";
	case TL_FAULT_DEPTH:
		return "nested too deep";
	case TL_FAULT_BUDGET:
		return "too large";
	case TL_FAULT_TRAILING:
		return "bytes left over";
	}
	return "unknown";
}

static const uint8_t *take(struct tl_reader *reader, size_t size)
{
	const uint8_t *at = reader->at;

	if (size > tl_reader_left(reader)) {
		tl_reader_fail(reader, TL_FAULT_SHORT, 0);
		return NULL;
	}
	reader->at += size;
	return at;
}

int32_t tl_read_int(struct tl_reader *reader)
{
	const uint8_t *at = take(reader, 4);

	return at ? (int32_t)load_u32le(at) : 0;
}

int64_t tl_read_long(struct tl_reader *reader)
{
	const uint8_t *at = take(reader, 8);

	return at ? (int64_t)load_u64le(at) : 0;
}

struct bytes tl_read_raw(struct tl_reader *reader, size_t size)
{
	const uint8_t *at = take(reader, size);

	return bytes_of(at, at ? size : 0);
}

/* 1 byte of length (up to 253) or 254 and 3 bytes of length; padded to a multiple of 4 with the
 * length. */
struct bytes tl_read_bytes(struct tl_reader *reader)
{
	const uint8_t *head = take(reader, 4);
	const uint8_t *data;
	size_t size, padding;

	if (!head)
		return (struct bytes){0};
	if (head[0] == 255) {
		tl_reader_fail(reader, TL_FAULT_VALUE, 0);
		return (struct bytes){0};
	}
	if (head[0] == 254) {
		size = load_u32le(head) >> 8;
		padding = -size & 3;
	} else {
		size = head[0];
		padding = -(size + 1) & 3;
		reader->at = head + 1;
	}
	data = take(reader, size);
	if (!data || !take(reader, padding))
		return (struct bytes){0};
	return bytes_of(data, size);
}

uint32_t tl_peek_id(const struct tl_reader *reader)
{
	return tl_reader_left(reader) >= 4 ? load_u32le(reader->at) : 0;
}
