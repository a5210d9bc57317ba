/* SPDX-License-Identifier: Apache-2.0 */
/* Every row that answers without a handler, in every layer that has the method: what goes out can
 * be read back, and holds nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "api/dispatch.h"
#include "tl/read.h"
#include "tl/write.h"

#define LAYER_NEWEST 228

struct row {
	enum tl_name method;
	enum tl_name answer;
	bool done;
	const char *error;
};

#define M(method, who, rate, tx)
#define EMPTY(method, who, constructor) {TL_##method, TL_##constructor, false, NULL},
#define DONE(method, who) {TL_##method, TL_NONE, true, NULL},
#define REFUSED(method, who, code, error) {TL_##method, TL_NONE, false, error},
static const struct row rows[] = {
#include "api/methods_contacts.def"
#include "api/methods_empty.def"
#include "api/methods_help.def"
};

static struct arena scratch;

/* The answer of the row to a query with all fields absent; absent: refused. */
static struct bytes ask(struct call *call, enum tl_name method, int layer)
{
	struct buf query = {0}, answer = {0};
	struct api_request request;
	struct bytes out = {0};

	*call = (struct call){.arena = &scratch, .layer = layer};
	tl_write_object(&query, tl_object_of(&scratch, method), layer);
	assert_int_equal(api_parse(&scratch, buf_bytes(&query), NULL, &request, &call->fault), 0);
	assert_int_equal(api_method_tx(request.method), TX_NONE);
	if (api_run(call, &request, &answer) == 0)
		out = arena_bytes(&scratch, buf_bytes(&answer));
	buf_release(&query);
	buf_release(&answer);
	return out;
}

static void check_row(const struct row *row, int layer)
{
	struct call call;
	struct bytes answer = ask(&call, row->method, layer);
	struct tl_reader reader;
	struct tl_object *object;

	if (row->error) {
		assert_null(answer.data);
		assert_string_equal(call.fault.text, row->error);
		return;
	}
	assert_true(answer.size >= 4);
	tl_reader_init(&reader, answer, 1 << 16);
	if (row->done) {
		assert_int_equal(tl_peek_id(&reader), TL_ID_boolTrue);
	} else if (tl_peek_id(&reader) == TL_ID_vector) {
		assert_int_equal(answer.size, 8);
		assert_int_equal(load_u32le(answer.data + 4), 0);
	} else {
		object = tl_read_object(&reader, &scratch, TL_TYPE_ANY);
		assert_non_null(object);
		assert_int_equal(tl_reader_finish(&reader), 0);
		if (row->answer != TL_NONE)
			assert_int_equal(object->name, row->answer);
	}
}

static void every_row_in_every_layer(void **state)
{
	arena_init(&scratch);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		for (int layer = API_LAYER_MIN; layer <= LAYER_NEWEST; layer++) {
			if (tl_name_in_layer(rows[i].method, layer))
				check_row(&rows[i], layer);
		}
	}
	arena_release(&scratch);
}

/* What has no row is refused as unknown, and said to be so. */
static void no_row(void **state)
{
	struct api_request request;
	struct fault fault = {0};
	uint8_t query[] = {1, 2, 3, 4};

	arena_init(&scratch);
	assert_int_equal(
		api_parse(&scratch, bytes_of(query, sizeof(query)), NULL, &request, &fault), -1);
	assert_true(request.unserved);
	assert_string_equal(fault.text, "INPUT_METHOD_INVALID");
	assert_int_equal(api_parse(&scratch, bytes_of(query, 3), NULL, &request, &fault), -1);
	assert_false(request.unserved);
	arena_release(&scratch);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row_in_every_layer),
		cmocka_unit_test(no_row),
	};

	return cmocka_run_group_tests_name("api/empty", tests, NULL, NULL);
}
