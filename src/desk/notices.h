/* SPDX-License-Identifier: Apache-2.0 */
/* Notices: the gate that makes them complete, and the fold of all notices about one subject into
 * one case with one clock. */
#ifndef DESK_NOTICES_H
#define DESK_NOTICES_H

#include "desk/desk.h"
#include "desk/form.h"
#include "desk/subject.h"
#include "store/square_desk_cases.h"

#define NOTICE_LAW_MAX 200
#define NOTICE_REASONS_MAX 5000

/* What a notice says, checked as far as that goes without a database. */
struct notice_input {
	struct bytes subject_text, law, reasons;
	struct subject subject;
	enum subject_kind kind;
	const struct sop_category *category;
};

/* Pure. What is missing or wrong is noted in the form. */
void notice_read(struct form *form, const struct sop *sop, struct notice_input *out);

/* The law of a notice stands in the public ledger: no names, numbers or links of people in it. */
bool notice_law_is_publishable(struct bytes law);

struct notice_new {
	int64_t reporter; /* a grant; 0: a sensor */
	enum lane lane;
	const struct sop_category *category;
	struct bytes subject_text, law, reasons;
	int64_t channel;
	int32_t post;
	struct bytes name; /* username of the channel */
	int64_t members;
};

/* Writes the notice and folds it into the case of its subject: an open case takes it in; a case
 * whose restriction holds is opened again; what is removed everywhere stays decided; otherwise a
 * new case is opened. *c is the case afterwards. Returns the notice's number. */
int64_t notice_fold(struct desk *desk, struct db *db, struct arena *arena, int64_t now_s,
	const struct notice_new *notice, struct desk_case *c);

#endif
