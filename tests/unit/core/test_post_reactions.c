/* SPDX-License-Identifier: Apache-2.0 */
/* core/posts/post_reactions.h: reactions in groups and channels, who sees whose, and what is
 * refused. */
#include "channels_fixture.h"

#include "core/channels/channel_load.h"
#include "core/channels/channel_rights.h"
#include "core/channels/channel_standing.h"
#include "core/posts/post_reactions.h"
#include "store/home_post_reactions.h"

#define HEART "\xE2\x9D\xA4"
#define THUMB "\xF0\x9F\x91\x8D"

static int react(struct fixture *f, uint64_t key, int64_t channel, int32_t id, const char *emoji,
	size_t times, struct update_set *answer)
{
	const struct bytes emojis[] = {B(emoji), B(emoji), B(emoji), B(emoji)};
	const struct reaction_request request = {.emojis = emojis, .count = times};

	return reaction_send(
		fixture_call(f, key), (struct peer){PEER_CHANNEL, channel}, id, &request, answer);
}

static void counts_stand_with_the_post(struct fixture *f, bool broadcast)
{
	const struct people people = channels_people(f);
	const int64_t id = channels_make_public(f, "a_name", broadcast);
	struct reaction_page page = {0};
	const struct peer in = {PEER_CHANNEL, id};
	const struct message *told;
	struct update_set answer;
	struct message post;
	int32_t at;

	channels_join(f, GERMAN_KEY, id);
	at = channels_post(f, OWNER_KEY, id, "hello");
	assert_int_equal(fixture_end(f, react(f, GERMAN_KEY, id, at, HEART, 1, &answer)), 0);
	assert_true(answer.updates[0].message->tally->at[0].mine);
	told = fixture_effect(f, EFFECT_CHANNEL, 0)->set.updates->message;
	assert_int_equal(told->tally->viewer, 0);
	assert_false(told->tally->at[0].mine);
	assert_int_equal(told->reaction_count, broadcast ? 0 : 1);
	assert_int_equal(fixture_end(f, react(f, OWNER_KEY, id, at, HEART, 1, &answer)), 0);
	post = channels_post_of(f, OWNER_KEY, id, at);
	assert_int_equal(post.tally->count, 1);
	assert_int_equal(post.tally->at[0].count, 2);
	assert_int_equal(post.tally->listed, !broadcast);
	if (broadcast) {
		assert_int_equal(post.reaction_count, 0);
		fixture_refused(f,
			reactions_list(fixture_call(f, OWNER_KEY), in, at, (struct bytes){0},
				(struct bytes){0}, 10, &page),
			403, "BROADCAST_FORBIDDEN");
	} else {
		assert_int_equal(
			fixture_end(f, reactions_list(fixture_call(f, OWNER_KEY), in, at,
					       (struct bytes){0}, (struct bytes){0}, 1, &page)),
			0);
		assert_int_equal(page.total, 2);
		assert_int_equal(page.count, 1);
		assert_true(page.next.size > 0);
		assert_int_equal(post.author, people.owner);
		assert_int_equal(post_reactions_unread(fixture_call(f, OWNER_KEY), id, 0), 1);
		fixture_end(f, 0);
	}
	fixture_refused(
		f, react(f, GERMAN_KEY, id, at, HEART, 1, &answer), 400, "MESSAGE_NOT_MODIFIED");
	assert_int_equal(fixture_end(f, react(f, GERMAN_KEY, id, at, HEART, 0, &answer)), 0);
	post = channels_post_of(f, GERMAN_KEY, id, at);
	assert_int_equal(post.tally->at[0].count, 1);
	assert_false(post.tally->at[0].mine);
	fixture_refused(f, react(f, INDONESIAN_KEY, id, at, HEART, 1, &answer), 403,
		"CHAT_WRITE_FORBIDDEN");
	fixture_refused(
		f, react(f, GERMAN_KEY, id, 999, HEART, 1, &answer), 400, "MESSAGE_ID_INVALID");
	channels_set_flags(f, id, CHANNEL_REACTIONS_NONE, 0);
	fixture_refused(
		f, react(f, GERMAN_KEY, id, at, THUMB, 1, &answer), 400, "REACTION_INVALID");
}

static void test_reactions_in_a_group(void **state)
{
	counts_stand_with_the_post(*state, false);
}

static void test_reactions_in_a_channel(void **state)
{
	counts_stand_with_the_post(*state, true);
}

static void test_the_author_sees_what_is_new(void **state)
{
	struct fixture *f = *state;
	const struct post_range range = {.limit = 10};
	int32_t at, pts, left;
	struct post_list list;
	struct update_set answer;
	int64_t id;

	channels_people(f);
	id = channels_make_public(f, "a_name", false);
	channels_join(f, GERMAN_KEY, id);
	at = channels_post(f, OWNER_KEY, id, "hello");
	assert_int_equal(fixture_end(f, react(f, GERMAN_KEY, id, at, HEART, 1, &answer)), 0);
	assert_true(channels_post_of(f, OWNER_KEY, id, at).reactions[0].unread);
	assert_int_equal(fixture_end(f, post_reactions_waiting(
						fixture_call(f, OWNER_KEY), id, 0, &range, &list)),
		0);
	assert_int_equal(list.count, 1);
	assert_int_equal(list.posts[0].id, at);
	assert_int_equal(
		fixture_end(f, post_reactions_read(fixture_call(f, OWNER_KEY), id, 0, &pts, &left)),
		0);
	assert_int_equal(left, 0);
	assert_false(channels_post_of(f, OWNER_KEY, id, at).reactions[0].unread);
	assert_int_equal(fixture_end(f, post_reactions_waiting(
						fixture_call(f, OWNER_KEY), id, 0, &range, &list)),
		0);
	assert_int_equal(list.count, 0);
}

static void test_a_deleted_post_leaves_nothing_behind(void **state)
{
	struct fixture *f = *state;
	struct post_reaction_row row;
	int32_t at, pts, count;
	struct update_set answer;
	struct call *call;
	int64_t id;

	channels_people(f);
	id = channels_make_public(f, "a_name", false);
	channels_join(f, GERMAN_KEY, id);
	at = channels_post(f, OWNER_KEY, id, "hello");
	assert_int_equal(fixture_end(f, react(f, GERMAN_KEY, id, at, HEART, 1, &answer)), 0);
	call = fixture_call(f, OWNER_KEY);
	assert_int_equal(fixture_end(f, channel_posts_delete(call, id, &at, 1, &pts, &count)), 0);
	call = fixture_call(f, OWNER_KEY);
	while (home_remains_purge(call_home(call), 10))
		;
	assert_int_equal(
		home_post_reactions_page(call_home(call), id, at, -1,
			&(struct post_reaction_row){INT64_MAX, 0, false, INT64_MAX}, &row, 1),
		0);
	assert_int_equal(post_reactions_unread(call, id, 0), 0);
	fixture_end(f, 0);
}

static void who_does_not_react(void **state)
{
	struct fixture *f = *state;
	const struct people people = channels_people(f);
	const int64_t id = channels_make(f, "Group", false);
	struct update_set answer;
	struct channel_context context;
	struct call *call;
	int32_t post;

	channels_name(f, id, "a_group");
	channels_join(f, GERMAN_KEY, id);
	channels_join(f, INDONESIAN_KEY, id);
	post = channels_post(f, OWNER_KEY, id, "hello");
	fixture_refused(
		f, react(f, GERMAN_KEY, id, post, HEART, 4, &answer), 400, "REACTIONS_TOO_MANY");
	fixture_refused(
		f, react(f, GERMAN_KEY, id, post, "?", 1, &answer), 400, "REACTION_INVALID");
	assert_int_equal(fixture_end(f, react(f, GERMAN_KEY, id, post, HEART, 1, &answer)), 0);
	call = fixture_call(f, OWNER_KEY);
	assert_true(channel_load(call, id, &context));
	context.shared->settings.reactions_limit = 1;
	channel_store(call, &context);
	assert_int_equal(fixture_end(f, 0), 0);
	fixture_refused(f, react(f, INDONESIAN_KEY, id, post, THUMB, 1, &answer), 400,
		"REACTIONS_TOO_MANY");
	call = fixture_call(f, OWNER_KEY);
	assert_int_equal(fixture_end(f, channel_edit_banned(call, id, people.indonesian, CHAT_REACT,
						0, &answer)),
		0);
	fixture_refused(f, react(f, INDONESIAN_KEY, id, post, HEART, 1, &answer), 400,
		"USER_BANNED_IN_CHANNEL");
	call = fixture_call(f, OWNER_KEY);
	assert_int_equal(fixture_end(f, channel_edit_admin(call, id, people.german, ADMIN_ANONYMOUS,
						(struct bytes){0}, &answer)),
		0);
	fixture_refused(f, react(f, GERMAN_KEY, id, post, THUMB, 1, &answer), 400,
		"ANONYMOUS_REACTIONS_DISABLED");
	call = fixture_call(f, OWNER_KEY);
	fixture_refused(f,
		post_reaction_report(call, id, post, (struct peer){PEER_USER, people.indonesian}),
		400, "PEER_ID_INVALID");
	fixture_refused(f,
		post_reaction_report(fixture_call(f, OWNER_KEY), id, 99,
			(struct peer){PEER_USER, people.german}),
		400, "MSG_ID_INVALID");
	assert_int_equal(fixture_end(f, post_reaction_report(fixture_call(f, OWNER_KEY), id, post,
						(struct peer){PEER_USER, people.german})),
		0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_reactions_in_a_group),
		TEST(test_reactions_in_a_channel),
		TEST(test_the_author_sees_what_is_new),
		TEST(test_a_deleted_post_leaves_nothing_behind),
		TEST(who_does_not_react),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
