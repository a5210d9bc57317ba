/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The standard operating procedure as data; sop/default.ini explains every setting. Outside of the
 * categories, what a file does not say is as shipped. sop_read.c reads it, sop_templates.h fills
 * its letters, sop_versions.h keeps what was in force.
 */
#ifndef DESK_SOP_H
#define DESK_SOP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

#define SOP_FILE_MAX 131072
#define SOP_CATEGORIES_MAX 32
#define SOP_NAME_MAX 40
#define SOP_TEXT_MAX 200
#define SOP_CONTACT_MAX 120
#define SOP_ADDRESS_MAX 80 /* both stand in letters, which have a bound */
#define SOP_TITLES_MAX 8   /* languages beside the SOP's own */
#define SOP_LANGUAGE_MAX 8
#define SOP_GROUNDS_MAX 16
#define SOP_PAUSES_MAX 8
#define SOP_STEPS_MAX 8
#define SOP_BREAKERS_MAX 32
#define SOP_TEMPLATES_MAX 96
#define SOP_POOL_MAX 65536 /* of the templates' text, all together */
#define SOP_HASH_TEXT_SIZE 65

/* In the order of precedence: a later lane never slows down an earlier one. A lane is one row of
 * lane_names in sop.c, and two of [clocks] in the shipped file. */
enum lane { LANE_SENSOR, LANE_USER, LANE_FLAGGER, LANE_AUTHORITY, LANE_COUNT };
enum urgency { ORDINARY, URGENT, URGENCY_COUNT };

const char *lane_name(enum lane lane);
/* LANE_COUNT: no such lane. */
enum lane lane_by_name(const char *name);

/* Targets. Of a notice: until a person has taken the case up, and until the decision is carried
 * out. Of a decision: until the owner has been told. */
struct sop_clock {
	int64_t acknowledge_s, decide_s, notify_s;
};

/* Where an order of an authority may hold. */
enum sop_reach { REACH_OWN, REACH_UNION, REACH_EVERYWHERE, REACH_COUNT };
/* Why an order can't be carried out (Regulation (EU) 2021/784, Annex III). */
enum sop_obstacle { OBSTACLE_INFORMATION, OBSTACLE_ERRORS, OBSTACLE_IMPOSSIBLE, OBSTACLE_COUNT };

extern const char *const sop_reach_names[REACH_COUNT];
extern const char *const sop_obstacle_names[OBSTACLE_COUNT];

struct sop_title {
	char language[SOP_LANGUAGE_MAX], text[SOP_TEXT_MAX];
};

struct sop_ground {
	char country[3];	 /* ISO 3166-1, or EU */
	char text[SOP_TEXT_MAX]; /* laws and articles, with '|' between */
};

struct sop_category {
	char name[SOP_NAME_MAX];
	char title[SOP_TEXT_MAX];	 /* for people */
	char dsa_category[SOP_TEXT_MAX]; /* STATEMENT_CATEGORY_… of the EU's transparency database
					  */
	char dsa_keywords[SOP_TEXT_MAX]; /* KEYWORD_… of the same, with '|' between; may be empty */
	char laws[SOP_TEXT_MAX];	 /* that readers may name, with '|' between; may be empty */
	char terms[SOP_TEXT_MAX];	 /* the clause of the terms of use; may be empty */
	struct sop_title titles[SOP_TITLES_MAX];
	int title_count;
	struct sop_ground grounds[SOP_GROUNDS_MAX]; /* what it is against, by country */
	int ground_count;
	struct sop_clock clocks[LANE_COUNT][URGENCY_COUNT]; /* complete once read */
	bool urgent;					    /* every notice of this category is */
	int64_t harm;					    /* 0 to 100, for the order of work */
	int64_t evidence_days;		      /* after the decision; complete once read */
	bool moderator_decides, lead_decides; /* complete once read */
	int64_t review_percent;		      /* complete once read */
	int64_t strike_days;		      /* 0: as struct sop has it */
	char strike_ladder[SOP_TEXT_MAX];     /* empty: the same */
	bool two_people; /* a measure needs a second person who approves it; dismissing does not */
	bool blind;	 /* who approves sees neither who proposed nor what was proposed */
	bool disturbing; /* hard to look at: shown blurred first, and only so many in a row */
	int64_t orders;	 /* enum sop_reach */
	int line;	 /* where it begins in the file */
};

/* Why the clock of a case may stand still: its state is then `waiting`. */
struct sop_pause {
	char name[SOP_NAME_MAX];
	char title[SOP_TEXT_MAX];
	int64_t longest_s; /* of all pauses of the case together */
	unsigned lanes;	   /* 1 << lane: which cases */
	int64_t obstacle;  /* enum sop_obstacle: what an order's sender is told */
	bool asks;	   /* who sent the notice is asked for something (TCO Annex III) */
};

/* Steps of the ladder, in the file's order. Either after a share of the clock, or so long overdue.
 */
struct sop_step {
	int64_t used_percent; /* 1 to 100; 0: overdue_s counts */
	int64_t overdue_s;
	char to[SOP_NAME_MAX];
	char contact[SOP_TEXT_MAX];
};

struct sop_breaker {
	char rule[SOP_NAME_MAX];
	int64_t per_day;
};

struct sop_template {
	char id[SOP_NAME_MAX], language[SOP_LANGUAGE_MAX];
	uint32_t at, size; /* in the pool, without the final 0 */
};

struct sop {
	/* What the desk gave it when it started with it; 0 and empty before: sop_versions.h */
	int64_t version;
	char hash[SOP_HASH_TEXT_SIZE];

	struct sop_category categories[SOP_CATEGORIES_MAX];
	int category_count;
	struct sop_clock clocks[LANE_COUNT][URGENCY_COUNT]; /* where a category has none of its own
							     */
	int64_t lease_s;				    /* of a claim */
	int64_t claims_max;				    /* that one person holds */
	/* After so many disturbing cases within the span nobody is given more for the pause; 0:
	 * never. */
	int64_t disturbing_max, disturbing_span_s, disturbing_pause_s;
	int64_t bulk_max, bulk_undo_s; /* cases decided at once; how long that can be undone */
	bool moderator_decides, lead_decides;
	bool moderator_reverses, lead_reverses;

	int64_t session_idle_s, session_s; /* how long people stay signed in */
	bool second_factor;		   /* nobody works without one */

	struct sop_pause pauses[SOP_PAUSES_MAX];
	int pause_count;
	struct sop_step steps[SOP_STEPS_MAX];
	int step_count;
	int64_t evidence_days;
	int64_t two_people_members; /* from so many on always two people; 0: by category alone */

	int64_t strike_days;		  /* so long a measure counts against its channel */
	char strike_ladder[SOP_TEXT_MAX]; /* measures: the first, after one strike, after two … */

	int64_t appeal_days;
	char appeal_contact[SOP_CONTACT_MAX];
	char appeal_address[SOP_ADDRESS_MAX]; /* of the desk as everybody sees it; may be empty */
	int64_t appeal_acknowledge_s;
	bool moderator_appeals, lead_appeals; /* who may decide appeals */
	int64_t appeal_reasons_min;	      /* characters that an appeal must say */
	int64_t appeal_answer_days;
	int64_t appeals_max;	/* of one person about one decision */
	bool reporters_appeal;	/* also who sent a notice may, against inaction */
	int64_t reporters_days; /* their time; the owner's is appeal_days */

	int64_t accuracy_half_life_days; /* a notice weighs half as much after so many */
	int64_t accuracy_notices_min;	 /* by weight, before accuracy counts */
	int64_t accuracy_priority_max;	 /* points that it adds or takes */
	int64_t warn_below_percent;	 /* of good notices: a warning is suggested */
	int64_t warning_days;		 /* a warning holds */
	int64_t suspend_after_days;	 /* at least, between warning and suspension */
	int64_t suspend_days;		 /* at most */

	int64_t review_percent;		  /* of decisions that are looked at again, blind */
	int64_t review_days;		  /* after that a decision is not any more */
	char daily_channel[SOP_TEXT_MAX]; /* where each day's counts are posted; empty: nowhere */
	char daily_language[SOP_LANGUAGE_MAX];

	int64_t breaker_per_day; /* of automatic action by a rule that is not in breakers */
	struct sop_breaker breakers[SOP_BREAKERS_MAX];
	int breaker_count;

	struct sop_template templates[SOP_TEMPLATES_MAX];
	int template_count;
	char pool[SOP_POOL_MAX];
	uint32_t pool_size;
};

/* Unknown names, values out of bounds and what is missing are errors with their line: all of them,
 * a line each, in problems (NULL: not wanted); the first in *err. */
MUST_CHECK int sop_parse(const char *text, struct sop *out, struct err *err);
MUST_CHECK int sop_check(const char *text, struct sop *out, struct buf *problems, struct err *err);
/* The text of a file, with a final 0. out has the maximum SOP_FILE_MAX. */
MUST_CHECK int sop_file(const char *path, struct buf *out, struct err *err);

/* NULL: unknown. */
const struct sop_category *sop_category(const struct sop *sop, const char *name);
/* Names of the categories that are in other alone. Returns their number. */
int sop_missing(
	const struct sop *sop, const struct sop *other, const char *names[SOP_CATEGORIES_MAX]);
/* In the file's order, from 0; NULL: there are no more. */
const struct sop_category *sop_category_at(const struct sop *sop, int position);
/* The targets of a notice; urgent as its sender says. */
const struct sop_clock *sop_clock(const struct sop_category *category, enum lane lane, bool urgent);
/* The title for readers of this language ("id", "id-ID"), or the SOP's own. */
const char *sop_title(const struct sop_category *category, const char *language);
/* The law of this country that the category is against; NULL: the SOP names none. */
const char *sop_ground(const struct sop_category *category, const char *country);
/* Must two people agree on a measure against a subject with so many subscribers? */
bool sop_two_people(const struct sop *sop, const struct sop_category *category, int64_t members);
/* NULL: no such reason. */
const struct sop_pause *sop_pause(const struct sop *sop, const char *name);
/* How often a day the rule may act by itself. */
int64_t sop_breaker(const struct sop *sop, const char *rule);

#endif
