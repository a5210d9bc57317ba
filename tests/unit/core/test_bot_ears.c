/* SPDX-License-Identifier: Apache-2.0 */
/* core/bots/bot_ears.h: what the service bot hears in groups and channels, and what of them is
 * nowhere that it can look; how it comes, is named, and goes. */
#include "channels_fixture.h"
#include "messages_fixture.h"

#include "core/bots/bot_ears.h"
#include "core/bots/bots.h"
#include "core/messages/box.h"
#include "core/channels/channel_standing.h"
#include "core/channels/channels.h"
#include "core/chats/chat_heirs.h"
#include "core/chats/chats.h"

#define BOT_KEY 99 /* of no login: the Bot API has none */

static int64_t next_update;

static int setup(void **state)
{
	struct fixture *f;

	if (messages_setup(state) < 0)
		return -1;
	f = *state;
	next_update = 0;
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

/* All that it has not heard yet; it has heard it then. */
static struct bot_updates hear(struct fixture *f)
{
	struct bot_updates updates;

	assert_int_equal(bot_updates_take(as_bot(f), next_update, BOT_UPDATES_PER_CALL_MAX,
				 BOT_UPDATES_ALL, &updates),
		0);
	fixture_end(f, 0);
	if (updates.count)
		next_update = updates.at[updates.count - 1].id + 1;
	return updates;
}

static void nothing_is_heard(struct fixture *f)
{
	assert_int_equal(hear(f).count, 0);
}

static struct message *hear_message(struct fixture *f, enum bot_update_kind kind, const char *text)
{
	const struct bot_updates updates = hear(f);

	assert_int_equal(updates.count, 1);
	assert_int_equal(updates.at[0].kind, kind);
	assert_true(bytes_equal(updates.at[0].message->text, B(text)));
	return updates.at[0].message;
}

static void hear_standing(struct fixture *f, enum channel_role was, enum channel_role is)
{
	const struct bot_updates updates = hear(f);

	assert_true(updates.count > 0);
	assert_int_equal(updates.at[0].kind, BOT_MY_CHAT_MEMBER);
	assert_int_equal(updates.at[0].was, was);
	assert_int_equal(updates.at[0].is, is);
}

static struct peer channel_peer(int64_t id)
{
	return (struct peer){PEER_CHANNEL, id};
}

/* Of Anna, Budi and the bot. */
static int64_t group(struct fixture *f)
{
	const int64_t users[] = {budi, SERVICE_BOT};
	struct chat_missing missing;
	struct update_set answer;

	assert_int_equal(fixture_end(f, chat_create(fixture_call(f, ANNA), B("Tea"), users, 2,
						&missing, &answer)),
		0);
	assert_int_equal(missing.count, 0);
	return answer.chats[0].chat.id;
}

static void invite(struct fixture *f, int64_t channel)
{
	const int64_t bot = SERVICE_BOT;
	struct update_set answer;
	int64_t missing;
	size_t count;

	assert_int_equal(fixture_end(f, channel_invite(fixture_call(f, ANNA), channel, &bot, 1,
						&missing, &count, &answer)),
		0);
	assert_int_equal(count, 0);
}

static void name_admin(struct fixture *f, int64_t channel, uint32_t rights)
{
	struct update_set answer;

	assert_int_equal(fixture_end(f, channel_edit_admin(fixture_call(f, ANNA), channel,
						SERVICE_BOT, rights, (struct bytes){0}, &answer)),
		0);
}

/* A supergroup with Budi and the bot in it, which has heard that. */
static int64_t supergroup(struct fixture *f)
{
	const int64_t id = channels_make_public(f, "tea_house", false);

	channels_join(f, BUDI, id);
	invite(f, id);
	hear(f);
	return id;
}

/* What the bot says there; its own id of it. */
static int32_t bot_says(struct fixture *f, struct peer to, const char *text)
{
	static int64_t random_id = 900000;
	struct message draft = {.text = B(text), .random_id = random_id++};
	struct update_set answer;

	assert_int_equal(fixture_end(f, message_send(as_bot(f), to, &draft, &answer)), 0);
	for (size_t i = 0; i < answer.update_count; i++)
		if (answer.updates[i].message)
			return answer.updates[i].message->id;
	fail();
	return 0;
}

/* ---- What is said to it ---- */

/* What there is to be said, and whether it is to the bot. */
static const struct {
	const char *text;
	bool heard;
} sayings[] = {
	{"Good evening", false},
	{"/cases", true},
	{"/cases@Lontar_Bot", true},
	{"/cases@other_bot", false},
	{"look at /cases", false},
	{"look at /cases@lontar_bot", true},
	{"\xf0\x9f\x8d\xb5 @lontar_bot t.me/spam/7", true},
	{"@lontar_botany and @lontar", false},
	{"lontar_bot", false},
};

static void all_sayings(struct fixture *f, uint64_t key, struct peer to)
{
	for (size_t i = 0; i < ARRAY_LEN(sayings); i++) {
		if (to.kind == PEER_CHANNEL)
			channels_post(f, key, to.id, sayings[i].text);
		else
			messages_say(f, key, to, sayings[i].text);
		if (sayings[i].heard)
			hear_message(f, BOT_MESSAGE, sayings[i].text);
		else
			nothing_is_heard(f);
	}
}

static void in_a_group_it_hears_what_is_said_to_it(void **state)
{
	struct fixture *f = *state;
	const int64_t id = group(f);

	hear(f);
	all_sayings(f, BUDI, chat_peer(id));
}

static void in_a_supergroup_it_hears_what_is_said_to_it(void **state)
{
	struct fixture *f = *state;

	all_sayings(f, BUDI, channel_peer(supergroup(f)));
}

static void answers_to_it_are_said_to_it(void **state)
{
	struct fixture *f = *state;
	const int64_t id = group(f);
	struct message draft = {.text = B("This one")};

	hear(f);
	bot_says(f, chat_peer(id), "Which?");
	draft.reply_to = messages_newest(f, BUDI, chat_peer(id))->id;
	messages_send_draft(f, BUDI, chat_peer(id), &draft);
	assert_int_not_equal(hear_message(f, BOT_MESSAGE, "This one")->reply_to, 0);
	draft = (struct message){.text = B("Why?")};
	draft.reply_to = messages_newest(f, BUDI, chat_peer(id))->id;
	messages_send_draft(f, BUDI, chat_peer(id), &draft);
	nothing_is_heard(f);
}

static void answers_to_its_posts_are_said_to_it(void **state)
{
	struct fixture *f = *state;
	const int64_t id = supergroup(f);
	const int32_t question = bot_says(f, channel_peer(id), "Which?");
	const int32_t answer = channels_answer(f, BUDI, id, question, 0, "This one");

	hear_message(f, BOT_MESSAGE, "This one");
	channels_answer(f, BUDI, id, answer, 0, "Why?");
	nothing_is_heard(f);
}

static void edits_are_heard_like_messages(void **state)
{
	struct fixture *f = *state;
	const int64_t id = supergroup(f);
	struct message draft = {.id = channels_post(f, BUDI, id, "nothing")};
	struct update_set answer;

	draft.text = B("/cases");
	assert_int_equal(fixture_end(f, message_edit(fixture_call(f, BUDI), channel_peer(id),
						&draft, &answer)),
		0);
	hear_message(f, BOT_EDITED_MESSAGE, "/cases");
	draft = (struct message){.id = draft.id, .text = B("nothing again")};
	assert_int_equal(fixture_end(f, message_edit(fixture_call(f, BUDI), channel_peer(id),
						&draft, &answer)),
		0);
	nothing_is_heard(f);
}

static void edit(struct fixture *f, uint64_t key, struct peer in, int32_t id, const char *text)
{
	struct message draft = {.id = id, .text = B(text)};
	struct update_set answer;

	assert_int_equal(
		fixture_end(f, message_edit(fixture_call(f, key), in, &draft, &answer)), 0);
}

/* It asks only after the edit: the text that there is now was never for it. */
static void what_is_no_longer_said_to_it_is_not_told(void **state)
{
	struct fixture *f = *state;
	const int64_t id = supergroup(f), tea = group(f);
	int32_t command;

	hear(f);
	edit(f, BUDI, channel_peer(id), channels_post(f, BUDI, id, "/cases"), "a secret");
	nothing_is_heard(f);
	edit(f, BUDI, channel_peer(id), channels_post(f, BUDI, id, "/cases"), "/cases now");
	assert_int_equal(hear(f).count, 2); /* the command, and that it was edited */
	command = messages_say(f, BUDI, chat_peer(tea), "/cases");
	edit(f, BUDI, chat_peer(tea), command, "a secret");
	hear_message(f, BOT_MESSAGE, "/cases");
	edit(f, BUDI, chat_peer(tea), command, "/cases again");
	hear_message(f, BOT_EDITED_MESSAGE, "/cases again");
}

static void of_older_posts_an_admin_hears_no_edits(void **state)
{
	struct fixture *f = *state;
	const int64_t id = supergroup(f);
	const int32_t older = channels_post(f, BUDI, id, "from before");
	int32_t newer;

	f->now_s++;
	name_admin(f, id, ADMIN_OTHER);
	hear(f);
	f->now_s++;
	newer = channels_post(f, BUDI, id, "since then");
	hear_message(f, BOT_MESSAGE, "since then");
	edit(f, BUDI, channel_peer(id), older, "from before, with more");
	nothing_is_heard(f);
	edit(f, BUDI, channel_peer(id), older, "/cases");
	hear_message(f, BOT_EDITED_MESSAGE, "/cases");
	edit(f, BUDI, channel_peer(id), newer, "since then, with more");
	hear_message(f, BOT_EDITED_MESSAGE, "since then, with more");
}

/* ---- The wall ---- */

static void of_the_rest_of_a_group_it_has_no_copy(void **state)
{
	struct fixture *f = *state;
	const int64_t id = group(f);
	const struct home_page page = {
		.peer_kind = PEER_CHAT, .peer = id, .below = INT32_MAX, .limit = 100};
	struct home_messages rows;
	struct home_box box;
	struct message message;

	messages_say(f, ANNA, chat_peer(id), "not for it");
	messages_say(f, BUDI, chat_peer(id), "/cases");
	assert_true(box_open(as_bot(f), SERVICE_BOT, &box));
	home_messages_older(&box, &page, &rows);
	assert_int_equal(rows.count, 2); /* that it came, and the command */
	for (size_t i = 0; i < rows.count; i++) {
		box_message_from_row(&box, &rows.at[i], &message);
		assert_false(bytes_equal(message.text, B("not for it")));
	}
	fixture_end(f, 0);
}

/* A newcomer is given the last messages; a bot isn't. */
static void it_is_given_nothing_that_was_there_before(void **state)
{
	struct fixture *f = *state;
	const int64_t id = messages_group(f);
	struct chat_missing missing;
	struct update_set answer;
	struct bot_updates updates;

	messages_say(f, ANNA, chat_peer(id), "/cases, in the past");
	assert_int_equal(fixture_end(f, chat_add(fixture_call(f, ANNA), id, SERVICE_BOT, 100,
						&missing, &answer)),
		0);
	updates = hear(f);
	assert_int_equal(updates.count, 2);
	assert_int_equal(updates.at[0].kind, BOT_MY_CHAT_MEMBER);
	assert_int_equal(updates.at[1].message->action, ACTION_CHAT_ADD);
}

static bool sees(struct fixture *f, int64_t channel, int32_t post)
{
	const bool seen = bot_message(as_bot(f), channel_peer(channel), post) != NULL;

	fixture_end(f, 0);
	return seen;
}

static void of_the_rest_of_a_supergroup_it_sees_nothing(void **state)
{
	struct fixture *f = *state;
	const int64_t id = supergroup(f);
	const int32_t other = channels_post(f, BUDI, id, "not for it");
	const int32_t mine = channels_post(f, BUDI, id, "/cases");

	assert_true(sees(f, id, mine));
	assert_false(sees(f, id, other));
	/* Nor when it becomes an admin; of what follows it hears all. */
	name_admin(f, id, ADMIN_OTHER);
	assert_false(sees(f, id, other));
	f->now_s++;
	hear(f);
	assert_true(sees(f, id, channels_post(f, BUDI, id, "for everybody")));
	hear_message(f, BOT_MESSAGE, "for everybody");
	name_admin(f, id, 0);
	hear_standing(f, ROLE_ADMIN, ROLE_MEMBER);
	channels_post(f, BUDI, id, "not for it");
	nothing_is_heard(f);
}

/* The text of what a post answers, as the bot is told it; "": it isn't. */
static const char *told_replied(struct fixture *f, int64_t channel, int32_t post)
{
	struct call *call = as_bot(f);
	const struct message *message = bot_message(call, channel_peer(channel), post), *replied;

	assert_non_null(message);
	replied = bot_message_replied(call, message);
	fixture_end(f, 0);
	return replied ? arena_printf(&f->arena, "%.*s", (int)replied->text.size,
				 (const char *)replied->text.data)
		       : "";
}

/* Who answers his own words to the bot says them again; somebody else's he doesn't. */
static void what_is_answered_is_told_if_it_is_the_same_persons(void **state)
{
	struct fixture *f = *state;
	const int64_t id = supergroup(f);
	const int32_t own = channels_post(f, BUDI, id, "the link");
	const int32_t other = channels_post(f, ANNA, id, "a secret");
	int32_t notice = channels_answer(f, BUDI, id, own, 0, "/notice");

	assert_string_equal(told_replied(f, id, notice), "the link");
	notice = channels_answer(f, BUDI, id, other, 0, "/notice");
	assert_string_equal(told_replied(f, id, notice), "");
}

/* Who is in a group with the bot has not written to it. */
static void a_group_begins_no_conversation(void **state)
{
	struct fixture *f = *state;
	struct message draft = {.text = B("hello"), .random_id = 77};
	struct update_set answer;

	group(f);
	fixture_refused(f, message_send(as_bot(f), user_peer(budi), &draft, &answer), 400,
		"PEER_ID_INVALID");
}

/* ---- Coming and going ---- */

static void it_hears_where_it_stands_in_a_group(void **state)
{
	struct fixture *f = *state;
	const int64_t id = group(f);
	struct update_set answer;
	struct call *call;

	hear_standing(f, ROLE_LEFT, ROLE_MEMBER);
	assert_int_equal(
		fixture_end(f, chat_edit_admin(fixture_call(f, ANNA), id, SERVICE_BOT, true)), 0);
	hear_standing(f, ROLE_MEMBER, ROLE_ADMIN);
	messages_say(f, BUDI, chat_peer(id), "for everybody");
	hear_message(f, BOT_MESSAGE, "for everybody");
	call = fixture_call(f, ANNA);
	assert_int_equal(fixture_end(f, chat_remove(call, id, SERVICE_BOT, false, &answer)), 0);
	assert_int_equal(hear(f).count, 2);
	messages_say(f, BUDI, chat_peer(id), "/cases");
	nothing_is_heard(f);
}

static void it_leaves_and_may_be_brought_back(void **state)
{
	struct fixture *f = *state;
	const int64_t id = group(f);
	struct chat_missing missing;
	struct update_set answer;

	assert_int_equal(
		fixture_end(f, chat_remove(as_bot(f), id, SERVICE_BOT, false, &answer)), 0);
	assert_int_equal(fixture_end(f, chat_add(fixture_call(f, BUDI), id, SERVICE_BOT, 0,
						&missing, &answer)),
		0);
	assert_int_equal(missing.count, 0);
}

static void it_comes_along_when_the_group_becomes_another(void **state)
{
	struct fixture *f = *state;
	const int64_t id = group(f);
	struct bot_updates updates;
	struct update_set answer;

	hear(f);
	assert_int_equal(fixture_end(f, chat_migrate(fixture_call(f, ANNA), id, &answer)), 0);
	updates = hear(f);
	assert_int_equal(updates.count, 2);
	assert_int_equal(updates.at[0].kind, BOT_MY_CHAT_MEMBER);
	assert_int_equal(updates.at[0].chat.kind, PEER_CHANNEL);
	assert_int_equal(updates.at[1].message->action, ACTION_MIGRATE_TO);
	assert_int_equal(updates.at[1].message->other.id, updates.at[0].chat.id);
	channels_post(f, BUDI, updates.at[0].chat.id, "/cases");
	hear_message(f, BOT_MESSAGE, "/cases");
}

static void in_a_channel_it_is_an_admin_or_not_at_all(void **state)
{
	struct fixture *f = *state;
	const int64_t id = channels_make_public(f, "tea_news", true), bot = SERVICE_BOT;
	struct update_set answer;
	int64_t missing;
	size_t count;

	fixture_refused(f,
		channel_invite(fixture_call(f, ANNA), id, &bot, 1, &missing, &count, &answer), 400,
		"USER_BOT");
	name_admin(f, id, ADMIN_OTHER | ADMIN_POST);
	hear_standing(f, ROLE_LEFT, ROLE_ADMIN);
	channels_post(f, ANNA, id, "Tea is ready");
	hear_message(f, BOT_CHANNEL_POST, "Tea is ready");
	bot_says(f, channel_peer(id), "Three cases today");
	nothing_is_heard(f);
	name_admin(f, id, 0);
	hear_standing(f, ROLE_ADMIN, ROLE_LEFT);
	channels_post(f, ANNA, id, "/cases");
	nothing_is_heard(f);
}

static void it_hears_that_it_was_put_out(void **state)
{
	struct fixture *f = *state;
	const int64_t id = channels_make(f, "Private", false);
	struct update_set answer;

	invite(f, id);
	hear(f);
	assert_int_equal(fixture_end(f, channel_edit_banned(fixture_call(f, ANNA), id, SERVICE_BOT,
						CHAT_SEE, 0, &answer)),
		0);
	hear_standing(f, ROLE_MEMBER, ROLE_BANNED);
}

/* They would get the whole sequence of a supergroup. */
static void other_bots_come_into_no_group(void **state)
{
	struct fixture *f = *state;
	const int64_t house = supergroup(f), news = channels_make(f, "News", true);
	char token[BOT_TOKEN_SIZE];
	struct chat_missing missing;
	struct update_set answer;
	int64_t bot, absent;
	size_t count;

	assert_int_equal(fixture_end(f, bot_add(fixture_call(f, ANNA), B("weather_bot"),
						B("Weather"), &bot, token)),
		0);
	fixture_refused(f, chat_create(fixture_call(f, ANNA), B("Tea"), &bot, 1, &missing, &answer),
		400, "BOT_GROUPS_BLOCKED");
	fixture_refused(f,
		channel_invite(fixture_call(f, ANNA), house, &bot, 1, &absent, &count, &answer),
		400, "BOT_GROUPS_BLOCKED");
	fixture_refused(f,
		channel_edit_admin(
			fixture_call(f, ANNA), news, bot, ADMIN_POST, (struct bytes){0}, &answer),
		400, "BOT_GROUPS_BLOCKED");
}

static void it_inherits_nothing(void **state)
{
	struct fixture *f = *state;
	const int64_t users[] = {SERVICE_BOT};
	struct chat_missing missing;
	struct update_set answer;
	struct call *call = fixture_call(f, ANNA);
	int64_t id, heir;

	assert_int_equal(
		fixture_end(f, chat_create(call, B("Tea"), users, 1, &missing, &answer)), 0);
	id = answer.chats[0].chat.id;
	fixture_refused(f, chat_heir(fixture_call(f, ANNA), id, &heir), 400, "PEER_ID_INVALID");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(in_a_group_it_hears_what_is_said_to_it),
		TEST(in_a_supergroup_it_hears_what_is_said_to_it),
		TEST(answers_to_it_are_said_to_it),
		TEST(answers_to_its_posts_are_said_to_it),
		TEST(edits_are_heard_like_messages),
		TEST(what_is_no_longer_said_to_it_is_not_told),
		TEST(of_older_posts_an_admin_hears_no_edits),
		TEST(of_the_rest_of_a_group_it_has_no_copy),
		TEST(it_is_given_nothing_that_was_there_before),
		TEST(of_the_rest_of_a_supergroup_it_sees_nothing),
		TEST(what_is_answered_is_told_if_it_is_the_same_persons),
		TEST(a_group_begins_no_conversation),
		TEST(it_hears_where_it_stands_in_a_group),
		TEST(it_leaves_and_may_be_brought_back),
		TEST(it_comes_along_when_the_group_becomes_another),
		TEST(in_a_channel_it_is_an_admin_or_not_at_all),
		TEST(it_hears_that_it_was_put_out),
		TEST(other_bots_come_into_no_group),
		TEST(it_inherits_nothing),
	};

	return cmocka_run_group_tests_name("core/bot_ears", tests, NULL, NULL);
}
