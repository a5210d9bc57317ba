/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The buttons under a bot's message: what is taken from a bot, and how they are stored. Who pressed
 * one is core/bots/callbacks.h. https://core.telegram.org/api/bots/buttons
 */
#ifndef CORE_KEYBOARD_H
#define CORE_KEYBOARD_H

#include "base/pack.h"
#include "core/call.h"

#define KEYBOARD_BUTTONS_MAX 100
#define KEYBOARD_ROW_MAX 8  /* buttons in a row: what stock clients lay out */
#define BUTTON_TEXT_MAX 256 /* bytes */
#define BUTTON_DATA_MAX 64  /* bytes, as the Bot API has it */
#define BUTTON_URL_MAX 2048 /* bytes */

/* Stored: new ones go to the end. */
enum button_kind { BUTTON_CALLBACK, BUTTON_URL, BUTTON_KIND_COUNT };

struct button {
	enum button_kind kind;
	struct bytes text, argument; /* CALLBACK: what the bot is told; URL: where it leads */
};

struct button_row {
	struct button *at;
	size_t count;
};

struct keyboard {
	struct button_row *rows;
	size_t count;
};

/* Whether it may be stored; rows without buttons go. *keyboard is NULL when nothing is left. Faults
 * BUTTON_TEXT_INVALID, BUTTON_DATA_INVALID, BUTTON_URL_INVALID, REPLY_MARKUP_TOO_LONG. */
MUST_CHECK int keyboard_accept(struct call *call, struct keyboard **keyboard);
/* Whether a press may lead there: other schemes could make a client do something by itself. */
bool keyboard_url_is_fit(struct bytes url);
/* Whether a button of it says these data. NULL: none does. */
bool keyboard_has_data(const struct keyboard *keyboard, struct bytes data);

void keyboard_pack(struct pack *pack, const struct keyboard *keyboard);
/* What is not keyboard_pack's fails the reader. In the arena. */
struct keyboard *keyboard_unpack(struct unpack *unpack, struct arena *arena);
/* Deep; NULL stays NULL. */
struct keyboard *keyboard_copy(struct arena *arena, const struct keyboard *keyboard);

#endif
