/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "desk/people/rights.h"

#include "desk/people/shifts.h"

/* BY_SOP: where [roles] of the SOP names the role. */
enum may { NO, YES, BY_SOP };

static const struct {
	const char *name;
	enum may roles[ROLE_COUNT];
} table[ACT_COUNT] = {
	/* clang-format off */
	/*	 authority  flagger  moderator  lead    analyst  liaison  auditor  admin */
	[ACT_SOP_SEE] = {"see the SOP",
		{YES,       YES,     YES,       YES,    YES,     YES,     YES,     YES}},
	[ACT_NOTICE_FILE] = {"send notices",
		{YES,       YES,     NO,        NO,     NO,      NO,      NO,      NO}},
	[ACT_NOTICE_SEE_OWN] = {"see own notices",
		{YES,       YES,     YES,       YES,    YES,     YES,     YES,     NO}},
	[ACT_NOTICE_SEE_ANY] = {"see any notice",
		{NO,        NO,      YES,       YES,    YES,     YES,     YES,     NO}},
	[ACT_CASES_SEE] = {"see cases",
		{NO,        NO,      YES,       YES,    YES,     YES,     YES,     NO}},
	[ACT_REPORTERS_SEE] = {"see who reported",
		{NO,        NO,      NO,        YES,    YES,     YES,     YES,     NO}},
	[ACT_CLAIM] = {"claim a case",
		{NO,        NO,      BY_SOP,    BY_SOP, NO,      NO,      NO,      NO}},
	[ACT_RELEASE_OTHERS] = {"release others' claims",
		{NO,        NO,      NO,        YES,    NO,      NO,      NO,      NO}},
	[ACT_DECIDE] = {"decide a claimed case",
		{NO,        NO,      BY_SOP,    BY_SOP, NO,      NO,      NO,      NO}},
	[ACT_REVERSE] = {"reverse a decision",
		{NO,        NO,      BY_SOP,    BY_SOP, NO,      NO,      NO,      NO}},
	[ACT_REVERSE_OWN] = {"reverse an own decision",
		{NO,        NO,      NO,        YES,    NO,      NO,      NO,      NO}},
	[ACT_APPEAL_FILE] = {"appeal about own notices",
		{YES,       YES,     NO,        NO,     NO,      NO,      NO,      NO}},
	[ACT_APPEAL_DECIDE] = {"decide appeals",
		{NO,        NO,      BY_SOP,    BY_SOP, NO,      NO,      NO,      NO}},
	[ACT_ACCURACY_SEE] = {"see the accuracy of all",
		{NO,        NO,      NO,        YES,    YES,     YES,     YES,     NO}},
	[ACT_STANDING] = {"warn and suspend senders",
		{NO,        NO,      NO,        YES,    NO,      NO,      NO,      NO}},
	[ACT_QUALITY_SEE] = {"see the quality of decisions",
		{NO,        NO,      NO,        YES,    YES,     NO,      YES,     NO}},
	[ACT_STATEMENTS_SEE] = {"export statements",
		{NO,        NO,      NO,        YES,    YES,     NO,      YES,     NO}},
	[ACT_PAUSE] = {"pause a case, resume it",
		{NO,        NO,      YES,       YES,    NO,      NO,      NO,      NO}},
	[ACT_PEOPLE_SEE] = {"see who is at the desk",
		{NO,        NO,      NO,        YES,    NO,      NO,      YES,     YES}},
	[ACT_SESSIONS_END] = {"end others' sessions",
		{NO,        NO,      NO,        YES,    NO,      NO,      NO,      YES}},
	[ACT_LOG_SEE] = {"see the desk's log",
		{NO,        NO,      NO,        NO,     NO,      NO,      YES,     YES}},
	[ACT_TIE] = {"decide where two people disagreed",
		{NO,        NO,      NO,        YES,    NO,      NO,      NO,      NO}},
	[ACT_NOTE] = {"write notes, correct the language",
		{NO,        NO,      YES,       YES,    YES,     YES,     NO,      NO}},
	[ACT_OPINION] = {"give a second opinion",
		{NO,        NO,      YES,       YES,    YES,     NO,      NO,      NO}},
	[ACT_BULK] = {"decide many cases at once",
		{NO,        NO,      NO,        YES,    NO,      NO,      NO,      NO}},
	[ACT_HOLD] = {"have evidence kept longer",
		{YES,       NO,      NO,        YES,    NO,      YES,     NO,      NO}},
	[ACT_OWN_ACCOUNT] = {"see to one's own account",
		{YES,       YES,     YES,       YES,    YES,     YES,     YES,     YES}},
	/* clang-format on */
};

static bool sop_names(const struct sop *sop, enum role role, enum desk_action action)
{
	const bool reverses = action == ACT_REVERSE;

	if (action == ACT_APPEAL_DECIDE)
		return role == ROLE_MODERATOR ? sop->moderator_appeals
					      : role == ROLE_LEAD && sop->lead_appeals;
	if (role == ROLE_MODERATOR)
		return reverses ? sop->moderator_reverses : sop->moderator_decides;
	return role == ROLE_LEAD && (reverses ? sop->lead_reverses : sop->lead_decides);
}

bool desk_may(const struct principal *who, enum desk_action action, const struct sop *sop)
{
	switch (table[action].roles[who->role]) {
	case NO:
		break;
	case YES:
		return true;
	case BY_SOP:
		return sop_names(sop, who->role, action);
	}
	return false;
}

bool desk_may_about(const struct principal *who, struct bytes category)
{
	return who->categories.size == 0 || list_has(who->categories, category);
}

bool desk_may_in(const struct principal *who, struct bytes countries)
{
	struct bytes country;

	if (who->countries.size == 0)
		return true;
	if (countries.size == 0)
		return false;
	while ((country = list_next(&countries)).data) {
		if (!list_has(who->countries, country))
			return false;
	}
	return true;
}

const char *desk_action_name(enum desk_action action)
{
	return table[action].name;
}

const char *desk_action_cell(enum desk_action action, enum role role)
{
	static const char *const cells[] = {[NO] = "", [YES] = "yes", [BY_SOP] = "SOP"};

	return cells[table[action].roles[role]];
}
