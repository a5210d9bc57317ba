/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the events of a case amount to, as a pure fold: the row in `cases` can always be made again
 * from `case_events`.
 *
 *              notice             decide
 *   (opened) --------> open ------------------> decided
 *                      |  ^                        |
 *         claim/release+--+ <-- notice while a  ---+
 *                               restriction holds
 *
 *   kind      data
 *   opened    channel, post, name, salt, previous
 *   noticed   notice, reopens; the notice's own lane (from), category (about) and, of an
 *             authority, country; officer (a person, for the actor); and when it counts the case's
 * category, lane, clock, due, priority, acknowledge (until then), notify_s, sop, members claimed
 * until, evidence (hash of what was frozen); score, of a case found for who claims; bulk released
 *   renewed   until
 *   handed    to, until, words
 *   snoozed   until: nobody holds it, and nobody is given it
 *   noted     text
 *   opinion_asked  question
 *   opinion_given  opinion (a measure, dismiss or unsure), text
 *   proposed  as decided, without order, and blind: another person has to agree
 *   withdrawn
 *   disagreed reasons; blind: also as proposed, what the other person found. A lead decides.
 *   owner_asked    question, until, order (a letter)
 *   owner_answered asked (the event), text; by the owner, whom the desk does not know
 *   language  language, reliable; by nobody: as a machine found it
 *   decided   action, countries, until, basis, facts, ground, order (0: none); proposed_by, second
 *             (the other person's own words) where two people agreed; bulk
 *   reversed  facts, ground, order; bulk; why, strike: keep, appeal
 *   executed  order, at, ms, outcome, holds: if not done, does another order of the case hold?
 *   ended     order, at: by itself; holds
 *   paused    reason, until, question (of who sent the notice)
 *   resumed   why, paused_s, due, state, text (that was answered)
 *   escalated step, to, contact, sop
 *   held      notice, until, reasons: evidence, at an authority's request
 *   evidence_ended  items
 *   closed
 *   appealed  appeal, decision (event), party, party_id, words, acknowledge, due, sop
 *   appeal_claimed  appeal, until
 *   appeal_decided  appeal, outcome, why, facts, ground, left (appeals of the case that wait)
 *   review_claimed  review, decision (event), until
 *   reviewed  review, decision, action: what a second person would have done, blind; note
 *   judged    notice, quality, note: how good the notice is, whatever became of it
 *   reopened  appeal or bulk, clock, due, acknowledge, notify_s, sop
 */
#ifndef DESK_CASE_STATE_H
#define DESK_CASE_STATE_H

#include <jansson.h>

#include "base/err.h"
#include "store/square_desk_cases.h"

/* state is all zero before the first event. Its bytes go to the arena. */
MUST_CHECK int case_state_apply(struct desk_case *state, const struct desk_event *event,
	struct arena *arena, struct err *err);
/* The same for an event that was stored: the next of its case, and not altered since. */
MUST_CHECK int case_state_follow(struct desk_case *state, const struct desk_event *event,
	struct arena *arena, struct err *err);
/* The hash that event must carry after one whose hash was `previous` (32 zero bytes before the
 * first). */
void case_event_hash(
	struct bytes previous, const struct desk_event *event, uint8_t out[DESK_HASH_SIZE]);

/* Appends an event to the case: writes it, applies it to *c, stores *c and brings it to the
 * projections; who is to hear of it will (tell.h). Takes data over. */
void case_append(struct db *db, struct arena *arena, struct desk_case *c, const char *kind,
	int64_t actor, int64_t now_s, json_t *data);

/* Checks every chain of events and makes all rows of cases, and the projections, again. */
MUST_CHECK int cases_rebuild(struct db *db, struct err *err);

/* At work: open, escalated or waiting. */
bool case_is_open(const struct desk_case *c);
bool case_is_claimed(const struct desk_case *c, int64_t now_s);

#endif
