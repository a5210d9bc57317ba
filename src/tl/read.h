/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Decoding. A tl_reader is a view of bytes with a first error that sticks: once something is wrong
 * every further read gives zeroes, so decode the whole and test once. Input may be hostile: nothing
 * is read beyond the end, nesting is bounded, and what decoding may take from the arena is bounded
 * by the caller's budget. Every constructor that the schema knows in any layer is accepted.
 */
#ifndef TL_READ_H
#define TL_READ_H

#include "base/attr.h"
#include "tl/schema.h"

/* Deeper values are refused. Real ones stay below 12; rich JSON in initConnection's params is the
 * deepest. */
#define TL_DEPTH_MAX 32

enum tl_fault {
	TL_FAULT_NONE,
	TL_FAULT_SHORT,	     /* the bytes end too early */
	TL_FAULT_UNKNOWN_ID, /* fault_id is not in the schema */
	TL_FAULT_TYPE,	     /* fault_id is a constructor, but not one of those allowed here */
	TL_FAULT_VALUE,	     /* a Bool, a vector or a string's length that is none */
	TL_FAULT_DEPTH,
	TL_FAULT_BUDGET,
	TL_FAULT_TRAILING, /* set by tl_reader_finish */
};

struct tl_reader {
	const uint8_t *at;
	const uint8_t *end;
	size_t budget; /* arena bytes that may still be taken */
	unsigned depth;
	enum tl_fault fault;
	uint32_t fault_id;
};

/* budget in bytes. 16 times the input plus a few kB lets every honest request through. */
void tl_reader_init(struct tl_reader *reader, struct bytes input, size_t budget);
size_t tl_reader_left(const struct tl_reader *reader);
/* 0 when nothing was wrong and nothing is left over, else -1 (and the fault is set). */
MUST_CHECK int tl_reader_finish(struct tl_reader *reader);
const char *tl_fault_text(enum tl_fault fault);

/* Values one by one, for the parts of the protocol that hold raw messages. 0 or absent after a
 * fault. */
int32_t tl_read_int(struct tl_reader *reader);
int64_t tl_read_long(struct tl_reader *reader);
/* A view into the input, without the length and the padding. */
struct bytes tl_read_bytes(struct tl_reader *reader);
/* The next size bytes as they are; absent when there are fewer. */
struct bytes tl_read_raw(struct tl_reader *reader, size_t size);
/* The next four bytes without consuming them; 0 when there are fewer (and no fault is set). */
uint32_t tl_peek_id(const struct tl_reader *reader);

/* One boxed value of the type (TL_TYPE_ANY: any constructor). NULL after a fault. */
struct tl_object *tl_read_object(struct tl_reader *reader, struct arena *arena, enum tl_type type);
/* One method call; wrappers keep the query inside as undecoded bytes. NULL after a fault; with
 * TL_FAULT_UNKNOWN_ID at the beginning of the input the method is one that Lontar does not serve.
 */
struct tl_object *tl_read_method(struct tl_reader *reader, struct arena *arena);
/* What a server of that layer answers to the method (client role, tests). The reply has the form
 * that the layer has, which may be older than what handlers give. -1 after a fault. */
MUST_CHECK int tl_read_result(struct tl_reader *reader, struct arena *arena, enum tl_name method,
	int layer, union tl_reply *reply);

#endif
