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
#include "core/bots/service_bot.h"
#include "net/http_server.h"
#include "net/listener.h"
#include "store/executor.h"

#define TOKEN "1000000:abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ"
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

struct making {
	struct executor_job job;
	struct world *world;
	struct arena arena;
	struct effects *effects;
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

static int make_run(struct executor_job *base, struct store *store)
{
	struct making *making = LIST_OWNER(base, struct making, job);
	struct call call = {.arena = &making->arena,
		.store = store,
		.env = &making->world->env,
		.now_s = clock_unix_s(&clock_system),
		.effects = making->effects};

	service_bot_make(&call);
	return 0;
}

static void make_finish(struct executor_job *base, bool ok)
{
	struct making *making = LIST_OWNER(base, struct making, job);

	assert_true(ok);
	effects_release(making->effects);
	arena_release(&making->arena);
	free(making);
}

/* The jobs of requests come behind it. */
static void make_account(struct world *w)
{
	struct making *making = calloc(1, sizeof(*making));

	making->job.run = make_run;
	making->job.finish = make_finish;
	making->world = w;
	making->effects = effects_new();
	arena_init(&making->arena);
	executor_submit(w->writer, &making->job);
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
	make_account(w);
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
	static const char me[] =
		"{\"ok\":true,\"result\":{\"id\":1000000,\"is_bot\":true,"
		"\"first_name\":\"Lontar \\\"quoted\\\"\",\"username\":\"lontar_bot\","
		"\"can_join_groups\":true,\"can_read_all_group_messages\":false,"
		"\"supports_inline_queries\":false}}";
	struct world *w = *state;

	expect(ask(w, "GET", "/bot" TOKEN "/getMe"), "200", me);
	expect(ask(w, "POST", "/bot" TOKEN "/GETME"), "200", me);
}

static void others_are_refused_as_the_bot_api_does(void **state)
{
	static const char unauthorized[] =
		"{\"ok\":false,\"error_code\":401,\"description\":\"Unauthorized\"}";
	static const char not_found[] =
		"{\"ok\":false,\"error_code\":404,\"description\":\"Not Found\"}";
	struct world *w = *state;

	expect(ask(w, "GET", "/bot1000000:abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPR/getMe"),
		"401", unauthorized);
	expect(ask(w, "GET", "/bot/getMe"), "401", unauthorized);
	expect(ask(w, "GET", "/bot" TOKEN "x/getMe"), "401", unauthorized);
	expect(ask(w, "POST", "/bot1000000:/executeOrders"), "401", unauthorized);
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

	write_token(w, TOKEN, 0644);
	assert_int_equal(bot_new(w->token, &host, &bot, &err), -1);
	write_token(w, "777000:abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ", 0600);
	assert_int_equal(bot_new(w->token, &host, &bot, &err), -1);
	write_token(w, "1000000:short", 0600);
	assert_int_equal(bot_new(w->token, &host, &bot, &err), -1);
	write_token(w, "", 0600);
	assert_int_equal(bot_new(w->token, &host, &bot, &err), -1);
	assert_int_equal(unlink(w->token), 0);
	assert_int_equal(bot_new(w->token, &host, &bot, &err), -1);
	assert_null(bot);
}

/* ---- Waiting ---- */

static int begin(struct world *w, const char *body)
{
	const int fd = dial(w);
	char out[512];

	snprintf(out, sizeof(out),
		"POST /bot" TOKEN "/getUpdates HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
		"Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
		strlen(body), body);
	assert_int_equal(send(fd, out, strlen(out), 0), (ssize_t)strlen(out));
	for (int i = 0; i < 20; i++)
		loop_step(w->loop, 10);
	return fd;
}

static bool is_answered(int fd)
{
	struct pollfd readable = {.fd = fd, .events = POLLIN};

	return poll(&readable, 1, 0) == 1;
}

static const char *end(struct world *w, int fd)
{
	static char in[4096];
	size_t size = 0;
	ssize_t got = 1;

	for (int i = 0; i < STEPS_MAX && got > 0; i++) {
		loop_step(w->loop, 10);
		while (got > 0 && is_answered(fd)) {
			got = recv(fd, in + size, sizeof(in) - 1 - size, 0);
			size += got > 0 ? (size_t)got : 0;
		}
	}
	close(fd);
	in[size] = 0;
	return in;
}

static void a_poll_waits_and_ends(void **state)
{
	static const char nothing[] = "{\"ok\":true,\"result\":[]}";
	struct world *w = *state;
	int first, second;

	expect(end(w, begin(w, "{}")), "200", nothing);
	first = begin(w, "{\"timeout\":1}");
	assert_false(is_answered(first));
	/* What wakes it has nothing for it: it goes on waiting. */
	bot_wake(w->bot);
	for (int i = 0; i < 20; i++)
		loop_step(w->loop, 10);
	assert_false(is_answered(first));
	for (int i = 0; i < 100; i++)
		loop_step(w->loop, 10);
	bot_beat(w->bot);
	expect(end(w, first), "200", nothing);

	first = begin(w, "{\"timeout\":50}");
	second = begin(w, "{\"timeout\":\"50\"}");
	assert_non_null(strstr(end(w, first), "\"error_code\":409"));
	assert_false(is_answered(second));
	bot_stop(w->bot);
	expect(end(w, second), "200", nothing);
	expect(end(w, begin(w, "{\"timeout\":50}")), "200", nothing);
}

static void who_goes_is_not_waited_for(void **state)
{
	struct world *w = *state;
	const int fd = begin(w, "{\"timeout\":50}");

	assert_false(is_answered(fd));
	close(fd);
	for (int i = 0; i < 20; i++)
		loop_step(w->loop, 10);
	/* Nobody is told that another came. */
	expect(end(w, begin(w, "{}")), "200", "{\"ok\":true,\"result\":[]}");
}

static void bodies_that_are_none_are_refused(void **state)
{
	struct world *w = *state;

	assert_non_null(strstr(end(w, begin(w, "[1]")), "\"error_code\":400"));
	assert_non_null(strstr(end(w, begin(w, "{\"offset\":")), "\"error_code\":400"));
	assert_non_null(strstr(end(w, begin(w, "{\"offset\":\"x\"}")), "OFFSET_INVALID"));
	assert_non_null(
		strstr(end(w, begin(w, "{\"allowed_updates\":{}}")), "ALLOWED_UPDATES_INVALID"));
}

#define DEEP "[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]" /* 16, and the body's own */
#define SHALLOW "[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]"

static void bodies_that_are_deep_are_refused(void **state)
{
	static const char nothing[] = "{\"ok\":true,\"result\":[]}";
	struct world *w = *state;

	expect(end(w, begin(w, "{\"x\":" SHALLOW "}")), "200", nothing);
	assert_non_null(strstr(end(w, begin(w, "{\"x\":" DEEP "}")), "\"error_code\":400"));
	/* Brackets in strings neither open nor close anything. */
	expect(end(w, begin(w, "{\"x\":\"\\\"[[[[[[[[[[[[[[[[[[\",\"y\":" SHALLOW "}")), "200",
		nothing);
	assert_non_null(strstr(
		end(w, begin(w, "{\"x\":\"\\\\]]]]\",\"y\":" DEEP "}")), "\"error_code\":400"));
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
		T(a_poll_waits_and_ends),
		T(who_goes_is_not_waited_for),
		T(bodies_that_are_none_are_refused),
		T(bodies_that_are_deep_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
