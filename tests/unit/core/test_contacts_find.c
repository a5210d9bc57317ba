/* SPDX-License-Identifier: Apache-2.0 */
/* core/accounts/contacts_find.h: by public name, by link, by a part of a name, by birthday. */
#include "accounts_fixture.h"

#include <stdio.h>

#include "core/accounts/contacts.h"
#include "core/accounts/contacts_find.h"
#include "core/messages/messages.h"
#include "core/accounts/public_names.h"
#include "core/accounts/top_peers.h"
#include "core/accounts/users.h"

#define AYU 1
#define BUDI 2
#define CITRA 3

struct people {
	int64_t ayu, budi, citra;
};

static struct people sign_up_all(struct fixture *f)
{
	struct people p;

	p.ayu = fixture_sign_up(f, AYU, "6281200000001", "Ayu", "Sari");
	p.budi = fixture_sign_up(f, BUDI, "6281200000002", "Budi", "Santoso");
	p.citra = fixture_sign_up(f, CITRA, "6281200000003", "Citra", "Ayuningtyas");
	return p;
}

static void add(struct fixture *f, uint64_t key, int64_t user, const char *first, const char *last)
{
	struct contact_card card = {.first_name = B(first), .last_name = B(last)};

	assert_int_equal(fixture_end(f, contacts_add(fixture_call(f, key), user, &card, false)), 0);
}

static struct contacts_found search(
	struct fixture *f, uint64_t key, const char *query, enum contacts_search_kind kind)
{
	struct contacts_found found;

	assert_int_equal(
		fixture_end(f, contacts_search(fixture_call(f, key), B(query), kind, 0, &found)),
		0);
	return found;
}

static void words_begin_words(void **state)
{
	struct fixture *f = *state;
	struct people p = sign_up_all(f);
	struct contacts_found found;

	add(f, AYU, p.budi, "Mas Budi", "Kantor");
	add(f, AYU, p.citra, "Kanti", "Budiman");
	found = search(f, AYU, "BUDI", SEARCH_ALL);
	assert_int_equal(found.mine_count, 2); /* the caller's names, not their own */
	found = search(f, AYU, "mas budi", SEARCH_ALL);
	assert_int_equal(found.mine_count, 1);
	assert_int_equal(found.mine[0].id, p.budi);
	found = search(f, AYU, "kan mas", SEARCH_ALL);
	assert_int_equal(found.mine_count, 1);
	/* A beginning of the whole name goes before a beginning of a word in it. */
	found = search(f, AYU, "kan", SEARCH_ALL);
	assert_int_equal(found.mine_count, 2);
	assert_int_equal(found.mine[0].id, p.citra);
	assert_int_equal(search(f, AYU, "antor", SEARCH_ALL).mine_count, 0);
	assert_int_equal(search(f, AYU, "santoso", SEARCH_ALL).mine_count, 0);
	assert_int_equal(search(f, AYU, "kan", SEARCH_BROADCASTS).mine_count, 0);
	assert_int_equal(search(f, AYU, "kan", SEARCH_BOTS).mine_count, 0);
	assert_int_equal(search(f, BUDI, "kan", SEARCH_ALL).mine_count, 0);
	fixture_refused(f, contacts_search(fixture_call(f, AYU), B(" @"), SEARCH_ALL, 0, &found),
		400, "SEARCH_QUERY_EMPTY");
}

static void letter_case_and_accents_make_no_difference(void **state)
{
	struct fixture *f = *state;
	struct people p = sign_up_all(f);
	struct contacts_found found;

	add(f, AYU, p.budi, "\xc3\x89lodie", "Du  Pont");	      /* E with an accent */
	add(f, AYU, p.citra, "\xd0\x98\xd0\xb2\xd0\xb0\xd0\xbd", ""); /* Cyrillic, capital */
	assert_int_equal(search(f, AYU, "elo", SEARCH_ALL).mine_count, 1);
	assert_int_equal(search(f, AYU, "elodie du pont", SEARCH_ALL).mine_count, 1);
	assert_int_equal(search(f, AYU, "p \xc3\xa9lodie", SEARCH_ALL).mine_count, 1);
	found = search(f, AYU, "\xd0\xb8\xd0\xb2", SEARCH_ALL); /* the small letter */
	assert_int_equal(found.mine_count, 1);
	assert_int_equal(found.mine[0].id, p.citra);
	assert_int_equal(search(f, AYU, "\xd0", SEARCH_ALL).mine_count, 0); /* half a letter */
	fixture_refused(f,
		contacts_search(fixture_call(f, AYU), B("\xcc\x81"), SEARCH_ALL, 0, &found), 400,
		"SEARCH_QUERY_EMPTY"); /* an accent alone */
}

static void who_is_written_to_comes_first(void **state)
{
	struct fixture *f = *state;
	struct people p = sign_up_all(f);
	struct contacts_found found;

	add(f, AYU, p.budi, "Sam", "Satu");
	add(f, AYU, p.citra, "Sam", "Dua");
	assert_int_equal(search(f, AYU, "sam", SEARCH_ALL).mine[0].id, p.budi);
	top_peers_count(fixture_call(f, AYU), user_peer(p.citra));
	assert_int_equal(store_commit(&f->store), 0);
	found = search(f, AYU, "sam", SEARCH_ALL);
	assert_int_equal(found.mine_count, 2);
	assert_int_equal(found.mine[0].id, p.citra);
}

static void chats_are_found_by_the_other_name(void **state)
{
	struct fixture *f = *state;
	struct people p = sign_up_all(f);
	struct message draft = {.text = B("halo"), .random_id = 5};
	struct update_set answer;

	assert_int_equal(search(f, AYU, "santo", SEARCH_ALL).mine_count, 0);
	assert_int_equal(fixture_end(f, message_send(fixture_call(f, AYU), user_peer(p.budi),
						&draft, &answer)),
		0);
	assert_int_equal(search(f, AYU, "santo", SEARCH_ALL).mine_count, 1);
}

static void public_names_are_found(void **state)
{
	struct fixture *f = *state;
	struct people p = sign_up_all(f);
	struct contacts_found found;
	struct peer peer;

	assert_int_equal(
		fixture_end(f, user_username_set(fixture_call(f, BUDI), B("Budi_Santoso"))), 0);
	found = search(f, AYU, "budi_s", SEARCH_ALL);
	assert_int_equal(found.mine_count, 0);
	assert_int_equal(found.other_count, 1);
	assert_int_equal(found.others[0].id, p.budi);
	assert_int_equal(search(f, AYU, "bu", SEARCH_ALL).other_count, 0);
	assert_int_equal(search(f, BUDI, "budi_s", SEARCH_ALL).other_count, 0);
	add(f, AYU, p.budi, "Pak", "Bos");
	found = search(f, AYU, "@budi_s", SEARCH_ALL);
	assert_int_equal(found.mine_count, 1);
	assert_int_equal(found.other_count, 0);
	assert_int_equal(fixture_end(f, contacts_resolve_name(
						fixture_call(f, AYU), B("budi_santoso"), &peer)),
		0);
	assert_int_equal(peer.kind, PEER_USER);
	assert_int_equal(peer.id, p.budi);
	fixture_refused(f, contacts_resolve_name(fixture_call(f, AYU), B("nobody_here"), &peer),
		400, "USERNAME_NOT_OCCUPIED");
	fixture_refused(f, contacts_resolve_name(fixture_call(f, AYU), B("no"), &peer), 400,
		"USERNAME_INVALID");
}

static void a_link_names_its_maker_for_a_day(void **state)
{
	struct fixture *f = *state;
	struct people p = sign_up_all(f);
	struct bytes token;
	int64_t expires_s, user;
	char kept[64];

	token = contact_token_make(fixture_call(f, AYU), &expires_s);
	assert_int_equal(expires_s, f->now_s + CONTACT_TOKEN_LIFE_S);
	assert_true(token.size < sizeof(kept));
	snprintf(kept, sizeof(kept), "%.*s", (int)token.size, (const char *)token.data);
	assert_int_equal(
		fixture_end(f, contact_token_open(fixture_call(f, BUDI), B(kept), &user)), 0);
	assert_int_equal(user, p.ayu);
	for (size_t i = 0; kept[i]; i++) {
		char before = kept[i];

		kept[i] = before == 'A' ? 'B' : 'A';
		fixture_refused(f, contact_token_open(fixture_call(f, BUDI), B(kept), &user), 400,
			"IMPORT_TOKEN_INVALID");
		assert_int_equal(user, 0);
		kept[i] = before;
	}
	fixture_refused(f, contact_token_open(fixture_call(f, BUDI), B(""), &user), 400,
		"IMPORT_TOKEN_INVALID");
	f->now_s = expires_s;
	fixture_refused(f, contact_token_open(fixture_call(f, BUDI), B(kept), &user), 400,
		"IMPORT_TOKEN_INVALID");
}

static void birthdays_of_contacts_are_told_when_near(void **state)
{
	struct fixture *f = *state;
	struct people p = sign_up_all(f);
	struct contact_birthday *at;
	size_t count;

	f->now_s = 1798675200; /* 2026-12-31 00:00 UTC */
	assert_int_equal(fixture_end(f, user_update_birthday(fixture_call(f, BUDI),
						(struct birthday){1, 1, 1990})),
		0);
	assert_int_equal(fixture_end(f, user_update_birthday(fixture_call(f, CITRA),
						(struct birthday){2, 1, 0})),
		0);
	/* By default a birthday is for those whom one has saved. */
	add(f, BUDI, p.ayu, "Ayu", "");
	add(f, CITRA, p.ayu, "Ayu", "");
	contacts_birthdays(fixture_call(f, AYU), &at, &count);
	assert_int_equal(count, 0);
	add(f, AYU, p.budi, "Budi", "");
	add(f, AYU, p.citra, "Citra", "");
	contacts_birthdays(fixture_call(f, AYU), &at, &count);
	assert_int_equal(count, 1);
	assert_int_equal(at[0].user, p.budi);
	assert_int_equal(at[0].birthday.year, 1990);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
	const struct CMUnitTest tests[] = {
		CASE(words_begin_words),
		CASE(letter_case_and_accents_make_no_difference),
		CASE(who_is_written_to_comes_first),
		CASE(chats_are_found_by_the_other_name),
		CASE(public_names_are_found),
		CASE(a_link_names_its_maker_for_a_day),
		CASE(birthdays_of_contacts_are_told_when_near),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
