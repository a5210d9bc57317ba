/* SPDX-License-Identifier: Apache-2.0 */
/* core/bots/service_bot.h, core/bots/bot_updates.h, core/bots/callbacks.h, core/bots/keyboard.h:
 * what is said to the service bot, what it says, and who presses its buttons. */
#include "messages_fixture.h"

#include "core/accounts/blocks.h"
#include "core/bots/bot_commands.h"
#include "core/bots/bot_updates.h"
#include "core/bots/bots.h"
#include "core/bots/callbacks.h"
#include "core/bots/keyboard.h"
#include "core/bots/service_bot.h"
#include "core/accounts/users.h"

#define BOT_KEY 99 /* of no login: the Bot API has none */

static int setup(void **state)
{
	struct fixture *f;

	if (messages_setup(state) < 0)
		return -1;
	f = *state;
	service_bot_make(fixture_call(f, BOT_KEY));
	fixture_end(f, 0);
	return 0;
}

static struct call *as_bot(struct fixture *f)
{
	struct call *call = fixture_call(f, BOT_KEY);

	call->user = SERVICE_BOT;
	call->is_bot = true;
	return call;
}

static struct bot_updates heard(struct fixture *f, int64_t offset)
{
	struct bot_updates updates;

	assert_int_equal(bot_updates_take(as_bot(f), offset, BOT_UPDATES_PER_CALL_MAX,
				 BOT_UPDATES_ALL, &updates),
		0);
	fixture_end(f, 0);
	return updates;
}

static struct keyboard *one_button(struct call *call, const char *data)
{
	struct keyboard *keyboard = ARENA_NEW(call->arena, struct keyboard);

	keyboard->rows = ARENA_NEW(call->arena, struct button_row);
	keyboard->count = 1;
	keyboard->rows->at = ARENA_NEW(call->arena, struct button);
	keyboard->rows->count = 1;
	*keyboard->rows->at = (struct button){BUTTON_CALLBACK, B("Press"), B(data)};
	return keyboard;
}

/* The bot's own id of it. */
static int32_t ask(struct fixture *f, int64_t whom, const char *data)
{
	static int64_t random_id = 5000;
	struct message draft = {.text = B("Which?"), .random_id = random_id++};
	struct call *call = as_bot(f);
	struct update_set answer;

	draft.keyboard = one_button(call, data);
	assert_int_equal(message_send(call, user_peer(whom), &draft, &answer), 0);
	fixture_end(f, 0);
	return answer.updates[1].message->id;
}

static void it_is_made_once_and_found(void **state)
{
	struct fixture *f = *state;
	struct call *call = fixture_call(f, ANNA);
	struct user user;

	service_bot_make(call);
	assert_int_equal(bot_by_name(call, B("Lontar_Bot")), SERVICE_BOT);
	assert_int_equal(user_view(call, SERVICE_BOT, &user), 0);
	assert_true(user.is_bot);
	fixture_end(f, 0);
}

static void what_is_written_to_it_waits_until_it_is_confirmed(void **state)
{
	struct fixture *f = *state;
	struct bot_updates updates;
	int64_t last;

	messages_say(f, ANNA, user_peer(SERVICE_BOT), "one");
	messages_say(f, BUDI, user_peer(SERVICE_BOT), "two");
	messages_say(f, ANNA, user_peer(budi), "not for it");
	updates = heard(f, 0);
	assert_int_equal(updates.count, 2);
	assert_int_equal(updates.at[0].kind, BOT_MESSAGE);
	assert_int_equal(updates.at[0].message->peer.id, anna);
	assert_true(bytes_equal(updates.at[1].message->text, B("two")));
	updates = heard(f, updates.at[1].id);
	assert_int_equal(updates.count, 1);
	assert_int_equal(updates.at[0].actor, budi);
	last = updates.at[0].id; /* the next call takes back what they lie in */
	assert_int_equal(heard(f, -1).count, 1);
	assert_int_equal(heard(f, last + 1).count, 0);
	assert_int_equal(heard(f, 0).count, 0);
}

/* It came back from a backup: what it says next must not be below what was confirmed since. */
static void a_home_of_yesterday_is_heard(void **state)
{
	struct fixture *f = *state;
	struct bot_updates updates;
	struct call *call;
	int64_t heard_first, heard_last;

	messages_say(f, ANNA, user_peer(SERVICE_BOT), "before");
	f->now_s += 60;
	messages_say(f, ANNA, user_peer(SERVICE_BOT), "lost with the newer home");
	updates = heard(f, 0);
	assert_int_equal(updates.count, 2);
	heard_first = updates.at[0].id;
	heard_last = updates.at[1].id;
	call = as_bot(f);
	db_run(call_home(call), "UPDATE counters SET value = ?1 WHERE name = 'bot_update'",
		DB_INT(heard_first));
	db_run(call_home(call), "DELETE FROM bot_updates WHERE id > ?1", DB_INT(heard_first));
	fixture_end(f, 0);
	call = as_bot(f);
	assert_int_equal(bot_updates_take(call, heard_last + 1, 10, BOT_UPDATES_ALL, &updates), -1);
	assert_string_equal(call->fault.text, "OFFSET_AHEAD");
	fixture_end(f, -1);
	assert_int_equal(heard(f, 0).count, 1);
	f->now_s += 1;
	messages_say(f, ANNA, user_peer(SERVICE_BOT), "after");
	updates = heard(f, heard_last + 1);
	assert_int_equal(updates.count, 1);
	assert_true(bytes_equal(updates.at[0].message->text, B("after")));
}

static void what_is_gone_or_old_is_not_told(void **state)
{
	struct fixture *f = *state;
	int32_t id = messages_say(f, ANNA, user_peer(SERVICE_BOT), "oops"), pts, count;

	assert_int_equal(
		fixture_end(f, messages_delete(fixture_call(f, ANNA), &id, 1, true, &pts, &count)),
		0);
	assert_int_equal(heard(f, 0).count, 0);
	messages_say(f, ANNA, user_peer(SERVICE_BOT), "old");
	f->now_s += BOT_UPDATES_KEPT_S + 1;
	assert_int_equal(heard(f, 0).count, 0);
	assert_false(bot_updates_purge(fixture_call(f, ANNA)));
	fixture_end(f, 0);
}

static void it_begins_nothing(void **state)
{
	struct fixture *f = *state;
	struct message draft = {.text = B("hello"), .random_id = 77};
	struct update_set answer;

	assert_false(bot_has_met(as_bot(f), user_peer(anna)));
	fixture_end(f, 0);
	fixture_refused(f, message_send(as_bot(f), user_peer(anna), &draft, &answer), 400,
		"PEER_ID_INVALID");
	messages_say(f, ANNA, user_peer(SERVICE_BOT), "/start");
	assert_true(bot_has_met(as_bot(f), user_peer(anna)));
	fixture_end(f, 0);
	assert_int_equal(
		fixture_end(f, message_send(as_bot(f), user_peer(anna), &draft, &answer)), 0);
	assert_int_equal(fixture_end(f, block_set(fixture_call(f, ANNA), SERVICE_BOT, true)), 0);
	draft.random_id = 78;
	fixture_refused(f, message_send(as_bot(f), user_peer(anna), &draft, &answer), 400,
		"USER_IS_BLOCKED");
}

/* Of those alone who wrote to it. */
static void it_hears_who_blocks_it(void **state)
{
	struct fixture *f = *state;
	struct bot_updates updates;

	assert_int_equal(fixture_end(f, block_set(fixture_call(f, ANNA), SERVICE_BOT, true)), 0);
	assert_int_equal(fixture_end(f, block_set(fixture_call(f, ANNA), SERVICE_BOT, false)), 0);
	assert_int_equal(heard(f, 0).count, 0);
	messages_say(f, ANNA, user_peer(SERVICE_BOT), "/start");
	assert_int_equal(fixture_end(f, block_set(fixture_call(f, ANNA), SERVICE_BOT, true)), 0);
	assert_int_equal(fixture_end(f, block_set(fixture_call(f, ANNA), SERVICE_BOT, false)), 0);
	updates = heard(f, 0);
	assert_int_equal(updates.count, 3);
	assert_int_equal(updates.at[1].kind, BOT_MY_CHAT_MEMBER);
	assert_int_equal(updates.at[1].chat.id, anna);
	assert_int_equal(updates.at[1].is, ROLE_BANNED);
	assert_int_equal(updates.at[2].was, ROLE_BANNED);
}

static void a_press_asks_and_the_answer_goes_back(void **state)
{
	struct fixture *f = *state;
	const struct callback_answer answer = {.text = B("Taken"), .alert = true};
	struct bot_updates updates;
	const struct message *shown;
	int32_t shown_id;
	struct call *call;
	int64_t query;
	int32_t id;

	messages_say(f, ANNA, user_peer(SERVICE_BOT), "/start");
	id = ask(f, anna, "yes");
	shown = messages_newest(f, ANNA, user_peer(SERVICE_BOT));
	assert_true(keyboard_has_data(shown->keyboard, B("yes")));
	shown_id = shown->id;
	fixture_refused(f,
		callback_ask(fixture_call(f, ANNA), user_peer(SERVICE_BOT), shown_id, B("no")), 400,
		"DATA_INVALID");
	fixture_refused(f,
		callback_ask(fixture_call(f, BUDI), user_peer(SERVICE_BOT), shown_id, B("yes")),
		400, "MESSAGE_ID_INVALID");
	call = fixture_call(f, ANNA);
	assert_int_equal(callback_ask(call, user_peer(SERVICE_BOT), shown_id, B("yes")), 0);
	query = call->awaits;
	assert_int_not_equal(query, 0);
	fixture_end(f, 0);
	assert_int_equal(fixture_effect_count(f, EFFECT_BOT_UPDATE, SERVICE_BOT), 1);

	updates = heard(f, 0);
	assert_int_equal(updates.count, 2);
	assert_int_equal(updates.at[1].kind, BOT_CALLBACK_QUERY);
	assert_int_equal(updates.at[1].query, query);
	assert_int_equal(updates.at[1].message->id, id);
	assert_true(bytes_equal(updates.at[1].data, B("yes")));
	assert_false(fixture_files_contain(f, "yes", 3));

	fixture_refused(f, callback_answer(as_bot(f), query + 1, &answer), 400, "QUERY_ID_INVALID");
	assert_int_equal(fixture_end(f, callback_answer(as_bot(f), query, &answer)), 0);
	assert_int_equal(f->effects->at[0].kind, EFFECT_CALLBACK);
	assert_int_equal(f->effects->at[0].query, query);
	fixture_refused(f, callback_answer(as_bot(f), query, &answer), 400, "QUERY_ID_INVALID");
}

static void an_edit_says_which_buttons_there_are(void **state)
{
	struct fixture *f = *state;
	struct message draft;
	struct update_set answer;
	int32_t id;

	messages_say(f, ANNA, user_peer(SERVICE_BOT), "/start");
	id = ask(f, anna, "yes");
	draft = (struct message){.id = id};
	draft.keyboard = one_button(as_bot(f), "other");
	assert_int_equal(message_edit(&f->call, user_peer(anna), &draft, &answer), 0);
	fixture_end(f, 0);
	assert_true(keyboard_has_data(
		messages_newest(f, ANNA, user_peer(SERVICE_BOT))->keyboard, B("other")));
	draft = (struct message){.id = id};
	assert_int_equal(
		fixture_end(f, message_edit(as_bot(f), user_peer(anna), &draft, &answer)), 0);
	assert_null(messages_newest(f, ANNA, user_peer(SERVICE_BOT))->keyboard);
	draft = (struct message){.id = id};
	fixture_refused(f, message_edit(as_bot(f), user_peer(anna), &draft, &answer), 400,
		"MESSAGE_NOT_MODIFIED");
}

static void buttons_that_are_none_are_refused(void **state)
{
	struct fixture *f = *state;
	const struct {
		struct button button;
		const char *fault;
	} wrong[] = {
		{{BUTTON_CALLBACK, BYTES_LITERAL(""), BYTES_LITERAL("x")}, "BUTTON_TEXT_INVALID"},
		{{BUTTON_CALLBACK, BYTES_LITERAL("a"), BYTES_LITERAL("")}, "BUTTON_DATA_INVALID"},
		{{BUTTON_URL, BYTES_LITERAL("a"), BYTES_LITERAL("javascript:x")},
			"BUTTON_URL_INVALID"},
	};

	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		struct call *call = as_bot(f);
		struct keyboard *keyboard = one_button(call, "x");

		keyboard->rows->at[0] = wrong[i].button;
		fixture_refused(f, keyboard_accept(call, &keyboard), 400, wrong[i].fault);
	}
}

static int offer(struct fixture *f, enum bot_place place, const char *language, const char *name,
	const char *about)
{
	struct home_bot_command one = {B(name), B(about)};
	const struct bot_commands commands = {&one, 1};

	return bot_commands_set(as_bot(f), place, B(language), &commands);
}

static int32_t version(struct fixture *f)
{
	struct user user;

	assert_int_equal(user_view(fixture_call(f, ANNA), SERVICE_BOT, &user), 0);
	fixture_end(f, 0);
	return user.bot_version;
}

/* "" : nothing is offered. */
static const char *offered(struct fixture *f, enum bot_place place)
{
	struct bot_commands commands;

	bot_commands_for(fixture_call(f, ANNA), SERVICE_BOT, place, &commands);
	fixture_end(f, 0);
	return commands.count ? arena_printf(&f->arena, "%.*s", (int)commands.at[0].about.size,
					(const char *)commands.at[0].about.data)
			      : "";
}

static void each_is_offered_the_commands_of_his_place_and_language(void **state)
{
	struct fixture *f = *state;
	const struct bot_commands none = {0};
	int32_t before;

	assert_string_equal(offered(f, BOT_IN_GROUPS), "");
	assert_int_equal(fixture_end(f, offer(f, BOT_EVERYWHERE, "", "help", "What I do")), 0);
	assert_string_equal(offered(f, BOT_IN_GROUPS), "What I do");
	before = version(f);
	/* Anna's number is Indonesian. */
	assert_int_equal(fixture_end(f, offer(f, BOT_EVERYWHERE, "id", "help", "Bantuan")), 0);
	assert_int_equal(version(f), before + 1);
	assert_int_equal(fixture_end(f, offer(f, BOT_EVERYWHERE, "id", "help", "Bantuan")), 0);
	assert_int_equal(version(f), before + 1);
	assert_string_equal(offered(f, BOT_IN_PRIVATE), "Bantuan");
	assert_int_equal(fixture_end(f, offer(f, BOT_IN_GROUPS, "", "cases", "Open cases")), 0);
	assert_string_equal(offered(f, BOT_IN_PRIVATE), "Bantuan");
	assert_string_equal(offered(f, BOT_IN_GROUPS), "Open cases");
	assert_int_equal(
		fixture_end(f, bot_commands_set(as_bot(f), BOT_IN_GROUPS, B(""), &none)), 0);
	assert_string_equal(offered(f, BOT_IN_GROUPS), "Bantuan");
}

static void commands_that_are_none_are_refused(void **state)
{
	struct fixture *f = *state;
	struct bot_commands many = {NULL, BOT_COMMANDS_MAX + 1};

	fixture_refused(f, offer(f, BOT_EVERYWHERE, "", "Help", "x"), 400, "BOT_COMMAND_INVALID");
	fixture_refused(f, offer(f, BOT_EVERYWHERE, "", "", "x"), 400, "BOT_COMMAND_INVALID");
	fixture_refused(f, bot_commands_set(as_bot(f), BOT_EVERYWHERE, B(""), &many), 400,
		"BOT_COMMAND_INVALID");
	fixture_refused(f, offer(f, BOT_EVERYWHERE, "", "help", ""), 400,
		"BOT_COMMAND_DESCRIPTION_INVALID");
	fixture_refused(f, offer(f, BOT_EVERYWHERE, "eng", "help", "x"), 400, "LANG_CODE_INVALID");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(it_is_made_once_and_found),
		TEST(what_is_written_to_it_waits_until_it_is_confirmed),
		TEST(a_home_of_yesterday_is_heard),
		TEST(what_is_gone_or_old_is_not_told),
		TEST(it_begins_nothing),
		TEST(it_hears_who_blocks_it),
		TEST(a_press_asks_and_the_answer_goes_back),
		TEST(an_edit_says_which_buttons_there_are),
		TEST(buttons_that_are_none_are_refused),
		TEST(each_is_offered_the_commands_of_his_place_and_language),
		TEST(commands_that_are_none_are_refused),
	};

	return cmocka_run_group_tests_name("core/service_bot", tests, NULL, NULL);
}
