/* SPDX-License-Identifier: Apache-2.0 */
/* core/posts/topics.h, core/posts/topic_settings.h: topics of a forum, what an account sets for one
 * of them, what is logged; and what they refuse, each once. */
#include "channels_fixture.h"

#include "core/channels/admin_log.h"
#include "core/dialogs/drafts.h"
#include "core/dialogs/notify.h"
#include "core/posts/topic_settings.h"
#include "store/home_settings.h"

static int64_t make_forum(struct fixture *f)
{
	const int64_t id = channels_make(f, "Forum", false);
	struct update_set answer;

	channels_name(f, id, "a_forum");
	channels_join(f, GERMAN_KEY, id);
	assert_int_equal(fixture_end(f, channel_set_forum(fixture_call(f, OWNER_KEY), id, true,
						false, &answer)),
		0);
	return id;
}

static int32_t open_topic(struct fixture *f, int64_t channel, int64_t random_id)
{
	const struct topic_change plain = {.color = 0xFFD67E};
	struct call *call = fixture_call(f, OWNER_KEY);
	struct update_set answer;

	assert_int_equal(fixture_end(f, topic_create(call, channel, &plain, B("Weather"), random_id,
						&answer)),
		0);
	return answer.updates[1].message->id;
}

static void refuse_to_make(
	struct fixture *f, int64_t channel, const char *title, int64_t random_id, const char *fault)
{
	const struct topic_change plain = {0};
	struct call *call = fixture_call(f, OWNER_KEY);
	struct update_set answer;

	fixture_refused(f, topic_create(call, channel, &plain, B(title), random_id, &answer),
		strcmp(fault, "RANDOM_ID_DUPLICATE") == 0 ? 500 : 400, fault);
}

static void what_no_topic_is_made_from(void **state)
{
	struct fixture *f = *state;
	char longer[TOPIC_TITLE_MAX + 2];
	struct message draft = {.text = B("taken"), .random_id = 8};
	struct update_set answer;
	int64_t id, news;
	int32_t topic;

	channels_people(f);
	id = make_forum(f);
	news = channels_make(f, "News", true);
	memset(longer, 'a', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = 0;
	refuse_to_make(f, id, "", 1, "TOPIC_TITLE_EMPTY");
	refuse_to_make(f, id, " \n ", 1, "TOPIC_TITLE_EMPTY");
	refuse_to_make(f, id, "\xff", 1, "TOPIC_TITLE_EMPTY");
	refuse_to_make(f, id, longer, 1, "TOPIC_TITLE_EMPTY");
	refuse_to_make(f, id, "Weather", 0, "RANDOM_ID_EMPTY");
	refuse_to_make(f, news, "Weather", 1, "CHANNEL_FORUM_MISSING");
	topic = open_topic(f, id, 7);
	assert_int_equal(open_topic(f, id, 7), topic);
	assert_int_equal(
		fixture_end(f, channel_post_send(fixture_call(f, GERMAN_KEY), id, &draft, &answer)),
		0);
	/* Only its number and itself: who writes in one topic has not read the others. */
	assert_int_equal(answer.update_count, 2);
	assert_int_equal(answer.updates[1].kind, UPDATE_NEW_POST);
	refuse_to_make(f, id, "Weather", 8, "RANDOM_ID_DUPLICATE");
	fixture_refused(f,
		channel_set_forum(fixture_call(f, OWNER_KEY), news, true, false, &answer), 400,
		"CHAT_ID_INVALID");
}

static void a_group_that_is_made_a_forum_begins_with_general(void **state)
{
	const struct channel_draft draft = {.title = B("Rooms"), .forum = true};
	struct fixture *f = *state;
	struct update_set answer;
	struct topic_list list;
	struct call *call;
	int64_t id;

	channels_people(f);
	assert_int_equal(
		fixture_end(f, channel_create(fixture_call(f, OWNER_KEY), &draft, &answer)), 0);
	id = answer.channels[0].channel->id;
	call = fixture_call(f, OWNER_KEY);
	assert_int_equal(fixture_end(f, topics_list(call, id, B(""), 0, 10, &list)), 0);
	assert_int_equal(list.count, 1);
	assert_int_equal(list.at[0].id, TOPIC_GENERAL);
	assert_int_equal(list.posts.count, 1);
}

static void what_was_answered_before_is_in_no_topic(void **state)
{
	struct fixture *f = *state;
	struct update_set answer;
	int32_t root, old, topic;
	struct call *call;
	int64_t id;

	channels_people(f);
	id = channels_make(f, "Group", false);
	root = channels_post(f, OWNER_KEY, id, "a question");
	old = channels_answer(f, OWNER_KEY, id, root, 0, "an answer");
	call = fixture_call(f, OWNER_KEY);
	assert_int_equal(fixture_end(f, channel_set_forum(call, id, true, false, &answer)), 0);
	assert_false(channels_post_of(f, OWNER_KEY, id, old).topic);
	topic = open_topic(f, id, 9);
	assert_true(channels_post_of(
		f, OWNER_KEY, id, channels_answer(f, OWNER_KEY, id, topic, 0, "in a topic"))
			.topic);
}

static void what_topics_do_not_become(void **state)
{
	struct fixture *f = *state;
	const struct topic_change closing = {.closed = TOPIC_ON}, hiding = {.hidden = TOPIC_ON},
				  picture = {.has_emoji = true, .emoji = 5};
	int32_t topics[TOPICS_PINNED_MAX + 1], pts, count, left;
	struct update_set answer;
	struct call *call;
	int64_t id;

	channels_people(f);
	id = make_forum(f);
	for (int i = 0; i < TOPICS_PINNED_MAX + 1; i++)
		topics[i] = open_topic(f, id, 100 + i);
	for (int i = 0; i < TOPICS_PINNED_MAX; i++) {
		call = fixture_call(f, OWNER_KEY);
		assert_int_equal(fixture_end(f, topic_pin(call, id, topics[i], true, &answer)), 0);
	}
	call = fixture_call(f, OWNER_KEY);
	fixture_refused(f, topic_pin(call, id, topics[TOPICS_PINNED_MAX], true, &answer), 400,
		"PINNED_TOO_MUCH");
	call = fixture_call(f, OWNER_KEY);
	fixture_refused(f, topics_reorder(call, id, topics, TOPICS_PINNED_MAX + 1, true, &answer),
		400, "PINNED_TOO_MUCH");
	fixture_refused(f, topic_pin(fixture_call(f, OWNER_KEY), id, 99, true, &answer), 400,
		"TOPIC_ID_INVALID");
	fixture_refused(f,
		topic_edit(fixture_call(f, OWNER_KEY), id, 99, &closing, B("x"), &answer), 400,
		"TOPIC_ID_INVALID");
	call = fixture_call(f, OWNER_KEY);
	fixture_refused(f, topic_edit(call, id, topics[0], &hiding, (struct bytes){0}, &answer),
		400, "TOPIC_ID_INVALID");
	call = fixture_call(f, OWNER_KEY);
	fixture_refused(f, topic_edit(call, id, TOPIC_GENERAL, &picture, B("x"), &answer), 400,
		"TOPIC_ID_INVALID");
	call = fixture_call(f, OWNER_KEY);
	fixture_refused(f, topic_edit(call, id, topics[0], &closing, B(" "), &answer), 400,
		"TOPIC_TITLE_EMPTY");
	call = fixture_call(f, OWNER_KEY);
	fixture_refused(f, topic_delete(call, id, TOPIC_GENERAL, &pts, &count, &left), 400,
		"TOPIC_ID_INVALID");
	fixture_refused(f, topic_delete(fixture_call(f, OWNER_KEY), id, 99, &pts, &count, &left),
		400, "TOPIC_ID_INVALID");
	fixture_refused(f,
		topic_delete(fixture_call(f, GERMAN_KEY), id, topics[0], &pts, &count, &left), 400,
		"CHAT_ADMIN_REQUIRED");
}

/* The newest first. */
static void what_admins_do_is_logged(void **state)
{
	struct fixture *f = *state;
	const enum admin_event events[] = {EVENT_TOPIC_DELETE, EVENT_TOPIC_PIN, EVENT_TOPIC_PIN,
		EVENT_TOPIC_EDIT, EVENT_TOPIC_CREATE};
	const struct admin_log_query query = {.filters = 1u << FILTER_FORUMS, .limit = 5};
	const struct topic_change closing = {.closed = TOPIC_ON};
	struct admin_log_page page;
	struct update_set answer;
	int32_t topic, pts, count, left;
	struct people people;
	struct call *call;
	int64_t id;

	people = channels_people(f);
	id = make_forum(f);
	topic = open_topic(f, id, 7);
	call = fixture_call(f, OWNER_KEY);
	assert_int_equal(
		fixture_end(f, topic_edit(call, id, topic, &closing, B("Rain"), &answer)), 0);
	for (int on = 1; on >= 0; on--) {
		call = fixture_call(f, OWNER_KEY);
		assert_int_equal(fixture_end(f, topic_pin(call, id, topic, on, &answer)), 0);
	}
	call = fixture_call(f, OWNER_KEY);
	assert_int_equal(fixture_end(f, topic_delete(call, id, topic, &pts, &count, &left)), 0);
	call = fixture_call(f, OWNER_KEY);
	assert_int_equal(fixture_end(f, admin_log_read(call, id, &query, &page)), 0);
	assert_int_equal(page.count, 5);
	for (size_t i = 0; i < 5; i++) {
		assert_int_equal(page.at[i].entry.event, events[i]);
		assert_int_equal(page.at[i].entry.item, topic);
		assert_int_equal(page.at[i].entry.user, people.owner);
	}
	assert_true(bytes_equal_str(page.at[0].entry.texts[0], "Rain"));
	assert_null(page.at[1].entry.texts[1].data); /* is pinned no more */
	assert_true(page.at[2].entry.numbers[1] & TOPIC_PINNED);
	assert_true(bytes_equal_str(page.at[3].entry.texts[0], "Weather"));
	assert_false(page.at[3].entry.numbers[0] & TOPIC_CLOSED);
	assert_true(page.at[3].entry.numbers[1] & TOPIC_CLOSED);
}

static void refuse_to_write(
	struct fixture *f, uint64_t key, int64_t channel, int32_t topic, const char *fault)
{
	struct message draft = {.text = B("words"), .thread = topic, .random_id = 77};
	struct update_set answer;

	fixture_refused(
		f, channel_post_send(fixture_call(f, key), channel, &draft, &answer), 400, fault);
}

static void where_nothing_is_written(void **state)
{
	struct fixture *f = *state;
	const struct topic_change closing = {.closed = TOPIC_ON};
	int32_t topic, pts, count, left;
	struct update_set answer;
	struct call *call;
	int64_t id;

	channels_people(f);
	id = make_forum(f);
	topic = open_topic(f, id, 7);
	call = fixture_call(f, OWNER_KEY);
	assert_int_equal(
		fixture_end(f, topic_edit(call, id, topic, &closing, (struct bytes){0}, &answer)),
		0);
	refuse_to_write(f, GERMAN_KEY, id, topic, "TOPIC_CLOSED");
	call = fixture_call(f, OWNER_KEY);
	assert_int_equal(fixture_end(f, topic_delete(call, id, topic, &pts, &count, &left)), 0);
	refuse_to_write(f, GERMAN_KEY, id, topic, "TOPIC_DELETED");
}

static bool general_is(struct fixture *f, int64_t id, bool closed, bool hidden)
{
	struct call *call = fixture_call(f, GERMAN_KEY);
	const int32_t general = TOPIC_GENERAL;
	struct topic_list list;

	assert_int_equal(fixture_end(f, topics_get(call, id, &general, 1, &list)), 0);
	return list.at[0].closed == closed && list.at[0].hidden == hidden;
}

static int edit_general(struct fixture *f, int64_t id, enum topic_switch closed,
	enum topic_switch hidden, struct topic_change *told)
{
	const struct topic_change wanted = {.closed = closed, .hidden = hidden};
	struct call *call = fixture_call(f, OWNER_KEY);
	struct update_set answer;
	const int done = topic_edit(call, id, TOPIC_GENERAL, &wanted, (struct bytes){0}, &answer);

	if (done == 0)
		*told = *answer.updates[0].message->topic_change;
	return done;
}

static void hidden_is_closed_and_opened_is_shown(void **state)
{
	struct fixture *f = *state;
	struct topic_change told;
	int64_t id;

	channels_people(f);
	id = make_forum(f);
	assert_int_equal(fixture_end(f, edit_general(f, id, TOPIC_STAYS, TOPIC_ON, &told)), 0);
	assert_int_equal(told.closed, TOPIC_ON);
	assert_true(general_is(f, id, true, true));
	refuse_to_write(f, GERMAN_KEY, id, TOPIC_GENERAL, "TOPIC_CLOSED");
	fixture_refused(
		f, edit_general(f, id, TOPIC_OFF, TOPIC_OFF, &told), 400, "TOPIC_HIDE_SEPARATELY");
	assert_int_equal(fixture_end(f, edit_general(f, id, TOPIC_STAYS, TOPIC_OFF, &told)), 0);
	assert_true(general_is(f, id, true, false));
	assert_int_equal(fixture_end(f, edit_general(f, id, TOPIC_STAYS, TOPIC_ON, &told)), 0);
	assert_int_equal(told.closed, TOPIC_STAYS);
	assert_int_equal(fixture_end(f, edit_general(f, id, TOPIC_OFF, TOPIC_STAYS, &told)), 0);
	assert_int_equal(told.hidden, TOPIC_OFF);
	assert_true(general_is(f, id, false, false));
}

/* An account's exceptions are counted; what is among them can still be changed. */
static void too_many_topics_are_muted(void **state)
{
	struct fixture *f = *state;
	const struct notify_settings muted = {.has_mute = true, .mute_until_s = INT32_MAX};
	const struct notify_settings loud = {.has_mute = true};
	int32_t first, second;
	struct call *call;
	int64_t id;

	channels_people(f);
	id = make_forum(f);
	first = open_topic(f, id, 7);
	second = open_topic(f, id, 8);
	call = fixture_call(f, GERMAN_KEY);
	assert_int_equal(topic_notify_set(call, id, first, &muted), 0);
	for (int32_t i = 1; i < NOTIFY_EXCEPTIONS_MAX; i++) {
		const struct home_setting row = {.kind = HOME_SETTING_TOPIC_NOTIFY,
			.peer_kind = 1000 + i,
			.peer = id,
			.value = B("x"),
			.changed_at_s = f->now_s};

		home_setting_put(
			call_home(call), call->store->vault, call->arena, call->user, &row);
	}
	assert_int_equal(fixture_end(f, 0), 0);
	fixture_refused(f, topic_notify_set(fixture_call(f, GERMAN_KEY), id, second, &muted), 400,
		"SETTINGS_INVALID");
	assert_int_equal(
		fixture_end(f, topic_notify_set(fixture_call(f, GERMAN_KEY), id, first, &loud)), 0);
}

static void pin_close_and_delete(struct fixture *f, int64_t id, int32_t topic)
{
	struct topic_change closing = {.closed = TOPIC_ON};
	int32_t pts, count, left;
	struct topic_list list;
	struct update_set answer;
	struct call *call;

	call = fixture_call(f, OWNER_KEY);
	assert_int_equal(fixture_end(f, topic_pin(call, id, topic, true, &answer)), 0);
	call = fixture_call(f, OWNER_KEY);
	assert_int_equal(fixture_end(f, topics_list(call, id, B(""), 0, 10, &list)), 0);
	assert_int_equal(list.at[0].id, topic);
	assert_true(list.at[0].pinned);
	call = fixture_call(f, OWNER_KEY);
	assert_int_equal(
		fixture_end(f, topic_edit(call, id, topic, &closing, B("Rain"), &answer)), 0);
	fixture_refused(f,
		topic_edit(fixture_call(f, OWNER_KEY), id, topic, &closing, B("Rain"), &answer),
		400, "TOPIC_NOT_MODIFIED");
	fixture_refused(f,
		topic_edit(fixture_call(f, GERMAN_KEY), id, topic, &closing, B("x"), &answer), 400,
		"CHAT_ADMIN_REQUIRED");
	assert_int_equal(channels_answer(f, GERMAN_KEY, id, 0, topic, "closed"), 0);
	assert_true(channels_answer(f, OWNER_KEY, id, 0, topic, "not for me") > 0);
	call = fixture_call(f, OWNER_KEY);
	assert_int_equal(fixture_end(f, topic_delete(call, id, topic, &pts, &count, &left)), 0);
	assert_int_equal(left, 0);
	assert_int_equal(count, 4);
	call = fixture_call(f, OWNER_KEY);
	assert_int_equal(fixture_end(f, topics_get(call, id, &topic, 1, &list)), 0);
	assert_true(list.at[0].deleted);
}

static void test_topics(void **state)
{
	struct fixture *f = *state;
	const struct people people = channels_people(f);
	const int64_t id = channels_make_public(f, "a_name", false);
	struct topic_change closing = {.closed = TOPIC_ON};
	int32_t topic, post;
	struct topic_list list;
	struct update_set answer;
	struct message seen;
	struct call *call;

	channels_join(f, GERMAN_KEY, id);
	fixture_refused(f, topics_list(fixture_call(f, OWNER_KEY), id, B(""), 0, 10, &list), 400,
		"CHANNEL_FORUM_MISSING");
	call = fixture_call(f, OWNER_KEY);
	assert_int_equal(fixture_end(f, channel_set_forum(call, id, true, false, &answer)), 0);
	fixture_refused(f, channel_set_forum(fixture_call(f, OWNER_KEY), id, true, false, &answer),
		400, "CHAT_NOT_MODIFIED");
	fixture_refused(f,
		topic_create(fixture_call(f, GERMAN_KEY), id, &closing, B("not his"), 8, &answer),
		400, "CHAT_ADMIN_REQUIRED");
	topic = open_topic(f, id, 7);
	assert_true(topic > 0);
	post = channels_answer(f, GERMAN_KEY, id, topic, topic, "it rains");
	seen = channels_post_of(f, OWNER_KEY, id, post);
	assert_int_equal(seen.thread, topic);
	assert_true(seen.topic);
	assert_int_equal(channels_answer(f, GERMAN_KEY, id, 0, 999, "where"), 0);
	channels_post(f, GERMAN_KEY, id, "in General");

	call = fixture_call(f, OWNER_KEY);
	assert_int_equal(fixture_end(f, topics_list(call, id, B(""), 0, 10, &list)), 0);
	assert_int_equal(list.count, 2);
	assert_int_equal(list.at[0].id, TOPIC_GENERAL);
	assert_int_equal(list.at[1].id, topic);
	assert_true(bytes_equal_str(list.at[1].title, "Weather"));
	assert_int_equal(list.at[1].from.id, people.owner);
	assert_true(list.at[1].my);
	assert_int_equal(list.at[1].marks.top, post);
	assert_int_equal(list.at[1].marks.unread, 1);
	/* He came, and wrote. */
	assert_int_equal(list.at[0].marks.unread, 2);
	call = fixture_call(f, OWNER_KEY);
	assert_int_equal(fixture_end(f, thread_read(call, id, topic, post)), 0);
	call = fixture_call(f, OWNER_KEY);
	assert_int_equal(fixture_end(f, topics_list(call, id, B("weath"), 0, 10, &list)), 0);
	assert_int_equal(list.count, 1);
	assert_int_equal(list.at[0].marks.unread, 0);

	pin_close_and_delete(f, id, topic);
}

static void test_a_topic_has_its_own_settings(void **state)
{
	struct fixture *f = *state;
	const struct notify_settings muted = {.has_mute = true, .mute_until_s = INT32_MAX};
	const struct people people = channels_people(f);
	const struct update *told;
	struct update_set answer;
	struct call *call;
	int32_t topic;
	int64_t id;

	id = channels_make(f, "Channel", false);
	call = fixture_call(f, OWNER_KEY);
	assert_int_equal(fixture_end(f, channel_set_forum(call, id, true, true, &answer)), 0);
	topic = open_topic(f, id, 7);
	call = fixture_call(f, OWNER_KEY);
	assert_int_equal(fixture_end(f, topic_notify_set(call, id, topic, &muted)), 0);
	told = fixture_effect(f, EFFECT_ACCOUNT, people.owner)->set.updates;
	assert_int_equal(told->kind, UPDATE_NOTIFY);
	assert_int_equal(told->thread, topic);
	fixture_refused(f, topic_notify_set(fixture_call(f, OWNER_KEY), id, 999, &muted), 400,
		"TOPIC_ID_INVALID");
	call = fixture_call(f, OWNER_KEY);
	assert_int_equal(topic_notify(call, id, topic)->mute_until_s, INT32_MAX);
	assert_false(topic_notify(call, id, TOPIC_GENERAL)->has_mute);
	fixture_end(f, 0);
	call = fixture_call(f, OWNER_KEY);
	notify_reset(call);
	assert_int_equal(fixture_end(f, 0), 0);
	call = fixture_call(f, OWNER_KEY);
	assert_false(topic_notify(call, id, topic)->has_mute);
	fixture_end(f, 0);
}

static void test_a_forum_may_be_seen_as_one_list(void **state)
{
	struct fixture *f = *state;
	const struct people people = channels_people(f);
	const int64_t id = channels_make_public(f, "a_name", false);
	struct channel_dialog dialog;
	const struct update *told;
	struct update_set answer;
	struct call *call;

	channels_join(f, GERMAN_KEY, id);
	fixture_refused(f, topics_view_set(fixture_call(f, GERMAN_KEY), id, true, &answer), 400,
		"CHANNEL_FORUM_MISSING");
	call = fixture_call(f, OWNER_KEY);
	assert_int_equal(fixture_end(f, channel_set_forum(call, id, true, true, &answer)), 0);
	call = fixture_call(f, GERMAN_KEY);
	assert_int_equal(fixture_end(f, topics_view_set(call, id, true, &answer)), 0);
	assert_int_equal(answer.updates->kind, UPDATE_VIEW_AS_MESSAGES);
	told = fixture_effect(f, EFFECT_ACCOUNT, people.german)->set.updates;
	assert_int_equal(told->kind, UPDATE_VIEW_AS_MESSAGES);
	assert_true(told->marked);
	call = fixture_call(f, GERMAN_KEY);
	assert_int_equal(fixture_end(f, channel_dialog(call, id, &dialog)), 0);
	assert_true(dialog.dialog.view_as_messages);
	call = fixture_call(f, OWNER_KEY);
	assert_int_equal(fixture_end(f, channel_dialog(call, id, &dialog)), 0);
	assert_false(dialog.dialog.view_as_messages);
	call = fixture_call(f, GERMAN_KEY);
	assert_int_equal(fixture_end(f, topics_view_set(call, id, false, &answer)), 0);
	call = fixture_call(f, GERMAN_KEY);
	assert_int_equal(fixture_end(f, channel_dialog(call, id, &dialog)), 0);
	assert_false(dialog.dialog.view_as_messages);
}

static void test_a_topic_has_its_own_draft(void **state)
{
	struct fixture *f = *state;
	const struct people people = channels_people(f);
	const int64_t id = channels_make_public(f, "a_name", false);
	const struct peer in = {PEER_CHANNEL, id};
	struct message draft = {.text = B("in the topic")};
	struct update_set drafts;
	const struct update *told;
	struct update_set answer;
	struct call *call;
	int32_t topic;

	call = fixture_call(f, OWNER_KEY);
	assert_int_equal(fixture_end(f, channel_set_forum(call, id, true, true, &answer)), 0);
	topic = open_topic(f, id, 7);
	draft.thread = topic;
	assert_int_equal(fixture_end(f, draft_save(fixture_call(f, OWNER_KEY), in, &draft)), 0);
	told = fixture_effect(f, EFFECT_ACCOUNT, people.owner)->set.updates;
	assert_int_equal(told->kind, UPDATE_DRAFT);
	assert_int_equal(told->thread, topic);
	call = fixture_call(f, OWNER_KEY);
	assert_null(draft_get(call, in, 0));
	assert_true(bytes_equal(topic_draft(call, id, topic)->text, B("in the topic")));
	drafts_all(call, &drafts);
	assert_int_equal(drafts.update_count, 1);
	assert_int_equal(drafts.updates->thread, topic);
	fixture_end(f, 0);
	draft.thread = 999;
	fixture_refused(
		f, draft_save(fixture_call(f, OWNER_KEY), in, &draft), 400, "MSG_ID_INVALID");
	draft.thread = topic;
	fixture_refused(f,
		draft_save(fixture_call(f, OWNER_KEY), (struct peer){PEER_USER, people.german},
			&draft),
		400, "MSG_ID_INVALID");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_no_topic_is_made_from),
		TEST(a_group_that_is_made_a_forum_begins_with_general),
		TEST(what_was_answered_before_is_in_no_topic),
		TEST(what_topics_do_not_become),
		TEST(what_admins_do_is_logged),
		TEST(where_nothing_is_written),
		TEST(hidden_is_closed_and_opened_is_shown),
		TEST(too_many_topics_are_muted),
		TEST(test_topics),
		TEST(test_a_topic_has_its_own_settings),
		TEST(test_a_forum_may_be_seen_as_one_list),
		TEST(test_a_topic_has_its_own_draft),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
