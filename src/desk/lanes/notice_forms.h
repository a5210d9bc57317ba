/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The forms that a notice comes in, as one table of fields: what is read, what the gate finds
 * missing, what GET /api/forms tells pages, mail and the liaison chat, all follow from it.
 *
 *   art16  a notice: Regulation (EU) 2022/2065, Article 16(2)
 *   art9   an order against illegal content: the same, Article 9(2)
 *   tco    a removal order: Regulation (EU) 2021/784, Article 3 and Annex I
 */
#ifndef DESK_NOTICE_FORMS_H
#define DESK_NOTICE_FORMS_H

#include "desk/lanes/form.h"
#include "desk/sop/sop.h"
#include "desk/cases/subject.h"

#define NOTICE_LAW_MAX 200
#define NOTICE_REASONS_MAX 5000

enum notice_form { FORM_ART16, FORM_ART9, FORM_TCO, FORM_COUNT };

enum field_need {
	NEED_NOT,      /* it is no field of the form */
	NEED_MAY,      /* may be left out */
	NEED_STRANGER, /* must be there when the desk does not know the sender, except about the
			  abuse of children */
	NEED_MUST,
};

enum field_kind {
	FIELD_TEXT,
	FIELD_SUBJECT,	 /* subject.h */
	FIELD_CATEGORY,	 /* of the SOP */
	FIELD_LAW,	 /* text that may be published */
	FIELD_MAIL,	 /* an e-mail address */
	FIELD_TIME,	 /* 2026-12-01T00:00:00Z */
	FIELD_TRUE,	 /* must be true */
	FIELD_SWITCH,	 /* true or false */
	FIELD_CHOICE,	 /* one of choices */
	FIELD_CHOICES,	 /* an array of them, at least one */
	FIELD_COUNTRIES, /* an array of ISO 3166-1 */
	FIELD_KINDS
};

struct notice_field {
	const char *name;
	enum field_kind kind;
	uint16_t max; /* bytes, of text */
	enum field_need need[FORM_COUNT];
	const char *choices;		     /* "court|other" */
	const char *title[2], *explained[2]; /* English, Indonesian */
};

/* NULL: there are no more. */
const struct notice_field *notice_field_at(size_t position);
/* It says who sent the notice. */
bool notice_field_is_about_sender(const struct notice_field *field);
const char *notice_form_name(enum notice_form form);
/* FORM_COUNT: none. */
enum notice_form notice_form_by_name(struct bytes name);
/* Only an authority sends it, and it binds. */
bool notice_form_orders(enum notice_form form);

/* Who sends it. */
struct notice_sender {
	bool known;	/* to the desk, by name and address */
	bool authority; /* may order */
};

/* A removal order is about terrorist content alone. */
bool notice_form_takes(enum notice_form form, const struct sop_category *category);
const char *notice_form_title(enum notice_form form, bool indonesian);

/* What a notice says, checked as far as that goes without a database. */
struct notice_input {
	enum notice_form form;
	struct bytes subject_text, law, reasons;
	struct subject subject;
	enum subject_kind kind;
	bool urgent; /* for the clock that the SOP has for urgent notices */
	const struct sop_category *category;
	struct bytes
		countries;   /* "DE,FR": where an order is to hold; empty: it says nothing of it */
	struct bytes fields; /* all others that it has, a JSON object */
};

/* Pure. What is missing or wrong is noted in the form, all of it. */
void notice_read(struct form *form, const struct sop *sop, const struct notice_sender *sender,
	struct notice_input *out);

/* Pure. What the gate would say of this value alone; NULL: nothing. Of the sender and of where an
 * order holds only the gate knows. */
const char *notice_field_fault(struct arena *arena, const struct sop *sop, enum notice_form form,
	const struct notice_field *field, json_t *value);

/* The law of a notice stands in the public ledger: no names, numbers or links of people in it. */
bool notice_law_is_publishable(struct bytes law);

#endif
