/* SPDX-License-Identifier: Apache-2.0 */
/* desk/cases/clocks.h on a clock that the tests turn: targets, pauses, the ladder, evidence,
 * closing. */
#include "desk_fixture.h"

#include <stdlib.h>

#include "desk/cases/case_state.h"
#include "desk/cases/clocks.h"
#include "desk/lanes/notices.h"
#include "store/square_desk_clocks.h"

#define START 1000000
#define HOUR_S 3600
#define DAY_S 86400

static int64_t now_s;

static int64_t now_us(void *ctx)
{
	(void)ctx;
	return now_s * 1000000;
}

static const struct clock turned = {now_us, now_us, NULL};

static int set_up(void **state)
{
	int rc = desk_fixture_setup(state);
	struct fixture *f = *state;

	now_s = START;
	f->desk.clock = &turned;
	return rc;
}

/* An authority's notice about the channel: an hour for terrorism. */
static struct desk_case notify(struct fixture *f, enum lane lane, const char *category)
{
	struct notice_new notice = {
		.reporter = 5,
		.lane = lane,
		.category = sop_category(&f->desk.sop, category),
		.subject_text = BYTES_LITERAL("@kabar"),
		.law = BYTES_LITERAL("law"),
		.reasons = BYTES_LITERAL("reasons"),
		.channel = 7,
		.name = BYTES_LITERAL("kabar"),
	};
	struct desk_case c;

	db_begin(f->desk.writer);
	notice_fold(&f->desk, f->desk.writer, &f->arena, now_s, &notice, &c);
	assert_int_equal(db_commit(f->desk.writer), 0);
	return c;
}

static void write(struct fixture *f, struct desk_case *c, const char *kind, json_t *data)
{
	db_begin(f->desk.writer);
	case_append(f->desk.writer, &f->arena, c, kind, 9, now_s, data);
	assert_int_equal(db_commit(f->desk.writer), 0);
}

/* The case and its clocks as they are; both are as the events alone make them. */
static struct desk_clock look(struct fixture *f, struct desk_case *c)
{
	struct desk_clock k, again;

	db_begin(f->desk.writer);
	assert_true(desk_case_get(f->desk.writer, &f->arena, c->id, c));
	assert_true(desk_clock_get(f->desk.writer, &f->arena, c->id, &k));
	db_rollback(f->desk.writer);
	assert_int_equal(cases_rebuild(f->desk.writer, NULL), 0);
	db_begin(f->desk.writer);
	assert_true(desk_clock_get(f->desk.writer, &f->arena, c->id, &again));
	db_rollback(f->desk.writer);
	assert_int_equal(k.step, again.step);
	assert_int_equal(k.paused_s, again.paused_s);
	assert_int_equal(k.acknowledged_at, again.acknowledged_at);
	assert_int_equal(k.notified_at, again.notified_at);
	assert_int_equal(k.evidence, again.evidence);
	assert_int_equal(k.sop, again.sop);
	return k;
}

static bool is(const struct desk_case *c, const char *state)
{
	return bytes_equal_str(c->state, state);
}

static void targets_of_a_notice_and_of_a_decision(void **state)
{
	struct fixture *f = *state;
	struct desk_case c = notify(f, LANE_AUTHORITY, "terrorism");
	struct desk_clock k = look(f, &c);

	assert_int_equal(k.sop, f->desk.sop.version);
	assert_true(k.sop > 0);
	assert_int_equal(k.acknowledge_due, START + 15 * 60);
	assert_int_equal(c.due_at, START + HOUR_S);
	assert_int_equal(k.acknowledged_at, 0);
	now_s += 60;
	write(f, &c, "claimed",
		json_pack("{s:I, s:s}", "until", (json_int_t)now_s + 900, "evidence", ""));
	now_s += 60;
	write(f, &c, "decided",
		json_pack("{s:s, s:s, s:i, s:i}", "action", "remove", "countries", "", "order", 1,
			"sop", 7));
	k = look(f, &c);
	assert_int_equal(k.acknowledged_at, START + 60);
	assert_int_equal(k.notify_due, START + 120 + 24 * HOUR_S);
	assert_int_equal(k.notified_at, 0);
	assert_int_equal(k.sop, 7); /* the one that judged it */
	write(f, &c, "executed",
		json_pack("{s:i, s:I, s:i, s:s}", "order", 1, "at", (json_int_t)now_s + 1, "ms", 5,
			"outcome", "done"));
	assert_int_equal(look(f, &c).notified_at, START + 121);
}

static void a_pause_moves_the_due_time_and_ends(void **state)
{
	struct fixture *f = *state;
	struct desk_case c = notify(f, LANE_AUTHORITY, "terrorism");
	struct desk_clock k;

	now_s += 600;
	write(f, &c, "paused",
		json_pack("{s:s, s:I, s:s}", "reason", "clarification", "until",
			(json_int_t)now_s + 2 * HOUR_S, "question", "which post?"));
	assert_true(is(&c, "waiting") && case_is_open(&c) && case_is_waiting(&c));
	/* No step of the ladder while it waits. */
	now_s += 2 * HOUR_S - 1;
	assert_int_equal(desk_clocks_tick(&f->desk), 0);
	k = look(f, &c);
	assert_true(bytes_equal_str(k.question, "which post?"));
	/* The desk comes late: the pause has lasted no longer than it might. */
	now_s += 100;
	assert_int_equal(desk_clocks_tick(&f->desk), 1);
	k = look(f, &c);
	assert_true(is(&c, "open"));
	assert_int_equal(k.paused_s, 2 * HOUR_S);
	assert_int_equal(k.paused_at, 0);
	assert_int_equal(c.due_at, START + 3 * HOUR_S);
	assert_int_equal(desk_clocks_tick(&f->desk), 0);
}

static void a_notice_ends_a_pause(void **state)
{
	struct fixture *f = *state;
	struct desk_case c = notify(f, LANE_AUTHORITY, "terrorism");

	write(f, &c, "paused",
		json_pack("{s:s, s:I}", "reason", "clarification", "until",
			(json_int_t)now_s + HOUR_S));
	now_s += 60;
	c = notify(f, LANE_USER, "spam");
	assert_true(is(&c, "open"));
	assert_int_equal(c.due_at, START + HOUR_S + 60);
	assert_int_equal(look(f, &c).paused_s, 60);
}

static void the_ladder_is_climbed_once(void **state)
{
	struct fixture *f = *state;
	struct desk_case c = notify(f, LANE_AUTHORITY, "terrorism");

	now_s = START + HOUR_S * 75 / 100 - 1;
	assert_int_equal(desk_clocks_tick(&f->desk), 0);
	now_s += 10;
	assert_int_equal(desk_clocks_tick(&f->desk), 1);
	assert_int_equal(look(f, &c).step, 1);
	assert_true(is(&c, "escalated") && case_is_open(&c));
	now_s += 10;
	assert_int_equal(desk_clocks_tick(&f->desk), 0);
	/* The desk was away: every step is written down. */
	now_s = START + HOUR_S + 24 * HOUR_S;
	assert_int_equal(desk_clocks_tick(&f->desk), 2);
	assert_int_equal(look(f, &c).step, 3);
	now_s += 1000 * HOUR_S;
	assert_int_equal(desk_clocks_tick(&f->desk), 0);
	/* A pause and a notice more leave it escalated. */
	write(f, &c, "paused",
		json_pack("{s:s, s:I}", "reason", "clarification", "until",
			(json_int_t)now_s + HOUR_S));
	c = notify(f, LANE_USER, "spam");
	assert_true(is(&c, "escalated"));
	/* A restriction holds, a notice comes: a new clock, a new ladder. */
	write(f, &c, "decided",
		json_pack("{s:s, s:s, s:i}", "action", "restrict", "countries", "ID", "order", 1));
	c = notify(f, LANE_AUTHORITY, "terrorism");
	assert_true(is(&c, "open"));
	assert_int_equal(look(f, &c).step, 0);
	now_s += 2 * HOUR_S;
	assert_int_equal(desk_clocks_tick(&f->desk), 2);
}

static int64_t evidence_of(struct fixture *f, const struct desk_case *c)
{
	int64_t count;

	db_begin(f->desk.writer);
	count = db_get_int(f->desk.writer, 0, "SELECT count(*) FROM evidence WHERE case_id = ?1",
		DB_INT(c->id));
	db_rollback(f->desk.writer);
	return count;
}

static void evidence_goes_when_its_time_is_over(void **state)
{
	struct fixture *f = *state;
	struct desk_case c = notify(f, LANE_AUTHORITY, "terrorism");
	int64_t days = sop_category(&f->desk.sop, "terrorism")->evidence_days;

	db_begin(f->desk.writer);
	desk_evidence_insert(f->desk.writer, c.id, 3, 0, now_s, BYTES_LITERAL("{}"));
	desk_evidence_insert(f->desk.writer, c.id, 3, 1, now_s, BYTES_LITERAL("{}"));
	assert_int_equal(db_commit(f->desk.writer), 0);
	write(f, &c, "claimed",
		json_pack("{s:I, s:s}", "until", (json_int_t)now_s + 900, "evidence", "x"));
	/* At work it stays however long that takes. */
	now_s += 1000 * DAY_S;
	while (desk_clocks_tick(&f->desk) > 0)
		now_s += HOUR_S;
	assert_int_equal(evidence_of(f, &c), 2);
	assert_true(look(f, &c).evidence);
	write(f, &c, "decided",
		json_pack("{s:s, s:s, s:i}", "action", "remove", "countries", "", "order", 1));
	now_s += days * DAY_S - HOUR_S;
	assert_int_equal(desk_clocks_tick(&f->desk), 0);
	assert_int_equal(evidence_of(f, &c), 2);
	now_s += HOUR_S;
	assert_int_equal(desk_clocks_tick(&f->desk), 2); /* and nobody can appeal any more */
	assert_int_equal(evidence_of(f, &c), 0);
	assert_false(look(f, &c).evidence);
	assert_true(is(&c, "closed") && c.in_force && !case_is_open(&c));
	now_s += 10 * DAY_S;
	assert_int_equal(desk_clocks_tick(&f->desk), 0);
	/* What is removed stays removed, also when it is reported again. */
	c = notify(f, LANE_USER, "spam");
	assert_true(is(&c, "closed"));
}

/* Regulation (EU) 2021/784, Article 6: longer on request, and also after a rebuild. */
static void evidence_is_held_for_an_authority(void **state)
{
	struct fixture *f = *state;
	struct desk_case c = notify(f, LANE_AUTHORITY, "terrorism");
	int64_t days = sop_category(&f->desk.sop, "terrorism")->evidence_days, until;
	struct err err;

	db_begin(f->desk.writer);
	desk_evidence_insert(f->desk.writer, c.id, 3, 0, now_s, BYTES_LITERAL("{}"));
	assert_int_equal(db_commit(f->desk.writer), 0);
	write(f, &c, "claimed",
		json_pack("{s:I, s:s}", "until", (json_int_t)now_s + 900, "evidence", "x"));
	write(f, &c, "decided",
		json_pack("{s:s, s:s, s:i}", "action", "remove", "countries", "", "order", 1));
	until = now_s + (days + 30) * DAY_S;
	write(f, &c, "held", json_pack("{s:i, s:I}", "notice", 1, "until", (json_int_t)until));
	assert_int_equal(cases_rebuild(f->desk.writer, &err), 0);
	now_s = until - DAY_S;
	while (desk_clocks_tick(&f->desk) > 0)
		now_s += HOUR_S;
	assert_int_equal(evidence_of(f, &c), 1);
	now_s = until + HOUR_S;
	assert_int_equal(desk_clocks_tick(&f->desk), 1);
	assert_int_equal(evidence_of(f, &c), 0);
}

static void many_at_once(void **state)
{
	struct fixture *f = *state;
	int events = 0, count;

	for (int32_t post = 1; post <= 300; post++) {
		struct desk_case c = {.id = 0};
		struct notice_new notice = {.lane = LANE_AUTHORITY,
			.category = sop_category(&f->desk.sop, "terrorism"),
			.subject_text = BYTES_LITERAL("@kabar/1"),
			.law = BYTES_LITERAL(""),
			.reasons = BYTES_LITERAL(""),
			.channel = 7,
			.post = post,
			.name = BYTES_LITERAL("kabar")};

		db_begin(f->desk.writer);
		notice_fold(&f->desk, f->desk.writer, &f->arena, now_s, &notice, &c);
		assert_int_equal(db_commit(f->desk.writer), 0);
	}
	now_s += HOUR_S;
	while ((count = desk_clocks_tick(&f->desk)) > 0)
		events += count;
	assert_int_equal(events, 600); /* two steps each, at most 200 in one transaction */
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, desk_fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(targets_of_a_notice_and_of_a_decision),
		TEST(a_pause_moves_the_due_time_and_ends),
		TEST(a_notice_ends_a_pause),
		TEST(the_ladder_is_climbed_once),
		TEST(evidence_goes_when_its_time_is_over),
		TEST(evidence_is_held_for_an_authority),
		TEST(many_at_once),
	};

	return cmocka_run_group_tests_name("desk/clocks", tests, NULL, no_arena_leaked);
}
