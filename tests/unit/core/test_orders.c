/* SPDX-License-Identifier: Apache-2.0 */
/* core/orders.h: what an order hides, from whom, exactly once, and that the owner is told. */
#include "channels_fixture.h"

#include "core/box.h"
#include "core/orders.h"
#include "core/move.h"

static void order(struct fixture *f, int64_t id, int64_t channel, int32_t post, const char *action,
	const char *countries)
{
	db_run(store_square(&f->store),
		"INSERT INTO orders (id, case_id, channel, post, action, countries, text, reason,"
		" letter, created_at) VALUES (?1, 1, ?2, ?3, ?4, ?5, 'Not shown.', 'fraud',"
		" 'Why, and how to appeal.', 1)",
		DB_INT(id), DB_INT(channel), DB_INT(post), DB_STR(action), DB_STR(countries));
	assert_int_equal(store_commit(&f->store), 0);
}

static struct executed_orders execute(struct fixture *f)
{
	struct call *call = fixture_call(f, 99); /* a key nobody is logged in on */
	struct executed_orders done;

	assert_int_equal(fixture_end(f, orders_execute(call, &done)), 0);
	return done;
}

static void expect_outcome(struct fixture *f, const char *outcome)
{
	struct executed_orders done = execute(f);

	assert_int_equal(done.count, 1);
	assert_true(bytes_equal(done.at[0].outcome, B(outcome)));
	assert_true(done.at[0].executed_at_ms > 1000000000000);
}

static int64_t letters(struct fixture *f, uint64_t key)
{
	struct call *call = fixture_call(f, key);
	struct box_difference d;
	int64_t count = 0;

	assert_int_equal(fixture_end(f, box_difference(call, BOX_PTS_FIRST, 0, &d)), 0);
	for (size_t i = 0; i < d.new_messages; i++)
		count += bytes_equal(d.set.updates[i].message->text, B("Why, and how to appeal."));
	return count;
}

static int64_t make(struct fixture *f, int32_t *post)
{
	int64_t id;

	channels_people(f);
	id = channels_make(f, "Public", true);
	channels_name(f, id, "public_one");
	channels_join(f, GERMAN_KEY, id);
	*post = channels_post(f, OWNER_KEY, id, "the content");
	return id;
}

static void expect_hidden(struct fixture *f, uint64_t key, int64_t id)
{
	const struct channel_view seen = channels_view(f, key, id);
	const struct post_range range = {.limit = 10};
	struct message draft = {.text = B("x"), .random_id = 9};
	struct channel_difference d;
	struct channel_dialog dialog;
	struct update_set answer;
	struct post_list list;
	int64_t views[1];

	assert_true(seen.restricted);
	assert_true(bytes_equal(seen.channel->restriction.text, B("Not shown.")));
	assert_true(bytes_equal(seen.channel->restriction.reason, B("fraud")));
	fixture_refused(f, channel_history(fixture_call(f, key), id, &range, &list), 400,
		"CHAT_RESTRICTED");
	fixture_refused(f, channel_posts_get(fixture_call(f, key), id, (int32_t[]){2}, 1, &list),
		400, "CHAT_RESTRICTED");
	fixture_refused(f, channel_posts_search(fixture_call(f, key), id, B("c"), &range, &list),
		400, "CHAT_RESTRICTED");
	fixture_refused(f,
		channel_views_count(fixture_call(f, key), id, (int32_t[]){2}, 1, true, views), 400,
		"CHAT_RESTRICTED");
	fixture_refused(f, channel_post_send(fixture_call(f, key), id, &draft, &answer), 400,
		"CHAT_RESTRICTED");
	fixture_refused(f, channel_join(fixture_call(f, key), id, &answer), 400, "CHAT_RESTRICTED");
	assert_int_equal(
		fixture_end(f, channel_difference(fixture_call(f, key), id, 1, 10, &d)), 0);
	assert_int_equal(d.kind, CHANNEL_DIFFERENCE_EMPTY);
	assert_int_equal(d.pts, 1);
	assert_int_equal(fixture_end(f, channel_dialog(fixture_call(f, key), id, &dialog)), 0);
	assert_true(bytes_equal(dialog.top->text, B("Not shown.")));
}

static void removal_hides_it_from_everybody(void **state)
{
	struct fixture *f = *state;
	struct update_set answer;
	int32_t post;
	int64_t id = make(f, &post);
	struct channel_views found;
	const struct effect *effect;

	order(f, 1, id, 0, "remove", NULL);
	expect_outcome(f, "done");
	effect = fixture_effect(f, EFFECT_CHANNEL_CHANGED, 0);
	assert_int_equal(effect->channel, id);
	assert_true(effect->shared->restriction.everywhere);
	assert_true(channel_restricted(&effect->shared->restriction, ""));
	expect_hidden(f, OWNER_KEY, id);
	expect_hidden(f, GERMAN_KEY, id);
	expect_hidden(f, INDONESIAN_KEY, id);
	fixture_refused(f, channel_username_set(fixture_call(f, OWNER_KEY), id, B("")), 400,
		"CHAT_RESTRICTED");
	assert_int_equal(channel_search(fixture_call(f, GERMAN_KEY), B("public"), 10, &found), 0);
	assert_int_equal(found.count, 0);
	fixture_end(f, 0);
	assert_int_equal(
		fixture_end(f, channel_leave(fixture_call(f, GERMAN_KEY), id, &answer)), 0);
	assert_int_equal(letters(f, OWNER_KEY), 1);
	assert_int_equal(letters(f, GERMAN_KEY), 0);
}

static void restriction_is_by_country(void **state)
{
	struct fixture *f = *state;
	int32_t post;
	int64_t id = make(f, &post);
	struct channel_view view;

	order(f, 1, id, 0, "restrict", "DE,AT");
	expect_outcome(f, "done");
	expect_hidden(f, GERMAN_KEY, id);
	assert_string_equal(channels_read(f, INDONESIAN_KEY, id, post), "the content");
	assert_string_equal(channels_read(f, OWNER_KEY, id, post), "the content");
	order(f, 2, id, 0, "restrict", "AT,ID");
	expect_outcome(f, "done");
	expect_hidden(f, INDONESIAN_KEY, id);
	expect_hidden(f, GERMAN_KEY, id);
	view = channels_view(f, GERMAN_KEY, id);
	assert_true(bytes_equal(view.channel->restriction.countries, B("DE,AT,ID")));
	assert_false(channel_restricted(&view.channel->restriction, "FR"));
	assert_false(channel_restricted(&view.channel->restriction, "EA"));
	assert_false(channel_restricted(&view.channel->restriction, ""));
}

static void restore_brings_everything_back(void **state)
{
	struct fixture *f = *state;
	int32_t post;
	int64_t id = make(f, &post);
	const struct effect *healed;

	order(f, 1, id, 0, "restrict", "DE");
	expect_outcome(f, "done");
	order(f, 2, id, 0, "remove", NULL);
	expect_outcome(f, "done");
	order(f, 3, id, 0, "restore", NULL);
	expect_outcome(f, "done");
	/* The line in the chat list said the order's text: it is put right. */
	healed = fixture_effect(f, EFFECT_CHANNEL, 0);
	assert_int_equal(healed->set.updates[0].kind, UPDATE_EDIT_POST);
	assert_true(bytes_equal(healed->set.updates[0].message->text, B("the content")));
	assert_string_equal(channels_read(f, GERMAN_KEY, id, post), "the content");
	assert_false(channels_view(f, GERMAN_KEY, id).restricted);
	assert_null(channels_view(f, GERMAN_KEY, id).channel->restriction.text.data);
	assert_int_equal(channels_post(f, OWNER_KEY, id, "next"), post + 1);
	assert_int_equal(letters(f, OWNER_KEY), 3);
}

static void a_post_is_hidden_and_restored(void **state)
{
	struct fixture *f = *state;
	int32_t post;
	int64_t id = make(f, &post);
	struct message draft = {.text = B("let me out")};
	struct channel_difference d;
	struct update_set answer;
	struct post_list list;
	int32_t before = channels_view(f, GERMAN_KEY, id).channel->pts;

	draft.id = post;
	order(f, 7, id, post, "remove", NULL);
	expect_outcome(f, "done");
	assert_int_equal(
		fixture_effect(f, EFFECT_CHANNEL, 0)->set.updates[0].kind, UPDATE_EDIT_POST);
	assert_true(bytes_equal(fixture_effect(f, EFFECT_CHANNEL, 0)->set.updates[0].message->text,
		B("Not shown.")));
	assert_string_equal(channels_read(f, OWNER_KEY, id, post), "Not shown.");
	assert_string_equal(channels_read(f, GERMAN_KEY, id, post), "Not shown.");
	assert_int_equal(
		fixture_end(f, channel_posts_search(fixture_call(f, GERMAN_KEY), id, B("content"),
				       &(struct post_range){.limit = 9}, &list)),
		0);
	assert_int_equal(list.count, 0);
	assert_int_equal(
		fixture_end(f, channel_posts_search(fixture_call(f, GERMAN_KEY), id, B("shown"),
				       &(struct post_range){.limit = 9}, &list)),
		0);
	assert_int_equal(list.count, 0);
	fixture_refused(f, channel_post_edit(fixture_call(f, OWNER_KEY), id, &draft, &answer), 400,
		"MESSAGE_ID_INVALID");
	assert_int_equal(
		fixture_end(f, channel_difference(fixture_call(f, GERMAN_KEY), id, before, 9, &d)),
		0);
	assert_true(bytes_equal(d.others[0].message->text, B("Not shown.")));
	order(f, 8, id, post, "restore", NULL);
	expect_outcome(f, "done");
	assert_string_equal(channels_read(f, GERMAN_KEY, id, post), "the content");
	/* Hidden ones stay hidden, and their text restorable, wherever the channel goes. */
	order(f, 9, id, post, "remove", NULL);
	expect_outcome(f, "done");
	channels_name(f, id, "");
	assert_string_equal(channels_read(f, OWNER_KEY, id, post), "Not shown.");
	channels_name(f, id, "public_two");
	assert_string_equal(channels_read(f, GERMAN_KEY, id, post), "Not shown.");
	order(f, 10, id, post, "restore", NULL);
	expect_outcome(f, "done");
	assert_string_equal(channels_read(f, GERMAN_KEY, id, post), "the content");
}

static void what_cannot_be_done_says_why(void **state)
{
	struct fixture *f = *state;
	int32_t post;
	int64_t id = make(f, &post), private_one = channels_make(f, "Private", true);

	order(f, 1, id + 500, 0, "remove", NULL);
	expect_outcome(f, "no such channel");
	order(f, 2, private_one, 0, "remove", NULL);
	expect_outcome(f, "not public");
	order(f, 3, id, 999, "remove", NULL);
	expect_outcome(f, "no such post");
	order(f, 4, id, 0, "restrict", "DE,xx");
	expect_outcome(f, "malformed list of countries");
	order(f, 5, id, 0, "restrict", NULL);
	expect_outcome(f, "malformed list of countries");
	order(f, 6, id, post, "restrict", "DE");
	expect_outcome(f, "a post cannot be restricted by country");
	order(f, 7, id, 0, "obliterate", NULL);
	expect_outcome(f, "unknown action");
	assert_false(channels_view(f, GERMAN_KEY, id).restricted);
	assert_int_equal(letters(f, OWNER_KEY), 0);
}

static void each_order_runs_once_in_order(void **state)
{
	struct fixture *f = *state;
	struct executed_orders done;
	int32_t post;
	int64_t id = make(f, &post);

	order(f, 2, id, 0, "restore", NULL);
	order(f, 1, id, 0, "remove", NULL);
	done = execute(f);
	assert_int_equal(done.count, 2);
	assert_int_equal(done.at[0].id, 1);
	assert_int_equal(done.at[1].id, 2);
	assert_false(channels_view(f, GERMAN_KEY, id).restricted);
	done = execute(f);
	assert_int_equal(done.count, 0);
	assert_int_equal(f->effects->count, 0);
	assert_int_equal(letters(f, OWNER_KEY), 2);
}

static void a_letter_lost_in_a_crash_is_sent_at_start(void **state)
{
	struct fixture *f = *state;
	struct executed_orders done;
	int32_t post;
	int64_t id = make(f, &post);

	order(f, 1, id, 0, "remove", NULL);
	assert_int_equal(orders_execute(fixture_call(f, 99), &done), 0);
	assert_int_equal(db_commit(f->store.square_db), 0);
	db_rollback(f->store.home_db);
	expect_hidden(f, GERMAN_KEY, id);
	assert_int_equal(letters(f, OWNER_KEY), 0);
	assert_int_equal(execute(f).count, 0);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(fixture_end(f, orders_repair(fixture_call(f, 99))), 0);
		assert_int_equal(letters(f, OWNER_KEY), 1);
	}
}

static void one_that_fails_does_not_hold_up_the_others(void **state)
{
	struct fixture *f = *state;
	struct executed_orders done;
	int32_t post, other_post;
	int64_t bad = make(f, &post), good = channels_make(f, "Other", true);

	channels_name(f, good, "other_news");
	other_post = channels_post(f, OWNER_KEY, good, "hello");
	assert_true(other_post > 0);
	/* A body that is none: telling subscribers what the restored post says can't work. */
	db_run(store_square(&f->store), "UPDATE posts SET body = ?2 WHERE channel = ?1",
		DB_INT(bad), DB_BYTES(bytes_of("\xff\xff\xff", 3)));
	assert_int_equal(store_commit(&f->store), 0);
	order(f, 1, bad, post, "remove", NULL);
	order(f, 2, good, 0, "remove", NULL);
	done = execute(f);
	assert_int_equal(done.count, 2);
	assert_false(bytes_equal_str(done.at[0].outcome, "done"));
	assert_true(bytes_equal_str(done.at[1].outcome, "done"));
	expect_hidden(f, GERMAN_KEY, good);
	assert_int_equal(execute(f).count, 0);
}

#define T(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(removal_hides_it_from_everybody),
		T(restriction_is_by_country),
		T(restore_brings_everything_back),
		T(a_post_is_hidden_and_restored),
		T(what_cannot_be_done_says_why),
		T(each_order_runs_once_in_order),
		T(a_letter_lost_in_a_crash_is_sent_at_start),
		T(one_that_fails_does_not_hold_up_the_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
