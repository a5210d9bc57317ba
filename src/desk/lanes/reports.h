/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The lane "user": readers report in their clients, the messenger writes the reports into the
 * square (store/square_reports.h) without who made them, and here they become notices like all
 * others. What becomes of their case is written beside them; the messenger tells the readers.
 */
#ifndef DESK_REPORTS_H
#define DESK_REPORTS_H

#include "desk/desk.h"
#include "store/square_desk_cases.h"

#define REPORTS_PER_LOOK 200 /* bounds a transaction; the next look goes on */

/* Offers the SOP's categories to readers. */
MUST_CHECK int desk_reports_offer(struct desk *desk, struct err *err);
/* Takes in what came since. Returns how many. */
int desk_reports_take(struct desk *desk);
/* The case was decided, or its decision reversed. Inside the caller's transaction. */
void desk_reports_decided(
	struct desk *desk, struct db *db, const struct desk_case *c, int64_t now_s);

#endif
