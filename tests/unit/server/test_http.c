/* SPDX-License-Identifier: Apache-2.0 */
/* Long polls over HTTP on a real messenger: their clients go at the worst moment. */
#include "live.h"

#include <arpa/inet.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "mtproto/wire.h"

#define POLLS 20
#define ANSWER_MS 20000

static struct live live;

static void ignore_failure(void *ctx, struct mtproto_client *client, int32_t code)
{
	(void)ctx;
	(void)client;
	(void)code;
}

static const struct mtproto_client_events events = {.failed = ignore_failure};

static int connection(void)
{
	struct sockaddr_in to = {.sin_family = AF_INET,
		.sin_port = htons(live.port),
		.sin_addr = {htonl(INADDR_LOOPBACK)}};
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof(to)), 0);
	return fd;
}

/* What the client has to say is the body of a request. */
static void post(int fd, struct buf *packet)
{
	struct buf request = {0};

	buf_printf(&request, "POST /api HTTP/1.1\r\nHost: x\r\nContent-Length: %zu\r\n\r\n",
		buf_size(packet));
	buf_append_bytes(&request, buf_bytes(packet));
	assert_int_equal(send(fd, buf_data(&request), buf_size(&request), MSG_NOSIGNAL),
		(ssize_t)buf_size(&request));
	buf_release(&request);
	buf_clear(packet);
}

static void post_wait(int fd, struct mtproto_client *client)
{
	uint8_t body[16] = {0};

	store_u32le(body, (uint32_t)WIRE_HTTP_WAIT);
	store_u32le(body + 12, 25000);
	mtproto_client_send(client, bytes_of(body, sizeof(body)), false);
	post(fd, client->out);
}

static bool is_answered(int fd)
{
	struct pollfd ready = {fd, POLLIN, 0};
	char head[16] = {0};

	return poll(&ready, 1, ANSWER_MS) == 1 &&
	       recv(fd, head, sizeof(head) - 1, 0) == sizeof(head) - 1 &&
	       strncmp(head, "HTTP/1.1 200", 12) == 0;
}

/* In one round of the loop a client goes and its next request comes: the connection that went must
 * be nobody's any more, and nothing that the session has may go by it. */
static void the_next_request_comes_as_the_last_one_goes(void **state)
{
	const struct mtproto_client_options options = {.kind = TRANSPORT_HTTP, .dc = 2};
	struct mtproto_client client;
	struct tester keyed;
	struct buf out = {0};
	int last, next = -1;

	(void)state;
	tester_open(&keyed, &live);
	mtproto_client_init(&client, &options, &events, NULL, &live.clock, &random_system, &out);
	mtproto_client_use_key(&client, &keyed.client.key, keyed.client.salt);
	last = connection();
	mtproto_client_ping(&client, 1);
	post(last, &out);
	assert_true(is_answered(last));
	for (int i = 0; i < POLLS; i++) {
		close(last);
		last = connection();
		post_wait(last, &client);
		next = connection();
		assert_int_equal(usleep(20000), 0);
		kill(live.pid, SIGSTOP);
		close(last);
		post_wait(next, &client);
		kill(live.pid, SIGCONT);
		last = next;
	}
	next = connection();
	mtproto_client_ping(&client, 2);
	post(next, &out);
	assert_true(is_answered(next));
	close(next);
	close(last);
	mtproto_client_release(&client);
	buf_release(&out);
	tester_close(&keyed);
}

static int set_up(void **state)
{
	(void)state;
	live_init(&live);
	live.in.settings.net_threads = 1;
	live_start(&live);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	live_stop(&live);
	live_release(&live);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_next_request_comes_as_the_last_one_goes),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
