/* SPDX-License-Identifier: Apache-2.0 */
/* server/audience.h: who listens, and what goes when nobody does. */
#include "../unit.h"

#include "server/audience.h"

static struct audience audience;

static int set_up(void **state)
{
	audience_init(&audience);
	return 0;
}

/* Also says whether anything was left: audience_release asserts that nothing is. */
static int tear_down(void **state)
{
	audience_release(&audience);
	return 0;
}

static void join(struct audience_session *session, int64_t account)
{
	*session = (struct audience_session){0};
	list_init(&session->of_account);
	assert_non_null(audience_join(&audience, session, account));
}

static void stands(struct audience_account *account, enum channel_role role)
{
	const struct standing standing = {.role = role};

	audience_set_standing(&audience, account, 100, &standing);
}

static size_t members(int64_t channel)
{
	struct audience_channel *found = audience_channel(&audience, channel);
	size_t count = 0;

	if (!found)
		return 0;
	LIST_EACH (node, &found->members)
		count++;
	return count;
}

static void the_last_session_takes_all_along(void **state)
{
	struct audience_session a, b;

	join(&a, 7);
	join(&b, 7);
	assert_ptr_equal(a.account, b.account);
	stands(a.account, ROLE_MEMBER);
	audience_leave(&audience, &a);
	assert_non_null(audience_find(&audience, 7));
	assert_int_equal(members(100), 1);
	audience_leave(&audience, &b);
	assert_null(audience_find(&audience, 7));
	assert_null(audience_channel(&audience, 100));
	audience_leave(&audience, &b); /* again: nothing */
}

/* A crowd is told in slices: between two of them members go, others come, the last one leaves. */
static void a_walk_meets_each_once_whoever_comes_and_goes(void **state)
{
	struct audience_session sessions[5];
	struct audience_walk walk, none;
	int64_t met[5] = {0};

	for (int i = 0; i < 4; i++) {
		join(&sessions[i], 7 + i);
		stands(sessions[i].account, ROLE_MEMBER);
	}
	audience_walk_begin(&audience, &none, 101);
	assert_null(audience_walk_next(&none));
	audience_walk_end(&audience, &none);
	audience_walk_begin(&audience, &walk, 100);
	met[0] = audience_walk_next(&walk)->account->id;
	met[1] = audience_walk_next(&walk)->account->id;
	audience_leave(&audience, &sessions[1]); /* whom it met last */
	audience_leave(&audience, &sessions[2]); /* whom it would meet next */
	join(&sessions[4], 11);
	stands(sessions[4].account, ROLE_MEMBER);
	met[3] = audience_walk_next(&walk)->account->id;
	met[4] = audience_walk_next(&walk)->account->id;
	assert_null(audience_walk_next(&walk));
	assert_true(met[0] == 7 && met[1] == 8 && met[3] == 10 && met[4] == 11);
	audience_leave(&audience, &sessions[0]);
	audience_leave(&audience, &sessions[3]);
	audience_leave(&audience, &sessions[4]);
	assert_null(audience_walk_next(&walk));
	assert_non_null(audience_channel(&audience, 100)); /* held */
	audience_walk_end(&audience, &walk);
	assert_null(audience_channel(&audience, 100));
	audience_walk_end(&audience, &walk);
}

static void roles_that_listen_to_nothing_end_a_membership(void **state)
{
	static const enum channel_role deaf[] = {ROLE_NONE, ROLE_LEFT, ROLE_BANNED};
	struct audience_session a, b;

	join(&a, 7);
	join(&b, 8);
	for (size_t i = 0; i < ARRAY_LEN(deaf); i++) {
		stands(a.account, ROLE_ADMIN);
		stands(a.account, ROLE_MEMBER); /* changes, adds none */
		stands(b.account, ROLE_CREATOR);
		assert_int_equal(members(100), 2);
		stands(a.account, deaf[i]);
		stands(a.account, deaf[i]);
		assert_int_equal(members(100), 1);
		stands(b.account, deaf[i]);
		assert_null(audience_channel(&audience, 100));
	}
	audience_leave(&audience, &a);
	audience_leave(&audience, &b);
}

/* The answer of the reader looks for the account, whoever went meanwhile. */
static void an_account_stays_while_it_is_loaded(void **state)
{
	struct audience_session a, b;
	struct audience_account *account;

	join(&a, 7);
	account = a.account;
	account->state = AUDIENCE_LOADING;
	audience_leave(&audience, &a);
	assert_ptr_equal(audience_find(&audience, 7), account);
	join(&b, 7);
	assert_ptr_equal(b.account, account);
	audience_leave(&audience, &b);
	account->state = AUDIENCE_READY;
	audience_collect(&audience, account);
	assert_null(audience_find(&audience, 7));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_last_session_takes_all_along),
		TEST(a_walk_meets_each_once_whoever_comes_and_goes),
		TEST(roles_that_listen_to_nothing_end_a_membership),
		TEST(an_account_stays_while_it_is_loaded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
