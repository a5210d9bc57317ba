/* SPDX-License-Identifier: Apache-2.0 */
/* core/messages/polls.h: who may ask what, vote how, and see which results. */
#include "messages_fixture.h"

#include <stdio.h>

#include "core/messages/box.h"
#include "core/messages/poll_body.h"
#include "core/messages/polls.h"
#include "store/home_users.h"

static struct poll_option options[13];
static struct poll asked;

/* Two options, anonymous; the test changes it. */
static struct media *media_of(struct fixture *f)
{
	struct media *media = ARENA_NEW(&f->arena, struct media);

	for (size_t i = 0; i < ARRAY_LEN(options); i++) {
		options[i] = (struct poll_option){
			.text = B("answer"), .option = bytes_of(&"0123456789abc"[i], 1)};
	}
	asked = (struct poll){
		.question = B("Tea or coffee?"), .options = options, .option_count = 2};
	*media = (struct media){.kind = MEDIA_POLL, .poll_view = &asked};
	return media;
}

static int try_send(struct fixture *f, struct call *call, struct media *media, struct update_set *a)
{
	static int64_t random_id = 500;
	struct message draft = {.text = B("poll"), .media = media, .random_id = ++random_id};

	return message_send(call, user_peer(budi), &draft, a);
}

#define REFUSED_POLL(f, fault, change)                                                             \
	do {                                                                                       \
		struct call *call = fixture_call(f, ANNA);                                         \
		struct media *media = media_of(f);                                                 \
		struct update_set answer;                                                          \
                                                                                                   \
		change;                                                                            \
		fixture_refused(f, try_send(f, call, media, &answer), 400, fault);                 \
	} while (0)

static void test_what_can_not_be_asked(void **state)
{
	struct fixture *f = *state;
	static char large[400];

	memset(large, 'x', sizeof(large));
	REFUSED_POLL(f, "POLL_QUESTION_INVALID", asked.question = B("  "));
	REFUSED_POLL(f, "POLL_QUESTION_INVALID", asked.question = bytes_of(large, 256));
	REFUSED_POLL(f, "POLL_ANSWERS_INVALID", asked.option_count = 1);
	REFUSED_POLL(f, "POLL_ANSWERS_INVALID", asked.option_count = 13);
	REFUSED_POLL(f, "POLL_ANSWER_INVALID", options[1].text = B(""));
	REFUSED_POLL(f, "POLL_ANSWER_INVALID", options[1].text = bytes_of(large, 101));
	REFUSED_POLL(f, "POLL_OPTION_INVALID", options[1].option = B(""));
	REFUSED_POLL(f, "POLL_OPTION_INVALID", options[1].option = bytes_of(large, 101));
	REFUSED_POLL(f, "POLL_OPTION_DUPLICATE", options[1].option = options[0].option);
	REFUSED_POLL(f, "QUIZ_CORRECT_ANSWERS_EMPTY", asked.quiz = true);
	REFUSED_POLL(f, "QUIZ_CORRECT_ANSWERS_TOO_MUCH",
		asked.quiz = options[0].correct = options[1].correct = true);
	REFUSED_POLL(f, "QUIZ_MULTIPLE_INVALID", asked.quiz = asked.multiple = true);
	REFUSED_POLL(f, "MEDIA_INVALID", options[0].correct = true);
	REFUSED_POLL(f, "MEDIA_INVALID", asked.closed = true);
	REFUSED_POLL(f, "MEDIA_INVALID", asked.close_period_s = POLL_PERIOD_MIN_S - 1);
	REFUSED_POLL(f, "MEDIA_INVALID", asked.close_period_s = POLL_PERIOD_MAX_S + 1);
	REFUSED_POLL(f, "MEDIA_INVALID", asked.close_date_s = f->now_s);
}

/* Ids of the message at Anna and at Budi. */
struct sent {
	int32_t anna, budi;
};

static struct sent sent_poll(struct fixture *f, struct call *call, struct media *media)
{
	struct update_set answer;
	struct sent sent;

	assert_int_equal(fixture_end(f, try_send(f, call, media, &answer)), 0);
	sent.anna = answer.updates[0].max_id;
	assert_true(answer.updates[1].message->media->poll_view->is_creator);
	sent.budi = fixture_effect(f, EFFECT_ACCOUNT, budi)->set.updates->message->id;
	assert_false(fixture_effect(f, EFFECT_ACCOUNT, budi)
			->set.updates->message->media->poll_view->is_creator);
	return sent;
}

static int vote(
	struct fixture *f, uint64_t key, int32_t id, const char *names, struct update_set *answer)
{
	struct call *call = fixture_call(f, key);
	struct bytes chosen[16];
	size_t count = 0;

	for (; names[count]; count++)
		chosen[count] = bytes_of(&names[count], 1);
	return poll_vote(call, user_peer(key == ANNA ? budi : anna), id, chosen, count, answer);
}

static const struct poll *voted(struct fixture *f, uint64_t key, int32_t id, const char *names)
{
	struct update_set answer;

	assert_int_equal(fixture_end(f, vote(f, key, id, names, &answer)), 0);
	assert_int_equal(answer.update_count, 1);
	assert_int_equal(answer.updates->kind, UPDATE_POLL);
	return answer.updates->poll;
}

static void test_counts_are_for_those_who_voted(void **state)
{
	struct fixture *f = *state;
	struct call *call = fixture_call(f, ANNA);
	struct sent sent = sent_poll(f, call, media_of(f));
	const struct poll *mine = voted(f, BUDI, sent.budi, "1"), *hers;
	const struct effect *told = fixture_effect(f, EFFECT_ACCOUNT, anna);

	assert_true(mine->voted && mine->counts_shown && mine->options[1].chosen);
	assert_int_equal(mine->options[1].voters, 1);
	assert_int_equal(mine->voters, 1);
	assert_int_equal(mine->recent_count, 0); /* anonymous */
	hers = told->set.updates->poll;
	assert_int_equal(told->set.updates->max_id, sent.anna);
	assert_false(hers->voted || hers->counts_shown || hers->options[1].chosen);
	assert_int_equal(hers->options[1].voters, 0);
	assert_int_equal(hers->voters, 1);

	mine = voted(f, BUDI, sent.budi, "0"); /* another choice */
	assert_int_equal(mine->options[0].voters, 1);
	assert_int_equal(mine->options[1].voters, 0);
	mine = voted(f, BUDI, sent.budi, ""); /* none */
	assert_int_equal(mine->voters, 0);
	assert_false(mine->voted);
}

static void test_what_can_not_be_voted(void **state)
{
	struct fixture *f = *state;
	struct call *call = fixture_call(f, ANNA);
	struct sent sent = sent_poll(f, call, media_of(f));
	struct media *quiz;
	struct update_set answer;

	fixture_refused(f, vote(f, BUDI, sent.budi, "01", &answer), 400, "OPTIONS_TOO_MUCH");
	fixture_refused(f, vote(f, BUDI, sent.budi, "9", &answer), 400, "OPTION_INVALID");
	fixture_refused(f, vote(f, BUDI, 99999, "0", &answer), 400, "MESSAGE_ID_INVALID");
	call = fixture_call(f, BUDI);
	fixture_refused(f,
		poll_vote(call, (struct peer){PEER_CHANNEL, 1}, sent.budi, NULL, 0, &answer), 400,
		"CHANNEL_PRIVATE");
	fixture_refused(f,
		poll_vote(fixture_call(f, BUDI), (struct peer){0}, sent.budi, NULL, 0, &answer),
		400, "PEER_ID_INVALID");

	call = fixture_call(f, ANNA);
	quiz = media_of(f);
	asked.quiz = options[1].correct = true;
	asked.solution = B("It is tea");
	sent = sent_poll(f, call, quiz);
	voted(f, BUDI, sent.budi, "0");
	fixture_refused(f, vote(f, BUDI, sent.budi, "1", &answer), 400, "REVOTE_NOT_ALLOWED");
	fixture_refused(f, vote(f, BUDI, sent.budi, "", &answer), 400, "REVOTE_NOT_ALLOWED");
}

static const struct poll *looked_at(struct fixture *f, uint64_t key, int32_t id)
{
	struct call *call = fixture_call(f, key);
	struct update_set answer;

	assert_int_equal(fixture_end(f, poll_results(call, user_peer(key == ANNA ? budi : anna), id,
						&answer)),
		0);
	return answer.updates->poll;
}

static void test_a_quiz_keeps_its_answer_until_the_vote(void **state)
{
	struct fixture *f = *state;
	struct call *call = fixture_call(f, ANNA);
	struct media *quiz = media_of(f);
	const struct poll *poll;
	struct sent sent;

	asked.quiz = options[1].correct = true;
	asked.solution = B("It is tea");
	sent = sent_poll(f, call, quiz);
	for (uint64_t key = ANNA; key <= BUDI; key++) {
		poll = looked_at(f, key, key == ANNA ? sent.anna : sent.budi);
		assert_false(poll->options[1].correct);
		assert_int_equal(poll->solution.size, 0);
	}
	poll = voted(f, BUDI, sent.budi, "0");
	assert_true(poll->options[1].correct);
	assert_true(bytes_equal_str(poll->solution, "It is tea"));
}

static void test_public_votes_are_listed(void **state)
{
	struct fixture *f = *state;
	struct call *call = fixture_call(f, ANNA);
	struct media *media = media_of(f);
	struct poll_voters voters;
	struct sent sent;

	asked.public_voters = asked.multiple = true;
	sent = sent_poll(f, call, media);
	voted(f, BUDI, sent.budi, "01");
	call = fixture_call(f, ANNA);
	fixture_refused(f,
		poll_voters(call, user_peer(budi), sent.anna, (struct bytes){0}, (struct bytes){0},
			10, &voters),
		403, "POLL_VOTE_REQUIRED");
	f->now_s++;
	assert_int_equal(voted(f, ANNA, sent.anna, "1")->recent_count, 2);

	call = fixture_call(f, ANNA);
	assert_int_equal(fixture_end(f, poll_voters(call, user_peer(budi), sent.anna, B("1"),
						(struct bytes){0}, 1, &voters)),
		0);
	assert_int_equal(voters.total, 2);
	assert_int_equal(voters.count, 1);
	assert_int_equal(voters.at[0].user, anna);
	assert_true(voters.next.size > 0);
	voters.next = arena_bytes(&f->arena, voters.next);
	{
		char next[64];

		snprintf(next, sizeof(next), "%.*s", (int)voters.next.size, voters.next.data);
		call = fixture_call(f, ANNA);
		assert_int_equal(fixture_end(f, poll_voters(call, user_peer(budi), sent.anna,
							B("1"), B(next), 1, &voters)),
			0);
	}
	assert_int_equal(voters.count, 1);
	assert_int_equal(voters.at[0].user, budi);
	assert_int_equal(voters.at[0].option_count, 2);
	assert_null(voters.next.data);

	call = fixture_call(f, ANNA);
	assert_int_equal(fixture_end(f, poll_voters(call, user_peer(budi), sent.anna, B("0"),
						(struct bytes){0}, 10, &voters)),
		0);
	assert_int_equal(voters.count, 1);
	call = fixture_call(f, ANNA);
	fixture_refused(f,
		poll_voters(
			call, user_peer(budi), sent.anna, B("z"), (struct bytes){0}, 1, &voters),
		400, "OPTION_INVALID");
	call = fixture_call(f, ANNA);
	fixture_refused(f,
		poll_voters(call, user_peer(budi), sent.anna, B("1"), B("17"), 1, &voters), 400,
		"OFFSET_INVALID");
}

static void test_anonymous_votes_are_nobodys_business(void **state)
{
	struct fixture *f = *state;
	struct call *call = fixture_call(f, ANNA);
	struct sent sent = sent_poll(f, call, media_of(f));
	struct poll_voters voters;

	voted(f, ANNA, sent.anna, "1");
	call = fixture_call(f, ANNA);
	fixture_refused(f,
		poll_voters(call, user_peer(budi), sent.anna, (struct bytes){0}, (struct bytes){0},
			10, &voters),
		403, "BROADCAST_FORBIDDEN");
}

static void test_its_maker_closes_it(void **state)
{
	struct fixture *f = *state;
	struct call *call = fixture_call(f, ANNA);
	struct sent sent = sent_poll(f, call, media_of(f));
	const struct effect *told;
	struct update_set answer;

	call = fixture_call(f, BUDI);
	fixture_refused(f, poll_close(call, user_peer(anna), sent.budi, &answer), 403,
		"MESSAGE_AUTHOR_REQUIRED");
	call = fixture_call(f, ANNA);
	assert_int_equal(fixture_end(f, poll_close(call, user_peer(budi), sent.anna, &answer)), 0);
	assert_true(answer.updates->poll->closed && answer.updates->poll->counts_shown);
	told = fixture_effect(f, EFFECT_ACCOUNT, budi);
	assert_true(told->set.updates->poll->closed);
	call = fixture_call(f, ANNA);
	fixture_refused(f, poll_close(call, user_peer(budi), sent.anna, &answer), 400,
		"MESSAGE_NOT_MODIFIED");
	fixture_refused(f, vote(f, BUDI, sent.budi, "0", &answer), 400, "MESSAGE_POLL_CLOSED");
}

static void test_it_closes_by_itself(void **state)
{
	struct fixture *f = *state;
	struct call *call = fixture_call(f, ANNA);
	struct media *media = media_of(f);
	struct update_set answer;
	struct sent sent;

	asked.close_period_s = 60;
	sent = sent_poll(f, call, media);
	assert_int_equal(looked_at(f, BUDI, sent.budi)->close_date_s, f->now_s + 60);
	f->now_s += 59;
	call = fixture_call(f, 77);
	assert_false(polls_close_due(call));
	fixture_end(f, 0);
	assert_false(looked_at(f, BUDI, sent.budi)->closed);
	f->now_s++;
	fixture_refused(f, vote(f, BUDI, sent.budi, "0", &answer), 400, "MESSAGE_POLL_CLOSED");
	call = fixture_call(f, 77);
	assert_false(polls_close_due(call));
	fixture_end(f, 0);
	assert_true(fixture_effect(f, EFFECT_ACCOUNT, anna)->set.updates->poll->closed);
	assert_true(fixture_effect(f, EFFECT_ACCOUNT, budi)->set.updates->poll->closed);
	call = fixture_call(f, 77);
	polls_close_due(call);
	assert_int_equal(f->effects->count, 0);
	fixture_end(f, 0);
}

static void test_hidden_results_wait_for_the_end(void **state)
{
	struct fixture *f = *state;
	struct call *call = fixture_call(f, ANNA);
	struct media *media = media_of(f);
	struct update_set answer;
	const struct poll *poll;
	struct sent sent;

	asked.hidden = asked.public_voters = asked.final = true;
	sent = sent_poll(f, call, media);
	poll = voted(f, BUDI, sent.budi, "1");
	assert_true(poll->options[1].chosen);
	assert_false(poll->counts_shown);
	assert_int_equal(poll->options[1].voters + (int)poll->recent_count, 0);
	fixture_refused(f, vote(f, BUDI, sent.budi, "", &answer), 400, "REVOTE_NOT_ALLOWED");
	assert_int_equal(looked_at(f, ANNA, sent.anna)->options[1].voters, 1); /* the maker */
}

static void test_devices_that_were_away_hear_of_votes(void **state)
{
	struct fixture *f = *state;
	struct call *call = fixture_call(f, ANNA);
	struct sent sent = sent_poll(f, call, media_of(f));
	struct box_difference difference;
	struct box_state now;
	size_t found = 0;

	voted(f, BUDI, sent.budi, "1");
	assert_int_equal(fixture_end(f, box_state(fixture_call(f, ANNA), &now)), 0);
	call = fixture_call(f, ANNA);
	assert_int_equal(
		fixture_end(f, box_difference(call, now.pts, 0, f->now_s, &difference)), 0);
	for (size_t i = 0; i < difference.set.update_count; i++) {
		if (difference.set.updates[i].kind == UPDATE_POLL)
			found++, assert_int_equal(difference.set.updates[i].poll->voters, 1);
	}
	assert_int_equal(found, 1);
}

static void test_it_dies_with_its_maker(void **state)
{
	struct fixture *f = *state;
	struct call *call = fixture_call(f, ANNA);
	struct sent sent = sent_poll(f, call, media_of(f));
	struct message_list list;
	struct update_set answer;

	assert_false(fixture_files_contain(f, "Tea or coffee", 13));
	call = fixture_call(f, ANNA);
	db_run(call_home(call), "UPDATE users SET salt = NULL WHERE id = ?1", DB_INT(anna));
	fixture_end(f, 0);
	call = fixture_call(f, BUDI);
	assert_int_equal(fixture_end(f, messages_get(call, &sent.budi, 1, &list)), 0);
	assert_int_equal(list.at[0].media->kind, MEDIA_POLL);
	assert_null(list.at[0].media->poll_view);
	fixture_refused(f, vote(f, BUDI, sent.budi, "0", &answer), 400, "MESSAGE_ID_INVALID");
}

/* Whatever is stored: read, or refused; never out of bounds. */
static void test_damaged_bodies_are_refused(void **state)
{
	struct fixture *f = *state;
	struct call *call = fixture_call(f, ANNA);
	struct poll poll = {.question = B("q"), .options = options, .option_count = 2};
	struct bytes body, tally;
	uint8_t *damaged;
	struct poll out;

	media_of(f);
	body = poll_body_encode(call->arena, &poll);
	tally = poll_tally_encode(call->arena, &poll);
	for (size_t size = 0; size < body.size; size++) {
		out = (struct poll){0};
		assert_int_equal(
			poll_body_decode(call->arena, bytes_of(body.data, size), &out), -1);
	}
	for (size_t bit = 0; bit < body.size * 8; bit++) {
		damaged = arena_array(call->arena, body.size, 1);
		memcpy(damaged, body.data, body.size);
		damaged[bit / 8] ^= (uint8_t)(1u << bit % 8);
		out = (struct poll){0};
		if (poll_body_decode(call->arena, bytes_of(damaged, body.size), &out) == 0)
			assert_true(out.option_count <= POLL_OPTIONS_MAX);
	}
	for (size_t size = 0; size < tally.size; size++) {
		out = poll;
		assert_int_equal(
			poll_tally_decode(call->arena, bytes_of(tally.data, size), &out), -1);
	}
	fixture_end(f, 0);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, messages_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_what_can_not_be_asked),
		TEST(test_counts_are_for_those_who_voted),
		TEST(test_what_can_not_be_voted),
		TEST(test_a_quiz_keeps_its_answer_until_the_vote),
		TEST(test_public_votes_are_listed),
		TEST(test_anonymous_votes_are_nobodys_business),
		TEST(test_its_maker_closes_it),
		TEST(test_it_closes_by_itself),
		TEST(test_hidden_results_wait_for_the_end),
		TEST(test_devices_that_were_away_hear_of_votes),
		TEST(test_it_dies_with_its_maker),
		TEST(test_damaged_bodies_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
