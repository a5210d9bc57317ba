/* SPDX-License-Identifier: Apache-2.0 */
/* core/accounts/contacts.h: who knows whom in both directions, what is kept of it, and how much can
 * be found out by trying numbers. */
#include "accounts_fixture.h"

#include <stdio.h>

#include "core/changes.h"
#include "core/accounts/blocks.h"
#include "core/accounts/contacts.h"
#include "core/accounts/contacts_find.h"
#include "core/accounts/privacy.h"
#include "core/accounts/privacy_rules.h"
#include "core/accounts/users.h"

#define AYU "6281200000001"
#define BUDI "6281200000002"

static void import(struct fixture *f, uint64_t key_id, const char *phone, const char *first,
	const char *last, int64_t expected)
{
	struct contact_import item = {.client_id = 7,
		.card = {.phone = B(phone), .first_name = B(first), .last_name = B(last)}};
	struct call *call = fixture_call(f, key_id);

	assert_int_equal(fixture_end(f, contacts_import(call, &item, 1)), 0);
	assert_int_equal(item.user, expected);
	assert_false(item.try_later);
}

static int add(struct call *call, int64_t user, const char *first, const char *phone)
{
	struct contact_card card = {.first_name = B(first), .phone = B(phone)};

	return contacts_add(call, user, &card, false);
}

static struct user view(struct fixture *f, uint64_t key_id, int64_t id)
{
	struct call *call = fixture_call(f, key_id);
	struct user user;

	assert_int_equal(user_view(call, id, &user), 0);
	assert_true(user_hash_is_right(call, id, user.access_hash));
	assert_false(user_hash_is_right(call, id, user.access_hash + 1));
	return user;
}

static bool told_reset(const struct fixture *f, int64_t account)
{
	for (size_t i = 0; i < f->effects->count; i++) {
		const struct effect *effect = &f->effects->at[i];

		if (effect->account == account && effect->set.update_count &&
			effect->set.updates[0].kind == UPDATE_CONTACTS_RESET)
			return true;
	}
	return false;
}

static void strangers_see_names_only(void **state)
{
	struct fixture *f = *state;
	int64_t ayu = fixture_sign_up(f, 1, AYU, "Ayu", "Sari"), budi;
	struct user user;

	budi = fixture_sign_up(f, 2, BUDI, "Budi", "");
	user = view(f, 2, ayu);
	assert_true(bytes_equal(user.first_name, B("Ayu")));
	assert_true(bytes_equal(user.last_name, B("Sari")));
	assert_null(user.phone.data);
	assert_false(user.is_contact || user.is_mutual || user.is_self);
	user = view(f, 2, budi);
	assert_true(user.is_self);
	assert_true(bytes_equal(user.phone, B(BUDI)));
	assert_int_not_equal(view(f, 1, ayu).access_hash, view(f, 2, ayu).access_hash);
	assert_int_equal(user_view(fixture_call(f, 1), budi + 1, &user), -1);
}

static void contacts_become_mutual(void **state)
{
	struct fixture *f = *state;
	int64_t ayu = fixture_sign_up(f, 1, AYU, "Ayu", "Sari");
	int64_t budi = fixture_sign_up(f, 2, BUDI, "Budi", "");
	struct user user;

	import(f, 1, "+62 812-0000-0002", "Mas Budi", "", budi);
	assert_true(told_reset(f, ayu));
	assert_false(told_reset(f, budi)); /* Budi doesn't learn who saved his number */
	user = view(f, 1, budi);
	assert_true(bytes_equal(user.first_name, B("Mas Budi")));
	assert_true(user.is_contact);
	assert_false(user.is_mutual);
	assert_true(bytes_equal(user.phone, B(BUDI)));
	user = view(f, 2, ayu);
	assert_false(user.is_contact);

	import(f, 2, AYU, "Ayu Kerja", "", ayu);
	assert_true(told_reset(f, ayu));
	assert_true(view(f, 1, budi).is_mutual);
	user = view(f, 2, ayu);
	assert_true(user.is_mutual && user.is_contact);
	assert_true(bytes_equal(user.phone, B(AYU)));
}

static void a_saved_number_is_linked_when_it_signs_up(void **state)
{
	struct fixture *f = *state;
	int64_t ayu = fixture_sign_up(f, 1, AYU, "Ayu", "Sari"), budi, *users;
	size_t count;

	import(f, 1, BUDI, "Mas Budi", "", 0);
	contacts_list(fixture_call(f, 1), &users, &count);
	assert_int_equal(count, 0);
	assert_int_equal(contacts_saved(&f->call), 1);
	budi = fixture_sign_up(f, 2, BUDI, "Budi", "");
	assert_true(told_reset(f, ayu));
	contacts_list(fixture_call(f, 1), &users, &count);
	assert_int_equal(count, 1);
	assert_int_equal(users[0], budi);
	assert_true(bytes_equal(view(f, 1, budi).first_name, B("Mas Budi")));
	import(f, 2, AYU, "A", "", ayu);
	assert_true(view(f, 1, budi).is_mutual);
}

/* Clients send whole address books again and again. */
static void the_same_once_more_tells_nobody(void **state)
{
	struct fixture *f = *state;
	int64_t ayu = fixture_sign_up(f, 1, AYU, "Ayu", "Sari");
	int64_t budi = fixture_sign_up(f, 2, BUDI, "Budi", "");

	import(f, 1, BUDI, "B", "", budi);
	import(f, 2, AYU, "A", "", ayu);
	import(f, 1, BUDI, "B", "", budi);
	assert_false(told_reset(f, ayu));
	assert_false(told_reset(f, budi));
	import(f, 1, BUDI, "Mas B", "", budi);
	assert_true(told_reset(f, ayu));
	assert_true(told_reset(f, budi));
}

/* Or he who hides would be gone from lists that knew him, and who is blocked would see it. */
static void whose_number_was_known_stays_a_contact_when_he_hides(void **state)
{
	struct fixture *f = *state;
	int64_t ayu = fixture_sign_up(f, 1, AYU, "Ayu", "Sari");
	int64_t budi = fixture_sign_up(f, 2, BUDI, "Budi", "");

	import(f, 1, BUDI, "B", "", budi);
	assert_int_equal(fixture_end(f, block_set(fixture_call(f, 2), ayu, true)), 0);
	import(f, 1, BUDI, "Mas B", "", budi);
	assert_true(view(f, 1, budi).is_contact);
	assert_int_equal(fixture_end(f, contacts_delete(fixture_call(f, 1), &budi, 1)), 0);
	import(f, 1, BUDI, "B", "", 0);
	assert_false(view(f, 1, budi).is_contact);
}

static void deleting_goes_one_way(void **state)
{
	struct fixture *f = *state;
	int64_t ayu = fixture_sign_up(f, 1, AYU, "Ayu", "Sari");
	int64_t budi = fixture_sign_up(f, 2, BUDI, "Budi", "");
	struct bytes phone = B(AYU);
	struct call *call;

	import(f, 1, BUDI, "B", "", budi);
	import(f, 2, AYU, "A", "", ayu);
	call = fixture_call(f, 1);
	assert_int_equal(fixture_end(f, contacts_delete(call, &budi, 1)), 0);
	assert_true(told_reset(f, budi));
	assert_false(view(f, 1, budi).is_contact);
	assert_true(view(f, 2, ayu).is_contact);
	assert_false(view(f, 2, ayu).is_mutual);
	call = fixture_call(f, 2);
	assert_int_equal(fixture_end(f, contacts_delete_phones(call, &phone, 1)), 0);
	assert_false(view(f, 2, ayu).is_contact);
	assert_null(view(f, 1, budi).phone.data);
}

/* How often an update about one person is in a set that comes after a new list of contacts. */
static size_t about(const struct update_set *set, int64_t user)
{
	size_t found = 0;

	for (size_t i = 0; i < set->update_count; i++)
		found += set->updates[i].kind == UPDATE_USER && set->updates[i].peer.id == user;
	return found;
}

static void who_is_no_contact_any_more_is_named(void **state)
{
	struct fixture *f = *state;
	int64_t ayu = fixture_sign_up(f, 1, AYU, "Ayu", "Sari");
	int64_t gone[] = {fixture_sign_up(f, 2, BUDI, "Budi", ""),
		fixture_sign_up(f, 3, "6281200000003", "Citra", "")};
	struct bytes phone = B("6281200000003");
	struct update_set missed = {0};
	const struct effect *told;

	import(f, 1, BUDI, "B", "", gone[0]);
	import(f, 1, "6281200000003", "C", "", gone[1]);
	changes_missed(fixture_call(f, 1), f->now_s, &missed);
	assert_int_equal(about(&missed, gone[0]), 0);
	fixture_end(f, 0);
	assert_int_equal(fixture_end(f, contacts_delete(fixture_call(f, 1), gone, 2)), 0);
	told = fixture_effect(f, EFFECT_ACCOUNT, ayu);
	assert_non_null(told);
	assert_int_equal(told->set.updates->kind, UPDATE_CONTACTS_RESET);
	for (size_t i = 0; i < 2; i++)
		assert_int_equal(about(&told->set, gone[i]), 1);
	import(f, 1, "6281200000003", "C", "", gone[1]);
	assert_int_equal(fixture_end(f, contacts_delete_phones(fixture_call(f, 1), &phone, 1)), 0);
	told = fixture_effect(f, EFFECT_ACCOUNT, ayu);
	assert_non_null(told);
	assert_int_equal(about(&told->set, gone[1]), 1);
	missed = (struct update_set){0};
	changes_missed(fixture_call(f, 1), f->now_s, &missed);
	for (size_t i = 0; i < 2; i++)
		assert_int_equal(about(&missed, gone[i]), 1);
	fixture_end(f, 0);
}

static void adding_by_id_reveals_no_number(void **state)
{
	struct fixture *f = *state;
	int64_t ayu = fixture_sign_up(f, 1, AYU, "Ayu", "Sari");
	int64_t budi = fixture_sign_up(f, 2, BUDI, "Budi", "");
	struct call *call = fixture_call(f, 1);

	assert_int_equal(fixture_end(f, add(call, budi, "B", "")), 0);
	assert_true(view(f, 1, budi).is_contact);
	assert_null(view(f, 1, budi).phone.data);
	call = fixture_call(f, 1);
	assert_int_equal(fixture_end(f, add(call, budi, "B", AYU)), 0);
	assert_null(view(f, 1, budi).phone.data);
	call = fixture_call(f, 1);
	assert_int_equal(fixture_end(f, add(call, budi, "B", BUDI)), 0);
	assert_true(bytes_equal(view(f, 1, budi).phone, B(BUDI)));
	call = fixture_call(f, 1);
	fixture_refused(f, add(call, ayu, "me", ""), 400, "CONTACT_ID_INVALID");
	call = fixture_call(f, 1);
	fixture_refused(f, add(call, budi + 9, "x", ""), 400, "CONTACT_ID_INVALID");
	call = fixture_call(f, 1);
	fixture_refused(f, add(call, budi, " ", ""), 400, "CONTACT_NAME_EMPTY");
}

static void numbers_tried_in_a_day_are_bounded(void **state)
{
	struct fixture *f = *state;
	struct contact_import items[CONTACTS_IMPORT_MAX] = {0};
	char numbers[CONTACTS_IMPORT_MAX][24];
	int64_t user;

	fixture_sign_up(f, 1, AYU, "Ayu", "");
	for (int round = 0; round <= CONTACTS_LOOKUPS_PER_DAY / CONTACTS_IMPORT_MAX; round++) {
		for (int i = 0; i < CONTACTS_IMPORT_MAX; i++) {
			snprintf(numbers[i], sizeof(numbers[i]), "62999%07d", round * 1000 + i);
			items[i] = (struct contact_import){.card.phone = B(numbers[i])};
		}
		assert_int_equal(fixture_end(f, contacts_import(fixture_call(f, 1), items,
							CONTACTS_IMPORT_MAX)),
			0);
		assert_int_equal(items[0].try_later,
			round == CONTACTS_LOOKUPS_PER_DAY / CONTACTS_IMPORT_MAX);
	}
	/* A number that was saved before tells nothing new, and costs nothing. */
	items[1] = (struct contact_import){.card.phone = B("629990000000")};
	assert_int_equal(fixture_end(f, contacts_import(fixture_call(f, 1), &items[1], 1)), 0);
	assert_false(items[1].try_later);
	fixture_refused(f, contacts_resolve_phone(fixture_call(f, 1), B(BUDI), &user), 420,
		"FLOOD_WAIT_86400");
	f->now_s += 86400;
	fixture_refused(f, contacts_resolve_phone(fixture_call(f, 1), B(BUDI), &user), 400,
		"PHONE_NOT_OCCUPIED");
	assert_int_equal(
		fixture_end(f, contacts_resolve_phone(fixture_call(f, 1), B(AYU), &user)), 0);
	assert_int_equal(user, f->call.user);
	fixture_refused(f, contacts_import(fixture_call(f, 1), items, CONTACTS_IMPORT_MAX + 1), 400,
		"LIMIT_INVALID");
}

static void no_more_than_so_many_are_kept(void **state)
{
	struct fixture *f = *state;
	struct contact_import items[CONTACTS_IMPORT_MAX];
	char numbers[CONTACTS_IMPORT_MAX][24];

	fixture_sign_up(f, 1, AYU, "Ayu", "");
	for (int round = 0; round <= CONTACTS_MAX / CONTACTS_IMPORT_MAX; round++) {
		int result;

		f->now_s += 86400;
		for (int i = 0; i < CONTACTS_IMPORT_MAX; i++) {
			snprintf(numbers[i], sizeof(numbers[i]), "62999%07d", round * 1000 + i);
			items[i] = (struct contact_import){.card.phone = B(numbers[i])};
		}
		result = contacts_import(fixture_call(f, 1), items, CONTACTS_IMPORT_MAX);
		if (round < CONTACTS_MAX / CONTACTS_IMPORT_MAX)
			assert_int_equal(fixture_end(f, result), 0);
		else
			fixture_refused(f, result, 400, "CONTACTS_TOO_MUCH");
	}
	contacts_delete_unknown(fixture_call(f, 1));
	assert_int_equal(contacts_saved(&f->call), 0);
	assert_int_equal(store_commit(&f->store), 0);
}

static void hide_number(struct fixture *f, uint64_t key_id, enum privacy_key key)
{
	struct privacy_rule rule = {.kind = RULE_DISALLOW_ALL};
	struct privacy_rules rules = {&rule, 1};

	assert_int_equal(fixture_end(f, privacy_set(fixture_call(f, key_id), key, &rules)), 0);
}

static void who_hides_from_numbers_is_as_absent(void **state)
{
	struct fixture *f = *state;
	int64_t budi, user;
	struct call *call;

	fixture_sign_up(f, 1, AYU, "Ayu", "Sari");
	budi = fixture_sign_up(f, 2, BUDI, "Budi", "");
	hide_number(f, 2, PRIVACY_ADDED_BY_PHONE);
	hide_number(f, 2, PRIVACY_PHONE);
	import(f, 1, BUDI, "B", "", 0);
	fixture_refused(f, contacts_resolve_phone(fixture_call(f, 1), B(BUDI), &user), 400,
		"PHONE_NOT_OCCUPIED");
	assert_false(view(f, 1, budi).is_contact);
	/* Added by id: the right number is no more confirmed than a wrong one. */
	call = fixture_call(f, 1);
	assert_int_equal(fixture_end(f, add(call, budi, "B", BUDI)), 0);
	assert_true(view(f, 1, budi).is_contact);
	assert_null(view(f, 1, budi).phone.data);
	call = fixture_call(f, 1);
	assert_int_equal(
		fixture_end(
			f, contacts_delete_phones(call,
				   &(struct bytes){(const uint8_t *)BUDI, sizeof(BUDI) - 1}, 1)),
		0);
	assert_true(view(f, 1, budi).is_contact);
}

static void a_number_learnt_takes_the_place_of_the_id(void **state)
{
	struct fixture *f = *state;
	struct message note = {.text = B("works at the port")}, kept;
	struct contact_card card = {.first_name = B("B"), .note = &note};
	int64_t budi;

	fixture_sign_up(f, 1, AYU, "Ayu", "Sari");
	budi = fixture_sign_up(f, 2, BUDI, "Budi", "");
	assert_int_equal(fixture_end(f, contacts_add(fixture_call(f, 1), budi, &card, false)), 0);
	import(f, 1, BUDI, "Budi", "Kantor", budi);
	assert_int_equal(contacts_saved(fixture_call(f, 1)), 1);
	assert_true(bytes_equal(view(f, 1, budi).phone, B(BUDI)));
	assert_true(contact_note(fixture_call(f, 1), budi, &kept));
	assert_true(bytes_equal(kept.text, note.text));
	/* Another name without the number keeps it. */
	card.note = NULL;
	assert_int_equal(fixture_end(f, contacts_add(fixture_call(f, 1), budi, &card, false)), 0);
	assert_true(bytes_equal(view(f, 1, budi).phone, B(BUDI)));
}

static void notes_are_kept_and_taken_away(void **state)
{
	struct fixture *f = *state;
	struct entity bold = {.kind = ENTITY_BOLD, .length = 6};
	struct message note = {.text = B("Secret-Note"), .entities = &bold, .entity_count = 1},
		       kept;
	char text[CONTACT_NOTE_UNITS_MAX + 2];
	int64_t budi;

	fixture_sign_up(f, 1, AYU, "Ayu", "Sari");
	budi = fixture_sign_up(f, 2, BUDI, "Budi", "");
	fixture_refused(
		f, contacts_set_note(fixture_call(f, 1), budi, &note), 400, "CONTACT_MISSING");
	import(f, 1, BUDI, "B", "", budi);
	assert_false(contact_note(fixture_call(f, 1), budi, &kept));
	assert_int_equal(fixture_end(f, contacts_set_note(fixture_call(f, 1), budi, &note)), 0);
	assert_true(contact_note(fixture_call(f, 1), budi, &kept));
	assert_true(bytes_equal(kept.text, note.text));
	assert_int_equal(kept.entity_count, 1);
	assert_false(fixture_files_contain(f, "Secret-Note", 11));
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = 0;
	note.text = B(text);
	fixture_refused(
		f, contacts_set_note(fixture_call(f, 1), budi, &note), 400, "MESSAGE_TOO_LONG");
	note = (struct message){.text = B("  ")};
	assert_int_equal(fixture_end(f, contacts_set_note(fixture_call(f, 1), budi, &note)), 0);
	assert_false(contact_note(fixture_call(f, 1), budi, &kept));
}

static void a_number_is_shared_by_hand(void **state)
{
	struct fixture *f = *state;
	struct contact_card card = {.first_name = B("B")};
	int64_t ayu = fixture_sign_up(f, 1, AYU, "Ayu", "Sari");
	int64_t budi = fixture_sign_up(f, 2, BUDI, "Budi", "");

	hide_number(f, 1, PRIVACY_PHONE);
	fixture_refused(
		f, contacts_share_phone(fixture_call(f, 1), budi), 400, "CONTACT_REQ_MISSING");
	fixture_refused(
		f, contacts_share_phone(fixture_call(f, 1), ayu), 400, "CONTACT_ID_INVALID");
	assert_int_equal(fixture_end(f, contacts_add(fixture_call(f, 1), budi, &card, false)), 0);
	assert_false(privacy_allows(fixture_call(f, 2), ayu, PRIVACY_PHONE, budi));
	assert_int_equal(fixture_end(f, contacts_share_phone(fixture_call(f, 1), budi)), 0);
	assert_true(privacy_allows(fixture_call(f, 2), ayu, PRIVACY_PHONE, budi));
}

static void a_new_number_is_known_to_who_knew_the_old(void **state)
{
	struct fixture *f = *state;
	const char *after = "6281200000099";
	struct contact_saved *saved;
	int64_t budi;
	size_t count;

	fixture_sign_up(f, 1, AYU, "Ayu", "Sari");
	budi = fixture_sign_up(f, 2, BUDI, "Budi", "");
	import(f, 1, BUDI, "Mas Budi", "", budi);
	contacts_renumber(fixture_call(f, 2), B(BUDI), B(after));
	assert_int_equal(store_commit(&f->store), 0);
	contacts_saved_list(fixture_call(f, 1), &saved, &count);
	assert_int_equal(count, 1);
	assert_true(bytes_equal(saved[0].phone, B(after)));
	assert_true(bytes_equal(saved[0].first_name, B("Mas Budi")));
	assert_true(view(f, 1, budi).is_contact);
	/* Who hides from numbers stays a contact whose number is not known. */
	hide_number(f, 2, PRIVACY_ADDED_BY_PHONE);
	contacts_renumber(fixture_call(f, 2), B(after), B("6281200000098"));
	assert_int_equal(store_commit(&f->store), 0);
	contacts_saved_list(fixture_call(f, 1), &saved, &count);
	assert_int_equal(count, 0);
	assert_true(view(f, 1, budi).is_contact);
}

static void who_goes_is_nobodys_contact(void **state)
{
	struct fixture *f = *state;
	struct contact_card card = {.first_name = B("B")};
	int64_t ayu = fixture_sign_up(f, 1, AYU, "Ayu", "Sari"), *users;
	int64_t budi = fixture_sign_up(f, 2, BUDI, "Budi", "");
	int64_t citra = fixture_sign_up(f, 3, "6281200000003", "Citra", "");
	size_t count;

	import(f, 1, BUDI, "B", "", budi);
	import(f, 2, AYU, "A", "", ayu);
	assert_int_equal(fixture_end(f, contacts_add(fixture_call(f, 3), budi, &card, false)), 0);
	contacts_shred(fixture_call(f, 2), budi, B(BUDI));
	assert_int_equal(store_commit(&f->store), 0);
	assert_true(told_reset(f, ayu));
	assert_true(told_reset(f, citra));
	contacts_list(fixture_call(f, 1), &users, &count);
	assert_int_equal(count, 0);
	assert_int_equal(contacts_saved(&f->call), 1); /* the number, for whoever has it next */
	assert_int_equal(contacts_saved(fixture_call(f, 3)), 0);
	assert_int_equal(contacts_saved(fixture_call(f, 2)), 0);
}

static void who_joins_is_announced_once(void **state)
{
	struct fixture *f = *state;
	int64_t ayu = fixture_sign_up(f, 1, AYU, "Ayu", "Sari");
	bool announced = false;

	import(f, 1, BUDI, "B", "", 0);
	import(f, 1, "6281200000003", "C", "", 0);
	fixture_sign_up(f, 2, BUDI, "Budi", "");
	for (size_t i = 0; i < f->effects->count; i++) {
		const struct effect *effect = &f->effects->at[i];

		announced |= effect->account == ayu && effect->set.update_count &&
			     effect->set.updates[0].kind == UPDATE_NEW_MESSAGE &&
			     effect->set.updates[0].message->action == ACTION_CONTACT_JOINED;
	}
	assert_true(announced);
	privacy_switches_set(fixture_call(f, 1), SWITCH_SILENT_JOINS, SWITCH_SILENT_JOINS);
	assert_int_equal(store_commit(&f->store), 0);
	fixture_sign_up(f, 3, "6281200000003", "Citra", "");
	for (size_t i = 0; i < f->effects->count; i++) {
		if (f->effects->at[i].account == ayu && f->effects->at[i].set.update_count)
			assert_int_not_equal(
				f->effects->at[i].set.updates[0].kind, UPDATE_NEW_MESSAGE);
	}
}

static void close_friends_are_contacts(void **state)
{
	struct fixture *f = *state;
	int64_t ayu = fixture_sign_up(f, 1, AYU, "Ayu", "Sari");
	int64_t budi = fixture_sign_up(f, 2, BUDI, "Budi", "");
	int64_t both[2] = {ayu, budi};

	assert_int_equal(
		fixture_end(f, contacts_set_close_friends(fixture_call(f, 1), both, 2)), 0);
	assert_false(view(f, 1, budi).is_close_friend);
	import(f, 1, BUDI, "B", "", budi);
	assert_int_equal(
		fixture_end(f, contacts_set_close_friends(fixture_call(f, 1), both, 2)), 0);
	assert_true(view(f, 1, budi).is_close_friend);
	assert_int_equal(fixture_end(f, contacts_delete(fixture_call(f, 1), &budi, 1)), 0);
	assert_false(view(f, 1, budi).is_close_friend);
}

static void names_and_numbers_of_contacts_are_sealed(void **state)
{
	struct fixture *f = *state;

	fixture_sign_up(f, 1, AYU, "Ayu", "");
	import(f, 1, "6285551234567", "Rahasia-Clear", "Nama-Clear", 0);
	assert_false(fixture_files_contain(f, "Rahasia-Clear", 13));
	assert_false(fixture_files_contain(f, "Nama-Clear", 10));
	assert_false(fixture_files_contain(f, "6285551234567", 13));
}

static void a_changed_name_is_told(void **state)
{
	struct fixture *f = *state;
	int64_t ayu = fixture_sign_up(f, 1, AYU, "Ayu", "Sari");
	int64_t budi = fixture_sign_up(f, 2, BUDI, "Budi", "");
	struct user_card card;
	const struct effect *told;
	struct call *call;

	import(f, 1, BUDI, "B", "", budi);
	import(f, 2, AYU, "", "", ayu);
	call = fixture_call(f, 1);
	assert_int_equal(fixture_end(f, user_update_profile(call, B("Dewi"), (struct bytes){0},
						B("selalu ada"))),
		0);
	told = fixture_effect(f, EFFECT_ACCOUNT, budi);
	assert_non_null(told);
	assert_int_equal(told->set.updates[0].kind, UPDATE_USER_NAME);
	assert_true(bytes_equal(told->set.users[0].first_name, B("Dewi")));
	assert_true(bytes_equal(view(f, 2, ayu).first_name, B("Dewi")));
	assert_true(bytes_equal(view(f, 2, ayu).last_name, B("Sari")));
	user_card(fixture_call(f, 2), ayu, &card);
	assert_true(bytes_equal(card.about, B("selalu ada")));
	call = fixture_call(f, 1);
	fixture_refused(f, user_update_profile(call, B(" "), (struct bytes){0}, (struct bytes){0}),
		400, "FIRSTNAME_INVALID");
}

static void the_service_account_is_built_in(void **state)
{
	struct fixture *f = *state;
	struct user user;

	fixture_sign_up(f, 1, AYU, "Ayu", "");
	assert_true(user_exists(fixture_call(f, 1), SERVICE_USER));
	user = view(f, 1, SERVICE_USER);
	assert_true(user.is_service);
	assert_true(bytes_equal(user.first_name, B("Lontar")));
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
	const struct CMUnitTest tests[] = {
		CASE(strangers_see_names_only),
		CASE(contacts_become_mutual),
		CASE(a_saved_number_is_linked_when_it_signs_up),
		CASE(the_same_once_more_tells_nobody),
		CASE(whose_number_was_known_stays_a_contact_when_he_hides),
		CASE(deleting_goes_one_way),
		CASE(who_is_no_contact_any_more_is_named),
		CASE(adding_by_id_reveals_no_number),
		CASE(numbers_tried_in_a_day_are_bounded),
		CASE(no_more_than_so_many_are_kept),
		CASE(who_hides_from_numbers_is_as_absent),
		CASE(a_number_learnt_takes_the_place_of_the_id),
		CASE(notes_are_kept_and_taken_away),
		CASE(a_number_is_shared_by_hand),
		CASE(a_new_number_is_known_to_who_knew_the_old),
		CASE(who_goes_is_nobodys_contact),
		CASE(who_joins_is_announced_once),
		CASE(close_friends_are_contacts),
		CASE(names_and_numbers_of_contacts_are_sealed),
		CASE(a_changed_name_is_told),
		CASE(the_service_account_is_built_in),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
