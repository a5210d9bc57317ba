/* SPDX-License-Identifier: Apache-2.0 */
/* core/chats/chats.h: whom one may bring into a group, and what devices that were away are told. */
#include "chats_fixture.h"
#include "core/accounts/blocks.h"
#include "core/messages/box.h"
#include "core/accounts/contacts.h"
#include "core/accounts/privacy_rules.h"
#include "core/accounts/strangers.h"

static void hide_from_all(struct world *w, int who)
{
	struct privacy_rule nobody = {.kind = RULE_DISALLOW_ALL};
	const struct privacy_rules rules = {&nobody, 1};

	fixture_end(w->f, privacy_set(by(w, who), PRIVACY_INVITE, &rules));
}

static void who_does_not_want_is_missing(void **state)
{
	struct world w = world_make(state);
	const int64_t users[] = {w.id[BEN], w.id[CLEO]};
	struct chat_missing missing;
	struct update_set answer;
	struct call *call;
	int64_t chat;

	hide_from_all(&w, CLEO);
	hide_from_all(&w, DAN);
	assert_int_equal(fixture_end(w.f, chat_create(by(&w, ANNA), B("Garden"), users, 2, &missing,
						  &answer)),
		0);
	assert_int_equal(missing.count, 1);
	assert_int_equal(missing.users[0], w.id[CLEO]);
	assert_int_equal(answer.chats[0].chat.members, 2);
	chat = answer.chats[0].chat.id;

	assert_int_equal(
		fixture_end(w.f, chat_add(by(&w, BEN), chat, w.id[DAN], 0, &missing, &answer)), 0);
	assert_int_equal(missing.count, 1);
	assert_int_equal(answer.update_count, 0);
	assert_int_equal(chat_role_of(by(&w, BEN), chat, w.id[DAN]), CHAT_OUT);
	assert_null(told(&w, w.id[DAN], UPDATE_NEW_MESSAGE));
	/* Clients that know no missing ones are refused. */
	call = by(&w, BEN);
	call->layer = 178;
	fixture_refused(w.f, chat_add(call, chat, w.id[DAN], 0, &missing, &answer), 403,
		"USER_PRIVACY_RESTRICTED");
	call = by(&w, BEN);
	call->layer = 178;
	fixture_refused(w.f, chat_create(call, B("Garden"), &w.id[DAN], 1, &missing, &answer), 400,
		"USERS_TOO_FEW");
}

static void blocked_people_stay_out(void **state)
{
	struct world w = world_make(state);
	const int64_t chat = group(&w);
	struct chat_missing missing;
	struct update_set answer;

	fixture_end(w.f, block_set(by(&w, BEN), w.id[DAN], true));
	fixture_refused(w.f, chat_add(by(&w, BEN), chat, w.id[DAN], 0, &missing, &answer), 400,
		"YOU_BLOCKED_USER");
	/* Who was blocked is told what he would be told by any other rule. */
	fixture_end(w.f, block_set(by(&w, DAN), w.id[CLEO], true));
	assert_int_equal(
		fixture_end(w.f, chat_add(by(&w, CLEO), chat, w.id[DAN], 0, &missing, &answer)), 0);
	assert_int_equal(missing.count, 1);
}

static void save(struct world *w, int owner, int contact)
{
	const struct contact_card card = {.first_name = B("Friend")};

	fixture_end(w->f, contacts_add(by(w, owner), w->id[contact], &card, false));
}

static void who_left_comes_back_with_a_friend(void **state)
{
	struct world w = world_make(state);
	const int64_t chat = group(&w);
	struct chat_missing missing;
	struct update_set answer;
	struct call *call;

	fixture_end(w.f, chat_remove(by(&w, BEN), chat, w.id[BEN], false, &answer));
	fixture_end(w.f, chat_add(by(&w, ANNA), chat, w.id[BEN], 0, &missing, &answer));
	assert_int_equal(missing.count, 1);
	call = by(&w, ANNA);
	call->layer = 178;
	fixture_refused(w.f, chat_add(call, chat, w.id[BEN], 0, &missing, &answer), 403,
		"USER_NOT_MUTUAL_CONTACT");
	save(&w, ANNA, BEN);
	save(&w, BEN, ANNA);
	assert_int_equal(
		fixture_end(w.f, chat_add(by(&w, ANNA), chat, w.id[BEN], 0, &missing, &answer)), 0);
	assert_int_equal(missing.count, 0);
	assert_int_equal(chat_role_of(by(&w, ANNA), chat, w.id[BEN]), CHAT_MEMBER);
}

static void strangers_are_brought_in_slowly(void **state)
{
	struct world w = world_make(state);
	const int64_t chat = group_of(&w, ANNA, NULL, 0);
	struct chat_missing missing;
	struct update_set answer;

	for (int i = 0; i < STRANGERS_PER_DAY; i++) {
		const int64_t other = i % 2 ? w.id[BEN] : w.id[CLEO];
		struct call *call = by(&w, ANNA);

		assert_int_equal(chat_add(call, chat, other, 0, &missing, &answer), 0);
		fixture_end(w.f, 0);
		/* Removed by its own inviter, and brought in by the admin again. */
		fixture_end(w.f, chat_remove(by(&w, ANNA), chat, other, false, &answer));
	}
	fixture_refused(w.f, chat_add(by(&w, ANNA), chat, w.id[BEN], 0, &missing, &answer), 400,
		"PEER_FLOOD");
	/* No stranger: he has saved her. */
	save(&w, BEN, ANNA);
	assert_int_equal(
		fixture_end(w.f, chat_add(by(&w, ANNA), chat, w.id[BEN], 0, &missing, &answer)), 0);
}

/* Of what somebody answered from another chat of his a newcomer is told no more than the others. */
static void newcomers_are_not_told_of_other_chats(void **state)
{
	struct world w = world_make(state);
	const struct peer garden = {PEER_CHAT, group(&w)};
	const struct post_range all = {.limit = 10};
	struct message secret = {.text = B("the plan"), .random_id = 1};
	struct reply reply = {.peer = user_peer(w.id[DAN])};
	struct message said = {.text = B("about that"), .random_id = 2, .reply = &reply};
	struct chat_missing missing;
	struct message_list list;
	struct update_set answer;
	bool found = false;

	assert_int_equal(fixture_end(w.f, message_send(by(&w, ANNA), user_peer(w.id[DAN]), &secret,
						  &answer)),
		0);
	said.reply_to = answer.updates[0].max_id;
	assert_int_equal(fixture_end(w.f, message_send(by(&w, ANNA), garden, &said, &answer)), 0);
	assert_int_equal(fixture_end(w.f, chat_add(by(&w, ANNA), garden.id, w.id[DAN], 10, &missing,
						  &answer)),
		0);
	assert_int_equal(fixture_end(w.f, messages_history(by(&w, DAN), garden, &all, &list)), 0);
	for (size_t i = 0; i < list.count; i++) {
		if (!bytes_equal_str(list.at[i].text, "about that"))
			continue;
		found = true;
		assert_int_equal(list.at[i].reply_to, 0);
		assert_int_equal(list.at[i].reply->peer.kind, PEER_NONE);
		assert_int_equal(list.at[i].reply->from->from.id, w.id[ANNA]);
	}
	assert_true(found);
}

static struct box_state state_of(struct world *w, int who)
{
	struct box_state out;

	assert_int_equal(fixture_end(w->f, box_state(by(w, who), &out)), 0);
	return out;
}

static void away_devices_see_the_group_as_it_is(void **state)
{
	struct world w = world_make(state);
	const int64_t chat = group(&w);
	const struct box_state before = state_of(&w, CLEO);
	const int64_t since_s = w.f->now_s;
	struct box_difference difference;
	struct update_set answer;
	bool told_of = false;

	w.f->now_s += 1000;
	fixture_end(w.f, chat_edit_admin(by(&w, ANNA), chat, w.id[CLEO], true));
	fixture_end(w.f, chat_edit_rights(by(&w, ANNA), chat, CHAT_PIN, &answer));
	assert_int_equal(box_difference(by(&w, CLEO), before.pts, 0, since_s, &difference), 0);
	for (size_t i = 0; i < difference.set.update_count; i++)
		told_of |= difference.set.updates[i].kind == UPDATE_CHAT;
	assert_true(told_of);
	assert_int_equal(difference.set.chat_count, 1);
	assert_int_equal(difference.set.chats[0].role, CHAT_ADMIN);
	assert_int_equal(difference.set.chats[0].chat.banned_rights, CHAT_PIN);
	assert_int_equal(difference.set.chats[0].chat.version, 3);
}

int main(void)
{
#define T(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)
	const struct CMUnitTest tests[] = {
		T(who_does_not_want_is_missing),
		T(blocked_people_stay_out),
		T(who_left_comes_back_with_a_friend),
		T(strangers_are_brought_in_slowly),
		T(newcomers_are_not_told_of_other_chats),
		T(away_devices_see_the_group_as_it_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
