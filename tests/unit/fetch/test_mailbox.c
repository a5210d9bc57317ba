/* SPDX-License-Identifier: Apache-2.0 */
/* What is read of a server's lines; a whole server is in tests/desk/mailbox.py. */
#include "../unit.h"

#include "fetch/transfer_parts.h"

static void listed(struct bytes lines, const char *expected)
{
	struct buf out;

	buf_init(&out, 0);
	mailbox_read_list(lines, &out);
	if (!bytes_equal_str(buf_bytes(&out), expected))
		fail_msg("%.*s instead of %s", (int)buf_size(&out), (const char *)buf_data(&out),
			expected);
	buf_release(&out);
}

#define LISTED(lines, expected) listed(BYTES_LITERAL(lines), expected)

static void uids_of_what_is_not_deleted(void **state)
{
	LISTED("", "");
	LISTED("* 1 FETCH (UID 7 FLAGS (\\Seen))\r\n* 2 FETCH (FLAGS () UID 12)\r\n", "7 12 ");
	LISTED("* 1 fetch (uid 4294967295)", "4294967295 ");
	LISTED("* 1 FETCH (UID 7 FLAGS (\\Seen \\Deleted))\r\n* 2 FETCH (UID 8)\r\n", "8 ");
}

static void other_lines_say_nothing(void **state)
{
	char line[400] = "* 1 FETCH (";

	LISTED("* 3 EXISTS\r\n* OK still here\r\nA1 OK done\r\n", "");
	LISTED("A1 1 FETCH (UID 7)\r\n", "");
	LISTED("* 1 FETCH (FLAGS ())\r\n", "");
	LISTED("* 1 FETCH (MUID 7)\r\n", "");
	LISTED("* 1 FETCH (UID 0)\r\n* 1 FETCH (UID -1)\r\n* 1 FETCH (UID x)\r\n", "");
	LISTED("* 1 FETCH (UID 4294967296)\r\n* 1 FETCH (UID 99999999999999999999)\r\n", "");
	LISTED("* 1 FETCH (\0UID 7)\r\n", "");
	memset(line + strlen(line), ' ', 300);
	memcpy(line + 311, "UID 7)", 7);
	listed(bytes_from_str(line), "");
}

static void no_more_than_the_other_side_takes(void **state)
{
	uint32_t uids[FETCH_UIDS_MAX + 1];
	struct buf lines, out;

	buf_init(&lines, 0);
	buf_init(&out, 0);
	for (unsigned i = 1; i <= 2 * FETCH_UIDS_MAX; i++)
		buf_printf(&lines, "* %u FETCH (UID %u)\r\n", i, 2 * i);
	mailbox_read_list(buf_bytes(&lines), &out);
	assert_int_equal(fetch_uids_parse(buf_bytes(&out), uids, ARRAY_LEN(uids)), FETCH_UIDS_MAX);
	for (uint32_t i = 0; i < FETCH_UIDS_MAX; i++)
		assert_int_equal(uids[i], 2 * i + 2);
	buf_release(&lines);
	buf_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(uids_of_what_is_not_deleted),
		cmocka_unit_test(other_lines_say_nothing),
		cmocka_unit_test(no_more_than_the_other_side_takes),
	};

	return cmocka_run_group_tests_name("fetch/mailbox", tests, NULL, NULL);
}
