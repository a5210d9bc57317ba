/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "desk/cases/load.h"

#include <stdlib.h>

#include "desk/lanes/form.h"
#include "desk/cases/work.h"

#define DAY_S 86400
#define DEEDS_MAX 5000 /* of one person that one answer counts */
/* Disturbing ones that a pause can depend on: twice what a SOP may allow. */
#define TAKEN_MAX 2000

static struct load_rule rule_of(const struct sop *sop)
{
	return (struct load_rule){
		sop->disturbing_max, sop->disturbing_span_s, sop->disturbing_pause_s};
}

/* Each pause begins the count anew: `first` is the oldest that counts. */
struct load load_fold(
	const struct load_rule *rule, const int64_t *times, size_t count, int64_t now_s)
{
	struct load load = {.held = 0};
	size_t first = 0;

	for (size_t i = 0; i < count && rule->max; i++) {
		while (times[first] < times[i] - rule->span_s)
			first++;
		if ((int64_t)(i - first) + 1 < rule->max)
			continue;
		load.paused_until = times[i] + rule->pause_s;
		first = i + 1;
	}
	if (load.paused_until <= now_s)
		load.paused_until = 0;
	while (first < count && times[first] < now_s - rule->span_s)
		first++;
	load.disturbing = (int64_t)(count - first);
	return load;
}

bool load_is_disturbing(const struct sop *sop, struct arena *arena, struct bytes category)
{
	const struct sop_category *c = sop_category(sop, arena_str(arena, category));

	return c && c->disturbing;
}

static bool is_taking(const struct work_deed *deed)
{
	return bytes_equal_str(deed->kind, "claimed") || bytes_equal_str(deed->kind, "handed");
}

struct load load_of(
	struct db *db, struct arena *arena, const struct sop *sop, int64_t person, int64_t now_s)
{
	const struct load_rule rule = rule_of(sop);
	int64_t times[TAKEN_MAX];
	struct work_deed deed;
	struct load load;
	struct query q;
	size_t count = 0;

	/* What is older has no part in a pause that still holds. */
	q = work_deeds_of(db, person, now_s - 2 * rule.span_s - rule.pause_s, DEEDS_MAX);
	while (rule.max && work_deed_next(&q, arena, &deed))
		if (count < TAKEN_MAX && is_taking(&deed) &&
			load_is_disturbing(sop, arena, deed.category))
			times[count++] = deed.at;
	query_end(&q);
	load = load_fold(&rule, times, count, now_s);
	load.held = desk_work_held(db, person, now_s);
	return load;
}

const char *load_refusal(const struct sop *sop, const struct load *load, bool disturbing)
{
	if (load->held >= sop->claims_max)
		return "as many cases are held as the SOP allows one person";
	if (disturbing && load->paused_until)
		return "the SOP gives a pause from cases of this kind";
	return NULL;
}

/* ---- One's own figures: for oneself, no one else ---- */

static json_t *held_json(struct ask *ask)
{
	struct query q = desk_work_of(ask->db, ask->who.grant.id);
	json_t *list = json_array();
	struct desk_work w;

	while (desk_work_next(&q, ask->arena, &w))
		if (w.claimed_until > ask->now_s)
			json_array_append_new(
				list, json_pack("{s:I, s:o, s:o}", "case", (json_int_t)w.case_id,
					      "until", json_time(ask->arena, w.claimed_until),
					      "due", json_time(ask->arena, w.due_at)));
	return list;
}

static int by_size(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

/* Since then: how many of each kind of deed, and how long decisions took, in the middle. */
static json_t *figures(struct ask *ask, int64_t since_s)
{
	struct query q = work_deeds_of(ask->db, ask->who.grant.id, since_s, DEEDS_MAX);
	int64_t *took = arena_alloc(ask->arena, DEEDS_MAX * sizeof(*took));
	json_t *kinds = json_object();
	struct work_deed deed;
	size_t decided = 0;

	while (work_deed_next(&q, ask->arena, &deed)) {
		const char *kind = arena_str(ask->arena, deed.kind);

		json_object_set_new(kinds, kind,
			json_integer(json_integer_value(json_object_get(kinds, kind)) + 1));
		if (bytes_equal_str(deed.kind, "decided"))
			took[decided++] = deed.took_s;
	}
	qsort(took, decided, sizeof(*took), by_size);
	return json_pack("{s:o, s:o}", "deeds", kinds, "median_s",
		decided ? json_integer(took[(decided - 1) / 2]) : json_null());
}

void desk_me_work(struct ask *ask, struct reply *reply)
{
	const struct sop *sop = &ask->desk->sop;
	struct load load = load_of(ask->db, ask->arena, sop, ask->who.grant.id, ask->now_s);

	reply->body = json_pack("{s:o, s:I, s:{s:I, s:I, s:I, s:o}, s:o, s:o}", "held",
		held_json(ask), "claims_max", (json_int_t)sop->claims_max, "disturbing", "taken",
		(json_int_t)load.disturbing, "max", (json_int_t)sop->disturbing_max, "span_s",
		(json_int_t)sop->disturbing_span_s, "paused_until",
		load.paused_until ? json_time(ask->arena, load.paused_until) : json_null(), "day",
		figures(ask, ask->now_s - DAY_S), "week", figures(ask, ask->now_s - 7 * DAY_S));
}
