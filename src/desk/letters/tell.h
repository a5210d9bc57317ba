/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who sent a notice hears what becomes of it, by the way it came: in the chat, by mail, in the
 * reader's client. Also who the SOP's ladder names hears of an escalation. Nobody calls this about
 * an event: case_append() notes each one of a kind that has a row here, and tell_look() makes
 * letters of them, in order, in one transaction of its own. A new kind is one row in tell.c.
 */
#ifndef DESK_TELL_H
#define DESK_TELL_H

#include "desk/desk.h"
#include "store/square_desk_cases.h"

/* Of case_append(): the event is to be told, or not. */
void tell_note(struct db *db, const struct desk_event *event);
/* Tells what is noted. After each transaction that may have appended an event, and every second.
 * Returns how many events. */
int tell_look(struct desk *desk);

/* "@name/12" */
char *tell_subject(struct arena *arena, const struct desk_case *c);
/* What the last decision of the case was, in words; NULL: none yet. */
char *tell_measure(struct arena *arena, const char *language, const struct desk_case *c);

#endif
