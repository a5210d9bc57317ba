/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Strangers: who writes to people that never wanted to hear from him may do so to few a day, and to
 * fewer the more of them said that they didn't want it. Nobody reads what was reported: reports
 * only count, and only those of people who were in fact written to first. Bots begin no
 * conversation at all, and nobody is a stranger to one.
 */
#ifndef CORE_STRANGERS_H
#define CORE_STRANGERS_H

#include "core/call.h"

#define STRANGERS_PER_DAY 40	     /* new conversations of one account */
#define STRANGERS_REPORT_DAYS 30     /* how long a report counts */
#define STRANGERS_REPORTS_SILENCE 10 /* so many people's reports allow no new conversation */

/* Whether who is nobody to owner: no contact of his, in no group with him, and no conversation
 * between them was ever begun. */
bool stranger_is(struct call *call, int64_t owner, int64_t who);
/* Whether a conversation between the two was ever begun, from either side. */
bool stranger_has_met(struct call *call, int64_t owner, int64_t who);
/* Before the first message from call->user in a chat. Fault PEER_FLOOD when it would begin one
 * conversation with a stranger too many; for a bot PEER_ID_INVALID, USER_IS_BOT. *stranger: it
 * begins one; peer_settings_written wants to know. */
MUST_CHECK int stranger_check(struct call *call, int64_t to, bool *stranger);
/* call->user reports the account: counts when it wrote to him as a stranger. */
void stranger_report(struct call *call, int64_t who);

#endif
