/* SPDX-License-Identifier: Apache-2.0 */
/* Whose a message is: officers, addresses and liaison chats of authorities. */
#include "desk_fixture.h"

#include "base/text.h"
#include "desk/lanes/organisations.h"

#define NOW 1800000000
#define NAME(text) BYTES_LITERAL(text)

static struct err err;
static int64_t key_ids[ORGANISATION_WORDS_MAX];

static int64_t authority(struct fixture *f, const char *officer, const char *address)
{
	struct organisation_words words = {.name = NAME("Ministry"), .country = NAME("ID")};
	char token[TOKEN_TEXT_SIZE];
	int64_t id = 0;

	words.officers.items[words.officers.count++] = bytes_from_str(officer);
	words.addresses.items[words.addresses.count++] = bytes_from_str(address);
	assert_int_equal(organisation_add(f->desk.writer, &f->arena, &f->desk.sop, ROLE_AUTHORITY,
				 &words, NOW, token, &id, key_ids, &err),
		0);
	return id;
}

static int64_t address_of(struct fixture *f, const char *text)
{
	struct desk_grant grant;

	return desk_address_grant(f->desk.writer, &f->arena, bytes_from_str(text), &grant)
		       ? grant.id
		       : 0;
}

static int64_t officer_of(struct fixture *f, int64_t user_id, const char *username)
{
	struct desk_officer officer;

	return desk_officer_find(
		       f->desk.writer, &f->arena, user_id, bytes_from_str(username), &officer)
		       ? officer.grant_id
		       : 0;
}

static int64_t chat_of(struct fixture *f, int64_t chat)
{
	struct desk_grant grant;

	return desk_chat_grant(f->desk.writer, &f->arena, chat, &grant) ? grant.id : 0;
}

static void addresses_are_exact(void **state)
{
	struct fixture *f = *state;
	int64_t id;

	db_begin(f->desk.writer);
	id = authority(f, "Siti=@siti_r", "Desk@Ministry.example");
	assert_int_equal(address_of(f, "desk@MINISTRY.example"), id);
	assert_int_equal(address_of(f, "desk@ministry.example.org"), 0);
	assert_int_equal(address_of(f, "a.desk@ministry.example"), 0);
	assert_int_equal(address_of(f, ""), 0);
	assert_int_equal(
		organisation_end(f->desk.writer, &f->arena, ROLE_AUTHORITY, id, NOW, &err), 0);
	assert_int_equal(address_of(f, "desk@ministry.example"), 0);
	/* It is free for who comes after. */
	assert_int_not_equal(authority(f, "Siti=@siti_r", "desk@ministry.example"), id);
	db_rollback(f->desk.writer);
}

/* A public name counts until its number is known: it may come to somebody else. */
static void officers_are_known_by_number(void **state)
{
	struct fixture *f = *state;
	int64_t id;

	db_begin(f->desk.writer);
	id = authority(f, "Siti=@siti_r", "a@ministry.example");
	assert_int_equal(officer_of(f, 55, "other"), 0);
	assert_int_equal(officer_of(f, 55, ""), 0);
	assert_int_equal(officer_of(f, 55, "SITI_r"), id);
	assert_int_equal(officer_of(f, 55, "renamed"), id);
	assert_int_equal(officer_of(f, 66, "siti_r"), 0);
	assert_int_equal(officer_of(f, 0, "siti_r"), 0);
	assert_true(desk_officer_end(f->desk.writer, id, 1, NOW));
	assert_int_equal(officer_of(f, 55, "siti_r"), 0);
	db_rollback(f->desk.writer);
}

static void a_code_makes_a_chat_once(void **state)
{
	struct fixture *f = *state;
	struct db *db = f->desk.writer;
	struct desk_grant grant;
	char *code, *newer;
	int64_t id, chat;

	db_begin(db);
	id = authority(f, "Siti=55", "a@ministry.example");
	assert_int_equal(organisation_code(db, &f->arena, ROLE_AUTHORITY, id, NOW, &code, &err), 0);
	assert_int_equal(
		organisation_code(db, &f->arena, ROLE_AUTHORITY, id, NOW, &newer, &err), 0);
	assert_false(organisation_bind(db, &f->arena, bytes_from_str(code), -100, NOW, &grant));
	assert_false(organisation_bind(db, &f->arena, BYTES_LITERAL(""), -100, NOW, &grant));
	assert_false(organisation_bind(db, &f->arena, bytes_from_str(newer), -100,
		NOW + ORGANISATION_CODE_HOURS * 3600, &grant));
	newer = arena_printf(
		&f->arena, " %.4s-%s", text_lower(&f->arena, bytes_of(newer, 4)), newer + 4);
	assert_true(organisation_bind(db, &f->arena, bytes_from_str(newer), -100, NOW, &grant));
	assert_int_equal(grant.id, id);
	assert_int_equal(chat_of(f, -100), id);
	assert_false(organisation_bind(db, &f->arena, bytes_from_str(newer), -200, NOW, &grant));
	assert_int_equal(chat_of(f, -200), 0);
	desk_chat_move(db, -100, -1000000000100);
	assert_int_equal(chat_of(f, -100), 0);
	assert_int_equal(chat_of(f, -1000000000100), id);
	chat = INT64_MIN;
	assert_true(desk_chat_next(db, id, chat, &chat));
	assert_int_equal(chat, -1000000000100);
	assert_false(desk_chat_next(db, id, chat, &chat));
	assert_int_equal(organisation_end(db, &f->arena, ROLE_AUTHORITY, id, NOW, &err), 0);
	assert_int_equal(chat_of(f, -1000000000100), 0);
	db_rollback(db);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			addresses_are_exact, desk_fixture_setup, desk_fixture_teardown),
		cmocka_unit_test_setup_teardown(
			officers_are_known_by_number, desk_fixture_setup, desk_fixture_teardown),
		cmocka_unit_test_setup_teardown(
			a_code_makes_a_chat_once, desk_fixture_setup, desk_fixture_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
