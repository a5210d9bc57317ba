/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an operator types about a person: weekly hours, languages, regions. Pure functions.
 *
 *   mon-fri 08:00-16:00 +07:00; sat 22:00-06:00 +07:00
 *
 * Hours that end before they begin reach into the next day. An offset, not a zone's name: who keeps
 * summer time writes it anew.
 */
#ifndef DESK_SHIFTS_H
#define DESK_SHIFTS_H

#include "base/bytes.h"

#define SHIFTS_MAX 16
#define SHIFTS_TEXT_MAX 500

/* Present and empty is right, and means no fixed hours. */
bool shifts_are_right(struct bytes text);
/* Without fixed hours a person is on duty whenever there is work: true. The text is right. */
bool shifts_on_duty(struct bytes text, int64_t unix_s);

/* "id,en-GB,zh-Hant-TW": language tags by the grammar of BCP 47, without the registry. */
bool langs_are_right(struct bytes commas);
/* "ID,ID-JK": ISO 3166-1, and subdivisions by the form of ISO 3166-2. */
bool regions_are_right(struct bytes commas);
/* Whether the list names it; any case. */
bool list_has(struct bytes commas, struct bytes item);
/* The next of "a,b", taken off the rest; absent: there is none. A view. */
struct bytes list_next(struct bytes *rest);

#endif
