/* SPDX-License-Identifier: Apache-2.0 */
/* What the service bot says (sop/bot.ini), in English and Indonesian. Pure. */
#ifndef DESK_PHRASES_H
#define DESK_PHRASES_H

#include "desk/sop/sop_templates.h"

/* "id" for "id", "id-ID", "id,en"; "en" for whatever there is no text in. */
const char *phrase_language(struct bytes wanted);
/* Filled in, as sop_letter(). values NULL: none. A name that is not in the file is our own bug. */
char *phrase(struct arena *arena, const char *language, const char *name,
	const struct sop_value *values);
bool phrase_is_there(const char *language, const char *name);

/* As people read it: "Sunday 22 November 2026, 21:40 WIB (UTC+7)", by the clocks of the country
 * where they are the same all over it and all year, or nearly; else UTC. */
char *phrase_time(struct arena *arena, const char *language, struct bytes country, int64_t unix_s);

#endif
