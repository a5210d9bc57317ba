/* SPDX-License-Identifier: Apache-2.0 */
/* core/channels_missed.c: a device that was away learns what another did with the account's
 * channels, and which of them have news. */
#include "channels_fixture.h"

#define LONG_S 3600

struct told {
	size_t changed, behind, read;
	int32_t read_max, unread;
	struct channel_view view; /* the last one named */
};

static struct told missed(struct fixture *f, uint64_t key, int64_t channel, int64_t since_s)
{
	struct call *call = fixture_call(f, key);
	struct update_set set = {0};
	struct told told = {0};

	assert_int_equal(channels_tell_behind(call, since_s, &set), 0);
	for (size_t i = 0; i < set.update_count; i++) {
		const struct update *u = &set.updates[i];

		if (u->peer.id != channel)
			continue;
		told.changed += u->kind == UPDATE_CHANNEL;
		told.behind += u->kind == UPDATE_CHANNEL_BEHIND;
		if (u->kind == UPDATE_CHANNEL_READ_INBOX) {
			told.read++;
			told.read_max = u->max_id;
			told.unread = u->unread;
		}
	}
	for (size_t i = 0; i < set.channel_count; i++)
		if (set.channels[i].channel->id == channel)
			told.view = set.channels[i];
	fixture_end(f, 0);
	return told;
}

static void quiet(struct fixture *f, uint64_t key, int64_t channel)
{
	f->now_s += LONG_S;
	assert_int_equal(missed(f, key, channel, f->now_s).changed, 0);
	assert_int_equal(missed(f, key, channel, f->now_s).behind, 0);
	assert_int_equal(missed(f, key, channel, f->now_s).read, 0);
}

static void a_join_on_another_device_is_told(void **state)
{
	struct fixture *f = *state;
	int64_t id, away_s;
	struct told told;

	channels_people(f);
	id = channels_make(f, "Channel", true);
	channels_name(f, id, "some_name");
	quiet(f, GERMAN_KEY, id);
	away_s = f->now_s;
	f->now_s += LONG_S;
	channels_join(f, GERMAN_KEY, id);
	f->now_s += LONG_S;
	told = missed(f, GERMAN_KEY, id, away_s);
	assert_int_equal(told.changed, 1);
	assert_int_equal(told.view.role, ROLE_MEMBER);
	assert_int_equal(missed(f, INDONESIAN_KEY, id, away_s).changed, 0);
	quiet(f, GERMAN_KEY, id);
}

static void posts_edits_and_reads_are_told(void **state)
{
	struct fixture *f = *state;
	struct message draft = {.id = 2, .text = B("edited")};
	struct update_set answer;
	int64_t id, away_s;
	struct told told;

	channels_people(f);
	id = channels_make(f, "Channel", true);
	channels_name(f, id, "some_name");
	channels_join(f, GERMAN_KEY, id);
	channels_post(f, OWNER_KEY, id, "one");
	channels_post(f, OWNER_KEY, id, "two");
	quiet(f, GERMAN_KEY, id);
	away_s = f->now_s;
	f->now_s += LONG_S;
	assert_int_equal(
		fixture_end(f, channel_post_edit(fixture_call(f, OWNER_KEY), id, &draft, &answer)),
		0);
	told = missed(f, GERMAN_KEY, id, away_s);
	assert_int_equal(told.behind, 1);
	assert_int_equal(told.read, 0);
	quiet(f, GERMAN_KEY, id);
	away_s = f->now_s;
	f->now_s += LONG_S;
	assert_int_equal(fixture_end(f, channel_read(fixture_call(f, GERMAN_KEY), id, 2)), 0);
	told = missed(f, GERMAN_KEY, id, away_s);
	assert_int_equal(told.behind, 0);
	assert_int_equal(told.read, 1);
	assert_int_equal(told.read_max, 2);
	assert_int_equal(told.unread, 1);
}

static void what_was_left_is_told(void **state)
{
	struct fixture *f = *state;
	struct update_set answer;
	int64_t id, away_s;
	struct told told;

	channels_people(f);
	id = channels_make(f, "Channel", true);
	channels_name(f, id, "some_name");
	channels_join(f, GERMAN_KEY, id);
	quiet(f, GERMAN_KEY, id);
	away_s = f->now_s;
	f->now_s += LONG_S;
	assert_int_equal(
		fixture_end(f, channel_leave(fixture_call(f, GERMAN_KEY), id, &answer)), 0);
	told = missed(f, GERMAN_KEY, id, away_s);
	assert_int_equal(told.changed, 1);
	assert_false(channel_is_member(&told.view));
	assert_int_not_equal(told.view.role, ROLE_BANNED);
	/* Private again: who left learns no more of it. */
	channels_name(f, id, "");
	told = missed(f, GERMAN_KEY, id, away_s);
	assert_int_equal(told.changed, 1);
	assert_int_equal(told.view.role, ROLE_BANNED);
	assert_int_equal(told.view.channel->title.size, 0);
	quiet(f, GERMAN_KEY, id);
}

static void who_comes_back_has_not_left(void **state)
{
	struct fixture *f = *state;
	struct update_set answer;
	int64_t id, away_s;
	struct told told;

	channels_people(f);
	id = channels_make(f, "Channel", true);
	channels_name(f, id, "some_name");
	away_s = f->now_s;
	channels_join(f, GERMAN_KEY, id);
	assert_int_equal(
		fixture_end(f, channel_leave(fixture_call(f, GERMAN_KEY), id, &answer)), 0);
	channels_join(f, GERMAN_KEY, id);
	told = missed(f, GERMAN_KEY, id, away_s);
	assert_int_equal(told.changed, 1);
	assert_int_equal(told.view.role, ROLE_MEMBER);
}

static void a_deleted_channel_is_told(void **state)
{
	struct fixture *f = *state;
	struct update_set answer;
	int64_t id, away_s;
	struct told told;

	channels_people(f);
	id = channels_make(f, "Channel", false);
	channels_name(f, id, "some_name");
	channels_join(f, GERMAN_KEY, id);
	quiet(f, GERMAN_KEY, id);
	away_s = f->now_s;
	f->now_s += LONG_S;
	assert_int_equal(
		fixture_end(f, channel_delete(fixture_call(f, OWNER_KEY), id, &answer)), 0);
	told = missed(f, GERMAN_KEY, id, away_s);
	assert_int_equal(told.changed, 1);
	assert_int_equal(told.view.role, ROLE_BANNED);
	assert_false(told.view.channel->broadcast);
}

#define T(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_join_on_another_device_is_told),
		T(posts_edits_and_reads_are_told),
		T(what_was_left_is_told),
		T(who_comes_back_has_not_left),
		T(a_deleted_channel_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
