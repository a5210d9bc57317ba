/* SPDX-License-Identifier: Apache-2.0 */
/* With the real lontar-mail of this build, in its cage, by a starter. Argument: its folder. */
#include "../unit.h"

#include <stdlib.h>

#include "mail/client.h"

static const char *programs;
static const struct mail_server server = {{(const uint8_t *)"mx.example.org", 14}, 1};

static void ask(struct starter *starter, struct bytes file, struct buf *answer, struct mail *out)
{
	struct err err = {0};

	buf_init(answer, MAIL_ANSWER_MAX);
	if (mail_ask(starter, 0, &server, file, answer, out, &err) < 0)
		fail_msg("%s", err.text);
}

static void begin(struct starter *starter, const char *name)
{
	const struct starter_program list[] = {{name, NULL}};
	struct err err = {0};

	assert_int_equal(starter_begin(starter, programs, list, 1, &err), 0);
}

static void one_process_for_each_mail(void **state)
{
	struct starter starter;
	struct mail mail;
	struct buf answer;

	begin(&starter, MAIL_PROGRAM);
	for (int i = 0; i < 3; i++) {
		ask(&starter,
			BYTES_LITERAL(
				"Received: here\r\nAuthentication-Results: mx.example.org;\r\n"
				" spf=pass (a \\) comment) smtp.mailfrom=bea@example.net\r\n"
				"From: <bea@Example.NET>\r\n\r\nLink: @kabar/3\r\n"),
			&answer, &mail);
		assert_int_equal(mail.result, MAIL_OK);
		assert_true(bytes_equal_str(mail.from, "bea@example.net"));
		assert_true(bytes_equal_str(mail.text, "Link: @kabar/3"));
		assert_int_equal(mail.result_count, 1);
		buf_release(&answer);
	}
	starter_end(&starter);
}

/* So deep that the reader's stack ends: its process breaks, and nothing else. */
static void what_breaks_the_reader_is_refused(void **state)
{
	struct starter starter;
	struct buf file, answer;
	struct mail mail;

	begin(&starter, MAIL_PROGRAM);
	buf_init(&file, MAIL_BYTES_MAX);
	buf_append_str(&file, "From: bea@example.net\r\n");
	for (int i = 0; i < 10000; i++)
		buf_printf(&file, "Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n", i,
			i);
	ask(&starter, buf_bytes(&file), &answer, &mail);
	assert_int_equal(mail.result, MAIL_TOO_MUCH);
	assert_true(mail.reason.size > 0);
	buf_release(&answer);
	buf_release(&file);
	starter_end(&starter);
}

static void without_the_program_it_is_nobodys_fault(void **state)
{
	struct starter starter;
	struct buf answer;
	struct mail mail;
	struct err err = {0};

	begin(&starter, "lontar-nothing");
	buf_init(&answer, MAIL_ANSWER_MAX);
	assert_int_equal(mail_ask(&starter, 0, &server, BYTES_LITERAL("From: a@b.c\r\n\r\n"),
				 &answer, &mail, &err),
		-1);
	assert_non_null(strstr(err.text, "lontar-nothing"));
	buf_release(&answer);
	starter_end(&starter);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_process_for_each_mail),
		cmocka_unit_test(what_breaks_the_reader_is_refused),
		cmocka_unit_test(without_the_program_it_is_nobodys_fault),
	};

	programs = argc > 1 ? argv[1] : ".";
	return cmocka_run_group_tests_name("mail/client", tests, NULL, no_arena_leaked);
}
