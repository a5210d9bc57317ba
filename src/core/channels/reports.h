/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reports. What is about something public (a channel, a group, posts of either, a profile or bot
 * with a public name) goes to the desk by way of the square, without who made it; he gets a number
 * at once and the outcome later, as letters of the service. What is about the home reaches nobody:
 * it counts towards how many strangers the reported account may write to
 * (core/accounts/strangers.h), and that is all.
 *
 * Two commits: the report is the square's, who made it the home's, which commits second. A crash
 * between the two leaves a report whose maker hears nothing more; one while he is told the outcome
 * tells him again what is not known to have been told.
 */
#ifndef CORE_REPORTS_H
#define CORE_REPORTS_H

#include "core/call.h"
#include "store/square_reports.h"

#define REPORT_POSTS_MAX 100  /* of one report */
#define REPORTS_PER_DAY 100   /* subjects that one account reports */
#define REPORT_WORDS_MAX 1024 /* UTF-16 units */

struct report {
	struct peer peer;
	const int32_t *ids; /* messages or posts; count 0: the whole */
	size_t count;
	bool of_chat; /* not of who the peer is, but of what it wrote: never the desk's, of people
		       */
	struct bytes category, law, words; /* of the desk's SOP; law and words may be absent */
};

/* Whether the desk gets it. Faults PEER_ID_INVALID, CHANNEL_PRIVATE, MSG_ID_INVALID for what the
 * caller does not see, LIMIT_INVALID. */
MUST_CHECK int report_check(struct call *call, const struct report *report, bool *in_square);
/* The caller is an admin of the channel, and the posts stand there in the name of who. Faults
 * CHAT_ADMIN_REQUIRED, USER_ID_INVALID, and those of report_check. */
MUST_CHECK int report_check_sender(struct call *call, const struct report *report, struct peer who);
/* Checked or not. Repeated while no outcome is known it counts once. Faults of report_check;
 * FLOOD_WAIT_X beyond REPORTS_PER_DAY, MESSAGE_TOO_LONG, and OPTION_INVALID for a category or law
 * that the SOP has not. */
MUST_CHECK int report_file(struct call *call, const struct report *report);

/* What the desk lets readers choose from, in the caller's language. Returns how many, at most
 * SQUARE_REPORT_CATEGORIES_MAX; 0: no desk has run here yet. */
size_t report_categories(struct call *call, struct square_report_category *out);
/* "A | B" as one after the other: moves on in *laws. False: there are no more. */
bool report_law_next(struct bytes *laws, struct bytes *law);

/* Upkeep: tells outcomes. True: there may be more. */
bool reports_tell(struct call *call);
/* Upkeep: forgets who made reports of long ago. */
bool reports_purge(struct call *call);

#endif
