/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. docs/desk-api.md has the points: who changes them here changes them there. */
#include "desk/cases/next.h"

#include <strings.h>

#include "desk/quality/accuracy.h"
#include "desk/cases/case_state.h"
#include "desk/cases/cases.h"
#include "desk/cases/claims.h"
#include "desk/lanes/form.h"
#include "desk/cases/load.h"
#include "desk/people/shifts.h"
#include "desk/cases/work.h"
#include "store/square_desk_people.h"

/* Of each category those due first and those of the highest priority are looked at, in each of the
 * person's languages and in any: the best is among them, as all else about a case is the same for
 * the rows between. */
#define LOOK_MAX 100
#define LANGUAGES_MAX 8

#define DUE_POINTS 400
#define OVERDUE_POINTS 500
#define OVERDUE_HOURS_MAX 100
#define LANE_POINTS 150
#define HARM_POINTS 3
#define DOUBLING_POINTS 8
#define NOTICE_POINTS 5
#define NOTICES_MAX 20
#define READS_POINTS 200
#define READS_NOT_POINTS -400
#define REGION_POINTS 60
#define SECOND_POINTS 100
#define STANDING_MAX 100
#define SENDERS_MAX 64

static const char *const names[NEXT_REASONS] = {
	[NEXT_DUE] = "due",
	[NEXT_LANE] = "lane",
	[NEXT_HARM] = "harm",
	[NEXT_REACH] = "reach",
	[NEXT_NOTICES] = "notices",
	[NEXT_LANGUAGE] = "language",
	[NEXT_REGION] = "region",
	[NEXT_STANDING] = "standing",
	[NEXT_SECOND] = "second",
};

/* ---- Points ---- */

/* Slowly at first, then fast: the square of the share that is used. */
static int64_t due_points(const struct desk_work *w, int64_t now_s)
{
	int64_t whole = w->due_at - w->clock_at, used = now_s - w->clock_at, share;
	int64_t late_h = (now_s - w->due_at) / 3600;

	if (now_s >= w->due_at)
		return OVERDUE_POINTS + (late_h < OVERDUE_HOURS_MAX ? late_h : OVERDUE_HOURS_MAX);
	if (whole <= 0 || used <= 0)
		return 0;
	share = used * 100 / whole;
	return share * share * DUE_POINTS / 10000;
}

static int64_t doublings(int64_t members)
{
	int64_t count = 0;

	for (; members > 1; members /= 2)
		count++;
	return count;
}

static struct bytes first_part(struct bytes tag)
{
	const uint8_t *dash = tag.size ? memchr(tag.data, '-', tag.size) : NULL;

	return dash ? bytes_of(tag.data, (size_t)(dash - tag.data)) : tag;
}

bool next_reads(struct bytes langs, struct bytes language)
{
	struct bytes wanted = first_part(language), item;

	while ((item = list_next(&langs)).data) {
		item = first_part(item);
		if (item.size == wanted.size && strncasecmp((const char *)item.data,
							(const char *)wanted.data, item.size) == 0)
			return true;
	}
	return false;
}

/* "ID" for who knows "ID" or "ID-JK". */
static bool knows(struct bytes regions, struct bytes country)
{
	return country.size && next_reads(regions, country);
}

int64_t next_score(const struct next_person *person, const struct next_case *facts,
	int64_t points[NEXT_REASONS])
{
	const struct desk_work *w = facts->work;
	char lane_text[16] = "";
	enum lane lane;
	int64_t sum = 0;

	memcpy(lane_text, w->lane.data, w->lane.size < 15 ? w->lane.size : 15);
	lane = lane_by_name(lane_text);
	points[NEXT_DUE] = due_points(w, facts->now_s);
	points[NEXT_LANE] = lane < LANE_COUNT ? (int64_t)lane * LANE_POINTS : 0;
	points[NEXT_HARM] = facts->harm * HARM_POINTS;
	points[NEXT_REACH] = doublings(w->members) * DOUBLING_POINTS;
	points[NEXT_NOTICES] =
		(w->notices < NOTICES_MAX ? w->notices : NOTICES_MAX) * NOTICE_POINTS;
	points[NEXT_LANGUAGE] = 0;
	if (w->language.size && person->langs.size)
		points[NEXT_LANGUAGE] =
			next_reads(person->langs, w->language) ? READS_POINTS : READS_NOT_POINTS;
	points[NEXT_REGION] = knows(person->regions, w->country) ? REGION_POINTS : 0;
	points[NEXT_STANDING] = facts->standing;
	points[NEXT_SECOND] = w->second != SECOND_NOT ? SECOND_POINTS : 0;
	for (int i = 0; i < NEXT_REASONS; i++)
		sum += points[i];
	return sum;
}

/* ---- The search ---- */

struct search {
	struct ask *ask;
	struct next_person person;
	struct load load;
	int64_t harm; /* of the category that is being looked at */
	struct {
		int64_t reporter, points;
	} senders[SENDERS_MAX];
	int sender_count;
	bool found;
	struct desk_work best;
	int64_t score, points[NEXT_REASONS];
};

/* Deterministic: of equal ones that which is due first, then the older. */
static bool is_better(const struct search *s, const struct desk_work *w, int64_t score)
{
	if (!s->found || score != s->score)
		return !s->found || score > s->score;
	if (w->due_at != s->best.due_at)
		return w->due_at < s->best.due_at;
	return w->case_id < s->best.case_id;
}

static bool is_open_to(const struct search *s, const struct desk_work *w)
{
	const struct principal *who = &s->ask->who;
	int64_t me = who->grant.id;

	if (w->second == SECOND_APPROVES && w->proposed_by == me)
		return false;
	if (w->second == SECOND_LEAD &&
		(!ask_may(s->ask, ACT_TIE) || w->proposed_by == me || w->opposed_by == me))
		return false;
	return w->asked_by != me &&
	       (!w->country.size || !who->countries.size || list_has(who->countries, w->country));
}

/* Few senders are behind many cases: each is looked up once, as long as there is room. */
static int64_t standing_points(struct search *s, int64_t reporter)
{
	int64_t points;

	for (int i = 0; i < s->sender_count; i++)
		if (s->senders[i].reporter == reporter)
			return s->senders[i].points;
	points = accuracy_priority(s->ask->db, s->ask->arena, &s->ask->desk->sop, reporter,
		BYTES_LITERAL(""), s->ask->now_s);
	points = points > STANDING_MAX ? STANDING_MAX : points;
	points = points < -STANDING_MAX ? -STANDING_MAX : points;
	if (s->sender_count < SENDERS_MAX) {
		s->senders[s->sender_count].reporter = reporter;
		s->senders[s->sender_count++].points = points;
	}
	return points;
}

static void look(struct search *s, struct query q)
{
	int64_t points[NEXT_REASONS];
	struct desk_work w;

	while (desk_work_next(&q, s->ask->arena, &w)) {
		const struct next_case facts = {
			&w, s->harm, standing_points(s, w.reporter), s->ask->now_s};
		int64_t score;

		if (!is_open_to(s, &w))
			continue;
		score = next_score(&s->person, &facts, points);
		if (!is_better(s, &w, score))
			continue;
		s->found = true;
		s->best = w;
		s->score = score;
		memcpy(s->points, points, sizeof(points));
	}
}

static void look_at_language(struct search *s, struct bytes category, struct bytes language)
{
	struct db *db = s->ask->db;
	int64_t now_s = s->ask->now_s;

	look(s, desk_work_free_due(db, category, language, now_s, LOOK_MAX));
	look(s, desk_work_free_priority(db, category, language, now_s, LOOK_MAX));
}

static void look_at_category(struct search *s, struct bytes category)
{
	const struct sop *sop = &s->ask->desk->sop;
	const struct sop_category *c = sop_category(sop, arena_str(s->ask->arena, category));
	struct bytes langs = s->person.langs, item;
	int languages = 0;

	if (!ask_may_about(s->ask, category) || !ask_may_decide(s->ask, category) ||
		load_refusal(sop, &s->load, c && c->disturbing))
		return;
	s->harm = c ? c->harm : 0;
	while (languages++ < LANGUAGES_MAX && (item = list_next(&langs)).data)
		look_at_language(s, category, first_part(item));
	look_at_language(s, category, BYTES_LITERAL(""));
	look(s, desk_work_free_due(
			s->ask->db, category, bytes_of(NULL, 0), s->ask->now_s, LOOK_MAX));
}

/* ---- The handler ---- */

static json_t *reasons_json(const int64_t points[NEXT_REASONS])
{
	json_t *list = json_array();

	for (int i = 0; i < NEXT_REASONS; i++)
		if (points[i])
			json_array_append_new(list, json_pack("{s:s, s:I}", "reason", names[i],
							    "points", (json_int_t)points[i]));
	return list;
}

static void take(struct search *s, struct reply *reply)
{
	struct ask *ask = s->ask;
	struct desk_case c;

	if (!desk_case_get(ask->db, ask->arena, s->best.case_id, &c)) {
		db_fail(ask->db, "work without a case");
		return;
	}
	claim_take(ask, &c, json_pack("{s:I}", "score", (json_int_t)s->score));
	reply->body = case_to_work_on(ask, &c);
	json_object_set_new(reply->body, "score", json_integer(s->score));
	json_object_set_new(reply->body, "reasons", reasons_json(s->points));
}

/* Who is off duty gets nothing by themselves: they say that they want to work all the same. */
static bool is_on_duty(struct ask *ask, struct next_person *person)
{
	const json_t *anyway;
	struct person p;
	json_t *body;
	bool wants;

	*person = (struct next_person){ask->who.grant.langs, BYTES_LITERAL("")};
	if (!person_get(ask->db, ask->arena, ask->who.grant.id, &p))
		return true;
	person->regions = p.regions;
	if (shifts_on_duty(p.shifts, ask->now_s))
		return true;
	body = json_loadb((const char *)ask->body.data, ask->body.size, 0, NULL);
	anyway = json_object_get(body, "off_duty");
	wants = json_is_true(anyway);
	json_decref(body);
	return wants;
}

void desk_next(struct ask *ask, struct reply *reply)
{
	const struct sop *sop = &ask->desk->sop;
	struct search s = {.ask = ask};
	struct bytes category = BYTES_LITERAL("");
	const char *why;

	if (!is_on_duty(ask, &s.person)) {
		reply_error(reply, 409,
			"you are not on duty; with {\"off_duty\": true} you get a case anyway");
		return;
	}
	s.load = load_of(ask->db, ask->arena, sop, ask->who.grant.id, ask->now_s);
	why = load_refusal(sop, &s.load, false);
	if (why) {
		reply_error(reply, 409, why);
		return;
	}
	while ((category = desk_work_category_after(ask->db, ask->arena, category)).data)
		look_at_category(&s, category);
	if (s.found)
		take(&s, reply);
	else
		reply->body = json_pack("{s:n, s:o}", "case", "paused_until",
			s.load.paused_until ? json_time(ask->arena, s.load.paused_until)
					    : json_null());
}
