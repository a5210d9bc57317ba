/* SPDX-License-Identifier: Apache-2.0 */
/* Whose a channel is when its owner leaves it. */
#include "channels_fixture.h"

#include "core/accounts/account_end.h"
#include "core/bots/bots.h"
#include "core/channels/channel_heirs.h"
#include "core/channels/channel_rights.h"
#include "core/channels/channel_standing.h"

static struct update_set answer;

static void name_admin(struct fixture *f, int64_t id, int64_t user, uint32_t rights)
{
	assert_int_equal(fixture_end(f, channel_edit_admin(fixture_call(f, OWNER_KEY), id, user,
						rights, (struct bytes){0}, &answer)),
		0);
}

static int leave(struct fixture *f, uint64_t key, int64_t id)
{
	return channel_leave(fixture_call(f, key), id, &answer);
}

static void leave_it(struct fixture *f, uint64_t key, int64_t id)
{
	assert_int_equal(fixture_end(f, leave(f, key, id)), 0);
}

/* A public group; who follows comes in a second later each. */
static int64_t group_of(struct fixture *f)
{
	const int64_t id = channels_make_public(f, "group_of_heirs", false);

	f->now_s++;
	channels_join(f, INDONESIAN_KEY, id);
	f->now_s++;
	channels_join(f, GERMAN_KEY, id);
	return id;
}

static int64_t heir(struct fixture *f, int64_t id)
{
	int64_t user = 0;

	assert_int_equal(fixture_end(f, channel_heir(fixture_call(f, OWNER_KEY), id, &user)), 0);
	return user;
}

static void upkeep(struct fixture *f)
{
	bool more = true;

	for (int i = 0; i < 10 && more; i++) {
		more = channels_pass_on(fixture_call(f, 0));
		assert_int_equal(fixture_end(f, 0), 0);
	}
	assert_false(more);
}

/* The newest post, as the key's account sees it. */
static struct message newest(struct fixture *f, uint64_t key, int64_t id)
{
	return channels_post_of(f, key, id, channels_view(f, key, id).channel->top_id);
}

static void admins_come_before_members_and_the_first_before_the_next(void **state)
{
	struct fixture *f = *state;
	const struct people people = channels_people(f);
	const int64_t id = group_of(f);
	int64_t user;

	assert_int_equal(heir(f, id), people.indonesian);
	name_admin(f, id, people.german, ADMIN_PIN);
	assert_int_equal(heir(f, id), people.german);
	name_admin(f, id, people.indonesian, ADMIN_PIN);
	assert_int_equal(heir(f, id), people.indonesian);
	/* Who is not to be known is not told of. */
	name_admin(f, id, people.indonesian, ADMIN_PIN | ADMIN_ANONYMOUS);
	assert_int_equal(heir(f, id), people.german);
	fixture_refused(f, channel_heir(fixture_call(f, GERMAN_KEY), id, &user), 400,
		"CHAT_ADMIN_REQUIRED");
}

static void of_a_broadcast_channel_only_admins(void **state)
{
	struct fixture *f = *state;
	const struct people people = channels_people(f);
	const int64_t id = channels_make_public(f, "news_of_heirs", true);
	int64_t user;

	channels_join(f, GERMAN_KEY, id);
	fixture_refused(
		f, channel_heir(fixture_call(f, OWNER_KEY), id, &user), 400, "PEER_ID_INVALID");
	fixture_refused(f, leave(f, OWNER_KEY, id), 400, "USER_CREATOR");
	assert_int_equal(channels_view(f, OWNER_KEY, id).my.role, ROLE_CREATOR);
	name_admin(f, id, people.german, ADMIN_POST);
	leave_it(f, OWNER_KEY, id);
	assert_int_equal(channels_view(f, OWNER_KEY, id).my.role, ROLE_NONE);
	f->now_s += HEIR_WAITS_S;
	upkeep(f);
	assert_int_equal(channels_view(f, GERMAN_KEY, id).my.role, ROLE_CREATOR);
}

static void it_takes_a_week_and_all_are_told(void **state)
{
	struct fixture *f = *state;
	const struct people people = channels_people(f);
	const int64_t id = group_of(f);
	struct message post;

	leave_it(f, OWNER_KEY, id);
	post = newest(f, GERMAN_KEY, id);
	assert_int_equal(post.action, ACTION_OWNER_LEFT);
	assert_int_equal(post.from.id, people.owner);
	assert_int_equal(post.users[0], people.indonesian);
	f->now_s += HEIR_WAITS_S - 1;
	upkeep(f);
	assert_int_equal(channels_view(f, INDONESIAN_KEY, id).my.role, ROLE_MEMBER);
	f->now_s++;
	assert_true(channels_pass_on(fixture_call(f, 0)));
	assert_int_equal(fixture_end(f, 0), 0);
	assert_int_equal(
		fixture_effect(f, EFFECT_MEMBER, people.indonesian)->standing.role, ROLE_CREATOR);
	upkeep(f);
	assert_int_equal(channels_view(f, INDONESIAN_KEY, id).my.role, ROLE_CREATOR);
	post = newest(f, GERMAN_KEY, id);
	assert_int_equal(post.action, ACTION_OWNER_CHANGED);
	assert_int_equal(post.from.id, people.owner);
	assert_int_equal(post.users[0], people.indonesian);
	/* It is not hers any more. */
	channels_join(f, OWNER_KEY, id);
	assert_int_equal(channels_view(f, OWNER_KEY, id).my.role, ROLE_MEMBER);
}

static void nobody_keeps_the_owner_out_who_returns(void **state)
{
	struct fixture *f = *state;
	const struct people people = channels_people(f);
	const int64_t id = group_of(f);

	name_admin(f, id, people.german, ADMIN_ALL);
	channels_name(f, id, "");
	f->now_s += ADMIN_FRESH_S;
	leave_it(f, OWNER_KEY, id);
	fixture_refused(f,
		channel_edit_banned(
			fixture_call(f, GERMAN_KEY), id, people.owner, CHAT_SEE, 0, &answer),
		400, "USER_ADMIN_INVALID");
	fixture_refused(f,
		channel_edit_admin(fixture_call(f, GERMAN_KEY), id, people.owner, ADMIN_PIN,
			(struct bytes){0}, &answer),
		400, "USER_CREATOR");
	f->now_s += HEIR_WAITS_S - ADMIN_FRESH_S;
	channels_join(f, OWNER_KEY, id);
	assert_int_equal(channels_view(f, OWNER_KEY, id).my.role, ROLE_CREATOR);
	f->now_s += HEIR_WAITS_S;
	upkeep(f);
	assert_int_equal(channels_view(f, GERMAN_KEY, id).my.role, ROLE_ADMIN);
	assert_int_equal(channels_view(f, OWNER_KEY, id).my.role, ROLE_CREATOR);
}

static void who_went_too_is_not_the_heir(void **state)
{
	struct fixture *f = *state;
	int64_t id;

	channels_people(f);
	id = group_of(f);
	leave_it(f, OWNER_KEY, id);
	leave_it(f, INDONESIAN_KEY, id);
	f->now_s += HEIR_WAITS_S;
	upkeep(f);
	assert_int_equal(channels_view(f, GERMAN_KEY, id).my.role, ROLE_CREATOR);
}

static void nobody_is_left_and_then_somebody_comes(void **state)
{
	struct fixture *f = *state;
	int64_t id;

	channels_people(f);
	id = group_of(f);
	leave_it(f, OWNER_KEY, id);
	leave_it(f, INDONESIAN_KEY, id);
	leave_it(f, GERMAN_KEY, id);
	f->now_s += HEIR_WAITS_S;
	upkeep(f);
	channels_join(f, GERMAN_KEY, id);
	assert_int_equal(channels_view(f, GERMAN_KEY, id).my.role, ROLE_MEMBER);
	f->now_s += HEIR_WAITS_S;
	upkeep(f);
	assert_int_equal(channels_view(f, GERMAN_KEY, id).my.role, ROLE_CREATOR);
}

static void end_account(struct fixture *f, uint64_t key, int64_t user)
{
	account_end(fixture_call(f, key), user);
	assert_int_equal(fixture_end(f, 0), 0);
}

static void an_account_that_ends_gives_at_once(void **state)
{
	struct fixture *f = *state;
	const struct people people = channels_people(f);
	const int64_t id = group_of(f);

	end_account(f, OWNER_KEY, people.owner);
	assert_int_equal(channels_view(f, INDONESIAN_KEY, id).my.role, ROLE_CREATOR);
	/* And hers, who waits for it, is forgotten. */
	leave_it(f, INDONESIAN_KEY, id);
	end_account(f, INDONESIAN_KEY, people.indonesian);
	f->now_s += HEIR_WAITS_S;
	upkeep(f);
	assert_int_equal(channels_view(f, GERMAN_KEY, id).my.role, ROLE_CREATOR);
	assert_int_equal(newest(f, GERMAN_KEY, id).from.id, people.german);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(admins_come_before_members_and_the_first_before_the_next),
		TEST(of_a_broadcast_channel_only_admins),
		TEST(it_takes_a_week_and_all_are_told),
		TEST(nobody_keeps_the_owner_out_who_returns),
		TEST(who_went_too_is_not_the_heir),
		TEST(nobody_is_left_and_then_somebody_comes),
		TEST(an_account_that_ends_gives_at_once),
	};

	return cmocka_run_group_tests_name("channels/heirs", tests, NULL, NULL);
}
