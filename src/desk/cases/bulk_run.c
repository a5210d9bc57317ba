/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What was started goes on, a few cases with each tick, each in the transaction that also notes how
 * far it is: so a restart neither loses nor doubles any. Rights are looked at again for each case.
 */
#include "base/log.h"
#include "desk/cases/bulk.h"
#include "desk/cases/case_state.h"
#include "desk/cases/claims.h"
#include "desk/cases/clocks.h"
#include "store/square_desk_appeals.h"

#define CASES_PER_TICK 25 /* in one transaction */

struct run {
	struct ask ask; /* as whoever started it, or undoes it */
	struct desk_bulk bulk;
	bool may; /* still */
	struct decision_input input;
	int changed;
};

static void step_to(struct run *r, struct bulk_case *row, enum bulk_step step, const char *why)
{
	row->step = step;
	row->why = bytes_from_str(why);
	bulk_case_put(r->ask.db, row);
	r->changed++;
}

static json_t *in_bulk(const struct run *r)
{
	return json_pack("{s:I}", "bulk", (json_int_t)r->bulk.id);
}

static void rule(struct run *r, struct desk_case *c, const char *event, const char *action,
	struct bulk_case *row)
{
	struct reply reply = {.status = 200};

	decision_rule(
		&r->ask, c, &r->input, &(struct ruling_kind){event, action, in_bulk(r)}, &reply);
	json_decref(reply.body);
	row->order_id = reply.order_id;
	row->head_seq = c->head_seq;
}

/* ---- Deciding ---- */

static void decide_one(struct run *r, struct bulk_case *row)
{
	struct ask *ask = &r->ask;
	struct desk_case c;
	const char *why = NULL;

	if (!r->may)
		why = "who started it may no longer decide many cases at once";
	else if (!desk_case_get(ask->db, ask->arena, row->case_id, &c) ||
		 c.head_seq != row->head_seq)
		why = "it changed since it was shown";
	else
		why = bulk_obstacle(ask, &c, &r->input);
	if (why) {
		step_to(r, row, STEP_SKIPPED, why);
		return;
	}
	claim_take(ask, &c, in_bulk(r));
	rule(r, &c, "decided", bulk_action(&c, &r->input), row);
	step_to(r, row, STEP_DECIDED, "");
}

/* ---- Undoing ---- */

/* A dismissal without an order: the case is at work again, with the clock that it had. */
static void reopen(struct run *r, struct desk_case *c)
{
	const struct sop *sop = &r->ask.desk->sop;
	json_t *data = in_bulk(r);
	const struct sop_clock rest = {
		.acknowledge_s = c->due_at > r->ask.now_s ? c->due_at - r->ask.now_s : 0,
		.notify_s = sop->clocks[LANE_USER][ORDINARY].notify_s};

	json_object_set_new(data, "clock", json_integer(c->clock_at));
	json_object_set_new(data, "due", json_integer(c->due_at));
	clock_note_notice(data, sop, &rest, r->ask.now_s);
	case_append(
		r->ask.db, r->ask.arena, c, "reopened", r->ask.who.grant.id, r->ask.now_s, data);
}

/* Is the bulk's decision the case's last? */
static bool is_as_left(struct run *r, const struct bulk_case *row, const struct desk_case *c)
{
	struct desk_ruling newest;

	return bytes_equal_str(c->state, "decided") &&
	       desk_ruling_last(r->ask.db, r->ask.arena, c->id, false, &newest) &&
	       newest.seq == row->head_seq;
}

static const char *keeps(struct run *r, const struct bulk_case *row, struct desk_case *c)
{
	if (!r->may)
		return "who undoes it may no longer decide many cases at once";
	if (!desk_case_get(r->ask.db, r->ask.arena, row->case_id, c))
		return "it is gone";
	if (!ask_may_about(&r->ask, c->category))
		return "it is outside of the categories of who undoes it";
	if (!is_as_left(r, row, c))
		return "it changed since it was decided";
	if (!row->order_id)
		return NULL;
	if (!ask_may(&r->ask, ACT_REVERSE))
		return "the SOP lets others reverse decisions";
	if (!c->in_force)
		return "nothing of it is in force";
	return decision_may_lift(&r->ask, c) ? NULL : "it holds outside of your countries";
}

static void undo_one(struct run *r, struct bulk_case *row)
{
	struct desk_case c;
	const char *why = keeps(r, row, &c);

	if (why) {
		step_to(r, row, STEP_KEPT, why);
		return;
	}
	if (row->order_id)
		rule(r, &c, "reversed", "restore", row);
	else
		reopen(r, &c);
	step_to(r, row, STEP_UNDONE, "");
}

/* What was not decided yet is left alone. */
static void leave_rest(struct run *r)
{
	struct bulk_case row = {.case_id = 0};

	while (bulk_case_next(
		r->ask.db, r->ask.arena, r->bulk.id, STEP_SELECTED, row.case_id, &row))
		step_to(r, &row, STEP_SKIPPED, "it was undone before its turn");
}

/* ---- The tick ---- */

static bool read_input(struct run *r)
{
	struct form form;
	bool ok;

	if (r->bulk.state == BULK_DECIDING)
		return bulk_decision(&r->ask, r->bulk.decision, &r->input);
	ok = form_open(&form, r->ask.arena, r->bulk.undo);
	if (ok) {
		reversal_read(&form, &r->input);
		ok = form_ok(&form);
	}
	form_release(&form);
	return ok;
}

static void go_on(struct run *r)
{
	const bool undoing = r->bulk.state == BULK_UNDOING;
	const enum bulk_step from = undoing ? STEP_DECIDED : STEP_SELECTED;
	struct bulk_case row = {.case_id = 0};
	int count = 0;

	if (!read_input(r)) {
		db_fail(r->ask.db, "a decision about many cases can't be read");
		return;
	}
	if (undoing)
		leave_rest(r);
	while (count < CASES_PER_TICK &&
		bulk_case_next(r->ask.db, r->ask.arena, r->bulk.id, from, row.case_id, &row)) {
		if (undoing)
			undo_one(r, &row);
		else
			decide_one(r, &row);
		count++;
	}
	if (count == CASES_PER_TICK)
		return;
	r->bulk.state = undoing ? BULK_UNDONE : BULK_DECIDED;
	desk_bulk_put(r->ask.db, &r->bulk);
	log_info("bulk", "selection %lld is %s", (long long)r->bulk.id,
		undoing ? "undone" : "decided");
}

static bool is_any(struct desk *desk, struct arena *arena)
{
	struct desk_bulk bulk;
	bool any;

	db_begin(desk->reader);
	any = desk_bulk_working(desk->reader, arena, &bulk);
	db_rollback(desk->reader);
	return any;
}

int desk_bulk_tick(struct desk *desk)
{
	struct arena arena;
	struct run r = {.ask = {.desk = desk,
				.db = desk->writer,
				.arena = &arena,
				.now_s = clock_unix_s(desk->clock)}};
	int64_t who;

	arena_init(&arena);
	/* Looking costs no write lock; most of the time there is nothing. */
	if (is_any(desk, &arena)) {
		db_begin(desk->writer);
		if (desk_bulk_working(desk->writer, &arena, &r.bulk)) {
			who = r.bulk.state == BULK_UNDOING ? r.bulk.undo_by : r.bulk.person;
			r.may = claimer_find(desk->writer, &arena, who, &r.ask.who) &&
				ask_may(&r.ask, ACT_BULK);
			go_on(&r);
		}
		if (db_commit(desk->writer) < 0) {
			log_error("bulk_waits", "many cases at once can't be decided");
			r.changed = 0;
		}
	}
	arena_release(&arena);
	return r.changed;
}
