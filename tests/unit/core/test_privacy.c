/* SPDX-License-Identifier: Apache-2.0 */
/* core/accounts/privacy.c, privacy_rules.c, blocks.c: every rule, viewer and key, and what is told
 * when. */
#include "accounts_fixture.h"

#include "core/accounts/blocks.h"
#include "core/changes.h"
#include "core/accounts/privacy_rules.h"
#include "core/accounts/users.h"
#include "store/home_contacts.h"
#include "store/home_privacy.h"

#define AYU "6281200000001"
#define BUDI "6281200000002"

/* ---- Rules alone: each kind, for each kind of viewer ---- */

enum viewer { STRANGER, CONTACT, CLOSE_FRIEND, BOT, NAMED, IN_CHAT, VIEWERS };

#define VIEWER_ID 7
#define CHAT_ID 70

static bool viewer_is_contact(void *ctx)
{
	const enum viewer *viewer = ctx;

	return *viewer == CONTACT || *viewer == CLOSE_FRIEND;
}

static bool viewer_is_close_friend(void *ctx)
{
	return *(const enum viewer *)ctx == CLOSE_FRIEND;
}

static bool viewer_is_bot(void *ctx)
{
	return *(const enum viewer *)ctx == BOT;
}

static bool viewer_is_in_chat(void *ctx, int64_t chat)
{
	return *(const enum viewer *)ctx == IN_CHAT && chat == CHAT_ID;
}

static bool allowed(const struct privacy_rule *rules, size_t count, enum viewer viewer)
{
	const struct privacy_rules list = {(struct privacy_rule *)rules, count};
	const struct privacy_viewer who = {.ctx = &viewer,
		.id = viewer == NAMED ? VIEWER_ID : VIEWER_ID + 1,
		.is_contact = viewer_is_contact,
		.is_close_friend = viewer_is_close_friend,
		.is_bot = viewer_is_bot,
		.is_in_chat = viewer_is_in_chat};

	return privacy_rules_allow(&list, &who);
}

static int64_t user_ids[] = {VIEWER_ID};
static int64_t chat_ids[] = {CHAT_ID - 1, CHAT_ID};

static struct privacy_rule rule_of(enum privacy_rule_kind kind)
{
	struct privacy_rule rule = {.kind = kind};

	if (privacy_rule_names_users(kind)) {
		rule.ids = user_ids;
		rule.count = 1;
	}
	if (privacy_rule_names_chats(kind)) {
		rule.ids = chat_ids;
		rule.count = 2;
	}
	return rule;
}

/* Of whom a rule speaks: stranger, contact, close friend, bot, named, in the chat. */
static const bool speaks[RULE_KIND_COUNT][VIEWERS] = {
	[RULE_ALLOW_ALL] = {1, 1, 1, 1, 1, 1},
	[RULE_ALLOW_CONTACTS] = {0, 1, 1, 0, 0, 0},
	[RULE_ALLOW_CLOSE_FRIENDS] = {0, 0, 1, 0, 0, 0},
	[RULE_ALLOW_PREMIUM] = {0, 0, 0, 0, 0, 0},
	[RULE_ALLOW_BOTS] = {0, 0, 0, 1, 0, 0},
	[RULE_ALLOW_USERS] = {0, 0, 0, 0, 1, 0},
	[RULE_ALLOW_CHATS] = {0, 0, 0, 0, 0, 1},
	[RULE_DISALLOW_ALL] = {1, 1, 1, 1, 1, 1},
	[RULE_DISALLOW_CONTACTS] = {0, 1, 1, 0, 0, 0},
	[RULE_DISALLOW_BOTS] = {0, 0, 0, 1, 0, 0},
	[RULE_DISALLOW_USERS] = {0, 0, 0, 0, 1, 0},
	[RULE_DISALLOW_CHATS] = {0, 0, 0, 0, 0, 1},
};

static void the_first_rule_that_speaks_of_the_viewer_decides(void **state)
{
	for (int kind = 0; kind < RULE_KIND_COUNT; kind++) {
		for (int viewer = 0; viewer < VIEWERS; viewer++) {
			const bool allows = kind < RULE_DISALLOW_ALL;
			const struct privacy_rule one = rule_of(kind);
			const struct privacy_rule before_all[] = {
				one, rule_of(allows ? RULE_DISALLOW_ALL : RULE_ALLOW_ALL)};
			const struct privacy_rule after_all[] = {
				rule_of(allows ? RULE_DISALLOW_ALL : RULE_ALLOW_ALL), one};

			assert_int_equal(allowed(&one, 1, viewer), allows && speaks[kind][viewer]);
			assert_int_equal(allowed(before_all, 2, viewer),
				speaks[kind][viewer] ? allows : !allows);
			assert_int_equal(allowed(after_all, 2, viewer), !allows);
		}
	}
	assert_false(allowed(NULL, 0, CONTACT));
}

static void rules_are_stored_as_they_were(void **state)
{
	struct fixture *f = *state;
	struct privacy_rule all[RULE_KIND_COUNT];
	struct privacy_rules rules = {all, RULE_KIND_COUNT}, back;
	struct bytes stored;

	for (int kind = 0; kind < RULE_KIND_COUNT; kind++)
		all[kind] = rule_of(kind);
	stored = privacy_rules_encode(&f->arena, &rules);
	assert_int_equal(privacy_rules_decode(&f->arena, stored, &back), 0);
	assert_int_equal(back.count, RULE_KIND_COUNT);
	for (size_t i = 0; i < back.count; i++) {
		assert_int_equal(back.at[i].kind, i);
		assert_int_equal(back.at[i].count, all[i].count);
		for (size_t j = 0; j < back.at[i].count; j++)
			assert_int_equal(back.at[i].ids[j], all[i].ids[j]);
	}
	/* Cut anywhere but between two rules it is refused, and never read beyond. */
	for (size_t size = 0; size < stored.size; size++) {
		if (privacy_rules_decode(&f->arena, bytes_of(stored.data, size), &back) == 0)
			assert_true(back.count < RULE_KIND_COUNT);
	}
	assert_int_equal(privacy_rules_decode(&f->arena, bytes_of("\x0c\0\0\0\0", 5), &back), -1);
	assert_int_equal(privacy_rules_decode(&f->arena, bytes_of("\x00\1\0\0\0", 5), &back), -1);
}

/* ---- Accounts: each key, for who is a stranger, saved, a close friend, blocked ---- */

static int set(struct fixture *f, uint64_t key_id, enum privacy_key key,
	const struct privacy_rule *rules, size_t count)
{
	const struct privacy_rules list = {(struct privacy_rule *)rules, count};

	return privacy_set(fixture_call(f, key_id), key, &list);
}

static void set_one(
	struct fixture *f, uint64_t key_id, enum privacy_key key, enum privacy_rule_kind kind)
{
	const struct privacy_rule rule = {.kind = kind};

	assert_int_equal(fixture_end(f, set(f, key_id, key, &rule, 1)), 0);
}

/* owner saves other, whose number he knows. */
static void save(struct fixture *f, uint64_t key_id, int64_t other, const char *phone)
{
	struct call *call = fixture_call(f, key_id);
	struct home_contact contact = {.owner = call->user,
		.contact = other,
		.first_name = B("saved"),
		.last_name = B(""),
		.created_at_s = 1};

	vault_lookup(f->vault, "test", B(phone), contact.key_hash);
	home_contact_put(call_home(call), f->vault, call->arena, &contact);
	assert_int_equal(fixture_end(f, 0), 0);
}

static bool sees(struct fixture *f, int64_t owner, enum privacy_key key, int64_t viewer)
{
	return privacy_allows(fixture_call(f, 1), owner, key, viewer);
}

static void defaults_are_those_that_people_know(void **state)
{
	struct fixture *f = *state;
	int64_t ayu = fixture_sign_up(f, 1, AYU, "Ayu", "");
	int64_t budi = fixture_sign_up(f, 2, BUDI, "Budi", "");

	for (int key = 0; key < PRIVACY_KEY_COUNT; key++) {
		const bool contacts_only =
			key == PRIVACY_PHONE || key == PRIVACY_BIRTHDAY || key == PRIVACY_P2P;

		assert_int_equal(sees(f, ayu, key, budi), !contacts_only);
		assert_true(sees(f, ayu, key, ayu));
		assert_true(sees(f, SERVICE_USER, key, budi));
		assert_false(sees(f, budi + 1, key, ayu));
	}
	save(f, 1, budi, BUDI);
	for (int key = 0; key < PRIVACY_KEY_COUNT; key++)
		assert_true(sees(f, ayu, key, budi));
}

static void each_key_has_rules_of_its_own_and_a_block_beats_them(void **state)
{
	struct fixture *f = *state;
	int64_t ayu = fixture_sign_up(f, 1, AYU, "Ayu", "");
	int64_t budi = fixture_sign_up(f, 2, BUDI, "Budi", "");

	for (int key = 0; key < PRIVACY_KEY_COUNT; key++) {
		set_one(f, 1, key, RULE_DISALLOW_ALL);
		assert_false(sees(f, ayu, key, budi));
		assert_true(sees(f, ayu, key, ayu));
		if (key + 1 < PRIVACY_KEY_COUNT && key + 1 != PRIVACY_PHONE &&
			key + 1 != PRIVACY_BIRTHDAY && key + 1 != PRIVACY_P2P)
			assert_true(sees(f, ayu, key + 1, budi));
		set_one(f, 1, key, RULE_ALLOW_CLOSE_FRIENDS);
		assert_false(sees(f, ayu, key, budi));
		home_close_friend_put(call_home(fixture_call(f, 1)), ayu, budi);
		assert_true(sees(f, ayu, key, budi));
		home_close_friend_delete(call_home(fixture_call(f, 1)), ayu, budi);
		set_one(f, 1, key, RULE_ALLOW_ALL);
		assert_int_equal(fixture_end(f, block_set(fixture_call(f, 1), budi, true)), 0);
		assert_false(sees(f, ayu, key, budi));
		assert_int_equal(fixture_end(f, block_set(fixture_call(f, 1), budi, false)), 0);
		assert_true(sees(f, ayu, key, budi));
	}
}

static void setting_rules_is_checked_completed_and_told(void **state)
{
	struct fixture *f = *state;
	int64_t ayu = fixture_sign_up(f, 1, AYU, "Ayu", "");
	int64_t many[PRIVACY_ENTRIES_MAX];
	struct privacy_rule rule = {.kind = RULE_ALLOW_CONTACTS};
	struct home_change change = {.kind = CHANGE_PRIVACY, .item = PRIVACY_VOICE};
	struct privacy_rules rules;
	struct update update;
	const struct effect *told;

	assert_int_equal(fixture_end(f, set(f, 1, PRIVACY_VOICE, &rule, 1)), 0);
	told = fixture_effect(f, EFFECT_ACCOUNT, ayu);
	assert_int_equal(told->set.updates[0].kind, UPDATE_PRIVACY);
	assert_int_equal(told->set.updates[0].key, PRIVACY_VOICE);
	assert_int_equal(told->except_session, f->call.session_id);
	privacy_get(fixture_call(f, 1), PRIVACY_VOICE, &rules);
	assert_int_equal(rules.count, 2);
	assert_int_equal(rules.at[1].kind, RULE_DISALLOW_ALL);
	assert_true(privacy_change(fixture_call(f, 1), &change, &update));
	assert_int_equal(privacy_rules_decode(&f->arena, update.rules, &rules), 0);
	assert_int_equal(rules.at[0].kind, RULE_ALLOW_CONTACTS);
	change.item = PRIVACY_KEY_COUNT;
	assert_false(privacy_change(fixture_call(f, 1), &change, &update));

	memset(many, 0, sizeof(many));
	rule = (struct privacy_rule){RULE_ALLOW_USERS, many, PRIVACY_ENTRIES_MAX};
	fixture_refused(f, set(f, 1, PRIVACY_VOICE, &rule, 1), 400, "PRIVACY_TOO_LONG");
	rule = (struct privacy_rule){RULE_ALLOW_CHATS, chat_ids, 1};
	fixture_refused(f, set(f, 1, PRIVACY_VOICE, &rule, 1), 400, "PRIVACY_VALUE_INVALID");
}

static void somebody_is_made_an_exception(void **state)
{
	struct fixture *f = *state;
	int64_t ayu = fixture_sign_up(f, 1, AYU, "Ayu", "");
	int64_t budi = fixture_sign_up(f, 2, BUDI, "Budi", "");
	int64_t ids[] = {budi};
	const struct privacy_rule never[] = {
		{RULE_DISALLOW_USERS, ids, 1}, {.kind = RULE_ALLOW_CONTACTS}};
	struct privacy_rules rules;

	assert_int_equal(fixture_end(f, set(f, 1, PRIVACY_PHONE, never, 2)), 0);
	assert_false(sees(f, ayu, PRIVACY_PHONE, budi));
	assert_int_equal(
		fixture_end(f, privacy_allow_user(fixture_call(f, 1), PRIVACY_PHONE, budi)), 0);
	assert_true(sees(f, ayu, PRIVACY_PHONE, budi));
	privacy_get(fixture_call(f, 1), PRIVACY_PHONE, &rules);
	assert_int_equal(rules.at[0].kind, RULE_ALLOW_USERS);
	assert_int_equal(rules.at[1].count, 0);
}

static void other_exceptions_stay_where_they_are(void **state)
{
	struct fixture *f = *state;
	int64_t budi, others[] = {1001, 1002};
	struct privacy_rule list[] = {{RULE_ALLOW_USERS, &others[0], 1},
		{.kind = RULE_DISALLOW_BOTS}, {RULE_ALLOW_USERS, &others[1], 1},
		{.kind = RULE_DISALLOW_ALL}};
	struct privacy_rules rules;

	fixture_sign_up(f, 1, AYU, "Ayu", "");
	budi = fixture_sign_up(f, 2, BUDI, "Budi", "");
	rules = (struct privacy_rules){list, ARRAY_LEN(list)};
	assert_int_equal(fixture_end(f, privacy_set(fixture_call(f, 1), PRIVACY_PHONE, &rules)), 0);
	assert_int_equal(
		fixture_end(f, privacy_allow_user(fixture_call(f, 1), PRIVACY_PHONE, budi)), 0);
	privacy_get(fixture_call(f, 1), PRIVACY_PHONE, &rules);
	assert_int_equal(rules.count, ARRAY_LEN(list));
	assert_int_equal(rules.at[0].count, 2);
	assert_int_equal(rules.at[0].ids[0], others[0]);
	assert_int_equal(rules.at[0].ids[1], budi);
	assert_int_equal(rules.at[2].count, 1);
	assert_int_equal(rules.at[2].ids[0], others[1]);
}

static void rules_are_sealed(void **state)
{
	struct fixture *f = *state;
	int64_t marker = 0x5ec2e7ab1e5eedll;
	const struct privacy_rule rule = {RULE_ALLOW_USERS, &marker, 1};

	fixture_sign_up(f, 1, AYU, "Ayu", "");
	assert_int_equal(fixture_end(f, set(f, 1, PRIVACY_STATUS, &rule, 1)), 0);
	assert_false(fixture_files_contain(f, &marker, sizeof(marker)));
}

/* ---- Switches ---- */

static void strangers_are_archived_when_asked_for(void **state)
{
	struct fixture *f = *state;
	int64_t ayu = fixture_sign_up(f, 1, AYU, "Ayu", "");
	int64_t budi = fixture_sign_up(f, 2, BUDI, "Budi", "");

	assert_false(privacy_archives_strangers(fixture_call(f, 2), ayu, budi));
	privacy_switches_set(fixture_call(f, 1), SWITCH_ARCHIVE_STRANGERS | SWITCH_HIDE_READS,
		SWITCH_ARCHIVE_STRANGERS);
	assert_int_equal(fixture_end(f, 0), 0);
	assert_true(privacy_archives_strangers(fixture_call(f, 2), ayu, budi));
	assert_false(privacy_archives_strangers(fixture_call(f, 2), ayu, ayu));
	assert_false(privacy_archives_strangers(fixture_call(f, 2), ayu, SERVICE_USER));
	save(f, 1, budi, BUDI);
	assert_false(privacy_archives_strangers(fixture_call(f, 2), ayu, budi));
}

static void read_dates_are_hidden_both_ways(void **state)
{
	struct fixture *f = *state;
	int64_t ayu = fixture_sign_up(f, 1, AYU, "Ayu", "");
	int64_t budi = fixture_sign_up(f, 2, BUDI, "Budi", "");

	assert_int_equal(privacy_read_date(fixture_call(f, 2), ayu), 0);
	privacy_switches_set(fixture_call(f, 1), SWITCH_HIDE_READS, SWITCH_HIDE_READS);
	assert_int_equal(fixture_end(f, 0), 0);
	assert_int_equal(privacy_read_date(fixture_call(f, 2), ayu), 0); /* sees the status */
	set_one(f, 1, PRIVACY_STATUS, RULE_DISALLOW_ALL);
	fixture_refused(
		f, privacy_read_date(fixture_call(f, 2), ayu), 403, "USER_PRIVACY_RESTRICTED");
	fixture_refused(
		f, privacy_read_date(fixture_call(f, 1), budi), 403, "YOUR_PRIVACY_RESTRICTED");
}

/* ---- Blocks ---- */

static void blocking_is_listed_told_and_undone(void **state)
{
	struct fixture *f = *state;
	int64_t ayu = fixture_sign_up(f, 1, AYU, "Ayu", ""), total;
	int64_t budi = fixture_sign_up(f, 2, BUDI, "Budi", "");
	struct home_change change = {.kind = CHANGE_BLOCKED, .peer_kind = PEER_USER, .peer = budi};
	struct home_block *list;
	struct update update;

	assert_int_equal(fixture_end(f, block_set(fixture_call(f, 1), budi, true)), 0);
	assert_int_equal(
		fixture_effect(f, EFFECT_ACCOUNT, ayu)->set.updates[0].kind, UPDATE_BLOCKED);
	assert_null(fixture_effect(f, EFFECT_ACCOUNT, budi));
	assert_true(block_has(fixture_call(f, 2), ayu, budi));
	assert_false(block_has(fixture_call(f, 2), budi, ayu));
	assert_true(block_change(fixture_call(f, 1), &change, &update));
	assert_true(update.blocked);
	/* Again is no news. */
	assert_int_equal(fixture_end(f, block_set(fixture_call(f, 1), budi, true)), 0);
	assert_null(fixture_effect(f, EFFECT_ACCOUNT, ayu));
	assert_int_equal(blocks_list(fixture_call(f, 1), 0, 10, &list, &total), 1);
	assert_int_equal(list[0].other, budi);
	assert_int_equal(total, 1);
	assert_int_equal(blocks_list(fixture_call(f, 1), 1, 10, &list, &total), 0);
	assert_int_equal(fixture_end(f, blocks_replace(fixture_call(f, 1), NULL, 0, 10)), 0);
	assert_false(block_has(fixture_call(f, 2), ayu, budi));
	assert_int_equal(fixture_end(f, blocks_replace(fixture_call(f, 1), &budi, 1, 10)), 0);
	assert_true(block_has(fixture_call(f, 2), ayu, budi));

	fixture_refused(f, block_set(fixture_call(f, 1), ayu, true), 400, "CONTACT_ID_INVALID");
	fixture_refused(
		f, block_set(fixture_call(f, 1), SERVICE_USER, true), 400, "CONTACT_ID_INVALID");
	fixture_refused(f, block_set(fixture_call(f, 1), budi + 1, true), 400, "PEER_ID_INVALID");
	fixture_refused(
		f, blocks_replace(fixture_call(f, 1), &budi, 1, 1000), 400, "LIMIT_INVALID");
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
	const struct CMUnitTest tests[] = {
		CASE(the_first_rule_that_speaks_of_the_viewer_decides),
		CASE(rules_are_stored_as_they_were),
		CASE(defaults_are_those_that_people_know),
		CASE(each_key_has_rules_of_its_own_and_a_block_beats_them),
		CASE(setting_rules_is_checked_completed_and_told),
		CASE(somebody_is_made_an_exception),
		CASE(other_exceptions_stay_where_they_are),
		CASE(rules_are_sealed),
		CASE(strangers_are_archived_when_asked_for),
		CASE(read_dates_are_hidden_both_ways),
		CASE(blocking_is_listed_told_and_undone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
