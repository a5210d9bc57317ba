/* SPDX-License-Identifier: Apache-2.0 */
/* A log line is one line of JSON whatever is in it. */
#include "../unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"

static char captured[16384];

/* Standard error goes to a pipe until the call returns; what it got is in captured. */
#define CAPTURE(statement)                                                                         \
	do {                                                                                       \
		int ends_[2], saved_ = dup(STDERR_FILENO);                                         \
		ssize_t got_;                                                                      \
		assert_int_equal(pipe2(ends_, O_NONBLOCK), 0);                                     \
		dup2(ends_[1], STDERR_FILENO);                                                     \
		statement;                                                                         \
		dup2(saved_, STDERR_FILENO);                                                       \
		got_ = read(ends_[0], captured, sizeof(captured) - 1);                             \
		captured[got_ > 0 ? got_ : 0] = '\0';                                              \
		close(ends_[0]);                                                                   \
		close(ends_[1]);                                                                   \
		close(saved_);                                                                     \
	} while (0)

static void test_line_has_its_form(void **state)
{
	int year;

	CAPTURE(log_info("conn_open", "account %d", 7));
	assert_int_equal(sscanf(captured, "{\"t\":\"%4d-", &year), 1);
	assert_true(year >= 2024);
	assert_int_equal(captured[29], 'Z');
	assert_string_equal(captured + 30,
		"\",\"level\":\"info\",\"event\":\"conn_open\",\"text\":\"account 7\"}\n");
}

static void test_text_is_escaped(void **state)
{
	CAPTURE(log_warn("x", "%s", "a\"b\\c\nd\x01\xc3\xa9"));
	assert_non_null(strstr(captured, "\"text\":\"a\\\"b\\\\c\\u000ad\\u0001\xc3\xa9\"}\n"));
	CAPTURE(log_warn("x", "%s", "\xff\xc3z"));
	assert_non_null(strstr(captured, "\"text\":\"\?\?z\"}\n"));
	assert_ptr_equal(strchr(captured, '\n'), captured + strlen(captured) - 1);
}

static void test_long_text_is_cut_and_stays_a_line(void **state)
{
	char text[5000];

	memset(text, 1, sizeof(text) - 1); /* the longest escape */
	text[sizeof(text) - 1] = '\0';
	CAPTURE(log_error("x", "%s", text));
	assert_in_range(strlen(captured), 6000, 6500);
	assert_string_equal(captured + strlen(captured) - 9, "\\u0001\"}\n");
}

static void test_level(void **state)
{
	CAPTURE(log_debug("x", "no"));
	assert_string_equal(captured, "");
	log_set_level(LOG_DEBUG);
	CAPTURE(log_debug("x", "yes"));
	assert_non_null(strstr(captured, "\"debug\""));
	log_set_level(LOG_ERROR);
	CAPTURE(log_warn("x", "no"));
	assert_string_equal(captured, "");
	log_set_level(LOG_INFO);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_line_has_its_form),
		cmocka_unit_test(test_text_is_escaped),
		cmocka_unit_test(test_long_text_is_cut_and_stays_a_line),
		cmocka_unit_test(test_level),
	};

	return cmocka_run_group_tests(tests, NULL, no_arena_leaked);
}
