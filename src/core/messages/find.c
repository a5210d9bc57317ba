/* SPDX-License-Identifier: Apache-2.0 */
/* Folding and finding. */
#include "core/messages/find.h"

#include <stdlib.h>
#include <utf8proc.h>

#include "base/text.h"

static bool is_ascii(struct bytes text)
{
	for (size_t i = 0; i < text.size; i++) {
		if (text.data[i] >= 0x80)
			return false;
	}
	return true;
}

/* Absent: it is no text. */
static struct bytes folded(struct arena *arena, struct bytes text)
{
	const utf8proc_option_t options = UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_STABLE |
					  UTF8PROC_CASEFOLD | UTF8PROC_STRIPMARK | UTF8PROC_IGNORE;
	struct bytes out = {0};
	utf8proc_uint8_t *mapped = NULL;
	utf8proc_ssize_t size;

	if (is_ascii(text))
		return bytes_of(text_lower(arena, text), text.size);
	size = utf8proc_map(text.data, (utf8proc_ssize_t)text.size, &mapped, options);
	if (size >= 0)
		out = arena_bytes(arena, bytes_of(mapped, (size_t)size));
	free(mapped);
	return out;
}

static bool is_space(uint8_t c)
{
	return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

struct find find_words(struct arena *arena, struct bytes query)
{
	static const uint8_t in_no_text[] = {0xff};
	struct bytes left = folded(arena, query);
	struct find find = {0};

	if (!left.data && query.size) {
		find.words[find.count++] = bytes_of(in_no_text, sizeof(in_no_text));
		return find;
	}
	for (size_t at = 0, end; find.count < FIND_WORDS_MAX; at = end) {
		while (at < left.size && is_space(left.data[at]))
			at++;
		for (end = at; end < left.size && !is_space(left.data[end]);)
			end++;
		if (end == at)
			break;
		find.words[find.count++] = bytes_of(left.data + at, end - at);
	}
	return find;
}

bool find_in(struct arena *scratch, struct bytes text, const struct find *find)
{
	struct bytes low;

	if (!find->count)
		return true;
	low = folded(scratch, text);
	for (size_t i = 0; i < find->count; i++) {
		const struct bytes word = find->words[i];

		if (low.size < word.size || !memmem(low.data, low.size, word.data, word.size))
			return false;
	}
	return true;
}
