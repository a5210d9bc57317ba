/* SPDX-License-Identifier: Apache-2.0 */
/* Settings: defaults, values, and an error with its line for everything else. */
#include "../unit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/config.h"

struct settings {
	int64_t port;
	bool open;
	char name[CONFIG_TEXT_MAX];
};

static const struct config_row rows[] = {
	{"net", "port", CONFIG_INT, offsetof(struct settings, port), "8443", 1, 65535,
		"TCP port that clients connect to"},
	{"net", "open", CONFIG_BOOL, offsetof(struct settings, open), "no", 0, 0,
		"Whether anyone may sign up"},
	{"net", "gate", CONFIG_GONE, 0, NULL, 0, 0, "write port"},
	{"who", "name", CONFIG_TEXT, offsetof(struct settings, name), "Lontar", 0, 0,
		"Name that clients show"},
	{0},
};

/* Loads a file with this content over the defaults. */
static int load(const char *content, struct settings *out, struct err *err)
{
	char path[] = "/tmp/lontar-unit-XXXXXX";
	int fd = mkstemp(path), result;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, content, strlen(content)), (int)strlen(content));
	close(fd);
	assert_int_equal(config_defaults(rows, out, err), 0);
	result = config_load(rows, path, out, err);
	unlink(path);
	return result;
}

static void test_defaults(void **state)
{
	struct settings s;
	struct err err;

	assert_int_equal(load("", &s, &err), 0);
	assert_int_equal(s.port, 8443);
	assert_false(s.open);
	assert_string_equal(s.name, "Lontar");
}

static void test_values_of_the_file(void **state)
{
	struct settings s;
	struct err err;

	assert_int_equal(load("; comment\n\n[net]\nport = 1\nopen=true\r\n[who]\nname = Rumah kita",
				 &s, &err),
		0);
	assert_int_equal(s.port, 1);
	assert_true(s.open);
	assert_string_equal(s.name, "Rumah kita");
}

static void assert_refused(const char *content, int line)
{
	struct settings s;
	struct err err = {0};
	char expected[32];

	snprintf(expected, sizeof(expected), " line %d: ", line);
	if (load(content, &s, &err) != -1)
		fail_msg("taken: %s", content);
	if (!strstr(err.text, expected))
		fail_msg("%s says: %s", content, err.text);
}

static void test_errors_name_their_line(void **state)
{
	char long_line[400] = "[who]\nname = ";

	assert_refused("[net]\nport = 0\n", 2);
	assert_refused("[net]\n\nport = 65536\n", 3);
	assert_refused("[net]\nport = 80x\n", 2);
	assert_refused("[net]\nport =\n", 2);
	assert_refused("[net]\nport = 99999999999999999999\n", 2);
	assert_refused("[net]\nopen = maybe\n", 2);
	assert_refused("[net]\nprot = 1\n", 2);
	assert_refused("[net]\ngate = 1\n", 2);
	assert_refused("[who]\nport = 1\n", 2);
	assert_refused("port = 1\n", 1);
	assert_refused("[net]\nport\n", 2);
	assert_refused("[net\nport = 1\n", 1);
	assert_refused("[net]\nport = 1\n  2\n", 3);
	memset(long_line + strlen(long_line), 'x', 300);
	assert_refused(long_line, 2);
}

static void test_missing_file(void **state)
{
	struct settings s;
	struct err err;

	assert_int_equal(config_load(rows, "/nonexistent/lontar.ini", &s, &err), -1);
	assert_int_equal(err.code, ENOENT);
}

static void test_template_loads_as_defaults(void **state)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	struct settings s;
	struct err err;

	assert_non_null(out);
	config_write_template(rows, out);
	fclose(out);
	assert_non_null(strstr(text, "TCP port that clients connect to (1 to 65535)"));
	assert_int_equal(load(text, &s, &err), 0);
	assert_int_equal(s.port, 8443);
	assert_string_equal(s.name, "Lontar");
	free(text);
}

static void test_bad_defaults_are_found(void **state)
{
	static const struct config_row bad[] = {
		{"a", "b", CONFIG_INT, 0, "5", 10, 20, "x"},
		{0},
	};
	struct settings s;

	assert_int_equal(config_defaults(bad, &s, NULL), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_values_of_the_file),
		cmocka_unit_test(test_errors_name_their_line),
		cmocka_unit_test(test_missing_file),
		cmocka_unit_test(test_template_loads_as_defaults),
		cmocka_unit_test(test_bad_defaults_are_found),
	};

	return cmocka_run_group_tests(tests, NULL, no_arena_leaked);
}
