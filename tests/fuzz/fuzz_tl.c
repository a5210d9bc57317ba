/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The TL codec with any bytes: read as a method call and as a value, encoded for some layer, and
 * where that worked, read back and encoded once more: the bytes must stay the same. The first byte
 * chooses the layer, the rest is the input.
 */
#include <stdint.h>
#include <stdlib.h>

#include "tl/read.h"
#include "tl/write.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define BUDGET ((size_t)1 << 20)
#define ARENA_SLACK ((size_t)1 << 16)

static const int layers[] = {
	152, 158, 167, 179, 181, 185, 189, 198, 204, 214, 216, 218, 220, 221, 223, 227, 228};

static void require(bool holds)
{
	if (!holds)
		abort();
}

static struct tl_object *decode(struct tl_reader *reader, struct arena *arena, struct bytes wire,
	size_t budget, bool method)
{
	struct tl_object *object;

	tl_reader_init(reader, wire, budget);
	object =
		method ? tl_read_method(reader, arena) : tl_read_object(reader, arena, TL_TYPE_ANY);
	require((object == NULL) == (reader->fault != TL_FAULT_NONE));
	return object;
}

static void check_encoding(
	struct arena *arena, const struct tl_object *object, int layer, bool method)
{
	struct buf once = {0}, twice = {0};
	struct tl_reader reader;
	struct tl_object *back;

	tl_write_object(&once, object, layer);
	if (!once.failed) {
		back = decode(&reader, arena, buf_bytes(&once), 64 * BUDGET, method);
		/* Defaults in the place of unknown values may nest one deeper than what was read.
		 */
		require(back != NULL || reader.fault == TL_FAULT_DEPTH);
		if (back) {
			require(tl_reader_finish(&reader) == 0);
			tl_write_object(&twice, back, layer);
			require(bytes_equal(buf_bytes(&once), buf_bytes(&twice)));
		}
	}
	buf_release(&once);
	buf_release(&twice);
}

static void check_reading(struct bytes wire, int layer, bool method)
{
	struct arena arena;
	struct tl_reader reader;
	struct tl_object *object;

	arena_init(&arena);
	object = decode(&reader, &arena, wire, BUDGET, method);
	require(arena.used <= BUDGET + ARENA_SLACK);
	if (object)
		check_encoding(&arena, object, layer, method);
	arena_release(&arena);
}

/* Every method's own result type; -1 or an answer, never a crash. */
static void check_result(struct bytes wire, int layer, enum tl_name method)
{
	struct arena arena;
	struct tl_reader reader;
	union tl_reply reply;

	arena_init(&arena);
	tl_reader_init(&reader, wire, BUDGET);
	if (tl_read_result(&reader, &arena, method, layer, &reply) == 0)
		(void)!tl_reader_finish(&reader);
	arena_release(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes wire;
	int layer;

	if (size < 3)
		return 0;
	layer = layers[data[0] % ARRAY_LEN(layers)];
	wire = bytes_of(data + 1, size - 1);
	check_reading(wire, layer, true);
	check_reading(wire, layer, false);
	check_result(wire, layer, TL_METHOD_FIRST + data[1] % TL_METHOD_COUNT);
	return 0;
}
