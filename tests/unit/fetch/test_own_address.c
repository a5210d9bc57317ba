/* SPDX-License-Identifier: Apache-2.0 */
/* Which addresses lead back to the messenger. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <arpa/inet.h>
#include <cmocka.h>

#include "fetch/own_address.h"

static bool is_own(const char *own, const char *ip, uint16_t port)
{
	struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons(port)};
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons(port)};

	if (inet_pton(AF_INET, ip, &v4.sin_addr) == 1)
		return own_address_is(own, (struct sockaddr *)&v4, sizeof(v4));
	assert_int_equal(inet_pton(AF_INET6, ip, &v6.sin6_addr), 1);
	return own_address_is(own, (struct sockaddr *)&v6, sizeof(v6));
}

static void a_port_is_own_on_every_address_of_this_machine(void **state)
{
	(void)state;
	assert_true(is_own("8443", "127.0.0.1", 8443));
	assert_true(is_own("8443", "127.3.2.1", 8443));
	assert_true(is_own("8443", "0.0.0.0", 8443));
	assert_true(is_own("8443", "::1", 8443));
	assert_false(is_own("8443", "127.0.0.1", 443));
	assert_false(is_own("8443", "203.0.113.1", 8443));
	assert_false(is_own("8443", "2001:db8::1", 8443));
}

static void single_addresses(void **state)
{
	static const char own[] = "127.0.0.1:8443,203.0.113.1:443,[2001:db8::1]:443";

	(void)state;
	assert_true(is_own(own, "127.0.0.1", 8443));
	assert_true(is_own(own, "203.0.113.1", 443));
	assert_true(is_own(own, "2001:db8::1", 443));
	assert_false(is_own(own, "127.0.0.1", 443));
	assert_false(is_own(own, "203.0.113.1", 8443));
	assert_false(is_own(own, "203.0.113.11", 443));
	assert_false(is_own("", "127.0.0.1", 443));
	assert_false(is_own(NULL, "127.0.0.1", 443));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_port_is_own_on_every_address_of_this_machine),
		cmocka_unit_test(single_addresses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
