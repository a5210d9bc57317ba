/* SPDX-License-Identifier: Apache-2.0 */
/* core/posts/posts.h: sending, editing, deleting, history windows, marks, and the difference, in a
 * private and in a public channel alike. */
#include "channels_fixture.h"

#include <stdio.h>

#include "core/dialogs/dialog_places.h"
#include "core/posts/post_views.h"
#include "store/home_members.h"

static int64_t make(struct fixture *f, bool public, bool broadcast)
{
	channels_people(f);
	return public ? channels_make_public(f, "some_name", broadcast)
		      : channels_make(f, "Channel", broadcast);
}

static void send_is_idempotent(struct fixture *f, bool public)
{
	int64_t id = make(f, public, true);
	struct entity bold = {.kind = ENTITY_BOLD, .offset = 0, .length = 2};
	struct message draft = {
		.text = B("hello"), .entities = &bold, .entity_count = 1, .random_id = 77};
	struct update_set first, again;
	struct post_list list;
	struct call *call = fixture_call(f, OWNER_KEY);
	const struct effect *effect;
	int32_t pts;

	assert_int_equal(fixture_end(f, channel_post_send(call, id, &draft, &first)), 0);
	assert_int_equal(first.update_count, 3);
	assert_int_equal(first.updates[0].kind, UPDATE_MESSAGE_ID);
	assert_int_equal(first.updates[0].random_id, 77);
	assert_int_equal(first.updates[2].kind, UPDATE_NEW_POST);
	assert_int_equal(draft.id, 2);
	pts = first.updates[2].pts;
	assert_true(first.updates[2].message->out);
	effect = fixture_effect(f, EFFECT_CHANNEL, 0);
	assert_int_equal(effect->channel, id);
	assert_int_equal(effect->except_session, call->session_id);
	assert_int_equal(effect->set.updates[0].pts, pts);
	assert_int_equal(effect->shared->pts, pts);
	assert_int_equal(effect->shared->top_id, 2);

	draft = (struct message){.text = B("hello"), .random_id = 77};
	call = fixture_call(f, OWNER_KEY);
	assert_int_equal(fixture_end(f, channel_post_send(call, id, &draft, &again)), 0);
	assert_int_equal(draft.id, 2);
	assert_int_equal(f->effects->count, 0);
	call = fixture_call(f, OWNER_KEY);
	assert_int_equal(
		fixture_end(f, channel_history(call, id, &(struct post_range){.limit = 10}, &list)),
		0);
	assert_int_equal(list.count, 2);
	assert_int_equal(list.pts, pts);
	assert_int_equal(list.posts[0].entity_count, 1);
	assert_int_equal(list.posts[0].entities[0].kind, ENTITY_BOLD);
	assert_true(list.posts[0].out);
	if (!public)
		return;
	call = fixture_call(f, GERMAN_KEY);
	assert_int_equal(
		fixture_end(f, channel_history(call, id, &(struct post_range){.limit = 1}, &list)),
		0);
	assert_false(list.posts[0].out);
}

static void send_is_idempotent_in_the_home(void **state)
{
	send_is_idempotent(*state, false);
}

static void send_is_idempotent_in_the_square(void **state)
{
	send_is_idempotent(*state, true);
}

static void only_those_who_may_write(void **state)
{
	struct fixture *f = *state;
	int64_t channel = make(f, true, true), group = channels_make(f, "Group", false);
	struct message draft = {.text = B("x"), .random_id = 5};
	struct update_set answer;
	struct call *call;
	int32_t pts, count, id;

	channels_name(f, group, "some_group");
	channels_join(f, GERMAN_KEY, channel);
	call = fixture_call(f, GERMAN_KEY);
	fixture_refused(
		f, channel_post_send(call, channel, &draft, &answer), 403, "CHAT_WRITE_FORBIDDEN");
	call = fixture_call(f, GERMAN_KEY);
	fixture_refused(
		f, channel_post_send(call, group, &draft, &answer), 403, "CHAT_WRITE_FORBIDDEN");
	channels_join(f, GERMAN_KEY, group);
	channels_join(f, INDONESIAN_KEY, group);
	id = channels_post(f, GERMAN_KEY, group, "mine");
	call = fixture_call(f, INDONESIAN_KEY);
	draft = (struct message){.id = id, .text = B("not mine")};
	fixture_refused(f, channel_post_edit(call, group, &draft, NULL, &answer), 403,
		"MESSAGE_AUTHOR_REQUIRED");
	call = fixture_call(f, INDONESIAN_KEY);
	fixture_refused(f, channel_posts_delete(call, group, &id, 1, &pts, &count), 403,
		"MESSAGE_DELETE_FORBIDDEN");
	call = fixture_call(f, OWNER_KEY);
	assert_int_equal(
		fixture_end(f, channel_posts_delete(call, group, &id, 1, &pts, &count)), 0);
	assert_int_equal(count, 1);
	call = fixture_call(f, GERMAN_KEY);
	id = 1;
	fixture_refused(f, channel_posts_delete(call, channel, &id, 1, &pts, &count), 403,
		"MESSAGE_DELETE_FORBIDDEN");
}

static void group_messages_have_authors(void **state)
{
	struct fixture *f = *state;
	int64_t group = make(f, true, false);
	struct post_list list;
	struct call *call;
	int64_t german = fixture_call(f, GERMAN_KEY)->user;

	channels_join(f, GERMAN_KEY, group);
	channels_post(f, GERMAN_KEY, group, "from Germany");
	call = fixture_call(f, OWNER_KEY);
	assert_int_equal(fixture_end(f, channel_history(call, group,
						&(struct post_range){.limit = 1}, &list)),
		0);
	assert_int_equal(list.posts[0].from.kind, PEER_USER);
	assert_int_equal(list.posts[0].from.id, german);
	assert_false(list.posts[0].out);
	assert_int_equal(list.user_count, 1);
	assert_true(bytes_equal(list.users[0].first_name, B("Gerd")));
	call = fixture_call(f, GERMAN_KEY);
	assert_int_equal(fixture_end(f, channel_history(call, group,
						&(struct post_range){.limit = 1}, &list)),
		0);
	assert_true(list.posts[0].out);
}

static void history_is_windowed_as_clients_ask(void **state)
{
	static const struct {
		struct post_range range;
		int32_t first, last;
		size_t count;
	} cases[] = {
		{{.limit = 5}, 21, 17, 5},
		{{.limit = 100}, 21, 1, 21},
		{{.offset_id = 10, .limit = 3}, 9, 7, 3},
		{{.offset_id = 10, .add_offset = -1, .limit = 3}, 10, 8, 3},
		{{.offset_id = 10, .add_offset = -3, .limit = 6}, 12, 7, 6},
		{{.offset_id = 10, .add_offset = -5, .limit = 2}, 14, 13, 2},
		{{.offset_id = 10, .add_offset = 2, .limit = 2}, 7, 6, 2},
		{{.offset_id = 20, .add_offset = -10, .limit = 12}, 21, 18, 4},
		{{.min_id = 15, .limit = 100}, 21, 16, 6},
		{{.max_id = 4, .limit = 100}, 3, 1, 3},
		{{.limit = 0}, 0, 0, 0},
		{{.limit = -4, .offset_id = -9, .add_offset = INT32_MIN}, 0, 0, 0},
		{{.limit = INT32_MAX, .add_offset = INT32_MAX}, 0, 0, 0},
	};
	struct fixture *f = *state;
	int64_t id = make(f, true, true);
	struct post_list list;

	for (int i = 0; i < 20; i++)
		channels_post(f, OWNER_KEY, id, "text");
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct call *call = fixture_call(f, GERMAN_KEY);

		assert_int_equal(
			fixture_end(f, channel_history(call, id, &cases[i].range, &list)), 0);
		assert_int_equal(list.count, cases[i].count);
		assert_int_equal(list.total, 21);
		if (list.count == 0)
			continue;
		assert_int_equal(list.posts[0].id, cases[i].first);
		assert_int_equal(list.posts[list.count - 1].id, cases[i].last);
	}
}

static void search_finds_words(void **state)
{
	struct fixture *f = *state;
	int64_t id = make(f, false, true);
	struct post_list list;

	channels_post(f, OWNER_KEY, id, "an Apple a day");
	channels_post(f, OWNER_KEY, id, "a pear a day");
	assert_int_equal(fixture_end(f, channels_search(f, OWNER_KEY, id, "aPPLE", 10, &list)), 0);
	assert_int_equal(list.count, 1);
	assert_int_equal(list.posts[0].id, 2);
	assert_int_equal(fixture_end(f, channels_search(f, OWNER_KEY, id, "day", 1, &list)), 0);
	assert_int_equal(list.count, 1);
	assert_int_equal(list.posts[0].id, 3);
}

static void search_keeps_what_it_found_far_apart(struct fixture *f, bool public)
{
	int64_t id = make(f, public, true);
	struct post_list list;

	channels_post(f, OWNER_KEY, id, "the first Needle");
	for (int i = 0; i < 230; i++)
		channels_post(f, OWNER_KEY, id, "hay hay hay hay");
	channels_post(f, OWNER_KEY, id, "the last nEEDLe");
	assert_int_equal(fixture_end(f, channels_search(f, OWNER_KEY, id, "NEEDLE", 10, &list)), 0);
	assert_int_equal(list.count, 2);
	assert_true(bytes_equal(list.posts[0].text, B("the last nEEDLe")));
	assert_true(bytes_equal(list.posts[1].text, B("the first Needle")));
	assert_int_equal(fixture_end(f, channels_search(f, OWNER_KEY, id,
						"a text that is longer than any of the posts is",
						10, &list)),
		0);
	assert_int_equal(list.count, 0);
}

static void search_looks_far_in_the_home(void **state)
{
	search_keeps_what_it_found_far_apart(*state, false);
}

static void search_looks_far_in_the_square(void **state)
{
	search_keeps_what_it_found_far_apart(*state, true);
}

static void reading_counts_down(void **state)
{
	struct fixture *f = *state;
	int64_t id = make(f, true, true);
	int64_t german = fixture_call(f, GERMAN_KEY)->user;
	struct channel_dialog *list;
	const struct effect *effect;
	size_t count;

	channels_join(f, GERMAN_KEY, id);
	channels_post(f, OWNER_KEY, id, "one");
	channels_post(f, OWNER_KEY, id, "two");
	assert_int_equal(
		fixture_end(f, channel_dialogs(fixture_call(f, GERMAN_KEY), &list, &count)), 0);
	assert_int_equal(count, 1);
	assert_int_equal(list[0].dialog.unread, 2);
	assert_int_equal(list[0].dialog.top_id, 3);
	assert_true(bytes_equal(list[0].top->text, B("two")));
	assert_int_equal(fixture_end(f, channel_read(fixture_call(f, GERMAN_KEY), id, 2)), 0);
	effect = fixture_effect(f, EFFECT_ACCOUNT, german);
	assert_int_equal(effect->set.updates[0].kind, UPDATE_CHANNEL_READ_INBOX);
	assert_int_equal(effect->set.updates[0].unread, 1);
	assert_int_equal(fixture_end(f, channel_read(fixture_call(f, GERMAN_KEY), id, 1)), 0);
	assert_int_equal(f->effects->count, 0);
	assert_int_equal(
		fixture_end(f, channel_dialogs(fixture_call(f, GERMAN_KEY), &list, &count)), 0);
	assert_int_equal(list[0].dialog.unread, 1);
	assert_int_equal(
		fixture_end(f, channel_dialogs(fixture_call(f, OWNER_KEY), &list, &count)), 0);
	assert_int_equal(list[0].dialog.unread, 0);
}

static bool is_marked(struct fixture *f, int64_t id)
{
	struct channel_dialog line;

	assert_int_equal(fixture_end(f, channel_dialog(fixture_call(f, GERMAN_KEY), id, &line)), 0);
	return line.dialog.unread_mark;
}

static void reading_takes_the_mark_away(void **state)
{
	struct fixture *f = *state;
	int64_t id = make(f, true, true);
	const struct peer channel = {PEER_CHANNEL, id};

	channels_join(f, GERMAN_KEY, id);
	channels_post(f, OWNER_KEY, id, "one");
	/* With something new, and with nothing. */
	for (int i = 0; i < 2; i++) {
		assert_int_equal(fixture_end(f, dialog_mark_unread(fixture_call(f, GERMAN_KEY),
							channel, true)),
			0);
		assert_true(is_marked(f, id));
		assert_int_equal(
			fixture_end(f, channel_read(fixture_call(f, GERMAN_KEY), id, 2)), 0);
		assert_false(is_marked(f, id));
	}
}

static void chats_of_one_second_come_in_the_clients_order(void **state)
{
	struct fixture *f = *state;
	struct dialog_offset offset = {.date_s = 2146999999, .id = INT32_MAX};
	struct dialog_list list;
	int64_t order[8];
	size_t seen = 0;

	channels_people(f);
	/* The service's welcome is of this second too, and its id is 1. */
	for (int i = 0; i < 3; i++)
		channels_make(f, "Channel", true);
	for (;;) {
		struct call *call = fixture_call(f, OWNER_KEY);

		assert_int_equal(
			fixture_end(f, dialogs_list(call, 0, &offset, DIALOGS_ALL, 1, &list)), 0);
		if (list.count == 0)
			break;
		assert_true(seen < ARRAY_LEN(order));
		order[seen++] = list.at[0].peer.id;
		assert_int_equal(list.at[0].top_id, 1);
		offset = (struct dialog_offset){
			list.at[0].top_date_s, list.at[0].top_id, list.at[0].peer};
	}
	assert_int_equal(seen, 4);
	assert_int_equal(order[0], SERVICE_USER);
	assert_int_equal(order[1], 1000000001);
	assert_int_equal(order[2], 1000000002);
	assert_int_equal(order[3], 1000000003);
}

static void the_first_post_stays(void **state)
{
	struct fixture *f = *state;
	int64_t id = make(f, true, true);
	struct channel_dialog dialog;
	const int32_t ids[] = {2, 1};
	int32_t pts, count;

	channels_post(f, OWNER_KEY, id, "one");
	fixture_refused(f,
		channel_posts_delete(fixture_call(f, OWNER_KEY), id, ids, 2, &pts, &count), 403,
		"MESSAGE_DELETE_FORBIDDEN");
	assert_int_equal(fixture_end(f, channel_posts_delete(fixture_call(f, OWNER_KEY), id, ids, 1,
						&pts, &count)),
		0);
	assert_int_equal(count, 1);
	assert_int_equal(
		fixture_end(f, channel_dialog(fixture_call(f, OWNER_KEY), id, &dialog)), 0);
	assert_int_equal(dialog.dialog.top_id, 1);
}

static void a_member_counts_once_per_post(void **state)
{
	struct fixture *f = *state;
	int64_t id = make(f, true, true);
	struct message views[2];
	const int32_t ids[] = {2, 99};

	channels_post(f, OWNER_KEY, id, "one");
	channels_join(f, GERMAN_KEY, id);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(fixture_end(f, channel_views_count(fixture_call(f, GERMAN_KEY), id,
							ids, 2, true, views)),
			0);
		assert_int_equal(views[0].views, 2);
		assert_int_equal(views[1].id, 0);
	}
	assert_int_equal(fixture_end(f, channel_views_count(fixture_call(f, INDONESIAN_KEY), id,
						ids, 2, true, views)),
		0);
	assert_int_equal(views[0].views, 2); /* who only looks in is not counted */
}

/* Writes the counts; returns what the row says. */
static int64_t flushed(struct fixture *f, int64_t id, int32_t post)
{
	struct call *call = fixture_call(f, OWNER_KEY);
	struct post_list list;

	post_views_flush(call, f->env.views);
	assert_int_equal(fixture_end(f, 0), 0);
	assert_int_equal(
		fixture_end(f, channel_posts_get(fixture_call(f, OWNER_KEY), id, &post, 1, &list)),
		0);
	return list.posts[0].views;
}

/* Views are written together, whoever looked counts once in any order, and who looks hears of it.
 */
static void views_are_written_later(void **state)
{
	struct fixture *f = *state;
	int64_t id = make(f, true, true);
	int32_t posts[3];
	struct message views[3];
	const struct effect *told;
	int64_t german = fixture_call(f, GERMAN_KEY)->user;

	fixture_end(f, 0);
	for (int i = 0; i < 3; i++)
		posts[i] = channels_post(f, OWNER_KEY, id, "one");
	channels_join(f, GERMAN_KEY, id);
	channels_join(f, INDONESIAN_KEY, id);
	for (int round = 0; round < 2; round++) {
		for (int i = 2; i >= 0; i--)
			assert_int_equal(
				fixture_end(f, channel_views_count(fixture_call(f, GERMAN_KEY), id,
						       &posts[i], 1, true, views)),
				0);
		assert_int_equal(views[0].views, 2);
		assert_int_equal(flushed(f, id, posts[0]), 2);
		assert_int_equal(flushed(f, id, posts[2]), 2);
	}
	assert_int_equal(fixture_end(f, channel_views_count(fixture_call(f, INDONESIAN_KEY), id,
						posts, 3, true, views)),
		0);
	assert_int_equal(views[1].views, 3);
	post_views_flush(fixture_call(f, OWNER_KEY), f->env.views);
	assert_int_equal(fixture_end(f, 0), 0);
	told = fixture_effect(f, EFFECT_ACCOUNT, german);
	assert_non_null(told);
	assert_int_equal(told->set.updates[0].kind, UPDATE_POST_VIEWS);
	assert_int_equal(told->set.updates[0].count, 3);
}

static void a_post_named_twice_counts_once(void **state)
{
	struct fixture *f = *state;
	int64_t id = make(f, true, true);
	struct message views[3];
	const int32_t ids[] = {2, 2, 2};

	channels_post(f, OWNER_KEY, id, "one");
	channels_join(f, GERMAN_KEY, id);
	for (int i = 0; i < 2; i++)
		assert_int_equal(fixture_end(f, channel_views_count(fixture_call(f, GERMAN_KEY), id,
							ids, 3, true, views)),
			0);
	assert_int_equal(views[2].views, 2);
}

/* The square's commit comes first: a crash before the home's leaves a post without its author, and
 * the author's client sends it again. */
static void a_post_that_lost_its_author_finds_it_again(void **state)
{
	struct fixture *f = *state;
	int64_t id = make(f, true, false);
	struct message draft = {.text = B("hello"), .random_id = 77};
	struct update_set answer;
	struct call *call;
	int64_t german;

	channels_join(f, GERMAN_KEY, id);
	call = fixture_call(f, GERMAN_KEY);
	german = call->user;
	assert_int_equal(fixture_end(f, channel_post_send(call, id, &draft, &answer)), 0);
	call = fixture_call(f, GERMAN_KEY);
	home_authors_delete(call_home(call), id, draft.id);
	fixture_end(f, 0);
	for (int i = 0; i < 2; i++) {
		draft = (struct message){.text = B("hello"), .random_id = 77};
		call = fixture_call(f, GERMAN_KEY);
		assert_int_equal(fixture_end(f, channel_post_send(call, id, &draft, &answer)), 0);
		assert_int_equal(draft.from.id, german);
		assert_true(draft.out);
	}
	draft = (struct message){.text = B("hello"), .random_id = 77};
	call = fixture_call(f, OWNER_KEY);
	fixture_refused(
		f, channel_post_send(call, id, &draft, &answer), 500, "RANDOM_ID_DUPLICATE");
}

static void history_before_a_time(void **state)
{
	struct fixture *f = *state;
	int64_t id = make(f, true, true), start = f->now_s;
	struct post_list list;

	/* Posts 2 to 11, ten seconds apart; 6 is gone. */
	for (int i = 1; i <= 10; i++) {
		f->now_s = start + i * 10;
		channels_post(f, OWNER_KEY, id, "text");
	}
	assert_int_equal(fixture_end(f, channel_posts_delete(fixture_call(f, OWNER_KEY), id,
						(int32_t[]){6}, 1, &(int32_t){0}, &(int32_t){0})),
		0);
	for (int64_t at = -5; at <= 120; at += 5) {
		const int32_t newest = at <= 0 ? 0 : at > 100 ? 11 : (int32_t)((at - 1) / 10 + 1);
		const struct post_range range = {.limit = 1, .offset_date_s = start + at};

		assert_int_equal(fixture_end(f, channel_history(fixture_call(f, GERMAN_KEY), id,
							&range, &list)),
			0);
		assert_int_equal(list.count, newest ? 1 : 0);
		if (newest)
			assert_int_equal(list.posts[0].id, newest == 6 ? 5 : newest);
	}
}

#define T(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(send_is_idempotent_in_the_home),
		T(send_is_idempotent_in_the_square),
		T(only_those_who_may_write),
		T(group_messages_have_authors),
		T(history_is_windowed_as_clients_ask),
		T(search_finds_words),
		T(search_looks_far_in_the_home),
		T(search_looks_far_in_the_square),
		T(reading_counts_down),
		T(reading_takes_the_mark_away),
		T(chats_of_one_second_come_in_the_clients_order),
		T(the_first_post_stays),
		T(a_member_counts_once_per_post),
		T(a_post_named_twice_counts_once),
		T(views_are_written_later),
		T(a_post_that_lost_its_author_finds_it_again),
		T(history_before_a_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
