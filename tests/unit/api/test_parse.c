/* SPDX-License-Identifier: Apache-2.0 */
/* api_parse: wrappers around a query, and what is packed inside them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "api/dispatch.h"
#include "tl/write.h"

static struct arena scratch;
static int inflations;

static int setup(void **state)
{
	arena_init(&scratch);
	inflations = 0;
	return 0;
}

static int teardown(void **state)
{
	arena_release(&scratch);
	return 0;
}

/* Stands for the packer's counterpart: what is packed begins with 'z', the rest is plain. */
static int inflate(struct bytes packed, struct buf *out)
{
	inflations++;
	if (packed.size == 0 || packed.data[0] != 'z')
		return -1;
	buf_append(out, packed.data + 1, packed.size - 1);
	return 0;
}

static struct bytes encode(const struct tl_object *object)
{
	struct buf out = {0};
	struct bytes bytes;

	tl_write_object(&out, object, 227);
	bytes = arena_bytes(&scratch, buf_bytes(&out));
	buf_release(&out);
	return bytes;
}

/* gzip_packed#3072cfa1 packed_data:bytes */
static struct bytes pack(struct bytes plain, char mark)
{
	struct buf out = {0};
	struct bytes bytes;
	size_t size = plain.size + 1;

	assert_true(size < 254);
	buf_append_u32le(&out, TL_ID_gzip_packed);
	buf_append_u8(&out, (uint8_t)size);
	buf_append_u8(&out, (uint8_t)mark);
	buf_append_bytes(&out, plain);
	while (buf_size(&out) % 4)
		buf_append_u8(&out, 0);
	bytes = arena_bytes(&scratch, buf_bytes(&out));
	buf_release(&out);
	return bytes;
}

static struct bytes wrap(struct bytes query)
{
	struct tl_invokeWithLayer *layer = TL_NEW(&scratch, invokeWithLayer);
	struct tl_invokeAfterMsg *after = TL_NEW(&scratch, invokeAfterMsg);

	after->query = query;
	layer->layer = 214;
	layer->query = encode(&after->o);
	return encode(&layer->o);
}

static struct bytes state_query(void)
{
	return encode(&TL_NEW(&scratch, updates_getState)->o);
}

static void test_wrappers_are_taken_off(void **state)
{
	struct api_request request;
	struct fault fault = {0};

	assert_int_equal(api_parse(&scratch, wrap(state_query()), NULL, &request, &fault), 0);
	assert_string_equal(api_method_name(request.method), "updates_getState");
	assert_int_equal(request.layer, 214);
}

/* The calls that all wrappers name are waited for, wherever they stand. */
static void test_calls_to_wait_for_are_gathered(void **state)
{
	int64_t ids[] = {16, 20};
	struct tl_invokeAfterMsgs *all = TL_NEW(&scratch, invokeAfterMsgs);
	struct tl_invokeAfterMsg *one = TL_NEW(&scratch, invokeAfterMsg);
	struct api_request request;
	struct fault fault = {0};

	one->msg_id = 12;
	one->query = state_query();
	all->msg_ids = (struct tl_longs){2, ids};
	all->query = encode(&one->o);
	assert_int_equal(api_parse(&scratch, encode(&all->o), NULL, &request, &fault), 0);
	assert_int_equal(request.after.count, 3);
	assert_int_equal(request.after.at[0], 16);
	assert_int_equal(request.after.at[1], 20);
	assert_int_equal(request.after.at[2], 12);
}

/* E17: eight wrappers are taken, one more is not, and neither is any number, at the same cost. */
static void test_deep_wrappers_are_refused(void **state)
{
	for (size_t depth = 1; depth <= 100000; depth += depth < 12 ? 1 : depth) {
		struct buf query = {0};
		struct api_request request;
		struct fault fault = {0};
		struct arena arena;
		struct bytes inner = state_query(), wrapper = wrap(inner);

		for (size_t i = 0; i < depth; i++) {
			buf_append_bytes(&query, bytes_of(wrapper.data, 8));
		}
		buf_append_bytes(&query, inner);
		arena_init(&arena);
		assert_int_equal(api_parse(&arena, buf_bytes(&query), NULL, &request, &fault),
			depth <= 8 ? 0 : -1);
		assert_true(arena.used < 2 * buf_size(&query) + 8192);
		arena_release(&arena);
		buf_release(&query);
	}
}

static void test_what_is_packed_inside_is_opened(void **state)
{
	struct api_request request;
	struct fault fault = {0};
	struct bytes query = wrap(pack(state_query(), 'z'));

	assert_int_equal(api_parse(&scratch, query, inflate, &request, &fault), 0);
	assert_string_equal(api_method_name(request.method), "updates_getState");
	assert_int_equal(inflations, 1);
}

static void test_packed_twice_is_refused(void **state)
{
	struct api_request request;
	struct fault fault = {0};
	struct bytes query = wrap(pack(pack(state_query(), 'z'), 'z'));

	assert_int_equal(api_parse(&scratch, query, inflate, &request, &fault), -1);
	assert_int_equal(fault.code, 400);
	assert_int_equal(inflations, 1);
}

static void test_damaged_packing_is_refused(void **state)
{
	struct api_request request;
	struct fault fault = {0};
	struct bytes query = pack(state_query(), 'z');

	assert_int_equal(
		api_parse(&scratch, wrap(pack(state_query(), 'x')), inflate, &request, &fault), -1);
	assert_string_equal(fault.text, "INPUT_FETCH_ERROR");
	for (size_t size = 0; size < query.size; size += 4) {
		struct bytes part = wrap(bytes_of(query.data, size));

		assert_int_equal(api_parse(&scratch, part, inflate, &request, &fault), -1);
	}
	assert_int_equal(api_parse(&scratch, wrap(query), NULL, &request, &fault), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_wrappers_are_taken_off, setup, teardown),
		cmocka_unit_test_setup_teardown(
			test_calls_to_wait_for_are_gathered, setup, teardown),
		cmocka_unit_test_setup_teardown(test_deep_wrappers_are_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(
			test_what_is_packed_inside_is_opened, setup, teardown),
		cmocka_unit_test_setup_teardown(test_packed_twice_is_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(test_damaged_packing_is_refused, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
