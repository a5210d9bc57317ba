/* SPDX-License-Identifier: Apache-2.0 */
/* See the header: the selection, its token, how far it is. */
#include "desk/cases/bulk.h"

#include <stdlib.h>

#include "base/text.h"
#include "desk/cases/case_state.h"
#include "desk/cases/cases.h"
#include "desk/cases/claims.h"
#include "desk/people/shifts.h"
#include "desk/cases/two_people.h"
#include "desk/cases/work.h"
#include "desk/quality/quality.h"

#define LOOK_MAX 5000 /* cases at work that a filter looks at */
#define UNTIL_S_MAX ((int64_t)3650 * 86400)

/* ---- The selection ---- */

struct selection {
	int64_t *ids;
	size_t count;
	const char *wrong; /* NULL: fine */
};

static int by_number(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

static void select_listed(struct selection *s, const json_t *list, size_t max)
{
	size_t at;
	json_t *item;

	if (json_array_size(list) < 1 || json_array_size(list) > max) {
		s->wrong = "must be the numbers of one case or more, as many as the SOP allows";
		return;
	}
	json_array_foreach(list, at, item)
	{
		if (!json_is_integer(item) || json_integer_value(item) < 1)
			s->wrong = "must be numbers of cases";
		s->ids[s->count++] = json_integer_value(item);
	}
	qsort(s->ids, s->count, sizeof(*s->ids), by_number);
	for (at = 1; at < s->count; at++)
		if (s->ids[at] == s->ids[at - 1])
			s->wrong = "must name each case once";
}

static struct bytes text_in(const json_t *object, const char *name)
{
	const json_t *value = json_object_get(object, name);

	return bytes_of(json_string_value(value), json_string_length(value));
}

static bool fits(const json_t *filter, const char *name, struct bytes value)
{
	struct bytes wanted = text_in(filter, name);

	return !json_object_get(filter, name) || bytes_equal(wanted, value);
}

static bool known_names(const json_t *filter)
{
	const struct bytes known = BYTES_LITERAL("lane,category,language,country,channel");
	const char *name;
	json_t *value;

	json_object_foreach((json_t *)filter, name, value)
	{
		if (!list_has(known, bytes_from_str(name)) || !json_is_string(value))
			return false;
	}
	return json_object_size(filter) > 0;
}

/* Who bears the name now: a case may be about somebody who bore it before. 0: nobody. */
static int64_t bearer(struct ask *ask, struct bytes name)
{
	struct desk_subject subject;

	return desk_subject_by_name(ask->db, ask->arena, text_lower(ask->arena, name), &subject)
		       ? subject.channel
		       : 0;
}

/* Of what is at work and free: by the columns of lists, and by the channel that bears a name. */
static void select_by_filter(struct ask *ask, struct selection *s, const json_t *filter, size_t max)
{
	const struct desk_work start = {.priority = INT64_MAX};
	struct desk_work w;
	const bool by_channel = json_object_get(filter, "channel");
	struct desk_case c;
	int64_t channel;
	struct query q;

	if (!known_names(filter)) {
		s->wrong = "must have lane, category, language, country or channel";
		return;
	}
	channel = by_channel ? bearer(ask, text_in(filter, "channel")) : 0;
	q = desk_work_by_priority(ask->db, QUEUE_WORK, &start, LOOK_MAX);
	while (!s->wrong && desk_work_next(&q, ask->arena, &w)) {
		if (!fits(filter, "lane", w.lane) || !fits(filter, "category", w.category) ||
			!fits(filter, "language", w.language) ||
			!fits(filter, "country", w.country) || w.claimed_until > ask->now_s ||
			!ask_may_about(ask, w.category) ||
			!desk_case_get(ask->db, ask->arena, w.case_id, &c) ||
			(by_channel && (!channel || c.channel != channel)))
			continue;
		if (s->count == max)
			s->wrong = "fits more cases than the SOP allows at once";
		else
			s->ids[s->count++] = w.case_id;
	}
	query_end(&q);
	if (!s->wrong && s->count == 0)
		s->wrong = "fits no case that is at work and free";
	qsort(s->ids, s->count, sizeof(*s->ids), by_number);
}

static void read_selection(struct ask *ask, struct form *form, struct selection *out)
{
	const json_t *cases = json_object_get(form->root, "cases");
	const json_t *filter = json_object_get(form->root, "filter");
	size_t max = (size_t)ask->desk->sop.bulk_max;

	*out = (struct selection){.ids = arena_alloc(ask->arena, max * sizeof(*out->ids))};
	if (!cases == !filter)
		form_missing(form, "cases");
	else if (cases)
		select_listed(out, cases, max);
	else
		select_by_filter(ask, out, filter, max);
	if (out->wrong)
		form_invalid(form, cases ? "cases" : "filter", out->wrong);
}

/* ---- What can be decided with others ---- */

const char *bulk_action(const struct desk_case *c, const struct decision_input *input)
{
	if (input->measure->orders)
		return input->measure->name;
	return c->in_force ? "restore" : NULL;
}

const char *bulk_obstacle(
	struct ask *ask, const struct desk_case *c, const struct decision_input *input)
{
	const struct desk_work w = work_of(ask->db, ask->arena, c->id);

	if (!ask_may_about(ask, c->category))
		return "it is outside of your categories";
	if (!ask_may_decide(ask, c->category))
		return "the SOP lets others decide cases of this category";
	if (!case_is_open(c))
		return "it is decided";
	if (case_is_claimed(c, ask->now_s))
		return "somebody has claimed it";
	if (w.second != SECOND_NOT || second_is_needed(ask, c, &w, input))
		return "two people must agree on it";
	if (input->measure->orders && !ask_may_in(ask, input->countries))
		return "it takes effect outside of your countries";
	if (!decision_fits(c, input, NULL))
		return "the measure is for channels and groups, and their posts";
	if (!input->measure->orders && c->in_force && !decision_may_lift(ask, c))
		return "what it lifts holds outside of your countries";
	if (input->until_s && input->until_s <= ask->now_s)
		return "the time until which it was to hold is over";
	return NULL;
}

bool bulk_decision(struct ask *ask, struct bytes stored, struct decision_input *out)
{
	struct form form;
	bool ok = form_open(&form, ask->arena, stored);

	if (ok) {
		decision_read(&form, out);
		ok = form_ok(&form);
	}
	form_release(&form);
	return ok;
}

/* ---- Shown ---- */

struct showing {
	struct ask *ask;
	const struct decision_input *input;
	struct desk_bulk bulk;
	json_t *cases, *skipped, *channels;
	int64_t reach;
};

/* Each channel's subscribers count once. */
static void show_case(struct showing *s, int64_t id)
{
	struct ask *ask = s->ask;
	struct desk_case c;
	const char *why = "there is no such case", *channel;
	int64_t members;

	if (desk_case_get(ask->db, ask->arena, id, &c))
		why = bulk_obstacle(ask, &c, s->input);
	if (why) {
		json_array_append_new(
			s->skipped, json_pack("{s:I, s:s}", "case", (json_int_t)id, "why", why));
		return;
	}
	channel = arena_str(ask->arena, c.name);
	members = desk_reach_of(ask->db, c.channel, 0).members;
	if (!json_object_get(s->channels, channel)) {
		json_object_set_new(s->channels, channel, json_integer(members));
		s->reach += members;
	}
	json_array_append_new(s->cases,
		json_pack("{s:I, s:s, s:i, s:o}", "case", (json_int_t)id, "channel", channel,
			"post", (int)c.post, "category", json_bytes(c.category)));
	bulk_case_insert(ask->db, &(struct bulk_case){.bulk_id = s->bulk.id,
					  .case_id = id,
					  .head_seq = c.head_seq,
					  .step = STEP_SELECTED,
					  .why = BYTES_LITERAL("")});
}

static void show(struct ask *ask, struct reply *reply, const struct selection *selection,
	const struct decision_input *input)
{
	struct showing s = {.ask = ask,
		.input = input,
		.cases = json_array(),
		.skipped = json_array(),
		.channels = json_object()};
	char token[TOKEN_TEXT_SIZE];
	uint8_t hash[TOKEN_HASH_SIZE];

	token_new(token);
	token_hash(bytes_from_str(token), hash);
	s.bulk = (struct desk_bulk){.person = ask->who.grant.id,
		.created_at = ask->now_s,
		.state = BULK_SHOWN,
		.token_hash = bytes_of(hash, sizeof(hash)),
		.decision = ask->body,
		.undo = BYTES_LITERAL("")};
	desk_bulk_insert(ask->db, &s.bulk);
	for (size_t i = 0; i < selection->count; i++)
		show_case(&s, selection->ids[i]);
	reply->status = 201;
	reply->body =
		json_pack("{s:I, s:s, s:o, s:I, s:I, s:I, s:o, s:o}", "bulk", (json_int_t)s.bulk.id,
			"token", token, "until", json_time(ask->arena, ask->now_s + BULK_SHOWN_S),
			"count", (json_int_t)json_array_size(s.cases), "channels",
			(json_int_t)json_object_size(s.channels), "subscribers",
			(json_int_t)s.reach, "cases", s.cases, "skipped", s.skipped);
	json_decref(s.channels);
	bytes_wipe(token, sizeof(token));
}

void desk_bulk_show(struct ask *ask, struct reply *reply)
{
	struct decision_input input;
	struct selection selection;
	struct form form;

	if (!ask_form(ask, &form, reply))
		return;
	decision_read(&form, &input);
	read_selection(ask, &form, &selection);
	if (input.until_s &&
		(input.until_s <= ask->now_s || input.until_s > ask->now_s + UNTIL_S_MAX))
		form_invalid(&form, "until", "is in the past, or more than ten years away");
	if (!ask_form_end(&form, reply))
		return;
	if (input.measure->orders && !ask_may_in(ask, input.countries))
		reply_error(reply, 403, "it takes effect outside of your countries");
	else
		show(ask, reply, &selection, &input);
}

/* ---- How far it is ---- */

static bool find(struct ask *ask, struct reply *reply, struct desk_bulk *bulk)
{
	if (desk_bulk_get(ask->db, ask->arena, ask->id, bulk))
		return true;
	reply_error(reply, 404, "there is no such selection");
	return false;
}

static bool in_scope(struct ask *ask, int64_t case_id)
{
	struct desk_case c;

	return desk_case_get(ask->db, ask->arena, case_id, &c) && ask_may_about(ask, c.category) &&
	       !quality_hides(ask, case_id);
}

/* Of the cases that who asks may see: it may be another's selection. */
static void answer(struct ask *ask, struct reply *reply, const struct desk_bulk *bulk)
{
	static const char *const states[] = {"shown", "deciding", "decided", "undoing", "undone"};
	static const char *const steps[STEP_COUNT] = {
		"selected", "decided", "skipped", "undone", "kept"};
	struct query q = bulk_cases_list(ask->db, bulk->id);
	json_t *list = json_array();
	int64_t counts[STEP_COUNT] = {0};

	while (query_next(&q)) {
		int64_t step = query_int(&q, 1);
		struct bytes why = query_bytes(&q, ask->arena, 2);

		if (!in_scope(ask, query_int(&q, 0)))
			continue;
		counts[step]++;
		json_array_append_new(list,
			json_pack("{s:I, s:s, s:o}", "case", (json_int_t)query_int(&q, 0), "step",
				steps[step], "why", why.size ? json_bytes(why) : json_null()));
	}
	query_end(&q);
	reply->body = json_pack("{s:I, s:s, s:o, s:o, s:o}", "bulk", (json_int_t)bulk->id, "state",
		states[bulk->state], "by", json_bytes(case_grant_name(ask, bulk->person)),
		"undo_until",
		bulk->started_at
			? json_time(ask->arena, bulk->started_at + ask->desk->sop.bulk_undo_s)
			: json_null(),
		"cases", list);
	for (int i = 0; i < STEP_COUNT; i++)
		json_object_set_new(reply->body, steps[i], json_integer(counts[i]));
}

void desk_bulk_progress(struct ask *ask, struct reply *reply)
{
	struct desk_bulk bulk;

	if (find(ask, reply, &bulk))
		answer(ask, reply, &bulk);
}

static void start(struct ask *ask, struct reply *reply, struct desk_bulk *bulk, struct bytes token)
{
	uint8_t hash[TOKEN_HASH_SIZE];

	token_hash(token, hash);
	if (bulk->person != ask->who.grant.id ||
		!bytes_equal(bulk->token_hash, bytes_of(hash, sizeof(hash)))) {
		reply_error(reply, 403, "this token is not of this selection, or not yours");
	} else if (bulk->state != BULK_SHOWN) {
		reply_error(reply, 409, "it is decided already");
	} else if (bulk->created_at + BULK_SHOWN_S < ask->now_s) {
		reply_error(reply, 409, "what was shown is too old: look again");
	} else {
		bulk->state = BULK_DECIDING;
		bulk->started_at = ask->now_s;
		desk_bulk_put(ask->db, bulk);
		answer(ask, reply, bulk);
		reply->status = 202;
	}
}

void desk_bulk_decide(struct ask *ask, struct reply *reply)
{
	struct desk_bulk bulk;
	struct bytes token;
	struct form form;

	if (!find(ask, reply, &bulk) || !ask_form(ask, &form, reply))
		return;
	token = form_text(&form, "token", TOKEN_TEXT_SIZE);
	if (ask_form_end(&form, reply))
		start(ask, reply, &bulk, token);
}

void desk_bulk_undo(struct ask *ask, struct reply *reply)
{
	struct decision_input input;
	struct desk_bulk bulk;
	struct form form;

	if (!find(ask, reply, &bulk) || !ask_form(ask, &form, reply))
		return;
	reversal_read(&form, &input);
	if (!ask_form_end(&form, reply))
		return;
	if (bulk.state != BULK_DECIDING && bulk.state != BULK_DECIDED) {
		reply_error(reply, 409, "there is nothing to undo");
	} else if (bulk.started_at + ask->desk->sop.bulk_undo_s < ask->now_s) {
		reply_error(reply, 409, "the SOP's time for undoing it is over: reverse each case");
	} else {
		bulk.state = BULK_UNDOING;
		bulk.undo_by = ask->who.grant.id;
		bulk.undo = ask->body;
		desk_bulk_put(ask->db, &bulk);
		answer(ask, reply, &bulk);
		reply->status = 202;
	}
}
