/* SPDX-License-Identifier: Apache-2.0 */
/* core/posts/posts_search.h and the index under it: what is public is found, in the forms of its
 * words, and nothing of what is private, hidden, restricted, deleted or gone home is left in it. */
#include "channels_fixture.h"

#include <sqlite3.h>
#include <stddef.h>
#include <stdlib.h>

#include "core/accounts/contacts_find.h"
#include "core/channels/move.h"
#include "core/posts/orders.h"
#include "core/posts/posts_search.h"
#include "store/search_words.h"

static size_t found_in(struct fixture *f, int64_t channel, const char *text)
{
	struct post_list list;

	assert_int_equal(
		fixture_end(f, channels_search(f, OWNER_KEY, channel, text, 100, &list)), 0);
	return list.count;
}

static struct message_list mine(
	struct fixture *f, uint64_t key, const char *text, struct post_after after, int32_t limit)
{
	const struct posts_query query = {.text = B(text),
		.broadcasts = true,
		.groups = true,
		.after = after,
		.limit = limit};
	struct message_list list;

	assert_int_equal(fixture_end(f, posts_search_mine(fixture_call(f, key), &query, &list)), 0);
	return list;
}

static size_t tagged(struct fixture *f, uint64_t key, const char *tag)
{
	const struct post_after newest = {0};
	struct message_list list;

	assert_int_equal(
		fixture_end(f, posts_search_tag(fixture_call(f, key), B(tag), &newest, 50, &list)),
		0);
	return list.count;
}

static size_t channels_found(struct fixture *f, uint64_t key, const char *text)
{
	struct contacts_found found;

	assert_int_equal(fixture_end(f, contacts_search(fixture_call(f, key), B(text), SEARCH_ALL,
						50, &found)),
		0);
	return found.mine_count + found.other_count;
}

/* Rows that the three tables of the index have. */
static int index_rows(struct fixture *f)
{
	sqlite3_stmt *statement;
	sqlite3 *db;
	int count;

	assert_int_equal(sqlite3_open(f->square, &db), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db,
				 "SELECT (SELECT count(*) FROM posts_words) + (SELECT count(*) FROM"
				 " channels_words) + (SELECT count(*) FROM post_tags)",
				 -1, &statement, NULL),
		SQLITE_OK);
	assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
	count = sqlite3_column_int(statement, 0);
	sqlite3_finalize(statement);
	sqlite3_close(db);
	return count;
}

static void order(struct fixture *f, int64_t id, int64_t channel, int32_t post, const char *action)
{
	struct executed_orders done;
	struct call *call = fixture_call(f, OWNER_KEY);

	db_run(call_square(call),
		"INSERT INTO orders (id, case_id, channel, post, action, countries, text, reason,"
		" letter, created_at) VALUES (?1, 1, ?2, ?3, ?4, 'DE', 'taken down', 'spam', '', "
		"1)",
		DB_INT(id), DB_INT(channel), DB_INT(post), DB_STR(action));
	assert_int_equal(orders_execute(call, &done), 0);
	assert_int_equal(done.count, 1);
	assert_true(bytes_equal_str(done.at[0].outcome, "done"));
	fixture_end(f, 0);
}

static void words_are_cut_folded_and_stemmed(void **state)
{
	struct fixture *f = *state;
	const struct search_words words = search_words_of(&f->arena,
		B("Caf\xc3\xa9s, membaca running #Big_Day \xe6\xb5\xb7\xe5\xb1\xb1"), 100);

	assert_int_equal(words.count, 6);
	assert_true(bytes_equal_str(words.at[0].word, "cafes"));
	assert_true(bytes_equal_str(words.at[1].stems[0], "baca"));
	assert_true(bytes_equal_str(words.at[2].stems[1], "run"));
	assert_true(bytes_equal_str(words.at[3].word, "big_day"));
	assert_true(words.at[3].tag);
	assert_true(bytes_equal_str(words.at[4].word, "\xe6\xb5\xb7"));
	assert_int_equal(search_words_of(&f->arena, B("\xff\xfe"), 10).count, 0);
	assert_int_equal(search_words_of(&f->arena, B(""), 10).count, 0);
}

static void posts_are_found_by_their_words(void **state)
{
	struct fixture *f = *state;
	struct post_after after = {0};
	struct message_list list;
	int64_t first, second;
	int32_t post;

	channels_people(f);
	first = channels_make(f, "Harbour News", true);
	channels_name(f, first, "harbour_news");
	second = channels_make(f, "Markets", true);
	channels_name(f, second, "fish_markets");
	post = channels_post(
		f, OWNER_KEY, first, "Boats are running late, nelayan membaca cuaca #Laut");
	f->now_s++;
	channels_post(f, OWNER_KEY, second, "he runs a boat to the market #laut");
	assert_int_equal(found_in(f, first, "run"), 1);
	assert_int_equal(found_in(f, first, "boat late"), 1);
	assert_int_equal(found_in(f, first, "baca"), 1);
	assert_int_equal(found_in(f, first, "nela"), 1);
	assert_int_equal(found_in(f, first, "early"), 0);
	assert_int_equal(found_in(f, first, "\" OR boat*"), 0);
	/* Over all channels that one is in, page by page. */
	list = mine(f, OWNER_KEY, "boats", after, 1);
	assert_int_equal(list.count, 1);
	assert_int_equal(list.at[0].peer.id, second);
	after = (struct post_after){list.at[0].date_s, second, list.at[0].id};
	list = mine(f, OWNER_KEY, "boats", after, 1);
	assert_int_equal(list.count, 1);
	assert_int_equal(list.at[0].peer.id, first);
	assert_int_equal(list.at[0].id, post);
	after = (struct post_after){list.at[0].date_s, first, post};
	assert_int_equal(mine(f, OWNER_KEY, "boats", after, 1).count, 0);
	after = (struct post_after){0};
	assert_int_equal(mine(f, GERMAN_KEY, "boats", after, 10).count, 0);
	assert_int_equal(tagged(f, GERMAN_KEY, "#LAUT"), 2);
	assert_int_equal(tagged(f, GERMAN_KEY, "lau"), 0);
	/* Channels by words of their titles, in any order, and by their names. */
	assert_int_equal(channels_found(f, GERMAN_KEY, "news harbour"), 1);
	assert_int_equal(channels_found(f, GERMAN_KEY, "fish_m"), 1);
	assert_int_equal(channels_found(f, GERMAN_KEY, "nothing"), 0);
}

static struct message_list everywhere(
	struct fixture *f, uint64_t key, const char *text, struct post_after after, int32_t limit)
{
	struct message_list list;

	assert_int_equal(fixture_end(f, posts_search_words(fixture_call(f, key), B(text), &after,
						limit, &list)),
		0);
	return list;
}

static void words_are_found_wherever_they_are_public(void **state)
{
	struct fixture *f = *state;
	const int64_t started = f->now_s;
	struct post_after after = {0};
	struct post_after places[7];
	struct message_list list;
	int64_t channels[2];
	int32_t hidden = 0;

	channels_people(f);
	for (int i = 0; i < 2; i++) {
		channels[i] = channels_make(f, "Of lighthouses", true);
		channels_name(f, channels[i], i ? "lights_north" : "lights_south");
	}
	channels_post(f, OWNER_KEY, channels_make(f, "Secret", true), "a lighthouse at home");
	/* Seven posts of a year: of one second, one day, two days, and months between. */
	for (int i = 0; i < 7; i++) {
		static const int64_t later_s[] = {0, 0, 3600, 86400, 40 * 86400, 0, 300 * 86400};

		f->now_s += later_s[i];
		hidden = channels_post(f, OWNER_KEY, channels[i % 2], "the lighthouses shine");
	}
	order(f, 1, channels[0], hidden, "remove");
	assert_int_equal(everywhere(f, GERMAN_KEY, "lighthouse dark", after, 10).count, 0);
	assert_int_equal(everywhere(f, GERMAN_KEY, "", after, 10).count, 0);
	list = everywhere(f, GERMAN_KEY, "shine lighthouse", after, 10);
	assert_int_equal(list.count, 6);
	for (size_t i = 0; i < 6; i++)
		places[i] =
			(struct post_after){list.at[i].date_s, list.at[i].peer.id, list.at[i].id};
	after = (struct post_after){INT32_MAX, INT64_MAX, INT32_MAX};
	assert_int_equal(everywhere(f, GERMAN_KEY, "shine lighthouse", after, 10).count, 6);
	after = (struct post_after){0};
	/* Page by page it is the same. */
	for (size_t i = 0; i < 6; i++) {
		const struct message_list one =
			everywhere(f, GERMAN_KEY, "shine lighthouse", after, 1);

		assert_int_equal(one.count, 1);
		after = (struct post_after){one.at[0].date_s, one.at[0].peer.id, one.at[0].id};
		assert_memory_equal(&after, &places[i], offsetof(struct post_after, post));
		assert_int_equal(after.post, places[i].post);
		assert_true(!i || after.date_s <= places[i - 1].date_s);
	}
	assert_int_equal(everywhere(f, GERMAN_KEY, "shine lighthouse", after, 1).count, 0);
	assert_true(places[5].date_s - started < 86400);
	channels_name(f, channels[0], "");
	after = (struct post_after){0};
	assert_int_equal(everywhere(f, GERMAN_KEY, "shine lighthouse", after, 10).count, 3);
}

static void square_run(struct fixture *f, const char *sql)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(f->square, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

static bool reindexes(struct fixture *f)
{
	const bool more = posts_reindex(fixture_call(f, 77));

	assert_int_equal(fixture_end(f, 0), 0);
	return more;
}

/* As an installation of before comes: words without days, and the work noted. */
static void what_was_indexed_before_days_is_found_again(void **state)
{
	const struct post_after newest = {0};
	struct fixture *f = *state;
	int64_t ids[2], gone;
	int32_t hidden;
	int rows, steps = 0;

	channels_people(f);
	for (int i = 0; i < 2; i++) {
		ids[i] = channels_make(f, "Of lighthouses", true);
		channels_name(f, ids[i], i ? "lights_north" : "lights_south");
	}
	gone = channels_make(f, "Gone", true);
	channels_name(f, gone, "lights_gone");
	for (int i = 0; i < REINDEXED_AT_ONCE + 50; i++)
		channels_post(f, OWNER_KEY, ids[0], "the lighthouses #shine");
	channels_post(f, OWNER_KEY, ids[1], "the lighthouses shine");
	channels_post(f, OWNER_KEY, gone, "the lighthouses shine");
	hidden = channels_post(f, OWNER_KEY, ids[1], "the lighthouses are hidden");
	order(f, 1, ids[1], hidden, "remove");
	rows = index_rows(f);
	square_run(f, "UPDATE posts_words SET words = 'lighthouses';"
		      "INSERT INTO reindexed (channel, below) SELECT id, top_id + 1 FROM channels");
	assert_int_equal(everywhere(f, GERMAN_KEY, "lighthouse", newest, 50).count, 0);
	channels_name(f, gone, "");

	assert_true(reindexes(f));
	assert_int_equal(everywhere(f, GERMAN_KEY, "lighthouse", newest, 50).count, 50);
	assert_int_equal(found_in(f, ids[1], "shine"), 0);
	while (reindexes(f))
		assert_true(++steps < 5);
	assert_int_equal(found_in(f, ids[1], "shine"), 1);
	assert_int_equal(found_in(f, ids[1], "hidden"), 0);
	assert_int_equal(everywhere(f, GERMAN_KEY, "shine", newest, 50).at[0].peer.id, ids[1]);
	assert_true(index_rows(f) < rows); /* what is private again is in none */
}

static void what_is_changed_hidden_or_deleted_is_not_found(void **state)
{
	struct fixture *f = *state;
	struct message draft = {.text = B("other words #later")};
	struct update_set answer;
	int32_t post, pts, count;
	int64_t id;

	channels_people(f);
	id = channels_make(f, "Diary", true);
	channels_name(f, id, "the_diary");
	channels_join(f, GERMAN_KEY, id);
	post = draft.id = channels_post(f, OWNER_KEY, id, "first words #early");
	assert_int_equal(fixture_end(f, channel_post_edit(fixture_call(f, OWNER_KEY), id, &draft,
						NULL, &answer)),
		0);
	assert_int_equal(found_in(f, id, "first"), 0);
	assert_int_equal(found_in(f, id, "other"), 1);
	assert_int_equal(tagged(f, OWNER_KEY, "early"), 0);
	assert_int_equal(tagged(f, OWNER_KEY, "later"), 1);
	order(f, 1, id, post, "remove");
	assert_int_equal(found_in(f, id, "other"), 0);
	assert_int_equal(tagged(f, OWNER_KEY, "later"), 0);
	assert_int_equal(index_rows(f), 1);
	order(f, 2, id, post, "restore");
	assert_int_equal(found_in(f, id, "other"), 1);
	assert_int_equal(tagged(f, OWNER_KEY, "later"), 1);
	/* Restricted where the reader is. */
	order(f, 3, id, 0, "restrict");
	assert_int_equal(mine(f, GERMAN_KEY, "other", (struct post_after){0}, 10).count, 0);
	assert_int_equal(mine(f, OWNER_KEY, "other", (struct post_after){0}, 10).count, 1);
	assert_int_equal(tagged(f, GERMAN_KEY, "later"), 0);
	assert_int_equal(channels_found(f, GERMAN_KEY, "the_diary"), 0);
	order(f, 4, id, 0, "restore");
	assert_int_equal(fixture_end(f, channel_posts_delete(fixture_call(f, OWNER_KEY), id, &post,
						1, &pts, &count)),
		0);
	assert_int_equal(found_in(f, id, "other"), 0);
	assert_int_equal(index_rows(f), 1);
	assert_int_equal(
		fixture_end(f, channel_delete(fixture_call(f, OWNER_KEY), id, &answer)), 0);
	assert_int_equal(index_rows(f), 0);
}

static void nothing_of_the_home_is_in_an_index(void **state)
{
	struct fixture *f = *state;
	int64_t id;
	char *dump;

	channels_people(f);
	id = channels_make(f, "Private Matters", true);
	channels_post(f, OWNER_KEY, id, "between us zyzzyva #quiet");
	assert_int_equal(index_rows(f), 0);
	channels_name(f, id, "matters");
	assert_int_equal(index_rows(f), 3);
	dump = channels_dump(f->square);
	assert_non_null(strstr(dump, "yzzyva"));
	free(dump);
	assert_int_equal(tagged(f, GERMAN_KEY, "quiet"), 1);
	/* With the call that takes its name away, not only when the copies are deleted. */
	channels_name(f, id, "");
	assert_int_equal(index_rows(f), 0);
	channels_post(f, OWNER_KEY, id, "and again #quiet");
	assert_int_equal(index_rows(f), 0);
	assert_int_equal(tagged(f, GERMAN_KEY, "quiet"), 0);
	assert_int_equal(channels_found(f, GERMAN_KEY, "matters"), 0);
	/* Nor is a word of it left in the engine's lists, once its copy is deleted. */
	f->now_s += MOVE_GRACE_S + 1;
	assert_int_equal(fixture_end(f, move_sweep(fixture_call(f, OWNER_KEY), &(bool){false})), 0);
	dump = channels_dump(f->square);
	assert_null(strstr(dump, "yzzyva"));
	free(dump);
	/* Its members find it by opening. */
	assert_int_equal(found_in(f, id, "between"), 1);
}

static void an_edit_on_the_way_home_is_in_no_index(void **state)
{
	struct fixture *f = *state;
	struct message draft = {.id = 2, .text = B("secret now")};
	struct update_set answer;
	int64_t id;

	channels_people(f);
	id = channels_make(f, "Large", true);
	for (int i = 0; i < MOVE_SLICE + 50; i++) {
		struct message post = {.text = B("word"), .random_id = i + 1};

		assert_int_equal(
			channel_post_send(fixture_call(f, OWNER_KEY), id, &post, &answer), 0);
	}
	fixture_end(f, 0);
	channels_name(f, id, "large_one");
	while (move_step(fixture_call(f, OWNER_KEY)))
		fixture_end(f, 0);
	fixture_end(f, 0);
	assert_int_equal(index_rows(f), MOVE_SLICE + 51);
	channels_name(f, id, "");
	assert_int_equal(index_rows(f), 50);
	assert_int_equal(fixture_end(f, channel_post_edit(fixture_call(f, OWNER_KEY), id, &draft,
						NULL, &answer)),
		0);
	/* What is edited comes home first, with all that is newer. */
	assert_int_equal(index_rows(f), 0);
	while (move_step(fixture_call(f, OWNER_KEY)))
		fixture_end(f, 0);
	fixture_end(f, 0);
	assert_int_equal(index_rows(f), 0);
}

#define T(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(words_are_cut_folded_and_stemmed),
		T(posts_are_found_by_their_words),
		T(words_are_found_wherever_they_are_public),
		T(what_was_indexed_before_days_is_found_again),
		T(what_is_changed_hidden_or_deleted_is_not_found),
		T(nothing_of_the_home_is_in_an_index),
		T(an_edit_on_the_way_home_is_in_no_index),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
