/* SPDX-License-Identifier: Apache-2.0 */
/* LMTP as bytes: the dialogue, its bounds, and where a mail ends. */
#include "../unit.h"

#include "desk/mail/lmtp.h"

struct talk {
	struct lmtp lmtp;
	struct buf out;
	enum lmtp_step step;
};

static bool takes(void *ctx, struct bytes address)
{
	(void)ctx;
	return bytes_equal_str(address, "desk@example.org");
}

static void begin(struct talk *talk, size_t size_max)
{
	*talk = (struct talk){.lmtp = {.takes = takes, .size_max = size_max}};
	buf_init(&talk->out, 1 << 20);
	lmtp_begin(&talk->lmtp, &talk->out);
}

static void end(struct talk *talk)
{
	lmtp_release(&talk->lmtp);
	buf_release(&talk->out);
}

/* All of it, in pieces of this size; what is answered ends with `last`. */
static void say(struct talk *talk, const char *text, size_t piece, const char *last)
{
	struct bytes rest = bytes_from_str(text);
	size_t size = strlen(last), held = 0;

	while (rest.size > held) {
		size_t give = held + piece < rest.size ? held + piece : rest.size;
		size_t taken =
			lmtp_feed(&talk->lmtp, bytes_of(rest.data, give), &talk->out, &talk->step);

		assert_true(taken <= give);
		rest = bytes_of(rest.data + taken, rest.size - taken);
		held = give - taken;
		if (talk->step != LMTP_MORE)
			break;
	}
	if (buf_size(&talk->out) < size ||
		memcmp(buf_data(&talk->out) + buf_size(&talk->out) - size, last, size) != 0)
		fail_msg("after \"%s\": %.*s", text, (int)buf_size(&talk->out),
			(const char *)buf_data(&talk->out));
}

#define HEAD "LHLO mx\r\nMAIL FROM:<a@b.c>\r\nRCPT TO:<desk@example.org>\r\nDATA\r\n"

static void a_mail(size_t piece, const char *sent, const char *expected)
{
	struct talk talk;

	begin(&talk, 4096);
	say(&talk, HEAD, piece, "354 go on, and end with a dot on a line of its own\r\n");
	say(&talk, sent, piece, "");
	assert_int_equal(talk.step, LMTP_MAIL);
	assert_int_equal(buf_size(&talk.lmtp.data), strlen(expected));
	assert_memory_equal(buf_data(&talk.lmtp.data), expected, strlen(expected));
	assert_string_equal(talk.lmtp.sender, "a@b.c");
	lmtp_answer(&talk.lmtp, 250, "2.0.0 taken", &talk.out);
	say(&talk, "NOOP\r\n", piece, "250 2.0.0 taken\r\n250 2.0.0 here\r\n");
	end(&talk);
}

static void a_mail_ends_with_a_dot_between_two_line_ends_and_nowhere_else(void **state)
{
	for (size_t piece = 1; piece < 80; piece++) {
		a_mail(piece, "a\r\n.\r\n", "a\r\n");
		a_mail(piece, ".\r\n", "");
		a_mail(piece, "..\r\n...a\r\n.b\r\n.\r\n", ".\r\n..a\r\nb\r\n");
		a_mail(piece, "a\n.\n\r.\r\rb\r\n.\rc\n.\r\n.\r\n", "a\n.\n\r.\r\rb\r\n\rc\n.\r\n");
	}
}

static void what_is_said_too_early_or_wrongly_is_refused(void **state)
{
	static const char *const wrong[][2] = {
		{"EHLO x\r\n", "500 "},
		{"MAIL FROM:<a@b.c>\r\n", "503 "},
		{"RCPT TO:<desk@example.org>\r\n", "503 "},
		{"DATA\r\n", "503 "},
		{"\r\n", "500 "},
		{"LHLO x\r\nMAIL FROM:a@b.c\r\n", "501 "},
		{"LHLO x\r\nMAIL FROM:<a@b.c\r\n", "501 "},
		{"LHLO x\r\nMAIL FROM:<a b>\r\n", "501 "},
		{"LHLO x\r\nMAIL FROM:<a@b.c>x\r\n", "501 "},
		{"LHLO x\r\nMAIL FROM:<> SIZE=5000\r\n", "552 "},
		{"LHLO x\r\nMAIL FROM:<> SIZE=99999999999999999999\r\n", "501 "},
		{"LHLO x\r\nMAIL FROM:<> SMTPUTF8\r\n", "555 "},
		{"LHLO x\r\nMAIL FROM:<>\r\nMAIL FROM:<>\r\n", "503 "},
		{"LHLO x\r\nMAIL FROM:<>\r\nRCPT TO:<other@example.org>\r\n", "550 "},
		{"LHLO x\r\nMAIL FROM:<>\r\nRCPT TO:<desk@example.org> A=B\r\n", "501 "},
		{"LHLO x\r\nMAIL FROM:<>\r\nDATA\r\n", "503 "},
	};

	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		struct talk talk;
		struct bytes rest, line = {NULL, 0};

		begin(&talk, 4096);
		say(&talk, wrong[i][0], 4096, "\r\n");
		rest = buf_bytes(&talk.out);
		while (rest.size > 0)
			line = text_line_next(&rest);
		if (line.size < 4 || memcmp(line.data, wrong[i][1], 4) != 0)
			fail_msg("%s: %.*s", wrong[i][0], (int)line.size, (const char *)line.data);
		end(&talk);
	}
}

static void recipients_lines_and_errors_are_bounded(void **state)
{
	char line[3 * LMTP_LINE_MAX];
	struct talk talk;

	begin(&talk, 4096);
	say(&talk, "LHLO x\r\nMAIL FROM:<> SIZE=4096 BODY=8BITMIME\r\n", 7, "250 2.1.0 go on\r\n");
	for (int i = 0; i < LMTP_RECIPIENTS_MAX; i++)
		say(&talk, "RCPT TO:<desk@example.org>\r\n", 9, "250 2.1.5 go on\r\n");
	say(&talk, "RCPT TO:<desk@example.org>\r\n", 9, "452 4.5.3 too many recipients\r\n");
	say(&talk, "DATA\r\nx\r\n.\r\n", 5, "");
	buf_clear(&talk.out);
	lmtp_answer(&talk.lmtp, 451, "4.0.0 no", &talk.out);
	assert_int_equal(buf_size(&talk.out), LMTP_RECIPIENTS_MAX * strlen("451 4.0.0 no\r\n"));
	memset(line, 'a', sizeof(line));
	memcpy(line + sizeof(line) - 9, "\r\nNOOP\r\n", 9);
	say(&talk, line, 100, "500 5.5.2 the line is too long\r\n250 2.0.0 here\r\n");
	for (int i = 0; i < LMTP_ERRORS_MAX && talk.step == LMTP_MORE; i++)
		say(&talk, "what\r\n", 6, "\r\n");
	assert_int_equal(talk.step, LMTP_END);
	say(&talk, "", 1, "421 4.7.0 too many errors\r\n");
	end(&talk);
}

static void a_mail_that_is_too_long_is_read_to_its_end_and_refused(void **state)
{
	struct talk talk;

	begin(&talk, 100);
	say(&talk, HEAD, 4096, "\r\n");
	for (int i = 0; i < 1000; i++)
		say(&talk, "0123456789\r\n", 5, "");
	assert_int_equal(buf_size(&talk.lmtp.data), 0);
	say(&talk, ".\r\n", 5, "");
	assert_int_equal(talk.step, LMTP_MAIL);
	assert_true(talk.lmtp.too_long);
	lmtp_answer(&talk.lmtp, 552, "5.3.4 too long", &talk.out);
	assert_false(talk.lmtp.too_long);
	say(&talk, "QUIT\r\n", 4, "552 5.3.4 too long\r\n221 2.0.0 bye\r\n");
	assert_int_equal(talk.step, LMTP_END);
	end(&talk);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_mail_ends_with_a_dot_between_two_line_ends_and_nowhere_else),
		cmocka_unit_test(what_is_said_too_early_or_wrongly_is_refused),
		cmocka_unit_test(recipients_lines_and_errors_are_bounded),
		cmocka_unit_test(a_mail_that_is_too_long_is_read_to_its_end_and_refused),
	};

	return cmocka_run_group_tests_name("desk/lmtp", tests, NULL, no_arena_leaked);
}
