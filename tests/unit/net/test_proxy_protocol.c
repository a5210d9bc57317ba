/* SPDX-License-Identifier: Apache-2.0 */
/* PROXY headers of both versions: what is read, what is refused, what waits for more. */
#include "cmocka_env.h"

#include "net/proxy_protocol.h"

#define SIGNATURE "\r\n\r\n\0\r\nQUIT\n"
#define TCP4_ADDRESSES "\xc0\0\2\7\xc0\0\2\1\xc7\x38\1\xbb"

static void assert_source(struct bytes in, const char *want)
{
	struct proxy_header header;
	char text[ADDRESS_TEXT_MAX];

	assert_int_equal(proxy_header_read(in, &header), PROXY_READ);
	assert_true(header.has_source);
	address_format(&header.source, text);
	assert_string_equal(text, want);
}

static void assert_no_source(struct bytes in)
{
	struct proxy_header header;

	assert_int_equal(proxy_header_read(in, &header), PROXY_READ);
	assert_false(header.has_source);
	assert_int_equal(header.size, in.size);
}

static void assert_bad(struct bytes in)
{
	struct proxy_header header;

	assert_int_equal(proxy_header_read(in, &header), PROXY_BAD);
}

static void v1_says_the_source(void **state)
{
	struct proxy_header header;
	struct bytes in = BYTES_LITERAL("PROXY TCP4 192.0.2.7 192.0.2.1 51000 443\r\nrest");

	assert_source(in, "192.0.2.7:51000");
	assert_int_equal(proxy_header_read(in, &header), PROXY_READ);
	assert_int_equal(header.size, in.size - 4);
	assert_source(
		BYTES_LITERAL("PROXY TCP6 2001:db8::7 2001:db8::1 1 65535\r\n"), "[2001:db8::7]:1");
	assert_no_source(BYTES_LITERAL("PROXY UNKNOWN\r\n"));
	assert_no_source(BYTES_LITERAL("PROXY UNKNOWN ffff:f...f:ffff x 1 2 3 4 5\r\n"));
}

static void v1_refuses_what_two_readers_could_take_in_two_ways(void **state)
{
	static const char *const lines[] = {
		"PROXY TCP4 192.0.2.7 192.0.2.1 51000 443\n",
		"PROXY TCP4  192.0.2.7 192.0.2.1 51000 443\r\n",
		"PROXY TCP4 192.0.2.7 192.0.2.1 051000 443\r\n",
		"PROXY TCP4 192.0.2.7 192.0.2.1 +5100 443\r\n",
		"PROXY TCP4 192.0.2.7 192.0.2.1 65536 443\r\n",
		"PROXY TCP4 192.0.2.7 192.0.2.1 51000\r\n",
		"PROXY TCP4 192.0.2.7 192.0.2.1 51000 443 \r\n",
		"PROXY TCP4 192.0.2.7 192.0.2.1 51000 443 x\r\n",
		"PROXY TCP4 2001:db8::7 2001:db8::1 51000 443\r\n",
		"PROXY TCP6 192.0.2.7 192.0.2.1 51000 443\r\n",
		"PROXY UDP4 192.0.2.7 192.0.2.1 51000 443\r\n",
		"PROXY TCP4 example.org 192.0.2.1 51000 443\r\n",
		"PROXY UNKNOWNX\r\n",
		"PROXY \r\n",
		"proxy TCP4 192.0.2.7 192.0.2.1 51000 443\r\n",
		"GET / HTTP/1.1\r\n",
	};
	char endless[200];

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		assert_bad(bytes_from_str(lines[i]));
	assert_bad(BYTES_LITERAL("PROXY TCP4 192.0.2.7\0 192.0.2.1 51000 443\r\n"));
	memset(endless, 'x', sizeof(endless));
	memcpy(endless, "PROXY UNKNOWN ", 14);
	assert_bad(bytes_of(endless, 107));
}

static void v2_says_the_source(void **state)
{
	assert_source(BYTES_LITERAL(SIGNATURE "\x21\x11\0\x0c" TCP4_ADDRESSES), "192.0.2.7:51000");
	assert_source(BYTES_LITERAL(SIGNATURE "\x21\x21\0\x24"
					      "\x20\1\xd\xb8\0\0\0\0\0\0\0\0\0\0\0\7"
					      "\x20\1\xd\xb8\0\0\0\0\0\0\0\0\0\0\0\1"
					      "\xc7\x38\1\xbb"),
		"[2001:db8::7]:51000");
	/* Others' extras are skipped. */
	assert_source(BYTES_LITERAL(SIGNATURE "\x21\x11\0\x11" TCP4_ADDRESSES "\xea\0\2xy"),
		"192.0.2.7:51000");
}

static void v2_without_source(void **state)
{
	assert_no_source(BYTES_LITERAL(SIGNATURE "\x20\0\0\0"));
	assert_no_source(BYTES_LITERAL(SIGNATURE "\x20\x11\0\3any")); /* LOCAL: all ignored */
	assert_no_source(BYTES_LITERAL(SIGNATURE "\x21\0\0\3any"));   /* AF_UNSPEC */
}

static void v2_refuses(void **state)
{
	assert_bad(BYTES_LITERAL(SIGNATURE "\x11\x11\0\x0c" TCP4_ADDRESSES)); /* version 1 */
	assert_bad(BYTES_LITERAL(SIGNATURE "\x22\x11\0\x0c" TCP4_ADDRESSES)); /* command */
	assert_bad(BYTES_LITERAL(SIGNATURE "\x21\x12\0\x0c" TCP4_ADDRESSES)); /* datagrams */
	assert_bad(BYTES_LITERAL(SIGNATURE "\x21\x11\0\x0b" TCP4_ADDRESSES)); /* too short */
	assert_bad(BYTES_LITERAL(SIGNATURE "\x21\x11\0\x0e" TCP4_ADDRESSES "\xea\0"));
	assert_bad(BYTES_LITERAL(SIGNATURE "\x21\x11\0\x0f" TCP4_ADDRESSES "\xea\0\1"));
	assert_bad(BYTES_LITERAL(SIGNATURE "\x21\x11\xff\xff" TCP4_ADDRESSES));
}

/* The sum was made by another implementation. */
static void v2_checksum(void **state)
{
	uint8_t header[] =
		SIGNATURE "\x21\x11\0\x1d" TCP4_ADDRESSES "\2\0\7example\3\0\4\xcd\x28\x6e\x4f";
	struct bytes in = bytes_of(header, sizeof(header) - 1);

	assert_source(in, "192.0.2.7:51000");
	for (size_t i = 16; i < in.size; i++) {
		struct proxy_header out;

		header[i] ^= 4;
		/* A flip that hides the sum's own type leaves nothing to check. */
		if (i != 38)
			assert_int_not_equal(proxy_header_read(in, &out), PROXY_READ);
		header[i] ^= 4;
	}
	assert_source(in, "192.0.2.7:51000");
}

static void every_part_of_a_header_asks_for_more(void **state)
{
	const struct bytes whole[] = {
		BYTES_LITERAL("PROXY TCP4 192.0.2.7 192.0.2.1 51000 443\r\n"),
		BYTES_LITERAL(SIGNATURE "\x21\x11\0\x0c" TCP4_ADDRESSES),
	};
	struct proxy_header header;

	for (size_t i = 0; i < 2; i++) {
		for (size_t size = 0; size < whole[i].size; size++)
			assert_int_equal(proxy_header_read(bytes_of(whole[i].data, size), &header),
				PROXY_MORE);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(v1_says_the_source),
		cmocka_unit_test(v1_refuses_what_two_readers_could_take_in_two_ways),
		cmocka_unit_test(v2_says_the_source),
		cmocka_unit_test(v2_without_source),
		cmocka_unit_test(v2_refuses),
		cmocka_unit_test(v2_checksum),
		cmocka_unit_test(every_part_of_a_header_asks_for_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
