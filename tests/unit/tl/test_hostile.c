/* SPDX-License-Identifier: Apache-2.0 */
/* Input that is wrong: refused, without reading beyond its end (ASan watches) and within the
 * budget. */
#include "generate.h"
#include "unit.h"

#include <stdlib.h>

#define BUDGET 100000
#define ARENA_SLACK 8192 /* what an arena takes beside the objects */

/* Decodes a copy of exactly these bytes. */
static enum tl_fault decode_copy(struct bytes wire, bool method)
{
	uint8_t *copy = malloc(wire.size + 1);
	struct arena arena;
	struct tl_reader reader;
	struct tl_object *object;

	assert_non_null(copy);
	memcpy(copy + 1, wire.data, wire.size);
	arena_init(&arena);
	tl_reader_init(&reader, bytes_of(copy + 1, wire.size), BUDGET);
	object = method ? tl_read_method(&reader, &arena)
			: tl_read_object(&reader, &arena, TL_TYPE_ANY);
	assert_true((object != NULL) == (reader.fault == TL_FAULT_NONE));
	assert_true(arena.used <= BUDGET + ARENA_SLACK);
	assert_int_equal(reader.depth, 0);
	if (tl_reader_finish(&reader) == 0)
		assert_int_equal(reader.fault, TL_FAULT_NONE);
	arena_release(&arena);
	free(copy);
	return reader.fault;
}

static void for_every_form(void (*check)(const struct tl_form *form, struct bytes wire))
{
	for (int name = TL_NONE + 1; name < TL_NAME_COUNT; name++) {
		const struct tl_form *form = tl_form_in_layer(name, 228);
		struct generator g = {.layer = 228, .state = 4101842887655102017u + name};
		struct arena arena;
		struct buf buf = {0};

		if (!form)
			continue;
		arena_init(&arena);
		g.arena = &arena;
		tl_write_object(&buf, generate_form(&g, form, 1), 228);
		assert_false(buf.failed);
		check(form, buf_bytes(&buf));
		buf_release(&buf);
		arena_release(&arena);
	}
}

static bool ends_with_rest(const struct tl_form *form)
{
	return form->field_count && form->fields[form->field_count - 1].kind == TL_KIND_REST;
}

static void check_truncations(const struct tl_form *form, struct bytes wire)
{
	bool method = tl_name_is_method(form->name);

	assert_int_equal(decode_copy(wire, method), TL_FAULT_NONE);
	for (size_t size = 0; size < wire.size; size++) {
		enum tl_fault fault = decode_copy(bytes_of(wire.data, size), method);

		if (!ends_with_rest(form))
			assert_int_equal(fault, TL_FAULT_SHORT);
	}
}

static void every_truncation_of_every_form_is_refused(void **state)
{
	for_every_form(check_truncations);
}

static void check_flips(const struct tl_form *form, struct bytes wire)
{
	uint8_t *flipped = malloc(wire.size);

	assert_non_null(flipped);
	for (size_t i = 0; i < wire.size; i++) {
		memcpy(flipped, wire.data, wire.size);
		flipped[i] ^= (uint8_t)(1u << (i * 5 + 1) % 8);
		/* Whether it still means something is not the question here. */
		(void)decode_copy(bytes_of(flipped, wire.size), tl_name_is_method(form->name));
	}
	free(flipped);
}

static void one_flipped_bit_per_byte_never_breaks_out(void **state)
{
	for_every_form(check_flips);
}

/* jsonArray in jsonArray ... with a jsonNull inside. */
static struct buf nested_json(unsigned depth)
{
	struct buf buf = {0};

	for (unsigned i = 1; i < depth; i++) {
		buf_append_u32le(&buf, 0xf7444763);
		buf_append_u32le(&buf, TL_ID_vector);
		buf_append_u32le(&buf, 1);
	}
	buf_append_u32le(&buf, 0x3f6d7b68);
	return buf;
}

static void nesting_is_bounded(void **state)
{
	struct buf deepest = nested_json(TL_DEPTH_MAX);
	struct buf deeper = nested_json(TL_DEPTH_MAX + 1);
	struct buf absurd = nested_json(1000000);

	assert_int_equal(decode_copy(buf_bytes(&deepest), false), TL_FAULT_NONE);
	assert_int_equal(decode_copy(buf_bytes(&deeper), false), TL_FAULT_DEPTH);
	assert_int_equal(decode_copy(buf_bytes(&absurd), false), TL_FAULT_DEPTH);
	buf_release(&deepest);
	buf_release(&deeper);
	buf_release(&absurd);
}

/* users.getUsers of many inputUserSelf: 4 bytes each on the wire, some 40 in memory. */
static struct buf get_users(uint32_t claimed, uint32_t sent)
{
	struct buf buf = {0};

	buf_append_u32le(&buf, 0x0d91a548);
	buf_append_u32le(&buf, TL_ID_vector);
	buf_append_u32le(&buf, claimed);
	for (uint32_t i = 0; i < sent; i++)
		buf_append_u32le(&buf, 0xf7c1b13f);
	return buf;
}

static enum tl_fault decode_users(uint32_t claimed, uint32_t sent)
{
	struct buf buf = get_users(claimed, sent);
	enum tl_fault fault = decode_copy(buf_bytes(&buf), true);

	buf_release(&buf);
	return fault;
}

static void memory_is_bounded_by_the_budget(void **state)
{
	assert_int_equal(decode_users(1000, 1000), TL_FAULT_NONE);
	assert_int_equal(decode_users(10000, 10000), TL_FAULT_BUDGET);
	assert_int_equal(decode_users(UINT32_MAX, 10), TL_FAULT_SHORT);
	assert_int_equal(decode_users(11, 10), TL_FAULT_SHORT);
	assert_int_equal(decode_users(9, 10), TL_FAULT_TRAILING);
}

static void the_fault_says_what_was_wrong(void **state)
{
	static const uint8_t unknown[] = {0xef, 0xbe, 0xad, 0xde};
	static const uint8_t get_users_of_peer[] = {
		0x48, 0xa5, 0x91, 0x0d, 0x15, 0xc4, 0xb5, 0x1c, 1, 0, 0, 0, 0xc9, 0x7e, 0xa0, 0x7d};
	static const uint8_t string_255[] = {0xff, 0, 0, 0, 0, 0, 0, 0};
	struct tl_reader reader;
	struct arena arena;

	arena_init(&arena);
	tl_reader_init(&reader, bytes_of(unknown, sizeof(unknown)), BUDGET);
	assert_null(tl_read_method(&reader, &arena));
	assert_int_equal(reader.fault, TL_FAULT_UNKNOWN_ID);
	assert_int_equal(reader.fault_id, 0xdeadbeef);

	tl_reader_init(&reader, bytes_of(get_users_of_peer, sizeof(get_users_of_peer)), BUDGET);
	assert_null(tl_read_method(&reader, &arena));
	assert_int_equal(reader.fault, TL_FAULT_TYPE);
	assert_int_equal(reader.fault_id, 0x7da07ec9);

	tl_reader_init(&reader, bytes_of(string_255, sizeof(string_255)), BUDGET);
	assert_null(tl_read_bytes(&reader).data);
	assert_int_equal(reader.fault, TL_FAULT_VALUE);
	assert_int_equal(tl_read_int(&reader), 0); /* the first fault sticks */
	assert_int_equal(reader.fault, TL_FAULT_VALUE);
	arena_release(&arena);
}

static void a_constructor_is_no_method(void **state)
{
	static const uint8_t self[] = {0xc9, 0x7e, 0xa0, 0x7d};
	static const uint8_t get_state[] = {0x2a, 0x88, 0xd4, 0xed};

	assert_int_equal(decode_copy(bytes_of(self, 4), true), TL_FAULT_TYPE);
	assert_int_equal(decode_copy(bytes_of(get_state, 4), false), TL_FAULT_TYPE);
	assert_int_equal(decode_copy(bytes_of(get_state, 4), true), TL_FAULT_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_truncation_of_every_form_is_refused),
		cmocka_unit_test(one_flipped_bit_per_byte_never_breaks_out),
		cmocka_unit_test(nesting_is_bounded),
		cmocka_unit_test(memory_is_bounded_by_the_budget),
		cmocka_unit_test(the_fault_says_what_was_wrong),
		cmocka_unit_test(a_constructor_is_no_method),
	};

	return cmocka_run_group_tests_name("tl/hostile", tests, NULL, no_arena_leaked);
}
