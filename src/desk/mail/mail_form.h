/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A notice as people write it into a mail: lines "Label: value", where the label is a field's name
 * or title (desk/lanes/notice_forms.h) in English or Indonesian, or a word that is often used for
 * it. A value goes on until the next label. Lines with '>' or '#' in front don't count, nor does
 * what stands below a line "--". Pure; what it says is judged by the gate, as of every lane.
 */
#ifndef DESK_MAIL_FORM_H
#define DESK_MAIL_FORM_H

#include "base/buf.h"
#include "desk/lanes/notice_forms.h"

struct mail_form {
	json_t *body;	      /* as POST /api/notices has it; owned by the caller */
	int labels;	      /* that were found; 0: it is no form */
	const char *repeated; /* a field that is there twice, or NULL */
	bool indonesian;      /* most labels were */
};

void mail_form_read(
	struct bytes text, const struct sop *sop, struct arena *arena, struct mail_form *out);

/* The same without quotes and signature: what somebody wrote by hand, as an answer. A copy. */
struct bytes mail_answer_text(struct arena *arena, struct bytes text);

/* An empty form to fill in. stranger: with what who is not known must say too. */
void mail_form_write(struct buf *out, const struct sop *sop, enum notice_form form, bool stranger,
	bool indonesian);
/* What people read for this name of a field. */
const char *mail_form_title(const char *name, bool indonesian);

#endif
