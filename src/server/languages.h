/* SPDX-License-Identifier: Apache-2.0 */
/* The language packs that the operator put into DIR/lang/CLIENT/CODE.strings
 * (core/languages.h), read when the messenger starts. */
#ifndef SERVER_LANGUAGES_H
#define SERVER_LANGUAGES_H

#include "core/languages.h"

/* More are left out: bounds what is kept in memory. */
#define LANGUAGE_PACKS_MAX 256

/* A file that can't be read or is not right is left out, and the log says why. All lives in the
 * arena. */
void languages_load(struct arena *arena, const char *dir, struct languages *out);

#endif
