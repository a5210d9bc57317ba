/* SPDX-License-Identifier: Apache-2.0 */
/* core/accounts/strangers.h, core/accounts/peer_settings.h, core/accounts/top_peers.h: whom one may
 * write to for the first time, what the other is then asked, and whom one writes to most. */
#include "accounts_fixture.h"

#include <stdio.h>

#include "core/accounts/blocks.h"
#include "core/changes.h"
#include "core/accounts/contacts.h"
#include "core/messages/messages.h"
#include "core/accounts/peer_settings.h"
#include "core/accounts/strangers.h"
#include "core/accounts/top_peers.h"

#define AYU 1
#define BUDI 2

static int send(struct fixture *f, uint64_t key, int64_t to)
{
	static int64_t random_id = 1;
	struct message draft = {.text = B("halo"), .random_id = random_id++};
	struct update_set answer;

	return message_send(fixture_call(f, key), user_peer(to), &draft, &answer);
}

static void sent(struct fixture *f, uint64_t key, int64_t to)
{
	assert_int_equal(fixture_end(f, send(f, key, to)), 0);
}

static struct peer_settings bar(struct fixture *f, uint64_t key, int64_t user)
{
	struct peer_settings settings;

	peer_settings_view(fixture_call(f, key), user, &settings);
	return settings;
}

static const struct update *told_bar(const struct fixture *f, int64_t account)
{
	for (size_t i = 0; i < f->effects->count; i++) {
		const struct effect *effect = &f->effects->at[i];

		if (effect->account == account && effect->set.update_count &&
			effect->set.updates[0].kind == UPDATE_PEER_SETTINGS)
			return &effect->set.updates[0];
	}
	return NULL;
}

/* Accounts with the keys from 100. */
static void crowd(struct fixture *f, int64_t *users, int count)
{
	char phone[24];

	for (int i = 0; i < count; i++) {
		snprintf(phone, sizeof(phone), "62813000%05d", i);
		users[i] = fixture_sign_up(f, 100 + (uint64_t)i, phone, "X", "");
	}
}

static void a_strangers_first_message_asks(void **state)
{
	struct fixture *f = *state;
	int64_t ayu = fixture_sign_up(f, AYU, "6281200000001", "Ayu", "");
	int64_t budi = fixture_sign_up(f, BUDI, "6281200000002", "Budi", "");
	const struct update *update;
	struct peer_settings s = bar(f, BUDI, ayu);

	assert_true(s.add_contact);
	assert_false(s.report_spam || s.block_contact || s.share_contact);
	assert_null(s.phone_country.data);
	sent(f, AYU, budi);
	update = told_bar(f, budi);
	assert_non_null(update);
	assert_true(update->settings->report_spam);
	assert_int_equal(update->peer.id, ayu);
	s = bar(f, BUDI, ayu);
	assert_true(s.report_spam && s.block_contact && s.add_contact);
	assert_true(bytes_equal(s.phone_country, B("ID")));
	assert_true(bytes_equal(s.registration_month, B("11.2026")));
	/* The writer is asked nothing but whether to keep him. */
	s = bar(f, AYU, budi);
	assert_true(s.add_contact);
	assert_false(s.report_spam || s.block_contact);
	sent(f, AYU, budi);
	assert_null(told_bar(f, budi));

	sent(f, BUDI, ayu); /* the answer */
	assert_false(told_bar(f, budi)->settings->report_spam);
	s = bar(f, BUDI, ayu);
	assert_false(s.report_spam || s.block_contact || s.add_contact);
	assert_false(bar(f, AYU, budi).report_spam);
}

static void contacts_and_old_chats_are_no_strangers(void **state)
{
	struct fixture *f = *state;
	struct contact_card card = {.first_name = B("A")};
	int64_t ayu = fixture_sign_up(f, AYU, "6281200000001", "Ayu", "");
	int64_t budi = fixture_sign_up(f, BUDI, "6281200000002", "Budi", "");
	int32_t pts, pts_count, left;

	assert_true(stranger_is(fixture_call(f, AYU), budi, ayu));
	assert_false(stranger_is(fixture_call(f, AYU), ayu, ayu));
	assert_false(stranger_is(fixture_call(f, AYU), SERVICE_USER, ayu));
	assert_int_equal(fixture_end(f, contacts_add(fixture_call(f, BUDI), ayu, &card, false)), 0);
	assert_false(stranger_is(fixture_call(f, AYU), budi, ayu));
	assert_true(stranger_is(fixture_call(f, BUDI), ayu, budi));
	assert_int_equal(fixture_end(f, contacts_delete(fixture_call(f, BUDI), &ayu, 1)), 0);
	sent(f, AYU, budi);
	assert_false(stranger_is(fixture_call(f, AYU), budi, ayu));
	/* Deleting what was written doesn't make one a stranger again. */
	assert_int_equal(fixture_end(f, messages_clear(fixture_call(f, BUDI), user_peer(ayu),
						&(struct clearing){.revoke = true}, &pts,
						&pts_count, &left)),
		0);
	assert_false(stranger_is(fixture_call(f, AYU), budi, ayu));
}

static void a_bar_is_hidden_added_reported(void **state)
{
	struct fixture *f = *state;
	struct contact_card card = {.first_name = B("A")};
	int64_t ayu = fixture_sign_up(f, AYU, "6281200000001", "Ayu", ""), many[3];
	int64_t budi = fixture_sign_up(f, BUDI, "6281200000002", "Budi", "");
	struct update_set missed = {0};
	bool told = false;

	crowd(f, many, 2);
	sent(f, AYU, budi);
	peer_settings_hide(fixture_call(f, BUDI), ayu);
	assert_int_equal(store_commit(&f->store), 0);
	assert_non_null(told_bar(f, budi));
	assert_false(bar(f, BUDI, ayu).add_contact);
	sent(f, 100, budi);
	assert_int_equal(
		fixture_end(f, contacts_add(fixture_call(f, BUDI), many[0], &card, false)), 0);
	assert_false(bar(f, BUDI, many[0]).report_spam);
	sent(f, 101, budi);
	peer_settings_report(fixture_call(f, BUDI), many[1]);
	assert_int_equal(store_commit(&f->store), 0);
	assert_false(bar(f, BUDI, many[1]).report_spam);
	/* A device that was away hears of it. */
	changes_missed(fixture_call(f, BUDI), f->now_s - 10, &missed);
	for (size_t i = 0; i < missed.update_count; i++)
		told |= missed.updates[i].kind == UPDATE_PEER_SETTINGS &&
			missed.updates[i].peer.id == many[1] &&
			!missed.updates[i].settings->report_spam;
	assert_true(told);
}

static void a_day_holds_so_many_strangers(void **state)
{
	struct fixture *f = *state;
	int64_t ayu = fixture_sign_up(f, AYU, "6281200000001", "Ayu", "");
	int64_t many[STRANGERS_PER_DAY + 3];
	struct contact_card card = {.first_name = B("A")};

	crowd(f, many, STRANGERS_PER_DAY + 3);
	for (int i = 0; i < STRANGERS_PER_DAY; i++)
		sent(f, AYU, many[i]);
	fixture_refused(f, send(f, AYU, many[STRANGERS_PER_DAY]), 400, "PEER_FLOOD");
	sent(f, AYU, many[0]); /* begun before */
	assert_int_equal(fixture_end(f, contacts_add(fixture_call(f, 100 + STRANGERS_PER_DAY), ayu,
						&card, false)),
		0);
	sent(f, AYU, many[STRANGERS_PER_DAY]); /* who has saved him */
	sent(f, 100 + STRANGERS_PER_DAY + 1, ayu);
	sent(f, AYU, many[STRANGERS_PER_DAY + 1]); /* who wrote first */
	f->now_s += 86400;
	sent(f, AYU, many[STRANGERS_PER_DAY + 2]);
}

static void reports_of_who_was_written_to_count(void **state)
{
	struct fixture *f = *state;
	int64_t ayu = fixture_sign_up(f, AYU, "6281200000001", "Ayu", ""), many[14];

	crowd(f, many, 14);
	/* Nobody is silenced by people to whom he never wrote. */
	for (int i = 0; i < 12; i++) {
		peer_settings_report(fixture_call(f, 100 + (uint64_t)i), ayu);
		assert_int_equal(store_commit(&f->store), 0);
	}
	for (int i = 0; i < 12; i++)
		sent(f, AYU, many[i]);
	for (int i = 0; i < STRANGERS_REPORTS_SILENCE; i++) {
		peer_settings_report(fixture_call(f, 100 + (uint64_t)i), ayu);
		peer_settings_report(fixture_call(f, 100 + (uint64_t)i), ayu); /* counts once */
		assert_int_equal(store_commit(&f->store), 0);
		if (i == 2) /* 12 of 40 / 4 are used */
			fixture_refused(f, send(f, AYU, many[12]), 400, "PEER_FLOOD");
	}
	f->now_s += 86400;
	fixture_refused(f, send(f, AYU, many[12]), 400, "PEER_FLOOD");
	f->now_s += (int64_t)STRANGERS_REPORT_DAYS * 86400;
	sent(f, AYU, many[12]);
}

static void ratings_fade(void **state)
{
	struct fixture *f = *state;
	int64_t ayu = fixture_sign_up(f, AYU, "6281200000001", "Ayu", "");
	struct top_peer *top;
	size_t total;

	for (int i = 0; i < 3; i++)
		top_peers_count(fixture_call(f, AYU), user_peer(500));
	top_peers_count(&f->call, user_peer(ayu));
	top_peers_count(&f->call, user_peer(SERVICE_USER));
	top_peers_count(&f->call, (struct peer){PEER_CHAT, 7});
	top_peers_count_forward(&f->call, user_peer(501));
	f->call.now_s = f->now_s += TOP_PEERS_DECAY_S;
	top_peers_count(&f->call, user_peer(501));
	top_peers_count(&f->call, user_peer(501));
	assert_int_equal(top_peers_list(&f->call, TOP_CORRESPONDENTS, 0, 10, &top, &total), 2);
	assert_int_equal(total, 2);
	/* 2 of now against 3 / e. */
	assert_int_equal(top[0].peer.id, 501);
	assert_true(top[0].rating > 1.999 && top[0].rating < 2.001);
	assert_true(top[1].rating > 1.103 && top[1].rating < 1.104);
	assert_int_equal(top_peers_list(&f->call, TOP_CORRESPONDENTS, 1, 10, &top, &total), 1);
	assert_int_equal(top_peers_list(&f->call, TOP_GROUPS, 0, 10, &top, &total), 1);
	assert_int_equal(top_peers_list(&f->call, TOP_FORWARD_USERS, 0, 10, &top, &total), 1);
	top_peers_reset(&f->call, TOP_CORRESPONDENTS, user_peer(501));
	assert_int_equal(top_peers_list(&f->call, TOP_CORRESPONDENTS, 0, 10, &top, &total), 1);
	f->call.now_s += (int64_t)20 * TOP_PEERS_DECAY_S; /* as good as forgotten */
	assert_int_equal(top_peers_list(&f->call, TOP_CORRESPONDENTS, 0, 10, &top, &total), 0);
	top_peers_enable(&f->call, false);
	assert_false(top_peers_enabled(&f->call));
	top_peers_count(&f->call, user_peer(500));
	top_peers_enable(&f->call, true);
	assert_int_equal(top_peers_list(&f->call, TOP_GROUPS, 0, 10, &top, &total), 0);
	assert_int_equal(top_peers_list(&f->call, TOP_CORRESPONDENTS, 0, 10, &top, &total), 0);
	assert_int_equal(store_commit(&f->store), 0);
}

static void only_the_best_are_kept(void **state)
{
	struct fixture *f = *state;
	struct top_peer *top;
	size_t total;

	fixture_sign_up(f, AYU, "6281200000001", "Ayu", "");
	fixture_call(f, AYU);
	for (int i = 0; i < TOP_PEERS_KEPT + 20; i++) {
		f->call.now_s++;
		top_peers_count(&f->call, user_peer(1000 + i));
	}
	assert_int_equal(top_peers_list(&f->call, TOP_CORRESPONDENTS, 0, 10000, &top, &total),
		TOP_PEERS_LIMIT_MAX);
	assert_int_equal(total, TOP_PEERS_KEPT);
	assert_int_equal(top[0].peer.id, 1000 + TOP_PEERS_KEPT + 19);
	assert_int_equal(store_commit(&f->store), 0);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
	const struct CMUnitTest tests[] = {
		CASE(a_strangers_first_message_asks),
		CASE(contacts_and_old_chats_are_no_strangers),
		CASE(a_bar_is_hidden_added_reported),
		CASE(a_day_holds_so_many_strangers),
		CASE(reports_of_who_was_written_to_count),
		CASE(ratings_fade),
		CASE(only_the_best_are_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
