/* SPDX-License-Identifier: Apache-2.0 */
/* core/bots/bots.h, core/accounts/login_bot.h: how there come to be bots, who gets in to them, and
 * what they may not. Which methods they may call is tests/server/roles.py. */
#include "accounts_fixture.h"

#include "core/bots/bots.h"
#include "core/chats/chats.h"
#include "core/accounts/contacts_find.h"
#include "core/accounts/login_bot.h"
#include "core/messages/messages.h"
#include "core/accounts/sessions.h"
#include "core/accounts/top_peers.h"
#include "core/accounts/users.h"
#include "store/home_keys.h"

enum { AYU = 1, BOT = 2, LATER = 3, DESK = 9 }; /* keys */

#define AYU_PHONE "6281200000001"

static char token[BOT_TOKEN_SIZE];

static int64_t make_bot(struct fixture *f, const char *username)
{
	int64_t bot;

	assert_int_equal(fixture_end(f, bot_add(fixture_call(f, DESK), B(username), B("Weather"),
						&bot, token)),
		0);
	return bot;
}

static int come_in(struct fixture *f, uint64_t key, const char *with, int64_t *bot)
{
	return login_bot(fixture_call(f, key), B(with), bot);
}

static int64_t bot_in(struct fixture *f)
{
	int64_t made = make_bot(f, "weather_bot"), bot;

	assert_int_equal(fixture_end(f, come_in(f, BOT, token, &bot)), 0);
	assert_int_equal(bot, made);
	return bot;
}

static int64_t holder(struct fixture *f, uint64_t key)
{
	int64_t user = home_keys_user(call_home(fixture_call(f, key)), key);

	fixture_end(f, 0);
	return user;
}

static int say(struct fixture *f, uint64_t key, int64_t to)
{
	static int64_t random_id = 1;
	struct message draft = {.text = B("halo"), .random_id = random_id++};
	struct update_set answer;

	return message_send(fixture_call(f, key), user_peer(to), &draft, &answer);
}

static void a_bots_name_ends_in_bot_and_is_free(void **state)
{
	struct fixture *f = *state;
	const char *const wrong[] = {
		"weather", "bot", "weather_bot_", "9weatherbot", "we ather_bot"};
	int64_t bot, other;

	for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
		fixture_refused(f,
			bot_add(fixture_call(f, DESK), B(wrong[i]), B("W"), &other, token), 400,
			"USERNAME_INVALID");
	fixture_refused(f, bot_add(fixture_call(f, DESK), B("weather_bot"), B(""), &other, token),
		400, "FIRSTNAME_INVALID");
	bot = make_bot(f, "WeatherBot");
	fixture_refused(f, bot_add(fixture_call(f, DESK), B("weatherbot"), B("W"), &other, token),
		400, "USERNAME_OCCUPIED");
	assert_int_equal(bot_by_name(fixture_call(f, DESK), B("weatherbot")), bot);
	assert_int_equal(bot_by_name(&f->call, B("weather_bot")), 0);
	fixture_end(f, 0);
}

static void nobody_comes_in_without_the_token(void **state)
{
	struct fixture *f = *state;
	int64_t bot = make_bot(f, "weather_bot"), in;
	char wrong[BOT_TOKEN_SIZE];

	assert_false(fixture_files_contain(f, token, strlen(token)));
	memcpy(wrong, token, sizeof(wrong));
	wrong[strlen(wrong) - 1] ^= 1;
	fixture_refused(f, come_in(f, BOT, wrong, &in), 400, "ACCESS_TOKEN_INVALID");
	fixture_refused(f, come_in(f, BOT, "nonsense", &in), 400, "ACCESS_TOKEN_INVALID");
	fixture_refused(f, come_in(f, BOT, "", &in), 400, "ACCESS_TOKEN_INVALID");
	assert_int_equal(fixture_end(f, come_in(f, BOT, token, &in)), 0);
	assert_int_equal(in, bot);
	assert_true(fixture_call(f, BOT)->is_bot);
	fixture_end(f, 0);
}

static void another_token_logs_out_who_had_the_last(void **state)
{
	struct fixture *f = *state;
	int64_t bot = bot_in(f), in;
	char last[BOT_TOKEN_SIZE];

	fixture_sign_up(f, AYU, AYU_PHONE, "Ayu", "");
	memcpy(last, token, sizeof(last));
	bot_renew_token(fixture_call(f, DESK), bot, token);
	fixture_end(f, 0);
	fixture_refused(f, come_in(f, LATER, last, &in), 400, "ACCESS_TOKEN_INVALID");
	assert_int_equal(fixture_end(f, come_in(f, LATER, token, &in)), 0);
	assert_false(sessions_end_unused(fixture_call(f, DESK)));
	fixture_end(f, 0);
	assert_int_equal(holder(f, BOT), 0);
	assert_int_equal(holder(f, LATER), bot);
	assert_int_not_equal(holder(f, AYU), 0);
	bot_revoke_token(fixture_call(f, DESK), bot);
	fixture_end(f, 0);
	fixture_refused(f, come_in(f, BOT, token, &in), 400, "ACCESS_TOKEN_INVALID");
	(void)sessions_end_unused(fixture_call(f, DESK));
	fixture_end(f, 0);
	assert_int_equal(holder(f, LATER), 0);
	/* It stays a bot. */
	assert_true(bot_is(fixture_call(f, DESK), bot));
	fixture_end(f, 0);
}

static void a_bot_answers_and_begins_nothing(void **state)
{
	struct fixture *f = *state;
	int64_t ayu = fixture_sign_up(f, AYU, AYU_PHONE, "Ayu", ""), bot = bot_in(f);
	int64_t other = make_bot(f, "other_bot");
	struct top_peer *top;
	size_t total;

	fixture_refused(f, say(f, BOT, ayu), 400, "PEER_ID_INVALID");
	fixture_refused(f, say(f, BOT, other), 400, "USER_IS_BOT");
	assert_int_equal(fixture_end(f, say(f, AYU, bot)), 0);
	assert_int_equal(fixture_end(f, say(f, BOT, ayu)), 0);
	/* She writes to it as to a bot. */
	assert_int_equal(top_peers_list(fixture_call(f, AYU), TOP_BOTS, 0, 10, &top, &total), 1);
	assert_int_equal(top[0].peer.id, bot);
	assert_int_equal(top_peers_list(&f->call, TOP_CORRESPONDENTS, 0, 10, &top, &total), 0);
	fixture_end(f, 0);
}

static void a_bot_comes_into_no_group(void **state)
{
	struct fixture *f = *state;
	int64_t bot = bot_in(f);
	struct chat_missing missing;
	struct update_set answer;

	fixture_sign_up(f, AYU, AYU_PHONE, "Ayu", "");
	fixture_refused(f,
		chat_create(fixture_call(f, AYU), B("Group"), &bot, 1, &missing, &answer), 400,
		"BOT_GROUPS_BLOCKED");
}

static void a_bot_is_seen_as_one(void **state)
{
	struct fixture *f = *state;
	int64_t ayu = fixture_sign_up(f, AYU, AYU_PHONE, "Ayu", ""), bot = bot_in(f);
	struct contacts_found found;
	struct user user;

	assert_int_equal(user_view(fixture_call(f, AYU), bot, &user), 0);
	assert_true(user.is_bot);
	assert_int_equal(user.phone.size, 0);
	assert_int_equal(user_view(&f->call, ayu, &user), 0);
	assert_false(user.is_bot);
	assert_int_equal(contacts_search(&f->call, B("weather"), SEARCH_BOTS, 10, &found), 0);
	assert_int_equal(found.other_count, 1);
	assert_int_equal(found.others[0].id, bot);
	fixture_end(f, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_bots_name_ends_in_bot_and_is_free),
		TEST(nobody_comes_in_without_the_token),
		TEST(another_token_logs_out_who_had_the_last),
		TEST(a_bot_answers_and_begins_nothing),
		TEST(a_bot_comes_into_no_group),
		TEST(a_bot_is_seen_as_one),
	};

	return cmocka_run_group_tests_name("core/bots", tests, NULL, NULL);
}
