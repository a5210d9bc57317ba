/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. Pages and files that need no token are in public.c. */
#include "desk/service.h"

#include <stdlib.h>
#include <strings.h>

#include "base/log.h"
#include "base/mem.h"
#include "desk/decisions.h"
#include "desk/form.h"
#include "desk/public.h"
#include "store/square_desk_cases.h"
#include "store/square_desk_orders.h"

#define TICK_MS 1000
#define SOON_MS 20 /* how often an execution is looked for while somebody waits for it */

/* ---- Routes ---- */

enum need { NEED_ANYBODY, NEED_FILER, NEED_CASES, NEED_DECIDER, NEED_REVERSER };
enum writes { READS, WRITES };

#define API_ROUTES(R)                                                                              \
	R(HTTP_POST, "/api/notices", desk_notice_file, NEED_FILER, WRITES)                         \
	R(HTTP_GET, "/api/notices/:id", desk_notice_show, NEED_ANYBODY, READS)                     \
	R(HTTP_GET, "/api/cases", desk_cases_list, NEED_CASES, READS)                              \
	R(HTTP_GET, "/api/cases/:id", desk_case_show, NEED_CASES, READS)                           \
	R(HTTP_POST, "/api/cases/:id/claim", desk_case_claim, NEED_DECIDER, WRITES)                \
	R(HTTP_POST, "/api/cases/:id/release", desk_case_release, NEED_CASES, WRITES)              \
	R(HTTP_POST, "/api/cases/:id/decide", desk_case_decide, NEED_DECIDER, WRITES)              \
	R(HTTP_POST, "/api/cases/:id/reverse", desk_case_reverse, NEED_REVERSER, WRITES)           \
	R(HTTP_GET, "/api/sop", desk_sop_show, NEED_ANYBODY, READS)

#define AS_HTTP(method, pattern, run, need, writes) {method, pattern, NULL},
#define AS_API(method, pattern, run, need, writes) {run, need, writes},
static const struct http_route http_rows[] = {API_ROUTES(AS_HTTP)};
static const struct {
	void (*run)(struct ask *ask, struct reply *reply);
	enum need need;
	enum writes writes;
} api_rows[] = {API_ROUTES(AS_API)};

static bool may(const struct ask *ask, enum need need)
{
	switch (need) {
	case NEED_ANYBODY:
		return true;
	case NEED_FILER:
		return principal_files_notices(&ask->who);
	case NEED_CASES:
		return principal_sees_cases(&ask->who);
	case NEED_DECIDER:
		return principal_decides(&ask->who, &ask->desk->sop);
	case NEED_REVERSER:
		return principal_reverses(&ask->who, &ask->desk->sop);
	}
	return false;
}

static bool read_id(const struct http_request *request, int64_t *out)
{
	struct bytes text = http_param(request, "id");

	*out = 0;
	if (!text.data)
		return true;
	if (text.size == 0 || text.size > 18)
		return false;
	for (size_t i = 0; i < text.size; i++) {
		if (text.data[i] < '0' || text.data[i] > '9')
			return false;
		*out = *out * 10 + (text.data[i] - '0');
	}
	return true;
}

/* The scheme is compared without case, RFC 9110 section 11.1. */
static struct bytes bearer(const struct http_request *request)
{
	static const char scheme[] = "Bearer ";
	struct bytes value = http_header(request, "Authorization");

	if (!value.data || value.size < sizeof(scheme) ||
		strncasecmp((const char *)value.data, scheme, sizeof(scheme) - 1) != 0)
		return bytes_of(NULL, 0);
	return bytes_of(value.data + sizeof(scheme) - 1, value.size - (sizeof(scheme) - 1));
}

static void run_row(
	struct ask *ask, const struct http_request *request, size_t row, struct reply *reply)
{
	struct bytes token = bearer(request);

	if (!token.data || !principal_find(ask->db, ask->arena, token, &ask->who))
		reply_error(reply, 401, "a valid token is needed: Authorization: Bearer TOKEN");
	else if (!may(ask, api_rows[row].need))
		reply_error(reply, 403, "your role may not do this");
	else if (!read_id(request, &ask->id))
		reply_error(reply, 404, "there is no such number");
	else
		api_rows[row].run(ask, reply);
}

static void follow_ledger(struct service *service)
{
	struct err err = {0};

	service->ledger_behind =
		ledger_follow(&service->desk->ledger, service->desk->reader, &err) < 0;
	if (service->ledger_behind)
		log_error("ledger_behind", "%s", err.text);
}

bool service_api(struct service *service, struct arena *arena, struct http_request *request,
	struct reply *reply)
{
	struct desk *desk = service->desk;
	const struct http_route *route;
	struct ask ask = {.desk = desk,
		.arena = arena,
		.now_s = clock_unix_s(desk->clock),
		.query = request->query,
		.body = request->body};
	int found = http_route_find(http_rows, ARRAY_LEN(http_rows), request, &route);
	size_t row;

	*reply = (struct reply){.status = 200};
	if (found == 404)
		return false;
	if (found != 200) {
		reply_error(reply, found, "this address does not take this method");
		return true;
	}
	row = (size_t)(route - http_rows);
	ask.db = api_rows[row].writes == WRITES ? desk->writer : desk->reader;
	db_begin(ask.db);
	run_row(&ask, request, row, reply);
	if (db_commit(ask.db) < 0) {
		json_decref(reply->body);
		*reply = (struct reply){.status = 500};
		reply_error(reply, 500, "the desk's database failed; nothing was changed");
	}
	if (reply->order_id) {
		/* The messenger first: the ledger's files take a few syncs. */
		if (service->courier)
			courier_kick(service->courier);
		follow_ledger(service);
	}
	return true;
}

/* ---- Answers ---- */

struct waiting {
	struct list node;
	struct http_exchange *exchange;
	struct reply reply;
	int64_t until_ms;
};

static void answer(struct http_exchange *exchange, struct reply *reply)
{
	char *text = json_dumps(reply->body, JSON_COMPACT);

	exchange->response.status = reply->status;
	http_response_header(&exchange->response, "Content-Type", "application/json");
	http_response_header(&exchange->response, "Cache-Control", "no-store");
	http_response_header(&exchange->response, "X-Content-Type-Options", "nosniff");
	if (reply->status == 401)
		http_response_header(&exchange->response, "WWW-Authenticate", "Bearer");
	buf_append_str(&exchange->response.body, text ? text : "{}");
	buf_append_str(&exchange->response.body, "\n");
	free(text);
	json_decref(reply->body);
	http_respond(exchange);
}

/* The order's state as of now goes into the answer, and whether the clock was met. */
static bool add_order(struct service *service, struct waiting *w)
{
	struct desk *desk = service->desk;
	struct ask ask = {.desk = desk, .db = desk->reader, .arena = &w->exchange->arena};
	struct desk_statement s;
	struct desk_case c;
	json_t *order;
	bool executed = false;

	db_begin(ask.db);
	order = desk_order_json(&ask, w->reply.order_id);
	if (desk_statement_get(ask.db, ask.arena, w->reply.order_id, &s)) {
		executed = s.executed_at != 0;
		if (desk_case_get(ask.db, ask.arena, s.case_id, &c))
			json_object_set_new(w->reply.body, "met",
				c.met < 0 ? json_null() : json_boolean(c.met));
	}
	db_rollback(ask.db);
	json_object_set_new(w->reply.body, "order", order);
	return executed;
}

static void answer_waiting(struct service *service, bool all)
{
	int64_t now_ms = clock_monotonic_us(service->desk->clock) / 1000;

	LIST_EACH_SAFE (it, &service->waiting) {
		struct waiting *w = LIST_OWNER(it, struct waiting, node);

		if (!add_order(service, w) && now_ms < w->until_ms && !all)
			continue;
		list_remove(&w->node);
		answer(w->exchange, &w->reply);
		free(w);
	}
	if (!list_empty(&service->waiting))
		loop_timer_start(service->loop, &service->soon, SOON_MS);
}

void service_settle(void *ctx)
{
	struct service *service = ctx;

	desk_orders_settle(service->desk);
	answer_waiting(service, false);
}

static void wait_for_order(
	struct service *service, struct http_exchange *exchange, const struct reply *reply)
{
	struct waiting *w = MEM_NEW(struct waiting);

	w->exchange = exchange;
	w->reply = *reply;
	w->until_ms = clock_monotonic_us(service->desk->clock) / 1000 + SERVICE_WAIT_MS;
	list_append(&service->waiting, &w->node);
	loop_timer_start(service->loop, &service->soon, SOON_MS);
}

static void on_request(struct http_exchange *exchange, void *owner)
{
	struct service *service = owner;
	struct reply reply;

	if (!service_api(service, &exchange->arena, &exchange->request, &reply))
		public_dispatch(service, exchange);
	else if (reply.order_id)
		wait_for_order(service, exchange, &reply);
	else
		answer(exchange, &reply);
}

static size_t body_max(const struct http_request *head, void *owner)
{
	return FORM_BODY_MAX;
}

/* ---- Time ---- */

static void on_soon(struct timer *timer)
{
	service_settle(LIST_OWNER(timer, struct service, soon));
}

static bool orders_wait(struct desk *desk)
{
	bool waiting;

	db_begin(desk->reader);
	waiting = desk_orders_waiting(desk->reader);
	db_rollback(desk->reader);
	return waiting;
}

static void on_tick(struct timer *timer)
{
	struct service *service = LIST_OWNER(timer, struct service, tick);

	loop_timer_start(service->loop, &service->tick, TICK_MS);
	service_settle(service);
	if (service->ledger_behind)
		follow_ledger(service);
	/* Whatever was not executed yet, also from before a restart. */
	if (service->courier && orders_wait(service->desk))
		courier_kick(service->courier);
	if (service->watch)
		watch_look(service->watch, service->desk);
}

void service_init(struct service *service, struct desk *desk, struct loop *loop)
{
	struct arena arena;

	*service = (struct service){.desk = desk, .loop = loop};
	list_init(&service->waiting);
	timer_init(&service->tick, on_tick);
	timer_init(&service->soon, on_soon);
	arena_init(&arena);
	service->verifier = strdup(checkpoint_verifier_text(&arena, &desk->ledger.signer));
	arena_release(&arena);
	if (!loop)
		return; /* only service_api() is used */
	http_server_init(&service->server, on_request, service);
	service->server.body_max = body_max;
	loop_timer_start(loop, &service->tick, 0);
}

void service_release(struct service *service)
{
	if (service->loop) {
		answer_waiting(service, true);
		timer_stop(&service->tick);
		timer_stop(&service->soon);
	}
	free(service->verifier);
	free(service->page);
	free(service->json);
	free(service->csv);
}
