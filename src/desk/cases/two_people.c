/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. Who may claim a case that somebody else proposed about, or that two did not agree
 * about, is claims.c's matter: all this is done by who holds the claim. */
#include "desk/cases/two_people.h"

#include "desk/cases/case_state.h"
#include "desk/cases/cases.h"
#include "desk/cases/claims.h"
#include "desk/cases/work.h"

#define REASONS_MAX 1500

bool second_is_wanted(struct ask *ask, const struct desk_case *c)
{
	static const struct sop_category unknown = {.two_people = false};
	const struct sop *sop = &ask->desk->sop;
	const struct sop_category *category = sop_category(sop, arena_str(ask->arena, c->category));
	int64_t members = desk_reach_of(ask->db, c->channel, 0).members;

	return sop_two_people(sop, category ? category : &unknown, members);
}

bool second_is_needed(struct ask *ask, const struct desk_case *c, const struct desk_work *w,
	const struct decision_input *input)
{
	return w->second == SECOND_NOT && input->measure->orders && second_is_wanted(ask, c);
}

static json_t *decision_json(const struct decision_input *input)
{
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:I}", "action", json_bytes(input->action),
		"countries",
		json_bytes(input->countries.data ? input->countries : BYTES_LITERAL("")), "basis",
		json_bytes(input->basis), "facts", json_bytes(input->facts), "ground",
		json_bytes(input->ground), "until", (json_int_t)input->until_s);
}

static void answer(struct ask *ask, struct reply *reply, const struct desk_case *c, int status)
{
	const struct desk_work w = work_of(ask->db, ask->arena, c->id);

	reply->status = status;
	reply->body = case_summary(ask, c, &w);
	json_object_set_new(reply->body, "second", second_json(ask, &w));
	json_object_set_new(reply->body, "clock_runs", json_boolean(case_is_open(c)));
}

void second_propose(struct ask *ask, struct reply *reply, struct desk_case *c,
	const struct decision_input *input)
{
	const struct sop *sop = &ask->desk->sop;
	const struct sop_category *category = sop_category(sop, arena_str(ask->arena, c->category));
	json_t *data = decision_json(input);

	json_object_set_new(data, "blind", json_boolean(category && category->blind));
	json_object_set_new(data, "sop", json_integer(sop->version));
	case_append(ask->db, ask->arena, c, "proposed", ask->who.grant.id, ask->now_s, data);
	answer(ask, reply, c, 202);
}

/* ---- What was proposed ---- */

static struct bytes text_of(struct arena *arena, const json_t *data, const char *name)
{
	const json_t *value = json_object_get(data, name);

	if (!json_is_string(value))
		return bytes_of(NULL, 0);
	return arena_bytes(arena, bytes_of(json_string_value(value), json_string_length(value)));
}

/* The event of that number as an answer shows it. A new reference; NULL: there is none. */
static json_t *event_json(struct ask *ask, int64_t case_id, int64_t seq)
{
	struct desk_event e;
	json_t *data;

	if (!desk_event_next(ask->db, ask->arena, case_id, (int32_t)seq - 1, &e) ||
		e.case_id != case_id || e.seq != seq)
		return NULL;
	data = json_loadb((const char *)e.data.data, e.data.size, 0, NULL);
	json_object_set_new(data, "at", json_time(ask->arena, e.at));
	json_object_set_new(data, "by", json_bytes(case_grant_name(ask, e.actor)));
	return data;
}

static bool read_proposal(struct ask *ask, const struct desk_work *w, struct decision_input *out)
{
	json_t *data = event_json(ask, w->case_id, w->proposal_seq);

	if (!data)
		return false;
	*out = (struct decision_input){
		.action = text_of(ask->arena, data, "action"),
		.countries = text_of(ask->arena, data, "countries"),
		.facts = text_of(ask->arena, data, "facts"),
		.ground = text_of(ask->arena, data, "ground"),
		.basis = text_of(ask->arena, data, "basis"),
		.until_s = json_integer_value(json_object_get(data, "until")),
	};
	out->measure = measure_by_name(out->action);
	json_decref(data);
	return out->measure != NULL;
}

/* Why the second of two did not agree: the last such event. */
static json_t *objection_json(struct ask *ask, const struct desk_work *w)
{
	struct desk_event e = {.case_id = w->case_id, .seq = (int32_t)w->proposal_seq};
	json_t *found = NULL;

	while (w->opposed_by && !found &&
		desk_event_next(ask->db, ask->arena, w->case_id, e.seq, &e) &&
		e.case_id == w->case_id)
		if (bytes_equal_str(e.kind, "disagreed"))
			found = event_json(ask, w->case_id, e.seq);
	return found ? found : json_null();
}

json_t *second_json(struct ask *ask, const struct desk_work *w)
{
	bool blind = case_is_blind_to(ask, w);
	json_t *proposal;

	if (w->second == SECOND_NOT)
		return json_null();
	proposal = blind ? NULL : event_json(ask, w->case_id, w->proposal_seq);
	return json_pack("{s:s, s:b, s:o, s:o}", "needs",
		w->second == SECOND_LEAD ? "lead" : "approval", "blind", (int)w->blind, "proposal",
		proposal ? proposal : json_null(), "objection", objection_json(ask, w));
}

/* ---- Whether they agree ---- */

bool second_agrees(const struct decision_input *a, const struct decision_input *b)
{
	return bytes_equal(a->action, b->action) && a->countries.size == b->countries.size &&
	       (a->countries.size == 0 || bytes_equal(a->countries, b->countries));
}

static void disagree(struct ask *ask, struct reply *reply, struct desk_case *c, json_t *data)
{
	case_append(ask->db, ask->arena, c, "disagreed", ask->who.grant.id, ask->now_s, data);
	answer(ask, reply, c, 200);
}

bool second_compare(struct ask *ask, struct reply *reply, struct desk_case *c,
	const struct desk_work *w, struct decision_input *input, json_t **more)
{
	struct decision_input proposal;
	json_t *data;

	if (!w->blind) {
		reply_error(reply, 409, "approve or refuse what is proposed");
		return false;
	}
	if (!read_proposal(ask, w, &proposal)) {
		db_fail(ask->db, "a case that needs approval has no proposal");
		return false;
	}
	if (!second_agrees(&proposal, input)) {
		data = decision_json(input);
		json_object_set_new(data, "blind", json_true());
		disagree(ask, reply, c, data);
		return false;
	}
	if (input->until_s && (!proposal.until_s || input->until_s < proposal.until_s))
		proposal.until_s = input->until_s;
	*more = json_pack("{s:I, s:{s:o, s:o}}", "proposed_by", (json_int_t)w->proposed_by,
		"second", "facts", json_bytes(input->facts), "ground", json_bytes(input->ground));
	*input = proposal;
	return true;
}

/* ---- Handlers: the second person, who sees the proposal ---- */

/* The case with a proposal that who asks has claimed to judge it; false: answered. */
static bool find(struct ask *ask, struct reply *reply, struct desk_case *c, struct desk_work *w)
{
	if (!case_find(ask, reply, c))
		return false;
	*w = work_of(ask->db, ask->arena, c->id);
	if (w->second != SECOND_APPROVES) {
		reply_error(reply, 409, "nothing waits for approval in this case");
		return false;
	}
	if (w->proposed_by == ask->who.grant.id) {
		reply_error(reply, 403, "somebody else has to agree to what you proposed");
		return false;
	}
	if (!claim_is_mine(ask, reply, c))
		return false;
	if (w->blind)
		reply_error(reply, 409, "decide it as if alone: the SOP has it judged blind");
	return !w->blind;
}

void desk_case_approve(struct ask *ask, struct reply *reply)
{
	struct decision_input input;
	struct desk_work w;
	struct desk_case c;

	if (!find(ask, reply, &c, &w))
		return;
	if (!read_proposal(ask, &w, &input)) {
		db_fail(ask->db, "a case that needs approval has no proposal");
		return;
	}
	if (!ask_may_in(ask, input.countries))
		reply_error(reply, 403, "it takes effect outside of your countries");
	else if (input.until_s && input.until_s <= ask->now_s)
		reply_error(reply, 409, "the time until which it was proposed is over: refuse it");
	else
		decision_rule(ask, &c, &input,
			&(struct ruling_kind){"decided", input.measure->name,
				json_pack("{s:I}", "proposed_by", (json_int_t)w.proposed_by)},
			reply);
}

void desk_case_refuse(struct ask *ask, struct reply *reply)
{
	struct desk_work w;
	struct desk_case c;
	struct bytes reasons;
	struct form form;

	if (!find(ask, reply, &c, &w) || !ask_form(ask, &form, reply))
		return;
	reasons = form_text(&form, "reasons", REASONS_MAX);
	if (ask_form_end(&form, reply))
		disagree(ask, reply, &c,
			json_pack("{s:o, s:b}", "reasons", json_bytes(reasons), "blind", 0));
}

/* By who proposed it: the case is as before. */
void desk_case_withdraw(struct ask *ask, struct reply *reply)
{
	struct desk_work w;
	struct desk_case c;

	if (!case_find(ask, reply, &c))
		return;
	w = work_of(ask->db, ask->arena, c.id);
	if (w.second != SECOND_APPROVES) {
		reply_error(reply, 409, "nothing waits for approval in this case");
	} else if (w.proposed_by != ask->who.grant.id) {
		reply_error(reply, 403, "only who proposed it can withdraw it");
	} else {
		case_append(ask->db, ask->arena, &c, "withdrawn", ask->who.grant.id, ask->now_s,
			json_object());
		answer(ask, reply, &c, 200);
	}
}
