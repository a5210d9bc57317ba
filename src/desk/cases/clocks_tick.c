/* SPDX-License-Identifier: Apache-2.0 */
/* What time alone brings to cases, each once, written down as events of the desk itself. */
#include "base/log.h"
#include "desk/cases/case_state.h"
#include "desk/cases/clocks.h"
#include "desk/letters/outbox.h"
#include "store/square_desk_appeals.h"
#include "store/square_desk_clocks.h"
#include "store/square_desk_forms.h"

#define DAY_S 86400
#define LADDER_EVERY_S 5     /* a look walks over all cases at work */
#define KEEPING_EVERY_S 3600 /* over all that has evidence */
#define EVENTS_PER_LOOK 200  /* in one transaction */

struct look {
	struct desk *desk;
	struct db *db;
	struct arena arena;
	int64_t now_s;
	int events;
};

static bool end_pause(struct look *look)
{
	int64_t id = desk_clock_pause_over(look->db, look->now_s);
	struct desk_case c;

	if (!id || !desk_case_get(look->db, &look->arena, id, &c))
		return false;
	clock_resume(look->db, &look->arena, &c, 0, look->now_s, "over", bytes_of(NULL, 0));
	log_info("pause_over", "case %lld runs again", (long long)id);
	return true;
}

static int due_for(const struct look *look, struct db *db, int step, int64_t *ids, int max)
{
	const struct sop_step *s = &look->desk->sop.steps[step - 1];

	return desk_clock_steps_due(db, step, s->used_percent, s->overdue_s, look->now_s, ids, max);
}

static void take_step(struct look *look, int step, int64_t id)
{
	const struct sop *sop = &look->desk->sop;
	const struct sop_step *s = &sop->steps[step - 1];
	struct desk_case c;

	if (!desk_case_get(look->db, &look->arena, id, &c))
		return;
	case_append(look->db, &look->arena, &c, "escalated", 0, look->now_s,
		json_pack("{s:i, s:s, s:s, s:I}", "step", step, "to", s->to, "contact", s->contact,
			"sop", (json_int_t)sop->version));
	log_warn("case_escalated", "case %lld, step %d", (long long)id, step);
	look->events++;
}

/* Step by step, so that a case which is late for two takes both, in order. */
static void climb(struct look *look)
{
	int64_t ids[EVENTS_PER_LOOK];

	for (int step = 1; step <= look->desk->sop.step_count; step++) {
		int count = due_for(look, look->db, step, ids, EVENTS_PER_LOOK - look->events);

		for (int i = 0; i < count; i++)
			take_step(look, step, ids[i]);
		if (look->events == EVENTS_PER_LOOK)
			return; /* the rest of this step goes before the next */
	}
}

static int64_t evidence_days(struct look *look, struct bytes category)
{
	const struct sop_category *c =
		sop_category(&look->desk->sop, arena_str(&look->arena, category));

	return c ? c->evidence_days : look->desk->sop.evidence_days;
}

/* Nothing goes before this: what is younger need not be looked at. */
static int64_t fewest_days(const struct sop *sop)
{
	int64_t days = sop->evidence_days;

	for (int i = 0; i < sop->category_count; i++)
		if (sop->categories[i].evidence_days < days)
			days = sop->categories[i].evidence_days;
	return days;
}

static void end_evidence(struct look *look)
{
	int64_t then_s = look->now_s - fewest_days(&look->desk->sop) * DAY_S;
	int64_t id = 0, decided_at = 0;
	struct desk_case c;

	while (look->events < EVENTS_PER_LOOK &&
		(id = desk_clock_evidence_next(look->db, id, then_s, &decided_at)) &&
		desk_case_get(look->db, &look->arena, id, &c)) {
		if (decided_at + evidence_days(look, c.category) * DAY_S <= look->now_s &&
			desk_hold_until(look->db, id) <= look->now_s) {
			case_append(look->db, &look->arena, &c, "evidence_ended", 0, look->now_s,
				json_pack("{s:I}", "items",
					(json_int_t)desk_evidence_delete(look->db, id)));
			look->events++;
		}
		arena_reset(&look->arena);
	}
}

static void close_cases(struct look *look)
{
	const struct sop *sop = &look->desk->sop;
	int64_t days = sop->reporters_appeal && sop->reporters_days > sop->appeal_days
			       ? sop->reporters_days
			       : sop->appeal_days;
	int64_t ids[EVENTS_PER_LOOK];
	int count = desk_clock_closable(
		look->db, look->now_s - days * DAY_S, ids, EVENTS_PER_LOOK - look->events);
	struct desk_case c;

	for (int i = 0; i < count; i++) {
		if (!desk_case_get(look->db, &look->arena, ids[i], &c))
			continue;
		case_append(look->db, &look->arena, &c, "closed", 0, look->now_s, json_object());
		desk_appeal_codes_delete(look->db, ids[i]);
		look->events++;
	}
}

/* Looking costs no write lock; most of the time there is nothing. */
static bool anything_now(struct look *look, bool ladder)
{
	struct db *db = look->desk->reader;
	int64_t id;
	bool any;

	db_begin(db);
	any = desk_clock_pause_over(db, look->now_s) != 0;
	for (int step = 1; ladder && !any && step <= look->desk->sop.step_count; step++)
		any = due_for(look, db, step, &id, 1) > 0;
	db_rollback(db);
	return any;
}

int desk_clocks_tick(struct desk *desk)
{
	struct look look = {.desk = desk, .db = desk->writer, .now_s = clock_unix_s(desk->clock)};
	bool ladder = clock_is_due(look.now_s, desk->ladder_at_s, LADDER_EVERY_S);
	bool keeping = clock_is_due(look.now_s, desk->keeping_at_s, KEEPING_EVERY_S);

	if (clock_doubt_look(
		    &desk->doubt, clock_realtime_us(desk->clock), clock_monotonic_us(desk->clock)))
		keeping = false;

	if (!keeping && !anything_now(&look, ladder)) {
		if (ladder)
			desk->ladder_at_s = look.now_s + LADDER_EVERY_S;
		return 0;
	}
	arena_init(&look.arena);
	db_begin(look.db);
	while (look.events < EVENTS_PER_LOOK && end_pause(&look))
		look.events++;
	climb(&look);
	if (keeping) {
		end_evidence(&look);
		close_cases(&look);
	}
	if (keeping)
		outbox_keep(look.db, look.now_s);
	if (!db_has_written(look.db)) {
		db_rollback(look.db);
	} else if (db_commit(look.db) < 0) {
		log_error("clocks_wait", "what time brings to cases can't be written");
		look.events = 0;
	}
	/* A full look goes on with the next tick. */
	if (look.events < EVENTS_PER_LOOK) {
		desk->ladder_at_s = look.now_s + LADDER_EVERY_S;
		desk->keeping_at_s = keeping ? look.now_s + KEEPING_EVERY_S : desk->keeping_at_s;
	}
	arena_release(&look.arena);
	return look.events;
}
