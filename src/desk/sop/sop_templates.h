/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Letters and texts of the SOP: [template ID.LANGUAGE], with {placeholders} that are filled in when
 * a letter is written. Which placeholders a template may use is one row of a table here; the SOP is
 * checked against it when it is read, so that a wrong one never reaches anybody.
 */
#ifndef DESK_SOP_TEMPLATES_H
#define DESK_SOP_TEMPLATES_H

#include "base/arena.h"
#include "desk/sop/sop.h"

struct sop_value {
	const char *name, *text; /* text NULL: empty */
};

/* NULL: no template has this id. Otherwise its placeholders, with ' ' before and after each. */
const char *sop_template_placeholders(const char *id);
/* The n-th id, from 0; NULL: there are no more. */
const char *sop_template_id(int n);
/* What is wrong with the text of the template, into *err. */
MUST_CHECK int sop_template_check(const char *id, const char *text, struct err *err);

/* The text for readers of this language ("id", "id-ID"), else English, which is always there. id is
 * one of the table. */
const char *sop_template(const struct sop *sop, const char *id, const char *language);
/* Filled in; values end with a NULL name. A value that is not given is empty, and a line whose
 * placeholders are all empty is left out. What is filled in is not looked at again: a value may
 * hold braces. */
char *sop_letter(struct arena *arena, const struct sop *sop, const char *id, const char *language,
	const struct sop_value *values);
/* Any text with {placeholders}, in the same way. */
char *sop_fill(struct arena *arena, const char *text, const struct sop_value *values);

#endif
