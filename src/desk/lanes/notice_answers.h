/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the sender of a notice is answered, as a document and as a letter in their language:
 *
 *   receipt    it was taken in: Regulation (EU) 2022/2065, Article 16(4)
 *   effect     what was done, and when: Article 9(1) and 16(5); Regulation (EU) 2021/784, Annex II
 *   obstacle   why it can't be carried out: Annex III; the clock stands still
 *   no_effect  nothing was done, or it was lifted again, and on what ground
 *
 * It is made of what is there when somebody asks: nothing is stored. Letters are templates of the
 * SOP, answer_… .
 */
#ifndef DESK_NOTICE_ANSWERS_H
#define DESK_NOTICE_ANSWERS_H

#include "desk/desk.h"
#include "desk/lanes/notice_forms.h"

/* The notice is there. language NULL: the sender's. A new reference, with the letter as "text". */
json_t *notice_answer(struct desk *desk, struct db *db, struct arena *arena, int64_t notice,
	const char *language);
/* To an order that the gate refuses, for what the form lacks. refusal: as it is counted. */
json_t *notice_refusal_answer(struct ask *ask, const struct form *form,
	const struct notice_input *input, const char *refusal);

/* GET /api/notices/N/answer */
void desk_notice_answer(struct ask *ask, struct reply *reply);

#endif
