/* SPDX-License-Identifier: Apache-2.0 */
/* core/messages/messages.h, core/dialogs/dialogs.h: which lines a page of a history and of the chat
 * list has. */
#include "messages_fixture.h"

#include <stdio.h>

#include "core/messages/box.h"
#include "core/dialogs/dialogs.h"

/* ---- History: 20 messages numbered 1 to 20 in the chat; ids in between belong to others. ---- */

static const struct {
	int offset, add, limit, max, min; /* numbers of messages; 0 none */
	int date;			  /* message sent at offset_date; 0 none */
	int first, last;		  /* newest and oldest expected; 0, 0: none */
} pages[] = {
	{0, 0, 5, 0, 0, 0, 20, 16},
	{0, 0, 100, 0, 0, 0, 20, 1},
	{0, 3, 5, 0, 0, 0, 17, 13},
	{0, -5, 5, 0, 0, 0, 20, 16}, /* above the newest there is nothing to go to */
	{0, 0, 0, 0, 0, 0, 0, 0},
	{10, 0, 5, 0, 0, 0, 9, 5},
	{10, -1, 5, 0, 0, 0, 10, 6}, /* the way TDLib asks */
	{20, -1, 51, 0, 0, 0, 20, 1},
	{10, -5, 5, 0, 0, 0, 14, 10}, /* newer, with the origin */
	{10, -3, 6, 0, 0, 0, 12, 7},  /* around */
	{10, -8, 5, 0, 0, 0, 17, 13}, /* newer, away from the origin */
	{19, -5, 5, 0, 0, 0, 20, 19}, /* fewer newer ones than asked */
	{10, 2, 3, 0, 0, 0, 7, 5},
	{3, 0, 10, 0, 0, 0, 2, 1},
	{1, 0, 10, 0, 0, 0, 0, 0},
	{0, 0, 10, 8, 0, 0, 7, 1},
	{0, 0, 10, 0, 15, 0, 20, 16},
	{0, 0, 10, 9, 5, 0, 8, 6},
	{10, -5, 10, 13, 7, 0, 12, 8},
	{0, 0, 3, 0, 0, 10, 9, 7},
	{0, -1, 3, 0, 0, 10, 10, 8},
	{5, 0, 3, 0, 0, 10, 4, 2},
	{0, 100, 5, 0, 0, 0, 0, 0},
};

static void test_pages_of_history(void **state)
{
	struct fixture *f = *state;
	int32_t ids[21] = {0};
	int64_t dates[21] = {0};

	for (int i = 1; i <= 20; i++) {
		char text[16];

		snprintf(text, sizeof(text), "m%d", i);
		f->now_s += 60;
		dates[i] = f->now_s;
		ids[i] = messages_say(f, ANNA, user_peer(budi), text);
		messages_say(f, ANNA, user_peer(citra), "noise");
	}
	for (size_t c = 0; c < ARRAY_LEN(pages); c++) {
		struct post_range range = {.offset_id = ids[pages[c].offset],
			.add_offset = pages[c].add,
			.limit = pages[c].limit,
			.max_id = ids[pages[c].max],
			.min_id = ids[pages[c].min],
			.offset_date_s = dates[pages[c].date]};
		int first = pages[c].first, last = pages[c].last;
		size_t expected = first ? (size_t)(first - last + 1) : 0;
		struct message_list list;

		assert_int_equal(fixture_end(f, messages_history(fixture_call(f, ANNA),
							user_peer(budi), &range, &list)),
			0);
		assert_int_equal(list.total, 20);
		if (list.count != expected)
			fail_msg("page %zu: %zu messages, not %zu", c, list.count, expected);
		for (size_t i = 0; i < expected; i++)
			assert_int_equal(list.at[i].id, ids[first - (int)i]);
	}
}

static void test_pages_of_the_chat_list(void **state)
{
	struct fixture *f = *state;
	struct dialog_offset offset = {.date_s = 2146999999, .id = INT32_MAX};
	struct dialog_list list;
	int64_t order[4];
	size_t seen = 0;

	assert_int_equal(
		fixture_end(f, box_service_message(fixture_call(f, ANNA), anna, B("hello"))), 0);
	f->now_s += 5;
	messages_say(f, ANNA, user_peer(citra), "first");
	messages_say(f, ANNA, user_peer(anna), "same second");
	f->now_s += 5;
	messages_say(f, ANNA, user_peer(budi), "last");
	do {
		assert_int_equal(fixture_end(f, dialogs_list(fixture_call(f, ANNA), 0, &offset,
							DIALOGS_ALL, 1, &list)),
			0);
		assert_int_equal(list.total, 4);
		assert_false(list.complete);
		if (!list.count)
			break;
		order[seen++] = list.at[0].peer.id;
		offset = (struct dialog_offset){
			list.at[0].top_date_s, list.at[0].top_id, list.at[0].peer};
	} while (seen < 4);
	assert_int_equal(seen, 4);
	assert_int_equal(order[0], budi);
	assert_int_equal(order[1], anna);
	assert_int_equal(order[2], citra);
	assert_int_equal(order[3], SERVICE_USER);

	offset = (struct dialog_offset){0};
	assert_int_equal(fixture_end(f, dialogs_list(fixture_call(f, ANNA), 0, &offset, DIALOGS_ALL,
						100, &list)),
		0);
	assert_true(list.complete);
	assert_int_equal(list.count, 4);
	assert_int_equal(list.top_count, 4);
	assert_int_equal(fixture_end(f, dialogs_list(fixture_call(f, ANNA), 0, &offset,
						DIALOGS_PINNED, 100, &list)),
		0);
	assert_int_equal(list.count, 0);
}

#define T(test) cmocka_unit_test_setup_teardown(test, messages_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_pages_of_history),
		T(test_pages_of_the_chat_list),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
