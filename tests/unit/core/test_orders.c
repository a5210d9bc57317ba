/* SPDX-License-Identifier: Apache-2.0 */
/* core/posts/orders.h: what an order hides, from whom, exactly once, and that the owner is told. */
#include "channels_fixture.h"

#include "core/messages/box.h"
#include "core/posts/orders.h"
#include "core/channels/move.h"

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

	assert_int_equal(fixture_end(f, box_difference(call, BOX_PTS_FIRST, 0, 0, &d)), 0);
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
	struct message views[1];

	assert_true(seen.restricted);
	assert_true(bytes_equal(seen.channel->restriction.text, B("Not shown.")));
	assert_true(bytes_equal(seen.channel->restriction.reason, B("fraud")));
	fixture_refused(f, channel_history(fixture_call(f, key), id, &range, &list), 400,
		"CHAT_RESTRICTED");
	fixture_refused(f, channel_posts_get(fixture_call(f, key), id, (int32_t[]){2}, 1, &list),
		400, "CHAT_RESTRICTED");
	fixture_refused(f, channels_search(f, key, id, "c", 100, &list), 400, "CHAT_RESTRICTED");
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
		fixture_end(f, channels_search(f, GERMAN_KEY, id, "content", 9, &list)), 0);
	assert_int_equal(list.count, 0);
	assert_int_equal(fixture_end(f, channels_search(f, GERMAN_KEY, id, "shown", 9, &list)), 0);
	assert_int_equal(list.count, 0);
	fixture_refused(f, channel_post_edit(fixture_call(f, OWNER_KEY), id, &draft, NULL, &answer),
		400, "MESSAGE_ID_INVALID");
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

static void order_until(struct fixture *f, int64_t id, int64_t channel, int32_t post,
	const char *action, const char *countries, int64_t ends_at_s)
{
	order(f, id, channel, post, action, countries);
	db_run(store_square(&f->store), "UPDATE orders SET ends_at = ?2 WHERE id = ?1", DB_INT(id),
		DB_INT(ends_at_s));
	assert_int_equal(store_commit(&f->store), 0);
	expect_outcome(f, "done");
}

static void end_due(struct fixture *f)
{
	struct call *call = fixture_call(f, 99);

	orders_end_due(call);
	assert_int_equal(fixture_end(f, 0), 0);
}

static int64_t ended_by(struct fixture *f, int64_t id)
{
	return db_get_int(store_square(&f->store), 0,
		"SELECT coalesce(ended_by, -1) FROM orders WHERE id = ?1", DB_INT(id));
}

static void a_post_is_hidden_by_country(void **state)
{
	struct fixture *f = *state;
	int32_t post;
	int64_t id = make(f, &post);
	int32_t before = channels_view(f, GERMAN_KEY, id).channel->pts;
	struct channel_difference d;
	struct message draft = {.id = post, .text = B("let me out")};
	struct update_set answer;

	order(f, 1, id, post, "restrict", "DE,MY");
	expect_outcome(f, "done");
	/* What is pushed to all alike is for nobody: each asks for his own. */
	assert_true(fixture_effect(f, EFFECT_CHANNEL, 0)->set.updates[0].message->by_country);
	assert_string_equal(channels_read(f, GERMAN_KEY, id, post), "Not shown.");
	assert_string_equal(channels_read(f, OWNER_KEY, id, post), "the content");
	assert_string_equal(channels_read(f, INDONESIAN_KEY, id, post), "the content");
	assert_int_equal(
		fixture_end(f, channel_difference(fixture_call(f, GERMAN_KEY), id, before, 9, &d)),
		0);
	assert_true(bytes_equal(d.others[0].message->text, B("Not shown.")));
	fixture_refused(f, channel_post_edit(fixture_call(f, OWNER_KEY), id, &draft, NULL, &answer),
		400, "MESSAGE_ID_INVALID");
	/* A second country is added to the first; elsewhere it is read on. */
	order(f, 2, id, post, "restrict", "ID");
	expect_outcome(f, "done");
	assert_string_equal(channels_read(f, GERMAN_KEY, id, post), "Not shown.");
	assert_string_equal(channels_read(f, INDONESIAN_KEY, id, post), "Not shown.");
	order(f, 3, id, post, "restore", NULL);
	expect_outcome(f, "done");
	assert_string_equal(channels_read(f, GERMAN_KEY, id, post), "the content");
	assert_int_equal(ended_by(f, 1), 3);
	assert_int_equal(ended_by(f, 2), 3);
}

static void a_restriction_ends_by_itself(void **state)
{
	struct fixture *f = *state;
	int32_t post;
	int64_t id = make(f, &post), now_s = f->now_s;

	order_until(f, 1, id, 0, "restrict", "DE", now_s + 100);
	order(f, 2, id, 0, "restrict", "MY");
	expect_outcome(f, "done");
	expect_hidden(f, GERMAN_KEY, id);
	end_due(f);
	assert_int_equal(ended_by(f, 1), -1);
	expect_hidden(f, GERMAN_KEY, id);
	f->now_s += 101;
	end_due(f);
	assert_int_equal(fixture_effect(f, EFFECT_CHANNEL_CHANGED, 0)->channel, id);
	assert_int_equal(ended_by(f, 1), 0);
	assert_false(channels_view(f, GERMAN_KEY, id).restricted);
	/* What has no end holds on. */
	assert_true(bytes_equal(
		channels_view(f, GERMAN_KEY, id).channel->restriction.countries, B("MY")));
	assert_int_equal(ended_by(f, 2), -1);
	end_due(f);
	assert_int_equal(f->effects->count, 0);
	/* Nor is what was lifted before ended a second time. */
	order_until(f, 3, id, 0, "restrict", "DE", now_s + 200);
	order(f, 4, id, 0, "restore", NULL);
	expect_outcome(f, "done");
	f->now_s += 100;
	end_due(f);
	assert_int_equal(ended_by(f, 3), 4);
}

static void a_frozen_channel_takes_no_posts(void **state)
{
	struct fixture *f = *state;
	struct message draft = {.text = B("x"), .random_id = 9}, edit = {.text = B("y")};
	int32_t post;
	int64_t id = make(f, &post), now_s = f->now_s;
	struct update_set answer;

	edit.id = post;
	order_until(f, 1, id, 0, "freeze", NULL, now_s + 3600);
	fixture_refused(f, channel_post_send(fixture_call(f, OWNER_KEY), id, &draft, &answer), 403,
		"CHAT_WRITE_FORBIDDEN");
	fixture_refused(f, channel_post_edit(fixture_call(f, OWNER_KEY), id, &edit, NULL, &answer),
		403, "CHAT_WRITE_FORBIDDEN");
	assert_string_equal(channels_read(f, GERMAN_KEY, id, post), "the content");
	/* Nor does it help to go private for a while. */
	channels_name(f, id, "");
	fixture_refused(f, channel_post_send(fixture_call(f, OWNER_KEY), id, &draft, &answer), 403,
		"CHAT_WRITE_FORBIDDEN");
	channels_name(f, id, "public_two");
	fixture_refused(f, channel_post_send(fixture_call(f, OWNER_KEY), id, &draft, &answer), 403,
		"CHAT_WRITE_FORBIDDEN");
	f->now_s += 3600;
	assert_true(channels_post(f, OWNER_KEY, id, "next") > post);
	end_due(f);
	assert_int_equal(ended_by(f, 1), 0);
}

/* Deleting the post that a case is about leaves nothing in force that the case is to lift. */
static void a_restored_channel_thaws_without_the_post(void **state)
{
	struct fixture *f = *state;
	int32_t post, pts, pts_count;
	int64_t id = make(f, &post);

	order_until(f, 1, id, 0, "freeze", NULL, f->now_s + 3600);
	order(f, 2, id, post, "remove", NULL);
	expect_outcome(f, "done");
	assert_int_equal(fixture_end(f, channel_posts_delete(fixture_call(f, OWNER_KEY), id, &post,
						1, &pts, &pts_count)),
		0);
	order(f, 3, id, post, "restore", NULL);
	expect_outcome(f, "done");
	assert_int_equal(ended_by(f, 1), 3);
	assert_int_equal(ended_by(f, 2), 3);
	assert_true(channels_post(f, OWNER_KEY, id, "next") > post);
}

static void a_label_is_a_warning(void **state)
{
	struct fixture *f = *state;
	int32_t post;
	int64_t id = make(f, &post);
	struct message seen;

	order(f, 1, id, post, "label", NULL);
	expect_outcome(f, "done");
	assert_true(bytes_equal(fixture_effect(f, EFFECT_CHANNEL, 0)->set.updates[0].message->label,
		B("Not shown.")));
	seen = channels_post_of(f, GERMAN_KEY, id, post);
	assert_true(bytes_equal(seen.label, B("Not shown.")));
	assert_true(bytes_equal(seen.text, B("the content")));
	order(f, 2, id, 0, "label", NULL);
	expect_outcome(f, "done");
	assert_false(channels_view(f, GERMAN_KEY, id).restricted);
	assert_true(bytes_equal(
		channels_view(f, GERMAN_KEY, id).channel->restriction.label, B("Not shown.")));
	/* It goes where the channel goes. */
	channels_name(f, id, "");
	assert_true(bytes_equal(channels_post_of(f, GERMAN_KEY, id, post).label, B("Not shown.")));
	order(f, 3, id, post, "restore", NULL);
	expect_outcome(f, "done");
	assert_int_equal(channels_post_of(f, GERMAN_KEY, id, post).label.size, 0);
	/* One case: what it ordered about the channel is lifted too. */
	assert_int_equal(channels_view(f, GERMAN_KEY, id).channel->restriction.label.size, 0);
}

static void a_letter_alone_changes_nothing(void **state)
{
	struct fixture *f = *state;
	int32_t post;
	int64_t id = make(f, &post);

	order(f, 1, id, 0, "warn", NULL);
	expect_outcome(f, "done");
	assert_int_equal(letters(f, OWNER_KEY), 1);
	order(f, 2, id, 0, "ask", NULL);
	expect_outcome(f, "done");
	assert_int_equal(letters(f, OWNER_KEY), 2);
	assert_false(channels_view(f, GERMAN_KEY, id).restricted);
	assert_string_equal(channels_read(f, GERMAN_KEY, id, post), "the content");
}

static void the_letter_is_in_the_owners_language(void **state)
{
	struct fixture *f = *state;
	int32_t post;
	int64_t id = make(f, &post);

	/* The owner's number is Indonesian. */
	db_run(store_square(&f->store),
		"INSERT INTO order_letters (order_id, language, letter) VALUES"
		" (1, 'id', 'Why, and how to appeal.'), (1, 'de', 'Warum')");
	order(f, 1, id, 0, "remove", NULL);
	db_run(store_square(&f->store), "UPDATE orders SET letter = 'in English' WHERE id = 1");
	assert_int_equal(store_commit(&f->store), 0);
	expect_outcome(f, "done");
	assert_int_equal(letters(f, OWNER_KEY), 1);
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
	order(f, 6, id, 0, "freeze", NULL);
	expect_outcome(f, "without an end");
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

static int64_t hidden_by(struct fixture *f, int32_t post)
{
	return db_get_int(store_home(&f->store), 0, "SELECT hidden_by FROM posts WHERE id = ?1",
		DB_INT(post));
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

/* What has not gone to the square yet is hidden by the home's commit, which is the second. */
static void what_a_crash_left_undone_in_the_home_is_done_at_start(void **state)
{
	struct fixture *f = *state;
	struct executed_orders done;
	struct update_set answer;
	int64_t id;

	channels_people(f);
	id = channels_make(f, "Moving", true);
	for (int i = 0; i < MOVE_SLICE + 50; i++) {
		struct message post = {.text = B("word"), .random_id = i + 1};

		assert_int_equal(
			channel_post_send(fixture_call(f, OWNER_KEY), id, &post, &answer), 0);
	}
	assert_int_equal(fixture_end(f, 0), 0);
	channels_name(f, id, "moving_one");
	order(f, 1, id, 2, "remove", NULL);
	assert_int_equal(orders_execute(fixture_call(f, 99), &done), 0);
	assert_int_equal(db_commit(f->store.square_db), 0);
	db_rollback(f->store.home_db);
	assert_int_equal(hidden_by(f, 2), 0);
	assert_int_equal(fixture_end(f, orders_repair(fixture_call(f, 99))), 0);
	assert_int_equal(hidden_by(f, 2), 1);
	assert_int_equal(fixture_end(f, orders_repair(fixture_call(f, 99))), 0);
	assert_int_equal(f->effects->count, 0);
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
		T(a_post_is_hidden_by_country),
		T(a_restriction_ends_by_itself),
		T(a_frozen_channel_takes_no_posts),
		T(a_restored_channel_thaws_without_the_post),
		T(a_label_is_a_warning),
		T(a_letter_alone_changes_nothing),
		T(the_letter_is_in_the_owners_language),
		T(what_cannot_be_done_says_why),
		T(each_order_runs_once_in_order),
		T(a_letter_lost_in_a_crash_is_sent_at_start),
		T(what_a_crash_left_undone_in_the_home_is_done_at_start),
		T(one_that_fails_does_not_hold_up_the_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
