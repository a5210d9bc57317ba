/* SPDX-License-Identifier: Apache-2.0 */
/* What people of the desk say about a case among themselves: notes, second opinions, in which
 * language it is. Events; nobody outside of the desk sees them. */
#ifndef DESK_TALK_H
#define DESK_TALK_H

#include "desk/desk.h"
#include "store/square_desk_cases.h"
#include "store/square_desk_work.h"

/* Adds "notes", "opinions" and "contacts" (contacts.h); without names and opinions for whom it is
 * blind to. */
void talk_describe(struct ask *ask, const struct desk_work *w, json_t *body);

/* POST /api/cases/N/notes, /ask, /opinions, /language */
void desk_case_note(struct ask *ask, struct reply *reply);
void desk_case_ask(struct ask *ask, struct reply *reply);
void desk_case_opine(struct ask *ask, struct reply *reply);
void desk_case_language(struct ask *ask, struct reply *reply);

#endif
