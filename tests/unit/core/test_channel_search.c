/* SPDX-License-Identifier: Apache-2.0 */
/* Search in one channel, in its threads and topics: core/channels/channel_search.c and
 * core/messages/search_days.c. What the home has no index for and what the square's index has is
 * found alike. */
#include "channels_fixture.h"

#include "core/channels/channel_load.h"
#include "core/posts/post_reactions.h"
#include "core/posts/topics.h"

#define HEART "\xE2\x9D\xA4"

struct group {
	int64_t id;
	struct people people;
};

static struct group make(struct fixture *f, bool public)
{
	struct group g = {.people = channels_people(f)};

	g.id = channels_make(f, "Group", false);
	channels_name(f, g.id, "a_group");
	channels_join(f, GERMAN_KEY, g.id);
	if (!public)
		channels_name(f, g.id, "");
	return g;
}

static int32_t say(struct fixture *f, uint64_t key, int64_t channel, int32_t reply_to,
	int32_t thread, const char *text)
{
	struct message draft = {.text = B(text),
		.reply_to = reply_to,
		.thread = thread,
		.random_id = (int64_t)random_u64(&random_system)};
	struct update_set answer;

	assert_int_equal(
		fixture_end(f, channel_post_send(fixture_call(f, key), channel, &draft, &answer)),
		0);
	return draft.id;
}

static struct post_list look(
	struct fixture *f, uint64_t key, const struct message_query *query, struct post_range range)
{
	struct post_list list;

	assert_int_equal(
		fixture_end(f, channel_posts_search(fixture_call(f, key), query, &range, &list)),
		0);
	return list;
}

static int32_t count(struct fixture *f, uint64_t key, const struct message_query *query)
{
	int32_t found;
	bool inexact;

	assert_int_equal(fixture_end(f, channel_posts_search_count(
						fixture_call(f, key), query, &found, &inexact)),
		0);
	assert_false(inexact);
	return found;
}

static void pin(struct fixture *f, int64_t channel, int32_t id)
{
	const struct pinning pinning = {.id = id};
	struct update_set answer;

	assert_int_equal(fixture_end(f, channel_post_pin(fixture_call(f, OWNER_KEY), channel,
						&pinning, &answer)),
		0);
}

static int32_t only(struct post_list list)
{
	assert_int_equal(list.count, 1);
	assert_int_equal(list.total, 1);
	return list.posts[0].id;
}

#define TEN ((struct post_range){.limit = 10})

/* ---- Threads ---- */

static void a_thread_is_searched_alone(struct fixture *f, bool public)
{
	const struct group g = make(f, public);
	const struct peer in = {PEER_CHANNEL, g.id};
	const int32_t root = say(f, GERMAN_KEY, g.id, 0, 0, "who has apples");
	const int32_t other = say(f, OWNER_KEY, g.id, 0, 0, "other apples");
	const int32_t inside = say(f, OWNER_KEY, g.id, root, 0, "apples https://example.com/a");
	const int32_t outside = say(f, OWNER_KEY, g.id, other, 0, "apples http://example.com/b");
	struct message_query query = {.in = in, .thread = root, .text = B("apples")};
	const struct post_range range = {.limit = 10};
	struct post_list list;
	int32_t found;
	bool inexact;

	assert_int_equal(only(look(f, GERMAN_KEY, &query, TEN)), inside);
	assert_int_equal(count(f, GERMAN_KEY, &query), 1);
	/* One that is in the thread names it, too. */
	query.thread = inside;
	assert_int_equal(only(look(f, GERMAN_KEY, &query, TEN)), inside);
	query = (struct message_query){.in = in, .text = B("apples")};
	assert_int_equal(look(f, GERMAN_KEY, &query, TEN).count, 4);
	query = (struct message_query){.in = in, .thread = root};
	assert_int_equal(only(look(f, GERMAN_KEY, &query, TEN)), inside);
	assert_int_equal(count(f, GERMAN_KEY, &query), 1);
	query.filter = SEARCH_URLS;
	assert_int_equal(only(look(f, GERMAN_KEY, &query, TEN)), inside);
	assert_int_equal(count(f, GERMAN_KEY, &query), 1);
	query.filter = SEARCH_MENTIONS; /* who asked is answered */
	assert_int_equal(only(look(f, GERMAN_KEY, &query, TEN)), inside);
	assert_int_equal(count(f, GERMAN_KEY, &query), 1);
	query.filter = SEARCH_NOTHING;
	assert_int_equal(look(f, GERMAN_KEY, &query, TEN).count, 0);
	query = (struct message_query){.in = in, .thread = root, .from = user_peer(g.people.owner)};
	assert_int_equal(only(look(f, GERMAN_KEY, &query, TEN)), inside);
	pin(f, g.id, inside);
	pin(f, g.id, outside);
	query = (struct message_query){.in = in, .thread = root, .filter = SEARCH_PINNED};
	assert_int_equal(only(look(f, GERMAN_KEY, &query, TEN)), inside);
	assert_int_equal(count(f, GERMAN_KEY, &query), 1);
	query.thread = 0;
	assert_int_equal(count(f, GERMAN_KEY, &query), 2);
	query.thread = 999;
	fixture_refused(f, channel_posts_search(fixture_call(f, GERMAN_KEY), &query, &range, &list),
		400, "MSG_ID_INVALID");
	fixture_refused(f,
		channel_posts_search_count(fixture_call(f, GERMAN_KEY), &query, &found, &inexact),
		400, "MSG_ID_INVALID");
}

static void a_thread_is_searched_alone_at_home(void **state)
{
	a_thread_is_searched_alone(*state, false);
}

static void a_thread_is_searched_alone_in_the_square(void **state)
{
	a_thread_is_searched_alone(*state, true);
}

/* ---- Topics ---- */

struct forum {
	struct group g;
	int32_t topic, ask, ask_there, general, inside;
};

/* Gerd asks in General and in a topic, and is answered in both. */
static struct forum make_forum(struct fixture *f, bool public)
{
	const struct topic_change plain = {0};
	struct forum m = {.g = make(f, public)};
	struct update_set answer;
	struct call *call;

	call = fixture_call(f, OWNER_KEY);
	assert_int_equal(fixture_end(f, channel_set_forum(call, m.g.id, true, false, &answer)), 0);
	call = fixture_call(f, OWNER_KEY);
	assert_int_equal(
		fixture_end(f, topic_create(call, m.g.id, &plain, B("Fruit"), 7, &answer)), 0);
	m.topic = answer.updates[1].message->id;
	m.ask = say(f, GERMAN_KEY, m.g.id, 0, 0, "pears?");
	m.ask_there = say(f, GERMAN_KEY, m.g.id, m.topic, m.topic, "plums?");
	m.general = say(f, OWNER_KEY, m.g.id, m.ask, 0, "apples here");
	m.inside = say(f, OWNER_KEY, m.g.id, m.ask_there, m.topic, "apples there");
	return m;
}

/* In General is what is in no other topic. */
static void a_topic_is_searched_alone(struct fixture *f, bool public)
{
	const struct forum m = make_forum(f, public);
	struct message_query query = {.in = {PEER_CHANNEL, m.g.id}, .text = B("apples")};
	int32_t pts, left, pts_count;
	struct call *call;

	query.thread = m.topic;
	assert_int_equal(only(look(f, GERMAN_KEY, &query, TEN)), m.inside);
	query.thread = TOPIC_GENERAL;
	assert_int_equal(only(look(f, GERMAN_KEY, &query, TEN)), m.general);
	query.text = (struct bytes){0};
	query.filter = SEARCH_MENTIONS;
	assert_int_equal(only(look(f, GERMAN_KEY, &query, TEN)), m.general);
	pin(f, m.g.id, m.general);
	pin(f, m.g.id, m.inside);
	query.filter = SEARCH_PINNED;
	assert_int_equal(only(look(f, GERMAN_KEY, &query, TEN)), m.general);
	call = fixture_call(f, OWNER_KEY);
	assert_int_equal(fixture_end(f, channel_posts_unpin_all(
						call, m.g.id, m.topic, &pts, &pts_count, &left)),
		0);
	assert_int_equal(pts_count, 1);
	query.thread = 0;
	assert_int_equal(only(look(f, GERMAN_KEY, &query, TEN)), m.general);
	fixture_refused(f,
		channel_posts_unpin_all(
			fixture_call(f, OWNER_KEY), m.g.id, 99, &pts, &pts_count, &left),
		400, "MSG_ID_INVALID");
	/* A topic without the post that opened it is still one. */
	call = fixture_call(f, OWNER_KEY);
	assert_int_equal(
		fixture_end(f, channel_posts_delete(call, m.g.id, &m.topic, 1, &pts, &pts_count)),
		0);
	query = (struct message_query){.in = query.in, .thread = m.topic, .text = B("apples")};
	assert_int_equal(only(look(f, GERMAN_KEY, &query, TEN)), m.inside);
}

static void a_topic_is_searched_alone_at_home(void **state)
{
	a_topic_is_searched_alone(*state, false);
}

static void a_topic_is_searched_alone_in_the_square(void **state)
{
	a_topic_is_searched_alone(*state, true);
}

static void unread_are(struct fixture *f, const struct forum *m, int32_t mentions_there,
	int32_t mentions_in_general, int32_t reactions_there, int32_t reactions_in_general)
{
	struct call *call = fixture_call(f, GERMAN_KEY);
	struct topic_list topics;

	assert_int_equal(fixture_end(f, topics_list(call, m->g.id, B(""), 0, 10, &topics)), 0);
	for (size_t i = 0; i < 2; i++) {
		const bool general = topics.at[i].id == TOPIC_GENERAL;

		assert_int_equal(topics.at[i].unread_mentions,
			general ? mentions_in_general : mentions_there);
		assert_int_equal(topics.at[i].unread_reactions,
			general ? reactions_in_general : reactions_there);
	}
}

static void a_topic_is_read_alone(struct fixture *f, bool public)
{
	const struct forum m = make_forum(f, public);
	const struct peer in = {PEER_CHANNEL, m.g.id};
	const struct post_range range = {.limit = 10};
	/* As Telegram Desktop begins: the oldest two. */
	const struct post_range oldest = {.offset_id = 1, .add_offset = -2, .limit = 2};
	const struct bytes heart = B(HEART);
	const struct reaction_request like = {.emojis = &heart, .count = 1};
	struct update_set answer;
	struct post_list list;
	struct call *call;
	int32_t pts, left;

	for (int i = 0; i < 2; i++) {
		call = fixture_call(f, OWNER_KEY);
		assert_int_equal(fixture_end(f, reaction_send(call, in, i ? m.ask : m.ask_there,
							&like, &answer)),
			0);
	}
	unread_are(f, &m, 1, 1, 1, 1);
	call = fixture_call(f, GERMAN_KEY);
	assert_int_equal(fixture_end(f, channel_mentions_waiting(
						call, m.g.id, TOPIC_GENERAL, &range, &list)),
		0);
	assert_int_equal(only(list), m.general);
	call = fixture_call(f, GERMAN_KEY);
	assert_int_equal(
		fixture_end(f, post_reactions_waiting(call, m.g.id, m.topic, &oldest, &list)), 0);
	assert_int_equal(only(list), m.ask_there);
	call = fixture_call(f, GERMAN_KEY);
	assert_int_equal(
		fixture_end(f, channel_mentions_read(call, m.g.id, TOPIC_GENERAL, &pts, &left)), 0);
	unread_are(f, &m, 1, 0, 1, 1);
	call = fixture_call(f, GERMAN_KEY);
	assert_int_equal(
		fixture_end(f, post_reactions_read(call, m.g.id, m.topic, &pts, &left)), 0);
	unread_are(f, &m, 1, 0, 0, 1);
}

static void a_topic_is_read_alone_at_home(void **state)
{
	a_topic_is_read_alone(*state, false);
}

static void a_topic_is_read_alone_in_the_square(void **state)
{
	a_topic_is_read_alone(*state, true);
}

static void a_topic_that_is_not_there_is_refused(void **state)
{
	struct fixture *f = *state;
	const struct forum m = make_forum(f, true);
	const struct post_range range = {.limit = 10};
	struct post_list list;
	int32_t pts, left;

	fixture_refused(f,
		channel_mentions_read(fixture_call(f, GERMAN_KEY), m.g.id, 99, &pts, &left), 400,
		"MSG_ID_INVALID");
	fixture_refused(f,
		channel_mentions_waiting(fixture_call(f, GERMAN_KEY), m.g.id, 99, &range, &list),
		400, "MSG_ID_INVALID");
	fixture_refused(f,
		post_reactions_read(fixture_call(f, GERMAN_KEY), m.g.id, 99, &pts, &left), 400,
		"MSG_ID_INVALID");
	fixture_refused(f,
		post_reactions_waiting(fixture_call(f, GERMAN_KEY), m.g.id, 99, &range, &list), 400,
		"MSG_ID_INVALID");
}

/* ---- Windows, dates, authors ---- */

static void windows_and_dates_are_kept(struct fixture *f, bool public)
{
	const struct group g = make(f, public);
	struct message_query query = {.in = {PEER_CHANNEL, g.id}, .text = B("tea")};
	struct search_positions positions;
	struct search_days days;
	struct post_list list;
	struct call *call;
	int64_t begin;
	int32_t ids[6];

	f->now_s = begin = 1795046400; /* a midnight */
	for (int i = 0; i < 6; i++) {
		ids[i] = say(f, OWNER_KEY, g.id, 0, 0, "tea");
		say(f, OWNER_KEY, g.id, 0, 0, "milk");
		f->now_s += 43200;
	}
	list = look(f, GERMAN_KEY, &query, (struct post_range){.limit = 2});
	assert_int_equal(list.total, 6);
	assert_int_equal(list.posts[1].id, ids[4]);
	list = look(f, GERMAN_KEY, &query,
		(struct post_range){.offset_id = ids[3], .add_offset = -2, .limit = 3});
	assert_int_equal(list.count, 3);
	assert_int_equal(list.posts[0].id, ids[4]);
	assert_int_equal(list.posts[2].id, ids[2]);
	list = look(f, GERMAN_KEY, &query,
		(struct post_range){.offset_id = ids[3], .add_offset = 1, .limit = 1});
	assert_int_equal(list.posts[0].id, ids[1]);
	list = look(f, GERMAN_KEY, &query,
		(struct post_range){.min_id = ids[1], .max_id = ids[3], .limit = 9});
	assert_int_equal(only(list), ids[2]);

	call = fixture_call(f, GERMAN_KEY);
	assert_int_equal(fixture_end(f, messages_search_days(call, &query, ids[4], 0, &days)), 0);
	assert_int_equal(days.before, 2);
	assert_int_equal(days.count, 2);
	assert_int_equal(days.min_id, ids[0]);
	assert_int_equal(days.at[0].date_s, begin + 86400);
	assert_int_equal(days.at[0].max_id, ids[3]);
	assert_int_equal(days.at[0].count, 2);
	assert_int_equal(days.oldest.at[0].id, ids[2]);
	assert_int_equal(days.oldest.at[0].peer.id, g.id);
	call = fixture_call(f, GERMAN_KEY);
	assert_int_equal(
		fixture_end(f, messages_search_days(call, &query, 0, begin + 86400, &days)), 0);
	assert_int_equal(days.before, 4);
	assert_int_equal(days.count, 1);
	call = fixture_call(f, GERMAN_KEY);
	assert_int_equal(
		fixture_end(f, messages_search_positions(call, &query, ids[4], 1, &positions)), 0);
	assert_int_equal(positions.total, 6);
	assert_int_equal(positions.count, 1);
	assert_int_equal(positions.at[0].id, ids[3]);
	assert_int_equal(positions.at[0].offset, 2);

	query.min_date_s = begin + 43200;
	query.max_date_s = begin + 3 * 43200;
	assert_int_equal(only(look(f, GERMAN_KEY, &query, TEN)), ids[2]);
}

static void windows_and_dates_are_kept_at_home(void **state)
{
	windows_and_dates_are_kept(*state, false);
}

static void windows_and_dates_are_kept_in_the_square(void **state)
{
	windows_and_dates_are_kept(*state, true);
}

/* Who writes as a channel, and who writes a channel's posts, is not found by his name. */
static void authors_are_found_as_they_are_shown(void **state)
{
	struct fixture *f = *state;
	const struct group g = make(f, true);
	const int64_t news = channels_make(f, "News", true);
	const struct peer owner = user_peer(g.people.owner), as = {PEER_CHANNEL, news};
	struct message_query query = {.in = {PEER_CHANNEL, g.id}, .from = owner};
	struct message draft = {.text = B("in its name"), .from = as, .random_id = 5};
	struct update_set answer;
	int32_t own, post;

	channels_name(f, news, "the_news");
	own = say(f, OWNER_KEY, g.id, 0, 0, "in my name");
	assert_int_equal(fixture_end(f, channel_post_send(
						fixture_call(f, OWNER_KEY), g.id, &draft, &answer)),
		0);
	assert_int_equal(only(look(f, GERMAN_KEY, &query, TEN)), own);
	query.from = as;
	assert_int_equal(only(look(f, GERMAN_KEY, &query, TEN)), draft.id);
	post = channels_post(f, OWNER_KEY, news, "a post");
	query = (struct message_query){.in = as, .from = owner};
	assert_int_equal(look(f, GERMAN_KEY, &query, TEN).count, 0);
	query.from = as;
	assert_int_equal(only(look(f, GERMAN_KEY, &query, TEN)), post);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_thread_is_searched_alone_at_home),
		TEST(a_thread_is_searched_alone_in_the_square),
		TEST(a_topic_is_searched_alone_at_home),
		TEST(a_topic_is_searched_alone_in_the_square),
		TEST(a_topic_is_read_alone_at_home),
		TEST(a_topic_is_read_alone_in_the_square),
		TEST(a_topic_that_is_not_there_is_refused),
		TEST(windows_and_dates_are_kept_at_home),
		TEST(windows_and_dates_are_kept_in_the_square),
		TEST(authors_are_found_as_they_are_shown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
