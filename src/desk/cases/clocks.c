/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. Handlers and the projection; what time alone brings is in clocks_tick.c. */
#include "desk/cases/clocks.h"

#include <string.h>

#include "base/text.h"
#include "desk/cases/case_state.h"
#include "desk/lanes/form.h"
#include "store/square_desk_clocks.h"

#define QUESTION_MAX 1000
#define NOTICE_CLARIFICATION_MAX 5000

bool case_is_waiting(const struct desk_case *c)
{
	return bytes_equal_str(c->state, "waiting");
}

/* ---- The projection ---- */

static int64_t int_of(const json_t *data, const char *name)
{
	return json_integer_value(json_object_get(data, name));
}

static struct bytes text_of(const json_t *data, const char *name)
{
	const json_t *value = json_object_get(data, name);

	return json_is_string(value) ? bytes_of(json_string_value(value), json_string_length(value))
				     : BYTES_LITERAL("");
}

static void clear(struct db *db)
{
	desk_clock_delete_all(db);
}

/* A clock that begins, or a notice more while it runs: never slower. */
static void on_noticed(struct desk_clock *k, const json_t *data, const struct desk_case *after)
{
	int64_t due = int_of(data, "acknowledge"), notify_s = int_of(data, "notify_s");
	bool fresh = !k->acknowledge_due || json_is_true(json_object_get(data, "reopens")) ||
		     json_object_get(data, "appeal");

	if (!json_object_get(data, "due"))
		return; /* it is removed already: no clock */
	if (fresh)
		*k = (struct desk_clock){.case_id = k->case_id,
			.acknowledge_due = due,
			.notify_s = notify_s,
			.reason = BYTES_LITERAL(""),
			.question = BYTES_LITERAL(""),
			.evidence = k->evidence};
	if (!k->acknowledged_at && due < k->acknowledge_due)
		k->acknowledge_due = due;
	if (notify_s < k->notify_s)
		k->notify_s = notify_s;
	k->sop = int_of(data, "sop");
	(void)after;
}

static void acknowledge(struct desk_clock *k, int64_t at)
{
	if (!k->acknowledged_at)
		k->acknowledged_at = at;
}

static void on_decided(struct desk_clock *k, const struct desk_event *e, const json_t *data)
{
	acknowledge(k, e->at);
	if (json_object_get(data, "sop"))
		k->sop = int_of(data, "sop");
	k->notify_due = e->at + k->notify_s;
	k->notified_at = int_of(data, "order") ? 0 : e->at; /* nothing was done to the owner */
}

static void pause_ends(struct desk_clock *k)
{
	k->paused_at = k->paused_until = 0;
	k->reason = k->question = BYTES_LITERAL("");
}

static void apply(struct db *db, struct arena *arena, const struct desk_case *after,
	const struct desk_event *e, const json_t *data)
{
	struct desk_clock k;

	if (!desk_clock_get(db, arena, e->case_id, &k))
		k = (struct desk_clock){.case_id = e->case_id,
			.reason = BYTES_LITERAL(""),
			.question = BYTES_LITERAL("")};
	if (bytes_equal_str(e->kind, "noticed") || bytes_equal_str(e->kind, "reopened")) {
		on_noticed(&k, data, after);
	} else if (bytes_equal_str(e->kind, "claimed")) {
		acknowledge(&k, e->at);
		k.evidence = k.evidence || json_object_get(data, "evidence");
	} else if (bytes_equal_str(e->kind, "paused")) {
		acknowledge(&k, e->at);
		k.paused_at = e->at;
		k.paused_until = int_of(data, "until");
		k.reason = text_of(data, "reason");
		k.question = text_of(data, "question");
	} else if (bytes_equal_str(e->kind, "resumed")) {
		k.paused_s += int_of(data, "paused_s");
		pause_ends(&k);
	} else if (bytes_equal_str(e->kind, "escalated")) {
		k.step = int_of(data, "step");
	} else if (bytes_equal_str(e->kind, "decided")) {
		on_decided(&k, e, data);
	} else if (bytes_equal_str(e->kind, "executed")) {
		if (k.notify_due && !k.notified_at)
			k.notified_at = int_of(data, "at");
	} else if (bytes_equal_str(e->kind, "evidence_ended")) {
		k.evidence = false;
	} else if (!bytes_equal_str(e->kind, "opened")) {
		return;
	}
	desk_clock_put(db, &k);
}

const struct projection clock_projection = {clear, apply};

void clock_note_notice(
	json_t *data, const struct sop *sop, const struct sop_clock *clock, int64_t now_s)
{
	json_object_set_new(data, "acknowledge", json_integer(now_s + clock->acknowledge_s));
	json_object_set_new(data, "notify_s", json_integer(clock->notify_s));
	json_object_set_new(data, "sop", json_integer(sop->version));
}

/* ---- Answers ---- */

static json_t *target(struct arena *arena, int64_t due, int64_t done)
{
	return json_pack("{s:o, s:o, s:o}", "due", due ? json_time(arena, due) : json_null(),
		"done", done ? json_time(arena, done) : json_null(), "met",
		due && done ? json_boolean(done <= due) : json_null());
}

void clock_describe(struct ask *ask, const struct desk_case *c, json_t *body, bool all)
{
	struct desk_clock k;

	if (!desk_clock_get(ask->db, ask->arena, c->id, &k))
		return;
	json_object_set_new(body, "sop", json_integer(k.sop));
	json_object_set_new(body, "escalation", json_integer(k.step));
	if (k.paused_at)
		json_object_set_new(body, "waiting",
			json_pack("{s:o, s:o, s:o, s:o}", "reason", json_bytes(k.reason),
				"question", k.question.size ? json_bytes(k.question) : json_null(),
				"since", json_time(ask->arena, k.paused_at), "until",
				json_time(ask->arena, k.paused_until)));
	if (!all)
		return;
	json_object_set_new(body, "paused_s", json_integer(k.paused_s));
	json_object_set_new(
		body, "acknowledge", target(ask->arena, k.acknowledge_due, k.acknowledged_at));
	json_object_set_new(body, "notify", target(ask->arena, k.notify_due, k.notified_at));
}

static void answer(struct ask *ask, struct reply *reply, const struct desk_case *c)
{
	reply->body = json_pack("{s:I, s:o, s:o}", "case", (json_int_t)c->id, "state",
		json_bytes(c->state), "due", json_time(ask->arena, c->due_at));
	clock_describe(ask, c, reply->body, true);
}

/* ---- Pause and resume ---- */

void clock_resume(struct db *db, struct arena *arena, struct desk_case *c, int64_t actor,
	int64_t now_s, const char *why, struct bytes text)
{
	struct desk_clock k;
	int64_t until = now_s, lasted;
	json_t *data;

	if (!desk_clock_get(db, arena, c->id, &k) || !k.paused_at) {
		db_fail(db, "a case that waits has no pause");
		return;
	}
	/* No longer than it may, also when the desk was not there to end it. */
	if (until > k.paused_until)
		until = k.paused_until;
	lasted = until > k.paused_at ? until - k.paused_at : 0;
	data = json_pack("{s:s, s:I, s:I, s:s}", "why", why, "paused_s", (json_int_t)lasted, "due",
		(json_int_t)(c->due_at + lasted), "state", k.step ? "escalated" : "open");
	if (text.data)
		json_object_set_new(data, "text", json_bytes(text));
	case_append(db, arena, c, "resumed", actor, now_s, data);
}

struct pause_input {
	const struct sop_pause *pause;
	struct bytes question; /* absent: none */
};

static void read_pause(struct form *form, const struct sop *sop, struct pause_input *out)
{
	struct bytes reason = form_text(form, "reason", SOP_NAME_MAX - 1);

	*out = (struct pause_input){0};
	if (!reason.data)
		return;
	out->pause = sop_pause(sop, arena_str(form->arena, reason));
	if (!out->pause)
		form_invalid(form, "reason", "is none of the SOP's: see GET /api/sop");
	else if (out->pause->asks || json_object_get(form->root, "question"))
		out->question = form_text(form, "question", QUESTION_MAX);
}

/* The case, for who holds its claim or may take it from others; false: answered. */
static bool find(struct ask *ask, struct reply *reply, struct desk_case *c)
{
	if (!desk_case_get(ask->db, ask->arena, ask->id, c)) {
		reply_error(reply, 404, "no such case");
		return false;
	}
	if (!case_is_open(c)) {
		reply_error(reply, 409, "the case is decided");
		return false;
	}
	return true;
}

static void pause(struct ask *ask, struct reply *reply, const struct pause_input *input)
{
	struct desk_case c;
	struct desk_clock k;
	enum lane lane;
	int64_t left_s;
	json_t *data;

	if (!find(ask, reply, &c) || !desk_clock_get(ask->db, ask->arena, c.id, &k))
		return;
	lane = lane_by_name(arena_str(ask->arena, c.lane));
	left_s = input->pause->longest_s - k.paused_s;
	if (case_is_waiting(&c)) {
		reply_error(reply, 409, "the case waits already");
	} else if ((c.claimed_by != ask->who.grant.id || !case_is_claimed(&c, ask->now_s)) &&
		   !ask_may(ask, ACT_RELEASE_OTHERS)) {
		reply_error(reply, 409, "claim the case before you pause it");
	} else if (lane == LANE_COUNT || !(input->pause->lanes & 1u << lane)) {
		reply_error(reply, 409, "the SOP has no such pause for cases of this lane");
	} else if (left_s <= 0) {
		reply_error(reply, 409, "the case has waited as long as the SOP allows");
	} else {
		data = json_pack("{s:s, s:I}", "reason", input->pause->name, "until",
			(json_int_t)(ask->now_s + left_s));
		if (input->question.data)
			json_object_set_new(data, "question", json_bytes(input->question));
		case_append(ask->db, ask->arena, &c, "paused", ask->who.grant.id, ask->now_s, data);
		answer(ask, reply, &c);
	}
}

void desk_case_pause(struct ask *ask, struct reply *reply)
{
	struct pause_input input;
	struct form form;

	if (!ask_form(ask, &form, reply))
		return;
	read_pause(&form, &ask->desk->sop, &input);
	if (ask_form_end(&form, reply))
		pause(ask, reply, &input);
}

void desk_case_resume(struct ask *ask, struct reply *reply)
{
	struct desk_case c;

	if (!find(ask, reply, &c))
		return;
	if (!case_is_waiting(&c)) {
		reply_error(reply, 409, "the case does not wait");
		return;
	}
	clock_resume(ask->db, ask->arena, &c, ask->who.grant.id, ask->now_s, "resumed",
		bytes_of(NULL, 0));
	answer(ask, reply, &c);
}

static void clarify(struct ask *ask, struct reply *reply, struct bytes text)
{
	struct desk_notice notice;
	struct desk_case c;

	if (!desk_notice_get(ask->db, ask->arena, ask->id, &notice) ||
		notice.reporter != principal_sender(&ask->who) ||
		!desk_case_get(ask->db, ask->arena, notice.case_id, &c)) {
		reply_error(reply, 404, "no such notice of yours");
		return;
	}
	if (!case_is_waiting(&c)) {
		reply_error(reply, 409, "nothing is asked about this notice");
		return;
	}
	clock_resume(ask->db, ask->arena, &c, ask->who.grant.id, ask->now_s, "clarified", text);
	reply->body = json_pack("{s:I, s:I, s:o, s:o}", "notice", (json_int_t)notice.id, "case",
		(json_int_t)c.id, "state", json_bytes(c.state), "due",
		json_time(ask->arena, c.due_at));
}

void desk_notice_clarify(struct ask *ask, struct reply *reply)
{
	struct bytes text;
	struct form form;

	if (!ask_form(ask, &form, reply))
		return;
	text = form_text(&form, "text", NOTICE_CLARIFICATION_MAX);
	if (ask_form_end(&form, reply))
		clarify(ask, reply, text);
}
