/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The value of a form's field as people write it, in a mail or a chat: "yes", "DE, FR", the title
 * of a category. What can't be understood stays text, and the gate says what is wrong with it.
 * Pure.
 */
#ifndef DESK_FIELD_TEXT_H
#define DESK_FIELD_TEXT_H

#include "desk/lanes/notice_forms.h"

/* As POST /api/notices has it, a new reference. field NULL: the name of the form. */
json_t *field_from_text(struct arena *arena, const struct sop *sop,
	const struct notice_field *field, struct bytes text);
/* The same letters, large or small. */
bool field_text_is(struct bytes text, const char *other);

#endif
