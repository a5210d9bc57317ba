/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The words of a text as the index of the square takes them, the same for every engine: in any
 * letter case of any script, without accents, and beside each word its stems in Indonesian and
 * English. What is written without spaces between words (Chinese, Japanese) is taken letter by
 * letter. Pure functions; what is not UTF-8 has no words.
 */
#ifndef STORE_SEARCH_WORDS_H
#define STORE_SEARCH_WORDS_H

#include "base/arena.h"
#include "base/bytes.h"

#define SEARCH_STEMS 2
#define SEARCH_WORD_MAX 64    /* bytes; a longer one is not found */
#define SEARCH_WORDS_MAX 2000 /* of one text; the rest is not found */

struct search_word {
	struct bytes word;
	struct bytes stems[SEARCH_STEMS]; /* absent: the same as the word */
	bool tag;			  /* it stands behind a # */
};

struct search_words {
	struct search_word *at;
	size_t count;
};

/* In the order of the text, at most limit. All in the arena. */
struct search_words search_words_of(struct arena *arena, struct bytes text, size_t limit);

#endif
