/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The keeper by its questions alone: keys come only from an open root, a split is real only once
 * custodians have shown that it opens, and no answer ever holds the root or a share in clear.
 */
#include "../unit.h"

#include <string.h>

#include "keeper/keeper.h"

#define COUNT 5
#define THRESHOLD 3

static const uint8_t seed[SIGN_SEED_SIZE] = {9};
static const uint8_t first_root[ROOT_SIZE] = {1, 2, 3, 4, 5, 6, 7, 8};

struct party {
	struct keeper *keeper;
	struct parcel_keys custodians[COUNT];
	struct keeper_was_split split;
	struct share shares[COUNT];
};

static struct keeper *begin(
	const uint8_t *root, const struct share_set *set, const struct share_set *pending)
{
	const struct keeper_start start = {.root = root,
		.set = set,
		.pending = pending,
		.identity = sign_key_new(seed, NULL),
		.now_s = 1000};
	struct keeper *keeper = keeper_new(&start, NULL);

	assert_non_null(keeper);
	return keeper;
}

static bool contains(const void *in, size_t size, const uint8_t *secret)
{
	return memmem(in, size, secret, ROOT_SIZE);
}

static struct keeper_answer ask_as(
	struct keeper_peer *peer, struct keeper *keeper, const struct keeper_request *request)
{
	struct keeper_answer answer;

	memset(&answer, 0x55, sizeof(answer));
	keeper_serve(keeper, peer, request, &answer);
	assert_false(contains(&answer, sizeof(answer), first_root));
	return answer;
}

static struct keeper_answer ask(struct keeper *keeper, const struct keeper_request *request)
{
	return ask_as(&(struct keeper_peer){.may_split = true}, keeper, request);
}

static const uint8_t no_challenge[KEEPER_CHALLENGE_SIZE];

static struct keeper_hello hello_of(struct keeper *keeper)
{
	struct keeper_hello hello = ask(keeper, &(struct keeper_request){.op = KEEPER_HELLO}).hello;

	assert_int_equal(keeper_hello_check(&hello, hello.keeper, no_challenge), 0);
	return hello;
}

static enum keeper_status unlock(struct keeper *keeper, const struct root_chain *chain)
{
	return ask(keeper, &(struct keeper_request){.op = KEEPER_UNLOCK, .chain = *chain}).status;
}

static enum keeper_status owner_key(
	struct keeper *keeper, uint32_t epoch, uint8_t out[ROOT_OWNER_KEY_SIZE])
{
	struct keeper_answer answer = ask(keeper, &(struct keeper_request){.op = KEEPER_OWNER_KEY,
							  .owner = {.epoch = epoch, .owner = 7}});

	memcpy(out, answer.owner_key, ROOT_OWNER_KEY_SIZE);
	return answer.status;
}

/* What the custodian's own machine does. */
static enum keeper_verdict bring(struct keeper *keeper, const struct share *share)
{
	struct keeper_hello hello = hello_of(keeper);
	struct keeper_request request = {.op = KEEPER_SHARE};
	struct keeper_answer answer;
	struct keeper_reply reply;
	struct parcel_keys keys;
	uint8_t nonce[16];

	assert_int_equal(keeper_letter_write(&hello, share, &keys, nonce, request.letter), 0);
	answer = ask(keeper, &request);
	assert_int_equal(answer.status, KEEPER_OK);
	assert_int_equal(keeper_reply_read(&keys, nonce, answer.reply, &reply), 0);
	return reply.verdict;
}

static enum keeper_status split(struct party *p, bool turn, const struct root_chain *chain)
{
	struct keeper_request request = {.op = KEEPER_SPLIT,
		.split = {.threshold = THRESHOLD, .count = COUNT, .turn = turn, .chain = *chain}};
	struct keeper_answer answer;

	for (int i = 0; i < COUNT; i++) {
		parcel_keys_new(&p->custodians[i]);
		memcpy(request.split.custodians[i], p->custodians[i].public_key, PARCEL_KEY_SIZE);
	}
	answer = ask(p->keeper, &request);
	if (answer.status != KEEPER_OK)
		return answer.status;
	p->split = answer.split;
	for (int i = 0; i < COUNT; i++) {
		assert_int_equal(parcel_open(&p->custodians[i],
					 bytes_of(answer.split.sealed[i], KEEPER_SHARE_SEALED),
					 (uint8_t *)&p->shares[i]),
			0);
		assert_int_equal(share_check(&p->split.set, &p->shares[i]), SHARE_GOOD);
		assert_false(contains(&answer, sizeof(answer), p->shares[i].y));
	}
	return KEEPER_OK;
}

static const struct root_chain no_chain = {0};

static void rehearse(struct party *p)
{
	assert_int_equal(ask(p->keeper, &(struct keeper_request){.op = KEEPER_FINISH}).status,
		KEEPER_REFUSED);
	assert_int_equal(bring(p->keeper, &p->shares[4]), KEEPER_TAKEN);
	assert_int_equal(bring(p->keeper, &p->shares[0]), KEEPER_TAKEN);
	assert_int_equal(ask(p->keeper, &(struct keeper_request){.op = KEEPER_FINISH}).status,
		KEEPER_REFUSED);
	assert_int_equal(bring(p->keeper, &p->shares[2]), KEEPER_REHEARSED);
	assert_int_equal(hello_of(p->keeper).rehearsed, 1);
}

static void finish_split(struct party *p)
{
	rehearse(p);
	assert_int_equal(
		ask(p->keeper, &(struct keeper_request){.op = KEEPER_FINISH}).status, KEEPER_OK);
	assert_int_equal(hello_of(p->keeper).state, KEEPER_STATE_OPEN);
}

static void test_split_rehearse_restart_open(void **state)
{
	uint8_t before[ROOT_OWNER_KEY_SIZE], after[ROOT_OWNER_KEY_SIZE];
	struct party p = {.keeper = begin(first_root, NULL, NULL)};

	(void)state;
	assert_int_equal(hello_of(p.keeper).state, KEEPER_STATE_FILE);
	assert_int_equal(owner_key(p.keeper, 0, before), KEEPER_SEALED); /* whose chain? */
	assert_int_equal(unlock(p.keeper, &no_chain), KEEPER_OK);
	assert_int_equal(owner_key(p.keeper, 0, before), KEEPER_OK);
	assert_int_equal(owner_key(p.keeper, 1, after), KEEPER_ABSENT);
	assert_int_equal(split(&p, false, &no_chain), KEEPER_OK);
	assert_int_equal(hello_of(p.keeper).state, KEEPER_STATE_REHEARSAL);
	finish_split(&p);
	assert_int_equal(split(&p, false, &no_chain), KEEPER_REFUSED); /* a new root, or nothing */
	keeper_free(p.keeper);

	p.keeper = begin(NULL, &p.split.set, NULL);
	assert_int_equal(hello_of(p.keeper).state, KEEPER_STATE_SEALED);
	assert_int_equal(unlock(p.keeper, &no_chain), KEEPER_SEALED);
	assert_int_equal(owner_key(p.keeper, 0, after), KEEPER_SEALED);
	assert_int_equal(bring(p.keeper, &p.shares[1]), KEEPER_TAKEN);
	assert_int_equal(bring(p.keeper, &p.shares[1]), KEEPER_TWICE);
	assert_int_equal(unlock(p.keeper, &no_chain), KEEPER_SEALED);
	assert_int_equal(bring(p.keeper, &p.shares[2]), KEEPER_TAKEN);
	assert_int_equal(bring(p.keeper, &p.shares[3]), KEEPER_OPENED);
	assert_int_equal(bring(p.keeper, &p.shares[4]), KEEPER_NOT_NEEDED);
	assert_int_equal(unlock(p.keeper, &no_chain), KEEPER_OK);
	assert_int_equal(owner_key(p.keeper, 0, after), KEEPER_OK);
	assert_memory_equal(before, after, sizeof(before));
	keeper_free(p.keeper);
}

static void test_bad_shares_are_told_and_not_counted(void **state)
{
	struct party p = {.keeper = begin(first_root, NULL, NULL)}, other = {0};
	struct share bad;

	(void)state;
	assert_int_equal(split(&p, false, &no_chain), KEEPER_OK);
	other.keeper = begin(first_root, NULL, NULL);
	assert_int_equal(split(&other, false, &no_chain), KEEPER_OK);
	keeper_free(p.keeper);
	p.keeper = begin(NULL, &p.split.set, NULL);
	assert_int_equal(bring(p.keeper, &p.shares[0]), KEEPER_TAKEN);
	assert_int_equal(bring(p.keeper, &other.shares[1]), KEEPER_OF_ANOTHER_SET);
	bad = p.shares[1];
	bad.y[3] ^= 4;
	assert_int_equal(bring(p.keeper, &bad), KEEPER_DAMAGED);
	bad = p.shares[1];
	bad.x = 2 + 1;
	assert_int_equal(bring(p.keeper, &bad), KEEPER_DAMAGED);
	assert_int_equal(keeper_hello_have(&(struct keeper_hello){.have = {5}}), 2);
	assert_int_equal(hello_of(p.keeper).have[0], 1);
	assert_int_equal(bring(p.keeper, &p.shares[1]), KEEPER_TAKEN);
	assert_int_equal(bring(p.keeper, &p.shares[2]), KEEPER_OPENED);
	keeper_free(p.keeper);
	keeper_free(other.keeper);
}

/* A letter is for one process: what was recorded opens no other, not even of the same data. */
static void test_letters_are_for_this_process(void **state)
{
	struct party p = {.keeper = begin(first_root, NULL, NULL)};
	struct keeper_request request = {.op = KEEPER_SHARE};
	struct keeper_hello hello;
	struct parcel_keys keys;
	uint8_t nonce[16], other[SIGN_PUBLIC_SIZE];

	(void)state;
	assert_int_equal(split(&p, false, &no_chain), KEEPER_OK);
	hello = hello_of(p.keeper);
	assert_int_equal(
		keeper_letter_write(&hello, &p.shares[0], &keys, nonce, request.letter), 0);
	keeper_free(p.keeper);
	p.keeper = begin(NULL, &p.split.set, NULL);
	assert_int_equal(ask(p.keeper, &request).status, KEEPER_NOT_FOR_ME);
	assert_memory_not_equal(hello.session, hello_of(p.keeper).session, PARCEL_KEY_SIZE);
	/* Somebody between them who puts a key of his own there is noticed. */
	hello = hello_of(p.keeper);
	for (size_t at = 0; at < sizeof(hello); at++) {
		struct keeper_hello forged = hello;

		((uint8_t *)&forged)[at] ^= 1;
		assert_int_equal(keeper_hello_check(&forged, hello.keeper, no_challenge), -1);
	}
	memset(other, 4, sizeof(other));
	assert_int_equal(keeper_hello_check(&hello, other, no_challenge), -1);
	keeper_free(p.keeper);
}

static void test_a_new_root_leaves_old_shares_behind(void **state)
{
	uint8_t old_key[ROOT_OWNER_KEY_SIZE], key[ROOT_OWNER_KEY_SIZE];
	struct party p = {.keeper = begin(first_root, NULL, NULL)}, next = {0};
	struct keeper_answer told;

	(void)state;
	assert_int_equal(unlock(p.keeper, &no_chain), KEEPER_OK);
	assert_int_equal(owner_key(p.keeper, 0, old_key), KEEPER_OK);
	assert_int_equal(split(&p, false, &no_chain), KEEPER_OK);
	finish_split(&p);
	next.keeper = p.keeper;
	assert_int_equal(split(&next, true, &no_chain), KEEPER_OK);
	assert_int_equal(next.split.chain.epoch, 1);
	assert_int_equal(unlock(next.keeper, &next.split.chain), KEEPER_REFUSED);
	rehearse(&next);
	assert_int_equal(hello_of(next.keeper).turns, 1);
	/* Finished as a split of the old root, the home would have a chain that nobody opens. */
	assert_int_equal(ask(next.keeper, &(struct keeper_request){.op = KEEPER_FINISH}).status,
		KEEPER_REFUSED);
	assert_int_equal(unlock(next.keeper, &no_chain), KEEPER_OK);
	assert_int_equal(owner_key(next.keeper, 0, key), KEEPER_OK); /* until it is told */
	told = ask(next.keeper, &(struct keeper_request){.op = KEEPER_TURNED});
	assert_int_equal(told.status, KEEPER_OK);
	assert_memory_equal(&told.chain, &next.split.chain, sizeof(told.chain));
	assert_int_equal(unlock(next.keeper, &told.chain), KEEPER_OK);
	assert_int_equal(hello_of(next.keeper).state, KEEPER_STATE_OPEN);
	assert_int_equal(ask(next.keeper, &(struct keeper_request){.op = KEEPER_TURNED}).status,
		KEEPER_REFUSED);
	assert_int_equal(owner_key(next.keeper, 0, key), KEEPER_OK);
	assert_memory_equal(key, old_key, sizeof(key));
	assert_int_equal(owner_key(next.keeper, 1, key), KEEPER_OK);
	assert_memory_not_equal(key, old_key, sizeof(key));
	keeper_free(next.keeper);

	/* The old ones, with the old set, open the old root; it is not the one of these data. */
	p.keeper = begin(NULL, &p.split.set, NULL);
	for (int i = 0; i < THRESHOLD; i++)
		(void)bring(p.keeper, &p.shares[i]);
	assert_int_equal(unlock(p.keeper, &next.split.chain), KEEPER_REFUSED);
	keeper_free(p.keeper);
	p.keeper = begin(NULL, &next.split.set, NULL);
	assert_int_equal(bring(p.keeper, &p.shares[0]), KEEPER_OF_ANOTHER_SET);
	keeper_free(p.keeper);
}

static void test_a_rehearsal_outlives_a_restart(void **state)
{
	struct party p = {.keeper = begin(first_root, NULL, NULL)};

	(void)state;
	assert_int_equal(split(&p, false, &no_chain), KEEPER_OK);
	keeper_free(p.keeper);
	p.keeper = begin(first_root, NULL, &p.split.set);
	assert_int_equal(hello_of(p.keeper).state, KEEPER_STATE_REHEARSAL);
	finish_split(&p);
	keeper_free(p.keeper);
}

/* As after a change of root.key: whoever destroyed it for the set would lose everything. */
static void test_a_set_of_another_root_does_not_count(void **state)
{
	static const uint8_t other_root[ROOT_SIZE] = {8, 7, 6};
	struct party p = {.keeper = begin(first_root, NULL, NULL)};

	(void)state;
	assert_int_equal(split(&p, false, &no_chain), KEEPER_OK);
	keeper_free(p.keeper);
	p.keeper = begin(other_root, &p.split.set, &p.split.set);
	assert_int_equal(hello_of(p.keeper).state, KEEPER_STATE_FILE);
	keeper_free(p.keeper);
	p.keeper = begin(first_root, &p.split.set, NULL);
	assert_int_equal(hello_of(p.keeper).state, KEEPER_STATE_OPEN);
	keeper_free(p.keeper);
}

/* Whoever may name the custodians has the root. A messenger that was broken into may not. */
static void test_who_has_yielded_splits_nothing(void **state)
{
	struct keeper *keeper = begin(first_root, NULL, NULL);
	struct keeper_peer messenger = {.may_split = true};
	struct keeper_request request = {.op = KEEPER_SPLIT, .split = {.threshold = 2, .count = 2}};
	struct parcel_keys intruder;

	(void)state;
	parcel_keys_new(&intruder);
	for (int i = 0; i < 2; i++)
		memcpy(request.split.custodians[i], intruder.public_key, PARCEL_KEY_SIZE);
	assert_int_equal(
		ask_as(&messenger, keeper, &(struct keeper_request){.op = KEEPER_YIELD}).status,
		KEEPER_OK);
	for (request.split.turn = 0; request.split.turn < 2; request.split.turn++)
		assert_int_equal(ask_as(&messenger, keeper, &request).status, KEEPER_REFUSED);
	assert_int_equal(hello_of(keeper).state, KEEPER_STATE_FILE);
	request.split.turn = 0;
	assert_int_equal(ask(keeper, &request).status, KEEPER_OK);
	request.op = KEEPER_FINISH;
	assert_int_equal(ask_as(&messenger, keeper, &request).status, KEEPER_REFUSED);
	request.op = KEEPER_TURNED;
	assert_int_equal(ask_as(&messenger, keeper, &request).status, KEEPER_REFUSED);
	keeper_free(keeper);
}

/* What was said to somebody else, or before, is no answer. */
static void test_a_hello_answers_one_challenge(void **state)
{
	struct keeper_request request = {.op = KEEPER_HELLO, .challenge = {1, 2, 3}};
	struct keeper *keeper = begin(first_root, NULL, NULL);
	struct keeper_hello hello = ask(keeper, &request).hello;

	(void)state;
	assert_int_equal(keeper_hello_check(&hello, hello.keeper, request.challenge), 0);
	request.challenge[15] ^= 1;
	assert_int_equal(keeper_hello_check(&hello, hello.keeper, request.challenge), -1);
	memcpy(hello.challenge, request.challenge, sizeof(hello.challenge));
	assert_int_equal(keeper_hello_check(&hello, hello.keeper, request.challenge), -1);
	keeper_free(keeper);
}

static void test_other_questions(void **state)
{
	struct keeper *keeper = begin(first_root, NULL, NULL);
	struct root_chain chain = {.epoch = 1, .count = UINT32_MAX};

	(void)state;
	assert_int_equal(keeper_request_size(0), 0);
	assert_int_equal(keeper_request_size(KEEPER_TURNED + 1), 0);
	assert_int_equal(ask(keeper, &(struct keeper_request){.op = 99}).status, KEEPER_REFUSED);
	assert_int_equal(unlock(keeper, &chain), KEEPER_REFUSED);
	chain.epoch = UINT32_MAX;
	assert_int_equal(unlock(keeper, &chain), KEEPER_REFUSED);
	assert_null(keeper_new(&(struct keeper_start){.identity = sign_key_new(seed, NULL)}, NULL));
	keeper_free(keeper);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_split_rehearse_restart_open),
		cmocka_unit_test(test_bad_shares_are_told_and_not_counted),
		cmocka_unit_test(test_letters_are_for_this_process),
		cmocka_unit_test(test_a_new_root_leaves_old_shares_behind),
		cmocka_unit_test(test_a_rehearsal_outlives_a_restart),
		cmocka_unit_test(test_a_set_of_another_root_does_not_count),
		cmocka_unit_test(test_who_has_yielded_splits_nothing),
		cmocka_unit_test(test_a_hello_answers_one_challenge),
		cmocka_unit_test(test_other_questions),
	};

	return cmocka_run_group_tests(tests, NULL, no_arena_leaked);
}
