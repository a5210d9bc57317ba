/* SPDX-License-Identifier: Apache-2.0 */
/* core/channels/channel_toggles.h: what admins of channels switch, who may, and what it takes. */
#include "channels_fixture.h"

#include "core/channels/channel_link.h"
#include "core/channels/channel_standing.h"
#include "core/channels/channel_toggles.h"
#include "core/chats/chats.h"
#include "core/posts/topics.h"
#include "store/home_members.h"

static int64_t group, broadcast;

static struct people setup(struct fixture *f)
{
	const struct people people = channels_people(f);

	group = channels_make(f, "Group", false);
	broadcast = channels_make(f, "News", true);
	channels_name(f, group, "groupname");
	channels_name(f, broadcast, "newsname");
	channels_join(f, GERMAN_KEY, group);
	channels_join(f, GERMAN_KEY, broadcast);
	return people;
}

/* With no rights: a member. */
static void make_admin(struct fixture *f, int64_t user, int64_t channel, uint32_t rights)
{
	struct call *call = fixture_call(f, OWNER_KEY);
	struct membership_row row;

	assert_true(home_members_find(call_home(call), user, channel, &row));
	row.role = rights ? ROLE_ADMIN : ROLE_MEMBER;
	row.admin_rights = rights;
	home_members_set_standing(call_home(call), &row);
	assert_int_equal(fixture_end(f, 0), 0);
}

static void add_members(struct fixture *f, int64_t channel, int64_t count)
{
	struct call *call = fixture_call(f, OWNER_KEY);

	home_member_counts_add(call_home(call), channel, count);
	assert_int_equal(fixture_end(f, 0), 0);
}

static int toggle(struct fixture *f, uint64_t key, int64_t id, enum channel_flag flag, bool on)
{
	struct update_set answer;
	const int result = channel_toggle(fixture_call(f, key), id, flag, on, &answer);

	if (result == 0) {
		assert_int_equal(answer.update_count, 1);
		assert_int_equal(answer.updates[0].kind, UPDATE_CHANNEL);
		assert_int_equal((answer.channels[0].channel->settings.flags & flag) != 0, on);
		assert_non_null(fixture_effect(f, EFFECT_CHANNEL_CHANGED, 0));
	}
	return result;
}

static const struct {
	enum channel_flag flag;
	uint32_t right;
	bool broadcast;
} switches[] = {
	{CHANNEL_JOIN_REQUEST, ADMIN_BAN, false},
	{CHANNEL_ANTISPAM, ADMIN_DELETE, false},
	{CHANNEL_MEMBERS_HIDDEN, ADMIN_BAN, false},
	{CHANNEL_AUTOTRANSLATION, ADMIN_CHANGE_INFO, true},
};

static void each_switch_has_its_right_and_its_kind(void **state)
{
	struct fixture *f = *state;
	const struct people people = setup(f);

	add_members(f, group, ANTISPAM_MEMBERS_MIN);
	for (size_t i = 0; i < ARRAY_LEN(switches); i++) {
		const int64_t id = switches[i].broadcast ? broadcast : group;
		const int64_t other = switches[i].broadcast ? group : broadcast;
		const enum channel_flag flag = switches[i].flag;

		make_admin(f, people.german, id, 0);
		fixture_refused(
			f, toggle(f, GERMAN_KEY, id, flag, true), 400, "CHAT_ADMIN_REQUIRED");
		make_admin(f, people.german, id, ~switches[i].right & ADMIN_PIN);
		fixture_refused(
			f, toggle(f, GERMAN_KEY, id, flag, true), 400, "CHAT_ADMIN_REQUIRED");
		make_admin(f, people.german, id, switches[i].right);
		fixture_refused(f, toggle(f, OWNER_KEY, other, flag, true), 400, "CHAT_ID_INVALID");
		assert_int_equal(fixture_end(f, toggle(f, GERMAN_KEY, id, flag, true)), 0);
		fixture_refused(f, toggle(f, OWNER_KEY, id, flag, true), 400, "CHAT_NOT_MODIFIED");
		assert_true(channels_view(f, INDONESIAN_KEY, id).channel->settings.flags & flag);
		assert_int_equal(fixture_end(f, toggle(f, OWNER_KEY, id, flag, false)), 0);
		assert_false(channels_view(f, OWNER_KEY, id).channel->settings.flags & flag);
	}
}

static void what_may_be_forwarded_is_the_creators(void **state)
{
	struct fixture *f = *state;
	const struct people people = setup(f);

	make_admin(f, people.german, group, ADMIN_CHANGE_INFO | ADMIN_DELETE | ADMIN_BAN);
	fixture_refused(f, toggle(f, GERMAN_KEY, group, CHANNEL_NOFORWARDS, true), 400,
		"CHAT_ADMIN_REQUIRED");
	assert_int_equal(fixture_end(f, toggle(f, OWNER_KEY, group, CHANNEL_NOFORWARDS, true)), 0);
}

static void small_groups_hide_nobody(void **state)
{
	struct fixture *f = *state;
	struct update_set answer;
	struct call *call;

	setup(f);
	fixture_refused(f, toggle(f, OWNER_KEY, group, CHANNEL_ANTISPAM, true), 400,
		"PARTICIPANTS_TOO_FEW");
	fixture_refused(f, toggle(f, OWNER_KEY, group, CHANNEL_MEMBERS_HIDDEN, true), 400,
		"PARTICIPANTS_TOO_FEW");
	call = fixture_call(f, OWNER_KEY);
	fixture_refused(f, channel_to_gigagroup(call, group, &answer), 400, "PARTICIPANTS_TOO_FEW");
	add_members(f, group, GIGAGROUP_MEMBERS_MIN);
	call = fixture_call(f, GERMAN_KEY);
	fixture_refused(f, channel_to_gigagroup(call, group, &answer), 400, "CHAT_ADMIN_REQUIRED");
	call = fixture_call(f, OWNER_KEY);
	fixture_refused(
		f, channel_to_gigagroup(call, broadcast, &answer), 400, "CHANNEL_ID_INVALID");
	call = fixture_call(f, OWNER_KEY);
	assert_int_equal(fixture_end(f, channel_to_gigagroup(call, group, &answer)), 0);
	assert_true(answer.channels[0].channel->settings.banned_rights & CHAT_SEND_PLAIN);
	call = fixture_call(f, OWNER_KEY);
	fixture_refused(f, channel_to_gigagroup(call, group, &answer), 400, "CHAT_NOT_MODIFIED");
}

static void a_broadcast_group_stays_one(void **state)
{
	struct fixture *f = *state;
	const struct people people = setup(f);
	struct update_set answer;
	struct channel_view view;
	struct call *call;
	int64_t missing;
	size_t count;

	call = fixture_call(f, OWNER_KEY);
	assert_int_equal(fixture_end(f, channel_link(call, broadcast, group)), 0);
	add_members(f, group, GIGAGROUP_MEMBERS_MIN);
	call = fixture_call(f, OWNER_KEY);
	assert_int_equal(fixture_end(f, channel_to_gigagroup(call, group, &answer)), 0);
	assert_int_equal(answer.channels[0].channel->settings.linked, 0);
	call = fixture_call(f, OWNER_KEY);
	assert_int_equal(fixture_end(f, channel_view(call, broadcast, &view)), 0);
	assert_int_equal(view.channel->settings.linked, 0);
	call = fixture_call(f, OWNER_KEY);
	fixture_refused(f, channel_edit_default_rights(call, group, 0, &answer), 400,
		"BANNED_RIGHTS_INVALID");
	call = fixture_call(f, OWNER_KEY);
	fixture_refused(
		f, channel_set_forum(call, group, true, false, &answer), 400, "CHAT_ID_INVALID");
	fixture_refused(
		f, toggle(f, OWNER_KEY, group, CHANNEL_ANTISPAM, true), 400, "CHAT_ID_INVALID");
	call = fixture_call(f, OWNER_KEY);
	fixture_refused(f, channel_toggle_join_request(call, group, true, false, &answer), 400,
		"CHAT_ID_INVALID");
	call = fixture_call(f, OWNER_KEY);
	fixture_refused(f,
		channel_invite(call, group, &people.german, 1, &missing, &count, &answer), 400,
		"CHAT_INVALID");
}

static void a_forum_becomes_no_broadcast_group(void **state)
{
	struct fixture *f = *state;
	struct update_set answer;
	struct call *call;

	setup(f);
	add_members(f, group, GIGAGROUP_MEMBERS_MIN);
	call = fixture_call(f, OWNER_KEY);
	assert_int_equal(fixture_end(f, channel_set_forum(call, group, true, false, &answer)), 0);
	call = fixture_call(f, OWNER_KEY);
	fixture_refused(f, channel_to_gigagroup(call, group, &answer), 400, "FORUM_ENABLED");
}

static void requests_are_for_what_anybody_finds(void **state)
{
	struct fixture *f = *state;
	int64_t hidden;

	setup(f);
	hidden = channels_make(f, "Hidden", false);
	fixture_refused(f, toggle(f, OWNER_KEY, hidden, CHANNEL_JOIN_REQUEST, true), 400,
		"CHAT_PUBLIC_REQUIRED");
	fixture_refused(f, toggle(f, OWNER_KEY, hidden, CHANNEL_JOIN_TO_SEND, true), 400,
		"CHAT_ID_INVALID");
	/* Of what everybody may read there is no history to hide. */
	fixture_refused(f, toggle(f, OWNER_KEY, group, CHANNEL_HISTORY_HIDDEN, true), 400,
		"CHAT_ID_INVALID");
	assert_int_equal(
		fixture_end(f, toggle(f, OWNER_KEY, hidden, CHANNEL_HISTORY_HIDDEN, true)), 0);
}

static void slow_mode_has_a_few_steps(void **state)
{
	static const int32_t bad[] = {-1, 1, 11, 7200};
	struct fixture *f = *state;
	struct update_set answer;
	struct call *call;

	setup(f);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		call = fixture_call(f, OWNER_KEY);
		fixture_refused(f, channel_set_slowmode(call, group, bad[i], &answer), 400,
			"SECONDS_INVALID");
	}
	call = fixture_call(f, OWNER_KEY);
	fixture_refused(
		f, channel_set_slowmode(call, broadcast, 30, &answer), 400, "CHANNEL_INVALID");
	call = fixture_call(f, OWNER_KEY);
	assert_int_equal(fixture_end(f, channel_set_slowmode(call, group, 30, &answer)), 0);
	assert_int_equal(channels_view(f, GERMAN_KEY, group).channel->settings.slowmode_s, 30);
	call = fixture_call(f, OWNER_KEY);
	fixture_refused(
		f, channel_set_slowmode(call, group, 30, &answer), 400, "CHAT_NOT_MODIFIED");
}

static void admins_change_what_it_is_called(void **state)
{
	struct fixture *f = *state;
	const struct people people = setup(f);
	struct update_set answer;
	struct call *call = fixture_call(f, GERMAN_KEY);

	fixture_refused(
		f, channel_edit_title(call, group, B("Ours"), &answer), 400, "CHAT_ADMIN_REQUIRED");
	make_admin(f, people.german, group, ADMIN_CHANGE_INFO);
	call = fixture_call(f, GERMAN_KEY);
	assert_int_equal(fixture_end(f, channel_edit_title(call, group, B("Ours"), &answer)), 0);
	call = fixture_call(f, GERMAN_KEY);
	assert_int_equal(fixture_end(f, channel_edit_about(call, group, B("all of us"))), 0);
	assert_true(bytes_equal(channels_view(f, OWNER_KEY, group).channel->title, B("Ours")));
}

static void reactions_are_kept_as_they_were_chosen(void **state)
{
	struct fixture *f = *state;
	struct chat_reactions rules = {
		.mode = CHAT_REACTIONS_SOME, .kinds = {3, 1}, .kind_count = 2, .unique_max = 5};
	struct chat_reactions got;
	struct update_set answer;
	struct call *call;
	struct channel_view view;

	setup(f);
	call = fixture_call(f, OWNER_KEY);
	assert_int_equal(
		fixture_end(f, channel_set_reactions(call, broadcast, &rules, &answer)), 0);
	view = channels_view(f, GERMAN_KEY, broadcast);
	channel_reactions(&f->arena, &view.channel->settings, &got);
	assert_int_equal(got.mode, CHAT_REACTIONS_SOME);
	assert_int_equal(got.kind_count, 2);
	assert_memory_equal(got.kinds, rules.kinds, 2);
	assert_int_equal(got.unique_max, 5);
	call = fixture_call(f, OWNER_KEY);
	fixture_refused(f, channel_set_reactions(call, broadcast, &rules, &answer), 400,
		"CHAT_NOT_MODIFIED");
	call = fixture_call(f, GERMAN_KEY);
	fixture_refused(f, channel_set_reactions(call, broadcast, &rules, &answer), 400,
		"CHAT_ADMIN_REQUIRED");
	rules = (struct chat_reactions){.mode = CHAT_REACTIONS_NONE};
	call = fixture_call(f, OWNER_KEY);
	assert_int_equal(
		fixture_end(f, channel_set_reactions(call, broadcast, &rules, &answer)), 0);
	view = channels_view(f, GERMAN_KEY, broadcast);
	channel_reactions(&f->arena, &view.channel->settings, &got);
	assert_int_equal(got.mode, CHAT_REACTIONS_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
		TEST(each_switch_has_its_right_and_its_kind),
		TEST(what_may_be_forwarded_is_the_creators),
		TEST(small_groups_hide_nobody),
		TEST(a_broadcast_group_stays_one),
		TEST(a_forum_becomes_no_broadcast_group),
		TEST(requests_are_for_what_anybody_finds),
		TEST(slow_mode_has_a_few_steps),
		TEST(admins_change_what_it_is_called),
		TEST(reactions_are_kept_as_they_were_chosen),
#undef TEST
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
