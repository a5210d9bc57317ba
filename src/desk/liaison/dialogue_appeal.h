/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DESK_DIALOGUE_APPEAL_H
#define DESK_DIALOGUE_APPEAL_H

#include "desk/liaison/dialogue.h"

/* Rows of dialogue.c: "/start appeal_CODE", and the message that follows. */
bool appeal_begin(struct dialogue *d);
bool appeal_words(struct dialogue *d);

#endif
