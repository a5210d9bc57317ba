/* SPDX-License-Identifier: Apache-2.0 */
/* core/messages/history_ttl.h and core/messages/read_dates.h: messages that destroy themselves, and
 * when something was read. */
#include "messages_fixture.h"

#include "core/messages/box.h"
#include "core/messages/history_ttl.h"
#include "core/accounts/privacy.h"
#include "core/accounts/privacy_rules.h"
#include "core/messages/read_dates.h"
#include "store/home_privacy.h"

#define DAY_S 86400

static void test_a_time_is_for_both_and_for_what_follows(void **state)
{
	struct fixture *f = *state;
	const struct peer to = user_peer(budi);
	const int32_t before = messages_say(f, ANNA, to, "before");
	struct update_set answer;
	struct box_difference missed;
	bool told = false;

	assert_int_equal(
		fixture_end(f, history_ttl_set(fixture_call(f, ANNA), to, DAY_S, &answer)), 0);
	assert_int_equal(answer.update_count, 2);
	assert_int_equal(answer.updates[0].kind, UPDATE_HISTORY_TTL);
	assert_int_equal(answer.updates[0].peer.id, budi);
	assert_int_equal(answer.updates[1].message->action, ACTION_SET_TTL);
	assert_int_equal(answer.updates[1].message->action_period_s, DAY_S);
	assert_int_equal(answer.updates[1].message->period_s, 0);
	assert_int_equal(fixture_effect_count(f, EFFECT_ACCOUNT, budi), 2);
	assert_int_equal(history_ttl(fixture_call(f, BUDI), budi, user_peer(anna)), DAY_S);
	fixture_end(f, 0);
	fixture_refused(f, history_ttl_set(fixture_call(f, BUDI), user_peer(anna), DAY_S, &answer),
		400, "CHAT_NOT_MODIFIED");
	fixture_refused(f, history_ttl_set(fixture_call(f, BUDI), user_peer(anna), 1, &answer), 400,
		"TTL_PERIOD_INVALID");
	fixture_refused(f, history_ttl_set(fixture_call(f, BUDI), user_peer(budi), DAY_S, &answer),
		400, "PEER_ID_INVALID");
	/* A device that was away. */
	assert_int_equal(fixture_end(f, box_difference(fixture_call(f, BUDI), messages_pts(f, BUDI),
						0, f->now_s, &missed)),
		0);
	for (size_t i = 0; i < missed.set.update_count; i++)
		told |= missed.set.updates[i].kind == UPDATE_HISTORY_TTL &&
			missed.set.updates[i].period_s == DAY_S;
	assert_true(told);

	messages_say(f, BUDI, user_peer(anna), "after");
	assert_int_equal(messages_told(f, anna)->message->period_s, DAY_S);
	assert_int_equal(messages_one(f, ANNA, before)->period_s, 0);
}

static bool expire(struct fixture *f)
{
	struct call *call = fixture_call(f, 99);
	bool more = messages_expire(call);

	fixture_end(f, 0);
	return more;
}

static void test_what_has_lived_its_time_goes_from_all_boxes(void **state)
{
	struct fixture *f = *state;
	const struct peer group = chat_peer(messages_group(f));
	struct update_set answer;
	int32_t line, id;

	fixture_refused(f, history_ttl_set(fixture_call(f, BUDI), group, 60, &answer), 400,
		"CHAT_ADMIN_REQUIRED");
	assert_int_equal(
		fixture_end(f, history_ttl_set(fixture_call(f, ANNA), group, 60, &answer)), 0);
	line = answer.updates[1].message->id;
	id = messages_say(f, BUDI, group, "short-lived");
	f->now_s += 59;
	assert_false(expire(f));
	assert_non_null(messages_one(f, BUDI, id));
	f->now_s += 1;
	assert_false(expire(f));
	assert_int_equal(messages_told(f, citra)->kind, UPDATE_DELETE_MESSAGES);
	assert_int_equal(messages_told(f, budi)->ids[0], id);
	assert_null(messages_one(f, BUDI, id));
	assert_int_equal(messages_newest(f, ANNA, group)->id, line);
	/* Nothing is left to do. */
	assert_false(expire(f));
	assert_int_equal(f->effects->count, 0);
}

static void test_a_time_for_new_chats(void **state)
{
	struct fixture *f = *state;
	struct message draft = {.text = B("first"), .random_id = 77};
	struct update_set answer;

	fixture_refused(
		f, history_ttl_set_default(fixture_call(f, ANNA), -5), 400, "TTL_PERIOD_INVALID");
	assert_int_equal(
		fixture_end(f, history_ttl_set_default(fixture_call(f, ANNA), 7 * DAY_S)), 0);
	assert_int_equal(history_ttl_default(fixture_call(f, ANNA)), 7 * DAY_S);
	fixture_end(f, 0);
	assert_int_equal(fixture_end(f, message_send(fixture_call(f, ANNA), user_peer(budi), &draft,
						&answer)),
		0);
	assert_int_equal(answer.update_count, 4);
	assert_int_equal(answer.updates[0].kind, UPDATE_HISTORY_TTL);
	assert_int_equal(answer.updates[1].message->action, ACTION_SET_TTL);
	assert_int_equal(answer.updates[1].message->users[0], anna);
	assert_int_equal(answer.updates[2].kind, UPDATE_MESSAGE_ID);
	assert_int_equal(answer.updates[3].message->period_s, 7 * DAY_S);
	assert_true(answer.updates[3].pts > answer.updates[1].pts);
	/* The other began nothing. */
	assert_int_equal(history_ttl(fixture_call(f, BUDI), budi, user_peer(anna)), 7 * DAY_S);
	fixture_end(f, 0);
	messages_say(f, ANNA, user_peer(budi), "second");
	assert_int_equal(messages_newest(f, ANNA, user_peer(budi))->period_s, 7 * DAY_S);
}

/* ---- Read dates ---- */

static void read_all(struct fixture *f, uint64_t key, struct peer in)
{
	int32_t pts, pts_count;

	assert_int_equal(
		fixture_end(f, messages_read(fixture_call(f, key), in, 0, &pts, &pts_count)), 0);
}

static void test_when_the_other_read(void **state)
{
	struct fixture *f = *state;
	const struct peer to = user_peer(budi);
	const int32_t first = messages_say(f, ANNA, to, "one");
	const int64_t sent_s = f->now_s;
	int32_t second;
	int64_t date_s;

	fixture_refused(f, read_date_of(fixture_call(f, ANNA), to, first, &date_s), 400,
		"MESSAGE_NOT_READ_YET");
	f->now_s += 100;
	read_all(f, BUDI, user_peer(anna));
	second = messages_say(f, ANNA, to, "two");
	f->now_s += 100;
	read_all(f, BUDI, user_peer(anna));
	assert_int_equal(
		fixture_end(f, read_date_of(fixture_call(f, ANNA), to, first, &date_s)), 0);
	assert_int_equal(date_s, sent_s + 100);
	assert_int_equal(
		fixture_end(f, read_date_of(fixture_call(f, ANNA), to, second, &date_s)), 0);
	assert_int_equal(date_s, sent_s + 200);
	fixture_refused(f, read_date_of(fixture_call(f, ANNA), user_peer(citra), first, &date_s),
		400, "MESSAGE_ID_INVALID");
	fixture_refused(f, read_date_of(fixture_call(f, ANNA), user_peer(anna), first, &date_s),
		400, "PEER_ID_INVALID");

	/* Whoever hides it is not told on, and doesn't learn it of others. */
	home_privacy_set_switches(call_home(fixture_call(f, BUDI)), budi, SWITCH_HIDE_READS);
	home_block_put(call_home(&f->call), budi, anna, f->now_s);
	fixture_end(f, 0);
	assert_int_equal(read_date_of(fixture_call(f, ANNA), to, first, &date_s), -1);
	assert_int_equal(f->call.fault.code, 403);
	fixture_end(f, -1);

	f->now_s += READ_DATES_KEEP_S + 1;
	fixture_refused(
		f, read_date_of(fixture_call(f, ANNA), to, first, &date_s), 400, "MESSAGE_TOO_OLD");
	assert_false(read_dates_purge(fixture_call(f, ANNA)));
	fixture_end(f, 0);
}

static void test_who_in_a_group_has_read(void **state)
{
	struct fixture *f = *state;
	const struct peer group = chat_peer(messages_group(f));
	const int32_t id = messages_say(f, ANNA, group, "all?");
	struct privacy_rule nobody = {.kind = RULE_DISALLOW_ALL};
	const struct privacy_rules rules = {&nobody, 1};
	struct reader *readers;
	size_t count;

	f->now_s += 5;
	read_all(f, CITRA, group);
	assert_int_equal(
		fixture_end(f, readers_of(fixture_call(f, ANNA), group, id, &readers, &count)), 0);
	assert_int_equal(count, 1);
	assert_int_equal(readers[0].user, citra);
	assert_int_equal(readers[0].date_s, f->now_s);
	fixture_refused(f, readers_of(fixture_call(f, BUDI), group, 1, &readers, &count), 400,
		"MSG_ID_INVALID");
	fixture_refused(f, readers_of(fixture_call(f, ANNA), user_peer(budi), id, &readers, &count),
		400, "PEER_ID_INVALID");
	/* Who keeps it from the others isn't told either. */
	assert_int_equal(
		fixture_end(f, privacy_set(fixture_call(f, ANNA), PRIVACY_STATUS, &rules)), 0);
	privacy_switches_set(fixture_call(f, ANNA), SWITCH_HIDE_READS, SWITCH_HIDE_READS);
	fixture_end(f, 0);
	assert_int_equal(
		fixture_end(f, readers_of(fixture_call(f, ANNA), group, id, &readers, &count)), 0);
	assert_int_equal(count, 0);
	f->now_s += READ_DATES_KEEP_S;
	fixture_refused(f, readers_of(fixture_call(f, ANNA), group, id, &readers, &count), 400,
		"MSG_TOO_OLD");
}

/* ---- Clearing ---- */

static int clear(struct fixture *f, struct peer in, struct clearing how, int32_t *pts_count)
{
	int32_t pts, left;

	return messages_clear(fixture_call(f, ANNA), in, &how, &pts, pts_count, &left);
}

static void test_clearing_between_dates_and_keeping_the_chat(void **state)
{
	struct fixture *f = *state;
	const struct peer to = user_peer(budi), group = chat_peer(messages_group(f));
	const int64_t begin = f->now_s;
	int32_t ids[5], pts_count;
	struct message *line;

	for (int i = 0; i < 5; i++) {
		ids[i] = messages_say(f, ANNA, to, "day by day");
		f->now_s += DAY_S;
	}
	assert_int_equal(fixture_end(f, clear(f, to,
						(struct clearing){.min_date_s = begin,
							.max_date_s = begin + 3 * DAY_S,
							.revoke = true},
						&pts_count)),
		0);
	assert_int_equal(pts_count, 2);
	assert_null(messages_one(f, ANNA, ids[1]));
	assert_null(messages_one(f, ANNA, ids[2]));
	assert_non_null(messages_one(f, ANNA, ids[0]));
	assert_non_null(messages_one(f, ANNA, ids[3]));
	assert_int_equal(
		fixture_end(f, clear(f, to, (struct clearing){.min_date_s = f->now_s}, &pts_count)),
		0);
	assert_int_equal(pts_count, 0);
	fixture_refused(f, clear(f, group, (struct clearing){.min_date_s = begin}, &pts_count), 400,
		"CHAT_REVOKE_DATE_UNSUPPORTED");
	fixture_refused(f, clear(f, to, (struct clearing){.min_date_s = -1}, &pts_count), 400,
		"MIN_DATE_INVALID");
	fixture_refused(f,
		clear(f, to, (struct clearing){.min_date_s = 9, .max_date_s = 8}, &pts_count), 400,
		"MAX_DATE_INVALID");

	assert_int_equal(
		fixture_end(f, clear(f, to, (struct clearing){.keep_chat = true}, &pts_count)), 0);
	assert_int_equal(pts_count, 3);
	line = messages_newest(f, ANNA, to);
	assert_int_equal(line->action, ACTION_HISTORY_CLEAR);
	/* The other keeps his. */
	assert_int_equal(messages_newest(f, BUDI, user_peer(anna))->action, ACTION_NONE);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, messages_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_a_time_is_for_both_and_for_what_follows),
		TEST(test_what_has_lived_its_time_goes_from_all_boxes),
		TEST(test_a_time_for_new_chats),
		TEST(test_when_the_other_read),
		TEST(test_who_in_a_group_has_read),
		TEST(test_clearing_between_dates_and_keeping_the_chat),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
