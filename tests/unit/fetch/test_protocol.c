/* SPDX-License-Identifier: Apache-2.0 */
#include "../unit.h"

#include <stdio.h>
#include <stdlib.h>

#include "fetch/protocol.h"

static const struct fetch_request good = {.id = 77,
	.method = FETCH_POST,
	.redirects_max = 2,
	.timeout_ms = 1000,
	.body_max = 4096,
	.url = {(const uint8_t *)"https://example.org/", 20},
	.headers = {(const uint8_t *)"A: b\nC: d\n", 10},
	.body = {(const uint8_t *)"{}", 2}};

/* An exact copy, so that the sanitizer sees a read of one byte too many. */
static int parse_copy(struct bytes message, struct fetch_request *out)
{
	uint8_t *copy = malloc(message.size + 1);
	int rc;

	memcpy(copy + 1, message.data, message.size);
	rc = fetch_request_parse(bytes_of(copy + 1, message.size), out);
	free(copy);
	return rc;
}

static int parse(const struct fetch_request *request)
{
	struct fetch_request out;
	struct buf message;
	int rc;

	buf_init(&message, FETCH_MESSAGE_MAX);
	fetch_request_append(&message, request);
	rc = parse_copy(buf_bytes(&message), &out);
	buf_release(&message);
	return rc;
}

static void requests_there_and_back(void **state)
{
	struct fetch_request out;
	struct buf message;

	buf_init(&message, FETCH_MESSAGE_MAX);
	fetch_request_append(&message, &good);
	assert_int_equal(fetch_request_parse(buf_bytes(&message), &out), 0);
	assert_true(out.id == 77 && out.method == FETCH_POST && out.redirects_max == 2);
	assert_true(out.timeout_ms == 1000 && out.body_max == 4096);
	assert_true(bytes_equal(out.url, good.url) && bytes_equal(out.headers, good.headers));
	assert_true(bytes_equal(out.body, good.body));
	for (size_t size = 0; size < buf_size(&message); size++)
		assert_int_equal(parse_copy(bytes_of(buf_data(&message), size), &out), -1);
	for (size_t at = 0; at < buf_size(&message); at++) {
		buf_data(&message)[at] ^= (uint8_t)(1u << at % 8);
		(void)!parse_copy(buf_bytes(&message), &out);
		buf_data(&message)[at] ^= (uint8_t)(1u << at % 8);
	}
	buf_release(&message);
}

static void bounds_of_requests(void **state)
{
	static char letters[FETCH_HEADERS_MAX + 1];
	struct fetch_request r = good;

	memset(letters, 'a', sizeof(letters));
	assert_int_equal(parse(&r), 0);
#define REFUSED(change)                                                                            \
	do {                                                                                       \
		r = good;                                                                          \
		change;                                                                            \
		assert_int_equal(parse(&r), -1);                                                   \
	} while (0)
	REFUSED(r.method = FETCH_MAILBOX + 1);
	REFUSED(r.method = FETCH_GET); /* with a body */
	REFUSED(r.redirects_max = FETCH_REDIRECTS_MAX + 1);
	REFUSED(r.timeout_ms = 0);
	REFUSED(r.timeout_ms = FETCH_TIMEOUT_MAX_MS + 1);
	REFUSED(r.body_max = 0);
	REFUSED(r.body_max = FETCH_BODY_MAX + 1);
	REFUSED(r.url = bytes_of(letters, 0));
	REFUSED(r.url = bytes_of(letters, FETCH_URL_MAX + 1));
	REFUSED(r.url = BYTES_LITERAL("http://a/\r\nHost: b"));
	REFUSED(r.url = BYTES_LITERAL("http://a/\0b"));
	REFUSED(r.headers = bytes_of(letters, FETCH_HEADERS_MAX + 1));
	REFUSED(r.headers = BYTES_LITERAL("A: b\r\n\r\nGET / HTTP/1.1"));
#undef REFUSED
}

static void answers_there_and_back(void **state)
{
	struct fetch_answer answer = {.id = 5,
		.result = FETCH_OK,
		.status = 503,
		.content_type = BYTES_LITERAL("text/plain"),
		.body = BYTES_LITERAL("busy")};
	struct fetch_answer out;
	struct buf message;

	buf_init(&message, FETCH_MESSAGE_MAX);
	fetch_answer_append(&message, &answer);
	assert_int_equal(fetch_answer_parse(buf_bytes(&message), &out), 0);
	assert_true(out.id == 5 && out.status == 503 && out.reason[0] == 0);
	assert_true(bytes_equal_str(out.body, "busy"));
	assert_true(bytes_equal_str(out.content_type, "text/plain"));
	for (size_t size = 0; size < buf_size(&message); size++)
		assert_int_equal(fetch_answer_parse(bytes_of(buf_data(&message), size), &out), -1);
	buf_data(&message)[8] = FETCH_TOO_LARGE + 1;
	assert_int_equal(fetch_answer_parse(buf_bytes(&message), &out), -1);
	buf_release(&message);
}

static void uids(const char *body, const char *expected)
{
	uint32_t out[4];
	char text[64] = "";
	size_t count = fetch_uids_parse(bytes_from_str(body), out, ARRAY_LEN(out));

	for (size_t i = 0; i < count; i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "%u,", out[i]);
	if (strcmp(text, expected) != 0)
		fail_msg("%s instead of %s: %s", text, expected, body);
}

static void lists_of_uids(void **state)
{
	uids("", "");
	uids("7 12 4294967295 ", "7,12,4294967295,");
	uids("1 2 3 4 5 ", "1,2,3,4,");
	uids("1 2", "1,");
	uids("1 0 2 ", "1,");
	uids("1 4294967296 ", "1,");
	uids("1 99999999999999999999999999 ", "1,");
	uids("1 -2 ", "1,");
	uids("1  2 ", "1,");
	uids(" 1 ", "");
}

static void names_of_folders(void **state)
{
	static const char *const good_names[] = {"INBOX", "a", "Mail/Notices 2026", "A.b_c-d"};
	static const char *const bad_names[] = {
		"", "/a", "a/", "a\"b", "a\\b", "a\r\nb", "a;b", "a%b", "a*", "{3}", "\xc3\xa9"};
	char name[FETCH_FOLDER_MAX + 2];

	for (size_t i = 0; i < ARRAY_LEN(good_names); i++)
		assert_true(fetch_is_folder(good_names[i]));
	for (size_t i = 0; i < ARRAY_LEN(bad_names); i++)
		assert_false(fetch_is_folder(bad_names[i]));
	memset(name, 'a', sizeof(name));
	name[FETCH_FOLDER_MAX + 1] = 0;
	assert_false(fetch_is_folder(name));
	assert_true(fetch_is_folder(name + 1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(requests_there_and_back),
		cmocka_unit_test(bounds_of_requests),
		cmocka_unit_test(answers_there_and_back),
		cmocka_unit_test(lists_of_uids),
		cmocka_unit_test(names_of_folders),
	};

	return cmocka_run_group_tests_name("fetch/protocol", tests, NULL, NULL);
}
