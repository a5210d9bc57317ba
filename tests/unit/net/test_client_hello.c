/* SPDX-License-Identifier: Apache-2.0 */
/* ClientHellos built field by field: what is found, and what is left to a TLS library. */
#include "cmocka_env.h"

#include "base/buf.h"
#include "net/client_hello.h"
#include "net/sniff.h"

/* A hello around the given extensions (NULL: without the field). */
static struct buf hello_with(const struct bytes *extensions)
{
	struct buf message = {0}, record = {0};
	size_t size = extensions ? 2 + extensions->size : 0;

	buf_append(&message, "\3\3", 2);
	for (int i = 0; i < 32; i++)
		buf_append_u8(&message, (uint8_t)i);
	buf_append(&message, "\4sess\0\2\x13\1\1\0", 11);
	if (extensions) {
		buf_append_u8(&message, (uint8_t)(extensions->size >> 8));
		buf_append_u8(&message, (uint8_t)extensions->size);
		buf_append_bytes(&message, *extensions);
	}
	size = buf_size(&message);
	buf_append(&record, "\x16\3\1", 3);
	buf_append_u8(&record, (uint8_t)((size + 4) >> 8));
	buf_append_u8(&record, (uint8_t)(size + 4));
	buf_append(&record, "\1\0", 2);
	buf_append_u8(&record, (uint8_t)(size >> 8));
	buf_append_u8(&record, (uint8_t)size);
	buf_append_bytes(&record, buf_bytes(&message));
	buf_release(&message);
	return record;
}

static enum client_hello_result read_with(struct bytes extensions, struct client_hello *out)
{
	static struct buf record; /* what *out points into, until the next call */

	buf_release(&record);
	record = hello_with(extensions.data ? &extensions : NULL);
	assert_int_equal(sniff_first_bytes(buf_bytes(&record)), SNIFF_TLS);
	return client_hello_read(buf_bytes(&record), out);
}

#define NAME_EXTENSION                                                                             \
	"\0\0\0\x10\0\x0e\0\0\x0b"                                                                 \
	"example.org"
#define VERSIONS_EXTENSION "\0\x2b\0\5\4\3\4\3\3"

static void finds_what_decides(void **state)
{
	struct client_hello hello;

	assert_int_equal(
		read_with(BYTES_LITERAL("\0\x17\0\0" NAME_EXTENSION VERSIONS_EXTENSION), &hello),
		CLIENT_HELLO_READ);
	assert_true(bytes_equal_str(hello.server_name, "example.org"));
	assert_true(bytes_equal_str(hello.session_id, "sess"));
	assert_int_equal(hello.random.size, 32);
	assert_int_equal(hello.random.data[31], 31);
	assert_int_equal(hello.random.data - hello.record.data, CLIENT_HELLO_RANDOM_AT);
	assert_true(hello.offers_tls13);
}

static void name_and_extensions_may_be_missing(void **state)
{
	struct client_hello hello;

	assert_int_equal(read_with(bytes_of(NULL, 0), &hello), CLIENT_HELLO_READ);
	assert_null(hello.server_name.data);
	assert_false(hello.offers_tls13);
	assert_int_equal(read_with(BYTES_LITERAL(VERSIONS_EXTENSION), &hello), CLIENT_HELLO_READ);
	assert_null(hello.server_name.data);
}

static void what_is_badly_formed_is_left_alone(void **state)
{
	const struct bytes bad[] = {
		BYTES_LITERAL("\0\0\0\x11\0\x0e\0\0\x0b"
			      "example.org"), /* longer than all */
		BYTES_LITERAL("\0\0\0\x10\0\x0d\0\0\x0b"
			      "example.org"), /* list too short */
		BYTES_LITERAL("\0\0\0\x10\0\x0e\0\0\x0c"
			      "example.org"), /* name too long */
		BYTES_LITERAL("\0\0\0\x11\0\x0e\0\0\x0b"
			      "example.orgx"), /* a byte too many */
		BYTES_LITERAL("\0\0\0\x10\0\x0e\0\0\x0b"
			      "example\0org"),	     /* NUL in it */
		BYTES_LITERAL("\0\0\0\5\0\3\0\0\0"), /* empty name */
		BYTES_LITERAL("\0\x2b\0\4\4\3\4\3"), /* half a version */
		BYTES_LITERAL("\0\x2b\0"),	     /* half an extension */
	};
	struct client_hello hello;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(read_with(bad[i], &hello), CLIENT_HELLO_UNREAD);
}

static void parts_and_spread_messages(void **state)
{
	struct bytes extensions = BYTES_LITERAL(NAME_EXTENSION);
	struct buf record = hello_with(&extensions);
	struct client_hello hello;
	uint8_t *raw = buf_data(&record);

	for (size_t size = 0; size < buf_size(&record); size++)
		assert_int_equal(client_hello_read(bytes_of(raw, size), &hello), CLIENT_HELLO_MORE);
	raw[8]++; /* the message goes on in another record */
	assert_int_equal(client_hello_read(buf_bytes(&record), &hello), CLIENT_HELLO_UNREAD);
	raw[8]--;
	raw[5] = 2; /* not a ClientHello */
	assert_int_equal(client_hello_read(buf_bytes(&record), &hello), CLIENT_HELLO_UNREAD);
	raw[3] = 0x40, raw[4] = 1; /* longer than a record may be: no waiting */
	assert_int_equal(client_hello_read(bytes_of(raw, 5), &hello), CLIENT_HELLO_UNREAD);
	buf_release(&record);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_what_decides),
		cmocka_unit_test(name_and_extensions_may_be_missing),
		cmocka_unit_test(what_is_badly_formed_is_left_alone),
		cmocka_unit_test(parts_and_spread_messages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
