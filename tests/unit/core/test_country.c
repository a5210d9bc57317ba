/* SPDX-License-Identifier: Apache-2.0 */
/* core/accounts/country.h, core/accounts/phone.h: which country a number is of, and how numbers are
 * read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "core/accounts/country.h"
#include "core/accounts/phone.h"

static void numbers_are_of_the_longest_match(void **state)
{
	static const struct {
		const char *digits, *country;
	} rows[] = {
		{"6281234567890", "ID"},
		{"491701234567", "DE"},
		{"12025550100", "US"},
		{"14165550100", "CA"},
		{"12425550100", "BS"},
		{"18765550100", "JM"},
		{"18095550100", "DO"},
		{"79161234567", "RU"},
		{"77011234567", "KZ"},
		{"447911123456", "GB"},
		{"441534555555", "JE"},
		{"390669812345", "VA"},
		{"393331234567", "IT"},
		{"4779123456", "SJ"},
		{"4790123456", "NO"},
		{"262639123456", "YT"},
		{"262692123456", "RE"},
		{"59991234567", "CW"},
		{"5994161234", "BQ"},
		{"38344123456", "XK"},
		{"33600000041", "FR"},
		{"9990000000", ""},
		{"", ""},
		{"6", ""},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_string_equal(
			country_code_of_phone(bytes_from_str(rows[i].digits)), rows[i].country);
}

static void the_table_is_sound(void **state)
{
	size_t count;
	const struct country *table = country_table(&count);

	assert_true(count > 200);
	for (size_t i = 0; i < count; i++) {
		assert_int_equal(strlen(table[i].iso2), 2);
		assert_in_range(strlen(table[i].calling_code), 1, 3);
		assert_int_equal(
			strspn(table[i].calling_code, "0123456789"), strlen(table[i].calling_code));
		if (table[i].prefixes)
			assert_int_equal(strspn(table[i].prefixes, "0123456789 "),
				strlen(table[i].prefixes));
		for (size_t other = 0; other < i; other++) {
			assert_string_not_equal(table[i].iso2, table[other].iso2);
			/* One country at most takes all numbers of a shared code. */
			if (strcmp(table[i].calling_code, table[other].calling_code) == 0)
				assert_true(table[i].prefixes || table[other].prefixes);
		}
	}
}

static void numbers_are_read_as_people_write_them(void **state)
{
	static const struct {
		const char *written, *digits;
	} rows[] = {
		{"+62 812-3456-7890", "6281234567890"},
		{"62 (812) 3456.7890", "6281234567890"},
		{"1234567", "1234567"},
		{"123456789012345", "123456789012345"},
		{"123456", NULL},
		{"1234567890123456", NULL},
		{"012345678", NULL},
		{"12345x78", NULL},
		{"1+2345678", NULL},
		{"", NULL},
	};
	struct arena arena;
	struct bytes digits;

	arena_init(&arena);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int result = phone_normalise(&arena, bytes_from_str(rows[i].written), &digits);

		assert_int_equal(result, rows[i].digits ? 0 : -1);
		assert_true(bytes_equal_str(digits, rows[i].digits));
	}
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_of_the_longest_match),
		cmocka_unit_test(the_table_is_sound),
		cmocka_unit_test(numbers_are_read_as_people_write_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
