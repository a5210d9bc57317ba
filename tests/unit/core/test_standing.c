/* SPDX-License-Identifier: Apache-2.0 */
/* What admins make of others, and what the log keeps of it. */
#include "channels_fixture.h"

#include <stdlib.h>

#include "core/accounts/account_end.h"
#include "core/channels/admin_log.h"
#include "core/channels/channel_rights.h"
#include "core/channels/channel_standing.h"
#include "core/channels/channel_toggles.h"

static struct update_set answer;

static int name_admin(struct fixture *f, uint64_t key, int64_t id, int64_t user, uint32_t rights,
	const char *rank)
{
	return channel_edit_admin(fixture_call(f, key), id, user, rights,
		rank ? B(rank) : (struct bytes){0}, &answer);
}

static int ban(
	struct fixture *f, uint64_t key, int64_t id, int64_t user, uint32_t banned, int64_t until_s)
{
	return channel_edit_banned(fixture_call(f, key), id, user, banned, until_s, &answer);
}

static struct admin_log_page log_of(struct fixture *f, uint64_t key, int64_t id, uint32_t filters)
{
	const struct admin_log_query query = {.filters = filters, .limit = 100};
	struct admin_log_page page;

	assert_int_equal(admin_log_read(fixture_call(f, key), id, &query, &page), 0);
	return page;
}

struct group {
	struct people people;
	int64_t id;
};

static struct group group_make(struct fixture *f)
{
	struct group group = {channels_people(f), 0};

	group.id = channels_make(f, "Group", false);
	channels_name(f, group.id, "group_one");
	channels_join(f, GERMAN_KEY, group.id);
	channels_join(f, INDONESIAN_KEY, group.id);
	return group;
}

static void admins_give_what_they_have(void **state)
{
	struct fixture *f = *state;
	struct group g = group_make(f);
	const uint32_t first = ADMIN_BAN | ADMIN_ADD_ADMINS | ADMIN_OTHER;

	assert_int_equal(
		fixture_end(f, name_admin(f, OWNER_KEY, g.id, g.people.german, first, "Wächter")),
		0);
	assert_int_equal(
		fixture_effect(f, EFFECT_MEMBER, g.people.german)->standing.admin_rights, first);
	assert_int_equal(channels_view(f, GERMAN_KEY, g.id).my.role, ROLE_ADMIN);
	fixture_refused(f, name_admin(f, GERMAN_KEY, g.id, g.people.indonesian, ADMIN_BAN, NULL),
		400, "FRESH_CHANGE_ADMINS_FORBIDDEN");
	f->now_s += ADMIN_FRESH_S;
	fixture_refused(f, name_admin(f, GERMAN_KEY, g.id, g.people.indonesian, ADMIN_PIN, NULL),
		403, "RIGHT_FORBIDDEN");
	fixture_refused(f, name_admin(f, GERMAN_KEY, g.id, g.people.owner, ADMIN_BAN, NULL), 400,
		"USER_CREATOR");
	assert_int_equal(fixture_end(f, name_admin(f, GERMAN_KEY, g.id, g.people.indonesian,
						ADMIN_BAN, NULL)),
		0);
	/* The second can't touch the first, who named him; the first can. */
	fixture_refused(f, name_admin(f, INDONESIAN_KEY, g.id, g.people.german, 0, NULL), 400,
		"CHAT_ADMIN_REQUIRED");
	fixture_refused(f, ban(f, INDONESIAN_KEY, g.id, g.people.german, CHAT_SEE, 0), 400,
		"USER_ADMIN_INVALID");
	assert_int_equal(
		fixture_end(f, name_admin(f, GERMAN_KEY, g.id, g.people.indonesian, 0, NULL)), 0);
	assert_int_equal(channels_view(f, INDONESIAN_KEY, g.id).my.role, ROLE_MEMBER);
	/* And may lay down his own office. */
	assert_int_equal(
		fixture_end(f, name_admin(f, GERMAN_KEY, g.id, g.people.german, 0, NULL)), 0);
	assert_int_equal(channels_view(f, GERMAN_KEY, g.id).my.admin_rights, 0);
}

static void ranks_are_short_words(void **state)
{
	struct fixture *f = *state;
	struct group g = group_make(f);
	struct channel_member member;

	fixture_refused(f,
		name_admin(f, OWNER_KEY, g.id, g.people.german, ADMIN_BAN, "seventeen letters"),
		400, "ADMIN_RANK_INVALID");
	fixture_refused(f,
		name_admin(f, OWNER_KEY, g.id, g.people.german, ADMIN_BAN, "boss \xf0\x9f\x98\x80"),
		400, "ADMIN_RANK_EMOJI_NOT_ALLOWED");
	assert_int_equal(fixture_end(f, name_admin(f, OWNER_KEY, g.id, g.people.german, ADMIN_BAN,
						"Oberwachtmeister")),
		0);
	assert_false(fixture_files_contain(f, "Oberwachtmeister", 16));
	assert_int_equal(
		channel_member(fixture_call(f, INDONESIAN_KEY), g.id, g.people.german, &member), 0);
	assert_true(bytes_equal(member.rank, B("Oberwachtmeister")));
	assert_int_equal(member.by_user, g.people.owner);
	fixture_end(f, 0);
	/* An edit that doesn't speak of the rank leaves it. */
	assert_int_equal(
		fixture_end(f, name_admin(f, OWNER_KEY, g.id, g.people.german, ADMIN_PIN, NULL)),
		0);
	assert_int_equal(
		channel_member(fixture_call(f, INDONESIAN_KEY), g.id, g.people.german, &member), 0);
	assert_int_equal(member.rank.size, 16);
	fixture_end(f, 0);
	assert_int_equal(fixture_end(f, channel_edit_rank(fixture_call(f, INDONESIAN_KEY), g.id,
						g.people.indonesian, B("Newcomer"), &answer)),
		0);
	fixture_refused(f,
		channel_edit_rank(
			fixture_call(f, INDONESIAN_KEY), g.id, g.people.german, B("x"), &answer),
		400, "CHAT_ADMIN_REQUIRED");
	assert_int_equal(log_of(f, OWNER_KEY, g.id, 1 << FILTER_RANK).count, 1);
	fixture_end(f, 0);
}

static void a_banned_one_is_out_and_stays_out(void **state)
{
	struct fixture *f = *state;
	struct group g = group_make(f);
	struct post_list list;
	const struct post_range range = {.limit = 1};

	fixture_refused(f, ban(f, GERMAN_KEY, g.id, g.people.indonesian, CHAT_SEE, 0), 400,
		"CHAT_ADMIN_REQUIRED");
	fixture_refused(
		f, ban(f, OWNER_KEY, g.id, g.people.owner, CHAT_SEE, 0), 400, "USER_ID_INVALID");
	assert_int_equal(fixture_end(f, ban(f, OWNER_KEY, g.id, g.people.german, CHAT_SEE, 0)), 0);
	assert_int_equal(
		fixture_effect(f, EFFECT_MEMBER, g.people.german)->standing.role, ROLE_BANNED);
	assert_int_equal(fixture_effect(f, EFFECT_ACCOUNT, g.people.german)->except_session, 0);
	assert_int_equal(answer.channels[0].channel->members, 2);
	fixture_refused(f, channel_join(fixture_call(f, GERMAN_KEY), g.id, &answer), 400,
		"CHANNEL_PRIVATE");
	fixture_refused(f, channel_history(fixture_call(f, GERMAN_KEY), g.id, &range, &list), 400,
		"CHANNEL_PRIVATE");
	/* Nobody brings him back by another door. */
	fixture_refused(f, name_admin(f, OWNER_KEY, g.id, g.people.german, ADMIN_BAN, NULL), 400,
		"USER_BLOCKED");
	assert_int_equal(fixture_end(f, ban(f, OWNER_KEY, g.id, g.people.german, 0, 0)), 0);
	channels_join(f, GERMAN_KEY, g.id);
	assert_int_equal(channels_view(f, GERMAN_KEY, g.id).channel->members, 3);
	assert_int_equal(
		log_of(f, OWNER_KEY, g.id, 1 << FILTER_KICK | 1 << FILTER_UNKICK).count, 2);
	fixture_end(f, 0);
}

static void limits_hold_until_they_end(void **state)
{
	struct fixture *f = *state;
	struct group g = group_make(f);
	struct message draft = {.text = B("x"), .random_id = 77};
	int64_t kicked, limited;

	assert_int_equal(fixture_end(f, ban(f, OWNER_KEY, g.id, g.people.german, CHAT_SEND,
						f->now_s + 3600)),
		0);
	fixture_refused(f, channel_post_send(fixture_call(f, GERMAN_KEY), g.id, &draft, &answer),
		400, "USER_BANNED_IN_CHANNEL");
	/* Going and coming back changes nothing. */
	assert_int_equal(
		fixture_end(f, channel_leave(fixture_call(f, GERMAN_KEY), g.id, &answer)), 0);
	assert_int_equal(channels_view(f, GERMAN_KEY, g.id).my.role, ROLE_LEFT);
	channels_join(f, GERMAN_KEY, g.id);
	assert_int_equal(channels_view(f, GERMAN_KEY, g.id).my.banned_rights, CHAT_SEND);
	home_members_kind_counts(call_home(fixture_call(f, OWNER_KEY)), g.id, &kicked, &limited);
	assert_int_equal(limited, 1);
	fixture_end(f, 0);

	f->now_s += 3601;
	channels_post(f, GERMAN_KEY, g.id, "free again");
	assert_false(channel_standings_prune(fixture_call(f, OWNER_KEY)));
	home_members_kind_counts(call_home(&f->call), g.id, &kicked, &limited);
	assert_int_equal(limited, 0);
	fixture_end(f, 0);
	/* What is too short or too long is for ever. */
	assert_int_equal(
		fixture_end(f, ban(f, OWNER_KEY, g.id, g.people.german, CHAT_SEE, f->now_s + 10)),
		0);
	assert_int_equal(fixture_effect(f, EFFECT_MEMBER, g.people.german)->standing.until_s, 0);
	f->now_s += 1000;
	assert_int_equal(channels_view(f, GERMAN_KEY, g.id).my.role, ROLE_BANNED);
}

static void whom_limits_make_no_admin(void **state)
{
	struct fixture *f = *state;
	struct group g = group_make(f);

	assert_int_equal(
		fixture_end(f, name_admin(f, OWNER_KEY, g.id, g.people.german, ADMIN_BAN, NULL)),
		0);
	assert_int_equal(
		fixture_end(f, ban(f, OWNER_KEY, g.id, g.people.german, CHAT_SEND_MEDIA, 0)), 0);
	assert_int_equal(channels_view(f, GERMAN_KEY, g.id).my.role, ROLE_MEMBER);
	/* Who knows the media as one right means each. */
	assert_true(channels_view(f, GERMAN_KEY, g.id).my.banned_rights & CHAT_SEND_PHOTOS);
	assert_int_equal(
		fixture_end(f, name_admin(f, OWNER_KEY, g.id, g.people.german, ADMIN_BAN, NULL)),
		0);
	assert_int_equal(channels_view(f, GERMAN_KEY, g.id).my.banned_rights, 0);
}

static void default_rights_are_the_groups(void **state)
{
	struct fixture *f = *state;
	struct group g = group_make(f);
	const int64_t broadcast = channels_make(f, "News", true);
	struct message draft = {.text = B("x"), .random_id = 78};

	fixture_refused(f,
		channel_edit_default_rights(
			fixture_call(f, GERMAN_KEY), g.id, CHAT_SEND_PLAIN, &answer),
		400, "CHAT_ADMIN_REQUIRED");
	fixture_refused(f,
		channel_edit_default_rights(fixture_call(f, OWNER_KEY), g.id, CHAT_SEE, &answer),
		400, "BANNED_RIGHTS_INVALID");
	fixture_refused(f,
		channel_edit_default_rights(
			fixture_call(f, OWNER_KEY), broadcast, CHAT_SEND, &answer),
		400, "BANNED_RIGHTS_INVALID");
	assert_int_equal(fixture_end(f, channel_edit_default_rights(fixture_call(f, OWNER_KEY),
						g.id, CHAT_SEND_PLAIN, &answer)),
		0);
	fixture_refused(f,
		channel_edit_default_rights(
			fixture_call(f, OWNER_KEY), g.id, CHAT_SEND_PLAIN, &answer),
		400, "CHAT_NOT_MODIFIED");
	fixture_refused(f, channel_post_send(fixture_call(f, GERMAN_KEY), g.id, &draft, &answer),
		403, "CHAT_SEND_PLAIN_FORBIDDEN");
}

static void the_log_is_for_admins_and_ends(void **state)
{
	struct fixture *f = *state;
	struct group g = group_make(f);
	struct admin_log_query query = {.limit = 2};
	struct admin_log_page page;

	assert_int_equal(fixture_end(f, name_admin(f, OWNER_KEY, g.id, g.people.german, ADMIN_BAN,
						"Findling")),
		0);
	assert_int_equal(
		fixture_end(f, ban(f, GERMAN_KEY, g.id, g.people.indonesian, CHAT_SEE, 0)), 0);
	fixture_refused(f, admin_log_read(fixture_call(f, INDONESIAN_KEY), g.id, &query, &page),
		400, "CHANNEL_PRIVATE");
	/* Newest first; a page, and the next. */
	assert_int_equal(admin_log_read(fixture_call(f, GERMAN_KEY), g.id, &query, &page), 0);
	assert_int_equal(page.count, 2);
	assert_int_equal(page.at[0].entry.event, EVENT_BAN);
	assert_int_equal(page.at[0].actor, g.people.german);
	assert_int_equal(page.at[1].entry.event, EVENT_ADMIN);
	assert_int_equal(page.at[1].entry.members[1]->standing.role, ROLE_ADMIN);
	query.max_id = page.at[1].id;
	assert_int_equal(admin_log_read(&f->call, g.id, &query, &page), 0);
	assert_int_equal(page.count, 2);
	assert_int_equal(page.at[0].entry.event, EVENT_JOIN);
	query.min_id = page.at[1].id;
	assert_int_equal(admin_log_read(&f->call, g.id, &query, &page), 0);
	assert_int_equal(page.count, 1);
	fixture_end(f, 0);
	/* By kind, by who, by word. */
	query = (struct admin_log_query){
		.filters = 1 << FILTER_JOIN | 1 << FILTER_PROMOTE, .limit = 10};
	assert_int_equal(admin_log_read(fixture_call(f, OWNER_KEY), g.id, &query, &page), 0);
	assert_int_equal(page.count, 3);
	assert_int_equal(page.at[0].entry.event, EVENT_ADMIN);
	query = (struct admin_log_query){.admins = &g.people.german, .admin_count = 1, .limit = 10};
	assert_int_equal(admin_log_read(&f->call, g.id, &query, &page), 0);
	assert_int_equal(page.count, 2); /* he came, and he banned */
	query = (struct admin_log_query){.words = B("findLING"), .limit = 10};
	assert_int_equal(admin_log_read(&f->call, g.id, &query, &page), 0);
	assert_int_equal(page.count, 1);
	fixture_end(f, 0);
	assert_false(fixture_files_contain(f, "Findling", 8));

	f->now_s += ADMIN_LOG_KEPT_S + 1;
	query = (struct admin_log_query){.limit = 10};
	assert_int_equal(admin_log_read(fixture_call(f, OWNER_KEY), g.id, &query, &page), 0);
	assert_int_equal(page.count, 0);
	assert_false(admin_log_prune(&f->call));
	assert_int_equal(db_get_int(call_home(&f->call), -1, "SELECT count(*) FROM admin_log"), 0);
	fixture_end(f, 0);
}

static struct channel_members list(struct fixture *f, uint64_t key, int64_t id,
	enum channel_member_filter filter, const char *words)
{
	const struct channel_member_query query = {
		.filter = filter, .words = B(words), .limit = 10};
	struct channel_members members = {0};

	assert_int_equal(channel_members(fixture_call(f, key), id, &query, &members), 0);
	return members;
}

static void lists_show_who_is_where(void **state)
{
	struct fixture *f = *state;
	struct group g = group_make(f);
	const struct channel_member_query out_query = {.filter = MEMBERS_OUT, .limit = 10};
	struct channel_members members;
	struct channel_member member;
	struct channel_counts counts;
	struct channel_view view;

	assert_int_equal(list(f, GERMAN_KEY, g.id, MEMBERS_ALL, "").total, 3);
	members = list(f, GERMAN_KEY, g.id, MEMBERS_ALL, "indAH");
	assert_int_equal(members.count, 1);
	assert_int_equal(members.at[0].user, g.people.indonesian);
	assert_int_equal(list(f, GERMAN_KEY, g.id, MEMBERS_MENTIONS, "").count, 2);
	assert_int_equal(list(f, GERMAN_KEY, g.id, MEMBERS_BOTS, "").count, 0);
	fixture_end(f, 0);
	fixture_refused(f, channel_members(fixture_call(f, GERMAN_KEY), g.id, &out_query, &members),
		400, "CHAT_ADMIN_REQUIRED");
	assert_int_equal(fixture_end(f, ban(f, OWNER_KEY, g.id, g.people.german, CHAT_SEE, 0)), 0);
	assert_int_equal(
		fixture_end(f, ban(f, OWNER_KEY, g.id, g.people.indonesian, CHAT_SEND, 0)), 0);
	members = list(f, OWNER_KEY, g.id, MEMBERS_OUT, "gerd");
	assert_int_equal(members.count, 1);
	assert_int_equal(members.at[0].by_user, g.people.owner);
	assert_int_equal(list(f, OWNER_KEY, g.id, MEMBERS_LIMITED, "").total, 1);
	assert_int_equal(channel_member(&f->call, g.id, g.people.german, &member), 0);
	assert_int_equal(member.standing.role, ROLE_BANNED);
	assert_int_equal(channel_view(&f->call, g.id, &view), 0);
	channel_counts(&f->call, &view, &counts);
	assert_int_equal(counts.admins, 1);
	assert_int_equal(counts.kicked, 1);
	assert_int_equal(counts.limited, 1);
	fixture_end(f, 0);
	/* Another member doesn't learn who is banned. */
	fixture_refused(f,
		channel_member(fixture_call(f, INDONESIAN_KEY), g.id, g.people.german, &member),
		400, "USER_NOT_PARTICIPANT");
}

static void anonymous_admins_are_the_group(void **state)
{
	struct fixture *f = *state;
	struct group g = group_make(f);
	struct channel_member member;
	struct post_list posts;
	int32_t post;

	assert_int_equal(fixture_end(f, name_admin(f, OWNER_KEY, g.id, g.people.german,
						ADMIN_BAN | ADMIN_ANONYMOUS, "Shadow")),
		0);
	post = channels_post(f, GERMAN_KEY, g.id, "who am I");
	assert_int_equal(
		channel_posts_get(fixture_call(f, INDONESIAN_KEY), g.id, &post, 1, &posts), 0);
	assert_int_equal(posts.posts[0].from.kind, PEER_CHANNEL);
	assert_int_equal(posts.posts[0].from.id, g.id);
	assert_true(bytes_equal(posts.posts[0].signature, B("Shadow")));
	assert_int_equal(list(f, INDONESIAN_KEY, g.id, MEMBERS_ADMINS, "").count, 1);
	assert_int_equal(channel_member(&f->call, g.id, g.people.german, &member), 0);
	assert_int_equal(member.standing.role, ROLE_MEMBER);
	assert_int_equal(list(f, OWNER_KEY, g.id, MEMBERS_ADMINS, "").count, 2);
	fixture_end(f, 0);
}

static void slow_mode_makes_members_wait(void **state)
{
	struct fixture *f = *state;
	struct group g = group_make(f);
	struct message draft = {.text = B("again"), .random_id = 99};

	assert_int_equal(
		fixture_end(f, channel_set_slowmode(fixture_call(f, OWNER_KEY), g.id, 30, &answer)),
		0);
	channels_post(f, GERMAN_KEY, g.id, "once");
	f->now_s += 10;
	fixture_refused(f, channel_post_send(fixture_call(f, GERMAN_KEY), g.id, &draft, &answer),
		420, "SLOWMODE_WAIT_20");
	channels_post(f, OWNER_KEY, g.id, "admins don't wait");
	channels_post(f, OWNER_KEY, g.id, "at all");
	f->now_s += 20;
	channels_post(f, GERMAN_KEY, g.id, "twice");
}

static void posts_of_one_go_in_pieces(void **state)
{
	struct fixture *f = *state;
	struct group g = group_make(f);
	int32_t pts, pts_count, left, kept;

	for (int i = 0; i < POSTS_PER_CALL_MAX + 1; i++)
		channels_post(f, GERMAN_KEY, g.id, "spam");
	kept = channels_post(f, INDONESIAN_KEY, g.id, "kept");
	fixture_refused(f,
		channel_delete_posts_of(fixture_call(f, INDONESIAN_KEY), g.id, g.people.german,
			&pts, &pts_count, &left),
		400, "CHAT_ADMIN_REQUIRED");
	assert_int_equal(fixture_end(f, channel_delete_posts_of(fixture_call(f, OWNER_KEY), g.id,
						g.people.german, &pts, &pts_count, &left)),
		0);
	assert_int_equal(pts_count, POSTS_PER_CALL_MAX);
	assert_int_equal(left, 1);
	assert_int_equal(fixture_end(f, channel_delete_posts_of(fixture_call(f, OWNER_KEY), g.id,
						g.people.german, &pts, &pts_count, &left)),
		0);
	/* The last, and that he came. */
	assert_int_equal(pts_count, 2);
	assert_int_equal(left, 0);
	assert_non_null(channels_read(f, OWNER_KEY, g.id, kept));
}

static void what_is_set_is_logged_by_itself(void **state)
{
	struct fixture *f = *state;
	struct group g = group_make(f);
	struct admin_log_page page;

	assert_int_equal(fixture_end(f, channel_edit_title(fixture_call(f, OWNER_KEY), g.id,
						B("Other"), &answer)),
		0);
	assert_int_equal(
		fixture_end(f, channel_set_slowmode(fixture_call(f, OWNER_KEY), g.id, 30, &answer)),
		0);
	page = log_of(f, OWNER_KEY, g.id, 1 << FILTER_INFO | 1 << FILTER_SETTINGS);
	assert_int_equal(page.count, 3);
	assert_int_equal(page.at[0].entry.event, EVENT_SLOWMODE);
	assert_int_equal(page.at[0].entry.numbers[1], 30);
	assert_int_equal(page.at[1].entry.event, EVENT_TITLE);
	assert_true(bytes_equal(page.at[1].entry.texts[0], B("Group")));
	assert_int_equal(page.at[2].entry.event, EVENT_USERNAME);
	fixture_end(f, 0);
}

static void who_goes_for_good_is_nowhere(void **state)
{
	struct fixture *f = *state;
	struct group g = group_make(f);
	int64_t alone = channels_make(f, "Alone", true);
	struct channel_view view;
	struct call *call;
	char *home;

	assert_int_equal(fixture_end(f, ban(f, OWNER_KEY, g.id, g.people.german, CHAT_SEE, 0)), 0);
	account_end(fixture_call(f, OWNER_KEY), g.people.german);
	fixture_end(f, 0);
	account_end(fixture_call(f, OWNER_KEY), g.people.owner);
	fixture_end(f, 0);
	call = fixture_call(f, INDONESIAN_KEY);
	assert_false(channel_find(call, alone, &view));
	assert_true(channel_find(call, g.id, &view));
	assert_int_equal(view.channel->members, 1);
	assert_int_equal(db_get_int(call_home(call), -1, "SELECT count(*) FROM members"), 1);
	assert_int_equal(db_get_int(call_home(call), -1, "SELECT count(*) FROM memberships"), 1);
	fixture_end(f, 0);
	home = channels_dump(f->home);
	assert_null(strstr(home, "\nmember_counts|1000000002|"));
	free(home);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
		TEST(admins_give_what_they_have),
		TEST(ranks_are_short_words),
		TEST(a_banned_one_is_out_and_stays_out),
		TEST(limits_hold_until_they_end),
		TEST(whom_limits_make_no_admin),
		TEST(default_rights_are_the_groups),
		TEST(the_log_is_for_admins_and_ends),
		TEST(lists_show_who_is_where),
		TEST(anonymous_admins_are_the_group),
		TEST(slow_mode_makes_members_wait),
		TEST(posts_of_one_go_in_pieces),
		TEST(what_is_set_is_logged_by_itself),
		TEST(who_goes_for_good_is_nowhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
