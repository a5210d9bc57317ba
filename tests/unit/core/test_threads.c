/* SPDX-License-Identifier: Apache-2.0 */
/* core/posts/threads.h, core/channels/channel_link.h: answers, and comments in the group of a
 * channel. */
#include "channels_fixture.h"

#include "core/channels/channel_link.h"
#include "core/posts/post_reactions.h"
#include "core/channels/reports.h"
#include "core/posts/topic_settings.h"

static void test_answers_are_a_thread(void **state)
{
	struct fixture *f = *state;
	const struct people people = channels_people(f);
	const int64_t id = channels_make_public(f, "a_name", false);
	const struct post_range range = {.limit = 10};
	int32_t root, first, second, pts, count;
	struct post_list list;
	struct message post;
	struct call *call;

	channels_join(f, GERMAN_KEY, id);
	root = channels_post(f, OWNER_KEY, id, "question");
	first = channels_answer(f, GERMAN_KEY, id, root, 0, "answer");
	second = channels_answer(f, OWNER_KEY, id, first, 0, "answer to it");
	channels_post(f, OWNER_KEY, id, "something else");
	assert_int_equal(channels_post_of(f, OWNER_KEY, id, second).thread, root);
	post = channels_post_of(f, OWNER_KEY, id, root);
	assert_int_equal(post.replies->count, 2);
	assert_int_equal(post.replies->max_id, second);
	assert_int_equal(post.replies->recent[0].id, people.owner);
	assert_int_equal(post.replies->recent[1].id, people.german);
	call = fixture_call(f, GERMAN_KEY);
	assert_int_equal(fixture_end(f, thread_history(call, id, root, &range, &list)), 0);
	assert_int_equal(list.count, 2);
	assert_int_equal(list.total, 2);
	assert_int_equal(list.posts[0].id, second);
	fixture_refused(f, thread_history(fixture_call(f, GERMAN_KEY), id, 999, &range, &list), 400,
		"MSG_ID_INVALID");
	call = fixture_call(f, OWNER_KEY);
	assert_int_equal(
		fixture_end(f, channel_posts_delete(call, id, &first, 1, &pts, &count)), 0);
	assert_int_equal(channels_post_of(f, OWNER_KEY, id, root).replies->count, 1);
}

static void test_reading_a_thread_tells_its_authors(void **state)
{
	struct fixture *f = *state;
	const struct people people = channels_people(f);
	const int64_t id = channels_make_public(f, "a_name", false);
	struct thread_marks marks;
	struct post_list list;
	const struct update *told;
	int32_t root, first;

	channels_join(f, GERMAN_KEY, id);
	root = channels_post(f, OWNER_KEY, id, "question");
	first = channels_answer(f, OWNER_KEY, id, root, 0, "more of it");
	assert_int_equal(fixture_end(f, thread_discussion(fixture_call(f, GERMAN_KEY), id, root,
						&list, &marks)),
		0);
	assert_int_equal(list.posts[0].id, root);
	assert_int_equal(marks.unread, 1);
	assert_int_equal(
		fixture_end(f, thread_read(fixture_call(f, GERMAN_KEY), id, root, first)), 0);
	told = fixture_effect(f, EFFECT_ACCOUNT, people.german)->set.updates;
	assert_int_equal(told->kind, UPDATE_THREAD_READ_INBOX);
	assert_int_equal(told->max_id, first);
	told = fixture_effect(f, EFFECT_ACCOUNT, people.owner)->set.updates;
	assert_int_equal(told->kind, UPDATE_THREAD_READ_OUTBOX);
	assert_int_equal(told->max_id, first);
	assert_int_equal(fixture_end(f, thread_discussion(fixture_call(f, OWNER_KEY), id, root,
						&list, &marks)),
		0);
	assert_int_equal(marks.read_outbox, first);
	assert_int_equal(marks.unread, 0);
}

/* Whatever way a guest's client asks. */
static void guests_see_comments_alone(
	struct fixture *f, int64_t group, int32_t comment, int32_t other)
{
	const int32_t ids[] = {comment, other};
	struct message draft = {.id = comment, .text = B("a better comment")};
	struct channel_difference difference;
	struct channel_dialog dialog;
	struct update_set answer;
	struct post_list list;
	struct message views[2];
	int32_t pts, count;
	struct call *call;

	call = fixture_call(f, INDONESIAN_KEY);
	assert_int_equal(fixture_end(f, channel_posts_get(call, group, ids, 2, &list)), 0);
	assert_int_equal(list.count, 1);
	assert_int_equal(list.posts[0].id, comment);
	call = fixture_call(f, INDONESIAN_KEY);
	assert_int_equal(fixture_end(f, channel_views_count(call, group, ids, 2, true, views)), 0);
	assert_int_equal(views[0].id, comment);
	assert_int_equal(views[1].id, 0);
	call = fixture_call(f, INDONESIAN_KEY);
	assert_int_equal(fixture_end(f, post_reactions_get(call, group, ids, 2, &answer)), 0);
	assert_int_equal(answer.update_count, 1);
	call = fixture_call(f, INDONESIAN_KEY);
	assert_int_equal(fixture_end(f, channel_dialog(call, group, &dialog)), 0);
	assert_int_equal(dialog.top->id, comment);
	call = fixture_call(f, INDONESIAN_KEY);
	assert_int_equal(fixture_end(f, channel_difference(call, group, 1, 100, &difference)), 0);
	assert_int_equal(difference.kind, CHANNEL_DIFFERENCE_PART);
	assert_true(difference.final);
	for (size_t i = 0; i < difference.list.count; i++)
		assert_int_not_equal(difference.list.posts[i].id, other);
	assert_int_equal(difference.list.posts[difference.list.count - 1].id, comment);
	assert_int_equal(fixture_end(f, channel_post_edit(fixture_call(f, INDONESIAN_KEY), group,
						&draft, NULL, &answer)),
		0);
	draft.id = other;
	fixture_refused(f,
		channel_post_edit(fixture_call(f, INDONESIAN_KEY), group, &draft, NULL, &answer),
		400, "MESSAGE_ID_INVALID");
	fixture_refused(f,
		channel_posts_delete(
			fixture_call(f, INDONESIAN_KEY), group, &other, 1, &pts, &count),
		403, "MESSAGE_DELETE_FORBIDDEN");
	/* Who sees neither sees nothing. */
	channels_set_flags(f, group, 0, 0);
	fixture_refused(f, channel_dialog(fixture_call(f, INDONESIAN_KEY), group, &dialog), 400,
		"CHANNEL_PRIVATE");
	fixture_refused(f, channel_posts_get(fixture_call(f, INDONESIAN_KEY), group, ids, 2, &list),
		400, "CHANNEL_PRIVATE");
}

static int32_t replies_pts_pushed(const struct fixture *f, int64_t channel)
{
	for (size_t i = 0; i < f->effects->count; i++) {
		const struct effect *effect = &f->effects->at[i];

		if (effect->kind == EFFECT_CHANNEL && effect->shared->id == channel)
			return effect->set.updates[0].message->replies->pts;
	}
	fail();
	return 0;
}

/* The group is private, the channel public: its readers comment without being in the group. */
static void test_posts_are_discussed_in_the_group(void **state)
{
	struct fixture *f = *state;
	const struct people people = channels_people(f);
	const int64_t channel = channels_make_public(f, "a_name", true),
		      group = channels_make(f, "Channel", false);
	const struct post_range range = {.limit = 10};
	int32_t post, copy, comment, pts, count, pushed;
	struct message seen;
	struct post_list list;
	struct call *call;

	channels_set_flags(f, channel, 0, group);
	channels_set_flags(f, group, 0, channel);
	for (int i = 0; i < 5; i++)
		channels_post(f, OWNER_KEY, group, "the group is ahead");
	post = channels_post(f, OWNER_KEY, channel, "news");
	pushed = replies_pts_pushed(f, channel);
	seen = channels_post_of(f, INDONESIAN_KEY, channel, post);
	assert_true(seen.replies->comments);
	assert_true(seen.replies->pts >= pushed);
	assert_int_equal(seen.replies->channel, group);
	call = fixture_call(f, OWNER_KEY);
	assert_int_equal(fixture_end(f, channel_history(call, group, &range, &list)), 0);
	copy = list.posts[0].id;
	assert_true(list.posts[0].pinned);
	assert_false(list.posts[0].out);
	assert_int_equal(list.posts[0].from.kind, PEER_CHANNEL);
	assert_int_equal(list.posts[0].forward->saved_from.id, channel);
	assert_int_equal(list.posts[0].forward->saved_from_id, post);
	assert_int_equal(list.posts[0].forward->post, post);

	comment = channels_answer(f, INDONESIAN_KEY, group, copy, 0, "a comment");
	assert_true(comment > 0);
	seen = channels_post_of(f, INDONESIAN_KEY, channel, post);
	assert_int_equal(seen.replies->count, 1);
	assert_int_equal(seen.replies->recent[0].id, people.indonesian);
	call = fixture_call(f, INDONESIAN_KEY);
	assert_int_equal(fixture_end(f, thread_history(call, channel, post, &range, &list)), 0);
	assert_int_equal(list.count, 1);
	assert_int_equal(list.posts[0].id, comment);
	assert_int_equal(list.view.channel->id, group);
	/* The rest of the private group is not theirs. */
	fixture_refused(f, channel_history(fixture_call(f, INDONESIAN_KEY), group, &range, &list),
		400, "CHANNEL_PRIVATE");
	assert_int_equal(channels_answer(f, INDONESIAN_KEY, group, 0, 0, "not a comment"), 0);
	guests_see_comments_alone(f, group, comment, channels_post(f, OWNER_KEY, group, "inside"));
	channels_set_flags(f, group, CHANNEL_JOIN_TO_SEND, channel);
	assert_int_equal(channels_answer(f, INDONESIAN_KEY, group, copy, 0, "a second"), 0);

	call = fixture_call(f, OWNER_KEY);
	assert_int_equal(
		fixture_end(f, channel_posts_delete(call, channel, &post, 1, &pts, &count)), 0);
	call = fixture_call(f, OWNER_KEY);
	assert_int_equal(fixture_end(f, channel_posts_get(call, group, &copy, 1, &list)), 0);
	assert_int_equal(list.count, 0);
}

static int guest_sends(struct fixture *f, int64_t group, int32_t thread, int64_t at_s)
{
	struct message draft = {
		.text = B("later"), .thread = thread, .random_id = 4711 + group, .date_s = at_s};
	struct update_set answer;

	return channel_post_send(fixture_call(f, INDONESIAN_KEY), group, &draft, &answer);
}

/* A bot writes only where it was let in. */
static int bot_comments(struct fixture *f, int64_t group, int32_t copy)
{
	struct message draft = {.text = B("words"), .reply_to = copy, .random_id = 17 + group};
	struct call *call = fixture_call(f, INDONESIAN_KEY);
	struct update_set answer;

	call->is_bot = true;
	return channel_post_send(call, group, &draft, &answer);
}

static int guest_types(struct fixture *f, int64_t group, int32_t thread)
{
	return channel_typing(fixture_call(f, INDONESIAN_KEY), group, thread, TYPING_TYPING, 0);
}

static int guest_reports(struct fixture *f, int64_t group, const int32_t *post)
{
	const struct report report = {
		.peer = {PEER_CHANNEL, group}, .ids = post, .count = post != NULL};
	bool in_square;

	return report_check(fixture_call(f, INDONESIAN_KEY), &report, &in_square);
}

static int guest_reacts(struct fixture *f, int64_t group, int32_t post)
{
	const struct bytes thumb = B("\U0001F44D");
	const struct reaction_request request = {.emojis = &thumb, .count = 1};
	struct update_set answer;

	return post_reaction_send(fixture_call(f, INDONESIAN_KEY), group, post, &request, &answer);
}

/* own, outside: what he wrote below a post of the channel, and elsewhere while he was a member. */
static void who_is_no_member_only_comments(
	struct fixture *f, int64_t group, int32_t copy, int32_t own, int32_t outside)
{
	const int64_t later = fixture_call(f, OWNER_KEY)->now_s + 7200;
	int32_t pts, count;
	struct call *call;

	fixture_refused(f, guest_sends(f, group, 0, later), 403, "CHAT_GUEST_SEND_FORBIDDEN");
	assert_int_equal(fixture_end(f, guest_sends(f, group, copy, later)), 0);
	fixture_refused(f, bot_comments(f, group, copy), 403, "CHAT_WRITE_FORBIDDEN");
	fixture_refused(f, guest_types(f, group, 0), 403, "CHAT_GUEST_SEND_FORBIDDEN");
	assert_int_equal(fixture_end(f, guest_types(f, group, copy)), 0);
	fixture_refused(f, guest_reacts(f, group, own), 403, "CHAT_WRITE_FORBIDDEN");
	assert_int_equal(fixture_end(f, guest_reports(f, group, &copy)), 0);
	call = fixture_call(f, INDONESIAN_KEY);
	fixture_refused(f, channel_posts_delete(call, group, &outside, 1, &pts, &count), 403,
		"MESSAGE_DELETE_FORBIDDEN");
	call = fixture_call(f, INDONESIAN_KEY);
	assert_int_equal(
		fixture_end(f, channel_posts_delete(call, group, &own, 1, &pts, &count)), 0);
	assert_int_equal(count, 1);
}

static void guests_write_nothing_but_comments(void **state)
{
	struct fixture *f = *state;
	const struct post_range range = {.limit = 1};
	int32_t copy, comment, outside;
	struct update_set answer;
	struct message draft;
	struct post_list list;
	struct call *call;

	channels_people(f);
	for (int private = 0; private < 2; private ++) {
		const int64_t channel = channels_make_public(
				      f, private ? "one_name" : "a_name", true),
			      group = private ? channels_make(f, "Group", false)
					      : channels_make_public(f, "its_name", false);

		channels_set_flags(f, channel, 0, group);
		channels_set_flags(f, group, 0, channel);
		channels_post(f, OWNER_KEY, channel, "news");
		call = fixture_call(f, OWNER_KEY);
		assert_int_equal(fixture_end(f, channel_history(call, group, &range, &list)), 0);
		copy = list.posts[0].id;
		comment = channels_answer(f, INDONESIAN_KEY, group, copy, 0, "a comment");
		outside = channels_post(f, OWNER_KEY, group, "inside");
		if (!private) {
			channels_join(f, INDONESIAN_KEY, group);
			outside = channels_post(f, INDONESIAN_KEY, group, "while a member");
			call = fixture_call(f, INDONESIAN_KEY);
			assert_int_equal(fixture_end(f, channel_leave(call, group, &answer)), 0);
			draft = (struct message){.id = outside, .text = B("after")};
			call = fixture_call(f, INDONESIAN_KEY);
			fixture_refused(f, channel_post_edit(call, group, &draft, NULL, &answer),
				403, "CHAT_WRITE_FORBIDDEN");
		} else {
			fixture_refused(
				f, guest_reacts(f, group, outside), 400, "MESSAGE_ID_INVALID");
			fixture_refused(
				f, guest_reports(f, group, &outside), 400, "MSG_ID_INVALID");
			fixture_refused(f, guest_reports(f, group, NULL), 400, "CHANNEL_PRIVATE");
		}
		who_is_no_member_only_comments(f, group, copy, comment, outside);
	}
}

static void link_both(struct fixture *f, int64_t channel, int64_t group)
{
	assert_int_equal(
		fixture_end(f, channel_link(fixture_call(f, OWNER_KEY), channel, group)), 0);
}

static int32_t newest_of(struct fixture *f, int64_t channel)
{
	const struct post_range range = {.limit = 1};
	struct call *call = fixture_call(f, OWNER_KEY);
	struct post_list list;

	assert_int_equal(fixture_end(f, channel_history(call, channel, &range, &list)), 0);
	assert_int_equal(list.count, 1);
	return list.posts[0].id;
}

static void edit(struct fixture *f, int64_t channel, int32_t id, const char *text)
{
	struct message draft = {.id = id, .text = B(text)};
	struct update_set answer;

	assert_int_equal(fixture_end(f, channel_post_edit(fixture_call(f, OWNER_KEY), channel,
						&draft, NULL, &answer)),
		0);
}

/* The copy follows its post as long as both are there and the channels are linked. */
static void test_a_copy_follows_its_post(void **state)
{
	struct fixture *f = *state;
	int64_t channel, group, other, second;
	const struct post_range range = {.limit = 10};
	int32_t post, copy, comment, elsewhere, pts, count;
	struct post_list list;
	struct call *call;

	channels_people(f);
	channel = channels_make_public(f, "a_name", true);
	group = channels_make(f, "Channel", false);
	other = channels_make(f, "Channel", false);
	second = channels_make_public(f, "b_name", true);
	link_both(f, channel, group);
	post = channels_post(f, OWNER_KEY, channel, "news");
	copy = newest_of(f, group);
	edit(f, channel, post, "better news");
	assert_string_equal(channels_read(f, OWNER_KEY, group, copy), "better news");
	comment = channels_answer(f, INDONESIAN_KEY, group, copy, 0, "a comment");
	assert_true(comment > 0);

	/* Cut and tied to another group, what is discussed is neither there nor here. */
	while ((elsewhere = channels_post(f, OWNER_KEY, other, "not that")) < copy)
		;
	link_both(f, channel, other);
	assert_null(channels_post_of(f, INDONESIAN_KEY, channel, post).replies);
	edit(f, channel, post, "the best news");
	assert_string_equal(channels_read(f, OWNER_KEY, group, copy), "better news");
	assert_string_equal(channels_read(f, OWNER_KEY, other, copy), "not that");
	fixture_refused(f,
		thread_history(fixture_call(f, INDONESIAN_KEY), channel, post, &range, &list), 400,
		"MSG_ID_INVALID");
	fixture_refused(f,
		thread_history(fixture_call(f, INDONESIAN_KEY), group, copy, &range, &list), 400,
		"CHANNEL_PRIVATE");
	/* Readers of another channel are not let in to what was said about this one. */
	link_both(f, second, group);
	fixture_refused(f,
		thread_history(fixture_call(f, INDONESIAN_KEY), group, copy, &range, &list), 400,
		"CHANNEL_PRIVATE");
	fixture_refused(f,
		channel_post_send(fixture_call(f, INDONESIAN_KEY), group,
			&(struct message){.text = B("no"), .thread = copy, .random_id = 9},
			&(struct update_set){0}),
		403, "CHAT_GUEST_SEND_FORBIDDEN");
	/* Tied again, they are. */
	link_both(f, channel, group);
	assert_int_equal(channels_post_of(f, INDONESIAN_KEY, channel, post).replies->count, 1);
	call = fixture_call(f, OWNER_KEY);
	assert_int_equal(
		fixture_end(f, channel_posts_delete(call, group, &comment, 1, &pts, &count)), 0);
	assert_int_equal(channels_post_of(f, INDONESIAN_KEY, channel, post).replies->count, 0);
	/* Without the copy nothing can be said about the post. */
	call = fixture_call(f, OWNER_KEY);
	assert_int_equal(
		fixture_end(f, channel_posts_delete(call, group, &copy, 1, &pts, &count)), 0);
	assert_null(channels_post_of(f, INDONESIAN_KEY, channel, post).replies);
	assert_string_equal(channels_read(f, INDONESIAN_KEY, channel, post), "the best news");
}

static void test_a_forum_discusses_nothing(void **state)
{
	struct fixture *f = *state;
	struct update_set answer;
	int64_t channel, group;
	struct call *call;

	channels_people(f);
	channel = channels_make_public(f, "a_name", true);
	group = channels_make(f, "Channel", false);
	call = fixture_call(f, OWNER_KEY);
	assert_int_equal(fixture_end(f, channel_set_forum(call, group, true, false, &answer)), 0);
	fixture_refused(f, channel_link(fixture_call(f, OWNER_KEY), channel, group), 400,
		"MEGAGROUP_ID_INVALID");
	call = fixture_call(f, OWNER_KEY);
	assert_int_equal(fixture_end(f, channel_set_forum(call, group, false, false, &answer)), 0);
	link_both(f, channel, group);
	fixture_refused(f,
		channel_set_forum(fixture_call(f, OWNER_KEY), group, true, false, &answer), 400,
		"CHAT_DISCUSSION_UNALLOWED");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_answers_are_a_thread),
		TEST(test_reading_a_thread_tells_its_authors),
		TEST(test_posts_are_discussed_in_the_group),
		TEST(guests_write_nothing_but_comments),
		TEST(test_a_copy_follows_its_post),
		TEST(test_a_forum_discusses_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
