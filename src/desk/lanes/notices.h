/* SPDX-License-Identifier: Apache-2.0 */
/* Notices: the fold of all notices about one subject into one case with one clock. What a notice
 * says is notice_forms.h; who may send which is notice_gate.c. */
#ifndef DESK_NOTICES_H
#define DESK_NOTICES_H

#include "desk/desk.h"
#include "desk/lanes/notice_forms.h"
#include "store/square_desk_cases.h"

struct notice_new {
	int64_t reporter; /* a grant; 0: a sensor, or a reader: the desk does not know which */
	enum lane lane;
	enum door door;
	bool urgent;	      /* its sender says so, and may */
	int64_t officer;      /* the person who sent it for the reporter; 0: nobody signed in */
	struct bytes country; /* of the authority that sent it; else absent */
	const struct sop_category *category;
	struct bytes rule; /* of a sensor, that is to be told from others; else absent */
	struct bytes subject_text, law, reasons;
	int64_t channel;
	int32_t post;
	struct bytes name; /* username of the channel */
	int64_t members;
	enum notice_form form;
	struct bytes countries, fields; /* of a form; absent fields: it came in none */
};

/* Writes the notice and folds it into the case of its subject: an open case takes it in; a case
 * whose restriction holds is opened again; what is removed everywhere stays decided; otherwise a
 * new case is opened. *c is the case afterwards. Returns the notice's number. */
int64_t notice_fold(struct desk *desk, struct db *db, struct arena *arena, int64_t now_s,
	const struct notice_new *notice, struct desk_case *c);

/* May an authority of this country send such a form about this category? How far beyond its country
 * an order holds only the order says, except of a removal order, which holds in all the Union. */
bool notice_form_is_open_to(
	enum notice_form form, struct bytes country, const struct sop_category *category);

/* Adds form, countries and fields, of a notice that came in a form. */
void notice_add_form(struct ask *ask, json_t *body, const struct desk_notice *notice);
/* The fields of a form, opened. A new reference, empty when they can't be. */
struct desk_notice_form;
json_t *notice_form_fields(struct desk *desk, struct arena *arena, int64_t notice,
	const struct desk_notice_form *form);

#endif
