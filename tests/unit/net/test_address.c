/* SPDX-License-Identifier: Apache-2.0 */
/* Addresses and the sniffing of first bytes. */
#include "cmocka_env.h"

#include "net/address.h"
#include "net/sniff.h"

static void address_texts(void **state)
{
	static const struct {
		const char *host, *text;
		bool ipv4, loopback;
	} rows[] = {
		{"127.0.0.1", "127.0.0.1:80", true, true},
		{"10.1.2.3", "10.1.2.3:80", true, false},
		{"::1", "[::1]:80", false, true},
		{"2001:db8::5", "[2001:db8::5]:80", false, false},
		{"::ffff:127.9.9.9", "127.9.9.9:80", true, true},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct address address, back;
		struct sockaddr_storage sockaddr;
		char text[ADDRESS_TEXT_MAX];
		assert_int_equal(address_parse(&address, rows[i].host, 80, NULL), 0);
		address_format(&address, text);
		assert_string_equal(text, rows[i].text);
		assert_int_equal(address_is_ipv4(&address), rows[i].ipv4);
		assert_int_equal(address_is_loopback(&address), rows[i].loopback);
		assert_true(address_to_sockaddr(&address, &sockaddr) > 0);
		assert_true(address_from_sockaddr(&back, (struct sockaddr *)&sockaddr));
		assert_memory_equal(back.ip, address.ip, 16);
		assert_int_equal(back.port, 80);
	}
}

static void names_are_not_addresses(void **state)
{
	static const char *const hosts[] = {"", "localhost", "1.2.3", "1.2.3.4.5", "[::1]", "::g"};
	struct address address;

	for (size_t i = 0; i < ARRAY_LEN(hosts); i++) {
		struct err err = {0};
		assert_int_equal(address_parse(&address, hosts[i], 80, &err), -1);
		assert_true(strlen(err.text) > 0);
	}
}

static const struct {
	const char *bytes;
	size_t size;
	enum sniff kind;
} firsts[] = {
#define FIRST(text, kind) {text, sizeof(text) - 1, kind}
	FIRST("GET / HTTP/1.1", SNIFF_HTTP),
	FIRST("POST /x", SNIFF_HTTP),
	FIRST("HEAD /x", SNIFF_HTTP),
	FIRST("OPTIONS", SNIFF_HTTP),
	FIRST("PUT /x", SNIFF_HTTP),
	FIRST("DELETE ", SNIFF_HTTP),
	FIRST("GETx", SNIFF_OTHER),
	FIRST("get ", SNIFF_OTHER),
	FIRST("\x16\x03\x01\x02\x00\x01\x00\x01", SNIFF_TLS),
	FIRST("\x16\x03\x03\x00\x80\x01\x00\x00", SNIFF_TLS),
	FIRST("\x16\x03\x01\x02\x00\x02\x00\x01", SNIFF_OTHER), /* no ClientHello */
	FIRST("\x16\x03\x07\x02\x00\x01", SNIFF_OTHER),
	FIRST("\x16\x03\x01\xff\x00\x01", SNIFF_OTHER), /* longer than a record can be */
	FIRST("\x16\x04\x01\x02", SNIFF_OTHER),
	FIRST("\xef", SNIFF_OTHER),
	FIRST("\xee\xee\xee\xee", SNIFF_OTHER),
	FIRST("\xdd\xdd\xdd\xdd", SNIFF_OTHER),
	FIRST("\x28\x00\x00\x00\x00\x00\x00\x00", SNIFF_OTHER),
};

/* Whatever a prefix says must never be taken back: it is MORE or the final answer. */
static void sniffing_of_every_prefix(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(firsts); i++) {
		bool told = false;
		for (size_t n = 0; n <= firsts[i].size; n++) {
			enum sniff kind = sniff_first_bytes(bytes_of(firsts[i].bytes, n));
			if (kind == SNIFF_MORE)
				assert_false(told);
			else
				assert_int_equal(kind, firsts[i].kind);
			told |= kind != SNIFF_MORE;
			assert_true(told || n < 6);
		}
		assert_true(told);
	}
}

static bool in_ranges(const char *ranges, const char *host)
{
	struct address_ranges parsed;
	struct address address;
	struct err err;

	if (address_ranges_parse(&parsed, ranges, &err) < 0)
		fail_msg("%s", err.text);
	assert_int_equal(address_parse(&address, host, 1, &err), 0);
	return address_in_ranges(&address, &parsed);
}

static void ranges(void **state)
{
	static const char *const bad[] = {"10.0.0.0/33", "10.0.0.1/8", "10.0.0.0/", "10.0.0.0/+8",
		"::/129", "x", "10.0.0.0/8,example.org", "10.0.0.0/8 /8"};
	struct address_ranges parsed;

	assert_true(in_ranges("127.0.0.1, 10.0.0.0/8", "10.255.0.1"));
	assert_true(in_ranges("127.0.0.1, 10.0.0.0/8", "127.0.0.1"));
	assert_false(in_ranges("127.0.0.1, 10.0.0.0/8", "127.0.0.2"));
	assert_false(in_ranges("10.0.0.0/9", "10.128.0.1"));
	assert_true(in_ranges("0.0.0.0/0", "203.0.113.9"));
	assert_false(in_ranges("0.0.0.0/0", "2001:db8::1"));
	assert_true(in_ranges("2001:db8::/33", "2001:db8:7fff::1"));
	assert_false(in_ranges("2001:db8::/33", "2001:db8:8000::1"));
	assert_false(in_ranges("", "127.0.0.1"));
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_int_equal(address_ranges_parse(&parsed, bad[i], NULL), -1);
	assert_int_equal(address_ranges_parse(&parsed,
				 "1.1.1.1 1.1.1.1 1.1.1.1 1.1.1.1 1.1.1.1 1.1.1.1 1.1.1.1 1.1.1.1 "
				 "1.1.1.1 1.1.1.1 1.1.1.1 1.1.1.1 1.1.1.1 1.1.1.1 1.1.1.1 1.1.1.1 "
				 "1.1.1.1",
				 NULL),
		-1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(address_texts),
		cmocka_unit_test(names_are_not_addresses),
		cmocka_unit_test(ranges),
		cmocka_unit_test(sniffing_of_every_prefix),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
