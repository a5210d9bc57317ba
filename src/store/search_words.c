/* SPDX-License-Identifier: Apache-2.0 */
/* Folding, cutting and stemming. */
#include "store/search_words.h"

#include <libstemmer.h>
#include <stdlib.h>
#include <utf8proc.h>

static const char *const languages[SEARCH_STEMS] = {"indonesian", "english"};

/* Absent: it is no text. */
static struct bytes folded(struct arena *arena, struct bytes text)
{
	const utf8proc_option_t options = UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_STABLE |
					  UTF8PROC_CASEFOLD | UTF8PROC_STRIPMARK | UTF8PROC_IGNORE;
	utf8proc_uint8_t *mapped = NULL;
	const utf8proc_ssize_t size =
		utf8proc_map(text.data, (utf8proc_ssize_t)text.size, &mapped, options);
	struct bytes out = {0};

	if (size >= 0)
		out = arena_bytes(arena, bytes_of(mapped, (size_t)size));
	free(mapped);
	return out;
}

static bool is_in_word(utf8proc_int32_t c)
{
	switch (utf8proc_category(c)) {
	case UTF8PROC_CATEGORY_LU:
	case UTF8PROC_CATEGORY_LL:
	case UTF8PROC_CATEGORY_LT:
	case UTF8PROC_CATEGORY_LM:
	case UTF8PROC_CATEGORY_LO:
	case UTF8PROC_CATEGORY_MN:
	case UTF8PROC_CATEGORY_MC:
	case UTF8PROC_CATEGORY_ND:
	case UTF8PROC_CATEGORY_NL:
	case UTF8PROC_CATEGORY_NO:
		return true;
	default:
		return false;
	}
}

/* Kana, and the ideographs of all planes. */
static bool stands_alone(utf8proc_int32_t c)
{
	return (c >= 0x3040 && c <= 0x30ff) || (c >= 0x3400 && c <= 0x9fff) ||
	       (c >= 0xf900 && c <= 0xfaff) || (c >= 0x20000 && c <= 0x3ffff);
}

static void stems_find(
	struct arena *arena, struct sb_stemmer *const *stemmers, struct search_word *word)
{
	for (size_t i = 0; i < SEARCH_STEMS; i++) {
		const sb_symbol *stem =
			sb_stemmer_stem(stemmers[i], word->word.data, (int)word->word.size);
		const struct bytes found =
			bytes_of(stem, stem ? (size_t)sb_stemmer_length(stemmers[i]) : 0);

		if (found.size && !bytes_equal(found, word->word))
			word->stems[i] = arena_bytes(arena, found);
	}
}

/* The next word of text from *at on. An underscore holds the parts of a tag together. */
static bool word_next(struct bytes text, size_t *at, struct search_word *out)
{
	size_t start = 0, size = 0;
	bool after_hash = false;

	*out = (struct search_word){0};
	while (*at < text.size) {
		utf8proc_int32_t c;
		const utf8proc_ssize_t step =
			utf8proc_iterate(text.data + *at, (utf8proc_ssize_t)(text.size - *at), &c);

		if (step <= 0)
			return false;
		if (is_in_word(c) || (c == '_' && out->tag)) {
			if (size && stands_alone(c))
				break;
			if (!size) {
				start = *at;
				out->tag = after_hash;
			}
			size += (size_t)step;
		} else if (size) {
			break;
		}
		after_hash = c == '#';
		*at += (size_t)step;
		if (size && stands_alone(c) && !out->tag)
			break;
	}
	out->word = bytes_of(text.data + start, size);
	return size > 0;
}

struct search_words search_words_of(struct arena *arena, struct bytes text, size_t limit)
{
	struct sb_stemmer *stemmers[SEARCH_STEMS];
	struct search_words words = {0};
	struct search_word word;
	size_t at = 0;

	text = folded(arena, text);
	/* A word and what parts it from the next take two bytes at least. */
	if (limit > text.size)
		limit = text.size;
	words.at = arena_array(arena, limit, sizeof(*words.at));
	for (size_t i = 0; i < SEARCH_STEMS; i++)
		stemmers[i] = sb_stemmer_new(languages[i], "UTF_8");
	while (words.count < limit && word_next(text, &at, &word)) {
		if (word.word.size > SEARCH_WORD_MAX)
			continue;
		stems_find(arena, stemmers, &word);
		words.at[words.count++] = word;
	}
	for (size_t i = 0; i < SEARCH_STEMS; i++)
		sb_stemmer_delete(stemmers[i]);
	return words;
}
