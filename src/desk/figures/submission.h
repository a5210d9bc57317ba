/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Statements of reasons go to the EU's transparency database (DSA Article 24(5)), a hundred at most
 * in one request, by errands. Where and with which token stands in DIR/desk/dsa.ini, which only its
 * owner may read; without the file nothing is sent. Each statement has an identifier of its own:
 * one that was taken is known as such when it is sent again, so that none is there twice.
 */
#ifndef DESK_SUBMISSION_H
#define DESK_SUBMISSION_H

#include "desk/desk.h"
#include "desk/letters/errands.h"

#define SUBMISSION_MAX 100 /* the database's own bound */

struct submission;

/* *out is NULL when there is no dsa.ini, or it has no token. */
MUST_CHECK int submission_open(
	struct desk *desk, struct errands *errands, struct submission **out, struct err *err);
/* Once the loop runs no more. NULL is fine. */
void submission_close(struct submission *submission);
/* Sends what was carried out and not sent yet, if nothing is under way. About every second. */
void submission_tick(struct submission *submission);

#endif
