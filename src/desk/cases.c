/* SPDX-License-Identifier: Apache-2.0 */
/* Cases at work: the list in the order of work, one case with all that is known, claims. */
#include <stdlib.h>

#include "base/text.h"
#include "crypto/hash.h"
#include "desk/case_state.h"
#include "desk/desk.h"
#include "desk/form.h"
#include "net/http.h"
#include "store/square_desk_orders.h"

#define CASES_LIST_MAX 200
#define EVIDENCE_POSTS_MAX 20 /* of a whole channel: the newest */

static struct bytes grant_name(struct ask *ask, int64_t id)
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

static void add_claim(struct ask *ask, json_t *body, const struct desk_case *c)
{
	json_object_set_new(body, "claimed_by", json_bytes(grant_name(ask, c->claimed_by)));
	json_object_set_new(body, "until", json_time(ask->arena, c->claimed_until));
}

static json_t *summary(struct ask *ask, const struct desk_case *c)
{
	json_t *body = json_pack("{s:I, s:s, s:o, s:o, s:o, s:I, s:i, s:o, s:o, s:b}", "case",
		(json_int_t)c->id, "subject", subject_text(ask->arena, c), "state",
		json_bytes(c->state), "category", json_bytes(c->category), "lane",
		json_bytes(c->lane), "priority", (json_int_t)c->priority, "notices",
		(int)c->notices, "clock", json_time(ask->arena, c->clock_at), "due",
		json_time(ask->arena, c->due_at), "overdue",
		case_is_open(c) && c->due_at < ask->now_s);

	if (case_is_claimed(c, ask->now_s))
		add_claim(ask, body, c);
	if (c->action.size) {
		json_object_set_new(body, "action", json_bytes(c->action));
		json_object_set_new(body, "countries", json_list(c->countries));
		json_object_set_new(body, "in_force", json_boolean(c->in_force));
	}
	json_object_set_new(body, "met", c->met < 0 ? json_null() : json_boolean(c->met));
	return body;
}

void desk_cases_list(struct ask *ask, struct reply *reply)
{
	struct bytes wanted = http_form_value(ask->arena, ask->query, "state");
	json_t *list = json_array();
	const char *state = "open";
	struct query q;

	if (wanted.data && bytes_equal_str(wanted, "decided")) {
		state = "decided";
	} else if (wanted.data && bytes_equal_str(wanted, "all")) {
		state = NULL;
	} else if (wanted.data && !bytes_equal_str(wanted, "open")) {
		json_decref(list);
		reply_error(reply, 400, "state is open, decided or all");
		return;
	}
	q = desk_case_list(ask->db, state, CASES_LIST_MAX);
	while (query_next(&q)) {
		struct desk_case c;

		if (desk_case_get(ask->db, ask->arena, query_int(&q, 0), &c))
			json_array_append_new(list, summary(ask, &c));
	}
	query_end(&q);
	reply->body = json_pack("{s:o}", "cases", list);
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

		if (principal_sees_reporters(&ask->who))
			json_object_set_new(
				item, "reporter", json_bytes(grant_name(ask, n.reporter)));
		json_array_append_new(list, item);
	}
	return list;
}

static json_t *events_of(struct ask *ask, const struct desk_case *c)
{
	struct desk_event e = {.case_id = c->id, .seq = 0};
	json_t *list = json_array();

	while (desk_event_next(ask->db, ask->arena, c->id, e.seq, &e) && e.case_id == c->id) {
		bool by_reporter = bytes_equal_str(e.kind, "noticed");
		json_t *data = json_loadb((const char *)e.data.data, e.data.size, 0, NULL);
		json_t *item;

		json_object_del(data, "salt"); /* the owner's key to the ledger's entry */
		item = json_pack("{s:i, s:o, s:o, s:o, s:s}", "event", (int)e.seq, "at",
			json_time(ask->arena, e.at), "kind", json_bytes(e.kind), "data",
			data ? data : json_null(), "hash", text_hex(ask->arena, e.hash));
		if (!by_reporter || principal_sees_reporters(&ask->who))
			json_object_set_new(item, "by", json_bytes(grant_name(ask, e.actor)));
		json_array_append_new(list, item);
	}
	return list;
}

static json_t *evidence_of(struct ask *ask, const struct desk_case *c)
{
	struct query q = desk_evidence_list(ask->db, c->id);
	json_t *list = json_array();

	while (query_next(&q)) {
		struct bytes content = query_bytes(&q, ask->arena, 1);
		json_t *item = json_loadb((const char *)content.data, content.size, 0, NULL);

		if (!item)
			continue;
		json_object_set_new(item, "taken", json_time(ask->arena, query_int(&q, 0)));
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
	if (s.executed_at) {
		json_object_set_new(body, "executed", json_time(ask->arena, s.executed_at));
		json_object_set_new(body, "after_ms", json_integer(s.executed_ms));
		json_object_set_new(body, "outcome", json_bytes(s.outcome));
	}
	return body;
}

static bool find_case(struct ask *ask, struct reply *reply, struct desk_case *c)
{
	if (desk_case_get(ask->db, ask->arena, ask->id, c))
		return true;
	reply_error(reply, 404, "no such case");
	return false;
}

void desk_case_show(struct ask *ask, struct reply *reply)
{
	struct desk_case c;

	if (!find_case(ask, reply, &c))
		return;
	reply->body = summary(ask, &c);
	json_object_set_new(
		reply->body, "previous", c.previous ? json_integer(c.previous) : json_null());
	json_object_set_new(reply->body, "order", desk_order_json(ask, c.order_id));
	json_object_set_new(reply->body, "notice_list", notices_of(ask, &c));
	json_object_set_new(reply->body, "evidence", evidence_of(ask, &c));
	json_object_set_new(reply->body, "events", events_of(ask, &c));
}

/* ---- Evidence: what the claimer sees, kept as it was ---- */

struct freezing {
	struct ask *ask;
	const struct desk_case *c;
	int32_t seq, item;
	uint8_t hash[HASH_SHA256_SIZE]; /* chained over the items */
};

static void freeze(struct freezing *f, json_t *item)
{
	char *text = json_dumps(item, JSON_COMPACT | JSON_SORT_KEYS);
	uint8_t chained[HASH_SHA256_SIZE];

	hash_sha256_parts(
		(struct bytes[]){bytes_of(f->hash, sizeof(f->hash)), bytes_from_str(text)}, 2,
		chained);
	memcpy(f->hash, chained, sizeof(chained));
	desk_evidence_insert(
		f->ask->db, f->c->id, f->seq, f->item++, f->ask->now_s, bytes_from_str(text));
	free(text);
	json_decref(item);
}

static void freeze_post(
	struct freezing *f, int64_t id, int64_t date, int64_t edit_date, struct bytes text)
{
	struct arena *arena = f->ask->arena;

	freeze(f, json_pack("{s:s, s:I, s:o, s:o, s:o}", "kind", "post", "post", (json_int_t)id,
			  "date", json_time(arena, date), "edited",
			  edit_date ? json_time(arena, edit_date) : json_null(), "text",
			  json_bytes(text)));
}

static void freeze_subject(struct freezing *f)
{
	struct ask *ask = f->ask;
	struct desk_subject subject;
	struct desk_post post;

	if (desk_subject_get(ask->db, ask->arena, f->c->channel, &subject))
		freeze(f, json_pack("{s:s, s:o, s:o, s:o, s:I}", "kind", "channel", "name",
				  json_bytes(subject.username), "title", json_bytes(subject.title),
				  "about", json_bytes(subject.about), "members",
				  (json_int_t)subject.members));
	if (f->c->post) {
		if (desk_post_get(ask->db, ask->arena, f->c->channel, f->c->post, &post))
			freeze_post(f, post.id, post.date, post.edit_date, post.text);
	} else {
		struct query q = desk_post_newest(ask->db, f->c->channel, EVIDENCE_POSTS_MAX);

		while (query_next(&q))
			freeze_post(f, query_int(&q, 0), query_int(&q, 1), query_int(&q, 2),
				query_bytes(&q, ask->arena, 3));
		query_end(&q);
	}
}

void desk_case_claim(struct ask *ask, struct reply *reply)
{
	int64_t until = ask->now_s + ask->desk->sop.lease_s;
	struct freezing freezing = {.ask = ask};
	struct desk_case c;

	if (!find_case(ask, reply, &c))
		return;
	if (!case_is_open(&c)) {
		reply_error(reply, 409, "the case is decided");
		return;
	}
	if (case_is_claimed(&c, ask->now_s)) {
		reply_error(reply, 409, "the case is claimed");
		add_claim(ask, reply->body, &c);
		return;
	}
	freezing.c = &c;
	freezing.seq = c.head_seq + 1;
	freeze_subject(&freezing);
	case_append(ask->db, ask->arena, &c, "claimed", ask->who.grant.id, ask->now_s,
		json_pack("{s:I, s:s}", "until", (json_int_t)until, "evidence",
			text_hex(ask->arena, bytes_of(freezing.hash, sizeof(freezing.hash)))));
	reply->body = summary(ask, &c);
	json_object_set_new(reply->body, "notice_list", notices_of(ask, &c));
	json_object_set_new(reply->body, "evidence", evidence_of(ask, &c));
}

void desk_case_release(struct ask *ask, struct reply *reply)
{
	struct desk_case c;

	if (!find_case(ask, reply, &c))
		return;
	if (!case_is_open(&c) || !case_is_claimed(&c, ask->now_s)) {
		reply_error(reply, 409, "nobody has claimed the case");
		return;
	}
	if (c.claimed_by != ask->who.grant.id && ask->who.role != ROLE_LEAD) {
		reply_error(reply, 403, "only who claimed it, or a lead, can release it");
		return;
	}
	case_append(
		ask->db, ask->arena, &c, "released", ask->who.grant.id, ask->now_s, json_object());
	reply->body = summary(ask, &c);
}
