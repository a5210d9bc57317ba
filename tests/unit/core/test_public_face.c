/* SPDX-License-Identifier: Apache-2.0 */
/* core/accounts/public_face.h: what the square has of an account with a public name, and what
 * orders and reports about it do. */
#include "channels_fixture.h"

#include "core/accounts/contacts_find.h"
#include "core/accounts/privacy.h"
#include "core/accounts/privacy_rules.h"
#include "core/accounts/public_face.h"
#include "core/accounts/users.h"
#include "core/accounts/login_bot.h"
#include "core/bots/bots.h"
#include "core/bots/callbacks.h"
#include "core/bots/keyboard.h"
#include "core/channels/reports.h"
#include "core/messages/messages.h"
#include "core/posts/orders.h"
#include "core/typing_action.h"
#include "store/home_contacts.h"
#include "store/square_profiles.h"

#define NEWS "ayu_public"

static void name(struct fixture *f, const char *text)
{
	assert_int_equal(fixture_end(f, user_username_set(fixture_call(f, OWNER_KEY), B(text))), 0);
}

static void says(struct fixture *f, const char *about)
{
	const struct bytes none = {NULL, 0};

	assert_int_equal(fixture_end(f, user_update_profile(
						fixture_call(f, OWNER_KEY), none, none, B(about))),
		0);
}

static bool face(struct fixture *f, int64_t id, struct profile_row *out)
{
	bool found = square_profile_get(store_square(&f->store), &f->arena, id, out);

	assert_int_equal(store_commit(&f->store), 0);
	return found;
}

static void order_until(struct fixture *f, int64_t id, int64_t account, const char *action,
	const char *countries, int64_t until_s)
{
	db_run(store_square(&f->store),
		"INSERT INTO orders (id, case_id, channel, post, action, countries, text, reason,"
		" letter, created_at, ends_at) VALUES (?1, 1, ?2, 0, ?3, ?4, 'Not shown.', 'fraud',"
		" 'Why.', 1, ?5)",
		DB_INT(id), DB_INT(-account), DB_STR(action), DB_STR(countries), DB_INT(until_s));
	assert_int_equal(store_commit(&f->store), 0);
}

static void expect_outcome(struct fixture *f, const char *outcome)
{
	struct executed_orders done;

	assert_int_equal(fixture_end(f, orders_execute(fixture_call(f, 99), &done)), 0);
	assert_int_equal(done.count, 1);
	assert_true(bytes_equal(done.at[0].outcome, B(outcome)));
}

static void done(struct fixture *f, int64_t id, int64_t account, const char *action)
{
	order_until(f, id, account, action, NULL, 0);
	expect_outcome(f, "done");
}

static struct user seen_by(struct fixture *f, uint64_t key, int64_t account)
{
	struct user user;

	assert_int_equal(fixture_end(f, user_view(fixture_call(f, key), account, &user)), 0);
	return user;
}

static int resolve(struct fixture *f, uint64_t key, const char *text)
{
	struct peer peer;

	return contacts_resolve_name(fixture_call(f, key), B(text), &peer);
}

static size_t found(struct fixture *f, uint64_t key, const char *text)
{
	struct contacts_found out = {0};

	assert_int_equal(fixture_end(f, contacts_search(fixture_call(f, key), B(text), SEARCH_ALL,
						10, &out)),
		0);
	return out.other_count;
}

static struct bytes bio(struct fixture *f, uint64_t key, int64_t account)
{
	struct user_card card;

	user_card(fixture_call(f, key), account, &card);
	assert_int_equal(fixture_end(f, 0), 0);
	return card.about;
}

static int write_to(struct fixture *f, uint64_t key, int64_t account)
{
	struct message draft = {.text = B("hello"), .random_id = 7};
	struct update_set answer;

	return message_send(fixture_call(f, key), user_peer(account), &draft, &answer);
}

static int64_t make(struct fixture *f, struct people *people)
{
	*people = channels_people(f);
	name(f, NEWS);
	says(f, "I sell everything");
	return people->owner;
}

static void it_comes_and_goes_with_the_name(void **state)
{
	struct fixture *f = *state;
	struct privacy_rule nobody = {.kind = RULE_DISALLOW_ALL};
	struct privacy_rules rules = {.at = &nobody, .count = 1};
	struct profile_row row;
	struct people people = channels_people(f);
	int64_t id = people.owner;

	says(f, "nobody's business");
	assert_false(face(f, id, &row));
	assert_false(fixture_file_contains(f->square, "nobody's business", 17));
	name(f, "Ayu_Public");
	assert_true(face(f, id, &row));
	assert_true(bytes_equal(row.username, B("Ayu_Public")));
	assert_true(bytes_equal(row.about, B("nobody's business")));
	assert_false(row.is_bot);
	says(f, "I sell everything");
	assert_true(face(f, id, &row));
	assert_true(bytes_equal(row.about, B("I sell everything")));
	/* What strangers may not read is none of the square's. */
	assert_int_equal(
		fixture_end(f, privacy_set(fixture_call(f, OWNER_KEY), PRIVACY_ABOUT, &rules)), 0);
	assert_true(face(f, id, &row));
	assert_int_equal(row.about.size, 0);
	name(f, "");
	assert_false(face(f, id, &row));
}

static void what_was_named_before_gets_one(void **state)
{
	struct fixture *f = *state;
	struct people people;
	int64_t id = make(f, &people);
	struct profile_row row;

	db_run(store_square(&f->store), "DELETE FROM profiles");
	assert_int_equal(store_commit(&f->store), 0);
	public_faces_repair(fixture_call(f, 99));
	assert_int_equal(fixture_end(f, 0), 0);
	assert_true(face(f, id, &row));
	/* Once: a row that is missed later is not made again at each start. */
	db_run(store_square(&f->store), "DELETE FROM profiles");
	db_run(store_square(&f->store), "DELETE FROM profiles_changed");
	assert_int_equal(store_commit(&f->store), 0);
	public_faces_repair(fixture_call(f, 99));
	assert_int_equal(fixture_end(f, 0), 0);
	assert_false(face(f, id, &row));
}

/* A crash between the two commits: the square has what the home never had. */
static void crash(struct fixture *f)
{
	assert_int_equal(db_commit(f->store.square_db), 0);
	store_rollback(&f->store);
	public_faces_repair(fixture_call(f, 99));
	assert_int_equal(fixture_end(f, 0), 0);
}

static void a_crash_leaves_no_face_that_the_home_does_not_know(void **state)
{
	struct fixture *f = *state;
	struct people people;
	int64_t id = make(f, &people);
	const struct bytes same = {NULL, 0};
	struct profile_row row;

	assert_int_equal(
		user_update_profile(fixture_call(f, OWNER_KEY), same, same, B("not for you")), 0);
	crash(f);
	assert_true(face(f, id, &row));
	assert_true(bytes_equal(row.about, B("I sell everything")));

	assert_int_equal(user_username_set(fixture_call(f, OWNER_KEY), B("ayu_other")), 0);
	crash(f);
	assert_true(face(f, id, &row));
	assert_true(bytes_equal(row.username, B(NEWS)));
	fixture_refused(f, resolve(f, GERMAN_KEY, "ayu_other"), 400, "USERNAME_NOT_OCCUPIED");
	assert_int_equal(fixture_end(f, resolve(f, GERMAN_KEY, NEWS)), 0);

	assert_int_equal(user_username_set(fixture_call(f, OWNER_KEY), B("")), 0);
	crash(f);
	assert_true(face(f, id, &row));
	assert_int_equal(fixture_end(f, resolve(f, GERMAN_KEY, NEWS)), 0);
	/* And it is his to change as before. */
	name(f, "ayu_other");
	assert_true(face(f, id, &row));
	assert_true(bytes_equal(row.username, B("ayu_other")));
}

static void strangers_find_nobody_who_was_removed(void **state)
{
	struct fixture *f = *state;
	struct people people;
	int64_t id = make(f, &people);
	struct home_contact saved = {.owner = people.indonesian,
		.contact = id,
		.first_name = B("Ayu"),
		.last_name = B("")};
	struct user user;

	home_contact_put(store_home(&f->store), f->vault, &f->arena, &saved);
	assert_int_equal(store_commit(&f->store), 0);
	assert_int_equal(fixture_end(f, resolve(f, GERMAN_KEY, NEWS)), 0);
	assert_int_equal(found(f, GERMAN_KEY, NEWS), 1);
	done(f, 1, id, "remove");
	fixture_refused(f, resolve(f, GERMAN_KEY, NEWS), 400, "USERNAME_NOT_OCCUPIED");
	assert_int_equal(found(f, GERMAN_KEY, NEWS), 0);
	user = seen_by(f, GERMAN_KEY, id);
	assert_int_equal(user.username.size, 0);
	assert_true(bytes_equal(user.restriction_text, B("Not shown.")));
	assert_true(bytes_equal(user.restriction_reason, B("fraud")));
	assert_int_equal(bio(f, GERMAN_KEY, id).size, 0);
	/* The name is not free for others meanwhile. */
	fixture_refused(f, user_username_set(fixture_call(f, GERMAN_KEY), B(NEWS)), 400,
		"USERNAME_OCCUPIED");
	/* Who knows him from the home sees no difference, nor does he. */
	user = seen_by(f, INDONESIAN_KEY, id);
	assert_true(bytes_equal(user.username, B(NEWS)));
	assert_int_equal(user.restriction_text.size, 0);
	assert_true(bytes_equal(bio(f, INDONESIAN_KEY, id), B("I sell everything")));
	assert_int_equal(fixture_end(f, resolve(f, INDONESIAN_KEY, NEWS)), 0);
	assert_true(bytes_equal(seen_by(f, OWNER_KEY, id).username, B(NEWS)));
	/* Another name does not help, nor does none for a while. */
	name(f, "");
	name(f, "ayu_again");
	fixture_refused(f, resolve(f, GERMAN_KEY, "ayu_again"), 400, "USERNAME_NOT_OCCUPIED");
	done(f, 2, id, "restore");
	assert_int_equal(fixture_end(f, resolve(f, GERMAN_KEY, "ayu_again")), 0);
	user = seen_by(f, GERMAN_KEY, id);
	assert_true(bytes_equal(user.username, B("ayu_again")));
	assert_int_equal(user.restriction_text.size, 0);
	assert_true(bytes_equal(bio(f, GERMAN_KEY, id), B("I sell everything")));
}

static void a_restriction_is_of_its_countries(void **state)
{
	struct fixture *f = *state;
	struct people people;
	int64_t id = make(f, &people);

	order_until(f, 1, id, "restrict", "DE,MY", f->now_s + 100);
	expect_outcome(f, "done");
	assert_true(bytes_equal(seen_by(f, GERMAN_KEY, id).restriction_text, B("Not shown.")));
	assert_int_equal(seen_by(f, INDONESIAN_KEY, id).restriction_text.size, 0);
	assert_int_equal(found(f, GERMAN_KEY, NEWS), 0);
	assert_int_equal(found(f, INDONESIAN_KEY, NEWS), 1);
	/* It is found by its name: clients show the text. */
	assert_int_equal(fixture_end(f, resolve(f, GERMAN_KEY, NEWS)), 0);
	f->now_s += 101;
	orders_end_due(fixture_call(f, 99));
	assert_int_equal(fixture_end(f, 0), 0);
	assert_int_equal(seen_by(f, GERMAN_KEY, id).restriction_text.size, 0);
}

static void a_label_is_a_warning(void **state)
{
	struct fixture *f = *state;
	struct people people;
	int64_t id = make(f, &people);
	struct user user;

	done(f, 1, id, "label");
	user = seen_by(f, GERMAN_KEY, id);
	assert_true(bytes_equal(user.label, B("Not shown.")));
	assert_int_equal(user.restriction_text.size, 0);
	assert_true(bytes_equal(user.username, B(NEWS)));
	assert_int_equal(found(f, GERMAN_KEY, NEWS), 1);
}

static void what_can_not_be_done_is_said(void **state)
{
	struct fixture *f = *state;
	struct people people;
	int64_t id = make(f, &people);

	order_until(f, 1, id, "freeze", NULL, f->now_s + 100);
	expect_outcome(f, "not about such a thing");
	order_until(f, 2, id, "restrict", "de", 0);
	expect_outcome(f, "malformed list of countries");
	order_until(f, 3, people.german, "remove", NULL, 0);
	expect_outcome(f, "not public");
	order_until(f, 6, id, "remove", NULL, 0);
	db_run(store_square(&f->store), "UPDATE orders SET post = 7 WHERE id = 6");
	expect_outcome(f, "no such post");
	assert_int_equal(seen_by(f, GERMAN_KEY, id).restriction_text.size, 0);
	done(f, 4, id, "remove");
	name(f, "");
	done(f, 5, id, "restore");
	name(f, NEWS);
	assert_int_equal(seen_by(f, GERMAN_KEY, id).restriction_text.size, 0);
}

static void a_removed_bot_reaches_nobody(void **state)
{
	struct fixture *f = *state;
	char token[BOT_TOKEN_SIZE];
	int64_t bot, in;

	channels_people(f);
	assert_int_equal(fixture_end(f, bot_add(fixture_call(f, 99), B("weather_bot"), B("Weather"),
						&bot, token)),
		0);
	assert_int_equal(fixture_end(f, login_bot(fixture_call(f, 40), B(token), &in)), 0);
	assert_int_equal(fixture_end(f, write_to(f, GERMAN_KEY, bot)), 0);
	done(f, 1, bot, "remove");
	/* Who wrote before has it told, and is refused as well. */
	assert_int_equal(seen_by(f, GERMAN_KEY, bot).username.size, 0);
	fixture_refused(f, resolve(f, INDONESIAN_KEY, "weather_bot"), 400, "USERNAME_NOT_OCCUPIED");
	fixture_refused(f, write_to(f, GERMAN_KEY, bot), 403, "CHAT_WRITE_FORBIDDEN");
	fixture_refused(f, write_to(f, INDONESIAN_KEY, bot), 403, "CHAT_WRITE_FORBIDDEN");
	done(f, 2, bot, "restore");
	assert_int_equal(fixture_end(f, write_to(f, INDONESIAN_KEY, bot)), 0);
}

static int32_t newest_of(struct fixture *f, int64_t owner)
{
	int64_t id = db_get_int(store_home(&f->store), -1,
		"SELECT max(id) FROM messages WHERE owner = ?1", DB_INT(owner));

	assert_int_equal(store_commit(&f->store), 0);
	return (int32_t)id;
}

static int edit_in(struct fixture *f, uint64_t key, int64_t other, int32_t id, const char *text)
{
	struct message draft = {.id = id, .text = B(text)};
	struct update_set answer;

	return message_edit(fixture_call(f, key), user_peer(other), &draft, &answer);
}

static int pin_in(struct fixture *f, uint64_t key, int64_t other, int32_t id)
{
	const struct pinning pinning = {.id = id};
	struct update_set answer;

	return message_pin(fixture_call(f, key), user_peer(other), &pinning, &answer);
}

/* Nor does it by what it wrote before, and nobody presses its buttons any more. */
static void a_removed_bot_is_mute_in_every_way(void **state)
{
	struct fixture *f = *state;
	struct button button = {BUTTON_CALLBACK, B("Buy"), B("buy")};
	struct button_row row = {&button, 1};
	struct keyboard keyboard = {.rows = &row, .count = 1};
	struct message draft = {.text = B("Sun"), .random_id = 8, .keyboard = &keyboard};
	const int64_t german = channels_people(f).german;
	char token[BOT_TOKEN_SIZE];
	struct update_set answer;
	int32_t own, theirs; /* what the bot wrote, in both boxes */
	int64_t bot, in;

	assert_int_equal(fixture_end(f, bot_add(fixture_call(f, 99), B("weather_bot"), B("Weather"),
						&bot, token)),
		0);
	assert_int_equal(fixture_end(f, login_bot(fixture_call(f, 40), B(token), &in)), 0);
	assert_int_equal(fixture_end(f, write_to(f, GERMAN_KEY, bot)), 0);
	assert_int_equal(
		fixture_end(f, edit_in(f, GERMAN_KEY, bot, newest_of(f, german), "hi")), 0);
	assert_int_equal(fixture_end(f, message_send(fixture_call(f, 40), user_peer(german), &draft,
						&answer)),
		0);
	assert_int_equal(fixture_end(f, callback_ask(fixture_call(f, GERMAN_KEY), user_peer(bot),
						newest_of(f, german), B("buy"))),
		0);
	own = newest_of(f, bot);
	theirs = newest_of(f, german);
	for (int removed = 1; removed >= 0; removed--) {
		const int32_t code = removed ? 403 : 0;

		done(f, removed ? 1 : 2, bot, removed ? "remove" : "restore");
#define EXPECT(what)                                                                               \
	do {                                                                                       \
		if (code)                                                                          \
			fixture_refused(f, what, 403, "CHAT_WRITE_FORBIDDEN");                     \
		else                                                                               \
			assert_int_equal(fixture_end(f, what), 0);                                 \
	} while (0)
		EXPECT(callback_ask(fixture_call(f, GERMAN_KEY), user_peer(bot), theirs, B("buy")));
		EXPECT(edit_in(f, 40, german, own, "Rain"));
		EXPECT(edit_in(f, GERMAN_KEY, bot, theirs - 1, "hello there"));
		EXPECT(pin_in(f, 40, german, own));
		EXPECT(message_typing(fixture_call(f, 40), user_peer(german), 0, TYPING_TYPING, 0));
#undef EXPECT
	}
}

/* Somebody pressed before the order: the answer came too late. */
static void a_removed_bot_answers_nobody(void **state)
{
	struct fixture *f = *state;
	struct button button = {BUTTON_CALLBACK, B("Buy"), B("buy")};
	struct button_row row = {&button, 1};
	struct keyboard keyboard = {.rows = &row, .count = 1};
	struct message draft = {.text = B("Sun"), .random_id = 8, .keyboard = &keyboard};
	const struct callback_answer answer = {.text = B("Taken")};
	const int64_t german = channels_people(f).german;
	char token[BOT_TOKEN_SIZE];
	struct update_set sent;
	int64_t bot, in, query;
	struct call *call;
	int32_t theirs;

	assert_int_equal(fixture_end(f, bot_add(fixture_call(f, 99), B("weather_bot"), B("Weather"),
						&bot, token)),
		0);
	assert_int_equal(fixture_end(f, login_bot(fixture_call(f, 40), B(token), &in)), 0);
	assert_int_equal(fixture_end(f, write_to(f, GERMAN_KEY, bot)), 0);
	assert_int_equal(
		fixture_end(f, message_send(fixture_call(f, 40), user_peer(german), &draft, &sent)),
		0);
	theirs = newest_of(f, german);
	call = fixture_call(f, GERMAN_KEY);
	assert_int_equal(callback_ask(call, user_peer(bot), theirs, B("buy")), 0);
	query = call->awaits;
	assert_int_equal(fixture_end(f, 0), 0);
	done(f, 1, bot, "remove");
	fixture_refused(f, callback_answer(fixture_call(f, 40), query, &answer), 403,
		"CHAT_WRITE_FORBIDDEN");
	done(f, 2, bot, "restore");
	assert_int_equal(fixture_end(f, callback_answer(fixture_call(f, 40), query, &answer)), 0);
}

static int64_t reports_about(struct fixture *f, int64_t subject)
{
	int64_t count = db_get_int(store_square(&f->store), -1,
		"SELECT count(*) FROM reports WHERE channel = ?1", DB_INT(subject));

	assert_int_equal(store_commit(&f->store), 0);
	return count;
}

static int report(struct fixture *f, int64_t account, const int32_t *ids, size_t count, bool chat)
{
	const struct report row = {.peer = user_peer(account),
		.ids = ids,
		.count = count,
		.of_chat = chat,
		.category = B("other")};

	return fixture_end(f, report_file(fixture_call(f, GERMAN_KEY), &row));
}

static void reports_about_a_profile_go_to_the_desk(void **state)
{
	struct fixture *f = *state;
	const struct square_report_category other = {B("other"), B("Other"), B("")};
	const int32_t message = 1;
	struct people people;
	int64_t id = make(f, &people);

	square_report_category_insert(store_square(&f->store), 0, "", &other);
	assert_int_equal(store_commit(&f->store), 0);
	/* Of the home: who has no public name, what somebody wrote, that he wrote. */
	assert_int_equal(report(f, people.indonesian, NULL, 0, false), 0);
	assert_int_equal(report(f, id, &message, 1, false), 0);
	assert_int_equal(report(f, id, NULL, 0, true), 0);
	assert_int_equal(reports_about(f, -id), 0);
	assert_int_equal(reports_about(f, -people.indonesian), 0);
	assert_int_equal(report(f, id, NULL, 0, false), 0);
	assert_int_equal(reports_about(f, -id), 1);
	assert_int_equal(report(f, id, NULL, 0, false), 0); /* the same again counts once */
	assert_int_equal(reports_about(f, -id), 1);
}

#define RULE(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		RULE(it_comes_and_goes_with_the_name),
		RULE(what_was_named_before_gets_one),
		RULE(a_crash_leaves_no_face_that_the_home_does_not_know),
		RULE(strangers_find_nobody_who_was_removed),
		RULE(a_restriction_is_of_its_countries),
		RULE(a_label_is_a_warning),
		RULE(what_can_not_be_done_is_said),
		RULE(a_removed_bot_reaches_nobody),
		RULE(a_removed_bot_is_mute_in_every_way),
		RULE(a_removed_bot_answers_nobody),
		RULE(reports_about_a_profile_go_to_the_desk),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
