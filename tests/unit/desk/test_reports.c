/* SPDX-License-Identifier: Apache-2.0 */
/* Reports of readers: they become notices of the lane "user", and their outcome is written beside
 * them. A desk on a folder of its own, with no home anywhere. */
#include "desk_fixture.h"

#include "desk/cases/case_state.h"
#include "desk/lanes/reports.h"
#include "store/square_reports.h"

static int64_t report(struct fixture *f, int64_t channel, int32_t post, const char *category)
{
	struct square_report row = {.channel = channel,
		.post = post,
		.name = BYTES_LITERAL("Kabar"),
		.category = bytes_from_str(category),
		.law = BYTES_LITERAL("UU 5/2018"),
		.words = BYTES_LITERAL("words of the reader"),
		.created_at_s = 1};

	db_begin(f->desk.writer);
	square_report_insert(f->desk.writer, &row);
	assert_int_equal(db_commit(f->desk.writer), 0);
	return row.id;
}

static struct square_report found(struct fixture *f, int64_t id)
{
	struct square_report row = {.id = 0};

	db_begin(f->desk.reader);
	assert_true(square_report_find(f->desk.reader, &f->arena, id, &row));
	db_rollback(f->desk.reader);
	return row;
}

static void readers_choose_from_the_sop(void **state)
{
	struct fixture *f = *state;
	struct square_report_category rows[SQUARE_REPORT_CATEGORIES_MAX];
	size_t count;

	db_begin(f->desk.reader);
	count = square_report_categories(f->desk.reader, &f->arena, BYTES_LITERAL("id"), rows);
	assert_int_equal(count, f->desk.sop.category_count);
	assert_true(bytes_equal_str(rows[0].name, "terrorism"));
	assert_true(bytes_equal_str(rows[0].title, "Konten terorisme"));
	assert_true(rows[0].laws.size > 0);
	assert_int_equal(
		square_report_categories(f->desk.reader, &f->arena, BYTES_LITERAL("nl"), rows),
		count);
	assert_true(bytes_equal_str(rows[0].title, "Terrorist content"));
	db_rollback(f->desk.reader);
}

static void reports_fold_into_one_case(void **state)
{
	struct fixture *f = *state;
	int64_t first = report(f, 7, 2, "terrorism"), second = report(f, 7, 2, "not_in_the_sop");
	struct desk_notice notice = {.id = 0};
	struct desk_case c;
	int64_t case_id;

	assert_int_equal(desk_reports_take(&f->desk), 2);
	assert_int_equal(desk_reports_take(&f->desk), 0);
	case_id = found(f, first).case_id;
	assert_true(case_id > 0);
	assert_int_equal(found(f, second).case_id, case_id);
	assert_int_equal(found(f, first).words.size, 0); /* they are the notice's now */
	db_begin(f->desk.reader);
	assert_true(desk_case_get(f->desk.reader, &f->arena, case_id, &c));
	assert_int_equal(c.notices, 2);
	assert_true(bytes_equal_str(c.lane, "user") && bytes_equal_str(c.category, "terrorism"));
	assert_true(desk_notice_next(f->desk.reader, &f->arena, c.id, 0, &notice));
	assert_true(bytes_equal_str(notice.subject, "@Kabar/2"));
	assert_true(bytes_equal_str(notice.reasons, "words of the reader"));
	assert_int_equal(notice.reporter, 0);
	assert_true(desk_notice_next(f->desk.reader, &f->arena, c.id, notice.id, &notice));
	assert_true(bytes_equal_str(notice.category, "illegal"));
	db_rollback(f->desk.reader);
}

static void decide(struct fixture *f, int64_t case_id, const char *kind, const char *action)
{
	struct desk_case c;

	db_begin(f->desk.writer);
	assert_true(desk_case_get(f->desk.writer, &f->arena, case_id, &c));
	case_append(f->desk.writer, &f->arena, &c, kind, 9, 100,
		json_pack("{s:s, s:s, s:i}", "action", action, "countries", "", "order", 1));
	desk_reports_decided(&f->desk, f->desk.writer, &c, 100);
	assert_int_equal(db_commit(f->desk.writer), 0);
}

static void the_outcome_stands_beside_the_report(void **state)
{
	struct fixture *f = *state;
	int64_t id = report(f, 7, 0, "spam"), late;
	struct square_report row;

	desk_reports_take(&f->desk);
	row = found(f, id);
	assert_null(row.outcome.data);
	assert_int_equal(row.outcome_at_s, 0);
	decide(f, row.case_id, "decided", "remove");
	row = found(f, id);
	assert_true(bytes_equal_str(row.outcome, "remove"));
	assert_int_equal(row.outcome_at_s, 100);
	assert_int_equal(row.appeal_days, f->desk.sop.appeal_days);
	/* What is removed stays so: who reports it now hears at once. */
	late = report(f, 7, 0, "spam");
	desk_reports_take(&f->desk);
	assert_true(bytes_equal_str(found(f, late).outcome, "remove"));
	decide(f, row.case_id, "reversed", "reverse");
	row = found(f, id);
	assert_true(bytes_equal_str(row.outcome, "reverse"));
	assert_int_equal(row.outcome_at_s, 101); /* in the same second, and yet another */
}

static void what_is_gone_is_no_case(void **state)
{
	struct fixture *f = *state;
	int64_t ids[] = {report(f, 8, 0, "spam"), report(f, 7, 3, "spam"), 0};
	int64_t later = report(f, 7, 5, "spam"); /* its post is still on its way here */

	db_begin(f->desk.writer);
	db_run(f->desk.writer, "UPDATE channels SET rest_above = 4, rest_upto = 6 WHERE id = 7");
	assert_int_equal(db_commit(f->desk.writer), 0);
	db_begin(f->desk.writer);
	db_run(f->desk.writer, "DELETE FROM usernames WHERE name = 'kabar'");
	assert_int_equal(db_commit(f->desk.writer), 0);
	ids[2] = report(f, 7, 2, "spam"); /* on its way home */
	assert_int_equal(desk_reports_take(&f->desk), 3);
	for (int i = 0; i < 3; i++) {
		struct square_report row = found(f, ids[i]);

		assert_int_equal(row.case_id, 0);
		assert_true(bytes_equal_str(row.outcome, "gone"));
		assert_int_equal(row.words.size, 0);
	}
	assert_null(found(f, later).outcome.data);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(t) cmocka_unit_test_setup_teardown(t, desk_fixture_setup, desk_fixture_teardown)
		TEST(readers_choose_from_the_sop),
		TEST(reports_fold_into_one_case),
		TEST(the_outcome_stands_beside_the_report),
		TEST(what_is_gone_is_no_case),
	};

	return cmocka_run_group_tests_name("desk/reports", tests, NULL, no_arena_leaked);
}
