/* SPDX-License-Identifier: Apache-2.0 */
/* The routes of the messenger's HTTP. */
#include "server/web.h"

#include "base/log.h"
#include "bot/bot.h"
#include "crypto/hash.h"
#include "net/listener.h"
#include "net/websocket.h"
#include "server/link.h"
#include "server/link_http.h"
#include "server/metrics.h"
#include "server/public_web.h"
#include "server/sealed.h"
#include "server/thread.h"
#include "server/vault_web.h"

static const char front_page[] =
	"<!doctype html><html lang=\"en\"><head><meta "
	"charset=\"utf-8\"><title>Lontar</title></head><body>"
	"<h1>This is a Lontar messenger.</h1>"
	"<p>It speaks the Telegram protocol: a Telegram client that knows this server's address "
	"and public key"
	" connects to it on this port. Ask whoever runs it for both.</p></body></html>\n";

/* Requests come in on network threads; which one, the loop knows. */
static struct net_thread *thread_of_loop(struct node *node, const struct loop *loop)
{
	for (int i = 0; i < node->thread_count; i++) {
		if (node->threads[i]->loop == loop)
			return node->threads[i];
	}
	return NULL;
}

static void sha1_of(const void *data, size_t size, uint8_t digest[20])
{
	hash_sha1(bytes_of(data, size), digest);
}

static void get_websocket(struct http_exchange *exchange, void *owner)
{
	struct node *node = owner;
	struct net_thread *thread = thread_of_loop(node, loop_current());

	if (!websocket_origin_allowed(&exchange->request, node->in.settings.origins)) {
		http_respond_error(exchange, 403);
		return;
	}
	if (!thread || websocket_accept(&exchange->request, "binary", sha1_of, &exchange->arena,
			       &exchange->response) < 0) {
		http_respond(exchange);
		return;
	}
	link_open_websocket(thread, exchange);
}

static void post_packet(struct http_exchange *exchange, void *owner)
{
	struct net_thread *thread = thread_of_loop(owner, loop_current());

	if (thread && link_http_knows_path(exchange->request.path))
		link_http_take(thread, exchange);
	else
		http_respond_error(exchange, 404);
}

static void options_packet(struct http_exchange *exchange, void *owner)
{
	if (link_http_knows_path(exchange->request.path))
		link_http_preflight(owner, exchange);
	else
		http_respond_error(exchange, 404);
}

static void get_front_page(struct http_exchange *exchange, void *owner)
{
	http_response_header(&exchange->response, "Content-Type", "text/html; charset=utf-8");
	http_response_header(&exchange->response, "Content-Security-Policy", "default-src 'none'");
	exchange->response.body_const = bytes_from_str(front_page);
	http_respond(exchange);
}

static void any_bot(struct http_exchange *exchange, void *owner)
{
	struct node *node = owner;

	bot_handle(node->bot, exchange);
}

static const struct http_route routes[] = {
	{HTTP_GET, "/apiws", get_websocket},
	{HTTP_POST, "/api", post_packet},
	{HTTP_POST, "/api:kind", post_packet},
	{HTTP_OPTIONS, "/api", options_packet},
	{HTTP_OPTIONS, "/api:kind", options_packet},
	{HTTP_GET, "/bot:token/:method", any_bot},
	{HTTP_POST, "/bot:token/:method", any_bot},
	{HTTP_GET, "/s/:name", public_web_get},
	{HTTP_GET, "/s/:name/:what", public_web_get},
	{HTTP_GET, "/vault", vault_web_hello},
	{HTTP_POST, "/vault/share", vault_web_share},
	{HTTP_GET, "/", get_front_page},
};

static void on_request(struct http_exchange *exchange, void *owner)
{
	http_route_dispatch(routes, ARRAY_LEN(routes), exchange, owner);
}

/* A packet may be longer than what anybody else posts. */
static size_t body_max(const struct http_request *head, void *owner)
{
	return link_http_knows_path(head->path) ? TRANSPORT_PACKET_MAX
						: http_limits_default.body_max;
}

/* ---- Metrics ---- */

static void get_metrics(struct http_exchange *exchange, void *owner)
{
	http_response_header(
		&exchange->response, "Content-Type", "text/plain; version=0.0.4; charset=utf-8");
	metrics_write(&exchange->response.body);
	http_respond(exchange);
}

/* Answered by a network thread once a read of both databases came back. */
struct health_job {
	struct executor_job job;
	struct http_exchange *exchange;
};

static int health_run(struct executor_job *job, struct store *store)
{
	db_schema_version(store_home(store));
	db_schema_version(store_square(store));
	return 0;
}

static void health_finish(struct executor_job *base, bool ok)
{
	struct health_job *job = LIST_OWNER(base, struct health_job, job);
	struct http_exchange *exchange = job->exchange;

	exchange->response.status = ok ? 200 : 503;
	http_response_header(&exchange->response, "Content-Type", "text/plain; charset=utf-8");
	exchange->response.body_const =
		bytes_from_str(ok ? "ok\n" : "a database does not answer\n");
	http_respond(exchange);
}

static void get_health(struct http_exchange *exchange, void *owner)
{
	struct node *node = owner;
	struct health_job *job = ARENA_NEW(&exchange->arena, struct health_job);

	job->job.run = health_run;
	job->job.finish = health_finish;
	job->exchange = exchange;
	executor_submit(node->readers, &job->job);
}

static const struct http_route metrics_routes[] = {
	{HTTP_GET, "/metrics", get_metrics},
	{HTTP_GET, "/healthz", get_health},
};

static void on_metrics_request(struct http_exchange *exchange, void *owner)
{
	http_route_dispatch(metrics_routes, ARRAY_LEN(metrics_routes), exchange, owner);
}

/* ---- Life ---- */

static void publish(void *ctx, struct effects *effects)
{
	node_publish(ctx, effects);
}

int web_open(struct node *node, struct err *err)
{
	http_server_init(&node->http, node->sealed ? sealed_on_request : on_request, node);
	node->http.head_ms = (uint32_t)node->in.settings.http_head_s * 1000;
	node->http.body_ms = node->conn_limits.unit_ms;
	node->http.body_rate = node->conn_limits.unit_rate;
	node->http.body_max = body_max;
	http_server_init(&node->metrics_http,
		node->sealed ? sealed_on_metrics_request : on_metrics_request, node);
	if (node->sealed)
		return 0;
	return bot_new(node->in.service_token,
		&(struct bot_host){
			.env = &node->env, .writer = node->writer, .deliver = publish, .ctx = node},
		&node->bot, err);
}

void web_listen_metrics(struct node *node)
{
	struct listener_config config = {.host = "127.0.0.1",
		.port = (uint16_t)node->in.settings.metrics_port,
		.conns_max = 64,
		.ops = &http_accept_ops,
		.owner = &node->metrics_http};
	struct err err = {0};

	if (!config.port)
		return;
	if (listener_check_free(config.host, config.port, &err) == 0)
		node->metrics_listener = listener_open(node->threads[0]->loop, &config, &err);
	if (!node->metrics_listener)
		log_warn("metrics_off", "no /metrics and /healthz: %s", err.text);
}

void web_close(struct node *node)
{
	bot_free(node->bot);
}
