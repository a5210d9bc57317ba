/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the form of a notice says beside what every notice does, the notices of one sender, and for
 * how long evidence is held for an authority. Tables notice_forms, case_holds (a projection of the
 * events). Plain rows, no rules; a transaction runs around every call.
 */
#ifndef STORE_SQUARE_DESK_FORMS_H
#define STORE_SQUARE_DESK_FORMS_H

#include "store/db.h"

struct desk_notice_form {
	struct bytes form;	/* src/desk/lanes/notice_forms.h */
	struct bytes countries; /* "DE,FR", or empty */
	struct bytes fields;	/* JSON object of the others, sealed */
};

void desk_notice_form_put(struct db *db, int64_t notice, const struct desk_notice_form *row);
/* false: it has none (a sensor's, a reader's). */
bool desk_notice_form_get(
	struct db *db, struct arena *arena, int64_t notice, struct desk_notice_form *out);

struct desk_notice_filter {
	int64_t reporter;
	int64_t before;		     /* only older ones than this; 0: from the newest */
	const char *state;	     /* of the case; NULL: any */
	const char *category, *form; /* NULL: any */
};

/* Ids, newest first, of those that are not older than `floor`. */
struct query desk_notice_own(
	struct db *db, const struct desk_notice_filter *filter, int64_t floor, int limit);
/* The reporter's so-manieth notice, counted from the newest below `before`; 0: there are fewer. */
int64_t desk_notice_own_floor(struct db *db, const struct desk_notice_filter *filter, int count);

int64_t desk_hold_until(struct db *db, int64_t case_id); /* 0: none */
void desk_hold_put(struct db *db, int64_t case_id, int64_t until);
void desk_hold_delete_all(struct db *db);

#endif
