/* SPDX-License-Identifier: Apache-2.0 */
/* core/messages/scheduled.h in channels: one queue for all who may post there, and who wrote what,
 * and in whose name, outlives the waiting. */
#include "channels_fixture.h"

#include <stdlib.h>

#include "core/channels/channel_standing.h"
#include "core/channels/channel_toggles.h"
#include "core/messages/scheduled.h"
#include "store/home_post_reactions.h"

static struct update_set answer;

static struct peer here(int64_t channel)
{
	return (struct peer){PEER_CHANNEL, channel};
}

static void make_admin(struct fixture *f, int64_t channel, int64_t account, uint32_t rights)
{
	assert_int_equal(fixture_end(f, channel_edit_admin(fixture_call(f, OWNER_KEY), channel,
						account, rights, (struct bytes){0}, &answer)),
		0);
}

/* A public channel where the German posts, too, and the Indonesian reads. */
static int64_t newsroom(struct fixture *f, struct people people)
{
	const int64_t id = channels_make(f, "Newsroom", true);

	channels_name(f, id, "newsroom_one");
	channels_join(f, GERMAN_KEY, id);
	channels_join(f, INDONESIAN_KEY, id);
	make_admin(f, id, people.german, ADMIN_POST);
	return id;
}

static int32_t later(struct fixture *f, uint64_t key, int64_t channel, const char *text)
{
	static int64_t random_id = 40;
	struct message draft = {
		.text = B(text), .random_id = ++random_id, .date_s = f->now_s + 3600};

	assert_int_equal(
		fixture_end(f, message_send(fixture_call(f, key), here(channel), &draft, &answer)),
		0);
	assert_int_equal(answer.updates[1].kind, UPDATE_NEW_SCHEDULED);
	return answer.updates[1].message->id;
}

static size_t waiting(struct fixture *f, uint64_t key, int64_t channel, struct message_list *list)
{
	assert_int_equal(
		fixture_end(f, scheduled_list(fixture_call(f, key), here(channel), list)), 0);
	return list->count;
}

static int64_t author_of(struct fixture *f, int64_t channel, int32_t post)
{
	int64_t author = 0;

	assert_int_equal(fixture_end(f, channel_post_author(fixture_call(f, OWNER_KEY), channel,
						post, &author)),
		0);
	return author;
}

static void send_due(struct fixture *f)
{
	f->now_s += 3600;
	assert_false(scheduled_send_due(fixture_call(f, 77)));
}

static void who_may_post_has_the_same_queue(void **state)
{
	struct fixture *f = *state;
	struct people people = channels_people(f);
	const int64_t id = newsroom(f, people);
	struct message draft = {.text = B("corrected")};
	struct message_list list;
	const struct effect *told;
	int32_t top;

	draft.id = later(f, GERMAN_KEY, id, "to be corrected");
	told = fixture_effect(f, EFFECT_ACCOUNT, people.owner);
	assert_int_equal(told->set.updates->kind, UPDATE_NEW_SCHEDULED);
	assert_int_equal(told->set.updates->message->id, draft.id);
	assert_null(fixture_effect(f, EFFECT_ACCOUNT, people.indonesian));
	assert_int_equal(waiting(f, OWNER_KEY, id, &list), 1);
	assert_true(list.at->post && bytes_equal_str(list.at->text, "to be corrected"));
	fixture_refused(f, scheduled_list(fixture_call(f, INDONESIAN_KEY), here(id), &list), 400,
		"CHAT_ADMIN_REQUIRED");
	/* Numbers are the channel's: the owner's next is another. */
	assert_int_not_equal(later(f, OWNER_KEY, id, "second"), draft.id);

	assert_int_equal(fixture_end(f, scheduled_edit(fixture_call(f, OWNER_KEY), here(id), &draft,
						&answer)),
		0);
	assert_true(bytes_equal_str(
		fixture_effect(f, EFFECT_ACCOUNT, people.german)->set.updates->message->text,
		"corrected"));
	send_due(f);
	told = fixture_effect(f, EFFECT_ACCOUNT, people.owner);
	assert_int_equal(told->set.updates->kind, UPDATE_DELETE_SCHEDULED);
	fixture_end(f, 0);
	assert_int_equal(waiting(f, GERMAN_KEY, id, &list), 0);
	top = channels_view(f, OWNER_KEY, id).channel->top_id;
	assert_string_equal(channels_read(f, OWNER_KEY, id, top - 1), "corrected");
	assert_int_equal(author_of(f, id, top - 1), people.german);
	assert_int_equal(author_of(f, id, top), people.owner);
}

static void another_admin_may_say_when_it_is_time(void **state)
{
	struct fixture *f = *state;
	struct people people = channels_people(f);
	const int64_t id = newsroom(f, people);
	int32_t ids[2] = {later(f, GERMAN_KEY, id, "now"), later(f, OWNER_KEY, id, "mine")};
	struct message_list list;

	assert_int_equal(fixture_end(f, scheduled_send(fixture_call(f, OWNER_KEY), here(id), ids, 2,
						&answer)),
		0);
	assert_int_equal(answer.update_count, 2);
	assert_int_equal(answer.updates[0].kind, UPDATE_DELETE_SCHEDULED);
	assert_int_equal(answer.updates[1].kind, UPDATE_NEW_POST);
	assert_true(bytes_equal_str(answer.updates[1].message->text, "mine"));
	memcpy(ids, answer.updates[0].sent_ids, sizeof(ids));
	assert_int_equal(author_of(f, id, ids[0]), people.german);
	assert_int_equal(author_of(f, id, ids[1]), people.owner);

	ids[0] = later(f, OWNER_KEY, id, "never");
	assert_int_equal(fixture_end(f, scheduled_delete(fixture_call(f, GERMAN_KEY), here(id), ids,
						1, &answer)),
		0);
	assert_int_equal(fixture_effect(f, EFFECT_ACCOUNT, people.owner)->set.updates->kind,
		UPDATE_DELETE_SCHEDULED);
	assert_int_equal(waiting(f, OWNER_KEY, id, &list), 0);
}

static void who_may_not_post_by_then_says_nothing(void **state)
{
	struct fixture *f = *state;
	struct people people = channels_people(f);
	const int64_t id = newsroom(f, people);
	struct message_list list;
	int32_t top;
	char *dump;

	later(f, GERMAN_KEY, id, "too late");
	make_admin(f, id, people.german, 0);
	fixture_refused(f, scheduled_list(fixture_call(f, GERMAN_KEY), here(id), &list), 400,
		"CHAT_ADMIN_REQUIRED");
	top = channels_view(f, OWNER_KEY, id).channel->top_id;
	send_due(f);
	fixture_end(f, 0);
	assert_int_equal(waiting(f, OWNER_KEY, id, &list), 0);
	assert_int_equal(channels_view(f, OWNER_KEY, id).channel->top_id, top);

	later(f, OWNER_KEY, id, "goes with the channel");
	assert_int_equal(
		fixture_end(f, channel_delete(fixture_call(f, OWNER_KEY), id, &answer)), 0);
	while (home_remains_purge(call_home(fixture_call(f, 77)), 100))
		fixture_end(f, 0);
	fixture_end(f, 0);
	dump = channels_dump(f->home);
	assert_null(strstr(dump, "\nscheduled|"));
	free(dump);
}

static void it_comes_in_the_name_that_was_chosen(void **state)
{
	struct fixture *f = *state;
	const int64_t owner = channels_people(f).owner;
	const int64_t news = channels_make(f, "News", true), id = channels_make(f, "Group", false);
	struct message draft = {.text = B("as the news"), .random_id = 9, .from = here(news)};
	struct message_list list;
	struct post_list posts;
	int32_t top;

	channels_name(f, news, "newsroom_one");
	channels_name(f, id, "group_of_one");
	draft.date_s = f->now_s + 3600;
	assert_int_equal(
		fixture_end(f, message_send(fixture_call(f, OWNER_KEY), here(id), &draft, &answer)),
		0);
	assert_int_equal(waiting(f, OWNER_KEY, id, &list), 1);
	assert_int_equal(list.at->from.kind, PEER_CHANNEL);
	assert_int_equal(list.at->from.id, news);
	send_due(f);
	fixture_end(f, 0);
	top = channels_view(f, OWNER_KEY, id).channel->top_id;
	assert_int_equal(
		fixture_end(f, channel_posts_get(fixture_call(f, OWNER_KEY), id, &top, 1, &posts)),
		0);
	assert_int_equal(posts.posts->from.kind, PEER_CHANNEL);
	assert_int_equal(posts.posts->from.id, news);
	assert_int_equal(posts.posts->author, owner);
}

static struct message newest(struct fixture *f, int64_t channel)
{
	const int32_t top = channels_view(f, OWNER_KEY, channel).channel->top_id;
	struct post_list posts;

	assert_int_equal(fixture_end(f, channel_posts_get(fixture_call(f, OWNER_KEY), channel, &top,
						1, &posts)),
		0);
	return posts.posts[0];
}

/* Who became anonymous meanwhile is not shown, and who is no longer does not show himself. */
static void who_is_anonymous_by_then_stays_so(void **state)
{
	struct fixture *f = *state;
	struct people people = channels_people(f);
	const int64_t id = channels_make(f, "Group", false);
	struct message_list list;

	channels_name(f, id, "group_of_one");
	channels_join(f, GERMAN_KEY, id);
	make_admin(f, id, people.german, ADMIN_PIN);
	later(f, GERMAN_KEY, id, "as myself");
	make_admin(f, id, people.german, ADMIN_PIN | ADMIN_ANONYMOUS);
	send_due(f);
	fixture_end(f, 0);
	assert_true(bytes_equal_str(newest(f, id).text, "as myself"));
	assert_int_equal(newest(f, id).from.kind, PEER_CHANNEL);
	assert_int_equal(newest(f, id).from.id, id);
	assert_int_equal(newest(f, id).author, people.german);

	later(f, GERMAN_KEY, id, "as the group");
	make_admin(f, id, people.german, ADMIN_PIN);
	send_due(f);
	fixture_end(f, 0);
	assert_int_equal(waiting(f, GERMAN_KEY, id, &list), 0);
	assert_true(bytes_equal_str(newest(f, id).text, "as myself"));
}

/* There is nothing to choose any more, and it is what all posts come as. */
static void the_channels_own_name_is_always_there(void **state)
{
	struct fixture *f = *state;
	const int64_t id = newsroom(f, channels_people(f));
	struct message draft = {.text = B("unsigned"), .random_id = 9, .from = here(id)};

	for (int on = 1; on >= 0; on--) {
		assert_int_equal(fixture_end(f, channel_set_signatures(fixture_call(f, OWNER_KEY),
							id, true, on, &answer)),
			0);
		if (!on)
			break;
		draft.date_s = f->now_s + 3600;
		assert_int_equal(fixture_end(f, message_send(fixture_call(f, GERMAN_KEY), here(id),
							&draft, &answer)),
			0);
	}
	send_due(f);
	fixture_end(f, 0);
	assert_true(bytes_equal_str(newest(f, id).text, "unsigned"));
	assert_int_equal(newest(f, id).signature.size, 0);
	assert_int_equal(newest(f, id).from.kind, PEER_NONE);
}

#define T(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(who_may_post_has_the_same_queue),
		T(another_admin_may_say_when_it_is_time),
		T(who_may_not_post_by_then_says_nothing),
		T(it_comes_in_the_name_that_was_chosen),
		T(who_is_anonymous_by_then_stays_so),
		T(the_channels_own_name_is_always_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
