/* SPDX-License-Identifier: Apache-2.0 */
/* What is forgotten of boxes, and what devices are told that were away for longer. */
#include "messages_fixture.h"

#include "core/messages/box.h"
#include "store/home_changes.h"

static struct box_difference difference(struct fixture *f, uint64_t key, int32_t pts)
{
	struct box_difference d;

	assert_int_equal(
		fixture_end(f, box_difference(fixture_call(f, key), pts, 0, f->now_s, &d)), 0);
	return d;
}

static void prune(struct fixture *f)
{
	int64_t cursor = 0;

	while (boxes_prune(fixture_call(f, ANNA), &cursor))
		fixture_end(f, 0);
	fixture_end(f, 0);
	assert_int_equal(cursor, 0);
}

static void test_age(void **state)
{
	struct fixture *f = *state;
	int32_t old, young;

	old = messages_pts(f, BUDI);
	messages_say(f, ANNA, user_peer(budi), "one");
	messages_say(f, ANNA, user_peer(budi), "two");
	young = messages_pts(f, BUDI);
	f->now_s += BOX_EVENTS_KEPT_S - 10;
	messages_say(f, ANNA, user_peer(budi), "three");
	prune(f);
	assert_int_equal(difference(f, BUDI, old).new_messages, 3);
	f->now_s += 20;
	prune(f);
	assert_true(difference(f, BUDI, old).too_long);
	assert_int_equal(difference(f, BUDI, old).state.pts, messages_pts(f, BUDI));
	assert_true(difference(f, BUDI, 0).too_long);
	assert_false(difference(f, BUDI, young).too_long);
	assert_int_equal(difference(f, BUDI, young).new_messages, 1);
	/* Nothing is left of the log, and nothing is missing to who is up to date. */
	f->now_s += BOX_EVENTS_KEPT_S;
	prune(f);
	assert_true(difference(f, BUDI, young).too_long);
	assert_false(difference(f, BUDI, messages_pts(f, BUDI)).too_long);
}

static void test_number(void **state)
{
	struct fixture *f = *state;
	int32_t before = messages_pts(f, BUDI);
	struct home_box box;

	messages_say(f, ANNA, user_peer(budi), "one");
	assert_true(box_open(fixture_call(f, ANNA), budi, &box));
	/* As if so much had happened since. */
	home_box_advance(&box, BOX_EVENTS_KEPT - 1, 0);
	fixture_end(f, 0);
	prune(f);
	assert_false(difference(f, BUDI, before).too_long);
	messages_say(f, ANNA, user_peer(budi), "two");
	prune(f);
	assert_true(difference(f, BUDI, before).too_long);
	assert_int_equal(difference(f, BUDI, messages_pts(f, BUDI) - 1).new_messages, 1);
}

static void test_changes(void **state)
{
	struct fixture *f = *state;
	const struct home_change change = {.kind = 1, .item = 7, .changed_at_s = f->now_s};
	struct home_change *found;

	home_change_put(call_home(fixture_call(f, ANNA)), anna, &change);
	fixture_end(f, 0);
	f->now_s += BOX_EVENTS_KEPT_S + 1;
	prune(f);
	fixture_call(f, ANNA);
	assert_int_equal(
		home_changes_since(call_home(&f->call), &f->arena, anna, 0, 10, &found), 0);
	fixture_end(f, 0);
}

static void test_many_changes_go_in_turns(void **state)
{
	struct fixture *f = *state;
	struct home_change change = {.kind = 1, .changed_at_s = f->now_s};
	struct home_change *found;
	int64_t cursor = 0;
	int turns = 1;

	for (change.item = 0; change.item < 3000; change.item++)
		home_change_put(call_home(fixture_call(f, ANNA)), anna, &change);
	fixture_end(f, 0);
	f->now_s += BOX_EVENTS_KEPT_S + 1;
	for (; boxes_prune(fixture_call(f, ANNA), &cursor); turns++)
		fixture_end(f, 0);
	fixture_end(f, 0);
	assert_int_equal(turns, 2);
	fixture_call(f, ANNA);
	assert_int_equal(
		home_changes_since(call_home(&f->call), &f->arena, anna, 0, 10, &found), 0);
	fixture_end(f, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_age, messages_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(test_number, messages_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(test_changes, messages_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(
			test_many_changes_go_in_turns, messages_setup, fixture_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
