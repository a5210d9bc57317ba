/* SPDX-License-Identifier: Apache-2.0 */
/* What answers say about a case: for all handlers that answer with one. */
#ifndef DESK_CASES_H
#define DESK_CASES_H

#include "desk/desk.h"
#include "store/square_desk_cases.h"
#include "store/square_desk_work.h"

/* The case of the path; false: there is none, and the reply says so. */
bool case_find(struct ask *ask, struct reply *reply, struct desk_case *c);
/* As in lists. work: its row; NULL: it is read. */
json_t *case_summary(struct ask *ask, const struct desk_case *c, const struct desk_work *work);
/* The summary with the notices and the evidence: for who works on it. */
json_t *case_to_work_on(struct ask *ask, const struct desk_case *c);
/* "claimed_by", "until" */
void case_add_claim(struct ask *ask, json_t *body, const struct desk_case *c);
/* The name of a grant. */
struct bytes case_grant_name(struct ask *ask, int64_t id);

/* Is what was proposed hidden from who asks? Then also who did what to the case before. */
bool case_is_blind_to(const struct ask *ask, const struct desk_work *work);

#endif
