/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. The shape of the score is that of Discourse's flags: an axis at 70 %, and the
 * logarithm of how many there were; decay and the interval are ours. */
#include "desk/quality/accuracy.h"

#include <math.h>

#include "desk/cases/case_state.h"
#include "desk/lanes/form.h"
#include "desk/cases/measures.h"
#include "desk/lanes/notices.h"
#include "desk/quality/standing.h"

#define DAY_S 86400
#define AXIS 0.7
#define FACTOR 5.0
#define SCORE_MAX 17.0 /* of 100 notices, all of them good: 16.6 */
#define WILSON_Z 1.96
#define WINDOW_DAYS 730
#define NOTE_MAX 1000
#define RULES_MAX 500

/* ---- Pure ---- */

static const char *const bad_qualities[] = {
	"imprecise", "inaccurate", "unsubstantiated", "unfounded"};
const char quality_names[] = "is one of good, imprecise, inaccurate, unsubstantiated, unfounded";

static bool is_bad(struct bytes quality)
{
	for (size_t i = 0; i < ARRAY_LEN(bad_qualities); i++)
		if (bytes_equal_str(quality, bad_qualities[i]))
			return true;
	return false;
}

bool quality_is_known(struct bytes quality)
{
	return quality.data && (bytes_equal_str(quality, "good") || is_bad(quality));
}

void accuracy_add(
	struct accuracy *a, const struct desk_verdict *v, double half_life_s, int64_t now_s)
{
	const bool acted = bytes_equal_str(v->outcome, "acted");
	const double age = now_s > v->settled_at ? (double)(now_s - v->settled_at) : 0;
	const double weight = exp2(-age / half_life_s);

	a->acted += acted;
	a->not_acted += bytes_equal_str(v->outcome, "not_acted");
	a->reversed += bytes_equal_str(v->outcome, "reversed");
	if (is_bad(v->quality)) {
		a->bad++;
		a->weight += weight;
	} else if (v->quality.size || acted) {
		a->good++;
		a->weight += weight;
		a->share += weight; /* a sum until it is divided */
	}
}

void accuracy_finish(struct accuracy *a, double min)
{
	const double n = a->weight, z2 = WILSON_Z * WILSON_Z;
	double half, middle, spread;

	a->high = 1;
	if (n <= 0)
		return;
	a->share /= n;
	half = WILSON_Z * sqrt(a->share * (1 - a->share) / n + z2 / (4 * n * n));
	middle = a->share + z2 / (2 * n);
	/* Around the share also where it is 0 or 1, and a figure is rounded. */
	a->low = fmax(0, fmin(a->share, (middle - half) / (1 + z2 / n)));
	a->high = fmin(1, fmax(a->share, (middle + half) / (1 + z2 / n)));
	if (n < min || n <= 1)
		return;
	spread = a->share >= AXIS ? (a->share - AXIS) / (1 - AXIS) : (a->share - AXIS) / AXIS;
	a->score = spread * log(n) / log(4) * FACTOR;
}

int64_t accuracy_points(const struct accuracy *a, int64_t max)
{
	return llround(fmax(-1, fmin(1, a->score / SCORE_MAX)) * (double)max);
}

json_t *accuracy_json(const struct accuracy *a)
{
	return json_pack("{s:I, s:I, s:I, s:I, s:I, s:f, s:o, s:f, s:f, s:f}", "acted",
		(json_int_t)a->acted, "not_acted", (json_int_t)a->not_acted, "reversed",
		(json_int_t)a->reversed, "good", (json_int_t)a->good, "bad", (json_int_t)a->bad,
		"weight", a->weight, "share", a->weight > 0 ? json_real(a->share) : json_null(),
		"low", a->low, "high", a->high, "score", a->score);
}

/* ---- The projection ---- */

static struct bytes text_of(const json_t *data, const char *name)
{
	const json_t *value = json_object_get(data, name);

	return json_is_string(value) ? bytes_of(json_string_value(value), json_string_length(value))
				     : BYTES_LITERAL("");
}

static void on_noticed(struct db *db, const struct desk_event *e, const json_t *data)
{
	desk_verdict_insert(db, &(struct desk_verdict){.notice = json_integer_value(
							       json_object_get(data, "notice")),
					.case_id = e->case_id,
					.reporter = e->actor,
					.rule = text_of(data, "rule"),
					.at = e->at,
					.outcome = BYTES_LITERAL(""),
					.quality = BYTES_LITERAL("")});
}

static void apply(struct db *db, struct arena *arena, const struct desk_case *after,
	const struct desk_event *e, const json_t *data)
{
	const struct measure *measure = measure_by_name(after->action);

	(void)arena;
	if (bytes_equal_str(e->kind, "noticed")) {
		on_noticed(db, e, data);
	} else if (bytes_equal_str(e->kind, "decided")) {
		/* Of an appeal: what stood before it was wrong. */
		if (json_object_get(data, "appeal"))
			desk_verdicts_turn(db, e->case_id, "not_acted", BYTES_LITERAL(""), e->at);
		if (json_object_get(data, "appeal"))
			desk_verdicts_turn(db, e->case_id, "reversed", BYTES_LITERAL(""), e->at);
		desk_verdicts_turn(db, e->case_id, "",
			measure && measure->orders ? BYTES_LITERAL("acted")
						   : BYTES_LITERAL("not_acted"),
			e->at);
	} else if (bytes_equal_str(e->kind, "reversed")) {
		desk_verdicts_turn(db, e->case_id, "acted", BYTES_LITERAL("reversed"), 0);
	} else if (bytes_equal_str(e->kind, "reopened")) {
		desk_verdicts_turn(db, e->case_id, "not_acted", BYTES_LITERAL(""), 0);
		desk_verdicts_turn(db, e->case_id, "reversed", BYTES_LITERAL(""), 0);
	} else if (bytes_equal_str(e->kind, "judged")) {
		desk_verdict_judge(db, json_integer_value(json_object_get(data, "notice")),
			text_of(data, "quality"), e->at);
	}
}

const struct projection verdicts_projection = {desk_verdict_delete_all, apply};

/* ---- Of whom ---- */

struct accuracy accuracy_of(struct db *db, struct arena *arena, const struct sop *sop,
	int64_t reporter, struct bytes rule, int64_t now_s)
{
	struct accuracy a = {.acted = 0};
	struct query q = desk_verdicts_settled(db, reporter, rule.data ? rule : BYTES_LITERAL(""),
		now_s - (int64_t)WINDOW_DAYS * DAY_S, ACCURACY_NOTICES_MAX);
	struct desk_verdict v;

	while (query_next(&q)) {
		desk_verdict_read(&q, arena, &v);
		accuracy_add(&a, &v, (double)(sop->accuracy_half_life_days * DAY_S), now_s);
	}
	accuracy_finish(&a, (double)sop->accuracy_notices_min);
	return a;
}

int64_t accuracy_priority(struct db *db, struct arena *arena, const struct sop *sop,
	int64_t reporter, struct bytes rule, int64_t now_s)
{
	struct accuracy a;
	int64_t points;

	if ((!reporter && !rule.size) || !sop->accuracy_priority_max)
		return 0;
	a = accuracy_of(db, arena, sop, reporter, rule, now_s);
	points = accuracy_points(&a, sop->accuracy_priority_max);
	if (reporter && standing_of(db, arena, sop, reporter, now_s).warned_until > now_s)
		points -= sop->accuracy_priority_max;
	return points < -sop->accuracy_priority_max ? -sop->accuracy_priority_max : points;
}

/* ---- Routes ---- */

static void list_grants(struct ask *ask, json_t *list)
{
	struct desk_grant grant;
	int64_t id = 0;

	while (desk_grant_next(ask->db, ask->arena, id, &grant)) {
		const enum role role = role_by_name(grant.role);
		struct accuracy a;
		json_t *item;

		id = grant.id;
		if ((role != ROLE_FLAGGER && role != ROLE_AUTHORITY) || grant.revoked_at)
			continue;
		a = accuracy_of(ask->db, ask->arena, &ask->desk->sop, grant.id, BYTES_LITERAL(""),
			ask->now_s);
		item = accuracy_json(&a);
		json_object_set_new(item, "id", json_integer(grant.id));
		json_object_set_new(item, "name", json_bytes(grant.name));
		json_object_set_new(item, "role", json_bytes(grant.role));
		standing_describe(ask, grant.id, &a, item);
		json_array_append_new(list, item);
	}
}

static void list_rules(struct ask *ask, json_t *list)
{
	struct query q =
		desk_verdict_rules(ask->db, ask->now_s - (int64_t)WINDOW_DAYS * DAY_S, RULES_MAX);

	while (query_next(&q)) {
		struct bytes rule = query_bytes(&q, ask->arena, 0);
		struct accuracy a =
			accuracy_of(ask->db, ask->arena, &ask->desk->sop, 0, rule, ask->now_s);
		json_t *item = accuracy_json(&a);

		json_object_set_new(item, "rule", json_bytes(rule));
		json_array_append_new(list, item);
	}
	query_end(&q);
}

void desk_accuracy_show(struct ask *ask, struct reply *reply)
{
	json_t *senders = json_array(), *rules = json_array();

	list_grants(ask, senders);
	list_rules(ask, rules);
	reply->body = json_pack("{s:o, s:o}", "senders", senders, "rules", rules);
}

/* POST /api/notices/N/quality: apart from what becomes of the content. */
void desk_notice_judge(struct ask *ask, struct reply *reply)
{
	struct bytes quality, note = {NULL, 0};
	struct desk_notice notice;
	struct desk_case c;
	struct form form;
	json_t *data;

	if (!ask_form(ask, &form, reply))
		return;
	quality = form_text(&form, "quality", 20);
	if (quality.data && !quality_is_known(quality))
		form_invalid(&form, "quality", quality_names);
	if (json_object_get(form.root, "note"))
		note = form_text(&form, "note", NOTE_MAX);
	if (!ask_form_end(&form, reply))
		return;
	if (!desk_notice_get(ask->db, ask->arena, ask->id, &notice) ||
		!desk_case_get(ask->db, ask->arena, notice.case_id, &c) ||
		!ask_may_about(ask, c.category)) {
		reply_error(reply, 404, "no such notice in your categories");
		return;
	}
	data = json_pack(
		"{s:I, s:o}", "notice", (json_int_t)notice.id, "quality", json_bytes(quality));
	if (note.data)
		json_object_set_new(data, "note", json_bytes(note));
	case_append(ask->db, ask->arena, &c, "judged", ask->who.grant.id, ask->now_s, data);
	reply->body = json_pack("{s:I, s:I, s:o}", "notice", (json_int_t)notice.id, "case",
		(json_int_t)c.id, "quality", json_bytes(quality));
}
