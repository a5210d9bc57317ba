/* SPDX-License-Identifier: Apache-2.0 */
/* store/home_chats.h: groups and who is in them come back, sealed, and go for good. */
#include "fixture.h"

#include "base/random.h"
#include "store/home_chats.h"
#include "store/home_users.h"

#define ANNA 1000001
#define BEN 1000002

static struct home_chat make_chat(struct fixture *f, int64_t id)
{
	struct home_chat chat = {.id = id,
		.title = BYTES_LITERAL("Garden"),
		.about = BYTES_LITERAL("apples"),
		.creator = ANNA,
		.date_s = 100,
		.version = 7,
		.members = 2,
		.banned_rights = 0x80000002,
		.noforwards = true,
		.deactivated = true,
		.migrated_to = 1000000009};

	home_chat_insert(f->db, f->vault, &f->arena, &chat);
	return chat;
}

static void make_user(struct fixture *f, int64_t id, uint8_t digit)
{
	const struct home_user user = {.id = id, .first_name = BYTES_LITERAL("Somebody")};
	uint8_t phone_hash[VAULT_LOOKUP_SIZE];

	memset(phone_hash, digit, sizeof(phone_hash));
	home_user_insert(f->db, f->vault, &f->arena, &user, phone_hash);
}

static void join(struct fixture *f, int64_t chat, int64_t user, int role)
{
	const struct home_chat_member member = {
		.user = user, .role = role, .inviter = ANNA, .joined_at_s = 200};

	home_chat_member_insert(f->db, chat, &member);
}

static void a_group_comes_back(void **state)
{
	struct fixture *f = *state;
	const struct home_chat made = make_chat(f, 1);
	struct home_chat found;

	assert_true(home_chat_get(f->db, f->vault, &f->arena, 1, &found));
	assert_true(bytes_equal(found.title, made.title));
	assert_true(bytes_equal(found.about, made.about));
	assert_memory_equal(found.salt, made.salt, VAULT_SALT_SIZE);
	assert_int_equal(found.creator, ANNA);
	assert_int_equal(found.version, 7);
	assert_int_equal(found.banned_rights, 0x80000002);
	assert_true(found.noforwards && found.deactivated);
	assert_int_equal(found.migrated_to, 1000000009);
	found.title = BYTES_LITERAL("Orchard");
	found.noforwards = false;
	home_chat_update(f->db, f->vault, &f->arena, &found);
	assert_true(home_chat_get(f->db, f->vault, &f->arena, 1, &found));
	assert_true(bytes_equal(found.title, BYTES_LITERAL("Orchard")));
	assert_false(found.noforwards);
	assert_false(home_chat_get(f->db, f->vault, &f->arena, 2, &found));
	assert_false(db_failed(f->db));
}

static void a_profile_in_the_wrong_row_does_not_open(void **state)
{
	struct fixture *f = *state;
	struct home_chat found;

	make_chat(f, 1);
	make_chat(f, 2);
	db_run(f->db, "UPDATE chats SET salt = (SELECT salt FROM chats WHERE id = 1),"
		      " sealed_profile = (SELECT sealed_profile FROM chats WHERE id = 1)"
		      " WHERE id = 2");
	assert_true(home_chat_get(f->db, f->vault, &f->arena, 1, &found));
	assert_false(home_chat_get(f->db, f->vault, &f->arena, 2, &found));
	assert_true(db_failed(f->db));
}

static void who_is_out_keeps_the_title(void **state)
{
	struct fixture *f = *state;
	const struct home_user_chat kept = {.chat = 1,
		.state = USER_CHAT_LEFT,
		.title = BYTES_LITERAL("Garden"),
		.since_s = 300};
	struct home_user_chat known;
	struct home_chat_member *members, member;

	make_user(f, ANNA, 1);
	make_user(f, BEN, 2);
	make_chat(f, 1);
	join(f, 1, BEN, 1);
	join(f, 1, ANNA, 3);
	assert_int_equal(home_chat_members(f->db, &f->arena, 1, 10, &members), 2);
	assert_int_equal(members[0].user, ANNA);
	assert_int_equal(members[1].user, BEN);
	assert_int_equal(home_chat_members(f->db, &f->arena, 1, 1, &members), 1);
	home_chat_member_set_role(f->db, 1, BEN, 2);
	assert_true(home_chat_member_get(f->db, 1, BEN, &member));
	assert_int_equal(member.role, 2);

	home_chat_member_delete(f->db, f->vault, &f->arena, BEN, &kept);
	assert_false(home_chat_member_get(f->db, 1, BEN, &member));
	assert_int_equal(home_user_chat_state(f->db, BEN, 1), USER_CHAT_LEFT);
	home_chat_delete(f->db, 1);
	assert_true(home_user_chat_get(f->db, f->vault, &f->arena, BEN, 1, &known));
	assert_true(bytes_equal(known.title, BYTES_LITERAL("Garden")));
	assert_int_equal(known.since_s, 300);
	assert_false(home_user_chat_get(f->db, f->vault, &f->arena, BEN, 2, &known));
	assert_int_equal(home_user_chat_state(f->db, BEN, 2), USER_CHAT_NONE);
	assert_false(db_failed(f->db));
}

static void pages_of_an_accounts_groups(void **state)
{
	struct fixture *f = *state;
	const int64_t both[2] = {ANNA, BEN};
	int64_t *chats;

	for (int64_t id = 1; id <= 5; id++) {
		join(f, id, ANNA, 1);
		if (id % 2)
			join(f, id, BEN, 1);
	}
	assert_int_equal(home_user_chats_count(f->db, ANNA), 5);
	assert_int_equal(home_user_chats(f->db, &f->arena, ANNA, 0, 2, &chats), 2);
	assert_int_equal(chats[0], 5);
	assert_int_equal(chats[1], 4);
	assert_int_equal(home_user_chats(f->db, &f->arena, ANNA, 4, 9, &chats), 3);
	assert_int_equal(home_user_chats_common_count(f->db, ANNA, BEN), 3);
	assert_int_equal(home_user_chats_common(f->db, &f->arena, both, 5, 9, &chats), 2);
	assert_int_equal(chats[0], 3);
	assert_int_equal(chats[1], 1);
}

int main(void)
{
#define T(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)
	const struct CMUnitTest tests[] = {
		T(a_group_comes_back),
		T(a_profile_in_the_wrong_row_does_not_open),
		T(who_is_out_keeps_the_title),
		T(pages_of_an_accounts_groups),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
