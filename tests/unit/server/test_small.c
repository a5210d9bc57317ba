/* SPDX-License-Identifier: Apache-2.0 */
/* The server's small parts: budgets of addresses, presence, settings. */
#include "../unit.h"

#include <stdlib.h>
#include <unistd.h>

#include "server/budget.h"
#include "server/presence.h"
#include "server/settings.h"

#define SECOND 1000000

static struct address address_of(const char *host)
{
	struct address address;

	assert_int_equal(address_parse(&address, host, 1, NULL), 0);
	return address;
}

static int spendings(struct budget *budget, const char *host, int64_t now_us)
{
	struct address address = address_of(host);
	int n = 0;

	while (n < 1000 && budget_spend(budget, &address, BUDGET_HANDSHAKES, 0.5, now_us))
		n++;
	return n;
}

static void an_address_spends_what_it_has_and_earns_it_again(void **state)
{
	struct budget budget;

	budget_init(&budget, 2, 0, 0);
	assert_int_equal(spendings(&budget, "192.0.2.1", SECOND), 2 * 2 * BUDGET_BURST_S);
	assert_int_equal(spendings(&budget, "192.0.2.2", SECOND), 2 * 2 * BUDGET_BURST_S);
	assert_int_equal(spendings(&budget, "192.0.2.1", 2 * SECOND), 4);
	/* Never more than the burst. */
	assert_int_equal(spendings(&budget, "192.0.2.1", 9999L * SECOND), 2 * 2 * BUDGET_BURST_S);
	budget_release(&budget);
}

static void a_subscriber_of_ipv6_has_one_budget(void **state)
{
	struct budget budget;

	budget_init(&budget, 2, 0, 0);
	assert_true(spendings(&budget, "2001:db8:0:1::1", SECOND) > 0);
	assert_int_equal(spendings(&budget, "2001:db8:0:1:ffff::9", SECOND), 0);
	assert_true(spendings(&budget, "2001:db8:0:2::1", SECOND) > 0);
	budget_release(&budget);
}

static void this_machine_and_a_rate_of_0_are_not_bound(void **state)
{
	struct budget budget;

	budget_init(&budget, 2, 0, 1);
	assert_int_equal(spendings(&budget, "127.0.0.1", SECOND), 1000);
	assert_int_equal(spendings(&budget, "::1", SECOND), 1000);
	budget_release(&budget);
	budget_init(&budget, 0, 0, 0);
	assert_int_equal(spendings(&budget, "192.0.2.1", SECOND), 1000);
	budget_release(&budget);
}

static void connections_of_an_address_are_counted(void **state)
{
	struct address a = address_of("192.0.2.1"), b = address_of("192.0.2.2");
	struct budget budget;

	budget_init(&budget, 0, 0, 2);
	assert_true(budget_conn_opened(&budget, &a, false));
	assert_true(budget_conn_opened(&budget, &a, false));
	assert_false(budget_conn_opened(&budget, &a, false));
	assert_true(budget_conn_opened(&budget, &b, false));
	assert_true(budget_conn_opened(&budget, &a, true)); /* came from another thread */
	budget_conn_closed(&budget, &a);
	assert_false(budget_conn_opened(&budget, &a, false));
	budget_conn_closed(&budget, &a);
	assert_true(budget_conn_opened(&budget, &a, false));
	budget_release(&budget);
}

/* What is remembered is bounded, and who has connections is not forgotten. */
static void addresses_are_bounded(void **state)
{
	struct address first = address_of("192.0.2.1"), other = {.ip = {0x20, 1}};
	struct budget budget;

	budget_init(&budget, 2, 0, 1);
	assert_true(budget_conn_opened(&budget, &first, false));
	for (uint32_t i = 0; i < BUDGET_ADDRESSES_MAX + 1000; i++) {
		store_u32le(other.ip + 4, i);
		assert_true(budget_spend(&budget, &other, BUDGET_HANDSHAKES, 1, SECOND));
	}
	assert_int_equal(budget.by_address.size, BUDGET_ADDRESSES_MAX);
	assert_false(budget_conn_opened(&budget, &first, false));
	budget_release(&budget);
}

static void presence_is_kept_and_withdrawn(void **state)
{
	struct presence *presence = presence_new();

	assert_int_equal(presence_get(presence, 7), 0);
	presence_set(presence, 7, 1234567890123);
	presence_set(presence, 8, 5);
	assert_int_equal(presence_get(presence, 7), 1234567890123);
	presence_set(presence, 7, 0);
	assert_int_equal(presence_get(presence, 7), 0);
	assert_int_equal(presence_get(presence, 8), 5);
	presence_free(presence);
}

static void settings_are_read_over_the_defaults(void **state)
{
	char path[] = "/tmp/lontar-ini-XXXXXX";
	static const char text[] = "[server]\nport = 1234\n";
	struct settings settings;
	struct err err = {0};
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, sizeof(text) - 1), sizeof(text) - 1);
	close(fd);
	assert_int_equal(settings_load(path, &settings, &err), 0);
	assert_int_equal(settings.port, 1234);
	assert_int_equal(settings.desk_port, 8444);
	assert_true(settings.handshakes_per_s > 0);
	unlink(path);
	assert_int_equal(settings_load(path, &settings, &err), -1);
}

/* Codes on standard output are for a machine that only its own user reaches. */
static void codes_are_printed_on_loopback_alone(void **state)
{
	static const struct {
		const char *codes, *listen;
		bool console;
	} cases[] = {
		{"auto", "loopback", true},
		{"auto", "127.0.0.1", true},
		{"auto", "::1", true},
		{"auto", "0.0.0.0", false},
		{"auto", "", false},
		{"auto", "192.0.2.1", false},
		{"console", "0.0.0.0", true},
		{"sessions", "127.0.0.1", false},
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct settings settings = {0};

		snprintf(settings.codes, sizeof(settings.codes), "%s", cases[i].codes);
		snprintf(settings.listen, sizeof(settings.listen), "%s", cases[i].listen);
		assert_int_equal(settings_codes_to_console(&settings), cases[i].console);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_address_spends_what_it_has_and_earns_it_again),
		cmocka_unit_test(a_subscriber_of_ipv6_has_one_budget),
		cmocka_unit_test(this_machine_and_a_rate_of_0_are_not_bound),
		cmocka_unit_test(connections_of_an_address_are_counted),
		cmocka_unit_test(addresses_are_bounded),
		cmocka_unit_test(presence_is_kept_and_withdrawn),
		cmocka_unit_test(settings_are_read_over_the_defaults),
		cmocka_unit_test(codes_are_printed_on_loopback_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
