/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who may do what at the desk: one table, role by action, that the tests and docs/desk-api.md
 * follow. Routes name an action; what else a handler asks (an own claim, an own decision) is about
 * the case, and stands with the handler.
 */
#ifndef DESK_RIGHTS_H
#define DESK_RIGHTS_H

#include "desk/lanes/grants.h"

enum desk_action {
	ACT_SOP_SEE,
	ACT_NOTICE_FILE,
	ACT_NOTICE_SEE_OWN,
	ACT_NOTICE_SEE_ANY,
	ACT_CASES_SEE,
	ACT_REPORTERS_SEE, /* a moderator judges the content, not who complained */
	ACT_CLAIM,
	ACT_RELEASE_OTHERS, /* claims of others */
	ACT_DECIDE,
	ACT_REVERSE,
	ACT_REVERSE_OWN, /* a decision of one's own */
	ACT_APPEAL_FILE, /* against inaction on an own notice */
	ACT_APPEAL_DECIDE,
	ACT_ACCURACY_SEE,   /* of all who send notices */
	ACT_STANDING,	    /* warn and suspend them */
	ACT_QUALITY_SEE,    /* of decisions, also by person */
	ACT_STATEMENTS_SEE, /* all statements of reasons at once */
	ACT_PAUSE,	    /* a case that one has claimed, and make it run again */
	ACT_PEOPLE_SEE,
	ACT_SESSIONS_END, /* of others */
	ACT_LOG_SEE,
	ACT_TIE,	 /* where two people did not agree */
	ACT_NOTE,	 /* also in which language it is */
	ACT_OPINION,	 /* a second one, when it is asked for */
	ACT_BULK,	 /* many cases at once */
	ACT_HOLD,	 /* evidence, about a notice that one may see */
	ACT_OWN_ACCOUNT, /* all that somebody does who has yet to confirm a second factor */
	ACT_COUNT
};

/* Pure. sop: where the table leaves it to the operator. */
bool desk_may(const struct principal *who, enum desk_action action, const struct sop *sop);

/* Scope, pure as well: what a person may do, they may do about cases of these categories, and with
 * effect in these countries. No countries: a measure for everybody, which only who has no limit
 * takes. */
bool desk_may_about(const struct principal *who, struct bytes category);
bool desk_may_in(const struct principal *who, struct bytes countries);

/* For the matrix in the documentation and the tests of each cell. */
const char *desk_action_name(enum desk_action action);
/* "yes", "SOP" (where the SOP names the role), or nothing. */
const char *desk_action_cell(enum desk_action action, enum role role);
/* `lontar desk rights`: the whole matrix, tabs between its cells. */
int rights_cli(int argc, char **argv);

#endif
