/* SPDX-License-Identifier: Apache-2.0 */
/* What is read of a mail, without the cage. */
#include "../unit.h"

#include <stdio.h>
#include <stdlib.h>

#include "mail/inspect.h"

struct given {
	struct arena arena;
	struct mail mail;
};

static struct mail_server server = {{(const uint8_t *)"mx.example.org", 14}, 1};

static void inspect(struct given *given, struct bytes file)
{
	arena_init(&given->arena);
	mail_inspect(file, &server, &given->arena, &given->mail);
}

#define GIVEN(given, text) inspect(&(given), BYTES_LITERAL(text))
#define assert_says(bytes, text) assert_string_equal(arena_str(&given.arena, bytes), text)

static void a_form_with_a_file(void **state)
{
	struct given given;

	GIVEN(given, "From: =?utf-8?q?B=C3=A9a?= <Bea@Gov.Example>\r\nTo: desk@example.org\r\n"
		     "Subject: =?utf-8?b?w6k=?= a\r\n b\r\nMessage-ID: <1@x>\r\nIn-Reply-To: <0@y> "
		     "<2@z>\r\n"
		     "Date: Sun, 22 Nov 2026 10:00:00 +0700\r\nMIME-Version: 1.0\r\n"
		     "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
		     "Content-Type: multipart/alternative; boundary=c\r\n\r\n--c\r\n"
		     "Content-Type: text/plain; charset=windows-1252\r\n\r\nLink: "
		     "\x93@kabar\x94\r\n--c\r\n"
		     "Content-Type: text/html\r\n\r\n<b>other</b>\r\n--c--\r\n--b\r\n"
		     "Content-Type: image/png; name=\"a.png\"\r\nContent-Transfer-Encoding: "
		     "base64\r\n\r\n"
		     "YWJj\r\n--b--\r\n");
	assert_int_equal(given.mail.result, MAIL_OK);
	assert_says(given.mail.from, "Bea@gov.example");
	assert_int_equal(given.mail.to_count, 1);
	assert_says(given.mail.to[0], "desk@example.org");
	assert_says(given.mail.subject, "\xc3\xa9 a b");
	assert_says(given.mail.message_id, "1@x");
	assert_says(given.mail.in_reply_to, "0@y");
	assert_says(given.mail.text, "Link: \xe2\x80\x9c@kabar\xe2\x80\x9d");
	assert_int_equal(given.mail.date_s, 1795316400);
	assert_int_equal(given.mail.file_count, 1);
	assert_says(given.mail.files[0].name, "a.png");
	assert_int_equal(given.mail.files[0].size, 3);
	assert_hex_equal(given.mail.files[0].hash,
		"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", 32);
	arena_release(&given.arena);
}

static void html_alone_becomes_text(void **state)
{
	struct given given;

	GIVEN(given,
		"From: a@b.c\r\nContent-Type: text/html\r\n\r\n<html><head><title>no</title></head>"
		"<p title='>'>Link:&nbsp;@kabar<br>1 < 2 &amp; &#x41;&#0;&unknown;<!-- <b>no "
		"--></p>"
		"<script>no</script><table><tr><td>a</td><td>b</td></tr></table>");
	assert_int_equal(given.mail.flags, MAIL_FROM_HTML);
	assert_says(given.mail.text, "Link: @kabar\n1 < 2 & A &unknown;\na b");
	arena_release(&given.arena);
}

#define FIELD "Authentication-Results: mx.example.org"

static void passed(const char *head, unsigned expected)
{
	struct given given;
	struct buf file;
	unsigned seen = 0;

	buf_init(&file, 4096);
	buf_printf(&file, "%sFrom: a@b.c\r\n\r\nx", head);
	inspect(&given, buf_bytes(&file));
	for (size_t i = 0; i < given.mail.result_count; i++)
		seen |= given.mail.results[i].pass ? 1u << given.mail.results[i].method : 0;
	if (given.mail.result != MAIL_OK || seen != expected)
		fail_msg("%u instead of %u: %s", seen, expected, head);
	arena_release(&given.arena);
	buf_release(&file);
}

static void results_of_the_own_server_alone(void **state)
{
	passed(FIELD "; dkim=pass header.d=b.c; spf=pass smtp.mailfrom=a@b.c\r\n", 3);
	passed(FIELD " 1; DKIM = pass reason=\"a;b\" header.d = B.C\r\n", 1);
	passed("AUTHENTICATION-RESULTS: (x(y)) MX.example.org;\r\n\tdmarc=pass (p=none)\r\n "
	       "header.from=b.c\r\n",
		4);
	passed(FIELD "; none\r\n", 0);
	passed(FIELD "; dkim=fail header.d=b.c; spf=softfail smtp.mailfrom=b.c\r\n", 0);
	passed(FIELD "; dkim=pass\r\n", 0);
	passed(FIELD "; dkim=passed header.d=b.c\r\n", 0);
	passed(FIELD "; dkim=pass header.d=\"b.c, evil\"\r\n", 0);
	passed(FIELD "; dkim=fail (dkim=pass header.d=b.c)\r\n", 0);
	passed(FIELD ".evil; dkim=pass header.d=b.c\r\n", 0);
	passed("Authentication-Results: mx.other.org; dkim=pass header.d=b.c\r\n", 0);
	/* Said twice: one of them came with the mail. */
	passed(FIELD "; dkim=none\r\n" FIELD "; dkim=pass header.d=b.c\r\n", 0);
	passed(FIELD "; dkim=pass header.d=b.c\r\n" FIELD "; spf=pass smtp.mailfrom=a@b.c\r\n", 3);
	/* Below the next server's line it came with the mail in any case. */
	passed("Received: a\r\nReceived: b\r\n" FIELD "; dkim=pass header.d=b.c\r\n", 0);
	/* A provider whose machines hand it on among themselves. */
	server.received = 2;
	passed("Received: a\r\nReceived: b\r\n" FIELD "; dkim=pass header.d=b.c\r\n", 1);
	passed("Received: a\r\nReceived: b\r\nReceived: c\r\n" FIELD "; dkim=pass header.d=b.c\r\n",
		0);
	server.received = 1;
}

static void recipients(const char *head, const char *expected)
{
	struct given given;
	struct buf file, to;

	buf_init(&file, 65536);
	buf_init(&to, 4096);
	buf_printf(&file, "%sFrom: a@b.c\r\n\r\nx", head);
	inspect(&given, buf_bytes(&file));
	assert_int_equal(given.mail.result, MAIL_OK);
	for (size_t i = 0; i < given.mail.to_count; i++)
		buf_printf(&to, "%.*s ", (int)given.mail.to[i].size,
			(const char *)given.mail.to[i].data);
	if (!bytes_equal_str(buf_bytes(&to), expected))
		fail_msg("%.*s instead of %s", (int)buf_size(&to), (const char *)buf_data(&to),
			expected);
	arena_release(&given.arena);
	buf_release(&to);
	buf_release(&file);
}

static void where_it_arrived_comes_first(void **state)
{
	struct buf many;

	recipients("", "");
	recipients("To: nobody's: ;\r\nCc: \"a b\"@c.d, , <x@Y.z>\r\n", "x@y.z ");
	recipients("Cc: e@f.g\r\nTo: A <c@D.e>, b@d.e\r\nX-Original-To: o@x.y\r\n"
		   "Delivered-To: desk+n7@x.y\r\nDelivered-To: d@x.y\r\n",
		"desk+n7@x.y d@x.y o@x.y c@d.e b@d.e e@f.g ");
	buf_init(&many, 4096);
	buf_append_str(&many, "To: ");
	for (int i = 0; i < 2 * MAIL_RECIPIENTS_MAX; i++)
		buf_append_str(&many, "a@b.c, ");
	buf_append(&many, "d@e.f\r\n", sizeof("d@e.f\r\n"));
	recipients((const char *)buf_data(&many),
		"a@b.c a@b.c a@b.c a@b.c a@b.c a@b.c a@b.c a@b.c a@b.c a@b.c a@b.c a@b.c a@b.c "
		"a@b.c a@b.c a@b.c ");
	buf_release(&many);
}

static void what_comes_back_says_so(void **state)
{
	static const char *const paths[] = {"<>", " <> ", "<a@b.c>", "", "<", "<>x"};
	char head[128];

	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		struct given given;

		snprintf(head, sizeof(head), "Return-Path:%s\r\nFrom: a@b.c\r\n\r\nx", paths[i]);
		inspect(&given, bytes_from_str(head));
		assert_int_equal(given.mail.flags & MAIL_RETURNED, i < 2 ? MAIL_RETURNED : 0);
		arena_release(&given.arena);
	}
}

static void refused(struct bytes file, const char *word)
{
	struct given given;

	inspect(&given, file);
	if (given.mail.result == MAIL_OK ||
		!strstr(arena_str(&given.arena, given.mail.reason), word))
		fail_msg("not refused for \"%s\" but: %.*s", word, (int)given.mail.reason.size,
			(const char *)given.mail.reason.data);
	assert_null(given.mail.from.data);
	arena_release(&given.arena);
}

static void repeated(const char *head, const char *piece, int count, const char *word)
{
	struct buf file;

	buf_init(&file, MAIL_BYTES_MAX + 64);
	buf_append_str(&file, head);
	for (int i = 0; i < count; i++)
		buf_append_str(&file, piece);
	assert_false(file.failed);
	refused(buf_bytes(&file), word);
	buf_release(&file);
}

static void bombs_are_refused_with_a_reason(void **state)
{
	repeated("From: a@b.c\r\n", "X: y\r\n", MAIL_HEADERS_MAX, "head");
	repeated("From: a@b.c\r\nX: ", "yyyyyyyy", MAIL_FIELD_MAX / 8, "head");
	repeated("From: a@b.c\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n",
		"--b\r\n\r\nx\r\n", MAIL_PARTS_MAX + 1, "parts");
	repeated("From: a@b.c\r\n\r\n", "0123456789abcdef", MAIL_TEXT_MAX / 16 + 1, "text");
	repeated("From: a@b.c\r\n\r\n", "0123456789abcdef", MAIL_BYTES_MAX / 16, "too long");
	repeated("From: ", "a:", 4000, "From");
	repeated("From: ", "(", 4000, "From");
	refused(BYTES_LITERAL("From: a@b.c\r\nContent-Type: text/plain; charset=utf-7\r\n\r\nx"),
		"encoding");
	refused(BYTES_LITERAL("From: a@b.c\r\n\r\n\0"), "bytes");
	refused(BYTES_LITERAL("From: a@b.c, d@e.f\r\n\r\nx"), "From");
	refused(BYTES_LITERAL("From: a@b.c\r\nFrom: a@b.c\r\n\r\nx"), "From");
	refused(BYTES_LITERAL("From: \"a b\"@b.c\r\n\r\nx"), "From");
	refused(BYTES_LITERAL("Subject: nobody's\r\n\r\nx"), "From");
}

static void answers_are_read_whole_or_not_at_all(void **state)
{
	struct given given;
	struct mail parsed;
	struct buf answer;

	GIVEN(given, FIELD "; dkim=pass header.d=b.c\r\nFrom: a@b.c\r\nContent-Type: "
			   "application/zip\r\n\r\nx");
	buf_init(&answer, MAIL_ANSWER_MAX);
	mail_answer_append(&answer, &given.mail);
	assert_int_equal(mail_answer_parse(buf_bytes(&answer), &parsed), 0);
	assert_int_equal(parsed.file_count, 1);
	for (size_t size = 0; size < buf_size(&answer); size++) {
		uint8_t *copy = malloc(size + 1);

		memcpy(copy, buf_data(&answer), size);
		assert_int_equal(mail_answer_parse(bytes_of(copy, size), &parsed), -1);
		free(copy);
	}
	buf_append_u8(&answer, 0);
	assert_int_equal(mail_answer_parse(buf_bytes(&answer), &parsed), -1);
	buf_release(&answer);
	arena_release(&given.arena);
}

static int begin(void **state)
{
	return mail_inspect_begin(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_form_with_a_file),
		cmocka_unit_test(html_alone_becomes_text),
		cmocka_unit_test(results_of_the_own_server_alone),
		cmocka_unit_test(where_it_arrived_comes_first),
		cmocka_unit_test(what_comes_back_says_so),
		cmocka_unit_test(bombs_are_refused_with_a_reason),
		cmocka_unit_test(answers_are_read_whole_or_not_at_all),
	};

	return cmocka_run_group_tests_name("mail/inspect", tests, begin, no_arena_leaked);
}
