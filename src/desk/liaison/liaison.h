/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The direct line of an authority or flagger: what its officers do in a chat with the service bot.
 * A link or a forwarded post begins a short dialogue, whose end is a notice through the same gate
 * as over HTTP. Handlers, one per row of the table in dialogue.c; true: taken.
 */
#ifndef DESK_LIAISON_H
#define DESK_LIAISON_H

#include "desk/liaison/dialogue.h"

/* Commands. */
bool liaison_bind(struct dialogue *d);
bool liaison_notice(struct dialogue *d);
bool liaison_cases(struct dialogue *d);
bool liaison_case(struct dialogue *d);
bool liaison_answer(struct dialogue *d);
bool liaison_cancel(struct dialogue *d);
/* Texts that are no command: a reply to a question, a link, a forwarded post. */
bool liaison_reply(struct dialogue *d);
bool liaison_link(struct dialogue *d);
/* Steps and buttons of the dialogue. */
bool liaison_step_law(struct dialogue *d);
bool liaison_step_reasons(struct dialogue *d);
bool liaison_press_category(struct dialogue *d);
bool liaison_press_law(struct dialogue *d);
bool liaison_press_urgent(struct dialogue *d);
bool liaison_press_form(struct dialogue *d);
bool liaison_press_field(struct dialogue *d);
bool liaison_step_field(struct dialogue *d);
bool liaison_press_send(struct dialogue *d);
bool liaison_press_cancel(struct dialogue *d);

#endif
