/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. Pages and files that need no token are in public.c. */
#include "desk/service.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "desk/cases/bulk.h"
#include "desk/cases/claims.h"
#include "desk/quality/accuracy.h"
#include "desk/appeals/appeals.h"
#include "desk/cases/clocks.h"
#include "desk/cases/contacts.h"
#include "desk/figures/daily.h"
#include "desk/cases/decisions.h"
#include "desk/lanes/form.h"
#include "desk/cases/holds.h"
#include "desk/lanes/http_signature.h"
#include "desk/cases/load.h"
#include "desk/cases/next.h"
#include "desk/lanes/notice_answers.h"
#include "desk/figures/public.h"
#include "desk/quality/quality.h"
#include "desk/figures/public_figures.h"
#include "desk/repeats.h"
#include "desk/lanes/reports.h"
#include "desk/people/sessions.h"
#include "desk/lanes/signed_ask.h"
#include "desk/quality/standing.h"
#include "desk/figures/statements.h"
#include "desk/letters/tell.h"
#include "desk/cases/talk.h"
#include "desk/cases/two_people.h"
#include "store/square_desk_cases.h"
#include "store/square_desk_orders.h"
#include "store/square_desk_people.h"

#define TICK_MS 1000
#define SOON_MS 20 /* how often an execution is looked for while somebody waits for it */

/* ---- Routes ---- */

/* BY_ITSELF: with transactions of its own, for whom nobody knows yet. */
enum writes { READS, WRITES, BY_ITSELF };

#define API_ROUTES(R)                                                                              \
	R(HTTP_POST, "/api/notices", desk_notice_file, ACT_NOTICE_FILE, WRITES)                    \
	R(HTTP_GET, "/api/forms", desk_forms_show, ACT_SOP_SEE, READS)                             \
	R(HTTP_POST, "/api/notices/:id/hold", desk_notice_hold, ACT_HOLD, WRITES)                  \
	R(HTTP_GET, "/api/notices/:id/answer", desk_notice_answer, ACT_NOTICE_SEE_OWN, READS)      \
	R(HTTP_GET, "/api/notices", desk_notices_list, ACT_NOTICE_SEE_OWN, READS)                  \
	R(HTTP_GET, "/api/notices/:id", desk_notice_show, ACT_NOTICE_SEE_OWN, READS)               \
	R(HTTP_GET, "/api/cases", desk_cases_list, ACT_CASES_SEE, READS)                           \
	R(HTTP_GET, "/api/cases/:id", desk_case_show, ACT_CASES_SEE, READS)                        \
	R(HTTP_POST, "/api/cases/:id/claim", desk_case_claim, ACT_CLAIM, WRITES)                   \
	R(HTTP_POST, "/api/cases/:id/release", desk_case_release, ACT_CASES_SEE, WRITES)           \
	R(HTTP_GET, "/api/queues", desk_queues_list, ACT_CASES_SEE, READS)                         \
	R(HTTP_POST, "/api/next", desk_next, ACT_CLAIM, WRITES)                                    \
	R(HTTP_POST, "/api/bulk", desk_bulk_show, ACT_BULK, WRITES)                                \
	R(HTTP_GET, "/api/bulk/:id", desk_bulk_progress, ACT_BULK, READS)                          \
	R(HTTP_POST, "/api/bulk/:id/decide", desk_bulk_decide, ACT_BULK, WRITES)                   \
	R(HTTP_POST, "/api/bulk/:id/undo", desk_bulk_undo, ACT_BULK, WRITES)                       \
	R(HTTP_GET, "/api/me/work", desk_me_work, ACT_OWN_ACCOUNT, READS)                          \
	R(HTTP_POST, "/api/cases/:id/renew", desk_case_renew, ACT_CLAIM, WRITES)                   \
	R(HTTP_POST, "/api/cases/:id/hand", desk_case_hand, ACT_CASES_SEE, WRITES)                 \
	R(HTTP_POST, "/api/cases/:id/snooze", desk_case_snooze, ACT_CLAIM, WRITES)                 \
	R(HTTP_POST, "/api/cases/:id/approve", desk_case_approve, ACT_DECIDE, WRITES)              \
	R(HTTP_POST, "/api/cases/:id/refuse", desk_case_refuse, ACT_DECIDE, WRITES)                \
	R(HTTP_POST, "/api/cases/:id/withdraw", desk_case_withdraw, ACT_DECIDE, WRITES)            \
	R(HTTP_POST, "/api/cases/:id/notes", desk_case_note, ACT_NOTE, WRITES)                     \
	R(HTTP_POST, "/api/cases/:id/ask", desk_case_ask, ACT_CLAIM, WRITES)                       \
	R(HTTP_POST, "/api/cases/:id/opinions", desk_case_opine, ACT_OPINION, WRITES)              \
	R(HTTP_POST, "/api/cases/:id/contact", desk_case_contact, ACT_CLAIM, WRITES)               \
	R(HTTP_POST, "/api/cases/:id/language", desk_case_language, ACT_NOTE, WRITES)              \
	R(HTTP_POST, "/api/cases/:id/preview", desk_case_preview, ACT_DECIDE, READS)               \
	R(HTTP_POST, "/api/cases/:id/decide", desk_case_decide, ACT_DECIDE, WRITES)                \
	R(HTTP_POST, "/api/cases/:id/reverse", desk_case_reverse, ACT_REVERSE, WRITES)             \
	R(HTTP_GET, "/api/statements.json", desk_statements_json, ACT_STATEMENTS_SEE, READS)       \
	R(HTTP_GET, "/api/statements.csv", desk_statements_csv, ACT_STATEMENTS_SEE, READS)         \
	R(HTTP_POST, "/api/cases/:id/pause", desk_case_pause, ACT_PAUSE, WRITES)                   \
	R(HTTP_POST, "/api/cases/:id/resume", desk_case_resume, ACT_PAUSE, WRITES)                 \
	R(HTTP_POST, "/api/notices/:id/clarification", desk_notice_clarify, ACT_NOTICE_SEE_OWN,    \
		WRITES)                                                                            \
	R(HTTP_POST, "/api/notices/:id/appeal", desk_notice_appeal, ACT_APPEAL_FILE, WRITES)       \
	R(HTTP_POST, "/api/notices/:id/quality", desk_notice_judge, ACT_DECIDE, WRITES)            \
	R(HTTP_GET, "/api/accuracy", desk_accuracy_show, ACT_ACCURACY_SEE, READS)                  \
	R(HTTP_GET, "/api/flaggers/:id/file", desk_flagger_file, ACT_NOTICE_SEE_OWN, READS)        \
	R(HTTP_POST, "/api/flaggers/:id/warn", desk_flagger_warn, ACT_STANDING, WRITES)            \
	R(HTTP_POST, "/api/flaggers/:id/suspend", desk_flagger_suspend, ACT_STANDING, WRITES)      \
	R(HTTP_POST, "/api/flaggers/:id/resume", desk_flagger_resume, ACT_STANDING, WRITES)        \
	R(HTTP_POST, "/api/reviews/next", desk_review_next, ACT_DECIDE, WRITES)                    \
	R(HTTP_POST, "/api/reviews/:id", desk_review_answer, ACT_DECIDE, WRITES)                   \
	R(HTTP_GET, "/api/quality", desk_quality_show, ACT_QUALITY_SEE, READS)                     \
	R(HTTP_GET, "/api/appeals", desk_appeals_list, ACT_CASES_SEE, READS)                       \
	R(HTTP_GET, "/api/appeals/:id", desk_appeal_show, ACT_CASES_SEE, READS)                    \
	R(HTTP_POST, "/api/appeals/:id/claim", desk_appeal_claim, ACT_APPEAL_DECIDE, WRITES)       \
	R(HTTP_POST, "/api/appeals/:id/decide", desk_appeal_decide, ACT_APPEAL_DECIDE, WRITES)     \
	R(HTTP_POST, "/api/session", desk_sign_in, ACT_OWN_ACCOUNT, BY_ITSELF)                     \
	R(HTTP_DELETE, "/api/session", desk_sign_out, ACT_OWN_ACCOUNT, WRITES)                     \
	R(HTTP_GET, "/api/me", desk_me_show, ACT_OWN_ACCOUNT, READS)                               \
	R(HTTP_POST, "/api/me/password", desk_me_password, ACT_OWN_ACCOUNT, READS)                 \
	R(HTTP_POST, "/api/me/totp", desk_me_totp, ACT_OWN_ACCOUNT, READS)                         \
	R(HTTP_POST, "/api/me/totp/confirm", desk_me_totp_confirm, ACT_OWN_ACCOUNT, WRITES)        \
	R(HTTP_GET, "/api/people", desk_people_list, ACT_PEOPLE_SEE, READS)                        \
	R(HTTP_DELETE, "/api/people/:id/sessions", desk_person_sign_out, ACT_SESSIONS_END, WRITES) \
	R(HTTP_GET, "/api/log", desk_log_show, ACT_LOG_SEE, READS)                                 \
	R(HTTP_GET, "/api/sop", desk_sop_show, ACT_SOP_SEE, READS)                                 \
	R(HTTP_GET, "/api/sop/:id", desk_sop_version_show, ACT_SOP_SEE, READS)

#define AS_HTTP(method, pattern, run, action, writes) {method, pattern, NULL},
#define AS_API(method, pattern, run, action, writes) {run, action, writes},
static const struct http_route http_rows[] = {API_ROUTES(AS_HTTP)};
static const struct {
	void (*run)(struct ask *ask, struct reply *reply);
	enum desk_action action;
	enum writes writes;
} api_rows[] = {API_ROUTES(AS_API)};

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

static bool is_about_case(const char *pattern)
{
	static const char cases[] = "/api/cases/:id";

	return strncmp(pattern, cases, sizeof(cases) - 1) == 0;
}

/* Whatever is about one case is within the scope of who does it. */
static bool in_scope(struct ask *ask, const char *pattern)
{
	struct desk_case c;

	return !is_about_case(pattern) || !desk_case_get(ask->db, ask->arena, ask->id, &c) ||
	       ask_may_about(ask, c.category);
}

/* A second look is blind until it is done. */
static bool is_hidden(struct ask *ask, const char *pattern)
{
	return is_about_case(pattern) && quality_hides(ask, ask->id);
}

/* A request carries a token or a session, or is signed with a key of the holder; false: refused. */
static bool find_who(struct ask *ask, size_t row, struct reply *reply)
{
	const struct http_request *request = ask->request;
	struct person p;
	const char *why;

	if (!http_signature_is_there(request))
		return asker_find(ask, request, reply);
	if (asker_has_token(request)) {
		reply_error(reply, 400, "a request has a token or a signature, not both");
		return false;
	}
	if (signed_ask(ask, request, api_rows[row].writes == WRITES, &why) == 0) {
		if (!person_get(ask->db, ask->arena, ask->who.grant.id, &p))
			return true;
		why = "people sign in; only machines sign requests";
	}
	reply_error(reply, 401, why);
	return false;
}

static void run_once(struct ask *ask, size_t row, struct reply *reply)
{
	struct bytes key = {0};

	if (api_rows[row].writes == WRITES &&
		(!repeat_key(ask, &key, reply) || repeat_find(ask, key, reply)))
		return;
	api_rows[row].run(ask, reply);
	repeat_keep(ask, key, reply);
}

static void run_row(struct ask *ask, size_t row, struct reply *reply)
{
	enum desk_action action = api_rows[row].action;

	if (!find_who(ask, row, reply))
		return;
	if (ask->who.enrolling && action != ACT_OWN_ACCOUNT)
		reply_error(reply, 403, "confirm a second factor first: POST /api/me/totp");
	else if (!ask_may(ask, action))
		reply_error(reply, 403, "your role may not do this");
	else if (!read_id(ask->request, &ask->id))
		reply_error(reply, 404, "there is no such number");
	else if (is_hidden(ask, http_rows[row].pattern))
		reply_error(reply, 403, QUALITY_HIDDEN);
	else if (!in_scope(ask, http_rows[row].pattern))
		reply_error(reply, 403, "the case is outside of your categories");
	else
		run_once(ask, row, reply);
}

static void run_in_transaction(struct ask *ask, size_t row, struct reply *reply)
{
	db_begin(ask->db);
	run_row(ask, row, reply);
	if (db_commit(ask->db) == 0)
		return;
	json_decref(reply->body);
	*reply = (struct reply){.status = 500};
	reply_error(reply, 500, "the desk's database failed; nothing was changed");
}

static void follow_ledger(struct service *service)
{
	struct err err = {0};

	service->ledger_behind =
		ledger_follow(&service->desk->ledger, service->desk->reader, &err) < 0;
	if (service->ledger_behind)
		log_error("ledger_behind", "%s", err.text);
	witnesses_tick(service->witnesses);
}

/* Letters about what has just happened, and whatever else waits to be said. */
static void speak(struct service *service)
{
	tell_look(service->desk);
	speaker_look(&service->speaker);
}

/* A chat may have sent a notice, or an answer that wakes a case. */
static void on_heard(void *ctx)
{
	speak(ctx);
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
		.body = request->body,
		.request = request};
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
	if (api_rows[row].writes == BY_ITSELF) {
		api_rows[row].run(&ask, reply);
	} else {
		run_in_transaction(&ask, row, reply);
		/* The messenger first: the ledger's files take a few syncs, and letters a lock on
		 * the square, which it needs now. They are written when the order is carried out.
		 */
		if (reply->order_id && service->courier)
			courier_kick(service->courier);
		session_seen(desk, arena, &ask.who, request);
	}
	if (reply->order_id) {
		follow_ledger(service);
	} else if (api_rows[row].writes != READS) {
		speak(service);
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
	char *text = reply->csv.data ? NULL : json_dumps(reply->body, JSON_COMPACT);

	exchange->response.status = reply->status;
	http_response_header(&exchange->response, "Content-Type",
		reply->csv.data ? reply->csv_type ? reply->csv_type : "text/csv; charset=utf-8"
				: "application/json");
	http_response_header(&exchange->response, "Cache-Control", "no-store");
	http_response_header(&exchange->response, "X-Content-Type-Options", "nosniff");
	if (reply->status == 401)
		http_response_header(&exchange->response, "WWW-Authenticate", "Bearer");
	if (reply->cookie)
		http_response_header(&exchange->response, "Set-Cookie", reply->cookie);
	if (reply->retry_s)
		http_response_header(&exchange->response, "Retry-After",
			arena_printf(&exchange->arena, "%d", reply->retry_s));
	if (reply->csv.data) {
		buf_append_bytes(&exchange->response.body, reply->csv);
	} else {
		buf_append_str(&exchange->response.body, text ? text : "{}");
		buf_append_str(&exchange->response.body, "\n");
	}
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

	if (desk_orders_settle(service->desk) > 0)
		service->ledger_behind = true; /* what ended has a leaf */
	answer_waiting(service, false);
	if (list_empty(&service->waiting)) /* else with the next tick at the latest */
		speak(service);
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
	if (desk_bulk_tick(service->desk) > 0)
		service->ledger_behind = true;
	if (service->ledger_behind)
		follow_ledger(service);
	witnesses_tick(service->witnesses);
	submission_tick(service->submission);
	/* Whatever was not executed yet, also from before a restart. */
	if (service->courier && orders_wait(service->desk))
		courier_kick(service->courier);
	desk_reports_take(service->desk);
	desk_clocks_tick(service->desk);
	desk_daily_tick(service->desk);
	hearing_look(&service->hearing);
	speak(service);
	if (service->mail)
		mail_tick(service->mail);
	if (service->watch)
		watch_look(service->watch, service->desk);
}

void service_init(struct service *service, struct desk *desk, struct loop *loop)
{
	struct arena arena;

	*service = (struct service){.desk = desk, .loop = loop};
	service->kept = kept_answers_new();
	speaker_init(&service->speaker, desk, NULL);
	service->hearing = (struct hearing){.desk = desk, .heard = on_heard, .ctx = service};
	list_init(&service->waiting);
	timer_init(&service->tick, on_tick);
	timer_init(&service->soon, on_soon);
	arena_init(&arena);
	service->verifier = mem_strdup(checkpoint_verifier_text(&arena, &desk->ledger.signer));
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
	speaker_release(&service->speaker);
	free(service->verifier);
	free(service->page);
	free(service->json);
	free(service->csv);
	kept_answers_free(service->kept);
}
