/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Appeals (DSA Article 20): by the owner against a measure, by who reported against inaction, for
 * as long as the SOP says. An appeal is an event of its case; somebody else than who decided
 * answers it (appeals_decide.c). By link, by the service bot and by the API they all come to
 * appeal_file().
 *
 *   appealed --> appeal_claimed --> appeal_decided: uphold
 *                               --> reversed, appeal_decided: reverse (of a measure)
 *                               --> reopened, appeal_decided: reverse (of inaction)
 *                               --> [reversed,] decided, appeal_decided: change
 */
#ifndef DESK_APPEALS_H
#define DESK_APPEALS_H

#include "desk/appeals/appeal_codes.h"
#include "desk/cases/projections.h"

#define APPEAL_WORDS_MAX 4000 /* bytes */

extern const struct projection appeals_projection, rulings_projection;

/* Why a measure was reversed, and what follows. */
struct reversal {
	const char *name;
	bool strike;  /* stays: there was a breach */
	bool mistake; /* of who decided: counts in what is measured of people and categories */
};
const struct reversal *reversal_by_name(struct bytes name); /* NULL: no such kind */
extern const char reversal_names[];

/* Why an appeal was not taken. */
enum appeal_refusal {
	APPEAL_TAKEN,
	APPEAL_UNKNOWN,	 /* no such code, or its decision is no more */
	APPEAL_OVER,	 /* too late, or another decision stands for it */
	APPEAL_WAITS,	 /* the party's appeal is not answered yet */
	APPEAL_ANSWERED, /* as often as the SOP allows */
	APPEAL_SHORT,
	APPEAL_LONG, /* or no text */
};

/* May this party appeal now? words are not looked at. *last: its newest appeal, or 0. */
enum appeal_refusal appeal_may(struct desk *desk, struct db *db, struct arena *arena,
	const struct desk_appeal_code *party, int64_t now_s, int64_t *last);
/* Writes the appeal. actor: the sender's grant, or 0. In a writing transaction. */
enum appeal_refusal appeal_file(struct desk *desk, struct db *db, struct arena *arena,
	const struct desk_appeal_code *party, int64_t actor, struct bytes words, int64_t now_s,
	struct desk_appeal *out);
/* A sentence for each refusal. language: of letters.h */
const char *appeal_refusal_text(
	struct arena *arena, const struct sop *sop, enum appeal_refusal refusal, int language);
int appeal_refusal_status(enum appeal_refusal refusal); /* HTTP */

/* Is it what such a party appeals against: an owner a measure, who reported that nothing is done?
 */
bool appeal_concerns(struct bytes party, const struct desk_ruling *r);
/* Had this person a part in the decision (made, proposed, approved it)? */
bool appeal_is_of(
	struct db *db, struct arena *arena, int64_t case_id, int32_t decision, int64_t person);
/* The data of the event, a new reference. */
json_t *appeal_event_data(struct db *db, struct arena *arena, int64_t case_id, int32_t seq);

/* ---- Routes ---- */

void desk_notice_appeal(struct ask *ask, struct reply *reply);
void desk_appeals_list(struct ask *ask, struct reply *reply);
void desk_appeal_show(struct ask *ask, struct reply *reply);
void desk_appeal_claim(struct ask *ask, struct reply *reply);
void desk_appeal_decide(struct ask *ask, struct reply *reply);

#endif
