/* SPDX-License-Identifier: Apache-2.0 */
/* GET /api/sop: what is in force, for who works by it; /api/sop/N: what was, word for word. */
#include <string.h>

#include "desk/desk.h"
#include "desk/lanes/form.h"
#include "store/square_sops.h"

#define HOUR_S 3600
#define MINUTE_S 60

/* "A | B" as an array. */
static json_t *parts_of(const char *text)
{
	json_t *list = json_array();

	while (*text) {
		size_t size = strcspn(text, "|"), skipped = size + (text[size] == '|');

		while (size && *text == ' ')
			text++, size--, skipped--;
		while (size && text[size - 1] == ' ')
			size--;
		if (size)
			json_array_append_new(list, json_stringn(text, size));
		text += skipped;
	}
	return list;
}

static json_t *clock_json(const struct sop_clock *clock)
{
	return json_pack("{s:I, s:I, s:I}", "acknowledge_s", (json_int_t)clock->acknowledge_s,
		"decide_s", (json_int_t)clock->decide_s, "notify_s", (json_int_t)clock->notify_s);
}

static json_t *category_json(const struct sop_category *c)
{
	json_t *hours = json_object(), *clocks = json_object(), *titles = json_object(),
	       *grounds = json_object(), *out;

	for (enum lane lane = 0; lane < LANE_COUNT; lane++) {
		const char *name = lane_name(lane);

		json_object_set_new(hours, name,
			json_real((double)sop_clock(c, lane, false)->decide_s / HOUR_S));
		json_object_set_new(clocks, name,
			json_pack("{s:o, s:o}", "ordinary", clock_json(sop_clock(c, lane, false)),
				"urgent", clock_json(sop_clock(c, lane, true))));
	}
	for (int i = 0; i < c->title_count; i++)
		json_object_set_new(titles, c->titles[i].language, json_string(c->titles[i].text));
	for (int i = 0; i < c->ground_count; i++)
		json_object_set_new(grounds, c->grounds[i].country, parts_of(c->grounds[i].text));
	out = json_pack("{s:s, s:s, s:o, s:s, s:o, s:I, s:b, s:o, s:o, s:o, s:s, s:o}", "category",
		c->name, "title", c->title, "titles", titles, "dsa_category", c->dsa_category,
		"dsa_keywords", parts_of(c->dsa_keywords), "harm", (json_int_t)c->harm, "urgent",
		(int)c->urgent, "clock_hours", hours, "clocks", clocks, "laws", parts_of(c->laws),
		"terms", c->terms, "grounds", grounds);
	json_object_set_new(out, "review_percent", json_integer(c->review_percent));
	json_object_set_new(out, "evidence_days", json_integer(c->evidence_days));
	json_object_set_new(out, "two_people", json_boolean(c->two_people));
	json_object_set_new(out, "blind", json_boolean(c->blind));
	json_object_set_new(out, "disturbing", json_boolean(c->disturbing));
	json_object_set_new(out, "orders", json_string(sop_reach_names[c->orders]));
	json_object_set_new(out, "decide",
		json_pack("{s:b, s:b}", "moderator", (int)c->moderator_decides, "lead",
			(int)c->lead_decides));
	return out;
}

static json_t *pauses_json(const struct sop *sop)
{
	json_t *list = json_array();

	for (int i = 0; i < sop->pause_count; i++) {
		const struct sop_pause *p = &sop->pauses[i];
		json_t *lanes = json_array();

		for (enum lane lane = 0; lane < LANE_COUNT; lane++)
			if (p->lanes & 1u << lane)
				json_array_append_new(lanes, json_string(lane_name(lane)));
		json_array_append_new(list,
			json_pack("{s:s, s:s, s:I, s:o, s:b, s:s}", "reason", p->name, "title",
				p->title, "longest_s", (json_int_t)p->longest_s, "lanes", lanes,
				"asks", (int)p->asks, "obstacle", sop_obstacle_names[p->obstacle]));
	}
	return list;
}

static json_t *steps_json(const struct sop *sop)
{
	json_t *list = json_array();

	for (int i = 0; i < sop->step_count; i++) {
		const struct sop_step *step = &sop->steps[i];
		json_t *item = json_pack(
			"{s:i, s:s, s:s}", "step", i + 1, "to", step->to, "contact", step->contact);

		if (step->used_percent)
			json_object_set_new(item, "used_percent", json_integer(step->used_percent));
		else
			json_object_set_new(item, "overdue_s", json_integer(step->overdue_s));
		json_array_append_new(list, item);
	}
	return list;
}

static json_t *templates_json(const struct sop *sop)
{
	json_t *all = json_object();

	for (int i = 0; i < sop->template_count; i++) {
		const struct sop_template *t = &sop->templates[i];
		json_t *languages = json_object_get(all, t->id);

		if (!languages) {
			languages = json_object();
			json_object_set_new(all, t->id, languages);
		}
		json_object_set_new(languages, t->language, json_string(sop->pool + t->at));
	}
	return all;
}

static json_t *breakers_json(const struct sop *sop)
{
	json_t *all = json_pack("{s:I}", "default", (json_int_t)sop->breaker_per_day);

	for (int i = 0; i < sop->breaker_count; i++)
		json_object_set_new(
			all, sop->breakers[i].rule, json_integer(sop->breakers[i].per_day));
	return all;
}

void desk_sop_show(struct ask *ask, struct reply *reply)
{
	const struct sop *sop = &ask->desk->sop;
	json_t *categories = json_array(), *body;

	for (int i = 0; i < sop->category_count; i++)
		json_array_append_new(categories, category_json(&sop->categories[i]));
	body = json_pack("{s:I, s:s, s:o, s:I, s:{s:b, s:b}, s:{s:b, s:b}, s:I, s:o, s:o, s:I}",
		"version", (json_int_t)sop->version, "hash", sop->hash, "categories", categories,
		"lease_minutes", (json_int_t)(sop->lease_s / MINUTE_S), "decide", "moderator",
		(int)sop->moderator_decides, "lead", (int)sop->lead_decides, "reverse", "moderator",
		(int)sop->moderator_reverses, "lead", (int)sop->lead_reverses, "two_people_members",
		(json_int_t)sop->two_people_members, "pauses", pauses_json(sop), "escalation",
		steps_json(sop), "evidence_days", (json_int_t)sop->evidence_days);
	json_object_set_new(body, "appeal",
		json_pack("{s:I, s:s, s:I, s:I, s:I, s:b, s:I}", "days",
			(json_int_t)sop->appeal_days, "contact", sop->appeal_contact, "reasons_min",
			(json_int_t)sop->appeal_reasons_min, "answer_days",
			(json_int_t)sop->appeal_answer_days, "max", (json_int_t)sop->appeals_max,
			"reporters", (int)sop->reporters_appeal, "reporters_days",
			(json_int_t)sop->reporters_days));
	json_object_set_new(body, "daily",
		json_pack("{s:s, s:s}", "channel", sop->daily_channel, "language",
			sop->daily_language));
	json_object_set_new(body, "work",
		json_pack("{s:I, s:I, s:I, s:I, s:I, s:I}", "claims_max",
			(json_int_t)sop->claims_max, "disturbing_max",
			(json_int_t)sop->disturbing_max, "disturbing_span_s",
			(json_int_t)sop->disturbing_span_s, "disturbing_pause_s",
			(json_int_t)sop->disturbing_pause_s, "bulk_max", (json_int_t)sop->bulk_max,
			"bulk_undo_s", (json_int_t)sop->bulk_undo_s));
	json_object_update_new(json_object_get(body, "appeal"),
		json_pack("{s:s, s:I, s:{s:b, s:b}}", "address", sop->appeal_address,
			"acknowledge_s", (json_int_t)sop->appeal_acknowledge_s, "decide",
			"moderator", (int)sop->moderator_appeals, "lead", (int)sop->lead_appeals));
	json_object_set_new(body, "accuracy",
		json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "half_life_days",
			(json_int_t)sop->accuracy_half_life_days, "notices_min",
			(json_int_t)sop->accuracy_notices_min, "priority_max",
			(json_int_t)sop->accuracy_priority_max, "warn_below_percent",
			(json_int_t)sop->warn_below_percent, "warning_days",
			(json_int_t)sop->warning_days, "suspend_after_days",
			(json_int_t)sop->suspend_after_days, "suspend_days",
			(json_int_t)sop->suspend_days));
	json_object_set_new(body, "quality",
		json_pack("{s:I, s:I}", "review_percent", (json_int_t)sop->review_percent,
			"review_days", (json_int_t)sop->review_days));
	json_object_set_new(body, "breakers", breakers_json(sop));
	json_object_set_new(body, "templates", templates_json(sop));
	reply->body = body;
}

void desk_sop_version_show(struct ask *ask, struct reply *reply)
{
	struct square_sop sop;

	if (!square_sop_get(ask->db, ask->arena, ask->id, &sop)) {
		reply_error(reply, 404, "there was no such version");
		return;
	}
	reply->body =
		json_pack("{s:I, s:o, s:o, s:b, s:o, s:o}", "version", (json_int_t)sop.version,
			"hash", json_bytes(sop.hash), "since", json_time(ask->arena, sop.since_s),
			"in_force", sop.version == ask->desk->sop.version, "text",
			json_bytes(sop.text), "defaults", json_bytes(sop.defaults));
}
