/* SPDX-License-Identifier: Apache-2.0 */
/* core/channels/channels.h, core/channels/move.h: making, names, the move between home and square
 * with a crash between the two commits, joining and leaving, and what the square must not know. */
#include "channels_fixture.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/channels/channel_end.h"
#include "core/channels/channel_standing.h"
#include "core/accounts/contacts.h"
#include "core/channels/move.h"
#include "store/home_post_reactions.h"

static void create_answers_one_post_and_one_id(void **state)
{
	struct fixture *f = *state;
	struct people people = channels_people(f);
	const struct channel_draft draft = {
		.title = B("  News "), .about = B("daily"), .broadcast = true};
	struct call *call = fixture_call(f, OWNER_KEY);
	struct update_set answer;
	size_t posts = 0, ids = 0, looks = 0;

	assert_int_equal(fixture_end(f, channel_create(call, &draft, &answer)), 0);
	for (size_t i = 0; i < answer.update_count; i++) {
		posts += answer.updates[i].kind == UPDATE_NEW_POST;
		ids += answer.updates[i].kind == UPDATE_MESSAGE_ID;
		looks += answer.updates[i].kind == UPDATE_CHANNEL;
		if (answer.updates[i].kind == UPDATE_NEW_POST) {
			assert_int_equal(answer.updates[i].message->action, ACTION_CHANNEL_CREATE);
			assert_true(bytes_equal(answer.updates[i].message->text, B("News")));
			assert_int_equal(answer.updates[i].message->from.kind, PEER_NONE);
		}
	}
	assert_int_equal(posts, 1);
	assert_int_equal(ids, 1);
	assert_int_equal(looks, 1);
	assert_int_equal(answer.channel_count, 1);
	assert_int_equal(answer.channels[0].my.role, ROLE_CREATOR);
	assert_int_equal(answer.channels[0].channel->members, 1);
	assert_int_equal(answer.channels[0].channel->id, 1000000001);
	assert_false(answer.channels[0].channel->in_square);
	assert_non_null(fixture_effect(f, EFFECT_MEMBER, people.owner));
	assert_non_null(fixture_effect(f, EFFECT_CHANNEL, 0));
}

static void titles_are_checked(void **state)
{
	struct fixture *f = *state;
	char longest[CHANNEL_ABOUT_MAX + 2];
	struct channel_draft draft = {.title = B(" "), .about = B("")};
	struct update_set answer;
	struct call *call;

	channels_people(f);
	memset(longest, 'a', sizeof(longest));
	call = fixture_call(f, OWNER_KEY);
	fixture_refused(f, channel_create(call, &draft, &answer), 400, "CHAT_TITLE_EMPTY");
	draft.title = bytes_of("\xff", 1);
	call = fixture_call(f, OWNER_KEY);
	fixture_refused(f, channel_create(call, &draft, &answer), 400, "CHAT_TITLE_EMPTY");
	draft.title = B("ok");
	draft.about = bytes_of(longest, CHANNEL_ABOUT_MAX + 1);
	call = fixture_call(f, OWNER_KEY);
	fixture_refused(f, channel_create(call, &draft, &answer), 400, "CHAT_ABOUT_TOO_LONG");
}

static void private_channels_are_sealed_and_closed(void **state)
{
	struct fixture *f = *state;
	struct channel_view view;
	struct update_set answer;
	struct call *call;
	int64_t id;

	channels_people(f);
	id = channels_make(f, "Unmistakable title", true);
	channels_post(f, OWNER_KEY, id, "unmistakable words");
	assert_false(fixture_files_contain(f, "nmistakable", 11));
	call = fixture_call(f, GERMAN_KEY);
	assert_false(channel_find(call, id, &view));
	fixture_refused(f, channel_join(call, id, &answer), 400, "CHANNEL_PRIVATE");
	assert_null(channels_read(f, GERMAN_KEY, id, 2));
	assert_string_equal(channels_read(f, OWNER_KEY, id, 2), "unmistakable words");
}

static void usernames_are_checked(void **state)
{
	static const char *const bad[] = {"abcd", "1abcd", "_abcd", "ab-cd", "ab cd", "",
		"a23456789012345678901234567890123"};
	struct fixture *f = *state;
	struct call *call;
	bool is_free;

	channels_people(f);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		call = fixture_call(f, OWNER_KEY);
		fixture_refused(f, channel_username_check(call, 0, B(bad[i]), &is_free), 400,
			"USERNAME_INVALID");
	}
	call = fixture_call(f, OWNER_KEY);
	assert_int_equal(fixture_end(f, channel_username_check(call, 0, B("Abc_1"), &is_free)), 0);
	assert_true(is_free);
}

static void a_name_is_one_channels_in_any_case(void **state)
{
	struct fixture *f = *state;
	struct channel_view view;
	struct call *call;
	int64_t first, second;
	bool is_free;

	channels_people(f);
	first = channels_make(f, "First", true);
	second = channels_make(f, "Second", true);
	channels_name(f, first, "NewsRoom");
	call = fixture_call(f, OWNER_KEY);
	fixture_refused(
		f, channel_username_set(call, second, B("newsroom")), 400, "USERNAME_OCCUPIED");
	call = fixture_call(f, GERMAN_KEY);
	assert_int_equal(channel_username_check(call, 0, B("NEWSROOM"), &is_free), 0);
	assert_false(is_free);
	assert_true(channel_by_username(call, B("nEWSrOOM"), &view));
	assert_int_equal(view.channel->id, first);
	assert_true(bytes_equal(view.channel->username, B("NewsRoom")));
	fixture_end(f, 0);
	call = fixture_call(f, OWNER_KEY);
	fixture_refused(
		f, channel_username_set(call, first, B("NewsRoom")), 400, "USERNAME_NOT_MODIFIED");
	channels_name(f, first, "OtherRoom");
	channels_name(f, second, "newsroom");
	call = fixture_call(f, GERMAN_KEY);
	fixture_refused(
		f, channel_username_set(call, second, B("stolen")), 400, "CHAT_ADMIN_REQUIRED");
}

static int64_t make_as(struct fixture *f, uint64_t key, const char *title)
{
	const struct channel_draft draft = {.title = B(title), .about = B(""), .broadcast = true};
	struct update_set answer;
	int64_t id;

	assert_int_equal(channel_create(fixture_call(f, key), &draft, &answer), 0);
	id = answer.channels[0].channel->id;
	fixture_end(f, 0);
	return id;
}

static void a_name_given_up_is_held_for_a_week(void **state)
{
	struct fixture *f = *state;
	struct update_set answer;
	int64_t first, other;
	bool is_free;

	channels_people(f);
	first = channels_make(f, "First", true);
	other = make_as(f, GERMAN_KEY, "Impostor");
	channels_name(f, first, "NewsRoom");
	for (int way = 0; way < 3; way++) {
		if (way == 0)
			channels_name(f, first, "OtherRoom");
		else if (way == 1)
			channels_name(f, first, "");
		else
			assert_int_equal(fixture_end(f, channel_delete(fixture_call(f, OWNER_KEY),
								first, &answer)),
				0);
		f->now_s += 6 * 86400;
		fixture_refused(f,
			channel_username_set(fixture_call(f, GERMAN_KEY), other, B("newsroom")),
			400, "USERNAME_OCCUPIED");
		assert_int_equal(channel_username_check(
					 fixture_call(f, GERMAN_KEY), 0, B("NewsRoom"), &is_free),
			0);
		assert_false(is_free);
		assert_int_equal(channel_username_check(
					 fixture_call(f, OWNER_KEY), 0, B("NewsRoom"), &is_free),
			0);
		assert_true(is_free);
		fixture_end(f, 0);
		if (way < 2)
			channels_name(f, first, "newsroom");
	}
	f->now_s += 2 * 86400;
	assert_int_equal(fixture_end(f, channel_username_set(
						fixture_call(f, GERMAN_KEY), other, B("newsroom"))),
		0);
}

static void an_account_makes_ten_public_channels(void **state)
{
	struct fixture *f = *state;
	char name[24];
	int64_t id = 0, more;

	channels_people(f);
	for (int i = 0; i < CHANNEL_NAMES_MAX; i++) {
		snprintf(name, sizeof(name), "number_%d", i);
		id = channels_make(f, name, true);
		channels_name(f, id, name);
	}
	channels_name(f, id, "another_name");
	more = channels_make(f, "One more", true);
	fixture_refused(f, channel_username_set(fixture_call(f, OWNER_KEY), more, B("one_more")),
		400, "CHANNELS_ADMIN_PUBLIC_TOO_MUCH");
	channels_name(f, id, "");
	channels_name(f, more, "one_more");
	id = make_as(f, GERMAN_KEY, "Another's");
	assert_int_equal(fixture_end(f, channel_username_set(
						fixture_call(f, GERMAN_KEY), id, B("of_another"))),
		0);
}

static void search_finds_by_prefix(void **state)
{
	struct fixture *f = *state;
	struct channel_views found;
	struct call *call;

	channels_people(f);
	channels_name(f, channels_make(f, "A", true), "weather_one");
	channels_name(f, channels_make(f, "B", true), "WeatherTwo");
	channels_name(f, channels_make(f, "C", true), "sports");
	call = fixture_call(f, GERMAN_KEY);
	assert_int_equal(channel_search(call, B("@Weath"), 10, &found), 0);
	assert_int_equal(found.count, 2);
	assert_int_equal(channel_search(call, B("weathers"), 10, &found), 0);
	assert_int_equal(found.count, 0);
	fixture_end(f, 0);
}

static void the_first_name_moves_it_to_the_square_and_back(void **state)
{
	struct fixture *f = *state;
	char *home, *square;
	int32_t post;
	int64_t id;
	bool more;

	channels_people(f);
	id = channels_make(f, "Traveller", true);
	post = channels_post(f, OWNER_KEY, id, "words on the way");
	channels_name(f, id, "traveller");
	square = channels_dump(f->square);
	home = channels_dump(f->home);
	assert_true(channels_dump_has(square, "Traveller"));
	assert_true(channels_dump_has(square, "words on the way"));
	assert_null(strstr(home, "\nposts|"));
	assert_null(strstr(home, "\nchannels|"));
	free(square);
	free(home);
	assert_string_equal(channels_read(f, GERMAN_KEY, id, post), "words on the way");

	channels_name(f, id, "");
	assert_null(channels_read(f, GERMAN_KEY, id, post));
	assert_string_equal(channels_read(f, OWNER_KEY, id, post), "words on the way");
	square = channels_dump(f->square);
	assert_false(channels_dump_has(square, "traveller|3|1000000001"));
	free(square);
	/* Not while the home's commit may still be under way. */
	assert_int_equal(fixture_end(f, move_sweep(fixture_call(f, OWNER_KEY), &more)), 0);
	square = channels_dump(f->square);
	assert_true(channels_dump_has(square, "words on the way"));
	free(square);
	/* The square's copy goes when the home's is surely on disk. */
	f->now_s += MOVE_GRACE_S + 1;
	assert_int_equal(fixture_end(f, move_sweep(fixture_call(f, OWNER_KEY), &more)), 0);
	square = channels_dump(f->square);
	assert_null(strstr(square, "words on the way"));
	assert_null(strstr(square, "\nchannels|"));
	free(square);
	assert_string_equal(channels_read(f, OWNER_KEY, id, post), "words on the way");
	channels_name(f, id, "traveller");
	assert_string_equal(channels_read(f, GERMAN_KEY, id, post), "words on the way");
}

/* The square's commit is on disk, the home's is not. */
static void crash_between_commits(struct fixture *f)
{
	assert_false(store_failed(&f->store));
	assert_int_equal(db_commit(f->store.square_db), 0);
	db_rollback(f->store.home_db);
}

static void a_crash_on_the_way_to_the_square_is_repaired(void **state)
{
	struct fixture *f = *state;
	int32_t post;
	int64_t id;
	char *home;

	channels_people(f);
	id = channels_make(f, "Crashed", true);
	post = channels_post(f, OWNER_KEY, id, "kept");
	assert_int_equal(channel_username_set(fixture_call(f, OWNER_KEY), id, B("crashed")), 0);
	crash_between_commits(f);
	home = channels_dump(f->home);
	assert_non_null(strstr(home, "\nchannels|"));
	free(home);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(fixture_end(f, move_repair(fixture_call(f, OWNER_KEY))), 0);
		home = channels_dump(f->home);
		assert_null(strstr(home, "\nchannels|"));
		assert_null(strstr(home, "\nposts|"));
		free(home);
		assert_string_equal(channels_read(f, GERMAN_KEY, id, post), "kept");
		assert_true(channels_view(f, OWNER_KEY, id).channel->in_square);
	}
}

static void a_crash_on_the_way_home_is_repaired(void **state)
{
	struct fixture *f = *state;
	int32_t post;
	int64_t id;
	char *square;

	channels_people(f);
	id = channels_make(f, "Crashed", true);
	post = channels_post(f, OWNER_KEY, id, "kept");
	channels_name(f, id, "crashed");
	assert_int_equal(channel_username_set(fixture_call(f, OWNER_KEY), id, B("")), 0);
	crash_between_commits(f);
	assert_null(channels_read(f, OWNER_KEY, id, post));
	assert_int_equal(fixture_end(f, move_repair(fixture_call(f, OWNER_KEY))), 0);
	assert_string_equal(channels_read(f, OWNER_KEY, id, post), "kept");
	assert_false(channels_view(f, OWNER_KEY, id).channel->in_square);
	assert_int_equal(fixture_end(f, move_repair(fixture_call(f, OWNER_KEY))), 0);
	square = channels_dump(f->square);
	assert_null(strstr(square, "\nchannels|"));
	assert_null(strstr(square, "\nposts|"));
	free(square);
	assert_string_equal(channels_read(f, OWNER_KEY, id, post), "kept");
}

static void members_are_counted(void **state)
{
	struct fixture *f = *state;
	struct people people = channels_people(f);
	const struct channel_member_query all = {.filter = MEMBERS_ALL, .limit = 10};
	const struct channel_member_query admins = {.filter = MEMBERS_ADMINS, .limit = 10};
	struct channel_members members;
	struct update_set answer;
	struct call *call;
	int64_t id = channels_make(f, "Counted", true);
	char *square;

	channels_name(f, id, "counted");
	channels_join(f, GERMAN_KEY, id);
	assert_int_equal(
		fixture_effect(f, EFFECT_MEMBER, people.german)->standing.role, ROLE_MEMBER);
	channels_join(f, GERMAN_KEY, id);
	channels_join(f, INDONESIAN_KEY, id);
	assert_int_equal(channels_view(f, GERMAN_KEY, id).channel->members, 3);
	square = channels_dump(f->square);
	assert_non_null(strstr(square, "|counted|1|"));
	free(square);

	call = fixture_call(f, GERMAN_KEY);
	fixture_refused(f, channel_members(call, id, &all, &members), 400, "CHAT_ADMIN_REQUIRED");
	call = fixture_call(f, OWNER_KEY);
	assert_int_equal(channel_members(call, id, &all, &members), 0);
	assert_int_equal(members.count, 3);
	assert_int_equal(members.total, 3);
	assert_int_equal(channel_members(call, id, &admins, &members), 0);
	assert_int_equal(members.count, 1);
	assert_int_equal(members.at[0].user, people.owner);
	fixture_end(f, 0);

	call = fixture_call(f, GERMAN_KEY);
	assert_int_equal(fixture_end(f, channel_leave(call, id, &answer)), 0);
	assert_int_equal(answer.channels[0].my.role, ROLE_LEFT);
	assert_int_equal(fixture_effect(f, EFFECT_MEMBER, people.german)->standing.role, ROLE_LEFT);
	call = fixture_call(f, GERMAN_KEY);
	fixture_refused(f, channel_leave(call, id, &answer), 400, "USER_NOT_PARTICIPANT");
	call = fixture_call(f, OWNER_KEY);
	fixture_refused(f, channel_leave(call, id, &answer), 400, "USER_CREATOR");
	assert_int_equal(channels_view(f, GERMAN_KEY, id).channel->members, 2);
}

static void a_deleted_channel_is_gone_and_its_name_given_up(void **state)
{
	struct fixture *f = *state;
	struct people people = channels_people(f);
	struct channel_view view;
	struct update_set answer;
	struct call *call;
	int64_t id = channels_make(f, "Gone", true);
	bool is_free;

	channels_name(f, id, "gone_one");
	channels_join(f, GERMAN_KEY, id);
	call = fixture_call(f, GERMAN_KEY);
	fixture_refused(f, channel_delete(call, id, &answer), 400, "CHAT_ADMIN_REQUIRED");
	call = fixture_call(f, OWNER_KEY);
	assert_int_equal(fixture_end(f, channel_delete(call, id, &answer)), 0);
	assert_non_null(fixture_effect(f, EFFECT_MEMBER, people.german));
	call = fixture_call(f, GERMAN_KEY);
	assert_false(channel_find(call, id, &view));
	assert_false(channel_by_username(call, B("gone_one"), &view));
	call = fixture_call(f, OWNER_KEY);
	assert_int_equal(channel_username_check(call, 0, B("gone_one"), &is_free), 0);
	assert_true(is_free);
	fixture_end(f, 0);
}

static void a_crash_in_a_deletion_is_repaired(void **state)
{
	struct fixture *f = *state;
	struct update_set answer;
	struct post_list list;
	const struct post_range range = {.limit = 1};
	int64_t id, kept;
	char *home;
	bool more;

	channels_people(f);
	id = channels_make(f, "Gone", true);
	kept = channels_make(f, "Kept", true);
	channels_name(f, id, "gone_one");
	channels_join(f, GERMAN_KEY, id);
	assert_int_equal(channel_delete(fixture_call(f, OWNER_KEY), id, &answer), 0);
	crash_between_commits(f);
	fixture_refused(f, channel_history(fixture_call(f, GERMAN_KEY), id, &range, &list), 500,
		"CHANNEL_MOVING");
	assert_int_equal(fixture_end(f, move_repair(fixture_call(f, OWNER_KEY))), 0);
	fixture_refused(f, channel_history(fixture_call(f, GERMAN_KEY), id, &range, &list), 400,
		"CHANNEL_PRIVATE");
	do {
		more = channels_end_some(fixture_call(f, OWNER_KEY));
		assert_int_equal(fixture_end(f, 0), 0);
	} while (more);
	while (home_remains_purge(call_home(fixture_call(f, OWNER_KEY)), 100))
		assert_int_equal(fixture_end(f, 0), 0);
	assert_int_equal(fixture_end(f, 0), 0);
	home = channels_dump(f->home);
	assert_non_null(strstr(home, "\nmembers|1000000002|"));
	assert_null(strstr(home, "\nmembers|1000000001|"));
	assert_null(strstr(home, "\nmember_counts|1000000001|"));
	assert_null(strstr(home, "\nposts|1000000001|"));
	assert_null(strstr(home, "\npost_authors|1000000001|"));
	free(home);
	assert_int_equal(channels_view(f, OWNER_KEY, kept).my.role, ROLE_CREATOR);
}

static void contact(struct fixture *f, uint64_t key, const char *phone, int64_t user)
{
	struct contact_import item = {.card = {.phone = B(phone), .first_name = B("Known")}};

	assert_int_equal(fixture_end(f, contacts_import(fixture_call(f, key), &item, 1)), 0);
	assert_int_equal(item.user, user);
}

static void mutual_contacts_can_be_brought_in(void **state)
{
	struct fixture *f = *state;
	struct people people = channels_people(f);
	const int64_t users[] = {people.german, people.indonesian, people.owner};
	int64_t missing[3], id = channels_make(f, "Circle", false);
	const struct effect *effect;
	struct update_set answer;
	size_t missing_count;

	contact(f, OWNER_KEY, "4915100000002", people.german);
	contact(f, GERMAN_KEY, "6281100000001", people.owner);
	contact(f, OWNER_KEY, "6281100000003", people.indonesian); /* not the other way round */
	assert_int_equal(fixture_end(f, channel_invite(fixture_call(f, OWNER_KEY), id, users, 3,
						missing, &missing_count, &answer)),
		0);
	assert_int_equal(answer.channels[0].channel->members, 2);
	effect = fixture_effect(f, EFFECT_MEMBER, people.german);
	assert_int_equal(effect->standing.role, ROLE_MEMBER);
	effect = fixture_effect(f, EFFECT_ACCOUNT, people.german);
	assert_int_equal(effect->except_session, 0);
	assert_int_equal(effect->set.channels[0].my.role, ROLE_MEMBER);
	assert_int_equal(effect->set.channels[0].access_hash,
		vault_access_hash(f->vault, people.german, PEER_CHANNEL, id));
	assert_int_equal(missing_count, 2);
	assert_int_equal(missing[0], people.indonesian);
	assert_int_equal(channels_view(f, GERMAN_KEY, id).my.role, ROLE_MEMBER);
	fixture_refused(f,
		channel_invite(fixture_call(f, GERMAN_KEY), id, users, 3, missing, &missing_count,
			&answer),
		400, "CHAT_ADMIN_REQUIRED");
	/* Members may where the group lets them. */
	assert_int_equal(fixture_end(f, channel_edit_default_rights(
						fixture_call(f, OWNER_KEY), id, 0, &answer)),
		0);
	assert_int_equal(fixture_end(f, channel_invite(fixture_call(f, GERMAN_KEY), id, users, 3,
						missing, &missing_count, &answer)),
		0);
}

/* A post that names an account by its id, as clients do for accounts without a public name. */
static void mention(struct fixture *f, int64_t channel, int64_t user)
{
	struct entity entity = {.kind = ENTITY_MENTION_NAME, .length = 3, .id = user};
	struct message draft = {.text = B("you there"),
		.entities = &entity,
		.entity_count = 1,
		.random_id = (int64_t)random_u64(&random_system)};
	struct update_set answer;

	assert_int_equal(fixture_end(f, channel_post_send(fixture_call(f, OWNER_KEY), channel,
						&draft, &answer)),
		0);
}

/* Who reads what, and who wrote a channel's posts, is nobody's business. */
static void the_square_knows_no_account(void **state)
{
	struct fixture *f = *state;
	struct people people = channels_people(f);
	const int64_t accounts[] = {people.owner, people.german, people.indonesian};
	int64_t channel = channels_make(f, "Public", true),
		group = channels_make(f, "Group", false);
	char *square, number[32];

	mention(f, channel, people.german);
	channels_name(f, channel, "public_one");
	mention(f, channel, people.indonesian);
	channels_name(f, group, "public_group");
	channels_join(f, GERMAN_KEY, channel);
	channels_join(f, GERMAN_KEY, group);
	channels_join(f, INDONESIAN_KEY, group);
	channels_post(f, OWNER_KEY, channel, "post");
	channels_post(f, GERMAN_KEY, group, "message");
	square = channels_dump(f->square);
	assert_true(channels_dump_has(square, "message"));
	for (size_t i = 0; i < ARRAY_LEN(accounts); i++) {
		snprintf(number, sizeof(number), "%lld", (long long)accounts[i]);
		assert_null(strstr(square, number));
		assert_null(memmem(square, strlen(square), &accounts[i], 3)); /* packed in a body */
	}
	assert_null(strstr(square, "6281"));
	assert_null(strstr(square, "4915"));
	assert_null(strstr(square, "Gerd"));
	free(square);
}

#define T(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(create_answers_one_post_and_one_id),
		T(titles_are_checked),
		T(private_channels_are_sealed_and_closed),
		T(usernames_are_checked),
		T(a_name_is_one_channels_in_any_case),
		T(a_name_given_up_is_held_for_a_week),
		T(an_account_makes_ten_public_channels),
		T(search_finds_by_prefix),
		T(the_first_name_moves_it_to_the_square_and_back),
		T(a_crash_on_the_way_to_the_square_is_repaired),
		T(a_crash_on_the_way_home_is_repaired),
		T(members_are_counted),
		T(a_deleted_channel_is_gone_and_its_name_given_up),
		T(a_crash_in_a_deletion_is_repaired),
		T(mutual_contacts_can_be_brought_in),
		T(the_square_knows_no_account),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
