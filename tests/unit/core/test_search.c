/* SPDX-License-Identifier: Apache-2.0 */
/* core/messages/find.h and core/messages/messages_search.h: what is found, in which order, and by
 * what. */
#include "messages_fixture.h"

#include "core/dialogs/dialog_places.h"
#include "core/messages/find.h"
#include "core/messages/messages_search.h"

static bool is_in(struct fixture *f, const char *query, const char *text)
{
	const struct find find = find_words(&f->arena, B(query));

	return find_in(&f->arena, B(text), &find);
}

static void test_words_in_any_script_and_case(void **state)
{
	struct fixture *f = *state;

	assert_true(is_in(f, "TEA green", "Green tea, please"));
	assert_false(is_in(f, "tea black", "Green tea, please"));
	assert_true(is_in(f, "ПРИВЕТ", "скажи привет всем"));
	assert_true(is_in(f, "straße", "in der STRASSE"));
	assert_true(is_in(f, "cafe", "un café"));
	assert_true(is_in(f, "CAFÉ", "un cafe"));
	assert_true(is_in(f, "天", "今天好"));
	assert_true(is_in(f, "  ", "anything"));
	assert_false(is_in(f, "\xff", "anything"));
	assert_false(is_in(f, "longer than the text", "text"));
}

static struct message_list look(
	struct fixture *f, uint64_t key, struct message_query query, struct post_range range)
{
	struct message_list list;

	assert_int_equal(
		fixture_end(f, messages_search(fixture_call(f, key), &query, &range, &list)), 0);
	return list;
}

static int32_t carry(struct fixture *f, struct peer to, struct media media)
{
	struct message draft = {.media = &media};

	return messages_send_draft(f, ANNA, to, &draft)->id;
}

static void test_filters_find_what_they_say(void **state)
{
	struct fixture *f = *state;
	const struct peer to = user_peer(budi);
	const struct post_range all = {.limit = 10};
	const int32_t place = carry(f, to, (struct media){.kind = MEDIA_PLACE});
	const int32_t card = carry(f, to,
		(struct media){
			.kind = MEDIA_CONTACT, .texts = {B("+62811"), B("Dewi"), B("Lestari")}});
	const int32_t link = messages_say(f, ANNA, to, "see https://example.org");
	const int32_t pinned = messages_say(f, ANNA, to, "plain");
	struct pinning pinning = {.id = pinned, .oneside = true};
	struct update_set answer;
	int32_t count;
	bool inexact;
	const struct {
		enum search_filter filter;
		int32_t id;
	} cases[] = {{SEARCH_PLACES, place}, {SEARCH_CONTACTS, card}, {SEARCH_URLS, link},
		{SEARCH_PINNED, pinned}, {SEARCH_POLLS, 0}, {SEARCH_MENTIONS, 0},
		{SEARCH_NOTHING, 0}};

	assert_int_equal(
		fixture_end(f, message_pin(fixture_call(f, ANNA), to, &pinning, &answer)), 0);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct message_query query = {.in = to, .filter = cases[i].filter};
		struct message_list list = look(f, ANNA, query, all);

		assert_int_equal(list.count, cases[i].id ? 1 : 0);
		if (cases[i].id)
			assert_int_equal(list.at[0].id, cases[i].id);
		assert_int_equal(fixture_end(f, messages_search_count(fixture_call(f, ANNA), &query,
							&count, &inexact)),
			0);
		assert_int_equal(count, cases[i].id ? 1 : 0);
	}
	/* A name on a card is a word too. */
	assert_int_equal(
		look(f, ANNA, (struct message_query){.in = to, .text = B("lestari")}, all).count,
		1);
}

static void test_an_edit_is_found_by_what_it_is_now(void **state)
{
	struct fixture *f = *state;
	const struct post_range all = {.limit = 10};
	const struct message_query links = {.in = user_peer(budi), .filter = SEARCH_URLS};
	struct message draft = {.id = messages_say(f, ANNA, user_peer(budi), "none"),
		.text = B("http://example.org")};
	struct update_set answer;

	assert_int_equal(look(f, ANNA, links, all).count, 0);
	assert_int_equal(fixture_end(f, message_edit(fixture_call(f, ANNA), user_peer(budi), &draft,
						&answer)),
		0);
	assert_int_equal(look(f, ANNA, links, all).count, 1);
}

static void test_pages_and_dates_of_matches(void **state)
{
	struct fixture *f = *state;
	const struct peer to = user_peer(budi);
	struct message_query query = {.in = to, .text = B("tea")};
	const int64_t begin = f->now_s;
	struct message_list list;
	int32_t ids[10];

	for (int i = 0; i < 10; i++) {
		ids[i] = messages_say(f, ANNA, to, "tea");
		messages_say(f, ANNA, to, "milk");
		f->now_s += 10;
	}
	list = look(f, ANNA, query, (struct post_range){.limit = 3});
	assert_int_equal(list.total, 10);
	assert_int_equal(list.at[2].id, ids[7]);
	list = look(f, ANNA, query, (struct post_range){.offset_id = ids[7], .limit = 3});
	assert_int_equal(list.at[0].id, ids[6]);
	/* Around: two that are not older, three that are. */
	list = look(f, ANNA, query,
		(struct post_range){.offset_id = ids[5], .add_offset = -2, .limit = 5});
	assert_int_equal(list.count, 5);
	assert_int_equal(list.at[0].id, ids[6]);
	assert_int_equal(list.at[4].id, ids[2]);
	query.min_date_s = begin + 20;
	query.max_date_s = begin + 50;
	list = look(f, ANNA, query, (struct post_range){.limit = 10});
	assert_int_equal(list.count, 2);
	assert_int_equal(list.at[0].id, ids[4]);
	query = (struct message_query){.text = B("tea"), .from = user_peer(budi)};
	assert_int_equal(look(f, ANNA, query, (struct post_range){.limit = 10}).count, 0);
	query = (struct message_query){.text = B("tea"), .kind = PEER_CHAT};
	assert_int_equal(look(f, ANNA, query, (struct post_range){.limit = 10}).count, 0);
}

static void test_days_and_positions(void **state)
{
	struct fixture *f = *state;
	const struct peer to = user_peer(budi);
	const struct message_query query = {.in = to, .filter = SEARCH_URLS};
	struct search_positions positions;
	struct search_days days;
	int32_t ids[6];

	f->now_s = 1795046400; /* a midnight */
	for (int i = 0; i < 6; i++) {
		ids[i] = messages_say(f, ANNA, to, "http://example.org");
		messages_say(f, ANNA, to, "nothing");
		f->now_s += 43200;
	}
	assert_int_equal(fixture_end(f, messages_search_days(fixture_call(f, BUDI),
						&(struct message_query){.in = user_peer(anna),
							.filter = SEARCH_URLS},
						0, 0, &days)),
		0);
	assert_int_equal(days.count, 3);
	assert_int_equal(fixture_end(f, messages_search_days(
						fixture_call(f, ANNA), &query, ids[4], 0, &days)),
		0);
	assert_int_equal(days.oldest.total, 6);
	assert_int_equal(days.before, 2);
	assert_int_equal(days.min_id, ids[0]);
	assert_int_equal(days.count, 2);
	assert_int_equal(days.at[0].date_s, 1795046400 + 86400);
	assert_int_equal(days.at[0].max_id, ids[3]);
	assert_int_equal(days.at[0].min_id, ids[2]);
	assert_int_equal(days.at[0].count, 2);
	assert_int_equal(days.oldest.count, 2);
	assert_int_equal(days.oldest.at[0].id, ids[2]);

	assert_int_equal(fixture_end(f, messages_search_positions(fixture_call(f, ANNA), &query,
						ids[4], 2, &positions)),
		0);
	assert_int_equal(positions.total, 6);
	assert_int_equal(positions.count, 2);
	assert_int_equal(positions.at[0].id, ids[3]);
	assert_int_equal(positions.at[0].offset, 2);
}

static void test_search_opens_the_own_rows_only(void **state)
{
	struct fixture *f = *state;
	struct message_query query = {.text = B("BLUE")};
	struct post_range range = {.limit = 10};
	struct message_list list;
	int32_t found;

	found = messages_say(f, ANNA, user_peer(budi), "a blue bird");
	messages_say(f, ANNA, user_peer(budi), "a red bird https://example.org");
	messages_say(f, BUDI, user_peer(citra), "blue too");
	query.in = user_peer(budi);
	list = look(f, ANNA, query, range);
	assert_int_equal(list.count, 1);
	assert_int_equal(list.at[0].id, found);
	query.from = user_peer(budi);
	list = look(f, ANNA, query, range);
	assert_int_equal(list.count, 0);
	query = (struct message_query){.filter = SEARCH_URLS};
	list = look(f, ANNA, query, range);
	assert_int_equal(list.count, 1);
	assert_false(list.inexact);
}

static void test_search_keeps_what_it_found_far_apart(void **state)
{
	struct fixture *f = *state;
	const struct message_query query = {.text = B("needle"), .in = user_peer(budi)};
	struct post_range range = {.limit = 10};
	struct message_list list;
	int32_t first = messages_say(f, ANNA, user_peer(budi), "the first Needle"), last;

	for (int i = 0; i < 450; i++)
		messages_say(f, ANNA, user_peer(budi), "hay hay hay hay hay hay");
	last = messages_say(f, ANNA, user_peer(budi), "the last nEEDLe");
	list = look(f, ANNA, query, range);
	assert_int_equal(list.count, 2);
	assert_int_equal(list.total, 2);
	assert_int_equal(list.at[0].id, last);
	assert_true(bytes_equal(list.at[0].text, B("the last nEEDLe")));
	assert_int_equal(list.at[1].id, first);
	assert_true(bytes_equal(list.at[1].text, B("the first Needle")));
}

static void test_a_folder_has_its_own_chats(void **state)
{
	struct fixture *f = *state;
	struct message_query query = {.text = B("needle"), .has_folder = true};
	const struct post_range range = {.limit = 10};
	const struct peer archived = user_peer(citra);
	const int32_t folder = FOLDER_ARCHIVE;
	const int32_t here = messages_say(f, ANNA, user_peer(budi), "a needle");
	const int32_t there = messages_say(f, ANNA, archived, "a needle");
	struct update_set answer;

	assert_int_equal(
		fixture_end(f, dialogs_move(fixture_call(f, ANNA), &archived, &folder, 1, &answer)),
		0);
	assert_int_equal(look(f, ANNA, query, range).count, 1);
	assert_int_equal(look(f, ANNA, query, range).at[0].id, here);
	query.folder = FOLDER_ARCHIVE;
	assert_int_equal(look(f, ANNA, query, range).count, 1);
	assert_int_equal(look(f, ANNA, query, range).at[0].id, there);
	query.has_folder = false;
	assert_int_equal(look(f, ANNA, query, range).count, 2);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, messages_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_words_in_any_script_and_case),
		TEST(test_filters_find_what_they_say),
		TEST(test_an_edit_is_found_by_what_it_is_now),
		TEST(test_pages_and_dates_of_matches),
		TEST(test_days_and_positions),
		TEST(test_search_opens_the_own_rows_only),
		TEST(test_search_keeps_what_it_found_far_apart),
		TEST(test_a_folder_has_its_own_chats),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
