/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. A kind of event is one row. */
#include "desk/figures/metrics.h"

#include <string.h>

#include "desk/cases/measures.h"
#include "store/square_desk_metrics.h"

#define METRIC_NAME(name, text) text,
const char *const metric_names[METRIC_COUNT] = {METRICS(METRIC_NAME)};
const char *const metric_time_names[METRIC_TIME_COUNT] = {METRIC_TIMES(METRIC_NAME)};

/* One event and what it changes. */
struct fact {
	struct db *db;
	struct arena *arena;
	const struct desk_case *after;
	const struct desk_event *event;
	const json_t *data;
	struct desk_metric_case k;
};

static int64_t int_of(const struct fact *f, const char *name)
{
	return json_integer_value(json_object_get(f->data, name));
}

/* Absent when the event does not say it. */
static struct bytes text_of(const struct fact *f, const char *name)
{
	const json_t *value = json_object_get(f->data, name);

	if (!json_is_string(value))
		return bytes_of(NULL, 0);
	return bytes_of(json_string_value(value), json_string_length(value));
}

static struct desk_metric row_of(const struct fact *f, const char *what, int64_t at)
{
	return (struct desk_metric){.case_id = f->event->case_id,
		.seq = f->event->seq,
		.what = what,
		.at = at,
		.seconds = DESK_METRIC_NO_TIME,
		.lane = f->after->lane,
		.category = f->after->category,
		.country = f->k.country,
		.language = f->k.language,
		.door = BYTES_LITERAL("")};
}

static void count_at(const struct fact *f, enum metric metric, int64_t at)
{
	const struct desk_metric row = row_of(f, metric_names[metric], at);

	desk_metric_insert(f->db, &row);
}

static void count(const struct fact *f, enum metric metric)
{
	count_at(f, metric, f->event->at);
}

/* at: the day that it counts for. */
static void took(const struct fact *f, enum metric_time time, int64_t from, int64_t to, int64_t at)
{
	struct desk_metric row = row_of(f, metric_time_names[time], at);

	row.seconds = to > from ? to - from : 0;
	desk_metric_insert(f->db, &row);
}

/* ---- Kinds of events ---- */

static void set_language(struct fact *f)
{
	struct bytes language = text_of(f, "language");

	if (!language.data || bytes_equal(language, f->k.language))
		return;
	f->k.language = language;
	desk_metric_language(f->db, f->event->case_id, language);
}

/* The notice counts by what it says of itself, the case goes by its strictest one. */
static void on_noticed(struct fact *f)
{
	struct bytes lane = text_of(f, "from"), category = text_of(f, "about");
	struct bytes country = text_of(f, "country"), door = text_of(f, "door");
	const bool clock = json_object_get(f->data, "due") != NULL;
	const bool fresh = json_is_true(json_object_get(f->data, "reopens"));
	struct desk_metric row;

	lane = lane.data ? lane : f->after->lane;
	category = category.data ? category : f->after->category;
	/* Whose notice leads, leads with its country. */
	if (clock && bytes_equal(lane, f->after->lane) && bytes_equal(category, f->after->category))
		f->k.country = country.data ? country : BYTES_LITERAL("");
	if (clock && (!f->k.clock_at || fresh)) {
		f->k.clock_at = f->after->clock_at;
		f->k.acknowledged = f->k.judged = 0;
		count(f, METRIC_CASES);
	}
	row = row_of(f, metric_names[METRIC_NOTICES], f->event->at);
	row.lane = lane;
	row.category = category;
	row.country = country.data ? country : BYTES_LITERAL("");
	row.door = door.data ? door : BYTES_LITERAL("");
	desk_metric_insert(f->db, &row);
}

static void acknowledge(struct fact *f)
{
	if (f->k.acknowledged || !f->k.clock_at)
		return;
	f->k.acknowledged = 1;
	took(f, METRIC_TIME_ACKNOWLEDGE, f->k.clock_at, f->event->at, f->event->at);
}

static void on_paused(struct fact *f)
{
	acknowledge(f);
	count(f, METRIC_PAUSED);
}

static void on_escalated(struct fact *f)
{
	count(f, METRIC_ESCALATED);
}

/* Once, as soon as it is known; it counts for the day of the decision. */
static void judge(struct fact *f, int64_t at)
{
	if (f->k.judged || f->after->met < 0)
		return;
	f->k.judged = 1;
	count_at(f, f->after->met ? METRIC_IN_TIME : METRIC_LATE, at);
}

static void note_order(struct fact *f, struct bytes action)
{
	f->k.order_id = int_of(f, "order");
	f->k.ordered_at = f->event->at;
	f->k.order_action = action;
}

static void on_decided(struct fact *f)
{
	static const struct {
		const char *action;
		enum metric metric;
	} decisions[] = {{"remove", METRIC_REMOVED}, {"restrict", METRIC_RESTRICTED},
		{"label", METRIC_LABELLED}, {"freeze", METRIC_FROZEN}, {"warn", METRIC_WARNED},
		{"dismiss", METRIC_DISMISSED}};
	const struct measure *measure = measure_by_name(f->after->action);

	acknowledge(f);
	for (size_t i = 0; i < ARRAY_LEN(decisions); i++)
		if (bytes_equal_str(f->after->action, decisions[i].action))
			count(f, decisions[i].metric);
	if (measure && measure->orders) {
		count(f, bytes_equal_str(text_of(f, "basis"), "law") ? METRIC_BY_LAW
								     : METRIC_BY_TERMS);
		if (bytes_equal_str(f->after->lane, "sensor"))
			count(f, METRIC_AUTOMATED);
	}
	/* What an appeal ends with has the appeal's time. */
	if (json_object_get(f->data, "appeal")) {
		if (json_object_get(f->data, "why"))
			count(f, METRIC_REVERSED); /* with no reversal of its own before it */
		note_order(f, BYTES_LITERAL("restore"));
		return;
	}
	took(f, METRIC_TIME_DECIDE, f->k.clock_at, f->event->at, f->event->at);
	judge(f, f->event->at);
	note_order(f, f->after->action);
}

static void on_reversed(struct fact *f)
{
	count(f, METRIC_REVERSED);
	note_order(f, BYTES_LITERAL("restore"));
}

static void on_executed(struct fact *f)
{
	const struct measure *measure = measure_by_name(f->k.order_action);
	const bool last = int_of(f, "order") == f->k.order_id;

	if (!bytes_equal_str(text_of(f, "outcome"), "done"))
		count(f, METRIC_NOT_EXECUTED);
	else if (last && measure && measure->orders)
		took(f, METRIC_TIME_ACT, f->k.clock_at, int_of(f, "at"), f->k.ordered_at);
	judge(f, last ? f->k.ordered_at : f->event->at);
}

static void on_ended(struct fact *f)
{
	count_at(f, METRIC_ENDED, int_of(f, "at"));
}

/* It was wrong that nothing was done: the case is at work again, by a new clock. */
static void on_reopened(struct fact *f)
{
	count(f, METRIC_REVERSED);
	count(f, METRIC_CASES);
	f->k.clock_at = f->after->clock_at;
	f->k.acknowledged = f->k.judged = 0;
}

static void on_appealed(struct fact *f)
{
	count(f, bytes_equal_str(text_of(f, "party"), "owner") ? METRIC_APPEALS_OWNER
							       : METRIC_APPEALS_REPORTER);
	desk_metric_appeal_put(f->db, int_of(f, "appeal"), f->event->at);
}

static void on_appeal_decided(struct fact *f)
{
	struct bytes outcome = text_of(f, "outcome");
	int64_t came_at = desk_metric_appeal_take(f->db, int_of(f, "appeal"));

	count(f, bytes_equal_str(outcome, "uphold")    ? METRIC_APPEALS_UPHELD
		 : bytes_equal_str(outcome, "reverse") ? METRIC_APPEALS_REVERSED
						       : METRIC_APPEALS_CHANGED);
	if (came_at)
		took(f, METRIC_TIME_APPEAL, came_at, f->event->at, f->event->at);
}

static const struct {
	const char *kind;
	void (*apply)(struct fact *f);
} kinds[] = {
	{"noticed", on_noticed},
	{"claimed", acknowledge},
	{"paused", on_paused},
	{"escalated", on_escalated},
	{"decided", on_decided},
	{"reversed", on_reversed},
	{"executed", on_executed},
	{"ended", on_ended},
	{"reopened", on_reopened},
	{"appealed", on_appealed},
	{"appeal_decided", on_appeal_decided},
};

static void apply(struct db *db, struct arena *arena, const struct desk_case *after,
	const struct desk_event *event, const json_t *data)
{
	struct fact f = {db, arena, after, event, data, {.case_id = 0}};

	desk_metric_case_get(db, arena, event->case_id, &f.k);
	set_language(&f); /* whichever event says it */
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (bytes_equal_str(event->kind, kinds[i].kind))
			kinds[i].apply(&f);
	desk_metric_case_put(db, &f.k);
}

const struct projection metrics_projection = {desk_metrics_clear, apply};
