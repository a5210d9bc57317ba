/* SPDX-License-Identifier: Apache-2.0 */
/* core/channels/channels_missed.c: a device that was away learns what another did with the
 * account's channels, and which of them have news. */
#include "channels_fixture.h"
#include "core/channels/channel_rights.h"
#include "core/channels/channel_standing.h"

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
	assert_int_equal(told.view.my.role, ROLE_MEMBER);
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
	assert_int_equal(fixture_end(f, channel_post_edit(fixture_call(f, OWNER_KEY), id, &draft,
						NULL, &answer)),
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

/* A public channel that the German joined; the device that learns of it went away at *away_s. */
static int64_t joined_before(struct fixture *f, bool broadcast, int64_t *away_s)
{
	int64_t id;

	channels_people(f);
	id = channels_make(f, "Channel", broadcast);
	channels_name(f, id, "some_name");
	channels_join(f, GERMAN_KEY, id);
	quiet(f, GERMAN_KEY, id);
	*away_s = f->now_s;
	f->now_s += LONG_S;
	return id;
}

static void what_was_left_is_told(void **state)
{
	struct fixture *f = *state;
	struct update_set answer;
	int64_t id, away_s;
	struct told told;

	id = joined_before(f, true, &away_s);
	assert_int_equal(
		fixture_end(f, channel_leave(fixture_call(f, GERMAN_KEY), id, &answer)), 0);
	told = missed(f, GERMAN_KEY, id, away_s);
	assert_int_equal(told.changed, 1);
	assert_false(channel_is_member(&told.view));
	assert_int_not_equal(told.view.my.role, ROLE_BANNED);
	/* Private again: who left learns no more of it. */
	channels_name(f, id, "");
	told = missed(f, GERMAN_KEY, id, away_s);
	assert_int_equal(told.changed, 1);
	assert_int_equal(told.view.my.role, ROLE_BANNED);
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
	assert_int_equal(told.view.my.role, ROLE_MEMBER);
}

static void a_deleted_channel_is_told(void **state)
{
	struct fixture *f = *state;
	struct update_set answer;
	int64_t id, away_s;
	struct told told;

	id = joined_before(f, false, &away_s);
	assert_int_equal(
		fixture_end(f, channel_delete(fixture_call(f, OWNER_KEY), id, &answer)), 0);
	told = missed(f, GERMAN_KEY, id, away_s);
	assert_int_equal(told.changed, 1);
	assert_int_equal(told.view.my.role, ROLE_BANNED);
	assert_false(told.view.channel->broadcast);
}

static void what_admins_make_of_him_is_told(void **state)
{
	struct fixture *f = *state;
	struct update_set answer;
	int64_t id, away_s, user;
	struct told told;

	id = joined_before(f, false, &away_s);
	user = fixture_call(f, GERMAN_KEY)->user;
	fixture_end(f, 0);
	assert_int_equal(missed(f, GERMAN_KEY, id, away_s).changed, 0);
	assert_int_equal(fixture_end(f, channel_edit_admin(fixture_call(f, OWNER_KEY), id, user,
						ADMIN_PIN, (struct bytes){0}, &answer)),
		0);
	told = missed(f, GERMAN_KEY, id, away_s);
	assert_int_equal(told.changed, 1);
	assert_int_equal(told.view.my.admin_rights, ADMIN_PIN);
	quiet(f, GERMAN_KEY, id);
	away_s = f->now_s;
	f->now_s += LONG_S;
	assert_int_equal(fixture_end(f, channel_edit_banned(fixture_call(f, OWNER_KEY), id, user,
						CHAT_SEND, f->now_s + LONG_S, &answer)),
		0);
	assert_int_equal(missed(f, GERMAN_KEY, id, away_s).changed, 1);
	/* And when the limits ended. */
	quiet(f, GERMAN_KEY, id);
	away_s = f->now_s;
	f->now_s += LONG_S;
	assert_false(channel_standings_prune(fixture_call(f, OWNER_KEY)));
	fixture_end(f, 0);
	told = missed(f, GERMAN_KEY, id, away_s);
	assert_int_equal(told.changed, 1);
	assert_int_equal(told.view.my.banned_rights, 0);
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
		T(what_admins_make_of_him_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
