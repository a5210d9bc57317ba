/* SPDX-License-Identifier: Apache-2.0 */
/* Real connections to a server on loopback: what is let through, what not, and every bound. */
#include "../unit.h"

#include <stdlib.h>

#include "fetch/transfer.h"
#include "server.h"

static struct test_server server;
static const struct fetch_policy as_asked = {
	.loopback = true, .private_networks = true, .any_port = true};
static const struct fetch_policy nothing = {.any_port = true};

static struct bytes url_of(const char *path)
{
	static char url[256];

	snprintf(url, sizeof(url), "http://127.0.0.1:%u%s", server.port, path);
	return bytes_from_str(url);
}

static void get(const struct fetch_policy *policy, struct bytes url, struct fetch_answer *answer)
{
	struct fetch_request request = {.id = 9,
		.redirects_max = 3,
		.timeout_ms = 5000,
		.body_max = 1000,
		.url = url,
		.headers = BYTES_LITERAL("X-Secret: s3\n")};
	struct transfer *transfer = transfer_new(policy);

	assert_non_null(transfer);
	transfer_run(transfer, &request, answer);
	assert_true(answer->id == 9);
	/* What it points to goes with the transfer: only sizes are looked at after this. */
	if (answer->body.size)
		assert_true(bytes_equal_str(answer->body, "hello") ||
			    bytes_equal_str(answer->body, "no"));
	transfer_free(transfer);
}

static void answers_come_with_their_status(void **state)
{
	struct fetch_answer answer;

	get(&as_asked, url_of("/hello"), &answer);
	assert_int_equal(answer.result, FETCH_OK);
	assert_int_equal(answer.status, 200);
	assert_int_equal(answer.body.size, 5);
	assert_int_equal(answer.content_type.size, 10);
	assert_non_null(strstr(server.request, "X-Secret: s3"));
	get(&as_asked, url_of("/missing"), &answer);
	assert_int_equal(answer.result, FETCH_OK);
	assert_int_equal(answer.status, 404);
}

/* All of them are this machine or a network that must not be seen; no connection may come. */
static void the_inside_is_refused(void **state)
{
	static const char *const hosts[] = {"127.0.0.1", "localhost", "2130706433", "0x7f000001",
		"0177.0.0.1", "127.1", "127.0.1", "0", "0.0.0.0", "[::1]", "[::]",
		"[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]", "[64:ff9b::7f00:1]",
		"[2002:7f00:1::]", "10.0.0.1", "192.168.0.1", "172.16.0.1", "169.254.169.254",
		"[fe80::1]", "[fd00:ec2::254]", "100.100.100.200", "168.63.129.16", "127.0.0.1.",
		"LOCALHOST"};
	int before = atomic_load(&server.connections);

	for (size_t i = 0; i < ARRAY_LEN(hosts); i++) {
		struct fetch_answer answer;
		char url[256];

		snprintf(url, sizeof(url), "http://%s:%u/hello", hosts[i], server.port);
		get(&nothing, bytes_from_str(url), &answer);
		/* Some are no address to libcurl, or have no route in name resolution. */
		if (answer.result != FETCH_REFUSED && answer.result != FETCH_UNREACHABLE)
			fail_msg("%s gives %d", url, (int)answer.result);
		assert_int_equal(answer.status, 0);
		if (i < 8)
			assert_int_equal(answer.result, FETCH_REFUSED);
	}
	assert_int_equal(atomic_load(&server.connections), before);
}

static void ports_and_schemes_are_refused(void **state)
{
	static const struct fetch_policy loopback = {.loopback = true};
	static const struct {
		const char *url;
		enum fetch_result result;
	} rows[] = {
		{"file:///etc/passwd", FETCH_REFUSED},
		{"ftp://127.0.0.1/", FETCH_REFUSED},
		{"gopher://127.0.0.1:70/_x", FETCH_REFUSED},
		{"dict://127.0.0.1:2628/", FETCH_REFUSED},
		{"http://user:word@127.0.0.1/", FETCH_BAD_REQUEST},
		{"127.0.0.1", FETCH_BAD_REQUEST},
		{"http://", FETCH_BAD_REQUEST},
		{"http://a b/", FETCH_BAD_REQUEST},
		{"javascript:alert(1)", FETCH_BAD_REQUEST},
	};
	struct fetch_answer answer;

	get(&loopback, url_of("/hello"), &answer);
	assert_int_equal(answer.result, FETCH_REFUSED);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		get(&as_asked, bytes_from_str(rows[i].url), &answer);
		if (answer.result != rows[i].result)
			fail_msg("%s gives %d", rows[i].url, (int)answer.result);
	}
}

static void redirects_are_counted_and_checked(void **state)
{
	struct fetch_answer answer;
	int before;

	get(&as_asked, url_of("/once"), &answer);
	assert_int_equal(answer.result, FETCH_OK);
	assert_int_equal(answer.status, 200);
	/* The header was for the first address only. */
	assert_null(strstr(server.request, "X-Secret"));
	before = atomic_load(&server.connections);
	get(&as_asked, url_of("/loop"), &answer);
	assert_int_equal(answer.result, FETCH_REFUSED);
	assert_int_equal(atomic_load(&server.connections), before + 4);
	get(&as_asked, url_of("/to-file"), &answer);
	assert_int_equal(answer.result, FETCH_REFUSED);
	get(&as_asked, url_of("/to-metadata"), &answer);
	assert_int_equal(answer.result, FETCH_REFUSED);
}

static void sizes_and_times_are_bounded(void **state)
{
	struct fetch_request request = {.timeout_ms = 300, .body_max = 4};
	struct transfer *transfer = transfer_new(&as_asked);
	struct fetch_answer answer;

	get(&as_asked, url_of("/endless"), &answer);
	assert_int_equal(answer.result, FETCH_TOO_LARGE);
	assert_int_equal(answer.body.size, 0);
	request.url = url_of("/hello");
	transfer_run(transfer, &request, &answer);
	assert_int_equal(answer.result, FETCH_TOO_LARGE);
	request.body_max = 5;
	transfer_run(transfer, &request, &answer);
	assert_int_equal(answer.result, FETCH_OK);
	request.url = url_of("/never");
	transfer_run(transfer, &request, &answer);
	assert_int_equal(answer.result, FETCH_TIMEOUT);
	transfer_free(transfer);
}

static void posts_carry_their_body(void **state)
{
	struct fetch_request request = {.method = FETCH_POST,
		.timeout_ms = 5000,
		.body_max = 100,
		.headers = BYTES_LITERAL("Content-Type: application/json\nX-Token: t\n"),
		.body = BYTES_LITERAL("{\"a\":\"end-of-body\"}")};
	struct transfer *transfer = transfer_new(&as_asked);
	struct fetch_answer answer;

	request.url = url_of("/hook");
	transfer_run(transfer, &request, &answer);
	assert_int_equal(answer.result, FETCH_OK);
	assert_non_null(strstr(server.request, "POST /hook HTTP/1.1\r\n"));
	assert_non_null(strstr(server.request, "Content-Type: application/json\r\n"));
	assert_non_null(strstr(server.request, "X-Token: t\r\n"));
	assert_non_null(strstr(server.request, "\r\n\r\n{\"a\":\"end-of-body\"}"));
	/* A redirect of a post is an answer. */
	request.url = url_of("/once");
	transfer_run(transfer, &request, &answer);
	assert_int_equal(answer.result, FETCH_OK);
	assert_int_equal(answer.status, 302);
	transfer_free(transfer);
}

static enum fetch_result send_letter(const struct fetch_policy *policy, const char *url)
{
	struct fetch_request request = {.method = FETCH_MAIL,
		.timeout_ms = 2000,
		.body_max = 100,
		.url = bytes_from_str(url),
		.headers = BYTES_LITERAL("From: <a@b.example>\nTo: <c@d.example>\n"),
		.body = BYTES_LITERAL("Subject: x\r\n\r\nhello\r\n")};
	struct transfer *transfer = transfer_new(policy);
	struct fetch_answer answer;

	transfer_run(transfer, &request, &answer);
	transfer_free(transfer);
	return answer.result;
}

static void letters_go_where_the_settings_say(void **state)
{
	char own[64], plain[64], starttls[64];
	struct fetch_policy named = {.named = own};
	int before = atomic_load(&server.connections);

	snprintf(own, sizeof(own), "127.0.0.1:%u", server.port);
	snprintf(plain, sizeof(plain), "smtp+plain://127.0.0.1:%u", server.port);
	snprintf(starttls, sizeof(starttls), "smtp://127.0.0.1:%u", server.port);
	/* Without TLS to a named address alone, whatever else is allowed. */
	assert_int_equal(send_letter(&as_asked, plain), FETCH_REFUSED);
	assert_int_equal(send_letter(&nothing, starttls), FETCH_REFUSED);
	assert_int_equal(send_letter(&as_asked, "http://127.0.0.1/"), FETCH_REFUSED);
	assert_int_equal(atomic_load(&server.connections), before);
	/* Reached, and no mail server. */
	assert_int_not_equal(send_letter(&named, plain), FETCH_REFUSED);
	assert_int_equal(send_letter(&named, "smtp+plain://127.0.0.2:25"), FETCH_REFUSED);
}

static enum fetch_result open_mailbox(
	const struct fetch_policy *policy, const char *url, const char *headers)
{
	struct fetch_request request = {.method = FETCH_MAILBOX,
		.timeout_ms = 500,
		.body_max = 100,
		.url = bytes_from_str(url),
		.headers = bytes_from_str(headers)};
	struct transfer *transfer = transfer_new(policy);
	struct fetch_answer answer;

	transfer_run(transfer, &request, &answer);
	assert_int_equal(answer.status, 0);
	transfer_free(transfer);
	return answer.result;
}

#define LOGIN "User: a\nPassword: b\n"
#define LIST LOGIN "Folder: INBOX\nDo: list\n"

static void mailboxes_are_where_the_settings_say(void **state)
{
	static const char *const no_requests[] = {"", LOGIN "Do: list\n", LOGIN "Folder: a\n",
		LOGIN "Folder: a\"b\nDo: list\n", LOGIN "Folder: a\nDo: lists\n",
		LOGIN "Folder: a\nDo: read\n", LOGIN "Folder: a\nDo: read 1:*\n",
		LOGIN "Folder: a\nDo: remove 1 2\n", LOGIN "Folder: a\nDo: move 1\n",
		LOGIN "Folder: a\nDo: move 1 b\\\n", LOGIN "Folder: a\nDo: read 123456789012\n"};
	char own[64], plain[64], starttls[64];
	struct fetch_policy named = {.named = own};
	int before = atomic_load(&server.connections);

	snprintf(own, sizeof(own), "127.0.0.1:%u", server.port);
	snprintf(plain, sizeof(plain), "imap+plain://127.0.0.1:%u", server.port);
	snprintf(starttls, sizeof(starttls), "imap://127.0.0.1:%u", server.port);
	assert_int_equal(open_mailbox(&as_asked, plain, LIST), FETCH_REFUSED);
	assert_int_equal(open_mailbox(&nothing, starttls, LIST), FETCH_REFUSED);
	assert_int_equal(open_mailbox(&as_asked, "smtp://127.0.0.1/", LIST), FETCH_REFUSED);
	assert_int_equal(open_mailbox(&as_asked, "http://127.0.0.1/", LIST), FETCH_REFUSED);
	assert_int_equal(send_letter(&as_asked, "imap://127.0.0.1/"), FETCH_REFUSED);
	for (size_t i = 0; i < ARRAY_LEN(no_requests); i++)
		assert_int_equal(open_mailbox(&named, plain, no_requests[i]), FETCH_BAD_REQUEST);
	assert_int_equal(atomic_load(&server.connections), before);
	/* Reached, and it says nothing. */
	assert_int_equal(open_mailbox(&named, plain, LIST), FETCH_TIMEOUT);
	assert_int_equal(open_mailbox(&named, starttls, LIST), FETCH_TIMEOUT);
}

static void the_environment_names_no_proxy(void **state)
{
	struct fetch_answer answer;

	setenv("http_proxy", "http://127.0.0.1:1", 1);
	setenv("ALL_PROXY", "http://127.0.0.1:1", 1);
	get(&as_asked, url_of("/hello"), &answer);
	assert_int_equal(answer.result, FETCH_OK);
	unsetenv("http_proxy");
	unsetenv("ALL_PROXY");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_come_with_their_status),
		cmocka_unit_test(the_inside_is_refused),
		cmocka_unit_test(ports_and_schemes_are_refused),
		cmocka_unit_test(redirects_are_counted_and_checked),
		cmocka_unit_test(sizes_and_times_are_bounded),
		cmocka_unit_test(posts_carry_their_body),
		cmocka_unit_test(letters_go_where_the_settings_say),
		cmocka_unit_test(mailboxes_are_where_the_settings_say),
		cmocka_unit_test(the_environment_names_no_proxy),
	};
	struct err err = {0};
	int rc;

	if (transfer_global_init(&err) < 0) {
		fprintf(stderr, "%s\n", err.text);
		return 1;
	}
	test_server_start(&server);
	rc = cmocka_run_group_tests_name("fetch/transfer", tests, NULL, NULL);
	test_server_stop(&server);
	return rc;
}
