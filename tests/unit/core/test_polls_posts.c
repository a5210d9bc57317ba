/* SPDX-License-Identifier: Apache-2.0 */
/* core/messages/polls.h in channels and supergroups: who asks and votes, what everybody is told,
 * that the square learns the question and never who voted, and what becomes of a poll with its
 * post. */
#include "channels_fixture.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/messages/box.h"
#include "core/channels/channel_standing.h"
#include "core/channels/channel_stats.h"
#include "core/messages/messages.h"
#include "core/channels/move.h"
#include "core/messages/polls.h"
#include "core/messages/sources.h"
#include "store/home_post_reactions.h"

#define QUESTION "Which harbour first?"

static struct poll_option options[3];
static struct poll asked;

static struct peer peer_of(int64_t channel)
{
	return (struct peer){PEER_CHANNEL, channel};
}

/* Three options, anonymous; the test changes it. */
static void draw_up(void)
{
	static const char *const texts[] = {"Ambon", "Banda", "Ceram"};

	for (size_t i = 0; i < ARRAY_LEN(options); i++)
		options[i] =
			(struct poll_option){.text = B(texts[i]), .option = bytes_of(&"abc"[i], 1)};
	asked = (struct poll){.question = B(QUESTION), .options = options, .option_count = 3};
}

static int try_ask(struct fixture *f, uint64_t key, int64_t channel, struct message *draft)
{
	static int64_t random_id = 700;
	struct call *call = fixture_call(f, key);
	struct media *media = ARENA_NEW(&f->arena, struct media);
	struct update_set answer;

	*media = (struct media){.kind = MEDIA_POLL, .poll_view = &asked};
	draft->media = media;
	draft->random_id = ++random_id;
	return message_send(call, peer_of(channel), draft, &answer);
}

/* The id of the post. */
static int32_t ask(struct fixture *f, uint64_t key, int64_t channel)
{
	struct message draft = {0};

	assert_int_equal(fixture_end(f, try_ask(f, key, channel, &draft)), 0);
	assert_true(draft.media->poll_view->is_creator);
	return draft.id;
}

static int vote(struct fixture *f, uint64_t key, int64_t channel, int32_t id, const char *names,
	struct update_set *answer)
{
	struct call *call = fixture_call(f, key);
	struct bytes chosen[4];
	size_t count = 0;

	for (; names[count]; count++)
		chosen[count] = bytes_of(&names[count], 1);
	return poll_vote(call, peer_of(channel), id, chosen, count, answer);
}

static const struct poll *voted(
	struct fixture *f, uint64_t key, int64_t channel, int32_t id, const char *names)
{
	struct update_set answer;

	assert_int_equal(fixture_end(f, vote(f, key, channel, id, names, &answer)), 0);
	assert_int_equal(answer.updates->kind, UPDATE_POLL);
	assert_int_equal(answer.updates->max_id, id);
	assert_int_equal(answer.channels->channel->id, channel);
	return answer.updates->poll;
}

/* As it stands in the post; NULL: it is gone. */
static const struct poll *seen(struct fixture *f, uint64_t key, int64_t channel, int32_t id)
{
	struct post_list list;

	assert_int_equal(
		fixture_end(f, channel_posts_get(fixture_call(f, key), channel, &id, 1, &list)), 0);
	assert_int_equal(list.count, 1);
	assert_int_equal(list.posts->media->kind, MEDIA_POLL);
	return list.posts->media->poll_view;
}

static int64_t group_of_three(struct fixture *f)
{
	const int64_t id = channels_make(f, "Sailors", false);

	channels_name(f, id, "sailors_all");
	channels_join(f, GERMAN_KEY, id);
	channels_join(f, INDONESIAN_KEY, id);
	channels_name(f, id, "");
	return id;
}

static const struct update *told_to_all(struct fixture *f, enum update_kind kind)
{
	for (size_t i = 0; i < f->effects->count; i++)
		if (f->effects->at[i].kind == EFFECT_CHANNEL &&
			f->effects->at[i].set.updates->kind == kind)
			return f->effects->at[i].set.updates;
	return NULL;
}

static int forwarded(
	struct fixture *f, struct peer from, struct peer to, int32_t id, struct update_set *answer)
{
	static int64_t random_id = 900;
	const int64_t next = ++random_id;
	const struct forwarding forwarding = {
		.from = from, .to = to, .ids = &id, .random_ids = &next, .count = 1};

	return messages_forward(fixture_call(f, OWNER_KEY), &forwarding, answer);
}

static void members_vote_and_all_are_told(void **state)
{
	struct fixture *f = *state;
	struct people people = channels_people(f);
	const int64_t id = group_of_three(f);
	const struct update *told;
	struct update_set answer;
	const struct poll *poll;
	int32_t post;

	draw_up();
	post = ask(f, OWNER_KEY, id);
	told = told_to_all(f, UPDATE_NEW_POST);
	assert_true(told->message->media->poll_view->alike);
	assert_false(told->message->media->poll_view->is_creator);
	assert_false(seen(f, GERMAN_KEY, id, post)->is_creator);

	poll = voted(f, GERMAN_KEY, id, post, "b");
	assert_true(poll->voted && poll->counts_shown && poll->options[1].chosen);
	assert_int_equal(poll->options[1].voters, 1);
	told = told_to_all(f, UPDATE_POLL);
	assert_true(told->poll->alike);
	assert_int_equal(told->max_id, post);
	assert_int_equal(told->poll->options[1].voters, 1);
	assert_false(told->poll->voted || told->poll->options[1].chosen);
	assert_int_equal(told->poll->recent_count, 0);
	assert_int_equal(fixture_effect_count(f, EFFECT_ACCOUNT, people.german), 1);
	assert_int_equal(fixture_effect_count(f, EFFECT_ACCOUNT, people.owner), 0);

	assert_false(seen(f, OWNER_KEY, id, post)->counts_shown);
	assert_int_equal(seen(f, OWNER_KEY, id, post)->voters, 1);
	poll = voted(f, GERMAN_KEY, id, post, "");
	assert_false(poll->voted);
	assert_int_equal(poll->voters, 0);
	fixture_refused(f, vote(f, GERMAN_KEY, id, post, "ab", &answer), 400, "OPTIONS_TOO_MUCH");
	fixture_refused(f, vote(f, GERMAN_KEY, id, 1, "a", &answer), 400, "MESSAGE_ID_INVALID");

	/* Devices that were away, and who is out by then. */
	voted(f, INDONESIAN_KEY, id, post, "c");
	for (int out = 0; out < 2; out++) {
		struct box_difference difference;
		struct box_state now;
		size_t found = 0;

		assert_int_equal(
			fixture_end(f, box_state(fixture_call(f, INDONESIAN_KEY), &now)), 0);
		assert_int_equal(fixture_end(f, box_difference(fixture_call(f, INDONESIAN_KEY),
							now.pts, 0, f->now_s, &difference)),
			0);
		for (size_t i = 0; i < difference.set.update_count; i++) {
			poll = difference.set.updates[i].poll;
			if (difference.set.updates[i].kind == UPDATE_POLL)
				found++, assert_int_equal(poll->options[2].voters, out ? 0 : 1);
		}
		assert_int_equal(found, 1);
		assert_int_equal(
			fixture_end(f, channel_leave(fixture_call(f, INDONESIAN_KEY), id, &answer)),
			out ? -1 : 0);
	}
	fixture_refused(f, vote(f, INDONESIAN_KEY, id, post, "a", &answer), 400, "CHANNEL_PRIVATE");
}

static void names_of_voters_are_for_groups(void **state)
{
	struct fixture *f = *state;
	struct people people = channels_people(f);
	const int64_t group = group_of_three(f), news = channels_make(f, "News", true);
	struct message draft = {0};
	struct poll_voters voters;
	struct update_set answer;
	const struct poll *poll;
	int32_t post;

	draw_up();
	asked.public_voters = asked.multiple = true;
	fixture_refused(
		f, try_ask(f, OWNER_KEY, news, &draft), 400, "BROADCAST_PUBLIC_VOTERS_FORBIDDEN");
	draw_up();
	asked.public_voters = asked.multiple = true;
	post = ask(f, GERMAN_KEY, group);
	fixture_refused(f, forwarded(f, peer_of(group), peer_of(news), post, &answer), 400,
		"BROADCAST_PUBLIC_VOTERS_FORBIDDEN");

	poll = voted(f, INDONESIAN_KEY, group, post, "ac");
	assert_int_equal(poll->recent_count, 1);
	assert_int_equal(told_to_all(f, UPDATE_POLL)->poll->recent[0], people.indonesian);
	fixture_refused(f,
		poll_voters(fixture_call(f, GERMAN_KEY), peer_of(group), post, B("a"),
			(struct bytes){0}, 10, &voters),
		403, "POLL_VOTE_REQUIRED");
	voted(f, GERMAN_KEY, group, post, "c");
	assert_int_equal(fixture_end(f, poll_voters(fixture_call(f, GERMAN_KEY), peer_of(group),
						post, B("a"), (struct bytes){0}, 10, &voters)),
		0);
	assert_int_equal(voters.count, 1);
	assert_int_equal(voters.at->user, people.indonesian);

	assert_int_equal(
		fixture_end(f, channel_edit_admin(fixture_call(f, OWNER_KEY), group, people.owner,
				       ADMIN_ANONYMOUS, (struct bytes){0}, &answer)),
		0);
	fixture_refused(f, vote(f, OWNER_KEY, group, post, "a", &answer), 400, "PEER_ID_INVALID");
}

static char *square(struct fixture *f)
{
	return channels_dump(f->square);
}

static bool square_has(struct fixture *f, const char *text)
{
	char *dump = square(f);
	const bool has = strstr(dump, text) != NULL;

	free(dump);
	return has;
}

/* As a number of its own, or in a stored body. */
static bool square_knows(struct fixture *f, int64_t account)
{
	char *dump = square(f), digits[32], wal[512];
	uint8_t packed[8];
	bool knows;

	snprintf(digits, sizeof(digits), "%lld", (long long)account);
	knows = channels_dump_has(dump, digits);
	free(dump);
	snprintf(wal, sizeof(wal), "%s-wal", f->square);
	store_u64le(packed, (uint64_t)account);
	return knows || fixture_file_contains(f->square, packed, sizeof(packed)) ||
	       fixture_file_contains(wal, packed, sizeof(packed));
}

static void the_square_learns_the_question_and_no_voter(void **state)
{
	struct fixture *f = *state;
	struct people people = channels_people(f);
	const int64_t id = channels_make(f, "News", true);
	const struct poll *poll;
	int32_t post, later;

	draw_up();
	post = ask(f, OWNER_KEY, id);
	assert_false(fixture_files_contain(f, QUESTION, strlen(QUESTION)));
	channels_name(f, id, "harbour_news");
	assert_true(square_has(f, QUESTION "\nAmbon\nBanda\nCeram"));
	draw_up();
	later = ask(f, OWNER_KEY, id);
	/* Who is not in it votes, too. */
	poll = voted(f, GERMAN_KEY, id, post, "b");
	assert_int_equal(poll->options[1].voters, 1);
	voted(f, GERMAN_KEY, id, later, "c");
	voted(f, OWNER_KEY, id, later, "a");
	assert_false(square_knows(f, people.german));
	assert_false(square_knows(f, people.owner));

	channels_name(f, id, "");
	f->now_s += MOVE_GRACE_S + 1;
	for (bool more = true; more;)
		assert_int_equal(fixture_end(f, move_sweep(fixture_call(f, OWNER_KEY), &more)), 0);
	assert_false(square_has(f, QUESTION));
	assert_int_equal(seen(f, OWNER_KEY, id, later)->options[2].voters, 1);
	assert_int_equal(seen(f, OWNER_KEY, id, post)->voters, 1);
	channels_name(f, id, "harbour_news");
	assert_true(square_has(f, QUESTION));
	assert_true(seen(f, GERMAN_KEY, id, post)->options[1].chosen);
}

static void who_may_edit_the_post_closes(void **state)
{
	struct fixture *f = *state;
	struct channel_difference difference;
	const struct update *told;
	struct update_set answer;
	int64_t id;
	int32_t post, pts;

	channels_people(f);
	id = group_of_three(f);
	draw_up();
	asked.quiz = options[2].correct = true;
	asked.solution = B("It is on the way");
	post = ask(f, GERMAN_KEY, id);
	voted(f, INDONESIAN_KEY, id, post, "a");
	assert_false(told_to_all(f, UPDATE_POLL)->poll->options[2].correct);
	assert_int_equal(told_to_all(f, UPDATE_POLL)->poll->solution.size, 0);
	fixture_refused(
		f, vote(f, INDONESIAN_KEY, id, post, "c", &answer), 400, "REVOTE_NOT_ALLOWED");
	fixture_refused(f, poll_close(fixture_call(f, OWNER_KEY), peer_of(id), post, &answer), 403,
		"MESSAGE_AUTHOR_REQUIRED");
	pts = channels_view(f, GERMAN_KEY, id).channel->pts;
	assert_int_equal(
		fixture_end(f, poll_close(fixture_call(f, GERMAN_KEY), peer_of(id), post, &answer)),
		0);
	assert_int_equal(answer.updates->kind, UPDATE_EDIT_POST);
	assert_true(answer.updates->message->media->poll_view->closed);
	told = told_to_all(f, UPDATE_EDIT_POST);
	assert_true(told->message->media->poll_view->closed);
	assert_true(told->message->media->poll_view->options[2].correct);
	assert_false(told->message->media->poll_view->is_creator);
	fixture_refused(f, vote(f, OWNER_KEY, id, post, "c", &answer), 400, "MESSAGE_POLL_CLOSED");
	fixture_refused(f, poll_close(fixture_call(f, GERMAN_KEY), peer_of(id), post, &answer), 400,
		"MESSAGE_NOT_MODIFIED");
	assert_int_equal(fixture_end(f, channel_difference(fixture_call(f, INDONESIAN_KEY), id, pts,
						100, &difference)),
		0);
	assert_int_equal(difference.other_count, 1);
	assert_true(difference.others->message->media->poll_view->closed);
}

static void it_closes_by_itself(void **state)
{
	struct fixture *f = *state;
	int64_t id;
	int32_t post;

	channels_people(f);
	id = channels_make(f, "News", true);
	draw_up();
	asked.close_period_s = 60;
	post = ask(f, OWNER_KEY, id);
	f->now_s += 60;
	assert_false(polls_close_due(fixture_call(f, 77)));
	fixture_end(f, 0);
	assert_true(told_to_all(f, UPDATE_EDIT_POST)->message->media->poll_view->closed);
	assert_true(seen(f, OWNER_KEY, id, post)->closed);
	assert_false(polls_close_due(fixture_call(f, 77)));
	assert_int_equal(f->effects->count, 0);
	fixture_end(f, 0);
}

static bool home_has(struct fixture *f, const char *row)
{
	char *dump = channels_dump(f->home);
	const bool has = strstr(dump, row) != NULL;

	free(dump);
	return has;
}

static void purge(struct fixture *f)
{
	while (home_remains_purge(call_home(fixture_call(f, 77)), 1))
		fixture_end(f, 0);
	fixture_end(f, 0);
}

static void delete(struct fixture *f, int64_t channel, int32_t post)
{
	int32_t pts, count;

	assert_int_equal(fixture_end(f, channel_posts_delete(fixture_call(f, OWNER_KEY), channel,
						&post, 1, &pts, &count)),
		0);
	assert_int_equal(count, 1);
	purge(f);
}

static void it_goes_with_its_post_unless_others_have_it(void **state)
{
	struct fixture *f = *state;
	const int64_t owner = channels_people(f).owner, id = channels_make(f, "News", true);
	const struct peer saved = {PEER_USER, owner};
	struct update_set answer;
	struct message_list list;
	int32_t first, second, copy;

	draw_up();
	first = ask(f, OWNER_KEY, id);
	draw_up();
	second = ask(f, OWNER_KEY, id);
	voted(f, OWNER_KEY, id, first, "a");
	voted(f, OWNER_KEY, id, second, "b");
	assert_int_equal(fixture_end(f, forwarded(f, peer_of(id), saved, second, &answer)), 0);
	copy = answer.updates[0].max_id;
	delete (f, id, first);
	delete (f, id, second);
	assert_int_equal(
		fixture_end(f, messages_get(fixture_call(f, OWNER_KEY), &copy, 1, &list)), 0);
	assert_true(list.at->media->poll_view->options[1].chosen);
	assert_int_equal(list.at->media->poll_view->options[1].voters, 1);
	{
		char *dump = channels_dump(f->home), *at = strstr(dump, "\npolls|");

		assert_non_null(at);
		assert_null(strstr(at + 1, "\npolls|"));
		free(dump);
	}
	/* It can be voted in where it is. */
	{
		struct bytes none = {0};

		assert_int_equal(fixture_end(f, poll_vote(fixture_call(f, OWNER_KEY), saved, copy,
							&none, 0, &answer)),
			0);
		assert_int_equal(answer.updates->poll->voters, 0);
	}
	assert_int_equal(
		fixture_end(f, channel_delete(fixture_call(f, OWNER_KEY), id, &answer)), 0);
	purge(f);
	assert_false(home_has(f, "\npolls|"));
	assert_false(home_has(f, "\npoll_votes|"));
	assert_false(home_has(f, "\nchannel_salts|"));
	assert_int_equal(
		fixture_end(f, messages_get(fixture_call(f, OWNER_KEY), &copy, 1, &list)), 0);
	assert_null(list.at->media->poll_view);
}

static void a_poll_of_a_chat_goes_on_in_a_channel(void **state)
{
	struct fixture *f = *state;
	struct people people = channels_people(f);
	const int64_t id = channels_make(f, "News", true);
	const struct peer saved = {PEER_USER, people.owner};
	struct media media = {.kind = MEDIA_POLL, .poll_view = &asked};
	struct message draft = {.media = &media, .random_id = 4};
	struct update_set answer;
	int32_t post;

	channels_name(f, id, "harbour_news");
	draw_up();
	assert_int_equal(
		fixture_end(f, message_send(fixture_call(f, OWNER_KEY), saved, &draft, &answer)),
		0);
	assert_int_equal(
		fixture_end(f, forwarded(f, saved, peer_of(id), answer.updates[0].max_id, &answer)),
		0);
	post = answer.updates[0].max_id;
	assert_true(square_has(f, QUESTION));
	voted(f, GERMAN_KEY, id, post, "a");
	assert_false(square_knows(f, people.owner));
	assert_false(square_knows(f, people.german));
	assert_int_equal(seen(f, OWNER_KEY, id, post)->voters, 1);
	fixture_refused(f, poll_close(fixture_call(f, OWNER_KEY), peer_of(id), post, &answer), 403,
		"MESSAGE_AUTHOR_REQUIRED");
}

static struct post_stats stats_of(struct fixture *f, int64_t channel, int32_t post)
{
	struct post_stats stats;

	assert_int_equal(
		fixture_end(f, poll_stats(fixture_call(f, OWNER_KEY), channel, post, &stats)), 0);
	return stats;
}

static void admins_see_votes_by_the_day(void **state)
{
	struct fixture *f = *state;
	struct post_stats stats;
	int32_t id, plain;
	int64_t channel;

	channels_people(f);
	channel = group_of_three(f);
	draw_up();
	id = ask(f, OWNER_KEY, channel);
	plain = channels_post(f, OWNER_KEY, channel, "no poll");
	fixture_refused(f, poll_stats(fixture_call(f, OWNER_KEY), channel, id, &stats), 400,
		"CHAT_ADMIN_REQUIRED");
	assert_false(seen(f, OWNER_KEY, channel, id)->stats_shown);
	home_member_counts_add(store_home(&f->store), channel, STATS_MEMBERS_MIN);
	assert_int_equal(store_commit(&f->store), 0);
	assert_true(seen(f, OWNER_KEY, channel, id)->stats_shown);
	assert_false(seen(f, GERMAN_KEY, channel, id)->stats_shown);
	assert_int_equal(stats_of(f, channel, id).count, 0);

	voted(f, OWNER_KEY, channel, id, "a");
	voted(f, GERMAN_KEY, channel, id, "a");
	f->now_s += 86400;
	assert_true(voted(f, OWNER_KEY, channel, id, "b")->stats_shown);
	f->now_s += 86400;
	voted(f, INDONESIAN_KEY, channel, id, "c");
	stats = stats_of(f, channel, id);
	assert_int_equal(stats.count, 3);
	assert_int_equal(stats.days[0].votes, 1);
	assert_int_equal(stats.days[1].votes, 1);
	assert_int_equal(stats.days[2].votes, 1);
	voted(f, INDONESIAN_KEY, channel, id, "");
	assert_int_equal(stats_of(f, channel, id).days[2].votes, 0);
	fixture_refused(f, poll_stats(fixture_call(f, OWNER_KEY), channel, plain, &stats), 400,
		"MESSAGE_ID_INVALID");
	fixture_refused(f, poll_stats(fixture_call(f, GERMAN_KEY), channel, id, &stats), 400,
		"CHAT_ADMIN_REQUIRED");
}

#define T(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(admins_see_votes_by_the_day),
		T(members_vote_and_all_are_told),
		T(names_of_voters_are_for_groups),
		T(the_square_learns_the_question_and_no_voter),
		T(who_may_edit_the_post_closes),
		T(it_closes_by_itself),
		T(it_goes_with_its_post_unless_others_have_it),
		T(a_poll_of_a_chat_goes_on_in_a_channel),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
