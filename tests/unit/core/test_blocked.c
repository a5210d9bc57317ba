/* SPDX-License-Identifier: Apache-2.0 */
/* What who was blocked, or is out of a group, can't do to the others' boxes and polls. */
#include "messages_fixture.h"

#include "core/accounts/blocks.h"
#include "core/chats/chats.h"
#include "core/messages/polls.h"

static void block(struct fixture *f, uint64_t key, int64_t other)
{
	assert_int_equal(fixture_end(f, block_set(fixture_call(f, key), other, true)), 0);
}

static void test_who_was_blocked_edits_for_himself(void **state)
{
	struct fixture *f = *state;
	const int32_t id = messages_say(f, ANNA, user_peer(budi), "hello");
	const int32_t theirs = messages_newest(f, BUDI, user_peer(anna))->id;
	struct message draft = {.id = id, .text = B("something nasty")};
	struct update_set answer;

	block(f, BUDI, anna);
	assert_int_equal(fixture_end(f, message_edit(fixture_call(f, ANNA), user_peer(budi), &draft,
						&answer)),
		0);
	assert_null(fixture_effect(f, EFFECT_ACCOUNT, budi));
	assert_true(bytes_equal_str(messages_one(f, ANNA, id)->text, "something nasty"));
	assert_true(bytes_equal_str(messages_one(f, BUDI, theirs)->text, "hello"));
}

static void test_who_was_blocked_deletes_for_himself(void **state)
{
	struct fixture *f = *state;
	const int32_t id = messages_say(f, ANNA, user_peer(budi), "a threat");
	const int32_t theirs = messages_newest(f, BUDI, user_peer(anna))->id;
	const struct clearing all = {.revoke = true};
	int32_t pts, pts_count, left;

	messages_say(f, ANNA, user_peer(budi), "another");
	block(f, BUDI, anna);
	assert_int_equal(fixture_end(f, messages_delete(fixture_call(f, ANNA), &id, 1, true, &pts,
						&pts_count)),
		0);
	assert_null(fixture_effect(f, EFFECT_ACCOUNT, budi));
	assert_null(messages_one(f, ANNA, id));
	assert_non_null(messages_one(f, BUDI, theirs));
	assert_int_equal(fixture_end(f, messages_clear(fixture_call(f, ANNA), user_peer(budi), &all,
						&pts, &pts_count, &left)),
		0);
	assert_int_equal(messages_newest(f, BUDI, user_peer(anna))->id, theirs + 1);
	/* The one who blocked still has his way with both. */
	assert_int_equal(fixture_end(f, messages_delete(fixture_call(f, BUDI), &theirs, 1, true,
						&pts, &pts_count)),
		0);
	assert_null(messages_one(f, BUDI, theirs));
}

static struct poll_option options[2];

/* Anna asks, in public. The id of her copy. */
static int32_t ask(struct fixture *f, struct peer in)
{
	struct poll poll = {.question = B("What?"),
		.options = options,
		.option_count = 2,
		.public_voters = true};
	struct media media = {.kind = MEDIA_POLL, .poll_view = &poll};
	struct message draft = {.text = B(""), .media = &media};

	options[0] = (struct poll_option){.text = B("Tea"), .option = B("0")};
	options[1] = (struct poll_option){.text = B("Coffee"), .option = B("1")};
	return messages_send_draft(f, ANNA, in, &draft)->id;
}

static const struct poll *vote(
	struct fixture *f, uint64_t key, struct peer in, int32_t id, size_t option)
{
	struct update_set answer;

	assert_int_equal(fixture_end(f, poll_vote(fixture_call(f, key), in, id,
						&options[option].option, 1, &answer)),
		0);
	return answer.updates->poll;
}

static const struct poll *seen(struct fixture *f, uint64_t key, int32_t id)
{
	return messages_one(f, key, id)->media->poll_view;
}

static void test_results_are_for_members(void **state)
{
	struct fixture *f = *state;
	const struct peer group = chat_peer(messages_group(f));
	const int32_t hers = ask(f, group), id = messages_newest(f, BUDI, group)->id;
	const struct poll *left;
	struct poll_voters voters;
	struct update_set answer;

	vote(f, BUDI, group, id, 0);
	assert_int_equal(fixture_end(f, poll_voters(fixture_call(f, BUDI), group, id,
						(struct bytes){0}, (struct bytes){0}, 10, &voters)),
		0);
	assert_int_equal(voters.count, 1);
	assert_int_equal(
		fixture_end(f, chat_remove(fixture_call(f, ANNA), group.id, budi, false, &answer)),
		0);
	fixture_refused(f,
		poll_voters(fixture_call(f, BUDI), group, id, (struct bytes){0}, (struct bytes){0},
			10, &voters),
		400, "PEER_ID_INVALID");
	fixture_refused(
		f, poll_results(fixture_call(f, BUDI), group, id, &answer), 400, "PEER_ID_INVALID");
	fixture_refused(f,
		poll_vote(fixture_call(f, BUDI), group, id, &options[1].option, 1, &answer), 400,
		"PEER_ID_INVALID");

	/* The copy that is left says what was asked, and not how it goes on. */
	vote(f, ANNA, group, hers, 1);
	assert_int_equal(seen(f, ANNA, hers)->voters, 2);
	left = seen(f, BUDI, id);
	assert_true(left->options[0].chosen && bytes_equal_str(left->question, "What?"));
	assert_false(left->counts_shown);
	assert_int_equal(left->voters + (int)left->recent_count + left->options[0].voters, 0);
}

static void test_who_left_ends_no_poll(void **state)
{
	struct fixture *f = *state;
	const struct peer group = chat_peer(messages_group(f));
	const int32_t id = ask(f, group), theirs = messages_newest(f, BUDI, group)->id;
	struct update_set answer;

	assert_int_equal(
		fixture_end(f, chat_remove(fixture_call(f, ANNA), group.id, anna, false, &answer)),
		0);
	fixture_refused(
		f, poll_close(fixture_call(f, ANNA), group, id, &answer), 400, "PEER_ID_INVALID");
	assert_false(seen(f, BUDI, theirs)->closed);
}

static void test_who_was_blocked_votes_for_himself(void **state)
{
	struct fixture *f = *state;
	const int32_t hers = ask(f, user_peer(budi));
	const int32_t his = messages_newest(f, BUDI, user_peer(anna))->id;
	const struct poll *mine;
	struct poll_voters voters;

	block(f, ANNA, budi);
	mine = vote(f, BUDI, user_peer(anna), his, 0);
	assert_null(fixture_effect(f, EFFECT_ACCOUNT, anna));
	assert_true(mine->options[0].chosen);
	assert_int_equal(mine->options[0].voters, 1);
	assert_int_equal(seen(f, BUDI, his)->voters, 1);
	assert_int_equal(seen(f, ANNA, hers)->voters, 0);
	vote(f, ANNA, user_peer(budi), hers, 1);
	assert_int_equal(seen(f, ANNA, hers)->voters, 1);
	assert_int_equal(fixture_end(f, poll_voters(fixture_call(f, ANNA), user_peer(budi), hers,
						(struct bytes){0}, (struct bytes){0}, 10, &voters)),
		0);
	assert_int_equal(voters.count, 1);
	assert_int_equal(voters.at[0].user, anna);

	/* Heard again, he is heard from his next vote on, be it the same. */
	assert_int_equal(fixture_end(f, block_set(fixture_call(f, ANNA), budi, false)), 0);
	vote(f, BUDI, user_peer(anna), his, 0);
	assert_int_equal(seen(f, ANNA, hers)->voters, 2);
	assert_int_equal(seen(f, BUDI, his)->voters, 2);
}

static void test_who_was_blocked_keeps_the_vote_that_counts(void **state)
{
	struct fixture *f = *state;
	const int32_t hers = ask(f, user_peer(budi));
	const int32_t his = messages_newest(f, BUDI, user_peer(anna))->id;
	struct update_set answer;

	vote(f, BUDI, user_peer(anna), his, 0);
	block(f, ANNA, budi);
	fixture_refused(f, poll_vote(fixture_call(f, BUDI), user_peer(anna), his, NULL, 0, &answer),
		400, "REVOTE_NOT_ALLOWED");
	vote(f, BUDI, user_peer(anna), his, 0); /* the same: nothing to do */
	assert_int_equal(seen(f, ANNA, hers)->voters, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, messages_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_who_was_blocked_edits_for_himself),
		TEST(test_who_was_blocked_deletes_for_himself),
		TEST(test_results_are_for_members),
		TEST(test_who_left_ends_no_poll),
		TEST(test_who_was_blocked_votes_for_himself),
		TEST(test_who_was_blocked_keeps_the_vote_that_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
