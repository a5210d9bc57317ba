/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How many statements a call runs in the home. A send between two people who know each other is
 * what an installation does all day: whoever adds to it must change the number here, and see it. A
 * post, and what its readers ask for, costs the same for any number of subscribers.
 */
#include "channels_fixture.h"
#include "messages_fixture.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/accounts/users.h"
#include "store/home_members.h"
#include "store/square_channels.h"

#define SEND_STATEMENTS 21

static void see(void *ctx, const char *sql, int steps)
{
	int *count = ctx;

	++*count;
	if (getenv("LONTAR_TEST_SQL"))
		print_message("  %2d %s\n", *count, sql);
}

static int count_send(struct fixture *f, uint64_t key, struct peer to, int64_t random_id)
{
	struct message draft = {.text = B("what it says"), .random_id = random_id};
	struct call *call = fixture_call(f, key);
	struct update_set answer;
	int count = 0;

	db_watch(call_home(call), see, &count);
	assert_int_equal(message_send(call, to, &draft, &answer), 0);
	user_was_here(call);
	db_watch(call_home(call), NULL, NULL);
	fixture_end(f, 0);
	return count;
}

static void test_send(void **state)
{
	struct fixture *f = *state;
	int first, established;

	f->online_until_s = f->now_s + 1000;
	first = count_send(f, ANNA, user_peer(budi), 1);
	messages_say(f, BUDI, user_peer(anna), "yes");
	established = count_send(f, ANNA, user_peer(budi), 2);
	print_message("statements of a send: the first %d, later %d\n", first, established);
	assert_int_equal(established, SEND_STATEMENTS);
}

/* ---- Posts ---- */

#define CROWD 5000

static void see_steps(void *ctx, const char *sql, int steps)
{
	int64_t *sum = ctx;

	*sum += steps;
	if (getenv("LONTAR_TEST_SQL"))
		print_message("  %6d %s\n", steps, sql);
}

static void watch(struct call *call, db_see_fn *fn, int64_t *sum)
{
	db_watch(call_home(call), fn, sum);
	db_watch(call_square(call), fn, sum);
}

enum channel_work {
	WORK_POST,
	WORK_EDIT,
	WORK_DIFFERENCE,
	WORK_HISTORY,
	WORK_DIALOGS,
	WORK_READ,
	WORK_COUNT
};

static void work(struct call *call, enum channel_work what, int64_t channel)
{
	struct message draft = {.text = B("news"), .random_id = call->now_s};
	const struct post_range range = {.limit = 20};
	struct channel_difference difference;
	struct channel_dialog *dialogs;
	struct update_set answer;
	struct post_list list;
	size_t count;

	switch (what) {
	case WORK_POST:
		assert_int_equal(channel_post_send(call, channel, &draft, &answer), 0);
		break;
	case WORK_EDIT:
		draft.id = 3;
		draft.text = B("other news");
		assert_int_equal(channel_post_edit(call, channel, &draft, NULL, &answer), 0);
		break;
	case WORK_DIFFERENCE:
		assert_int_equal(channel_difference(call, channel, 2, 100, &difference), 0);
		break;
	case WORK_HISTORY:
		assert_int_equal(channel_history(call, channel, &range, &list), 0);
		break;
	case WORK_DIALOGS:
		assert_int_equal(channel_dialogs(call, &dialogs, &count), 0);
		break;
	default:
		assert_int_equal(channel_read(call, channel, 0), 0);
	}
}

/* Steps of each kind of work, the owner's or a reader's, on a channel as it is now. */
static void measure(struct fixture *f, int64_t channel, int64_t steps[WORK_COUNT])
{
	for (int what = 0; what < WORK_COUNT; what++) {
		const bool owners = what <= WORK_EDIT;
		struct call *call = fixture_call(f, owners ? OWNER_KEY : GERMAN_KEY);

		steps[what] = 0;
		watch(call, see_steps, &steps[what]);
		work(call, (enum channel_work)what, channel);
		watch(call, NULL, NULL);
		fixture_end(f, 0);
	}
}

static void subscribe_crowd(struct fixture *f, int64_t channel)
{
	struct call *call = fixture_call(f, OWNER_KEY);
	struct membership_row row = {.channel = channel, .role = ROLE_MEMBER, .read_inbox = 1};

	for (int64_t i = 0; i < CROWD; i++) {
		row.user = 2000000000000 + i;
		home_members_insert(call_home(call), &row);
	}
	square_channels_set_members(call_square(call), channel,
		home_member_counts_add(call_home(call), channel, CROWD));
	fixture_end(f, 0);
}

/* Two channels alike but for their subscribers, one after the other through the same. */
static void test_post(void **state)
{
	static const char *const names[] = {
		"post", "edit", "difference", "history", "dialogs", "read"};
	struct fixture *f = *state;
	int64_t few[WORK_COUNT], many[WORK_COUNT], channels[2];

	channels_people(f);
	for (int i = 0; i < 2; i++) {
		channels[i] = channels_make(f, "News", true);
		channels_name(f, channels[i], i ? "news_of_many" : "news_of_few");
		channels_join(f, GERMAN_KEY, channels[i]);
		for (int post = 0; post < 5; post++)
			channels_post(f, OWNER_KEY, channels[i], "text");
	}
	subscribe_crowd(f, channels[1]);
	measure(f, channels[0], few);
	f->now_s++;
	measure(f, channels[1], many);
	for (int what = 0; what < WORK_COUNT; what++) {
		print_message("steps of %s: %lld for few subscribers, %lld for many\n", names[what],
			(long long)few[what], (long long)many[what]);
		assert_true(many[what] <= few[what] + few[what] / 10);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_send, messages_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(test_post, fixture_setup, fixture_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
