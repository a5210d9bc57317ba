/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "desk/cases/work.h"

#include "desk/cases/case_state.h"

static void clear(struct db *db)
{
	desk_work_delete_all(db);
	work_deeds_delete_all(db);
}

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

static enum work_queue queue_of(struct bytes state)
{
	static const struct {
		const char *state;
		enum work_queue queue;
	} rows[] = {
		{"open", QUEUE_WORK},
		{"escalated", QUEUE_WORK},
		{"waiting", QUEUE_WAITING},
		{"decided", QUEUE_DECIDED},
		{"appealed", QUEUE_APPEALED},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (bytes_equal_str(state, rows[i].state))
			return rows[i].queue;
	return QUEUE_CLOSED;
}

/* ---- What single kinds of events say beside what `cases` has ---- */

static void settled(struct desk_work *w)
{
	w->second = SECOND_NOT;
	w->blind = false;
	w->proposed_by = w->opposed_by = w->proposal_seq = 0;
}

/* Who leads is of the lane that the case has after the notice. */
static void on_noticed(struct desk_work *w, const struct desk_event *e, const json_t *data)
{
	bool leads = bytes_equal(text_of(data, "lane"), w->lane) ? w->reporter == 0 : true;

	if (json_is_true(json_object_get(data, "reopens")))
		settled(w);
	if (json_object_get(data, "members"))
		w->members = int_of(data, "members");
	if (text_of(data, "country").size)
		w->country = text_of(data, "country");
	if (json_object_get(data, "due") && leads)
		w->reporter = e->actor;
	w->snoozed_until = 0;
}

static void on_claimed(struct desk_work *w, const struct desk_event *e, const json_t *data)
{
	w->taken_at = e->at;
	w->snoozed_until = 0;
}

static void on_snoozed(struct desk_work *w, const struct desk_event *e, const json_t *data)
{
	w->snoozed_until = int_of(data, "until");
}

static void on_asked(struct desk_work *w, const struct desk_event *e, const json_t *data)
{
	w->asked_by = e->actor;
}

static void on_answered(struct desk_work *w, const struct desk_event *e, const json_t *data)
{
	w->asked_by = 0;
}

static void on_proposed(struct desk_work *w, const struct desk_event *e, const json_t *data)
{
	w->second = SECOND_APPROVES;
	w->blind = json_is_true(json_object_get(data, "blind"));
	w->proposed_by = e->actor;
	w->opposed_by = 0;
	w->proposal_seq = e->seq;
}

static void on_withdrawn(struct desk_work *w, const struct desk_event *e, const json_t *data)
{
	settled(w);
}

static void on_disagreed(struct desk_work *w, const struct desk_event *e, const json_t *data)
{
	w->second = SECOND_LEAD;
	w->blind = false;
	w->opposed_by = e->actor;
}

static void on_decided(struct desk_work *w, const struct desk_event *e, const json_t *data)
{
	settled(w);
	w->snoozed_until = w->asked_by = 0;
}

static void on_language(struct desk_work *w, const struct desk_event *e, const json_t *data)
{
	w->language = text_of(data, "language");
	w->language_by = e->actor;
}

static const struct {
	const char *kind;
	void (*apply)(struct desk_work *w, const struct desk_event *e, const json_t *data);
} rows[] = {
	{"noticed", on_noticed},
	{"claimed", on_claimed},
	{"handed", on_claimed},
	{"snoozed", on_snoozed},
	{"opinion_asked", on_asked},
	{"opinion_given", on_answered},
	{"proposed", on_proposed},
	{"withdrawn", on_withdrawn},
	{"disagreed", on_disagreed},
	{"decided", on_decided},
	{"language", on_language},
};

/* ---- What people did ---- */

/* Kinds that count as somebody's work; a case that is handed over is the taker's from then on. */
static const char *const counted[] = {"claimed", "released", "handed", "snoozed", "proposed",
	"disagreed", "decided", "reversed", "opinion_given", "noted"};

static void note_deed(struct db *db, const struct desk_work *before, const struct desk_case *after,
	const struct desk_event *e, const json_t *data)
{
	struct work_deed deed = {.person = e->actor,
		.at = e->at,
		.case_id = e->case_id,
		.seq = e->seq,
		.kind = e->kind,
		.category = after->category};
	bool counts = false;

	for (size_t i = 0; i < ARRAY_LEN(counted); i++)
		counts = counts || bytes_equal_str(e->kind, counted[i]);
	/* Nobody has looked at each of many that are decided at once. */
	if (!counts || !e->actor || (data && json_object_get(data, "bulk")))
		return;
	if (bytes_equal_str(e->kind, "handed"))
		deed.person = int_of(data, "to");
	if (bytes_equal_str(e->kind, "decided") && before->claimed_by == e->actor)
		deed.took_s = e->at - before->taken_at;
	work_deed_put(db, &deed);
}

static void apply(struct db *db, struct arena *arena, const struct desk_case *after,
	const struct desk_event *e, const json_t *data)
{
	struct desk_work w = work_of(db, arena, e->case_id), before = w;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (bytes_equal_str(e->kind, rows[i].kind))
			rows[i].apply(&w, e, data);
	w.case_id = after->id;
	w.state = after->state;
	w.queue = queue_of(after->state);
	w.priority = after->priority;
	w.clock_at = after->clock_at;
	w.due_at = after->due_at;
	w.lane = after->lane;
	w.category = after->category;
	w.notices = after->notices;
	w.claimed_by = after->claimed_by;
	w.claimed_until = after->claimed_until;
	desk_work_put(db, &w);
	note_deed(db, &before, after, e, data);
}

const struct projection work_projection = {clear, apply};

struct desk_work work_of(struct db *db, struct arena *arena, int64_t case_id)
{
	struct desk_work w;

	if (!desk_work_get(db, arena, case_id, &w))
		w = (struct desk_work){.case_id = case_id,
			.state = BYTES_LITERAL(""),
			.lane = BYTES_LITERAL(""),
			.category = BYTES_LITERAL(""),
			.language = BYTES_LITERAL(""),
			.country = BYTES_LITERAL("")};
	return w;
}
