/* SPDX-License-Identifier: Apache-2.0 */
/* core/dialogs/notify.h: what a chat has of its own, and what its kind has. */
#include "channels_fixture.h"
#include "messages_fixture.h"

#include "core/dialogs/notify.h"

static int set(struct fixture *f, enum notify_scope scope, struct peer peer,
	struct notify_settings settings)
{
	return fixture_end(f, notify_set(fixture_call(f, ANNA), scope, peer, &settings));
}

static struct notify_settings get(struct fixture *f, enum notify_scope scope, struct peer peer)
{
	struct notify_settings out;

	notify_get(fixture_call(f, ANNA), anna, scope, peer, &out);
	fixture_end(f, 0);
	return out;
}

static size_t exceptions(struct fixture *f)
{
	struct notify_settings *settings;
	struct peer *peers;
	size_t count = notify_exceptions(fixture_call(f, ANNA), &peers, &settings);

	fixture_end(f, 0);
	return count;
}

static bool muted(struct fixture *f, struct peer peer)
{
	bool is = notify_is_muted(fixture_call(f, ANNA), anna, peer);

	fixture_end(f, 0);
	return is;
}

static void set_mute(struct fixture *f, enum notify_scope scope, int32_t until_s)
{
	const struct notify_settings settings = {.has_mute = true, .mute_until_s = until_s};

	assert_int_equal(set(f, scope, user_peer(budi), settings), 0);
}

static void a_chat_has_what_was_set_last(void **state)
{
	struct fixture *f = *state;
	const struct peer peer = user_peer(budi);
	const struct notify_settings loud = {.has_mute = true, .has_silent = true, .silent = true},
				     sound = {.has_sound = true,
					     .sound = SOUND_LOCAL,
					     .sound_title = B("Gong"),
					     .sound_data = B("gong.ogg")},
				     none = {0};

	assert_false(get(f, NOTIFY_CHAT, peer).has_mute);
	assert_int_equal(set(f, NOTIFY_CHAT, peer, loud), 0);
	assert_true(messages_update(f, anna, UPDATE_NOTIFY)->notify->has_mute);
	assert_true(messages_missed(f, ANNA, UPDATE_NOTIFY)->notify->silent);
	/* What is left out goes by the kind of chats again. */
	assert_int_equal(set(f, NOTIFY_CHAT, peer, sound), 0);
	assert_false(get(f, NOTIFY_CHAT, peer).has_mute);
	assert_int_equal(get(f, NOTIFY_CHAT, peer).sound, SOUND_LOCAL);
	assert_true(bytes_equal_str(get(f, NOTIFY_CHAT, peer).sound_title, "Gong"));
	assert_int_equal(exceptions(f), 1);
	assert_int_equal(set(f, NOTIFY_CHAT, peer, none), 0);
	assert_false(messages_update(f, anna, UPDATE_NOTIFY)->notify->has_sound);
	assert_int_equal(exceptions(f), 0);
	assert_int_equal(set(f, NOTIFY_CHAT, peer, none), 0);
	assert_null(messages_update(f, anna, UPDATE_NOTIFY));
}

static void kinds_of_chats_have_defaults(void **state)
{
	struct fixture *f = *state;
	const struct peer news = {PEER_CHANNEL, channels_make(f, "News", true)};
	const struct peer tea = {PEER_CHANNEL, channels_make(f, "Tea", false)};
	const struct notify_settings off = {.has_mute = true, .mute_until_s = INT32_MAX},
				     on = {.has_mute = true},
				     quiet = {.has_sound = true, .sound = SOUND_NONE};
	struct notify_settings now = get(f, NOTIFY_GROUPS, news);

	assert_true(now.has_previews && now.previews && now.has_mute && !now.mute_until_s);
	assert_int_equal(set(f, NOTIFY_BROADCASTS, news, off), 0);
	assert_int_equal(messages_update(f, anna, UPDATE_NOTIFY)->scope, NOTIFY_BROADCASTS);
	assert_int_equal(messages_missed(f, ANNA, UPDATE_NOTIFY)->scope, NOTIFY_BROADCASTS);
	assert_int_equal(set(f, NOTIFY_BROADCASTS, news, quiet), 0);
	now = get(f, NOTIFY_BROADCASTS, news);
	assert_int_equal(now.mute_until_s, 0);
	assert_int_equal(now.sound, SOUND_NONE);
	assert_true(now.previews);
	assert_int_equal(set(f, NOTIFY_BROADCASTS, news, off), 0);
	/* Each kind for itself, and a chat before its kind. */
	assert_true(muted(f, news));
	assert_false(muted(f, tea));
	assert_false(muted(f, user_peer(budi)));
	assert_int_equal(set(f, NOTIFY_CHAT, news, on), 0);
	assert_false(muted(f, news));
	assert_int_equal(exceptions(f), 1);
	notify_reset(fixture_call(f, ANNA));
	fixture_end(f, 0);
	assert_int_equal(fixture_effect_count(f, EFFECT_ACCOUNT, anna), 2);
	assert_int_equal(exceptions(f), 0);
	assert_false(muted(f, news));
	assert_int_equal(get(f, NOTIFY_BROADCASTS, news).sound, SOUND_DEFAULT);
}

static void settings_are_bounded(void **state)
{
	struct fixture *f = *state;
	const struct notify_settings off = {.has_mute = true, .mute_until_s = INT32_MAX};
	struct call *call = fixture_call(f, ANNA);

	for (int64_t i = 0; i < NOTIFY_EXCEPTIONS_MAX; i++)
		assert_int_equal(notify_set(call, NOTIFY_CHAT, user_peer(5000 + i), &off), 0);
	fixture_end(f, 0);
	fixture_refused(f, notify_set(fixture_call(f, ANNA), NOTIFY_CHAT, user_peer(budi), &off),
		400, "SETTINGS_INVALID");
	/* Those that are there may change. */
	assert_int_equal(set(f, NOTIFY_CHAT, user_peer(5000), off), 0);
	notify_reset(fixture_call(f, ANNA));
	fixture_end(f, 0);
	assert_int_equal(exceptions(f), 0);
}

static void a_chat_comes_before_its_kind(void **state)
{
	struct fixture *f = *state;

	set_mute(f, NOTIFY_USERS, INT32_MAX);
	assert_true(muted(f, user_peer(budi)));
	set_mute(f, NOTIFY_CHAT, 0);
	assert_false(muted(f, user_peer(budi)));
	assert_int_equal(exceptions(f), 1);
}

static void what_is_left_out_is_as_if_never_set(void **state)
{
	const struct notify_settings previews = {.has_previews = true}, nothing = {0};
	struct notify_settings now;
	struct fixture *f = *state;

	set_mute(f, NOTIFY_CHAT, INT32_MAX);
	assert_int_equal(set(f, NOTIFY_CHAT, user_peer(budi), previews), 0);
	now = get(f, NOTIFY_CHAT, user_peer(budi));
	assert_true(now.has_previews && !now.has_mute);
	assert_false(muted(f, user_peer(budi)));
	assert_int_equal(set(f, NOTIFY_CHAT, user_peer(budi), nothing), 0);
	assert_false(messages_told(f, anna)->notify->has_previews);
	assert_int_equal(exceptions(f), 0);
}

static void a_kind_goes_back_to_what_clients_begin_with(void **state)
{
	const struct notify_settings nothing = {0};
	struct notify_settings now;
	struct fixture *f = *state;

	set_mute(f, NOTIFY_USERS, INT32_MAX);
	assert_int_equal(set(f, NOTIFY_USERS, (struct peer){0}, nothing), 0);
	now = get(f, NOTIFY_USERS, (struct peer){0});
	assert_true(now.has_mute && now.mute_until_s == 0 && now.previews);
	assert_false(muted(f, user_peer(budi)));
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, messages_setup, fixture_teardown)
	const struct CMUnitTest tests[] = {
		CASE(a_chat_has_what_was_set_last),
		CASE(kinds_of_chats_have_defaults),
		CASE(settings_are_bounded),
		CASE(a_chat_comes_before_its_kind),
		CASE(what_is_left_out_is_as_if_never_set),
		CASE(a_kind_goes_back_to_what_clients_begin_with),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
