/* SPDX-License-Identifier: Apache-2.0 */
/* Letters as they leave, and the marks by which answers and bounces come back. */
#include "../unit.h"

#include <stdlib.h>
#include <unistd.h>

#include "desk/mail/mail_letter.h"

static const struct mail_settings settings = {.address = "desk@example.org"};

static int64_t notice_of(const char *subject, const char *plus, const char *reply)
{
	return mail_notice_of(
		&settings, bytes_from_str(subject), bytes_from_str(plus), bytes_from_str(reply));
}

static void an_answer_names_its_notice(void **state)
{
	assert_int_equal(notice_of("Re: x [N-7]", NULL, NULL), 7);
	assert_int_equal(notice_of("[N-] [N-7x] [N-8]", NULL, NULL), 8);
	assert_int_equal(notice_of("[N-1234567890123456789]", NULL, NULL), 0);
	assert_int_equal(notice_of("", "n7", NULL), 7);
	assert_int_equal(notice_of("", "n7x", NULL), 0);
	assert_int_equal(notice_of("", "N7", NULL), 0);
	assert_int_equal(notice_of("", NULL, "n7.123@example.org"), 7);
	assert_int_equal(notice_of("", NULL, "n7.123@example.net"), 0);
	assert_int_equal(notice_of("[N-1]", "n2", "n3.1@example.org"), 2);
	assert_int_equal(notice_of(NULL, NULL, NULL), 0);
}

static void a_bounce_names_its_item_and_nobody_can_guess_it(void **state)
{
	char path[] = "/tmp/lontar-keybox-XXXXXX";
	struct keybox *box;
	struct arena arena;
	struct bytes plus;
	char *address;
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	close(fd);
	unlink(path);
	assert_int_equal(keybox_create(path, NULL), 0);
	box = keybox_load(path, NULL);
	arena_init(&arena);
	address = mail_bounce_address(&arena, &settings, box, 12);
	assert_true(mail_is_ours(&settings, bytes_from_str(address), &plus));
	assert_int_equal(mail_bounce_item(box, plus), 12);
	for (size_t i = 0; i < plus.size; i++) {
		uint8_t changed[64];

		memcpy(changed, plus.data, plus.size);
		changed[i] ^= 1;
		assert_int_equal(mail_bounce_item(box, bytes_of(changed, plus.size)), 0);
		assert_int_equal(mail_bounce_item(box, bytes_of(plus.data, i)), 0);
	}
	arena_release(&arena);
	keybox_free(box);
	unlink(path);
}

static void our_address_with_or_without_a_mark(void **state)
{
	static const struct {
		const char *address, *plus;
		bool ours;
	} cases[] = {{"desk@example.org", NULL, true}, {"DESK@Example.ORG", NULL, true},
		{"desk+n7@example.org", "n7", true}, {"desk+@example.org", "", true},
		{"deskx@example.org", NULL, false}, {"desk@example.org.net", NULL, false},
		{"desk", NULL, false}, {"", NULL, false}, {"@example.org", NULL, false}};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct bytes plus;

		assert_int_equal(mail_is_ours(&settings, bytes_from_str(cases[i].address), &plus),
			cases[i].ours);
		if (cases[i].ours && cases[i].plus)
			assert_true(bytes_equal_str(plus, cases[i].plus));
	}
}

static void a_letter_of_any_text_is_plain_short_lines(void **state)
{
	char subject[400], body[3000];
	struct desk_outgoing row = {.request = 99,
		.address = BYTES_LITERAL("a@b.example"),
		.extra = BYTES_LITERAL("In-Reply-To: <1@x>\r\nBcc: e@v.il\n"),
		.created_at = 1795316400};
	struct buf letter;
	struct bytes rest, line;

	for (size_t i = 0; i < sizeof(subject); i += 2)
		memcpy(subject + i, "\xc3\xa9", 2);
	memset(body, '\n', sizeof(body));
	row.subject = bytes_of(subject, sizeof(subject));
	row.body = bytes_of(body, sizeof(body));
	buf_init(&letter, 65536);
	mail_letter_append(&letter, &settings, &row);
	for (rest = buf_bytes(&letter); (line = text_line_next(&rest)).data;) {
		assert_true(line.size <= 78);
		for (size_t i = 0; i < line.size; i++)
			assert_true((line.data[i] >= ' ' && line.data[i] <= '~') ||
				    (line.data[i] == '\r' && i + 1 == line.size));
	}
	buf_release(&letter);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_answer_names_its_notice),
		cmocka_unit_test(a_bounce_names_its_item_and_nobody_can_guess_it),
		cmocka_unit_test(our_address_with_or_without_a_mark),
		cmocka_unit_test(a_letter_of_any_text_is_plain_short_lines),
	};

	return cmocka_run_group_tests_name("desk/mail_letter", tests, NULL, no_arena_leaked);
}
