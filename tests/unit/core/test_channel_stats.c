/* SPDX-License-Identifier: Apache-2.0 */
/* core/channels/channel_stats.h: what is counted of channels, by the day, and who is shown it. */
#include "channels_fixture.h"

#include "core/posts/post_views.h"
#include "core/channels/admin_log.h"
#include "core/channels/channel_standing.h"
#include "core/channels/channel_stats.h"
#include "core/chats/chats.h"

#define DAY 86400

static int64_t make(struct fixture *f, bool broadcast)
{
	int64_t id = channels_make(f, "Public", broadcast);

	channels_name(f, id, broadcast ? "public_news" : "public_group");
	channels_join(f, GERMAN_KEY, id);
	channels_join(f, INDONESIAN_KEY, id);
	home_member_counts_add(store_home(&f->store), id, STATS_MEMBERS_MIN);
	assert_int_equal(store_commit(&f->store), 0);
	return id;
}

static void shown(struct fixture *f, int64_t id, bool broadcast, struct channel_stats *stats)
{
	assert_int_equal(
		fixture_end(f, channel_stats(fixture_call(f, OWNER_KEY), id, broadcast, stats)), 0);
}

static void view(struct fixture *f, uint64_t key, int64_t id, int32_t post)
{
	struct message views;

	assert_int_equal(fixture_end(f, channel_views_count(
						fixture_call(f, key), id, &post, 1, true, &views)),
		0);
	post_views_flush(fixture_call(f, OWNER_KEY), f->env.views);
	assert_int_equal(fixture_end(f, 0), 0);
}

static void days_add_up(void **state)
{
	struct fixture *f = *state;
	struct channel_stats stats;
	struct update_set answer;
	int64_t id;
	int32_t post;

	channels_people(f);
	id = make(f, true);
	post = channels_post(f, OWNER_KEY, id, "one");
	view(f, GERMAN_KEY, id, post);
	view(f, GERMAN_KEY, id, post);
	f->now_s += 2 * DAY;
	view(f, INDONESIAN_KEY, id, post);
	assert_int_equal(
		fixture_end(f, channel_leave(fixture_call(f, GERMAN_KEY), id, &answer)), 0);
	shown(f, id, true, &stats);
	assert_int_equal(stats.count, 3);
	assert_int_equal(stats.days[0].joins, 2);
	assert_int_equal(stats.days[0].posts, 1);
	assert_int_equal(stats.days[0].views, 2); /* the author's, and one */
	assert_int_equal(stats.days[1].day, stats.days[0].day + 1);
	assert_int_equal(stats.days[1].views, 0);
	assert_int_equal(stats.days[1].members, stats.days[0].members);
	assert_int_equal(stats.days[2].views, 1);
	assert_int_equal(stats.days[2].leaves, 1);
	assert_int_equal(stats.now.members, STATS_MEMBERS_MIN + 2);
	assert_int_equal(stats.now.views, 3);
	assert_int_equal(stats.before.views, 0);
	assert_int_equal(stats.post_count, 1);
	assert_int_equal(stats.posts[0].views, 3);
	/* A week later it is the period before. */
	f->now_s += 7 * DAY;
	shown(f, id, true, &stats);
	assert_int_equal(stats.now.views, 0);
	assert_int_equal(stats.before.views, 3);
}

static void a_group_has_its_top_people(void **state)
{
	struct fixture *f = *state;
	const uint32_t acts[] = {CHAT_SEND, 0, CHAT_SEND_POLLS, 0, CHAT_SEE, 0};
	struct people people = channels_people(f);
	struct channel_context context;
	struct channel_stats stats;
	struct update_set answer;
	struct call *call;
	int64_t id = make(f, false);

	channels_post(f, GERMAN_KEY, id, "abcd");
	channels_post(f, GERMAN_KEY, id, "ab");
	channels_post(f, INDONESIAN_KEY, id, "abc");
	call = fixture_call(f, OWNER_KEY);
	assert_true(channel_load(call, id, &context));
	stats_act(call, &context, STATS_DELETED, 3);
	stats_act(call, &context, STATS_INVITED, 0);
	assert_int_equal(fixture_end(f, 0), 0);
	/* What is taken back is no act against anybody. */
	for (size_t i = 0; i < ARRAY_LEN(acts); i++)
		assert_int_equal(fixture_end(f, channel_edit_banned(fixture_call(f, OWNER_KEY), id,
							people.german, acts[i], 0, &answer)),
			0);
	shown(f, id, false, &stats);
	assert_int_equal(stats.poster_count, 2);
	assert_int_equal(stats.posters[0].user, people.german);
	assert_int_equal(stats.posters[0].messages, 2);
	assert_int_equal(stats.posters[0].chars, 6);
	assert_int_equal(stats.admin_count, 1);
	assert_int_equal(stats.admins[0].user, people.owner);
	assert_int_equal(stats.admins[0].deleted, 3);
	assert_int_equal(stats.admins[0].banned, 2);
	assert_int_equal(stats.admins[0].kicked, 1);
	assert_int_equal(stats.inviter_count, 0);
	assert_int_equal(stats.now.posts, 3);
	assert_int_equal(stats.now.people, 2);
}

static void people_of_a_day_are_bounded(void **state)
{
	struct fixture *f = *state;
	struct db *db = store_home(&f->store);
	struct home_day_person one = {.messages = 1};

	home_day_add(db, 5, &(struct home_day){.day = 1});
	for (int i = 0; i < HOME_STATS_POSTERS + 50; i++) {
		one.user = i + 1;
		home_day_person_add(db, 5, 1, &one);
	}
	assert_int_equal(home_day_people_count(db, 5, 1, 1), HOME_STATS_POSTERS);
	one.user = 1;
	home_day_person_add(db, 5, 1, &one);
	assert_int_equal(home_day_people_top(db, 5, 1, 1, BY_MESSAGES, &one, 1), 1);
	assert_int_equal(one.messages, 2);
	assert_int_equal(store_commit(&f->store), 0);
}

static void admins_of_large_channels_alone_see_them(void **state)
{
	struct fixture *f = *state;
	struct channel_stats stats;
	int64_t id, small;

	channels_people(f);
	id = make(f, true);
	small = channels_make(f, "Small", true);
	fixture_refused(f, channel_stats(fixture_call(f, GERMAN_KEY), id, true, &stats), 400,
		"CHAT_ADMIN_REQUIRED");
	fixture_refused(f, channel_stats(fixture_call(f, OWNER_KEY), small, true, &stats), 400,
		"CHAT_ADMIN_REQUIRED");
	fixture_refused(f, channel_stats(fixture_call(f, OWNER_KEY), id, false, &stats), 400,
		"MEGAGROUP_REQUIRED");
	fixture_refused(f, channel_stats(fixture_call(f, GERMAN_KEY), small, true, &stats), 400,
		"CHANNEL_PRIVATE");
	id = make(f, false);
	fixture_refused(f, channel_stats(fixture_call(f, OWNER_KEY), id, true, &stats), 400,
		"BROADCAST_REQUIRED");
}

static void a_post_has_days_of_its_own(void **state)
{
	struct fixture *f = *state;
	struct post_stats stats;
	int64_t id;
	int32_t post;

	channels_people(f);
	id = make(f, true);
	post = channels_post(f, OWNER_KEY, id, "one");
	view(f, GERMAN_KEY, id, post);
	f->now_s += 2 * DAY;
	view(f, INDONESIAN_KEY, id, post);
	assert_int_equal(
		fixture_end(f, post_stats(fixture_call(f, OWNER_KEY), id, post, &stats)), 0);
	assert_int_equal(stats.count, 3);
	assert_int_equal(stats.days[0].views, 1);
	assert_int_equal(stats.days[1].views, 0);
	assert_int_equal(stats.days[2].views, 1);
	fixture_refused(f, post_stats(fixture_call(f, OWNER_KEY), id, post + 1, &stats), 400,
		"MESSAGE_ID_INVALID");
	fixture_refused(f, post_stats(fixture_call(f, GERMAN_KEY), id, post, &stats), 400,
		"CHAT_ADMIN_REQUIRED");
}

static int32_t forwarded(struct fixture *f, int64_t to, int64_t from, int32_t post)
{
	struct call *call = fixture_call(f, OWNER_KEY);
	struct forward forward = {.from = {PEER_CHANNEL, from}, .post = post};
	struct message copy = {.text = B("one"), .forward = &forward};
	struct channel_context context;
	struct update update;

	assert_true(channel_load(call, to, &context));
	post_append(call, &context, &copy, &update);
	assert_int_equal(fixture_end(f, 0), 0);
	return copy.id;
}

static void public_forwards_are_listed(void **state)
{
	struct fixture *f = *state;
	struct post_forwards found;
	struct home_forward after = {0};
	int64_t id, group, private_id;
	int32_t post, copies[2];

	channels_people(f);
	id = make(f, true);
	group = make(f, false);
	private_id = channels_make(f, "Private", true);
	post = channels_post(f, OWNER_KEY, id, "one");
	copies[0] = forwarded(f, group, id, post);
	copies[1] = forwarded(f, group, id, post);
	forwarded(f, private_id, id, post);
	assert_int_equal(fixture_end(f, post_forwards(fixture_call(f, OWNER_KEY), id, post, &after,
						1, &found)),
		0);
	assert_int_equal(found.total, 2);
	assert_int_equal(found.count, 1);
	assert_int_equal(found.posts[0].id, copies[0]);
	assert_true(found.more);
	after = found.last;
	assert_int_equal(fixture_end(f, post_forwards(fixture_call(f, OWNER_KEY), id, post, &after,
						10, &found)),
		0);
	assert_int_equal(found.count, 1);
	assert_int_equal(found.posts[0].id, copies[1]);
	assert_false(found.more);
}

static void old_days_go(void **state)
{
	struct fixture *f = *state;
	struct channel_stats stats;
	struct update_set answer;
	int64_t id, other;

	channels_people(f);
	id = make(f, true);
	channels_post(f, OWNER_KEY, id, "one");
	f->now_s += (HOME_STATS_DAYS + 1) * (int64_t)DAY;
	assert_false(stats_purge(fixture_call(f, 99)));
	assert_int_equal(fixture_end(f, 0), 0);
	shown(f, id, true, &stats);
	assert_int_equal(stats.count, 0);
	other = channels_make(f, "Other", true);
	channels_post(f, OWNER_KEY, other, "one");
	assert_int_equal(
		fixture_end(f, channel_delete(fixture_call(f, OWNER_KEY), other, &answer)), 0);
	assert_int_equal(
		db_get_int(store_home(&f->store), -1, "SELECT count(*) FROM channel_days"), 0);
	assert_int_equal(store_commit(&f->store), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(t) cmocka_unit_test_setup_teardown(t, fixture_setup, fixture_teardown)
		TEST(days_add_up),
		TEST(a_group_has_its_top_people),
		TEST(people_of_a_day_are_bounded),
		TEST(admins_of_large_channels_alone_see_them),
		TEST(a_post_has_days_of_its_own),
		TEST(public_forwards_are_listed),
		TEST(old_days_go),
	};

	return cmocka_run_group_tests_name("core/channel_stats", tests, NULL, NULL);
}
