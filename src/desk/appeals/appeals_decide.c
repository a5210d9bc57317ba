/* SPDX-License-Identifier: Apache-2.0 */
/* Appeals at work: the queue, claims, and their answers, by somebody who had no part in what they
 * are against. What an answer does goes the way that decisions go: event, order, statement, ledger.
 */
#include <string.h>

#include "base/text.h"
#include "desk/appeals/appeals.h"
#include "desk/appeals/appeals_tell.h"
#include "desk/cases/case_state.h"
#include "desk/cases/claims.h"
#include "desk/cases/clocks.h"
#include "desk/cases/decisions.h"
#include "desk/lanes/form.h"
#include "desk/cases/two_people.h"
#include "desk/quality/quality.h"
#include "net/http.h"

#define APPEALS_LIST_MAX 200
#define APPEALS_LOOK_MAX 20000 /* for those that the asker is competent for */

/* ---- What they look like ---- */

static json_t *target(struct arena *arena, int64_t due, int64_t done)
{
	return json_pack("{s:o, s:o, s:o}", "due", json_time(arena, due), "done",
		done ? json_time(arena, done) : json_null(), "met",
		done ? json_boolean(done <= due) : json_null());
}

static bool is_claimed(const struct desk_appeal *a, int64_t now_s)
{
	return a->claimed_by && a->claimed_until > now_s;
}

static json_t *summary(struct ask *ask, const struct desk_appeal *a, const struct desk_case *c)
{
	struct arena *arena = ask->arena;
	const char *name = arena_str(arena, c->name);
	struct desk_ruling r = {.action = BYTES_LITERAL("")};
	json_t *body;

	(void)desk_ruling_get(ask->db, arena, a->case_id, a->decision, &r);
	body = json_pack("{s:I, s:I, s:s, s:o, s:o, s:o, s:s, s:o, s:o, s:o, s:b}", "appeal",
		(json_int_t)a->id, "case", (json_int_t)c->id, "subject",
		c->post ? arena_printf(arena, "@%s/%d", name, c->post)
			: arena_printf(arena, "@%s", name),
		"category", json_bytes(c->category), "action", json_bytes(r.action), "party",
		json_bytes(a->party), "state", a->decided_at ? "decided" : "open", "filed",
		json_time(arena, a->created_at), "acknowledge",
		target(arena, a->acknowledge_due, a->acknowledged_at), "decide",
		target(arena, a->due_at, a->decided_at), "overdue",
		!a->decided_at && a->due_at < ask->now_s);
	if (is_claimed(a, ask->now_s)) {
		struct desk_grant who;

		if (desk_grant_get(ask->db, arena, a->claimed_by, &who))
			json_object_set_new(body, "claimed_by", json_bytes(who.name));
		json_object_set_new(body, "until", json_time(arena, a->claimed_until));
	}
	json_object_set_new(body, "yours_to_decide",
		json_boolean(
			!a->decided_at && ask_may(ask, ACT_APPEAL_DECIDE) &&
			!appeal_is_of(ask->db, arena, a->case_id, a->decision, ask->who.grant.id)));
	if (a->decided_at) {
		json_object_set_new(body, "outcome", json_bytes(a->outcome));
		json_object_set_new(
			body, "why", a->reason.size ? json_bytes(a->reason) : json_null());
	}
	return body;
}

/* GET /api/appeals?state=open|decided */
void desk_appeals_list(struct ask *ask, struct reply *reply)
{
	struct bytes state = http_form_value(ask->arena, ask->query, "state");
	const bool decided = bytes_equal_str(state, "decided");
	json_t *list;
	struct query q;

	if (state.data && !decided && !bytes_equal_str(state, "open")) {
		reply_error(reply, 400, "state is open or decided");
		return;
	}
	list = json_array();
	q = desk_appeal_list(ask->db, decided, APPEALS_LOOK_MAX);
	while (json_array_size(list) < APPEALS_LIST_MAX && query_next(&q)) {
		struct desk_appeal a;
		struct desk_case c;

		if (desk_appeal_get(ask->db, ask->arena, query_int(&q, 0), &a) &&
			desk_case_get(ask->db, ask->arena, a.case_id, &c) &&
			ask_may_about(ask, c.category) && !quality_hides(ask, c.id))
			json_array_append_new(list, summary(ask, &a, &c));
	}
	query_end(&q);
	reply->body = json_pack("{s:o}", "appeals", list);
}

/* The appeal of the path and its case, within the asker's scope; false: answered. */
static bool find(struct ask *ask, struct reply *reply, struct desk_appeal *a, struct desk_case *c)
{
	if (!desk_appeal_get(ask->db, ask->arena, ask->id, a) ||
		!desk_case_get(ask->db, ask->arena, a->case_id, c)) {
		reply_error(reply, 404, "no such appeal");
		return false;
	}
	if (!ask_may_about(ask, c->category)) {
		reply_error(reply, 403, "the case is outside of your categories");
		return false;
	}
	if (quality_hides(ask, c->id)) {
		reply_error(reply, 403, QUALITY_HIDDEN);
		return false;
	}
	return true;
}

/* Facts and ground of an event of the case, as they were told. */
static json_t *reasons_of(struct ask *ask, int64_t case_id, int32_t seq)
{
	json_t *data = appeal_event_data(ask->db, ask->arena, case_id, seq);
	json_t *out = json_pack("{s:O?, s:O?}", "facts", json_object_get(data, "facts"), "ground",
		json_object_get(data, "ground"));

	json_decref(data);
	return out;
}

void desk_appeal_show(struct ask *ask, struct reply *reply)
{
	struct desk_appeal a;
	struct desk_case c;
	json_t *data;

	if (!find(ask, reply, &a, &c))
		return;
	reply->body = summary(ask, &a, &c);
	data = appeal_event_data(ask->db, ask->arena, a.case_id, a.event);
	json_object_set(reply->body, "words", json_object_get(data, "words"));
	json_decref(data);
	json_object_set_new(reply->body, "decision", reasons_of(ask, a.case_id, a.decision));
	json_object_set_new(reply->body, "answer",
		a.answer ? reasons_of(ask, a.case_id, a.answer) : json_null());
}

/* ---- Claims ---- */

/* Open, nobody else's, and against nothing that the asker had a part in; false: answered. */
static bool may_answer(struct ask *ask, struct reply *reply, const struct desk_appeal *a)
{
	struct desk_grant holder;

	if (a->decided_at) {
		reply_error(reply, 409, "the appeal is decided");
	} else if (appeal_is_of(ask->db, ask->arena, a->case_id, a->decision, ask->who.grant.id)) {
		reply_error(reply, 403,
			"somebody who had no part in the decision must answer the appeal");
	} else if (is_claimed(a, ask->now_s) && a->claimed_by != ask->who.grant.id) {
		reply_error(reply, 409, "somebody else has claimed the appeal");
		if (desk_grant_get(ask->db, ask->arena, a->claimed_by, &holder))
			json_object_set_new(reply->body, "claimed_by", json_bytes(holder.name));
		json_object_set_new(reply->body, "until", json_time(ask->arena, a->claimed_until));
	} else {
		return true;
	}
	return false;
}

void desk_appeal_claim(struct ask *ask, struct reply *reply)
{
	struct desk_appeal a;
	struct desk_case c;

	if (!find(ask, reply, &a, &c) || !may_answer(ask, reply, &a))
		return;
	case_append(ask->db, ask->arena, &c, "appeal_claimed", ask->who.grant.id, ask->now_s,
		json_pack("{s:I, s:I}", "appeal", (json_int_t)a.id, "until",
			(json_int_t)(ask->now_s + ask->desk->sop.lease_s)));
	ask->id = a.id;
	desk_appeal_show(ask, reply);
}

/* ---- Answers ---- */

enum outcome { UPHOLD, REVERSE, CHANGE, OUTCOMES };
static const char *const outcome_names[OUTCOMES] = {"uphold", "reverse", "change"};

struct answer {
	enum outcome outcome; /* OUTCOMES: none of them */
	struct decision_input input;
};

static void read_answer(struct form *form, struct answer *out)
{
	struct bytes name = form_text(form, "outcome", 8);

	out->outcome = 0;
	while (out->outcome < OUTCOMES &&
		!(name.data && bytes_equal_str(name, outcome_names[out->outcome])))
		out->outcome++;
	if (name.data && out->outcome == OUTCOMES)
		form_invalid(form, "outcome", "is one of uphold, reverse, change");
	if (out->outcome == CHANGE) {
		decision_read(form, &out->input);
		if (out->input.measure && !out->input.measure->orders)
			form_invalid(form, "action", "is a measure: to dismiss is to reverse");
	} else {
		reversal_read(form, &out->input);
	}
	if (out->outcome == UPHOLD && out->input.why)
		form_invalid(form, "why", "goes with reverse and change only");
	if ((out->outcome == REVERSE || out->outcome == CHANGE) &&
		!json_object_get(form->root, "why"))
		form_missing(form, "why");
}

static const struct sop_category *category_of(struct ask *ask, const struct desk_case *c)
{
	return sop_category(&ask->desk->sop, arena_str(ask->arena, c->category));
}

/* Another decision has been made since, perhaps by who answers this appeal. */
static bool is_superseded(struct ask *ask, const struct desk_appeal *a, struct desk_ruling *newest)
{
	return desk_ruling_last(ask->db, ask->arena, a->case_id, false, newest) &&
	       newest->seq != a->decision;
}

/* What is asked for has come about meanwhile: a reversal says so and does nothing. */
static bool is_moot(struct ask *ask, const struct desk_appeal *a)
{
	struct desk_ruling newest = {.overturned_at = 0};

	if (is_superseded(ask, a, &newest))
		return !appeal_concerns(a->party, &newest);
	return newest.overturned_at != 0;
}

/* Is the decision still the one that an answer other than upheld would act on? */
static bool still_stands(
	struct ask *ask, struct reply *reply, const struct desk_appeal *a, enum outcome outcome)
{
	struct desk_ruling newest;

	if (!is_superseded(ask, a, &newest) || (outcome == REVERSE && is_moot(ask, a)))
		return true;
	reply_error(reply, 409,
		"another decision has taken its place, which this appeal is not against");
	return false;
}

static bool may_do(struct ask *ask, struct reply *reply, const struct desk_appeal *a,
	const struct desk_case *c, const struct answer *answer)
{
	const bool owner = bytes_equal_str(a->party, "owner");
	const struct decision_input *input = &answer->input;

	if (answer->outcome == UPHOLD)
		return true;
	if (!still_stands(ask, reply, a, answer->outcome))
		return false;
	if (case_is_claimed(c, ask->now_s) && !claim_is_mine(ask, reply, c))
		return false;
	if (answer->outcome == CHANGE && !ask_may_decide(ask, c->category)) {
		reply_error(reply, 403, "the SOP lets others decide cases of this category");
		return false;
	}
	if (owner && !decision_may_lift(ask, c)) {
		reply_error(reply, 403, "it takes effect outside of your countries");
		return false;
	}
	/* Who answers an appeal takes no measure alone that needs two: of no party. */
	if (answer->outcome == CHANGE && second_is_wanted(ask, c)) {
		reply_error(reply, 409,
			owner ? "the SOP wants two people for a measure: uphold or reverse"
			      : "the SOP wants two people for a measure: reverse, and it is open");
		return false;
	}
	return answer->outcome == REVERSE ||
	       (decision_fits(c, input, reply) && decision_may_take(ask, reply, input));
}

/* The case as if the notices had come now: its lane, its category, a new clock. One that a notice
 * has brought back to work already is due no later for it. */
static void reopen(struct ask *ask, struct desk_case *c, const struct decision_input *input)
{
	const struct sop *sop = &ask->desk->sop;
	const struct sop_category *category = category_of(ask, c);
	enum lane lane = lane_by_name(arena_str(ask->arena, c->lane));
	const struct sop_clock *clock = sop_clock(category ? category : &sop->categories[0],
		lane < LANE_COUNT ? lane : LANE_USER, false);
	const bool at_work = case_is_open(c) && !case_is_waiting(c);
	const int64_t due = ask->now_s + clock->decide_s;
	json_t *data = json_pack("{s:I, s:I, s:I, s:s, s:o, s:o}", "appeal",
		(json_int_t)input->appeal, "clock", (json_int_t)ask->now_s, "due",
		(json_int_t)(at_work && c->due_at < due ? c->due_at : due), "why", input->why->name,
		"facts", json_bytes(input->facts), "ground", json_bytes(input->ground));

	clock_note_notice(data, sop, clock, ask->now_s);
	case_append(ask->db, ask->arena, c, "reopened", ask->who.grant.id, ask->now_s, data);
}

static void lift(struct ask *ask, struct desk_case *c, const struct decision_input *input,
	struct reply *reply)
{
	struct decision_input lifting = *input;

	lifting.action = BYTES_LITERAL("reverse");
	lifting.countries = (struct bytes){NULL, 0};
	lifting.until_s = 0;
	lifting.measure = NULL;
	decision_rule(ask, c, &lifting, &(struct ruling_kind){"reversed", "restore", NULL}, reply);
	json_decref(reply->body);
	reply->body = NULL;
}

static void execute(struct ask *ask, struct reply *reply, const struct desk_appeal *a,
	struct desk_case *c, const struct answer *answer)
{
	const bool owner = bytes_equal_str(a->party, "owner");
	struct decision_input input = answer->input;

	input.appeal = a->id;
	if (answer->outcome == REVERSE && is_moot(ask, a))
		return;
	if (answer->outcome != UPHOLD && owner)
		lift(ask, c, &input, reply);
	if (answer->outcome == REVERSE && !owner)
		reopen(ask, c, &input);
	if (answer->outcome == CHANGE) {
		input.why = owner ? NULL : input.why; /* the reversal before it says why */
		decision_rule(ask, c, &input,
			&(struct ruling_kind){"decided", input.measure->name, NULL}, reply);
		json_decref(reply->body);
		reply->body = NULL;
	}
}

void desk_appeal_decide(struct ask *ask, struct reply *reply)
{
	struct answer answer = {.outcome = OUTCOMES};
	struct desk_appeal a;
	struct desk_case c;
	struct form form;

	if (!find(ask, reply, &a, &c) || !ask_form(ask, &form, reply))
		return;
	read_answer(&form, &answer);
	if (!ask_form_end(&form, reply) || !may_answer(ask, reply, &a) ||
		!may_do(ask, reply, &a, &c, &answer))
		return;
	execute(ask, reply, &a, &c, &answer);
	case_append(ask->db, ask->arena, &c, "appeal_decided", ask->who.grant.id, ask->now_s,
		json_pack("{s:I, s:s, s:s, s:o, s:o, s:I}", "appeal", (json_int_t)a.id, "outcome",
			outcome_names[answer.outcome], "why",
			answer.input.why ? answer.input.why->name : "", "facts",
			json_bytes(answer.input.facts), "ground", json_bytes(answer.input.ground),
			"left", (json_int_t)desk_appeals_open(ask->db, c.id, a.id)));
	if (answer.outcome == UPHOLD && bytes_equal_str(a.party, "owner"))
		appeal_letter_to_owner(ask, &c, &a, answer.input.facts, answer.input.ground);
	ask->id = a.id;
	desk_appeal_show(ask, reply);
}
