/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The TL codec: what comes is read as a method call and as a value, encoded for some layer, and
 * where that worked, read back and encoded once more: the bytes must stay the same. The first byte
 * chooses the layer; a bit of the second says whether the rest are bytes as they are, or values of
 * forms that the input names (so that every method is reached), made up and then bent.
 */
#include <stdint.h>
#include <stdlib.h>

#include "generate.h"
#include "tl/read.h"
#include "tl/write.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define BUDGET ((size_t)1 << 20)
#define VALUES_MAX 128
#define ARENA_SLACK ((size_t)1 << 16)

static const int layers[] = {
	152, 158, 167, 179, 181, 185, 189, 198, 204, 214, 216, 218, 220, 221, 223, 227, 228};

static void require(bool holds)
{
	if (!holds)
		abort();
}

/* Which forms were read whole: for the fuzzer that is as good as new code. */
#define FORMS_MAX 8192
__attribute__((section("__libfuzzer_extra_counters"))) static uint8_t forms_read[FORMS_MAX];

static void note_form(struct bytes wire)
{
	const struct tl_form *form = wire.size >= 4 ? tl_form_by_id(load_u32le(wire.data)) : NULL;

	if (form && form - tl_forms < FORMS_MAX)
		forms_read[form - tl_forms] = 1;
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
	if (object) {
		note_form(wire);
		check_encoding(&arena, object, layer, method);
	}
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

/* ---- Values of forms ---- */

struct input {
	const uint8_t *data;
	size_t size;
};

static uint32_t take(struct input *in, size_t size)
{
	uint32_t v = 0;

	for (; size > 0 && in->size > 0; size--, in->size--)
		v = v << 8 | *in->data++;
	return v;
}

/* Up to three places in it are changed. False: none. */
static bool bend(struct input *in, struct buf *wire)
{
	uint32_t how = take(in, 1);

	for (uint32_t i = 0; i < how % 4; i++) {
		size_t at = take(in, 2) % buf_size(wire);
		uint32_t by = take(in, 1);

		if (at >= 4 || by) /* the id stays, mostly */
			buf_data(wire)[at] ^= (uint8_t)by;
	}
	if (how & 4)
		buf_truncate(wire, take(in, 2) % buf_size(wire));
	for (uint32_t i = 0; how & 8 && i < 8; i++)
		buf_append_u8(wire, (uint8_t)take(in, 1));
	return how & 15;
}

static void one_value(struct input *in, int layer)
{
	struct generator g = {.layer = layer};
	const struct tl_form *form = &tl_forms[tl_ids[take(in, 2) % tl_id_count].form];
	bool method = tl_name_is_method(form->name);
	struct buf wire = {0};
	struct arena arena;

	arena_init(&arena);
	g.arena = &arena;
	g.state = 1 + take(in, 2);
	g.sparse = g.state & 1;
	if (form->first_layer > layer || form->last_layer < layer)
		g.layer = form->last_layer < 228 ? form->last_layer : 228;
	tl_write_object(&wire, generate_form(&g, form, 2), g.layer);
	if (!wire.failed && buf_size(&wire) >= 4) {
		if (!bend(in, &wire)) {
			struct tl_reader reader;

			require(decode(&reader, &arena, buf_bytes(&wire), 64 * BUDGET, method) !=
				NULL);
			require(tl_reader_finish(&reader) == 0);
		}
		check_reading(buf_bytes(&wire), layer, method);
		if (method)
			check_result(buf_bytes(&wire), layer, form->name);
	}
	buf_release(&wire);
	arena_release(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = {data + 2, size - 2};
	struct bytes wire;
	int layer;

	if (size < 3)
		return 0;
	layer = layers[data[0] % ARRAY_LEN(layers)];
	for (size_t i = 0; data[1] & 1 && i < VALUES_MAX && in.size > 0; i++)
		one_value(&in, layer);
	if (data[1] & 1)
		return 0;
	wire = bytes_of(in.data, in.size);
	check_reading(wire, layer, true);
	check_reading(wire, layer, false);
	check_result(wire, layer, TL_METHOD_FIRST + (data[1] / 2 + in.data[0]) % TL_METHOD_COUNT);
	return 0;
}
