/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every constructor and method, in every layer it exists in: generated values are encoded, decoded
 * and encoded again; the bytes must be the same and nothing may be left over.
 */
#include "generate.h"
#include "unit.h"

static const int layers[] = {
	152, 158, 167, 179, 181, 185, 189, 198, 204, 214, 216, 218, 220, 221, 223, 227, 228};

static struct tl_object *decode(
	struct bytes wire, struct arena *arena, bool method, struct tl_reader *reader)
{
	tl_reader_init(reader, wire, (size_t)1 << 24);
	return method ? tl_read_method(reader, arena) : tl_read_object(reader, arena, TL_TYPE_ANY);
}

static void check_value(struct generator *g, const struct tl_form *form, int depth)
{
	struct tl_object *first = generate_form(g, form, depth);
	struct tl_object *second;
	struct buf one = {0}, two = {0};
	struct tl_reader reader;

	tl_write_object(&one, first, g->layer);
	if (one.failed)
		fail_msg("%s in layer %d is not encoded", tl_name_text(form->name), g->layer);
	assert_int_equal(load_u32le(buf_data(&one)), form->id);
	second = decode(buf_bytes(&one), g->arena, tl_name_is_method(form->name), &reader);
	if (!second || tl_reader_finish(&reader) < 0)
		fail_msg("%s in layer %d: %s (%08x)", tl_name_text(form->name), g->layer,
			tl_fault_text(reader.fault), reader.fault_id);
	tl_write_object(&two, second, g->layer);
	if (!bytes_equal(buf_bytes(&one), buf_bytes(&two)))
		fail_msg("%s in layer %d changes when decoded and encoded",
			tl_name_text(form->name), g->layer);
	buf_release(&one);
	buf_release(&two);
}

static void check_layer(int layer, unsigned *forms)
{
	for (int name = TL_NONE + 1; name < TL_NAME_COUNT; name++) {
		const struct tl_form *form = tl_form_in_layer(name, layer);
		struct arena arena;

		if (!form)
			continue;
		arena_init(&arena);
		for (int round = 0; round < 6; round++) {
			struct generator g = {
				&arena, layer, 88172645463325252u + name * 977u + round, round > 1};

			check_value(&g, form, round % 3 + 1);
		}
		arena_release(&arena);
		(*forms)++;
	}
}

static void every_form_in_every_layer_survives_a_round_trip(void **state)
{
	unsigned forms = 0;

	for (size_t i = 0; i < ARRAY_LEN(layers); i++)
		check_layer(layers[i], &forms);
	print_message("%u forms in %zu layers\n", forms, ARRAY_LEN(layers));
	assert_true(forms > 10000);
}

/* Results are written by the handlers' newest type and read back by the layer's own. */
static void every_method_answers_in_every_layer(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(layers); i++) {
		for (int name = TL_METHOD_FIRST; name < TL_NAME_COUNT; name++) {
			const struct tl_form *form = tl_form_in_layer(name, layers[i]);
			struct arena arena;
			struct buf buf = {0};
			struct tl_reader reader;
			union tl_reply reply, back;

			if (!form || tl_method_info(name)->result != TL_RESULT_STRUCT)
				continue;
			arena_init(&arena);
			tl_reply_init(&reply, name, &arena);
			tl_write_result(&buf, name, &reply, layers[i]);
			assert_false(buf.failed);
			tl_reader_init(&reader, buf_bytes(&buf), 1 << 16);
			assert_int_equal(
				tl_read_result(&reader, &arena, name, layers[i], &back), 0);
			assert_int_equal(tl_reader_finish(&reader), 0);
			buf_release(&buf);
			arena_release(&arena);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_form_in_every_layer_survives_a_round_trip),
		cmocka_unit_test(every_method_answers_in_every_layer),
	};

	return cmocka_run_group_tests_name("tl/roundtrip", tests, NULL, no_arena_leaked);
}
