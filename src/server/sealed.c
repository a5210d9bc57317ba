/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "server/sealed.h"

#include <signal.h>
#include <stdio.h>

#include "base/log.h"
#include "keeper/client.h"
#include "server/metrics.h"
#include "server/vault_web.h"

#define LOOK_NS 200000000L

static void say_sealed(struct http_exchange *exchange, struct node *node)
{
	struct keeper_hello hello;
	struct err err;

	if (keeper_client_hello(node->keeper, &hello, &err) < 0) {
		http_respond_error(exchange, 503);
		return;
	}
	exchange->response.status = 503;
	http_response_header(&exchange->response, "Content-Type", "text/plain; charset=utf-8");
	http_response_header(&exchange->response, "Retry-After", "30");
	buf_printf(&exchange->response.body,
		"sealed: waiting for custodians, %d of %d shares are there\n",
		keeper_hello_have(&hello), hello.threshold);
	http_respond(exchange);
}

static void get_metrics(struct http_exchange *exchange, void *owner)
{
	(void)owner;
	http_response_header(
		&exchange->response, "Content-Type", "text/plain; version=0.0.4; charset=utf-8");
	metrics_write(&exchange->response.body);
	http_respond(exchange);
}

static const struct http_route vault_routes[] = {
	{HTTP_GET, "/vault", vault_web_hello},
	{HTTP_POST, "/vault/share", vault_web_share},
};
static const struct http_route metrics_routes[] = {{HTTP_GET, "/metrics", get_metrics}};

static void dispatch(const struct http_route *routes, size_t count, struct http_exchange *exchange,
	struct node *node)
{
	const struct http_route *row;

	if (http_route_find(routes, count, &exchange->request, &row) == 200)
		row->handler(exchange, node);
	else
		say_sealed(exchange, node);
}

void sealed_on_request(struct http_exchange *exchange, void *owner)
{
	dispatch(vault_routes, ARRAY_LEN(vault_routes), exchange, owner);
}

void sealed_on_metrics_request(struct http_exchange *exchange, void *owner)
{
	dispatch(metrics_routes, ARRAY_LEN(metrics_routes), exchange, owner);
}

static void tell(const struct keeper_hello *hello)
{
	log_warn("sealed", "waiting for custodians: %d of %d shares are there",
		keeper_hello_have(hello), hello->threshold);
	printf("sealed shares=%d of=%d\n", keeper_hello_have(hello), hello->threshold);
	fflush(stdout);
}

bool sealed_wait(struct node *node, const sigset_t *mask)
{
	const struct timespec pause = {.tv_nsec = LOOK_NS};
	struct keeper_hello hello;
	struct err err;
	int told = -1;

	do {
		if (keeper_client_hello(node->keeper, &hello, &err) < 0) {
			log_error("keeper_gone", "%s: ending", err.text);
			return false;
		}
		if (hello.state != KEEPER_STATE_SEALED) {
			log_info("unsealed", "custodians have opened the vault");
			return true;
		}
		if (told != keeper_hello_have(&hello))
			tell(&hello);
		told = keeper_hello_have(&hello);
	} while (sigtimedwait(mask, NULL, &pause) < 0);
	return false;
}
