/* SPDX-License-Identifier: Apache-2.0 */
/* One case with all that is known. Lists are queues.c, claims claims.c. */
#include "desk/cases/cases.h"

#include "base/text.h"
#include "desk/cases/case_state.h"
#include "desk/cases/clocks.h"
#include "desk/lanes/form.h"
#include "desk/cases/holds.h"
#include "desk/cases/load.h"
#include "desk/lanes/notices.h"
#include "desk/cases/strikes.h"
#include "desk/cases/talk.h"
#include "desk/cases/two_people.h"
#include "desk/cases/work.h"
#include "store/square_desk_orders.h"

struct bytes case_grant_name(struct ask *ask, int64_t id)
{
	struct desk_grant grant;

	return desk_grant_get(ask->db, ask->arena, id, &grant) ? grant.name
							       : BYTES_LITERAL("the desk");
}

static char *subject_text(struct arena *arena, const struct desk_case *c)
{
	char *name = arena_str(arena, c->name);

	return c->post ? arena_printf(arena, "@%s/%d", name, c->post)
		       : arena_printf(arena, "@%s", name);
}

void case_add_claim(struct ask *ask, json_t *body, const struct desk_case *c)
{
	json_object_set_new(body, "claimed_by", json_bytes(case_grant_name(ask, c->claimed_by)));
	json_object_set_new(body, "until", json_time(ask->arena, c->claimed_until));
}

/* Language and country as far as they are known, and what the case needs beside a decision. */
static void add_work(struct ask *ask, json_t *body, const struct desk_work *w)
{
	static const char *const needs[] = {[SECOND_APPROVES] = "approval", [SECOND_LEAD] = "lead"};

	json_object_set_new(
		body, "language", w->language.size ? json_bytes(w->language) : json_null());
	json_object_set_new(
		body, "country", w->country.size ? json_bytes(w->country) : json_null());
	json_object_set_new(body, "needs", w->second ? json_string(needs[w->second]) : json_null());
	json_object_set_new(body, "opinion_asked", json_boolean(w->asked_by != 0));
	json_object_set_new(body, "snoozed",
		w->snoozed_until > ask->now_s ? json_time(ask->arena, w->snoozed_until)
					      : json_null());
}

json_t *case_summary(struct ask *ask, const struct desk_case *c, const struct desk_work *work)
{
	const struct desk_work w = work ? *work : work_of(ask->db, ask->arena, c->id);
	json_t *body = json_pack("{s:I, s:s, s:o, s:o, s:o, s:I, s:i, s:o, s:o, s:b}", "case",
		(json_int_t)c->id, "subject", subject_text(ask->arena, c), "state",
		json_bytes(c->state), "category", json_bytes(c->category), "lane",
		json_bytes(c->lane), "priority", (json_int_t)c->priority, "notices",
		(int)c->notices, "clock", json_time(ask->arena, c->clock_at), "due",
		json_time(ask->arena, c->due_at), "overdue",
		case_is_open(c) && !case_is_waiting(c) && c->due_at < ask->now_s);

	if (case_is_claimed(c, ask->now_s))
		case_add_claim(ask, body, c);
	if (c->action.size) {
		json_object_set_new(body, "action", json_bytes(c->action));
		json_object_set_new(body, "countries", json_list(c->countries));
		json_object_set_new(body, "in_force", json_boolean(c->in_force));
	}
	clock_describe(ask, c, body, false);
	add_work(ask, body, &w);
	json_object_set_new(body, "met", c->met < 0 ? json_null() : json_boolean(c->met));
	return body;
}

/* Who of the readers reported is the messenger's to know. */
static struct bytes reporter_name(struct ask *ask, const struct desk_notice *n)
{
	return bytes_equal_str(n->lane, "user") ? BYTES_LITERAL("a reader")
						: case_grant_name(ask, n->reporter);
}

static json_t *notices_of(struct ask *ask, const struct desk_case *c)
{
	struct desk_notice n = {.id = 0};
	json_t *list = json_array();

	while (desk_notice_next(ask->db, ask->arena, c->id, n.id, &n)) {
		json_t *item = json_pack("{s:I, s:o, s:o, s:o, s:o, s:o, s:o}", "notice",
			(json_int_t)n.id, "received", json_time(ask->arena, n.created_at), "lane",
			json_bytes(n.lane), "subject", json_bytes(n.subject), "category",
			json_bytes(n.category), "law", json_bytes(n.law), "reasons",
			json_bytes(n.reasons));

		notice_add_form(ask, item, &n);
		if (ask_may(ask, ACT_REPORTERS_SEE))
			json_object_set_new(item, "reporter", json_bytes(reporter_name(ask, &n)));
		json_array_append_new(list, item);
	}
	return list;
}

bool case_is_blind_to(const struct ask *ask, const struct desk_work *work)
{
	return work->second == SECOND_APPROVES && work->blind &&
	       work->proposed_by != ask->who.grant.id;
}

/* What would tell an approver who is to judge alone what somebody else thinks. */
static bool tells(struct bytes kind)
{
	return bytes_equal_str(kind, "proposed") || bytes_equal_str(kind, "opinion_asked") ||
	       bytes_equal_str(kind, "opinion_given") || bytes_equal_str(kind, "handed");
}

static json_t *event_data(const struct desk_event *e, bool blind)
{
	json_t *data = blind && tells(e->kind)
			       ? NULL
			       : json_loadb((const char *)e->data.data, e->data.size, 0, NULL);

	json_object_del(data, "salt"); /* the owner's key to the ledger's entry */
	return data ? data : json_null();
}

static json_t *events_of(struct ask *ask, const struct desk_case *c, bool blind)
{
	struct desk_event e = {.case_id = c->id, .seq = 0};
	json_t *list = json_array();

	while (desk_event_next(ask->db, ask->arena, c->id, e.seq, &e) && e.case_id == c->id) {
		bool by_reporter = bytes_equal_str(e.kind, "noticed");
		json_t *item = json_pack("{s:i, s:o, s:o, s:o, s:s}", "event", (int)e.seq, "at",
			json_time(ask->arena, e.at), "kind", json_bytes(e.kind), "data",
			event_data(&e, blind), "hash", text_hex(ask->arena, e.hash));

		if (by_reporter ? ask_may(ask, ACT_REPORTERS_SEE) : !blind)
			json_object_set_new(item, "by", json_bytes(case_grant_name(ask, e.actor)));
		json_array_append_new(list, item);
	}
	return list;
}

/* view: how a page is to show it first; who looks may uncover it piece by piece. */
static json_t *evidence_of(struct ask *ask, const struct desk_case *c)
{
	const bool covered = load_is_disturbing(&ask->desk->sop, ask->arena, c->category);
	struct query q = desk_evidence_list(ask->db, c->id);
	json_t *list = json_array();

	while (query_next(&q)) {
		struct bytes content = query_bytes(&q, ask->arena, 1);
		json_t *item = json_loadb((const char *)content.data, content.size, 0, NULL);

		if (!item)
			continue;
		json_object_set_new(item, "taken", json_time(ask->arena, query_int(&q, 0)));
		json_object_set_new(item, "view",
			json_pack("{s:b, s:b}", "blur", (int)covered, "greyscale", (int)covered));
		json_array_append_new(list, item);
	}
	query_end(&q);
	return list;
}

json_t *desk_order_json(struct ask *ask, int64_t order_id)
{
	struct desk_statement s;
	json_t *body;

	if (!order_id || !desk_statement_get(ask->db, ask->arena, order_id, &s))
		return json_null();
	body = json_pack("{s:I, s:o, s:o, s:s}", "id", (json_int_t)s.order_id, "action",
		json_bytes(s.action), "countries", json_list(s.countries), "state",
		s.executed_at ? "executed" : "waiting");
	if (s.ends_at)
		json_object_set_new(body, "until", json_time(ask->arena, s.ends_at));
	if (s.ended_at)
		json_object_set_new(body, "ended", json_time(ask->arena, s.ended_at));
	if (s.executed_at) {
		json_object_set_new(body, "executed", json_time(ask->arena, s.executed_at));
		json_object_set_new(body, "after_ms", json_integer(s.executed_ms));
		json_object_set_new(body, "outcome", json_bytes(s.outcome));
	}
	return body;
}

bool case_find(struct ask *ask, struct reply *reply, struct desk_case *c)
{
	if (desk_case_get(ask->db, ask->arena, ask->id, c))
		return true;
	reply_error(reply, 404, "no such case");
	return false;
}

json_t *case_to_work_on(struct ask *ask, const struct desk_case *c)
{
	const struct desk_work w = work_of(ask->db, ask->arena, c->id);
	json_t *body = case_summary(ask, c, &w);

	json_object_set_new(body, "notice_list", notices_of(ask, c));
	json_object_set_new(body, "evidence", evidence_of(ask, c));
	json_object_set_new(body, "second", second_json(ask, &w));
	talk_describe(ask, &w, body);
	return body;
}

void desk_case_show(struct ask *ask, struct reply *reply)
{
	struct desk_work w;
	struct desk_case c;

	if (!case_find(ask, reply, &c))
		return;
	w = work_of(ask->db, ask->arena, c.id);
	reply->body = case_to_work_on(ask, &c);
	json_object_set_new(
		reply->body, "previous", c.previous ? json_integer(c.previous) : json_null());
	json_object_set_new(reply->body, "order", desk_order_json(ask, c.order_id));
	json_object_set_new(
		reply->body, "strikes", strikes_json(ask->db, &ask->desk->sop, &c, ask->now_s));
	clock_describe(ask, &c, reply->body, true);
	hold_describe(ask, c.id, reply->body);
	json_object_set_new(reply->body, "events", events_of(ask, &c, case_is_blind_to(ask, &w)));
}
