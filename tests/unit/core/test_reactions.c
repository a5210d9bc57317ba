/* SPDX-License-Identifier: Apache-2.0 */
/* core/messages/reactions.h: who may react how, who is told, and what waits for the author. */
#include "messages_fixture.h"

#include <stdio.h>

#include "core/messages/box.h"
#include "core/chats/chats.h"
#include "core/messages/reactions.h"
#include "store/home_privacy.h"

#define HEART "\xE2\x9D\xA4"
#define HEART_COLOURED HEART "\xEF\xB8\x8F"
#define THUMB "\xF0\x9F\x91\x8D"

/* Anna writes; ids at her and at Budi. */
static void say(struct fixture *f, struct peer to, int32_t *at_anna, int32_t *at_budi)
{
	*at_anna = messages_say(f, ANNA, to, "hello");
	*at_budi = fixture_effect(f, EFFECT_ACCOUNT, budi)->set.updates->message->id;
}

static int react(struct fixture *f, uint64_t key, struct peer in, int32_t id, const char *emoji,
	struct update_set *answer)
{
	struct bytes one = emoji ? B(emoji) : (struct bytes){0};
	struct reaction_request request = {
		.emojis = &one, .count = emoji ? 1 : 0, .remember = true};

	return reaction_send(fixture_call(f, key), in, id, &request, answer);
}

static int32_t waiting(struct fixture *f, struct peer in)
{
	const struct post_range range = {.limit = 10};
	struct message_list list;

	assert_int_equal(fixture_end(f, messages_waiting(fixture_call(f, ANNA), in,
						ATTENTION_REACTION, &range, &list)),
		0);
	return (int32_t)list.total;
}

static void test_all_copies_have_it_and_the_author_waits(void **state)
{
	struct fixture *f = *state;
	int32_t at_anna, at_budi, pts, count, left;
	const struct message *told;
	struct update_set answer;

	say(f, user_peer(budi), &at_anna, &at_budi);
	assert_int_equal(
		fixture_end(f, react(f, BUDI, user_peer(anna), at_budi, HEART_COLOURED, &answer)),
		0);
	assert_int_equal(answer.updates->kind, UPDATE_REACTIONS);
	assert_int_equal(answer.updates->message->reaction_count, 1);
	assert_true(bytes_equal_str(answer.updates->message->reactions->emoji, HEART));
	assert_false(answer.updates->message->reactions->unread);
	told = fixture_effect(f, EFFECT_ACCOUNT, anna)->set.updates->message;
	assert_int_equal(told->id, at_anna);
	assert_true(told->reactions->unread);
	assert_int_equal(told->reactions->by.id, budi);
	assert_int_equal(waiting(f, user_peer(budi)), 1);
	assert_int_equal(fixture_end(f, messages_attend(fixture_call(f, ANNA), user_peer(budi),
						ATTENTION_REACTION, &pts, &count, &left)),
		0);
	/* Her other devices see them as read. */
	told = fixture_effect(f, EFFECT_ACCOUNT, anna)->set.updates->message;
	assert_int_equal(told->id, at_anna);
	assert_false(told->attention & ATTENTION_REACTION);
	assert_int_equal(waiting(f, user_peer(budi)), 0);

	/* Taken back, and nothing waits. */
	assert_int_equal(
		fixture_end(f, react(f, BUDI, user_peer(anna), at_budi, THUMB, &answer)), 0);
	assert_int_equal(answer.updates->message->reaction_count, 1); /* one per person */
	assert_int_equal(waiting(f, user_peer(budi)), 1);
	assert_int_equal(
		fixture_end(f, react(f, BUDI, user_peer(anna), at_budi, NULL, &answer)), 0);
	assert_int_equal(answer.updates->message->reaction_count, 0);
	assert_int_equal(waiting(f, user_peer(budi)), 0);
	/* The own ones bother nobody. */
	assert_int_equal(
		fixture_end(f, react(f, ANNA, user_peer(budi), at_anna, THUMB, &answer)), 0);
	assert_int_equal(waiting(f, user_peer(budi)), 0);
	assert_false(fixture_files_contain(f, THUMB, 4));
}

static void test_refusals(void **state)
{
	struct fixture *f = *state;
	const struct bytes two[] = {B(HEART), B(THUMB)};
	struct reaction_request request = {.emojis = two, .count = 2};
	int32_t at_anna, at_budi;
	struct update_set answer;
	struct call *call;

	say(f, user_peer(budi), &at_anna, &at_budi);
	fixture_refused(f, react(f, BUDI, user_peer(anna), 9999, HEART, &answer), 400,
		"MESSAGE_ID_INVALID");
	fixture_refused(f, react(f, BUDI, user_peer(citra), at_budi, HEART, &answer), 400,
		"MESSAGE_ID_INVALID");
	fixture_refused(f, react(f, BUDI, (struct peer){PEER_CHANNEL, 1}, at_budi, HEART, &answer),
		400, "CHANNEL_PRIVATE");
	fixture_refused(
		f, react(f, BUDI, user_peer(anna), at_budi, "x", &answer), 400, "REACTION_INVALID");
	fixture_refused(f, react(f, BUDI, user_peer(anna), at_budi, NULL, &answer), 400,
		"MESSAGE_NOT_MODIFIED");
	call = fixture_call(f, BUDI);
	fixture_refused(f, reaction_send(call, user_peer(anna), at_budi, &request, &answer), 400,
		"REACTIONS_TOO_MANY");
	assert_int_equal(
		fixture_end(f, react(f, BUDI, user_peer(anna), at_budi, HEART, &answer)), 0);
	fixture_refused(f, react(f, BUDI, user_peer(anna), at_budi, HEART, &answer), 400,
		"MESSAGE_NOT_MODIFIED");
}

static void test_who_was_blocked_reacts_for_himself(void **state)
{
	struct fixture *f = *state;
	int32_t at_anna, at_budi;
	struct update_set answer;
	struct call *call;

	say(f, user_peer(budi), &at_anna, &at_budi);
	call = fixture_call(f, ANNA);
	home_block_put(call_home(call), anna, budi, f->now_s);
	fixture_end(f, 0);
	assert_int_equal(
		fixture_end(f, react(f, BUDI, user_peer(anna), at_budi, HEART, &answer)), 0);
	assert_int_equal(answer.updates->message->reaction_count, 1);
	assert_null(fixture_effect(f, EFFECT_ACCOUNT, anna));
	assert_int_equal(waiting(f, user_peer(budi)), 0);
	fixture_refused(f, react(f, ANNA, user_peer(budi), at_anna, HEART, &answer), 400,
		"YOU_BLOCKED_USER");
}

static struct peer group_of_three(struct fixture *f)
{
	struct call *call = fixture_call(f, ANNA);
	int64_t others[] = {budi, citra};
	struct chat_missing missing;
	struct update_set answer;

	assert_int_equal(
		fixture_end(f, chat_create(call, B("Three"), others, 2, &missing, &answer)), 0);
	for (size_t i = 0; i < answer.update_count; i++) {
		if (answer.updates[i].message)
			return answer.updates[i].message->peer;
	}
	fail();
	return (struct peer){0};
}

static void test_a_group_allows_some(void **state)
{
	struct fixture *f = *state;
	struct chat_reactions rules = {.mode = CHAT_REACTIONS_SOME, .kinds = {0}, .kind_count = 1};
	struct peer group = group_of_three(f);
	int32_t at_anna, at_budi;
	struct update_set answer;

	say(f, group, &at_anna, &at_budi);
	fixture_refused(f, chat_reactions_set(fixture_call(f, BUDI), group.id, &rules, &answer),
		400, "CHAT_ADMIN_REQUIRED");
	assert_int_equal(fixture_end(f, chat_reactions_set(
						fixture_call(f, ANNA), group.id, &rules, &answer)),
		0);
	assert_int_equal(answer.updates->kind, UPDATE_CHAT);
	assert_non_null(fixture_effect(f, EFFECT_ACCOUNT, citra));
	fixture_refused(f, chat_reactions_set(fixture_call(f, ANNA), group.id, &rules, &answer),
		400, "CHAT_NOT_MODIFIED");
	fixture_refused(f, react(f, BUDI, group, at_budi, THUMB, &answer), 400, "REACTION_INVALID");
	assert_int_equal(fixture_end(f, react(f, BUDI, group, at_budi, HEART, &answer)), 0);
	assert_int_equal(
		fixture_effect(f, EFFECT_ACCOUNT, citra)->set.updates->message->reaction_count, 1);
	rules.mode = CHAT_REACTIONS_NONE;
	rules.kind_count = 0;
	assert_int_equal(fixture_end(f, chat_reactions_set(
						fixture_call(f, ANNA), group.id, &rules, &answer)),
		0);
	fixture_refused(f, react(f, ANNA, group, at_anna, HEART, &answer), 400, "REACTION_INVALID");
}

static void test_the_list_pages(void **state)
{
	struct fixture *f = *state;
	struct peer group = group_of_three(f);
	struct reaction_page page;
	int32_t at_anna, at_budi;
	struct update_set answer;
	char next[64];

	say(f, group, &at_anna, &at_budi);
	assert_int_equal(fixture_end(f, react(f, BUDI, group, at_budi, HEART, &answer)), 0);
	assert_int_equal(fixture_end(f, react(f, ANNA, group, at_anna, THUMB, &answer)), 0);
	assert_int_equal(fixture_end(f, reactions_list(fixture_call(f, ANNA), group, at_anna,
						(struct bytes){0}, (struct bytes){0}, 1, &page)),
		0);
	assert_int_equal(page.total, 2);
	assert_int_equal(page.count, 1);
	assert_int_equal(page.at->by.id, budi); /* of one second: the greater account */
	snprintf(next, sizeof(next), "%.*s", (int)page.next.size, page.next.data);
	assert_int_equal(fixture_end(f, reactions_list(fixture_call(f, ANNA), group, at_anna,
						(struct bytes){0}, B(next), 1, &page)),
		0);
	assert_int_equal(page.count, 1);
	assert_int_equal(page.at->by.id, anna);
	assert_null(page.next.data);
	assert_int_equal(fixture_end(f, reactions_list(fixture_call(f, ANNA), group, at_anna,
						B(HEART), (struct bytes){0}, 10, &page)),
		0);
	assert_int_equal(page.total, 1);
	fixture_refused(f,
		reactions_list(
			fixture_call(f, ANNA), group, at_anna, (struct bytes){0}, B("x"), 1, &page),
		400, "OFFSET_INVALID");
	fixture_refused(f,
		reactions_list(fixture_call(f, ANNA), group, 9999, (struct bytes){0},
			(struct bytes){0}, 1, &page),
		400, "MSG_ID_INVALID");
}

static void test_admins_take_reactions_away(void **state)
{
	struct fixture *f = *state;
	struct peer group = group_of_three(f);
	int32_t at_anna[3], at_budi[3];
	struct update_set answer;

	for (int i = 0; i < 3; i++) {
		say(f, group, &at_anna[i], &at_budi[i]);
		assert_int_equal(
			fixture_end(f, react(f, BUDI, group, at_budi[i], HEART, &answer)), 0);
	}
	assert_int_equal(fixture_end(f, react(f, ANNA, group, at_anna[0], THUMB, &answer)), 0);
	fixture_refused(f,
		reaction_take(fixture_call(f, BUDI), group.id, at_budi[0], anna, &answer), 400,
		"CHAT_ADMIN_REQUIRED");
	fixture_refused(f, reactions_take_all(fixture_call(f, BUDI), group.id, anna), 400,
		"CHAT_ADMIN_REQUIRED");
	fixture_refused(f, reaction_take(fixture_call(f, ANNA), group.id, 9999, budi, &answer), 400,
		"MSG_ID_INVALID");
	assert_int_equal(fixture_end(f, reaction_take(fixture_call(f, ANNA), group.id, at_anna[0],
						budi, &answer)),
		0);
	assert_int_equal(answer.updates->kind, UPDATE_REACTIONS);
	assert_int_equal(answer.updates->message->reaction_count, 1);
	assert_int_equal(answer.updates->message->reactions->by.id, anna);
	assert_int_equal(
		fixture_effect(f, EFFECT_ACCOUNT, citra)->set.updates->message->reaction_count, 1);
	assert_int_equal(waiting(f, group), 2);
	fixture_refused(f,
		reaction_take(fixture_call(f, ANNA), group.id, at_anna[0], budi, &answer), 400,
		"MESSAGE_NOT_MODIFIED");

	assert_int_equal(
		fixture_end(f, reactions_take_all(fixture_call(f, ANNA), group.id, budi)), 0);
	assert_int_equal(waiting(f, group), 0);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(fixture_end(f, reactions_get(fixture_call(f, BUDI), group,
							&at_budi[i], 1, &answer)),
			0);
		assert_int_equal(answer.updates->message->reaction_count, i == 0);
	}
}

static void test_what_an_account_likes(void **state)
{
	struct fixture *f = *state;
	struct reaction_settings settings;
	uint8_t top[REACTION_KINDS];
	int32_t at_anna, at_budi;
	struct update_set answer;
	struct call *call;

	say(f, user_peer(budi), &at_anna, &at_budi);
	assert_int_equal(
		fixture_end(f, react(f, BUDI, user_peer(anna), at_budi, THUMB, &answer)), 0);
	call = fixture_call(f, BUDI);
	reactions_top(call, top);
	reaction_settings_get(call, &settings);
	fixture_end(f, 0);
	assert_int_equal(top[0], 1);
	assert_int_equal(top[1], 0);
	assert_int_equal(settings.recent_count, 1);
	assert_int_equal(settings.recent[0], 1);
	assert_int_equal(settings.of_messages, REACTION_NOTIFY_ALL);
	fixture_refused(
		f, reaction_set_favourite(fixture_call(f, BUDI), B("?")), 400, "REACTION_INVALID");
	assert_int_equal(
		fixture_end(f, reaction_set_favourite(fixture_call(f, BUDI), B(THUMB))), 0);
	call = fixture_call(f, BUDI);
	reactions_clear_recent(call);
	fixture_end(f, 0);
	assert_int_equal(fixture_effect(f, EFFECT_ACCOUNT, budi)->set.updates->kind,
		UPDATE_RECENT_REACTIONS);
	reaction_settings_get(fixture_call(f, BUDI), &settings);
	fixture_end(f, 0);
	assert_int_equal(settings.recent_count, 0);
	assert_int_equal(settings.favourite, 1);
}

static void test_devices_that_were_away_hear_of_it(void **state)
{
	struct fixture *f = *state;
	struct box_difference difference;
	struct box_state now;
	int32_t at_anna, at_budi;
	struct update_set answer;
	size_t found = 0;

	say(f, user_peer(budi), &at_anna, &at_budi);
	assert_int_equal(
		fixture_end(f, react(f, BUDI, user_peer(anna), at_budi, THUMB, &answer)), 0);
	assert_int_equal(fixture_end(f, box_state(fixture_call(f, ANNA), &now)), 0);
	assert_int_equal(fixture_end(f, box_difference(fixture_call(f, ANNA), now.pts, 0, f->now_s,
						&difference)),
		0);
	for (size_t i = 0; i < difference.set.update_count; i++) {
		if (difference.set.updates[i].kind == UPDATE_REACTIONS)
			found += difference.set.updates[i].message->reaction_count;
	}
	assert_int_equal(found, 1);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, messages_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_all_copies_have_it_and_the_author_waits),
		TEST(test_refusals),
		TEST(test_who_was_blocked_reacts_for_himself),
		TEST(test_a_group_allows_some),
		TEST(test_the_list_pages),
		TEST(test_admins_take_reactions_away),
		TEST(test_what_an_account_likes),
		TEST(test_devices_that_were_away_hear_of_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
