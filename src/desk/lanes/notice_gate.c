/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The gate: a notice is complete, about something public, within its sender's competence and
 * country, or it goes back with all that is missing or wrong. Refusals are counted in public, by
 * lane and reason, and leave no other trace. What is private and what does not exist are refused
 * in the same words, after the same look-ups.
 */
#include "base/text.h"
#include "desk/lanes/countries.h"
#include "desk/lanes/notice_answers.h"
#include "desk/lanes/notices.h"
#include "desk/lanes/subject_find.h"
#include "desk/people/shifts.h"
#include "desk/quality/standing.h"
#include "store/square_desk_competences.h"

struct gate {
	struct ask *ask;
	struct form *form;
	struct notice_input input;
	struct notice_new notice;
	const char *refusal, *error; /* NULL: none yet; the first counts */
};

static void refuse(struct gate *gate, const char *reason, const char *error)
{
	if (gate->refusal)
		return;
	gate->refusal = reason;
	gate->error = error;
}

static void look_for_subject(struct gate *gate)
{
	static const char nothing[] =
		"nothing public is there: the desk handles channels, groups, profiles and bots "
		"with a public name, and posts, nothing else";
	static const char no_comment[] =
		"nothing public is there: a comment is public where the group that discusses the "
		"channel has a public name too";
	const bool private = gate->input.kind == SUBJECT_PRIVATE;
	const struct subject *wanted =
		private ? &(struct subject){.post = 0} : &gate->input.subject;
	struct desk_subject subject;
	enum subject_found found;

	if (gate->input.kind == SUBJECT_UNCLEAR)
		return; /* said already */
	found = subject_find(gate->ask->db, gate->ask->arena, wanted, &subject, &gate->notice.post);
	if (found != SUBJECT_FOUND) {
		form_missing(gate->form, "subject");
		refuse(gate, private || found == SUBJECT_AT_HOME ? "private" : "unknown",
			wanted->comment ? no_comment : nothing);
		return;
	}
	gate->notice.channel = subject.channel;
	gate->notice.name = subject.username;
	gate->notice.members = subject.members;
}

static void check_competence(struct gate *gate)
{
	const struct sop_category *category = gate->input.category;
	struct ask *ask = gate->ask;

	/* Of a grant, or of the person who signed in. */
	if (!category ||
		(desk_competence_covers(ask->db, principal_sender(&ask->who), category->name) &&
			ask_may_about(ask, bytes_from_str(category->name))))
		return;
	form_invalid(gate->form, "category", "is not among those you may send notices about");
	refuse(gate, "competence", "this category is outside your competence at this desk");
}

/* An order holds for the country of who gives it; beyond that only as far as the SOP says. */
static bool may_order_for(enum sop_reach reach, struct bytes own, struct bytes countries)
{
	struct bytes country;

	if (reach == REACH_EVERYWHERE)
		return true;
	while ((country = list_next(&countries)).data) {
		bool within =
			reach == REACH_UNION && country_is_of_eu(own) && country_is_of_eu(country);

		if (!within && !bytes_equal(country, own))
			return false;
	}
	return true;
}

static bool may_remove(struct bytes own, const struct sop_category *category)
{
	return country_is_of_eu(own) && category->orders != REACH_OWN;
}

bool notice_form_is_open_to(
	enum notice_form form, struct bytes country, const struct sop_category *category)
{
	return notice_form_takes(form, category) &&
	       (form != FORM_TCO || may_remove(country, category));
}

static void check_country(struct gate *gate)
{
	const struct notice_input *input = &gate->input;
	struct bytes own = gate->ask->who.grant.country;

	if (gate->ask->who.role != ROLE_AUTHORITY || !notice_form_orders(input->form) ||
		!input->category)
		return;
	if (input->form == FORM_TCO) {
		if (may_remove(own, input->category))
			return;
		form_invalid(gate->form, "form",
			"holds in all of the European Union: only an authority of a Member State "
			"sends it, where the SOP lets orders hold beyond their country");
	} else if (!may_order_for(input->category->orders, own, input->countries)) {
		form_invalid(
			gate->form, "countries", "has a country beyond what you may order for");
	} else {
		return;
	}
	refuse(gate, "country", "the order would hold beyond the country of its authority");
}

static void answer_refusal(struct gate *gate, struct reply *reply)
{
	struct ask *ask = gate->ask;
	char *day = text_rfc3339(ask->arena, ask->now_s);

	refuse(gate, "incomplete", NULL);
	day[10] = 0;
	desk_refusal_count(ask->db, day, lane_name(principal_lane(&ask->who)), gate->refusal);
	reply->status = 422;
	reply->body = form_problems(gate->form);
	if (gate->error)
		json_object_set_new(reply->body, "error", json_string(gate->error));
	if (notice_form_orders(gate->input.form))
		json_object_set_new(reply->body, "answer",
			notice_refusal_answer(ask, gate->form, &gate->input, gate->refusal));
}

static void take_in(struct gate *gate, struct reply *reply)
{
	const struct notice_input *input = &gate->input;
	struct ask *ask = gate->ask;
	struct notice_new *notice = &gate->notice;
	struct desk_case c;
	int64_t id;

	notice->reporter = principal_sender(&ask->who);
	notice->officer = ask->who.acts_for ? ask->who.grant.id : 0;
	notice->lane = principal_lane(&ask->who);
	notice->door = ask->door;
	notice->country =
		ask->who.role == ROLE_AUTHORITY ? ask->who.grant.country : BYTES_LITERAL("");
	notice->category = input->category;
	notice->urgent = input->urgent;
	notice->subject_text = input->subject_text;
	notice->law = input->law;
	notice->reasons = input->reasons;
	notice->form = input->form;
	notice->countries = input->countries;
	notice->fields = input->fields;
	id = notice_fold(ask->desk, ask->db, ask->arena, ask->now_s, notice, &c);
	reply->status = 201;
	reply->body = json_pack("{s:I, s:s, s:I, s:o, s:o}", "notice", (json_int_t)id, "form",
		notice_form_name(input->form), "case", (json_int_t)c.id, "due",
		json_time(ask->arena, c.due_at), "state", json_bytes(c.state));
}

void desk_notice_file(struct ask *ask, struct reply *reply)
{
	const struct notice_sender sender = {
		.known = ask->who.grant.id != 0, .authority = ask->who.role == ROLE_AUTHORITY};
	struct form form;
	struct gate gate = {.ask = ask, .form = &form};

	if (!standing_allows(ask, reply) || !ask_form(ask, &form, reply))
		return;
	notice_read(&form, &ask->desk->sop, &sender, &gate.input);
	look_for_subject(&gate);
	check_competence(&gate);
	check_country(&gate);
	if (form_ok(&form))
		take_in(&gate, reply);
	else
		answer_refusal(&gate, reply);
	form_release(&form);
}
