/* SPDX-License-Identifier: Apache-2.0 */
/* core/chats/chat_migrate.c: a basic group becomes a supergroup, with its people and what they may.
 */
#include "chats_fixture.h"

#include "core/channels/channel_rights.h"
#include "core/messages/history_ttl.h"
#include "core/posts/posts.h"

static int64_t migrate(struct world *w, int64_t chat, struct update_set *answer)
{
	assert_int_equal(fixture_end(w->f, chat_migrate(by(w, ANNA), chat, answer)), 0);
	for (size_t i = 0; i < answer->channel_count; i++) {
		if (answer->channels[i].my.role == ROLE_CREATOR)
			return answer->channels[i].channel->id;
	}
	fail_msg("no channel in the answer");
	return 0;
}

static struct channel_view view_of(struct world *w, int who, int64_t channel)
{
	struct channel_view view = {0};

	assert_true(channel_find(by(w, who), channel, &view));
	assert_int_equal(fixture_end(w->f, 0), 0);
	return view;
}

static void people_and_rights_come_along(void **state)
{
	struct world w = world_make(state);
	const int64_t chat = group(&w);
	const struct peer peer = {PEER_CHAT, chat};
	struct update_set answer;
	struct channel_view view;
	int64_t channel;

	assert_int_equal(fixture_end(w.f, chat_edit_admin(by(&w, ANNA), chat, w.id[BEN], true)), 0);
	assert_int_equal(fixture_end(w.f, chat_edit_rights(by(&w, ANNA), chat,
						  CHAT_SEND_POLLS | CHAT_INVITE, &answer)),
		0);
	assert_int_equal(
		fixture_end(w.f, chat_set_noforwards(by(&w, ANNA), chat, true, &answer)), 0);
	assert_int_equal(fixture_end(w.f, history_ttl_set(by(&w, ANNA), peer, 86400, &answer)), 0);
	channel = migrate(&w, chat, &answer);
	view = view_of(&w, BEN, channel);
	assert_int_equal(view.my.role, ROLE_ADMIN);
	assert_true(channel_admin_may(&view, ADMIN_BAN));
	assert_false(channel_admin_may(&view, ADMIN_ADD_ADMINS));
	view = view_of(&w, CLEO, channel);
	assert_int_equal(view.my.role, ROLE_MEMBER);
	assert_int_equal(view.channel->members, 3);
	assert_false(view.channel->broadcast);
	assert_true(bytes_equal(view.channel->title, B("Garden")));
	assert_int_equal(view.channel->settings.banned_rights, CHAT_SEND_POLLS | CHAT_INVITE);
	assert_true(view.channel->settings.flags & CHANNEL_NOFORWARDS);
	assert_int_equal(view.channel->settings.period_s, 86400);
	assert_int_equal(view.channel->settings.migrated_from, chat);
	assert_false(channel_find(by(&w, DAN), channel, &view));
	fixture_end(w.f, 0);
}

static void both_sides_say_so(void **state)
{
	struct world w = world_make(state);
	const int64_t chat = group(&w);
	const struct update *update;
	struct update_set answer;
	struct chat_view old;
	int64_t channel = migrate(&w, chat, &answer);
	int to = 0, from = 0;

	for (size_t i = 0; i < answer.update_count; i++) {
		const struct message *message = answer.updates[i].message;

		if (message && message->action == ACTION_MIGRATE_TO) {
			assert_int_equal(message->other.id, channel);
			to++;
		}
		if (message && message->action == ACTION_MIGRATE_FROM) {
			assert_int_equal(message->other.id, chat);
			assert_int_equal(message->id, 1);
			from++;
		}
	}
	assert_int_equal(to, 1);
	assert_int_equal(from, 1);
	update = told(&w, w.id[CLEO], UPDATE_NEW_MESSAGE);
	assert_non_null(update);
	assert_int_equal(update->message->action, ACTION_MIGRATE_TO);
	assert_non_null(told(&w, w.id[CLEO], UPDATE_CHAT));
	assert_non_null(fixture_effect(w.f, EFFECT_MEMBER, w.id[CLEO]));
	assert_true(chat_view_for(by(&w, CLEO), w.id[CLEO], chat, &old));
	fixture_end(w.f, 0);
	assert_true(old.chat.deactivated);
	assert_int_equal(old.chat.migrated_to, channel);
	assert_int_not_equal(old.migrated_hash, 0);
}

static void the_old_one_takes_nothing_any_more(void **state)
{
	struct world w = world_make(state);
	const int64_t chat = group(&w);
	struct message draft = {.text = B("late"), .random_id = 7};
	struct update_set answer;

	fixture_refused(w.f, chat_migrate(by(&w, BEN), chat, &answer), 400, "CHAT_ADMIN_REQUIRED");
	fixture_refused(w.f, chat_migrate(by(&w, DAN), chat, &answer), 400, "CHAT_ID_INVALID");
	migrate(&w, chat, &answer);
	fixture_refused(w.f,
		message_send(by(&w, BEN), (struct peer){PEER_CHAT, chat}, &draft, &answer), 403,
		"CHAT_WRITE_FORBIDDEN");
	fixture_refused(
		w.f, chat_migrate(by(&w, ANNA), chat, &answer), 403, "CHAT_WRITE_FORBIDDEN");
}

static void who_is_in_too_many_channels_makes_none(void **state)
{
	struct world w = world_make(state);
	const int64_t chat = group(&w);
	struct update_set answer;
	struct call *call = by(&w, ANNA);

	for (int64_t i = 0; i < CHANNEL_MEMBERSHIPS_MAX; i++)
		home_members_insert(call_home(call), &(struct membership_row){.user = w.id[ANNA],
							     .channel = 2000000000 + i,
							     .role = ROLE_MEMBER});
	assert_int_equal(fixture_end(w.f, 0), 0);
	fixture_refused(w.f, chat_migrate(by(&w, ANNA), chat, &answer), 400, "CHANNELS_TOO_MUCH");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)
		T(people_and_rights_come_along),
		T(both_sides_say_so),
		T(the_old_one_takes_nothing_any_more),
		T(who_is_in_too_many_channels_makes_none),
#undef T
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
