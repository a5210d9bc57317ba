/* SPDX-License-Identifier: Apache-2.0 */
/* Every cell of the table, role by action, said a second time: what is in neither list is refused.
 */
#include "../unit.h"

#include "desk/people/rights.h"

#define ACT(action) (1u << (action))

/* Whatever the operator's SOP says. */
static const unsigned always[ROLE_COUNT] = {
	[ROLE_AUTHORITY] = ACT(ACT_SOP_SEE) | ACT(ACT_NOTICE_FILE) | ACT(ACT_NOTICE_SEE_OWN) |
			   ACT(ACT_APPEAL_FILE) | ACT(ACT_OWN_ACCOUNT) | ACT(ACT_HOLD),
	[ROLE_FLAGGER] = ACT(ACT_SOP_SEE) | ACT(ACT_NOTICE_FILE) | ACT(ACT_NOTICE_SEE_OWN) |
			 ACT(ACT_APPEAL_FILE) | ACT(ACT_OWN_ACCOUNT),
	[ROLE_MODERATOR] = ACT(ACT_SOP_SEE) | ACT(ACT_NOTICE_SEE_OWN) | ACT(ACT_NOTICE_SEE_ANY) |
			   ACT(ACT_CASES_SEE) | ACT(ACT_PAUSE) | ACT(ACT_OWN_ACCOUNT) |
			   ACT(ACT_NOTE) | ACT(ACT_OPINION),
	[ROLE_LEAD] = ACT(ACT_SOP_SEE) | ACT(ACT_NOTICE_SEE_OWN) | ACT(ACT_NOTICE_SEE_ANY) |
		      ACT(ACT_CASES_SEE) | ACT(ACT_REPORTERS_SEE) | ACT(ACT_RELEASE_OTHERS) |
		      ACT(ACT_REVERSE_OWN) | ACT(ACT_STATEMENTS_SEE) | ACT(ACT_PEOPLE_SEE) |
		      ACT(ACT_SESSIONS_END) | ACT(ACT_PAUSE) | ACT(ACT_OWN_ACCOUNT) | ACT(ACT_TIE) |
		      ACT(ACT_NOTE) | ACT(ACT_OPINION) | ACT(ACT_BULK) | ACT(ACT_HOLD) |
		      ACT(ACT_STANDING) | ACT(ACT_ACCURACY_SEE) | ACT(ACT_QUALITY_SEE),
	[ROLE_ANALYST] = ACT(ACT_SOP_SEE) | ACT(ACT_NOTICE_SEE_OWN) | ACT(ACT_NOTICE_SEE_ANY) |
			 ACT(ACT_CASES_SEE) | ACT(ACT_REPORTERS_SEE) | ACT(ACT_STATEMENTS_SEE) |
			 ACT(ACT_OWN_ACCOUNT) | ACT(ACT_NOTE) | ACT(ACT_OPINION) |
			 ACT(ACT_ACCURACY_SEE) | ACT(ACT_QUALITY_SEE),
	[ROLE_LIAISON] = ACT(ACT_SOP_SEE) | ACT(ACT_NOTICE_SEE_OWN) | ACT(ACT_NOTICE_SEE_ANY) |
			 ACT(ACT_CASES_SEE) | ACT(ACT_REPORTERS_SEE) | ACT(ACT_OWN_ACCOUNT) |
			 ACT(ACT_NOTE) | ACT(ACT_HOLD) | ACT(ACT_ACCURACY_SEE),
	[ROLE_AUDITOR] = ACT(ACT_SOP_SEE) | ACT(ACT_NOTICE_SEE_OWN) | ACT(ACT_NOTICE_SEE_ANY) |
			 ACT(ACT_CASES_SEE) | ACT(ACT_REPORTERS_SEE) | ACT(ACT_STATEMENTS_SEE) |
			 ACT(ACT_PEOPLE_SEE) | ACT(ACT_LOG_SEE) | ACT(ACT_OWN_ACCOUNT) |
			 ACT(ACT_ACCURACY_SEE) | ACT(ACT_QUALITY_SEE),
	[ROLE_ADMIN] = ACT(ACT_SOP_SEE) | ACT(ACT_PEOPLE_SEE) | ACT(ACT_SESSIONS_END) |
		       ACT(ACT_LOG_SEE) | ACT(ACT_OWN_ACCOUNT),
};

/* Of a role that the SOP lets decide, and of one that it lets reverse. */
static const unsigned deciding = ACT(ACT_CLAIM) | ACT(ACT_DECIDE), reversing = ACT(ACT_REVERSE),
		      answering = ACT(ACT_APPEAL_DECIDE);

static unsigned rights_of(enum role role, const struct sop *sop)
{
	const struct principal who = {.role = role};
	unsigned rights = 0;

	for (enum desk_action action = 0; action < ACT_COUNT; action++)
		rights |= desk_may(&who, action, sop) ? ACT(action) : 0;
	return rights;
}

static void each_cell(void **state)
{
	(void)state;
	for (unsigned bits = 0; bits < 64; bits++) {
		const struct sop sop = {.moderator_decides = bits & 1,
			.lead_decides = bits & 2,
			.moderator_reverses = bits & 4,
			.lead_reverses = bits & 8,
			.moderator_appeals = bits & 16,
			.lead_appeals = bits & 32};

		for (enum role role = 0; role < ROLE_COUNT; role++) {
			unsigned wanted = always[role];

			if (role == ROLE_MODERATOR)
				wanted |= (bits & 1 ? deciding : 0) | (bits & 4 ? reversing : 0) |
					  (bits & 16 ? answering : 0);
			if (role == ROLE_LEAD)
				wanted |= (bits & 2 ? deciding : 0) | (bits & 8 ? reversing : 0) |
					  (bits & 32 ? answering : 0);
			assert_int_equal(rights_of(role, &sop), wanted);
		}
	}
}

/* Category and country: no limit, within it, outside of it. */
static void each_scope(void **state)
{
	static const struct {
		const char *limit, *about;
		bool category, country;
	} cells[] = {
		{"", "", true, true},
		{"", "scam", true, true},
		{"", "DE,ID", true, true},
		{"DE,ID", "ID", true, true},
		{"ID", "ID", true, true},
		{"DE,ID", "", false, false},
		{"ID", "DE", false, false},
		{"ID", "DE,ID", false, false},
		{"ID", "ID,MY", false, false},
		{"DE,ID,MY", "DE,MY", false, true},
		{"IDN", "ID", false, false},
		{"ID", "IDN", false, false},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cells); i++) {
		const struct principal who = {.categories = bytes_from_str(cells[i].limit),
			.countries = bytes_from_str(cells[i].limit)};
		struct bytes about = bytes_from_str(cells[i].about);

		assert_int_equal(desk_may_about(&who, about), cells[i].category);
		assert_int_equal(desk_may_in(&who, about), cells[i].country);
	}
}

static void each_action_has_a_name(void **state)
{
	(void)state;
	for (enum desk_action action = 0; action < ACT_COUNT; action++)
		assert_non_null(desk_action_name(action));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_cell),
		cmocka_unit_test(each_scope),
		cmocka_unit_test(each_action_has_a_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
