/* SPDX-License-Identifier: Apache-2.0 */
/* The server's small parts: buckets, connections of addresses, presence, settings. */
#include "../unit.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "net/address.h"
#include "server/buckets.h"
#include "server/geoip.h"
#include "server/presence.h"
#include "server/settings.h"

#define SECOND 1000000

static struct address address_of(const char *host)
{
	struct address address;

	assert_int_equal(address_parse(&address, host, 1, NULL), 0);
	return address;
}

/* ---- Token buckets ---- */

static uint64_t bucket_memory[4096];

static struct buckets buckets_of(double per_s)
{
	struct buckets buckets;

	buckets_init(&buckets, bucket_memory, sizeof(bucket_memory));
	for (int i = 0; i < BUCKET_KINDS; i++)
		buckets.per_s[i] = per_s;
	return buckets;
}

static struct buckets fresh_buckets(double per_s)
{
	memset(bucket_memory, 0, sizeof(bucket_memory));
	return buckets_of(per_s);
}

static int spendings(struct buckets *buckets, uint64_t owner, int64_t now_us)
{
	int n = 0;

	while (n < 10000 && buckets_take(buckets, BUCKET_ACCOUNT_CALLS, owner, 0.5, now_us) == 0)
		n++;
	return n;
}

static void an_owner_spends_what_it_has_and_earns_it_again(void **state)
{
	struct buckets buckets = fresh_buckets(2);

	assert_int_equal(spendings(&buckets, 1, SECOND), 2 * 2 * BUCKET_BURST_S);
	assert_int_equal(spendings(&buckets, 2, SECOND), 2 * 2 * BUCKET_BURST_S);
	assert_int_equal(spendings(&buckets, 1, 2 * SECOND), 4);
	/* Kinds are apart from each other. */
	assert_int_equal(buckets_take(&buckets, BUCKET_KEY_CALLS, 1, 5, 2 * SECOND), 0);
	/* Never more than the burst. */
	assert_int_equal(spendings(&buckets, 1, 9999L * SECOND), 2 * 2 * BUCKET_BURST_S);
	/* No bound. */
	buckets = fresh_buckets(0);
	assert_int_equal(spendings(&buckets, 1, SECOND), 10000);
}

/* Whatever the rate, the cost and what was spent before: what is refused succeeds after the time
 * that was told, and not a second before it. */
static void the_wait_is_right(void **state)
{
	static const double rates[] = {0.3, 1, 7, 200, 5000};
	static const double costs[] = {0.25, 1, 4, 1.7};

	for (size_t r = 0; r < ARRAY_LEN(rates); r++)
		for (size_t c = 0; c < ARRAY_LEN(costs); c++) {
			struct buckets buckets = fresh_buckets(rates[r]);
			int64_t now = 12345678901, wait_us;
			struct buckets copy;

			if (costs[c] > rates[r] * BUCKET_BURST_S)
				continue;
			while ((wait_us = buckets_take(
					&buckets, BUCKET_KEY_CALLS, 9, costs[c], now)) == 0)
				now += 10;
			copy = buckets;
			assert_int_equal(buckets_wait(&copy, BUCKET_KEY_CALLS, 9, costs[c],
						 now + wait_us + 8),
				0);
			assert_true(buckets_wait(&copy, BUCKET_KEY_CALLS, 9, costs[c],
					    now + wait_us - 1000) > 0);
		}
}

/* What a process wrote is what the next one finds. */
static void buckets_outlive_the_process(void **state)
{
	struct buckets buckets = fresh_buckets(2);

	assert_int_equal(spendings(&buckets, 77, SECOND), 40);
	buckets = buckets_of(2);
	assert_int_equal(spendings(&buckets, 77, SECOND), 0);
	assert_int_equal(spendings(&buckets, 77, 3 * SECOND), 8);
	/* A clock that begins anew locks nobody out for longer than a full bucket takes. */
	assert_true(buckets_wait(&buckets, BUCKET_ACCOUNT_CALLS, 77, 1, 1) <=
		    BUCKET_BURST_S * (int64_t)SECOND);
}

/* A refused call costs what was done for it, and never more than there is. */
static void draining_ends_at_the_bottom(void **state)
{
	struct buckets buckets = fresh_buckets(2);

	for (int i = 0; i < 100; i++)
		buckets_drain(&buckets, BUCKET_ACCOUNT_CALLS, 5, 3, SECOND);
	assert_int_equal(spendings(&buckets, 5, SECOND), 0);
	assert_int_equal(spendings(&buckets, 5, 2 * SECOND), 4);
}

/* More owners than words: who spends now is known, and nobody is refused for another. */
static void many_owners_share_little_memory(void **state)
{
	struct buckets buckets = fresh_buckets(2);
	int refused = 0;

	assert_int_equal(spendings(&buckets, 5, SECOND), 40);
	for (uint64_t owner = 1000; owner < 101000; owner++)
		refused += buckets_take(&buckets, BUCKET_ACCOUNT_CALLS, owner, 0.5, SECOND) != 0;
	assert_int_equal(refused, 0);
	assert_int_equal(spendings(&buckets, 5, SECOND), 0);
}

struct spender {
	struct buckets *buckets;
	pthread_t thread;
	int spent;
};

static void *spend_all(void *arg)
{
	struct spender *spender = arg;

	for (int i = 0; i < 20000; i++)
		spender->spent +=
			buckets_take(spender->buckets, BUCKET_ACCOUNT_CALLS, 3, 1, SECOND) == 0;
	return NULL;
}

static void threads_spend_the_same_bucket_once(void **state)
{
	struct buckets buckets = fresh_buckets(1000);
	struct spender spenders[4];
	int sum = 0;

	/* Its place is taken beforehand: two that are first at once may count apart. */
	assert_int_equal(buckets_take(&buckets, BUCKET_ACCOUNT_CALLS, 3, 1, SECOND), 0);
	for (size_t i = 0; i < ARRAY_LEN(spenders); i++) {
		spenders[i] = (struct spender){.buckets = &buckets};
		assert_int_equal(
			pthread_create(&spenders[i].thread, NULL, spend_all, &spenders[i]), 0);
	}
	for (size_t i = 0; i < ARRAY_LEN(spenders); i++) {
		pthread_join(spenders[i].thread, NULL);
		sum += spenders[i].spent;
	}
	assert_int_equal(sum, 1000 * BUCKET_BURST_S - 1);
}

/* ---- Connections of an address ---- */

static void a_subscriber_of_ipv6_is_one_address(void **state)
{
	struct address a = address_of("2001:db8:0:1::1"), b = address_of("2001:db8:0:1:ffff::9"),
		       c = address_of("2001:db8:0:2::1"), d = address_of("192.0.2.1"),
		       e = address_of("192.0.2.2");

	assert_true(address_id(&a) == address_id(&b));
	assert_true(address_id(&a) != address_id(&c));
	assert_true(address_id(&d) != address_id(&e));
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

static void presence_is_written_now_and_then(void **state)
{
	struct presence *presence = presence_new();
	struct presence_seen seen[4];

	presence_set(presence, 7, 1000);
	presence_set(presence, 8, 1000);
	presence_set(presence, 7, 1100);
	assert_int_equal(presence_take(presence, seen, 1), 1);
	assert_int_equal(seen[0].user, 7);
	assert_int_equal(seen[0].until_s, 1100);
	assert_int_equal(presence_take(presence, seen, 4), 1);
	assert_int_equal(seen[0].user, 8);
	presence_set(presence, 7, 1100 + PRESENCE_LAG_S - 1); /* still online: later */
	assert_int_equal(presence_take(presence, seen, 4), 0);
	presence_set(presence, 7, 1100 + PRESENCE_LAG_S);
	assert_int_equal(presence_take(presence, seen, 4), 1);
	presence_set(presence, 7, 1200); /* gone */
	assert_int_equal(presence_take(presence, seen, 4), 1);
	assert_int_equal(seen[0].until_s, 1200);
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

/* ---- Countries of addresses ---- */

static void a_file_that_knows_no_countries_is_refused(void **state)
{
	struct err err = {0};
	struct address address = address_of("127.0.0.2");
	char country[3] = "XX";

	assert_null(geoip_open("/proc/self/exe", &err));
	assert_non_null(strstr(err.text, "[web] geoip: /proc/self/exe: "));
	assert_null(geoip_open("/nonexistent.mmdb", &err));
	geoip_country(NULL, &address, country);
	assert_string_equal(country, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_owner_spends_what_it_has_and_earns_it_again),
		cmocka_unit_test(the_wait_is_right),
		cmocka_unit_test(buckets_outlive_the_process),
		cmocka_unit_test(draining_ends_at_the_bottom),
		cmocka_unit_test(many_owners_share_little_memory),
		cmocka_unit_test(threads_spend_the_same_bucket_once),
		cmocka_unit_test(a_subscriber_of_ipv6_is_one_address),
		cmocka_unit_test(presence_is_kept_and_withdrawn),
		cmocka_unit_test(presence_is_written_now_and_then),
		cmocka_unit_test(settings_are_read_over_the_defaults),
		cmocka_unit_test(codes_are_printed_on_loopback_alone),
		cmocka_unit_test(a_file_that_knows_no_countries_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
