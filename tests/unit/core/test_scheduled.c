/* SPDX-License-Identifier: Apache-2.0 */
/* core/messages/scheduled.h: what waits, and that it is sent once. */
#include "messages_fixture.h"

#include "core/messages/box.h"
#include "core/accounts/privacy.h"
#include "core/accounts/privacy_rules.h"
#include "core/messages/scheduled.h"

#define SERVER 77 /* a key of nobody's */

static int schedule(
	struct fixture *f, int64_t to, int64_t in_s, int64_t random_id, struct update_set *answer)
{
	struct message draft = {
		.text = B("later, alligator"), .random_id = random_id, .date_s = f->now_s + in_s};

	if (in_s == HOME_WHEN_ONLINE)
		draft.date_s = HOME_WHEN_ONLINE;
	return message_send(fixture_call(f, ANNA), user_peer(to), &draft, answer);
}

static int32_t scheduled(struct fixture *f, int64_t to, int64_t in_s)
{
	static int64_t random_id = 7000;
	struct update_set answer;

	assert_int_equal(fixture_end(f, schedule(f, to, in_s, ++random_id, &answer)), 0);
	assert_int_equal(answer.update_count, 2);
	assert_int_equal(answer.updates[0].kind, UPDATE_MESSAGE_ID);
	assert_int_equal(answer.updates[1].kind, UPDATE_NEW_SCHEDULED);
	return answer.updates[0].max_id;
}

static size_t count_in(struct fixture *f, int64_t to)
{
	struct message_list list;

	assert_int_equal(
		fixture_end(f, scheduled_list(fixture_call(f, ANNA), user_peer(to), &list)), 0);
	return list.count;
}

static int64_t messages_at(struct fixture *f, uint64_t key, int64_t with)
{
	const struct post_range range = {.limit = 100};
	struct message_list list;

	assert_int_equal(fixture_end(f, messages_history(fixture_call(f, key), user_peer(with),
						&range, &list)),
		0);
	return (int64_t)list.count;
}

static void beat(struct fixture *f)
{
	scheduled_send_due(fixture_call(f, SERVER));
	fixture_end(f, 0);
}

static void test_it_waits_and_is_sent_once(void **state)
{
	struct fixture *f = *state;
	const struct effect *effect;
	int32_t id = scheduled(f, budi, 60);

	assert_null(fixture_effect(f, EFFECT_ACCOUNT, budi));
	assert_non_null(fixture_effect(f, EFFECT_ACCOUNT, anna)); /* her other devices */
	assert_int_equal(count_in(f, budi), 1);
	assert_int_equal(messages_at(f, ANNA, budi), 0);
	f->now_s += 59;
	beat(f);
	assert_int_equal(messages_at(f, BUDI, anna), 0);
	f->now_s++;
	beat(f);
	effect = fixture_effect(f, EFFECT_ACCOUNT, budi);
	assert_int_equal(effect->set.updates->kind, UPDATE_NEW_MESSAGE);
	assert_true(effect->set.updates->message->was_scheduled);
	for (size_t i = 0; i < f->effects->count; i++) {
		const struct update *u = f->effects->at[i].set.updates;

		if (u->kind == UPDATE_DELETE_SCHEDULED) {
			assert_int_equal(u->ids[0], id);
			assert_true(u->sent_ids[0] > 0);
		}
	}
	beat(f);
	beat(f);
	assert_int_equal(messages_at(f, BUDI, anna), 1);
	assert_int_equal(count_in(f, budi), 0);
}

static int32_t unread_at_anna(struct fixture *f, int64_t with)
{
	struct home_dialog dialog;
	struct home_box box;
	int32_t unread;

	assert_true(box_open(fixture_call(f, ANNA), anna, &box));
	assert_true(box_dialog(&box, user_peer(with), &dialog));
	unread = dialog.unread;
	fixture_end(f, 0);
	return unread;
}

/* Stock clients count them: nobody was there when they went out. */
static void test_the_writer_has_not_read_what_the_clock_sent(void **state)
{
	struct fixture *f = *state;
	int32_t pts, count;

	scheduled(f, budi, 60);
	scheduled(f, anna, 60); /* a reminder */
	f->now_s += 60;
	beat(f);
	assert_int_equal(unread_at_anna(f, budi), 1);
	assert_int_equal(unread_at_anna(f, anna), 1);
	assert_int_equal(fixture_end(f, messages_read(fixture_call(f, ANNA), user_peer(budi), 0,
						&pts, &count)),
		0);
	assert_int_equal(fixture_end(f, messages_read(fixture_call(f, ANNA), user_peer(anna), 0,
						&pts, &count)),
		0);
	assert_int_equal(unread_at_anna(f, budi), 0);
	assert_int_equal(unread_at_anna(f, anna), 0);
}

static void test_a_repeated_packet_schedules_nothing_more(void **state)
{
	struct fixture *f = *state;
	struct update_set first, again;
	int32_t id;

	assert_int_equal(fixture_end(f, schedule(f, budi, 60, 5, &first)), 0);
	id = first.updates[0].max_id;
	assert_int_equal(fixture_end(f, schedule(f, budi, 60, 5, &again)), 0);
	assert_int_equal(again.updates[0].max_id, id);
	assert_int_equal(count_in(f, budi), 1);
	fixture_refused(f, schedule(f, anna, 60, 5, &again), 400, "RANDOM_ID_DUPLICATE");
	f->now_s += 61;
	beat(f);
	/* Now it is the message that was sent. */
	assert_int_equal(fixture_end(f, schedule(f, budi, 60, 5, &again)), 0);
	assert_int_equal(again.updates[1].kind, UPDATE_NEW_MESSAGE);
	assert_int_equal(messages_at(f, BUDI, anna), 1);
}

static void test_limits(void **state)
{
	struct fixture *f = *state;
	struct update_set answer;

	fixture_refused(f, schedule(f, budi, SCHEDULE_AHEAD_MAX_S + 1, 1, &answer), 400,
		"SCHEDULE_DATE_TOO_LATE");
	fixture_refused(
		f, schedule(f, anna, HOME_WHEN_ONLINE, 1, &answer), 400, "SCHEDULE_DATE_INVALID");
	for (int i = 0; i < SCHEDULED_PER_CHAT_MAX; i++)
		scheduled(f, budi, 60 + i);
	fixture_refused(f, schedule(f, budi, 60, 1, &answer), 400, "SCHEDULE_TOO_MUCH");
	/* What is so near is sent at once. */
	assert_int_equal(fixture_end(f, schedule(f, budi, SCHEDULE_NOT_BEFORE_S, 2, &answer)), 0);
	assert_int_equal(answer.updates[1].kind, UPDATE_NEW_MESSAGE);
}

static void test_reminders(void **state)
{
	struct fixture *f = *state;
	size_t reminders = 0;

	scheduled(f, anna, 60);
	f->now_s += 60;
	beat(f);
	for (size_t i = 0; i < f->effects->count; i++) {
		const struct update *u = f->effects->at[i].set.updates;

		reminders += u->kind == UPDATE_NEW_MESSAGE && u->message->was_scheduled &&
			     u->message->saved;
	}
	assert_int_equal(reminders, 1);
	assert_int_equal(messages_at(f, ANNA, anna), 1);
	assert_int_equal(count_in(f, anna), 0);
}

/* Who writes to himself has seen what reminded him. */
static void test_a_reminder_is_read_by_writing_on(void **state)
{
	struct fixture *f = *state;
	struct message draft = {.text = B("done"), .random_id = 1};
	struct box_state before, after;
	struct update_set answer;

	fixture_end(f, box_state(fixture_call(f, ANNA), &before));
	scheduled(f, anna, 60);
	f->now_s += 60;
	beat(f);
	fixture_end(f, box_state(fixture_call(f, ANNA), &after));
	assert_int_equal(after.unread, before.unread + 1);
	assert_int_equal(fixture_end(f, message_send(fixture_call(f, ANNA), user_peer(anna), &draft,
						&answer)),
		0);
	fixture_end(f, box_state(fixture_call(f, ANNA), &after));
	assert_int_equal(after.unread, before.unread);
}

static void test_changing_what_waits(void **state)
{
	struct fixture *f = *state;
	int32_t id = scheduled(f, budi, 60);
	struct message draft = {.id = id, .text = B("sooner"), .date_s = f->now_s + 30};
	struct message_list list;
	struct update_set answer;

	assert_int_equal(fixture_end(f, scheduled_edit(fixture_call(f, ANNA), user_peer(budi),
						&draft, &answer)),
		0);
	assert_int_equal(answer.updates->kind, UPDATE_NEW_SCHEDULED);
	fixture_refused(f, scheduled_edit(fixture_call(f, ANNA), user_peer(budi), &draft, &answer),
		400, "MESSAGE_NOT_MODIFIED");
	fixture_refused(f, scheduled_edit(fixture_call(f, BUDI), user_peer(anna), &draft, &answer),
		400, "MESSAGE_ID_INVALID");
	assert_int_equal(fixture_end(f, scheduled_get(fixture_call(f, ANNA), user_peer(budi), &id,
						1, &list)),
		0);
	assert_true(bytes_equal_str(list.at->text, "sooner"));
	assert_int_equal(list.at->date_s, f->now_s + 30);
	f->now_s += 30;
	beat(f);
	assert_int_equal(messages_at(f, BUDI, anna), 1);
}

static void test_sending_now_and_deleting(void **state)
{
	struct fixture *f = *state;
	int32_t ids[] = {scheduled(f, budi, 60), scheduled(f, budi, 70)}, none = 999;
	const struct effect *pushed;
	struct update_set answer;

	fixture_refused(f,
		scheduled_send(fixture_call(f, ANNA), user_peer(budi), &none, 1, &answer), 400,
		"MESSAGE_ID_INVALID");
	assert_int_equal(fixture_end(f, scheduled_send(fixture_call(f, ANNA), user_peer(budi), ids,
						1, &answer)),
		0);
	assert_int_equal(answer.update_count, 2);
	assert_int_equal(answer.updates[0].kind, UPDATE_DELETE_SCHEDULED);
	assert_int_equal(answer.updates[1].kind, UPDATE_NEW_MESSAGE);
	assert_int_equal(answer.updates[0].sent_ids[0], answer.updates[1].message->id);
	assert_int_equal(fixture_end(f, scheduled_delete(fixture_call(f, ANNA), user_peer(budi),
						&ids[1], 1, &answer)),
		0);
	assert_int_equal(answer.updates->id_count, 1);
	assert_null(answer.updates->sent_ids);
	pushed = fixture_effect(f, EFFECT_ACCOUNT, anna);
	assert_non_null(pushed);
	assert_int_equal(pushed->set.updates->kind, UPDATE_DELETE_SCHEDULED);
	assert_null(pushed->set.updates->sent_ids);
	f->now_s += 100;
	beat(f);
	assert_int_equal(messages_at(f, BUDI, anna), 1);
}

static void test_what_waits_for_somebody(void **state)
{
	struct fixture *f = *state;
	struct home_scheduled cursor = {0};

	f->online_until_s = 0;
	scheduled(f, budi, HOME_WHEN_ONLINE);
	f->now_s += 1000;
	beat(f);
	scheduled_send_online(fixture_call(f, SERVER), &cursor);
	fixture_end(f, 0);
	assert_int_equal(messages_at(f, BUDI, anna), 0);
	f->online_until_s = f->now_s + 60;
	scheduled_send_online(fixture_call(f, SERVER), &cursor);
	fixture_end(f, 0);
	assert_int_equal(messages_at(f, BUDI, anna), 1);
}

static void wait_for(struct fixture *f)
{
	struct home_scheduled cursor = {0};

	scheduled_send_online(fixture_call(f, SERVER), &cursor);
	fixture_end(f, 0);
}

static void set_status_rule(struct fixture *f, uint64_t key, enum privacy_rule_kind kind)
{
	struct privacy_rule rule = {.kind = kind};
	const struct privacy_rules rules = {&rule, 1};

	fixture_end(f, privacy_set(fixture_call(f, key), PRIVACY_STATUS, &rules));
}

/* When it goes tells that he came: to nobody from whom he keeps it by then. */
static void test_who_may_not_know_waits_on(void **state)
{
	struct fixture *f = *state;
	struct update_set answer;

	f->online_until_s = 0;
	scheduled(f, budi, HOME_WHEN_ONLINE);
	set_status_rule(f, BUDI, RULE_DISALLOW_ALL);
	f->now_s += 1000;
	f->online_until_s = f->now_s + 60;
	wait_for(f);
	assert_int_equal(messages_at(f, BUDI, anna), 0);
	fixture_refused(
		f, schedule(f, budi, HOME_WHEN_ONLINE, 1, &answer), 400, "SCHEDULE_STATUS_PRIVATE");
	/* Nor to who hides his own. */
	set_status_rule(f, BUDI, RULE_ALLOW_ALL);
	set_status_rule(f, ANNA, RULE_DISALLOW_ALL);
	wait_for(f);
	assert_int_equal(messages_at(f, BUDI, anna), 0);
	fixture_refused(
		f, schedule(f, budi, HOME_WHEN_ONLINE, 1, &answer), 400, "SCHEDULE_STATUS_PRIVATE");
	set_status_rule(f, ANNA, RULE_ALLOW_ALL);
	wait_for(f);
	assert_int_equal(messages_at(f, BUDI, anna), 1);
}

static void test_devices_that_were_away_hear_of_it(void **state)
{
	struct fixture *f = *state;
	int32_t ids[] = {scheduled(f, budi, 60), scheduled(f, budi, 70)};
	struct box_difference d;
	struct box_state now;
	struct update_set answer;
	size_t waits = 0, gone = 0;

	assert_int_equal(fixture_end(f, scheduled_delete(fixture_call(f, ANNA), user_peer(budi),
						&ids[1], 1, &answer)),
		0);
	assert_int_equal(fixture_end(f, box_state(fixture_call(f, ANNA), &now)), 0);
	assert_int_equal(
		fixture_end(f, box_difference(fixture_call(f, ANNA), now.pts, 0, f->now_s, &d)), 0);
	for (size_t i = 0; i < d.set.update_count; i++) {
		const struct update *u = &d.set.updates[i];

		waits += u->kind == UPDATE_NEW_SCHEDULED && u->message->id == ids[0];
		gone += u->kind == UPDATE_DELETE_SCHEDULED && u->ids[0] == ids[1];
	}
	assert_int_equal(waits, 1);
	assert_int_equal(gone, 1);
	assert_false(fixture_files_contain(f, "alligator", 9));
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, messages_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_it_waits_and_is_sent_once),
		TEST(test_the_writer_has_not_read_what_the_clock_sent),
		TEST(test_a_repeated_packet_schedules_nothing_more),
		TEST(test_limits),
		TEST(test_reminders),
		TEST(test_a_reminder_is_read_by_writing_on),
		TEST(test_changing_what_waits),
		TEST(test_sending_now_and_deleting),
		TEST(test_what_waits_for_somebody),
		TEST(test_who_may_not_know_waits_on),
		TEST(test_devices_that_were_away_hear_of_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
