/* SPDX-License-Identifier: Apache-2.0 */
/* In which language the subject of a new case is, so that who reads it gets it. Unknown until
 * somebody says, if its words are too few: talk.h. */
#ifndef DESK_CASE_LANGUAGE_H
#define DESK_CASE_LANGUAGE_H

#include "store/square_desk_cases.h"

/* Writes the event, if there is something to say. Inside the transaction that opens the case. */
void case_note_language(struct db *db, struct arena *arena, int64_t now_s, struct desk_case *c);

#endif
