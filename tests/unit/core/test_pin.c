/* SPDX-License-Identifier: Apache-2.0 */
/* Pinning and what waits for attention: core/messages/messages_pin.c,
 * core/messages/messages_attention.c. */
#include "messages_fixture.h"

#include "core/messages/box.h"
#include "core/accounts/users.h"
#include "store/home_chats.h"
#include "store/home_privacy.h"

static int pin(struct fixture *f, uint64_t key, struct peer in, struct pinning how,
	struct update_set *answer)
{
	return message_pin(fixture_call(f, key), in, &how, answer);
}

static void test_a_pin_is_for_both_and_is_said(void **state)
{
	struct fixture *f = *state;
	const int32_t id = messages_say(f, ANNA, user_peer(budi), "the address");
	const int32_t pts = messages_pts(f, ANNA);
	const struct effect *effect;
	struct box_difference missed;
	struct update_set answer;

	assert_int_equal(
		fixture_end(f, pin(f, ANNA, user_peer(budi), (struct pinning){.id = id}, &answer)),
		0);
	assert_int_equal(answer.update_count, 2);
	assert_int_equal(answer.updates[0].kind, UPDATE_PINNED);
	assert_true(answer.updates[0].pinned);
	assert_int_equal(answer.updates[0].pts, pts + 1);
	assert_int_equal(answer.updates[1].message->action, ACTION_PIN);
	assert_int_equal(answer.updates[1].message->reply_to, id);
	assert_int_equal(fixture_effect_count(f, EFFECT_ACCOUNT, budi), 2);
	effect = fixture_effect(f, EFFECT_ACCOUNT, budi);
	assert_int_equal(effect->set.updates[0].kind, UPDATE_PINNED);
	assert_int_equal(effect->set.updates[0].peer.id, anna);
	assert_true(messages_one(f, ANNA, id)->pinned);
	fixture_refused(f, pin(f, ANNA, user_peer(budi), (struct pinning){.id = id}, &answer), 400,
		"CHAT_NOT_MODIFIED");
	/* A device that was away hears of it. */
	assert_int_equal(
		fixture_end(f, box_difference(fixture_call(f, ANNA), pts, 0, f->now_s, &missed)),
		0);
	assert_int_equal(missed.new_messages, 1);
	assert_int_equal(missed.set.updates[1].kind, UPDATE_PINNED);

	assert_int_equal(
		fixture_end(f,
			pin(f, BUDI, user_peer(anna),
				(struct pinning){
					.id = messages_newest(f, BUDI, user_peer(anna))->reply_to,
					.unpin = true},
				&answer)),
		0);
	assert_int_equal(answer.update_count, 1);
	assert_false(answer.updates[0].pinned);
	assert_false(messages_one(f, ANNA, id)->pinned);
}

static void test_a_pin_for_oneself_stays_there(void **state)
{
	struct fixture *f = *state;
	const int32_t id = messages_say(f, ANNA, user_peer(budi), "mine");
	const int32_t saved = messages_say(f, ANNA, user_peer(anna), "note");
	struct update_set answer;

	assert_int_equal(
		fixture_end(f, pin(f, ANNA, user_peer(budi),
				       (struct pinning){.id = id, .oneside = true}, &answer)),
		0);
	assert_int_equal(answer.update_count, 1);
	assert_int_equal(fixture_effect_count(f, EFFECT_ACCOUNT, budi), 0);
	assert_int_equal(fixture_end(f, pin(f, ANNA, user_peer(anna), (struct pinning){.id = saved},
						&answer)),
		0);
	assert_int_equal(answer.update_count, 1);
	/* Who blocked is left alone. */
	home_block_put(call_home(fixture_call(f, BUDI)), budi, anna, f->now_s);
	fixture_end(f, 0);
	assert_int_equal(
		fixture_end(f, pin(f, ANNA, user_peer(budi),
				       (struct pinning){.id = id, .unpin = true}, &answer)),
		0);
	assert_int_equal(fixture_effect_count(f, EFFECT_ACCOUNT, budi), 0);
}

static void test_who_may_pin_what(void **state)
{
	struct fixture *f = *state;
	const struct peer group = chat_peer(messages_group(f));
	const int32_t id = messages_say(f, BUDI, group, "rules");
	const int32_t other = messages_say(f, BUDI, user_peer(anna), "hi");
	struct update_set answer;
	struct home_chat chat;
	struct call *call;
	int32_t line;

	fixture_refused(f, pin(f, BUDI, group, (struct pinning){.id = other}, &answer), 400,
		"MESSAGE_ID_INVALID");
	assert_int_equal(
		fixture_end(f, pin(f, BUDI, group, (struct pinning){.id = id}, &answer)), 0);
	line = answer.updates[1].message->id;
	assert_int_equal(fixture_effect_count(f, EFFECT_ACCOUNT, citra), 2);
	fixture_refused(f, pin(f, BUDI, group, (struct pinning){.id = line}, &answer), 400,
		"MESSAGE_ID_INVALID");
	call = fixture_call(f, ANNA);
	assert_true(home_chat_get(call_home(call), f->vault, call->arena, group.id, &chat));
	chat.banned_rights = 1u << 17;
	home_chat_update(call_home(call), f->vault, call->arena, &chat);
	fixture_end(f, 0);
	fixture_refused(f, pin(f, BUDI, group, (struct pinning){.id = id, .unpin = true}, &answer),
		400, "CHAT_ADMIN_REQUIRED");
}

static void test_all_are_unpinned_in_steps(void **state)
{
	struct fixture *f = *state;
	int32_t pts, pts_count, left, before;
	struct update_set answer;

	for (int i = 0; i < HISTORY_LIMIT_MAX + 1; i++) {
		int32_t id = messages_say(f, ANNA, user_peer(budi), "x");

		assert_int_equal(fixture_end(f, pin(f, ANNA, user_peer(budi),
							(struct pinning){.id = id}, &answer)),
			0);
	}
	before = messages_pts(f, ANNA);
	assert_int_equal(fixture_end(f, messages_unpin_all(fixture_call(f, ANNA), user_peer(budi),
						(struct peer){0}, &pts, &pts_count, &left)),
		0);
	assert_int_equal(pts, before + HISTORY_LIMIT_MAX);
	assert_int_equal(pts_count, HISTORY_LIMIT_MAX);
	assert_int_equal(left, 1);
	assert_int_equal(messages_told(f, budi)->id_count, HISTORY_LIMIT_MAX);
	assert_int_equal(fixture_end(f, messages_unpin_all(fixture_call(f, ANNA), user_peer(budi),
						(struct peer){0}, &pts, &pts_count, &left)),
		0);
	assert_int_equal(pts_count, 1);
	assert_int_equal(left, 0);
}

/* ---- Attention ---- */

static void test_who_is_answered_in_a_group_has_a_mention_until_he_looks(void **state)
{
	struct fixture *f = *state;
	const struct peer group = chat_peer(messages_group(f));
	const struct post_range range = {.limit = 10};
	struct message draft = {.text = B("no")};
	int32_t pts, pts_count, left, id;
	struct message_list waiting;

	draft.reply_to =
		messages_say(f, BUDI, group, "tea?") ? messages_newest(f, ANNA, group)->id : 0;
	messages_send_draft(f, ANNA, group, &draft);
	assert_true(messages_told(f, budi)->message->mentioned);
	assert_false(messages_told(f, citra)->message->mentioned);
	assert_int_equal(fixture_end(f, messages_waiting(fixture_call(f, BUDI), group,
						ATTENTION_MENTION, &range, &waiting)),
		0);
	assert_int_equal(waiting.total, 1);
	assert_int_equal(waiting.count, 1);
	id = waiting.at[0].id;

	assert_int_equal(fixture_end(f, messages_read_contents(fixture_call(f, BUDI),
						(int32_t[]){id, id, 999}, 3, &pts, &pts_count)),
		0);
	assert_int_equal(pts_count, 1);
	assert_int_equal(messages_told(f, budi)->kind, UPDATE_CONTENTS_READ);
	assert_true(messages_one(f, BUDI, id)->mentioned);
	assert_int_equal(messages_one(f, BUDI, id)->attention, 0);
	/* Again: nothing is left to look at. */
	assert_int_equal(fixture_end(f, messages_read_contents(
						fixture_call(f, BUDI), &id, 1, &pts, &pts_count)),
		0);
	assert_int_equal(pts_count, 0);

	messages_send_draft(f, ANNA, group, &draft);
	assert_int_equal(fixture_end(f, messages_attend(fixture_call(f, BUDI), group,
						ATTENTION_MENTION, &pts, &pts_count, &left)),
		0);
	assert_int_equal(pts_count, 1);
	assert_int_equal(left, 0);
	assert_int_equal(fixture_end(f, messages_waiting(fixture_call(f, BUDI), group,
						ATTENTION_MENTION, &range, &waiting)),
		0);
	assert_int_equal(waiting.total, 0);
}

static void test_a_public_name_in_a_group_names_its_bearer(void **state)
{
	struct fixture *f = *state;
	const struct peer group = chat_peer(messages_group(f));

	assert_int_equal(
		fixture_end(f, user_username_set(fixture_call(f, CITRA), B("citra_writes"))), 0);
	messages_say(f, ANNA, group, "\xf0\x9f\x98\x80 ask @Citra_Writes or @nobody_here");
	assert_true(messages_told(f, citra)->message->mentioned);
	assert_false(messages_told(f, budi)->message->mentioned);
	/* Between two, everything is for the other. */
	messages_say(f, ANNA, user_peer(citra), "hello @citra_writes");
	assert_false(messages_told(f, citra)->message->mentioned);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, messages_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_a_pin_is_for_both_and_is_said),
		TEST(test_a_pin_for_oneself_stays_there),
		TEST(test_who_may_pin_what),
		TEST(test_all_are_unpinned_in_steps),
		TEST(test_who_is_answered_in_a_group_has_a_mention_until_he_looks),
		TEST(test_a_public_name_in_a_group_names_its_bearer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
