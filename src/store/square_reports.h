/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reports of readers on their way from the messenger to the desk, and what became of them on the
 * way back; and the categories of the desk's SOP, which the messenger asks readers to choose from.
 * The messenger inserts, the desk takes in and decides. Who reported is not here: the home keeps it
 * (home_receipts.h). Used by both programs; a transaction runs around every call.
 */
#ifndef STORE_SQUARE_REPORTS_H
#define STORE_SQUARE_REPORTS_H

#include "store/db.h"

#define SQUARE_REPORT_CATEGORIES_MAX 32

struct square_report {
	int64_t id; /* the number that the reporter is told */
	int64_t channel;
	int32_t post;	   /* 0: the whole channel */
	struct bytes name; /* its public name when it was reported */
	struct bytes category, law, words;
	int64_t created_at_s;
	/* Of the desk: */
	int64_t case_id;      /* 0: not taken in, or refused */
	struct bytes outcome; /* remove, restrict, dismiss, reverse, gone; absent: not decided */
	int64_t outcome_at_s; /* grows with each outcome */
	struct bytes contact; /* whom to write to who thinks the outcome wrong */
	int64_t appeal_days;
};

/* ---- The messenger's ---- */

/* Takes the number: the reports of one call get neighbouring ones. */
void square_report_insert(struct db *db, struct square_report *report);
bool square_report_find(struct db *db, struct arena *arena, int64_t id, struct square_report *out);
/* Those with an outcome that the reporter was not told, the longest decided first. Returns their
 * number, at most limit. */
size_t square_reports_untold(
	struct db *db, struct arena *arena, struct square_report *out, size_t limit);
/* The outcome of that time is dealt with. */
void square_report_told(struct db *db, int64_t id, int64_t outcome_at_s);

struct square_report_category {
	struct bytes name;
	struct bytes title; /* in the language asked for when there is one, else the SOP's */
	struct bytes laws;  /* that the reader may name, with '|' between; absent: none */
};

/* In the SOP's order. Returns their number, at most SQUARE_REPORT_CATEGORIES_MAX. */
size_t square_report_categories(struct db *db, struct arena *arena, struct bytes language,
	struct square_report_category *out);

/* ---- The desk's ---- */

/* Replaces all: position counts from 0; language empty: the title for all others. */
void square_report_categories_clear(struct db *db);
void square_report_category_insert(struct db *db, int position, const char *language,
	const struct square_report_category *category);

bool square_reports_waiting(struct db *db);
/* The oldest that was not taken in; false: none. */
bool square_report_next(struct db *db, struct arena *arena, struct square_report *out);
/* The words are the notice's from now on. case_id 0: refused. */
void square_report_take(struct db *db, int64_t id, int64_t case_id, int64_t now_s);
/* The report of the case after this one; 0: none. */
int64_t square_report_of_case(struct db *db, int64_t case_id, int64_t after);
/* Whom its reporter may write to about the outcome, and for how many days. */
void square_report_contact(struct db *db, int64_t id, struct bytes contact, int64_t days);
/* To all reports of the case, or, case_id 0, to the one with this id. */
void square_reports_decide(struct db *db, const struct square_report *outcome);

#endif
