/* SPDX-License-Identifier: Apache-2.0 */
/* With the real lontar-fetch of this build, in its cage. Argument: the folder it lies in. */
#include "../unit.h"

#include "fetch/client.h"
#include "server.h"

static const char *programs;
static struct test_server server;

static void ask(struct fetcher *fetcher, const char *host, struct fetch_answer *answer)
{
	char url[256];
	struct fetch_request request = {.timeout_ms = 5000, .body_max = 1000};
	struct err err = {0};

	snprintf(url, sizeof(url), "http://%s:%u/hello", host, server.port);
	request.url = bytes_from_str(url);
	if (fetcher_ask(fetcher, &request, answer, &err) < 0)
		fail_msg("%s", err.text);
}

static void one_process_answers_many(void **state)
{
	static const struct fetch_policy policy = {.loopback = true, .any_port = true};
	struct fetcher *fetcher = fetcher_start(programs, &policy, NULL);
	struct fetch_answer answer;

	assert_non_null(fetcher);
	for (int i = 0; i < 3; i++) {
		ask(fetcher, "127.0.0.1", &answer);
		assert_int_equal(answer.result, FETCH_OK);
		assert_int_equal(answer.status, 200);
		assert_true(bytes_equal_str(answer.body, "hello"));
	}
	/* By name: the resolver's files are in the cage. */
	ask(fetcher, "localhost", &answer);
	assert_int_equal(answer.result, FETCH_OK);
	ask(fetcher, "10.0.0.1", &answer);
	assert_int_equal(answer.result, FETCH_REFUSED);
	fetcher_stop(fetcher);
}

static void without_leave_the_inside_is_refused(void **state)
{
	static const struct fetch_policy none = {0}, any_port = {.any_port = true};
	int before = atomic_load(&server.connections);
	struct fetch_answer answer;
	struct fetcher *fetcher;

	fetcher = fetcher_start(programs, &none, NULL);
	assert_non_null(fetcher);
	ask(fetcher, "127.0.0.1", &answer);
	assert_int_equal(answer.result, FETCH_REFUSED);
	assert_true(answer.reason[0] != 0);
	fetcher_stop(fetcher);
	fetcher = fetcher_start(programs, &any_port, NULL);
	assert_non_null(fetcher);
	ask(fetcher, "localhost", &answer);
	assert_int_equal(answer.result, FETCH_REFUSED);
	fetcher_stop(fetcher);
	assert_int_equal(atomic_load(&server.connections), before);
}

static void bad_requests_are_answered(void **state)
{
	static const struct fetch_policy none = {0};
	struct fetcher *fetcher = fetcher_start(programs, &none, NULL);
	struct fetch_request request = {
		.timeout_ms = 1000, .body_max = 10, .url = BYTES_LITERAL("http://a/\r\nb")};
	struct fetch_answer answer;
	struct err err = {0};

	assert_int_equal(fetcher_ask(fetcher, &request, &answer, &err), 0);
	assert_int_equal(answer.result, FETCH_BAD_REQUEST);
	request.timeout_ms = FETCH_TIMEOUT_MAX_MS + 1;
	assert_int_equal(fetcher_ask(fetcher, &request, &answer, &err), -1);
	fetcher_stop(fetcher);
	assert_null(fetcher_start("/nowhere", &none, &err));
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_process_answers_many),
		cmocka_unit_test(without_leave_the_inside_is_refused),
		cmocka_unit_test(bad_requests_are_answered),
	};
	int rc;

	if (argc != 2) {
		fprintf(stderr, "usage: %s FOLDER\n", argv[0]);
		return 2;
	}
	programs = argv[1];
	test_server_start(&server);
	rc = cmocka_run_group_tests_name("fetch/client", tests, NULL, NULL);
	test_server_stop(&server);
	return rc;
}
