/* SPDX-License-Identifier: Apache-2.0 */
/* What a device that was away is told of a channel. */
#include "channels_fixture.h"

static int64_t make(struct fixture *f, bool public, bool broadcast)
{
	channels_people(f);
	return public ? channels_make_public(f, "some_name", broadcast)
		      : channels_make(f, "Channel", broadcast);
}

static void edit_and_delete(struct fixture *f, int64_t id, int32_t edited, int32_t deleted)
{
	struct message draft = {.id = edited, .text = B("edited")};
	struct update_set answer;
	int32_t pts, count;

	f->now_s += 5;
	assert_int_equal(fixture_end(f, channel_post_edit(fixture_call(f, OWNER_KEY), id, &draft,
						NULL, &answer)),
		0);
	assert_int_equal(answer.updates[0].kind, UPDATE_EDIT_POST);
	assert_int_equal(answer.updates[0].message->edit_date_s, f->now_s);
	draft = (struct message){.id = edited, .text = B("edited")};
	fixture_refused(f, channel_post_edit(fixture_call(f, OWNER_KEY), id, &draft, NULL, &answer),
		400, "MESSAGE_NOT_MODIFIED");
	assert_int_equal(fixture_end(f, channel_posts_delete(fixture_call(f, OWNER_KEY), id,
						(int32_t[]){deleted, 999}, 2, &pts, &count)),
		0);
	assert_int_equal(count, 1);
	assert_int_equal(
		fixture_effect(f, EFFECT_CHANNEL, 0)->set.updates[0].kind, UPDATE_DELETE_POSTS);
}

static void difference_tells_all(void **state)
{
	struct fixture *f = *state;
	int64_t id = make(f, true, true);
	struct channel_difference d;
	int32_t start;

	channels_post(f, OWNER_KEY, id, "one");
	channels_join(f, GERMAN_KEY, id);
	start = channels_view(f, GERMAN_KEY, id).channel->pts;
	assert_int_equal(
		fixture_end(f, channel_difference(fixture_call(f, GERMAN_KEY), id, start, 100, &d)),
		0);
	assert_int_equal(d.kind, CHANNEL_DIFFERENCE_EMPTY);
	assert_true(d.final);
	channels_post(f, OWNER_KEY, id, "two");
	channels_post(f, OWNER_KEY, id, "three");
	edit_and_delete(f, id, 2, 3);
	assert_int_equal(
		fixture_end(f, channel_difference(fixture_call(f, GERMAN_KEY), id, start, 100, &d)),
		0);
	assert_int_equal(d.kind, CHANNEL_DIFFERENCE_PART);
	assert_true(d.final);
	assert_int_equal(d.pts, channels_view(f, GERMAN_KEY, id).channel->pts);
	fixture_end(f, channel_difference(fixture_call(f, GERMAN_KEY), id, start, 100, &d));
	assert_int_equal(d.list.count, 1);
	assert_true(bytes_equal(d.list.posts[0].text, B("three")));
	assert_int_equal(d.other_count, 2);
	assert_int_equal(d.others[0].kind, UPDATE_EDIT_POST);
	assert_true(bytes_equal(d.others[0].message->text, B("edited")));
	assert_int_equal(d.others[1].kind, UPDATE_DELETE_POSTS);
	assert_int_equal(d.others[1].ids[0], 3);
	assert_int_equal(d.others[1].pts, d.pts);
}

static void difference_comes_in_slices(void **state)
{
	struct fixture *f = *state;
	int64_t id = make(f, true, true);
	struct channel_difference d;
	int32_t pts = channels_view(f, OWNER_KEY, id).channel->pts;
	size_t posts = 0;
	int rounds = 0;

	for (int i = 0; i < 7; i++)
		channels_post(f, OWNER_KEY, id, "text");
	do {
		assert_int_equal(fixture_end(f, channel_difference(fixture_call(f, GERMAN_KEY), id,
							pts, 3, &d)),
			0);
		assert_int_equal(d.kind, CHANNEL_DIFFERENCE_PART);
		pts = d.pts;
		posts += d.list.count;
		rounds++;
	} while (!d.final);
	assert_int_equal(posts, 7);
	assert_int_equal(rounds, 3);
	fixture_refused(f, channel_difference(fixture_call(f, GERMAN_KEY), id, pts + 1, 3, &d), 400,
		"PERSISTENT_TIMESTAMP_INVALID");
}

/* As in a box: see test_difference.c. */
static void tells_the_author_which_post_is_which(struct fixture *f, bool public)
{
	const int64_t id = make(f, public, false);
	const int32_t start = channels_view(f, OWNER_KEY, id).channel->pts;
	struct message draft = {.random_id = 4712, .text = B("once")};
	struct channel_difference d;
	struct update_set answer;

	assert_int_equal(
		fixture_end(f, channel_post_send(fixture_call(f, OWNER_KEY), id, &draft, &answer)),
		0);
	fixture_end(f, channel_difference(fixture_call(f, OWNER_KEY), id, start, 10, &d));
	assert_int_equal(d.list.count, 1);
	assert_int_equal(d.other_count, 1);
	assert_int_equal(d.others[0].kind, UPDATE_MESSAGE_ID);
	assert_int_equal(d.others[0].max_id, d.list.posts[0].id);
	assert_int_equal(d.others[0].random_id, 4712);
	if (public) {
		fixture_end(f, channel_difference(fixture_call(f, GERMAN_KEY), id, start, 10, &d));
		assert_int_equal(d.list.count, 1);
		assert_int_equal(d.other_count, 0);
	}
}

static void an_author_is_told_which_post_is_which(void **state)
{
	tells_the_author_which_post_is_which(*state, false);
}

static void an_author_on_the_square_is_told_which_post_is_which(void **state)
{
	tells_the_author_which_post_is_which(*state, true);
}

static void the_sequence_goes_with_the_channel(void **state)
{
	struct fixture *f = *state;
	int64_t id = make(f, false, true);
	struct channel_difference d;

	channels_post(f, OWNER_KEY, id, "one");
	channels_name(f, id, "moved_on");
	channels_post(f, OWNER_KEY, id, "two");
	assert_int_equal(
		fixture_end(f, channel_difference(fixture_call(f, OWNER_KEY), id, 2, 10, &d)), 0);
	assert_int_equal(d.kind, CHANNEL_DIFFERENCE_PART);
	assert_true(d.final);
	assert_int_equal(d.list.count, 2);
}

static void who_is_too_far_behind_starts_afresh(void **state)
{
	struct fixture *f = *state;
	int64_t id = make(f, false, true);
	struct channel_difference d;

	for (int i = 0; i < 1001; i++) {
		struct message draft = {.text = B("text"), .random_id = i + 1};
		struct update_set answer;

		assert_int_equal(
			channel_post_send(fixture_call(f, OWNER_KEY), id, &draft, &answer), 0);
	}
	assert_int_equal(
		fixture_end(f, channel_difference(fixture_call(f, OWNER_KEY), id, 1, 2, &d)), 0);
	assert_int_equal(d.kind, CHANNEL_DIFFERENCE_TOO_LONG);
	assert_true(d.final);
	assert_int_equal(d.list.count, 2);
	assert_int_equal(d.dialog.dialog.top_id, 1002);
	assert_int_equal(d.dialog.dialog.pts, d.pts);
}

#define T(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(difference_tells_all),
		T(difference_comes_in_slices),
		T(an_author_is_told_which_post_is_which),
		T(an_author_on_the_square_is_told_which_post_is_which),
		T(the_sequence_goes_with_the_channel),
		T(who_is_too_far_behind_starts_afresh),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
