/* SPDX-License-Identifier: Apache-2.0 */
/* Addresses of every special kind, their neighbours just outside, and what each policy allows. */
#include "../unit.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/un.h>

#include "fetch/policy.h"

static enum address_class classify(const char *text)
{
	struct sockaddr_in v4 = {.sin_family = AF_INET};
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};

	if (inet_pton(AF_INET, text, &v4.sin_addr) == 1)
		return address_classify((struct sockaddr *)&v4, sizeof(v4));
	assert_int_equal(inet_pton(AF_INET6, text, &v6.sin6_addr), 1);
	return address_classify((struct sockaddr *)&v6, sizeof(v6));
}

static const struct {
	const char *text;
	enum address_class class;
} rows[] = {
	{"8.8.8.8", ADDRESS_PUBLIC},
	{"1.0.0.0", ADDRESS_PUBLIC},
	{"0.0.0.0", ADDRESS_RESERVED},
	{"0.255.255.255", ADDRESS_RESERVED},
	{"9.255.255.255", ADDRESS_PUBLIC},
	{"10.0.0.0", ADDRESS_PRIVATE},
	{"10.255.255.255", ADDRESS_PRIVATE},
	{"11.0.0.0", ADDRESS_PUBLIC},
	{"100.63.255.255", ADDRESS_PUBLIC},
	{"100.64.0.0", ADDRESS_RESERVED},
	{"100.100.100.200", ADDRESS_RESERVED},
	{"100.127.255.255", ADDRESS_RESERVED},
	{"100.128.0.0", ADDRESS_PUBLIC},
	{"126.255.255.255", ADDRESS_PUBLIC},
	{"127.0.0.1", ADDRESS_LOOPBACK},
	{"127.255.255.255", ADDRESS_LOOPBACK},
	{"128.0.0.0", ADDRESS_PUBLIC},
	{"168.63.129.16", ADDRESS_RESERVED},
	{"168.63.129.15", ADDRESS_PUBLIC},
	{"168.63.129.17", ADDRESS_PUBLIC},
	{"169.253.255.255", ADDRESS_PUBLIC},
	{"169.254.169.254", ADDRESS_RESERVED},
	{"169.255.0.0", ADDRESS_PUBLIC},
	{"172.15.255.255", ADDRESS_PUBLIC},
	{"172.16.0.0", ADDRESS_PRIVATE},
	{"172.31.255.255", ADDRESS_PRIVATE},
	{"172.32.0.0", ADDRESS_PUBLIC},
	{"192.0.0.192", ADDRESS_RESERVED},
	{"192.0.1.0", ADDRESS_PUBLIC},
	{"192.0.2.1", ADDRESS_RESERVED},
	{"192.88.99.1", ADDRESS_RESERVED},
	{"192.167.255.255", ADDRESS_PUBLIC},
	{"192.168.0.0", ADDRESS_PRIVATE},
	{"192.169.0.0", ADDRESS_PUBLIC},
	{"198.17.255.255", ADDRESS_PUBLIC},
	{"198.18.0.0", ADDRESS_RESERVED},
	{"198.19.255.255", ADDRESS_RESERVED},
	{"198.20.0.0", ADDRESS_PUBLIC},
	{"198.51.100.7", ADDRESS_RESERVED},
	{"203.0.113.7", ADDRESS_RESERVED},
	{"223.255.255.255", ADDRESS_PUBLIC},
	{"224.0.0.1", ADDRESS_RESERVED},
	{"240.0.0.1", ADDRESS_RESERVED},
	{"255.255.255.255", ADDRESS_RESERVED},
	{"2606:4700::1111", ADDRESS_PUBLIC},
	{"::", ADDRESS_RESERVED},
	{"::1", ADDRESS_LOOPBACK},
	{"::2", ADDRESS_RESERVED},
	{"::ffff:127.0.0.1", ADDRESS_RESERVED},
	{"::ffff:8.8.8.8", ADDRESS_RESERVED},
	{"::ffff:0:8.8.8.8", ADDRESS_RESERVED},
	{"::127.0.0.1", ADDRESS_RESERVED},
	{"64:ff9b::8.8.8.8", ADDRESS_PUBLIC},
	{"64:ff9b::127.0.0.1", ADDRESS_RESERVED},
	{"64:ff9b::10.0.0.1", ADDRESS_RESERVED},
	{"64:ff9b::169.254.169.254", ADDRESS_RESERVED},
	{"64:ff9b:1::8.8.8.8", ADDRESS_RESERVED},
	{"100::1", ADDRESS_RESERVED},
	{"2001::1", ADDRESS_RESERVED},
	{"2001:1ff:ffff::1", ADDRESS_RESERVED},
	{"2001:200::1", ADDRESS_PUBLIC},
	{"2001:db8::1", ADDRESS_RESERVED},
	{"2002:7f00:1::1", ADDRESS_RESERVED},
	{"2003::1", ADDRESS_PUBLIC},
	{"3fff::1", ADDRESS_RESERVED},
	{"3fff:1000::1", ADDRESS_PUBLIC},
	{"4000::1", ADDRESS_RESERVED},
	{"5f00::1", ADDRESS_RESERVED},
	{"fc00::1", ADDRESS_PRIVATE},
	{"fd00:ec2::254", ADDRESS_RESERVED},
	{"fd00:ec3::1", ADDRESS_PRIVATE},
	{"fe80::1", ADDRESS_RESERVED},
	{"fec0::1", ADDRESS_RESERVED},
	{"ff02::1", ADDRESS_RESERVED},
};

static void classes(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (classify(rows[i].text) != rows[i].class)
			fail_msg("%s is of class %d", rows[i].text, (int)classify(rows[i].text));
	}
}

static void what_is_no_address_is_reserved(void **state)
{
	struct sockaddr_un local = {.sun_family = AF_UNIX};
	struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(0x08080808)};

	assert_int_equal(
		address_classify((struct sockaddr *)&local, sizeof(local)), ADDRESS_RESERVED);
	assert_int_equal(
		address_classify((struct sockaddr *)&v4, sizeof(v4) - 1), ADDRESS_RESERVED);
}

static void policies(void **state)
{
	static const struct fetch_policy none = {0};
	static const struct fetch_policy all = {
		.loopback = true, .private_networks = true, .any_port = true};
	static const struct fetch_policy loopback = {.loopback = true};

	assert_true(policy_allows(&none, ADDRESS_PUBLIC, true));
	assert_false(policy_allows(&none, ADDRESS_LOOPBACK, true));
	assert_false(policy_allows(&none, ADDRESS_PRIVATE, true));
	assert_true(policy_allows(&loopback, ADDRESS_LOOPBACK, true));
	assert_false(policy_allows(&loopback, ADDRESS_PRIVATE, true));
	assert_true(policy_allows(&all, ADDRESS_PRIVATE, true));
	assert_false(policy_allows(&all, ADDRESS_RESERVED, true));
	/* Sent there by a server outside. */
	assert_false(policy_allows(&all, ADDRESS_LOOPBACK, false));
	assert_false(policy_allows(&all, ADDRESS_PRIVATE, false));
	assert_true(policy_allows(&all, ADDRESS_PUBLIC, false));
}

static void ports(void **state)
{
	static const struct fetch_policy none = {0}, any = {.any_port = true};
	int allowed = 0;

	for (unsigned port = 0; port <= 65535; port++)
		allowed += policy_allows_port(&none, (uint16_t)port);
	assert_int_equal(allowed, 4);
	assert_true(policy_allows_port(&none, 443));
	assert_true(policy_allows_port(&any, 6379));
	assert_false(policy_allows_port(&any, 0));
	for (unsigned port = allowed = 0; port <= 65535; port++)
		allowed += policy_allows_mail_port(&none, (uint16_t)port);
	assert_int_equal(allowed, 5);
	assert_true(policy_allows_mail_port(&none, 587) && policy_allows_mail_port(&none, 993));
	assert_true(policy_allows_mail_port(&any, 10993) && !policy_allows_mail_port(&any, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(classes),
		cmocka_unit_test(what_is_no_address_is_reserved),
		cmocka_unit_test(policies),
		cmocka_unit_test(ports),
	};

	return cmocka_run_group_tests_name("fetch/address", tests, NULL, NULL);
}
