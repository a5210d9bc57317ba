/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Life of an exchange: read on the thread of its connection -> posted to the thread of its key, as
 * the connection may bring another key's packet next -> fed to mtproto as a connection of its own
 * -> answered from there, at once or when its time has come.
 * A packet without key stays: handshakes belong to the process.
 */
#include "server/link_http.h"

#include <stdlib.h>

#include "base/mem.h"
#include "net/websocket.h"
#include "server/link_private.h"

#define KEY_ID_SIZE 8

struct link_http {
	struct link *link;
	struct http_exchange *exchange; /* NULL once answered */
	uint64_t number;
	struct timer wait;
	struct deferred end;
	struct buf unused; /* mtproto's output once the exchange is gone */
};

/* In the exchange's arena: what the connection's thread knows of it. */
struct ticket {
	struct loop_task begin;
	struct http_exchange *exchange;
	struct net_thread *thread; /* of the key */
	uint64_t number;	   /* among all of the node */
};

struct gone {
	struct loop_task task;
	struct net_thread *thread;
	uint64_t number;
};

/* ---- The HTTP around it ---- */

/* Letters and words that Telegram's own paths have: w for browsers, a media front, test servers. */
bool link_http_knows_path(struct bytes path)
{
	static const char *const rests[] = {"", "w", "1", "w1", "_test", "w_test", "_test1",
		"w_test1", "w1_test", "_premium", "w_premium", "w1_premium", "w1_test_premium"};
	const size_t fixed = sizeof("/api") - 1;

	if (path.size < fixed || memcmp(path.data, "/api", fixed) != 0)
		return false;
	for (size_t i = 0; i < ARRAY_LEN(rests); i++)
		if (bytes_equal_str(bytes_of(path.data + fixed, path.size - fixed), rests[i]))
			return true;
	return false;
}

/* The pages that may open a WebSocket may also read what is answered here. */
static void allow_page(struct http_exchange *exchange)
{
	struct bytes origin = http_header(&exchange->request, "Origin");

	if (!origin.data)
		return;
	http_response_header(&exchange->response, "Access-Control-Allow-Origin",
		arena_printf(
			&exchange->arena, "%.*s", (int)origin.size, (const char *)origin.data));
	http_response_header(&exchange->response, "Vary", "Origin");
}

static bool page_is_welcome(const struct node *node, const struct http_exchange *exchange)
{
	return websocket_origin_allowed(&exchange->request, node->in.settings.origins);
}

void link_http_preflight(const struct node *node, struct http_exchange *exchange)
{
	struct http_response *response = &exchange->response;

	if (!page_is_welcome(node, exchange)) {
		http_respond_error(exchange, 403);
		return;
	}
	allow_page(exchange);
	http_response_header(response, "Access-Control-Allow-Methods", "POST, OPTIONS");
	http_response_header(response, "Access-Control-Allow-Headers", "content-type");
	http_response_header(response, "Access-Control-Max-Age", "86400");
	response->status = 204;
	http_respond(exchange);
}

static void refuse(struct http_exchange *exchange, int status)
{
	http_response_error(&exchange->response, status);
	allow_page(exchange);
	http_respond(exchange);
}

/* ---- The end ---- */

bool link_http_is_open(const struct link_http *http)
{
	return http->exchange;
}

void link_http_free(struct link_http *http)
{
	if (http)
		buf_release(&http->unused);
	free(http);
}

/* When no callback of mtproto's runs. */
static void end_run(struct deferred *deferred)
{
	struct link *link = LIST_OWNER(deferred, struct link_http, end)->link;

	mtproto_conn_release(&link->mtproto);
	link_let_go(link);
}

/* Whoever answers takes the exchange: it is gone when the answer was handed on. From here on
 * mtproto must have nothing to say by this connection. */
static struct http_exchange *end(struct link *link)
{
	struct link_http *http = link->http;
	struct http_exchange *exchange = http->exchange;

	exchange->response.vouch = mtproto_conn_known(&link->mtproto);
	http->exchange = NULL;
	link->mtproto.out = &http->unused;
	timer_stop(&http->wait);
	map_remove(&link->thread->exchanges, http->number);
	loop_defer(link->thread->loop, &http->end, DEFER_CLEAN);
	return exchange;
}

static void answer(struct link *link)
{
	struct http_exchange *exchange = end(link);

	http_response_header(&exchange->response, "Content-Type", "application/octet-stream");
	http_response_header(&exchange->response, "Cache-Control", "no-store");
	allow_page(exchange);
	http_respond(exchange);
}

/* T6: over HTTP an error is a status, and nothing is in the body that counts. */
void link_http_output(struct link *link)
{
	int32_t error = link->mtproto.transport.error;

	if (!link->http->exchange)
		return;
	if (error)
		refuse(end(link), -error);
	else
		answer(link);
}

/* Where a connection would be closed without a word HTTP still owes an answer. */
void link_http_close(struct link *link)
{
	int32_t error = link->mtproto.transport.error;

	if (link->http->exchange)
		refuse(end(link), error ? -error : 400);
}

void link_http_settle(struct link *link)
{
	if (link->http->exchange && !mtproto_conn_is_awaited(&link->mtproto))
		answer(link);
}

void link_http_stop(struct net_thread *thread)
{
	size_t at = 0, count = 0;
	void **links = mem_zalloc(thread->exchanges.size, sizeof(*links));
	uint64_t number;

	while (map_next(&thread->exchanges, &at, &number, &links[count]))
		count++;
	while (count > 0) {
		struct link *link = links[--count];

		mtproto_conn_detach(&link->mtproto);
		refuse(end(link), 503);
	}
	free(links);
}

/* ---- Waiting ---- */

static void wait_over(struct timer *timer)
{
	struct link *link = LIST_OWNER(timer, struct link_http, wait)->link;

	mtproto_conn_wake(&link->mtproto);
	thread_flush_later(link->thread);
}

void link_wake_after(void *ctx, struct mtproto_conn *conn, int64_t delay_us)
{
	struct net_thread *thread = ctx;
	struct link *link = conn->user_data;

	loop_timer_start(thread->loop, &link->http->wait, (delay_us + 999) / 1000);
}

static void gone_run(struct loop_task *task)
{
	struct gone *gone = LIST_OWNER(task, struct gone, task);
	struct link *link = map_get(&gone->thread->exchanges, gone->number);

	free(gone);
	if (!link)
		return;
	/* Empty: what waits for the client goes to its next request, also if that comes in this
	 * round. */
	mtproto_conn_detach(&link->mtproto);
	answer(link);
}

static void on_gone(struct http_exchange *exchange)
{
	const struct ticket *ticket = exchange->user;
	struct gone *gone;

	if (ticket->thread->node->stopping)
		return;
	gone = MEM_NEW(struct gone);
	gone->task.run = gone_run;
	gone->thread = ticket->thread;
	gone->number = ticket->number;
	loop_post(ticket->thread->loop, &gone->task);
}

/* ---- The beginning ---- */

static void begin(struct net_thread *thread, struct http_exchange *exchange, uint64_t number)
{
	struct link *link = link_new(thread, &exchange->request.peer);
	struct link_http *http = MEM_NEW(struct link_http);
	struct bytes body = exchange->request.body;

	link->http = http;
	http->link = link;
	http->exchange = exchange;
	http->number = number;
	timer_init(&http->wait, wait_over);
	deferred_init(&http->end, end_run);
	map_put(&thread->exchanges, number, link);
	mtproto_conn_init(&link->mtproto, &thread->mtproto, TRANSPORT_EXCHANGE,
		&exchange->response.body, link);
	mtproto_conn_feed(&link->mtproto, body.data, body.size);
	link_settle(link);
}

static void begin_run(struct loop_task *task)
{
	struct ticket *ticket = LIST_OWNER(task, struct ticket, begin);

	if (ticket->thread->node->stopping)
		refuse(ticket->exchange, 503);
	else
		begin(ticket->thread, ticket->exchange, ticket->number);
}

void link_http_take(struct net_thread *here, struct http_exchange *exchange)
{
	struct bytes body = exchange->request.body;
	struct ticket *ticket = ARENA_NEW(&exchange->arena, struct ticket);
	uint64_t key_id;

	if (here->node->stopping) {
		refuse(exchange, 503);
		return;
	}
	if (!page_is_welcome(here->node, exchange)) {
		http_respond_error(exchange, 403);
		return;
	}
	if (body.size < KEY_ID_SIZE) {
		refuse(exchange, 400);
		return;
	}
	ticket->begin.run = begin_run;
	ticket->exchange = exchange;
	key_id = load_u64le(body.data);
	ticket->thread = key_id ? node_thread_of_key(here->node, key_id) : here;
	ticket->number = (uint64_t)here->index << 48 | ++here->exchanges_taken;
	exchange->user = ticket;
	exchange->on_gone = on_gone;
	if (ticket->thread == here)
		begin_run(&ticket->begin);
	else
		loop_post(ticket->thread->loop, &ticket->begin);
}
