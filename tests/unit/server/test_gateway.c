/* SPDX-License-Identifier: Apache-2.0 */
/* server/gateway.h: what its settings may say, and how a letter looks to who gets it. How letters
 * travel is tested with lontar-fetch. */
#include "../unit.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "crypto/hash.h"
#include "server/gateway.h"
#include "server/gateway_letter.h"

#define SECRET "between us two"

static struct settings settings;

static int set_up(void **state)
{
	settings = (struct settings){.name = "Lontar",
		.webhook = "https://sms.example/send",
		.webhook_secret = SECRET,
		.smtp = "smtps://mail.example:465",
		.smtp_from = "door@lontar.example",
		.smtp_user = "door",
		.smtp_password = "word"};
	return 0;
}

/* ---- Settings ---- */

static void each_way_is_there_once_it_is_named(void **state)
{
	struct err err;

	assert_true(gateway_has_phones(&settings) && gateway_has_email(&settings));
	assert_int_equal(gateway_check(&settings, &err), 0);
	settings = (struct settings){0};
	assert_false(gateway_has_phones(&settings) || gateway_has_email(&settings));
	assert_int_equal(gateway_check(&settings, &err), 0);
	assert_null(gateway_new(&settings, NULL));
}

static void what_makes_no_sense_is_refused(void **state)
{
	struct err err = {0};
	const struct {
		char *field;
		const char *value, *says;
	} rows[] = {
		{settings.webhook, "ftp://sms.example", "webhook begins"},
		{settings.webhook_secret, "", "webhook_secret"},
		{settings.name, "\xff\xfe", "UTF-8"},
		{settings.smtp, "mail.example:25", "smtp begins"},
		{settings.smtp_from, "", "smtp_from"},
		{settings.smtp_from, "Lontar <door@lontar.example>", "smtp_from"},
		{settings.smtp_user, "", "belong together"},
		{settings.smtp_password, "", "belong together"},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		set_up(NULL);
		snprintf(rows[i].field, CONFIG_TEXT_MAX, "%s", rows[i].value);
		assert_int_equal(gateway_check(&settings, &err), -1);
		assert_non_null(strstr(err.text, rows[i].says));
	}
}

/* ---- Letters ---- */

static struct effect code_effect(const char *to, const char *code)
{
	return (struct effect){.kind = EFFECT_CODE,
		.text = bytes_from_str(to),
		.code = bytes_from_str(code),
		.body = BYTES_LITERAL("Kode Lontar: 12345.")};
}

static void the_webhook_gets_json_that_its_secret_signs(void **state)
{
	struct effect effect = code_effect("6281234567890", "12345");
	struct buf headers = {0}, body = {0};
	struct fetch_request request;
	uint8_t mac[HASH_SHA256_SIZE];
	char hex[2 * HASH_SHA256_SIZE + 1];
	struct letter letter;
	json_t *object;

	assert_int_equal(letter_fill(&letter, &effect, 1700000000), 0);
	letter_request(&letter, &settings, &headers, &body, &request);
	assert_int_equal(request.method, FETCH_POST);
	assert_true(bytes_equal_str(request.url, settings.webhook));
	object = json_loadb((const char *)request.body.data, request.body.size, 0, NULL);
	assert_non_null(object);
	assert_string_equal(json_string_value(json_object_get(object, "phone")), "+6281234567890");
	assert_string_equal(json_string_value(json_object_get(object, "code")), "12345");
	assert_string_equal(
		json_string_value(json_object_get(object, "text")), "Kode Lontar: 12345.");
	assert_string_equal(json_string_value(json_object_get(object, "id")), letter.id);
	assert_int_equal(json_integer_value(json_object_get(object, "at")), 1700000000);
	json_decref(object);
	hash_hmac_sha256(bytes_from_str(SECRET), request.body, mac);
	for (size_t i = 0; i < sizeof(mac); i++)
		snprintf(hex + 2 * i, 3, "%02x", mac[i]);
	buf_append(&headers, "", 1);
	assert_non_null(strstr((const char *)buf_data(&headers), hex));
	buf_release(&headers);
	buf_release(&body);
}

static void a_letter_by_smtp_is_plain_on_the_wire(void **state)
{
	/* Longer than a line of base64, and with what SMTP would take for its own. */
	const char *text = "Your code is 12345.\r\n.\r\nQUIT\r\nÀ bientôt, and a line that goes on "
			   "for longer than one line of base64 holds, for certain.";
	struct effect effect = {.kind = EFFECT_EMAIL,
		.text = BYTES_LITERAL("ayu@example.org"),
		.subject = BYTES_LITERAL("A code"),
		.body = bytes_from_str(text)};
	struct buf headers = {0}, body = {0};
	struct fetch_request request;
	struct letter letter;
	const char *line;

	assert_int_equal(letter_fill(&letter, &effect, 1700000000), 0);
	letter_request(&letter, &settings, &headers, &body, &request);
	assert_int_equal(request.method, FETCH_MAIL);
	assert_true(bytes_equal_str(request.url, settings.smtp));
	assert_true(bytes_equal_str(request.headers,
		"From: <door@lontar.example>\nTo: <ayu@example.org>\nUser: "
		"door\nPassword: word\n"));
	buf_append(&body, "", 1);
	line = (const char *)buf_data(&body);
	assert_non_null(strstr(line, "\r\nSubject: A code\r\n"));
	assert_non_null(strstr(line, "\r\nDate: Tue, 14 Nov 2023 22:13:20 +0000\r\n"));
	assert_non_null(strstr(line, "@lontar.example>\r\n"));
	assert_null(strstr(line, "12345"));
	assert_null(strstr(line, "QUIT"));
	while (*line) {
		const char *end = strstr(line, "\r\n");

		assert_non_null(end);
		assert_true(end - line <= 78);
		line = end + 2;
	}
	buf_release(&headers);
	buf_release(&body);
}

static void what_does_not_fit_is_no_letter(void **state)
{
	struct effect effect = code_effect("6281234567890", "12345");
	char text[LETTER_TEXT_MAX + 1];
	struct letter letter, again;

	assert_int_equal(letter_fill(&letter, &effect, 0), 0);
	assert_int_equal(letter_fill(&again, &effect, 0), 0);
	assert_string_not_equal(letter.id, again.id);
	effect.code = BYTES_LITERAL("0123456789abcdef");
	assert_int_equal(letter_fill(&letter, &effect, 0), -1);
	effect.code = bytes_of("12\0"
			       "45",
		5);
	assert_int_equal(letter_fill(&letter, &effect, 0), -1);
	effect = code_effect("ayu@example.org", "");
	memset(text, 'x', sizeof(text));
	effect.body = bytes_of(text, LETTER_TEXT_MAX - 1);
	assert_int_equal(letter_fill(&letter, &effect, 0), 0);
	effect.body = bytes_of(text, LETTER_TEXT_MAX);
	assert_int_equal(letter_fill(&letter, &effect, 0), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(each_way_is_there_once_it_is_named, set_up),
		cmocka_unit_test_setup(what_makes_no_sense_is_refused, set_up),
		cmocka_unit_test_setup(the_webhook_gets_json_that_its_secret_signs, set_up),
		cmocka_unit_test_setup(a_letter_by_smtp_is_plain_on_the_wire, set_up),
		cmocka_unit_test_setup(what_does_not_fit_is_no_letter, set_up),
	};

	return cmocka_run_group_tests_name("server/gateway", tests, NULL, NULL);
}
