/* SPDX-License-Identifier: Apache-2.0 */
/* What an account stores for itself does not grow without end, whatever it sends. */
#include "messages_fixture.h"

#include "core/messages/circle.h"
#include "core/dialogs/drafts.h"
#include "core/dialogs/saved_dialogs.h"
#include "core/messages/sources.h"
#include "store/home_budgets.h"
#include "store/home_settings.h"

static void test_quotes_in_drafts(void **state)
{
	struct fixture *f = *state;
	static uint8_t quote[QUOTE_UNITS_MAX * 4];
	struct reply reply = {.quote = bytes_of(quote, sizeof(quote))};
	const struct message draft = {.reply_to = 1, .reply = &reply};

	memset(quote, 'a', sizeof(quote));
	fixture_refused(f, draft_save(fixture_call(f, ANNA), user_peer(budi), &draft), 400,
		"QUOTE_TEXT_INVALID");
	reply.quote = B("\xff\xfe");
	fixture_refused(f, draft_save(fixture_call(f, ANNA), user_peer(budi), &draft), 400,
		"QUOTE_TEXT_INVALID");
	reply.quote = bytes_of(quote, QUOTE_UNITS_MAX);
	assert_int_equal(
		fixture_end(f, draft_save(fixture_call(f, ANNA), user_peer(budi), &draft)), 0);
	assert_int_equal(draft_get(fixture_call(f, ANNA), user_peer(budi), 0)->reply->quote.size,
		QUOTE_UNITS_MAX);
}

static int64_t saved_pins(struct fixture *f)
{
	return home_settings_count(call_home(fixture_call(f, ANNA)), anna, HOME_SETTING_SAVED_PIN);
}

static void test_pinned_parts_of_saved_messages(void **state)
{
	struct fixture *f = *state;
	struct peer parts[SAVED_PINNED_MAX];

	for (size_t i = 0; i < ARRAY_LEN(parts); i++)
		parts[i] = user_peer((int64_t)i + 1);
	assert_int_equal(fixture_end(f, saved_reorder(fixture_call(f, ANNA), parts,
						SAVED_PINNED_MAX, false)),
		0);
	/* The same ones again, in another order. */
	assert_int_equal(fixture_end(f, saved_reorder(fixture_call(f, ANNA), parts, 1, false)), 0);
	parts[0] = user_peer(100000);
	fixture_refused(f, saved_reorder(fixture_call(f, ANNA), parts, 1, false), 400,
		"PINNED_DIALOGS_TOO_MUCH");
	assert_int_equal(saved_pins(f), SAVED_PINNED_MAX);
	assert_int_equal(fixture_end(f, saved_reorder(fixture_call(f, ANNA), parts, 1, true)), 0);
	assert_int_equal(saved_pins(f), 1);
}

static void test_copies_in_groups(void **state)
{
	struct fixture *f = *state;
	struct peer group = chat_peer(messages_group(f));
	struct message draft = {.text = B("once more"), .random_id = 4711};
	int32_t id = messages_say(f, ANNA, group, "hello"), pts, pts_count;
	struct message edited = {.id = id, .text = B("hello!")};
	const struct pinning pinning = {.id = id};
	struct update_set answer;

	/* All but two are used up: not enough for three. */
	assert_true(home_budget_take(call_home(fixture_call(f, ANNA)), anna, "copies",
		COPIES_PER_MINUTE - 3 - 2, COPIES_PER_MINUTE, 60, f->now_s, NULL));
	assert_int_equal(fixture_end(f, 0), 0);
	fixture_refused(f, message_send(fixture_call(f, ANNA), group, &draft, &answer), 420,
		"FLOOD_WAIT_60");
	fixture_refused(f, messages_delete(fixture_call(f, ANNA), &id, 1, true, &pts, &pts_count),
		420, "FLOOD_WAIT_60");
	fixture_refused(f, message_edit(fixture_call(f, ANNA), group, &edited, &answer), 420,
		"FLOOD_WAIT_60");
	fixture_refused(f, message_pin(fixture_call(f, ANNA), group, &pinning, &answer), 420,
		"FLOOD_WAIT_60");
	/* Private chats, the own copies, and other people go on. */
	messages_say(f, ANNA, user_peer(budi), "still here");
	messages_say(f, BUDI, group, "me too");
	assert_int_equal(fixture_end(f, messages_delete(fixture_call(f, ANNA), &id, 1, false, &pts,
						&pts_count)),
		0);
	f->now_s += 61;
	assert_int_equal(
		fixture_end(f, message_send(fixture_call(f, ANNA), group, &draft, &answer)), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, messages_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_quotes_in_drafts),
		TEST(test_pinned_parts_of_saved_messages),
		TEST(test_copies_in_groups),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
