/* SPDX-License-Identifier: Apache-2.0 */
/* The fold of notices into cases, on a real database; and cases made again from their events. */
#include "../unit.h"

#include <stdlib.h>

#include "desk/cases/case_state.h"
#include "desk/embedded.h"
#include "desk/lanes/notices.h"
#include "desk/cases/strikes.h"
#include "store/square_steps.h"

#define NOW 1000000

struct fixture {
	struct desk desk;
	struct db *db;
	struct arena arena;
};

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	arena_init(&f->arena);
	f->desk.random = &random_system;
	assert_int_equal(sop_parse(sop_default_text, &f->desk.sop, NULL), 0);
	assert_int_equal(db_open(":memory:", DB_WRITE, &f->db, NULL), 0);
	assert_int_equal(db_migrate(f->db, square_steps, NULL), 0);
	db_begin(f->db);
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;

	if (db_in_transaction(f->db))
		assert_int_equal(db_commit(f->db), 0);
	db_close(f->db);
	arena_release(&f->arena);
	free(f);
	return 0;
}

static struct desk_case notify(
	struct fixture *f, int64_t now_s, enum lane lane, const char *category, int32_t post)
{
	struct notice_new notice = {
		.reporter = 5,
		.lane = lane,
		.category = sop_category(&f->desk.sop, category),
		.subject_text = BYTES_LITERAL("@kabar"),
		.law = BYTES_LITERAL("law"),
		.reasons = BYTES_LITERAL("reasons"),
		.channel = 77,
		.post = post,
		.name = BYTES_LITERAL("kabar"),
		.members = 100,
	};
	struct desk_case c;

	notice_fold(&f->desk, f->db, &f->arena, now_s, &notice, &c);
	return c;
}

static void decide(struct fixture *f, struct desk_case *c, const char *action, int64_t order)
{
	case_append(f->db, &f->arena, c, "decided", 9, NOW + 100,
		json_pack("{s:s, s:s, s:I}", "action", action, "countries", "", "order",
			(json_int_t)order));
}

static void the_strictest_notice_sets_the_clock(void **state)
{
	struct fixture *f = *state;
	struct desk_case c = notify(f, NOW, LANE_USER, "illegal", 0);
	int64_t id = c.id, priority = c.priority;

	assert_int_equal(c.due_at, NOW + 24 * 3600);
	c = notify(f, NOW + 10, LANE_AUTHORITY, "terrorism", 0);
	assert_int_equal(c.id, id);
	assert_int_equal(c.notices, 2);
	assert_int_equal(c.due_at, NOW + 10 + 3600);
	assert_true(
		bytes_equal_str(c.lane, "authority") && bytes_equal_str(c.category, "terrorism"));
	assert_true(c.priority > priority);
	/* Later and slower ones change nothing about it. */
	c = notify(f, NOW + 20, LANE_SENSOR, "incitement", 0);
	assert_int_equal(c.due_at, NOW + 10 + 3600);
	assert_int_equal(c.clock_at, NOW);
	assert_true(
		bytes_equal_str(c.lane, "authority") && bytes_equal_str(c.category, "terrorism"));
	assert_int_not_equal(notify(f, NOW, LANE_USER, "illegal", 3).id, id);
}

static void what_holds_decides_where_a_notice_goes(void **state)
{
	struct fixture *f = *state;
	struct desk_case c = notify(f, NOW, LANE_AUTHORITY, "terrorism", 0);
	int64_t first = c.id;

	decide(f, &c, "restrict", 1);
	assert_true(c.in_force && c.met == -1 && !case_is_open(&c));
	c = notify(f, NOW + 200, LANE_FLAGGER, "terrorism", 0);
	assert_int_equal(c.id, first);
	assert_true(case_is_open(&c) && c.in_force);
	assert_int_equal(c.due_at, NOW + 200 + 4 * 3600);
	assert_true(bytes_equal_str(c.lane, "flagger"));
	decide(f, &c, "remove", 2);
	c = notify(f, NOW + 300, LANE_AUTHORITY, "terrorism", 0);
	assert_int_equal(c.id, first);
	assert_false(case_is_open(&c));
	case_append(f->db, &f->arena, &c, "reversed", 8, NOW + 400, json_pack("{s:i}", "order", 3));
	c = notify(f, NOW + 500, LANE_AUTHORITY, "terrorism", 0);
	assert_int_not_equal(c.id, first);
	assert_int_equal(c.previous, first);
	decide(f, &c, "dismiss", 0);
	assert_int_equal(c.met, 1);
	assert_false(c.in_force);
	assert_int_not_equal(notify(f, NOW + 600, LANE_USER, "illegal", 0).id, c.id);
}

static void in_time_or_late(void **state)
{
	static const struct {
		int64_t at;
		const char *outcome;
		int met;
		bool in_force;
	} rows[] = {
		{NOW + 3600, "done", 1, true},
		{NOW + 3601, "done", 0, true},
		{NOW + 5, "no such channel", 0, false},
	};
	struct fixture *f = *state;

	for (int i = 0; i < (int)ARRAY_LEN(rows); i++) {
		struct desk_case c = notify(f, NOW, LANE_AUTHORITY, "terrorism", i + 1);

		decide(f, &c, "remove", i + 1);
		case_append(f->db, &f->arena, &c, "executed", 0, NOW + 5000,
			json_pack("{s:i, s:I, s:s}", "order", i + 1, "at", (json_int_t)rows[i].at,
				"outcome", rows[i].outcome));
		assert_int_equal(c.met, rows[i].met);
		assert_int_equal(c.in_force, rows[i].in_force);
	}
}

static void made_again_from_events(void **state)
{
	struct fixture *f = *state;
	struct desk_case c = notify(f, NOW, LANE_AUTHORITY, "terrorism", 0), again;
	struct err err = {0};

	case_append(f->db, &f->arena, &c, "claimed", 9, NOW + 1,
		json_pack("{s:i}", "until", NOW + 900));
	notify(f, NOW + 2, LANE_USER, "illegal", 4);
	assert_int_equal(db_commit(f->db), 0);
	assert_int_equal(cases_rebuild(f->db, &err), 0);
	db_begin(f->db);
	assert_true(desk_case_get(f->db, &f->arena, c.id, &again));
	assert_int_equal(again.claimed_by, 9);
	assert_int_equal(again.priority, c.priority);
	assert_true(bytes_equal(again.salt, c.salt) && bytes_equal(again.head_hash, c.head_hash));
	assert_true(desk_case_of(f->db, &f->arena, 77, 4, &again));
	/* Any altered column breaks the chain. */
	db_run(f->db, "UPDATE case_events SET actor = 4 WHERE kind = 'claimed'");
	assert_int_equal(db_commit(f->db), 0);
	assert_int_equal(cases_rebuild(f->db, &err), -1);
	assert_non_null(strstr(err.text, "altered"));
	db_begin(f->db);
	db_run(f->db, "DELETE FROM case_events WHERE case_id = ?1 AND seq = 2", DB_INT(c.id));
	assert_int_equal(db_commit(f->db), 0);
	assert_int_equal(cases_rebuild(f->db, &err), -1);
	db_begin(f->db);
	assert_true(desk_case_get(f->db, &f->arena, c.id, &again)); /* and nothing was lost by it */
}

static int64_t strike_count(struct fixture *f, int64_t case_id)
{
	struct desk_case c;
	json_t *hint;
	int64_t count;

	assert_true(desk_case_get(f->db, &f->arena, case_id, &c));
	hint = strikes_json(f->db, &f->desk.sop, &c, NOW + 200);
	count = json_integer_value(json_object_get(hint, "count"));
	assert_string_equal(json_string_value(json_object_get(hint, "next")), count == 0 ? "warn"
									      : count == 1
										      ? "freeze"
										      : "remove");
	json_decref(hint);
	return count;
}

static void strikes_follow_the_events(void **state)
{
	struct fixture *f = *state;
	struct desk_case first = notify(f, NOW, LANE_USER, "spam", 1);
	struct desk_case second = notify(f, NOW, LANE_USER, "spam", 2);
	struct desk_case last = notify(f, NOW, LANE_USER, "spam", 0);

	assert_int_equal(strike_count(f, last.id), 0);
	decide(f, &first, "warn", 1);
	assert_false(first.in_force);
	assert_int_equal(strike_count(f, last.id), 1);
	assert_int_equal(strike_count(f, first.id), 0); /* its own is not counted */
	decide(f, &second, "label", 2);
	assert_true(second.in_force);
	assert_int_equal(strike_count(f, last.id), 2);
	/* A lift by time leaves the strike, and the case without anything to reverse. */
	case_append(f->db, &f->arena, &second, "ended", 0, NOW + 150,
		json_pack("{s:i, s:i}", "order", 2, "at", NOW + 150));
	assert_false(second.in_force);
	case_append(f->db, &f->arena, &second, "ended", 0, NOW + 150,
		json_pack("{s:i, s:i, s:b}", "order", 2, "at", NOW + 150, "holds", 1));
	assert_true(second.in_force); /* another order of the case goes on */
	assert_int_equal(strike_count(f, last.id), 2);
	case_append(f->db, &f->arena, &first, "executed", 0, NOW + 160,
		json_pack("{s:i, s:i, s:i, s:s}", "order", 1, "at", NOW + 160, "ms", 1, "outcome",
			"no such post"));
	assert_int_equal(strike_count(f, last.id), 1);
	case_append(f->db, &f->arena, &second, "reversed", 8, NOW + 170,
		json_pack("{s:i}", "order", 3));
	assert_int_equal(strike_count(f, last.id), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			the_strictest_notice_sets_the_clock, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			what_holds_decides_where_a_notice_goes, set_up, tear_down),
		cmocka_unit_test_setup_teardown(in_time_or_late, set_up, tear_down),
		cmocka_unit_test_setup_teardown(strikes_follow_the_events, set_up, tear_down),
		cmocka_unit_test_setup_teardown(made_again_from_events, set_up, tear_down),
	};

	return cmocka_run_group_tests_name("desk/cases", tests, NULL, no_arena_leaked);
}
