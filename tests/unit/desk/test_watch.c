/* SPDX-License-Identifier: Apache-2.0 */
/* desk/lanes/watch.h: posts that were written before their channel became public. */
#include "desk_fixture.h"

#include <stdio.h>

#include "desk/lanes/watch.h"
#include "store/square_arrivals.h"

#define BAD "listen: buy the bomb now"

static void watch_start(struct fixture *f, struct watch *watch)
{
	char path[128];
	FILE *file;

	snprintf(path, sizeof(path), "%s/sensor.txt", f->desk.folder);
	file = fopen(path, "we");
	assert_non_null(file);
	fputs("terrorism\tbuy the bomb now\n", file);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(watch_open(watch, &f->desk, NULL), 0);
}

static void channel_is(struct fixture *f, int32_t rest_upto, bool leaving)
{
	struct db *db = f->desk.writer;

	db_begin(db);
	db_run(db, "UPDATE channels SET rest_upto = ?1 WHERE id = 7", DB_INT(rest_upto));
	if (leaving)
		db_run(db, "UPDATE channels SET leaving_at = 5 WHERE id = 7");
	else
		db_run(db, "UPDATE channels SET leaving_at = NULL WHERE id = 7");
	assert_int_equal(db_commit(db), 0);
}

static void arrives(struct fixture *f, int32_t top_id)
{
	db_begin(f->desk.writer);
	square_arrival_note(f->desk.writer, 7, top_id);
	assert_int_equal(db_commit(f->desk.writer), 0);
}

static int64_t waiting(struct fixture *f)
{
	int64_t below;

	db_begin(f->desk.reader);
	below = db_get_int(f->desk.reader, 0, "SELECT below FROM arrivals WHERE channel = 7");
	db_rollback(f->desk.reader);
	return below;
}

static void earlier_posts_are_looked_at_in_slices(void **state)
{
	struct fixture *f = *state;
	struct watch watch;

	watch_start(f, &watch);
	assert_int_equal(watch_look(&watch, &f->desk), 0);
	desk_fixture_posts(f, 3, 4, "about ships");
	desk_fixture_posts(f, 5, 5, BAD);
	desk_fixture_posts(f, 6, 439, "about ships");
	desk_fixture_posts(f, 440, 440, BAD);
	desk_fixture_posts(f, 441, 450, "about ships");
	assert_int_equal(watch_look(&watch, &f->desk), 0); /* nobody said that they came */
	arrives(f, 450);
	assert_int_equal(watch_look(&watch, &f->desk), 1);
	assert_int_equal(waiting(f), 251);
	assert_int_equal(watch_look(&watch, &f->desk), 0);
	assert_int_equal(watch_look(&watch, &f->desk), 1);
	assert_int_equal(waiting(f), 0);
	assert_int_equal(watch_look(&watch, &f->desk), 0);
	watch_close(&watch);
}

static void what_is_still_coming_is_waited_for(void **state)
{
	struct fixture *f = *state;
	struct watch watch;

	watch_start(f, &watch);
	channel_is(f, 20, false);
	desk_fixture_posts(f, 10, 10, BAD); /* an old copy: the one that holds is still at home */
	desk_fixture_posts(f, 25, 25, BAD);
	arrives(f, 30);
	assert_int_equal(watch_look(&watch, &f->desk), 1);
	assert_int_equal(waiting(f), 21);
	assert_int_equal(watch_look(&watch, &f->desk), 0);
	channel_is(f, 0, false);
	assert_int_equal(watch_look(&watch, &f->desk), 1);
	assert_int_equal(waiting(f), 0);
	watch_close(&watch);
}

static void what_is_private_again_is_not_looked_at(void **state)
{
	struct fixture *f = *state;
	struct watch watch;

	watch_start(f, &watch);
	desk_fixture_posts(f, 10, 10, BAD);
	arrives(f, 10);
	channel_is(f, 0, true);
	assert_int_equal(watch_look(&watch, &f->desk), 0);
	channel_is(f, 0, false);
	assert_int_equal(watch_look(&watch, &f->desk), 1);
	watch_close(&watch);
}

static void the_days_bound_leaves_nothing_out(void **state)
{
	struct fixture *f = *state;
	struct watch watch;
	const int32_t per_day = (int32_t)sop_breaker(&f->desk.sop, WATCH_RULE);
	const int32_t top = per_day + 10;

	watch_start(f, &watch);
	desk_fixture_posts(f, 3, top, BAD);
	arrives(f, top);
	assert_int_equal(watch_look(&watch, &f->desk), per_day);
	assert_int_equal(waiting(f), top - per_day + 1);
	assert_int_equal(watch_look(&watch, &f->desk), 0);
	/* Tomorrow. */
	db_begin(f->desk.writer);
	db_run(f->desk.writer, "UPDATE notices SET created_at = created_at - 86400");
	assert_int_equal(db_commit(f->desk.writer), 0);
	watch.pause_until_s = 0;
	assert_int_equal(watch_look(&watch, &f->desk), top - per_day - 2);
	assert_int_equal(waiting(f), 0);
	watch_close(&watch);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(t) cmocka_unit_test_setup_teardown(t, desk_fixture_setup, desk_fixture_teardown)
		TEST(earlier_posts_are_looked_at_in_slices),
		TEST(what_is_still_coming_is_waited_for),
		TEST(what_is_private_again_is_not_looked_at),
		TEST(the_days_bound_leaves_nothing_out),
	};

	return cmocka_run_group_tests_name("desk/watch", tests, NULL, no_arena_leaked);
}
