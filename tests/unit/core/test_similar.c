/* SPDX-License-Identifier: Apache-2.0 */
/* core/channels/similar.h: what many have in common is told, what few have is not, and a channel
 * that is public no more is like none. */
#include "channels_fixture.h"

#include "core/channels/similar.h"
#include "store/home_members.h"

/* Subscribers without accounts: rows are what is counted. */
static void subscribe(struct fixture *f, int64_t channel, int64_t from, int64_t count)
{
	struct call *call = fixture_call(f, OWNER_KEY);

	for (int64_t user = from; user < from + count; user++) {
		const struct membership_row row = {
			.user = user, .channel = channel, .role = ROLE_MEMBER};

		home_members_insert(call_home(call), &row);
	}
	fixture_end(f, 0);
}

static int64_t named(struct fixture *f, const char *title, const char *name)
{
	const int64_t id = channels_make(f, title, true);

	channels_name(f, id, name);
	return id;
}

static void count_all(struct fixture *f)
{
	f->now_s += SIMILAR_EVERY_S + 1;
	while (similar_step(fixture_call(f, OWNER_KEY)))
		fixture_end(f, 0);
	fixture_end(f, 0);
}

static struct channel_views similar(struct fixture *f, uint64_t key, int64_t channel)
{
	struct channel_views views;

	assert_int_equal(fixture_end(f, similar_get(fixture_call(f, key), channel, &views)), 0);
	return views;
}

static void only_what_many_have_in_common_is_told(void **state)
{
	struct fixture *f = *state;
	struct channel_views views;
	int64_t birds, trees, stones, secret;

	channels_people(f);
	birds = named(f, "Birds", "birds_daily");
	trees = named(f, "Trees", "trees_daily");
	stones = named(f, "Stones", "stones_daily");
	secret = channels_make(f, "Secret", true);
	subscribe(f, birds, 5000, 60);
	subscribe(f, trees, 5000, 40);
	subscribe(f, secret, 5000, 40);
	/* With its owner: under the threshold, whatever noise is added. */
	subscribe(f, stones, 5000, SIMILAR_LEAST - SIMILAR_NOISE - 2);
	assert_int_equal(similar(f, GERMAN_KEY, birds).count, 0);
	count_all(f);
	views = similar(f, GERMAN_KEY, birds);
	assert_int_equal(views.count, 1);
	assert_int_equal(views.at[0].channel->id, trees);
	/* Who is in it needs no word of it; who names none is told of what is like his own. */
	assert_int_equal(similar(f, OWNER_KEY, birds).count, 0);
	channels_join(f, INDONESIAN_KEY, birds);
	views = similar(f, INDONESIAN_KEY, 0);
	assert_int_equal(views.count, 1);
	channels_name(f, trees, "");
	assert_int_equal(similar(f, GERMAN_KEY, birds).count, 0);
	count_all(f);
	assert_int_equal(similar(f, GERMAN_KEY, birds).count, 0);
	fixture_refused(f, similar_get(fixture_call(f, GERMAN_KEY), secret, &views), 400,
		"CHANNEL_PRIVATE");
}

#define T(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(only_what_many_have_in_common_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
