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
	audience_set_role(&audience, a.account, 100, ROLE_MEMBER);
	audience_leave(&audience, &a);
	assert_non_null(audience_find(&audience, 7));
	assert_int_equal(members(100), 1);
	audience_leave(&audience, &b);
	assert_null(audience_find(&audience, 7));
	assert_null(audience_channel(&audience, 100));
	audience_leave(&audience, &b); /* again: nothing */
}

static void roles_that_listen_to_nothing_end_a_membership(void **state)
{
	static const enum channel_role deaf[] = {ROLE_NONE, ROLE_LEFT, ROLE_BANNED};
	struct audience_session a, b;

	join(&a, 7);
	join(&b, 8);
	for (size_t i = 0; i < ARRAY_LEN(deaf); i++) {
		audience_set_role(&audience, a.account, 100, ROLE_ADMIN);
		audience_set_role(&audience, a.account, 100, ROLE_MEMBER); /* changes, adds none */
		audience_set_role(&audience, b.account, 100, ROLE_CREATOR);
		assert_int_equal(members(100), 2);
		audience_set_role(&audience, a.account, 100, deaf[i]);
		audience_set_role(&audience, a.account, 100, deaf[i]);
		assert_int_equal(members(100), 1);
		audience_set_role(&audience, b.account, 100, deaf[i]);
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
		TEST(roles_that_listen_to_nothing_end_a_membership),
		TEST(an_account_stays_while_it_is_loaded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
