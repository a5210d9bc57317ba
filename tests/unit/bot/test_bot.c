/* SPDX-License-Identifier: Apache-2.0 */
/* bot/bot.h over real HTTP on loopback, with the write executor on real databases: who is let in,
 * and that orders are executed and on disk before the answer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bot/bot.h"
#include "net/http_server.h"
#include "net/listener.h"
#include "store/executor.h"

#define TOKEN "777000:abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ"
#define STEPS_MAX 3000

struct world {
	char dir[64], home[96], square[96], token[96];
	struct store_paths paths;
	struct vault *vault;
	struct executor *writer;
	struct core_env env;
	struct loop *loop;
	struct listener *listener;
	struct http_server server;
	struct bot *bot;
	_Atomic int delivered;
	bool from_afar; /* requests arrive as if from another machine */
	size_t blocks_before;
};

static void deliver(void *ctx, struct effects *effects)
{
	struct world *w = ctx;

	w->delivered++;
	effects_release(effects);
}

static void on_request(struct http_exchange *exchange, void *owner)
{
	struct world *w = owner;

	if (w->from_afar)
		assert_int_equal(
			address_parse(&exchange->request.peer, "203.0.113.9", 1234, NULL), 0);
	bot_handle(w->bot, exchange);
}

static void write_token(struct world *w, const char *text, mode_t mode)
{
	const int fd = open(w->token, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	assert_int_equal(fchmod(fd, mode), 0);
	close(fd);
}

static int set_up(void **state)
{
	struct world *w = calloc(1, sizeof(*w));
	struct listener_config config = {
		.host = "127.0.0.1", .ops = &http_accept_ops, .owner = &w->server};
	struct bot_host host = {.env = &w->env, .deliver = deliver, .ctx = w};
	uint8_t root[VAULT_ROOT_SIZE];

	w->blocks_before = arena_blocks_alive();
	snprintf(w->dir, sizeof(w->dir), "/tmp/lontar-bot-XXXXXX");
	assert_non_null(mkdtemp(w->dir));
	snprintf(w->home, sizeof(w->home), "%s/home.db", w->dir);
	snprintf(w->square, sizeof(w->square), "%s/square.db", w->dir);
	snprintf(w->token, sizeof(w->token), "%s/service.token", w->dir);
	w->paths = (struct store_paths){w->home, w->square};
	random_fill(&random_system, root, sizeof(root));
	w->vault = vault_new(root, NULL);
	assert_int_equal(store_migrate(&w->paths, NULL), 0);
	assert_int_equal(executor_new_writer(&w->paths, w->vault, &w->writer, NULL), 0);
	w->env = (struct core_env){
		.clock = &clock_system, .random = &random_system, .name = "Lontar \"quoted\""};
	host.writer = w->writer;
	write_token(w, TOKEN "\n", 0600);
	assert_int_equal(bot_new(w->token, &host, &w->bot, NULL), 0);
	w->loop = loop_new(NULL);
	http_server_init(&w->server, on_request, w);
	w->listener = listener_open(w->loop, &config, NULL);
	assert_non_null(w->listener);
	*state = w;
	return 0;
}

static int tear_down(void **state)
{
	struct world *w = *state;
	char command[128];

	executor_free(w->writer);
	listener_close(w->listener);
	loop_free(w->loop);
	bot_free(w->bot);
	vault_free(w->vault);
	assert_int_equal(arena_blocks_alive(), w->blocks_before);
	snprintf(command, sizeof(command), "rm -rf %s", w->dir);
	assert_int_equal(system(command), 0);
	free(w);
	return 0;
}

static int dial(struct world *w)
{
	struct sockaddr_in to = {.sin_family = AF_INET,
		.sin_port = htons(listener_port(w->listener)),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	const int fd = socket(AF_INET, SOCK_STREAM, 0);

	assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof(to)), 0);
	return fd;
}

/* The whole response to one request, in static memory. */
static const char *ask(struct world *w, const char *method, const char *path)
{
	static char in[4096];
	char out[512];
	const int fd = dial(w);
	struct pollfd readable = {.fd = fd, .events = POLLIN};
	size_t size = 0;
	ssize_t got = 1;

	snprintf(out, sizeof(out), "%s %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", method,
		path);
	assert_int_equal(send(fd, out, strlen(out), 0), (ssize_t)strlen(out));
	for (int i = 0; i < STEPS_MAX && got > 0; i++) {
		loop_step(w->loop, 10);
		while (got > 0 && poll(&readable, 1, 0) == 1) {
			got = recv(fd, in + size, sizeof(in) - 1 - size, 0);
			size += got > 0 ? (size_t)got : 0;
		}
	}
	assert_int_equal(got, 0);
	close(fd);
	in[size] = 0;
	return in;
}

static void expect(const char *response, const char *status, const char *body)
{
	const char *start = strstr(response, "\r\n\r\n");

	assert_true(strncmp(response, "HTTP/1.1 ", 9) == 0);
	assert_true(strncmp(response + 9, status, 3) == 0);
	assert_non_null(start);
	assert_string_equal(start + 4, body);
}

static void insert_order(struct world *w, int id)
{
	struct db *db;

	assert_int_equal(db_open(w->square, DB_WRITE, &db, NULL), 0);
	db_begin(db);
	db_run(db,
		"INSERT INTO orders (id, case_id, channel, post, action, countries, text, reason,"
		" letter, created_at) VALUES (?1, 1, 1, 0, 'remove', NULL, 't', 'r', 'l', 1)",
		DB_INT(id));
	assert_int_equal(db_commit(db), 0);
	db_close(db);
}

static void the_token_lets_in(void **state)
{
	struct world *w = *state;

	expect(ask(w, "GET", "/bot" TOKEN "/getMe"), "200",
		"{\"ok\":true,\"result\":{\"id\":777000,\"is_bot\":true,"
		"\"first_name\":\"Lontar \\\"quoted\\\"\"}}");
	expect(ask(w, "POST", "/bot" TOKEN "/GETME"), "200",
		"{\"ok\":true,\"result\":{\"id\":777000,\"is_bot\":true,"
		"\"first_name\":\"Lontar \\\"quoted\\\"\"}}");
}

static void others_are_refused_as_the_bot_api_does(void **state)
{
	static const char unauthorized[] =
		"{\"ok\":false,\"error_code\":401,\"description\":\"Unauthorized\"}";
	static const char not_found[] =
		"{\"ok\":false,\"error_code\":404,\"description\":\"Not Found\"}";
	struct world *w = *state;

	expect(ask(w, "GET", "/bot777000:abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPR/getMe"), "401",
		unauthorized);
	expect(ask(w, "GET", "/bot/getMe"), "401", unauthorized);
	expect(ask(w, "GET", "/bot" TOKEN "x/getMe"), "401", unauthorized);
	expect(ask(w, "POST", "/bot777000:/executeOrders"), "401", unauthorized);
	expect(ask(w, "GET", "/bot" TOKEN "/getSomething"), "404", not_found);
	expect(ask(w, "GET", "/bot" TOKEN "/"), "404", not_found);
	expect(ask(w, "GET", "/bot" TOKEN), "404", not_found);
	expect(ask(w, "GET", "/other"), "404", not_found);
	expect(ask(w, "DELETE", "/bot" TOKEN "/getMe"), "405",
		"{\"ok\":false,\"error_code\":405,\"description\":\"Method Not Allowed\"}");
}

static void orders_are_executed_before_the_answer(void **state)
{
	struct world *w = *state;
	const char *response;
	struct db *db;

	insert_order(w, 5);
	insert_order(w, 4);
	response = ask(w, "POST", "/bot" TOKEN "/executeOrders");
	assert_non_null(strstr(response,
		"{\"ok\":true,\"result\":{\"executed\":[{\"id\":4,\"outcome\":\"no such channel\","
		"\"executed_at\":"));
	assert_non_null(strstr(response, "},{\"id\":5,"));
	assert_non_null(strstr(response, "\"more\":false"));
	assert_int_equal(w->delivered, 1);
	assert_int_equal(db_open(w->square, DB_READ, &db, NULL), 0);
	db_begin(db);
	assert_int_equal(
		db_get_int(db, -1, "SELECT count(*) FROM orders WHERE executed_at > 0"), 2);
	db_rollback(db);
	db_close(db);
	expect(ask(w, "POST", "/bot" TOKEN "/executeOrders"), "200",
		"{\"ok\":true,\"result\":{\"executed\":[],\"more\":false}}");
}

static void strangers_see_nothing(void **state)
{
	struct world *w = *state;

	w->from_afar = true;
	insert_order(w, 1);
	expect(ask(w, "POST", "/bot" TOKEN "/executeOrders"), "404",
		"{\"ok\":false,\"error_code\":404,\"description\":\"Not Found\"}");
	assert_int_equal(w->delivered, 0);
	w->from_afar = false;
	assert_non_null(strstr(ask(w, "POST", "/bot" TOKEN "/executeOrders"), "\"id\":1"));
}

static void a_token_that_others_can_read_is_refused(void **state)
{
	struct world *w = *state;
	struct bot_host host = {.env = &w->env, .writer = w->writer};
	struct bot *bot = NULL;
	struct err err;

	write_token(w, TOKEN, 0640);
	assert_int_equal(bot_new(w->token, &host, &bot, &err), -1);
	write_token(w, "777001:abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ", 0600);
	assert_int_equal(bot_new(w->token, &host, &bot, &err), -1);
	write_token(w, "777000:short", 0600);
	assert_int_equal(bot_new(w->token, &host, &bot, &err), -1);
	write_token(w, "", 0600);
	assert_int_equal(bot_new(w->token, &host, &bot, &err), -1);
	assert_int_equal(unlink(w->token), 0);
	assert_int_equal(bot_new(w->token, &host, &bot, &err), -1);
	assert_null(bot);
}

#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(the_token_lets_in),
		T(others_are_refused_as_the_bot_api_does),
		T(orders_are_executed_before_the_answer),
		T(strangers_see_nothing),
		T(a_token_that_others_can_read_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
