/* SPDX-License-Identifier: Apache-2.0 */
/* Weekly hours in an offset's time, language tags and regions, as operators type them. */
#include "../unit.h"

#include "desk/people/shifts.h"

#define MONDAY 1767571200 /* 2026-01-05T00:00:00Z */
#define HOUR 3600
#define DAY 86400

static void on_duty(void **state)
{
	static const struct {
		const char *shifts;
		int64_t since_monday;
		bool duty;
	} cells[] = {
		{"", 0, true},
		{"mon 08:00-16:00", 8 * HOUR - 1, false},
		{"mon 08:00-16:00", 8 * HOUR, true},
		{"mon 08:00-16:00", 16 * HOUR - 1, true},
		{"mon 08:00-16:00", 16 * HOUR, false},
		{"mon 08:00-16:00 +07:00", HOUR, true},
		{"mon 08:00-16:00 +07:00", 9 * HOUR, false},
		{"mon 00:00-01:00 +07:00", 6 * DAY + 17 * HOUR, true}, /* still Sunday in UTC */
		{"sun 23:00-24:00 -03:30", 2 * HOUR + 1800, true},
		{"mon-fri 08:00-16:00", 4 * DAY + 9 * HOUR, true},
		{"mon-fri 08:00-16:00", 5 * DAY + 9 * HOUR, false},
		{"fri-mon 08:00-16:00", 6 * DAY + 9 * HOUR, true}, /* around the week */
		{"fri-mon 08:00-16:00", DAY + 9 * HOUR, false},
		{"sun 22:00-06:00", 5 * HOUR, true}, /* into the next day */
		{"sun 22:00-06:00", 6 * HOUR, false},
		{"tue 01:00-02:00; wed 01:00-02:00", 2 * DAY + HOUR, true},
	};

	for (size_t i = 0; i < ARRAY_LEN(cells); i++) {
		struct bytes text = bytes_from_str(cells[i].shifts);

		assert_true(shifts_are_right(text));
		assert_int_equal(
			shifts_on_duty(text, MONDAY + cells[i].since_monday), cells[i].duty);
		assert_int_equal(shifts_on_duty(text, MONDAY + cells[i].since_monday - 700 * DAY),
			cells[i].duty);
	}
}

static void wrong_shifts(void **state)
{
	static const char *const wrong[] = {"mon", "mon ", "mon 8:00-16:00", "mon 08:00",
		"Mon 08:00-16:00", "mon 08:00-25:00", "mon 24:00-08:00", "mon 08:60-16:00",
		"mon 08:00-08:00", "mon 08:00-16:00 07:00", "mon 08:00-16:00 +15:00",
		"mon 08:00-16:00 x", "mon-xyz 08:00-16:00", "mon-08:00-16:00", ";",
		"mon 08:00-16:00;;"};
	char long_one[SHIFTS_TEXT_MAX + 2];

	for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
		assert_false(shifts_are_right(bytes_from_str(wrong[i])));
	memset(long_one, ' ', sizeof(long_one));
	assert_false(shifts_are_right(bytes_of(long_one, sizeof(long_one))));
}

static void languages(void **state)
{
	static const char *const right[] = {
		"", "id", "id,en", "en-GB", "zh-Hant-TW", "sl-rozaj", "id,zh-Hant-TW"};
	static const char *const wrong[] = {"e", "1d", "id,", ",id", "id,,en", "en_GB", "en-",
		"-en", "en--GB", "i d", "abcdefghi", "en-abcdefghi"};

	for (size_t i = 0; i < ARRAY_LEN(right); i++)
		assert_true(langs_are_right(bytes_from_str(right[i])));
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
		assert_false(langs_are_right(bytes_from_str(wrong[i])));
}

static void regions(void **state)
{
	static const char *const right[] = {"", "ID", "ID,MY", "ID-JK", "GB-ENG", "ID-JK,DE-2"};
	static const char *const wrong[] = {
		"I", "XX", "id ", "ID-", "ID-ABCD", "IDJK", "ID-J ", "ID,"};

	for (size_t i = 0; i < ARRAY_LEN(right); i++)
		assert_true(regions_are_right(bytes_from_str(right[i])));
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
		assert_false(regions_are_right(bytes_from_str(wrong[i])));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(on_duty),
		cmocka_unit_test(wrong_shifts),
		cmocka_unit_test(languages),
		cmocka_unit_test(regions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
