/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Finding words in text, for the searches that look through rows: in any letter case of any script,
 * with and without accents. A word may also stand inside of a longer one, as not all scripts put
 * spaces between words.
 */
#ifndef CORE_FIND_H
#define CORE_FIND_H

#include "base/arena.h"
#include "base/bytes.h"

#define FIND_WORDS_MAX 16 /* of a query, the rest is not looked for */

struct find {
	struct bytes words[FIND_WORDS_MAX]; /* folded */
	size_t count;
};

/* The words of a query, in the arena. What is not UTF-8 is found nowhere. */
struct find find_words(struct arena *arena, struct bytes query);
/* Whether all words are in the text; no words are in every text. Linear in the text: who searches
 * may have written it. Takes some times the text's size from scratch. */
bool find_in(struct arena *scratch, struct bytes text, const struct find *find);

#endif
