/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the desk says to somebody outside, until it is said. Table desk_outbox. Plain rows, no
 * rules; a transaction runs around every call. Rows of one way to one address are a line: they go
 * in the order of their numbers.
 */
#ifndef STORE_SQUARE_DESK_OUTBOX_H
#define STORE_SQUARE_DESK_OUTBOX_H

#include "store/db.h"

struct desk_outgoing {
	int64_t id;
	int64_t request; /* random, never 0: whoever repeats it says the same number */
	struct bytes way, address, subject, body, extra;
	int64_t edits;	 /* the number of the message that this one takes the place of; 0: none */
	int64_t answers; /* the number of the pressed button's query; 0: none */
	int64_t case_id; /* 0: about none */
	int64_t created_at, next_at; /* seconds */
	int64_t tries;
	int64_t settled_at;   /* 0: waits */
	struct bytes outcome; /* sent, refused, given_up, bounced; empty while it waits */
	int64_t result;	      /* of what was sent: the message's number at the receiver; 0: none */
};

/* Returns the new id. out->id, tries, settled_at, outcome and result are ignored. */
int64_t desk_outgoing_insert(struct db *db, const struct desk_outgoing *row);
bool desk_outgoing_get(struct db *db, struct arena *arena, int64_t id, struct desk_outgoing *out);
/* Of this way the first that is due and stands first in its line. */
bool desk_outgoing_next(struct db *db, struct arena *arena, const char *way, int64_t now_s,
	struct desk_outgoing *out);
/* The next try. */
void desk_outgoing_delay(struct db *db, int64_t id, int64_t next_at);
/* What it said is dropped, and to whom: only of messages with a number (result) the chat is kept,
 * so that a reply to one is understood. */
void desk_outgoing_settle(
	struct db *db, int64_t id, int64_t now_s, const char *outcome, int64_t result);
void desk_outgoing_delete(struct db *db, int64_t id);
/* That were settled before then: some. */
void desk_outgoing_drop(struct db *db, int64_t before_s);

#endif
