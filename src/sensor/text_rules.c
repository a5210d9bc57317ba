/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "sensor/text_rules.h"

#include <stdlib.h>
#include <utf8proc.h>

#include "base/text.h"

/* Letters that look like a Latin one after case folding: Cyrillic and Greek, what disguises use. */
static const struct {
	utf8proc_int32_t from;
	char to;
} look_alikes[] = {
	{0x0430, 'a'},
	{0x0435, 'e'},
	{0x043e, 'o'},
	{0x0440, 'p'},
	{0x0441, 'c'},
	{0x0443, 'y'},
	{0x0445, 'x'},
	{0x0456, 'i'},
	{0x0458, 'j'},
	{0x0455, 's'},
	{0x04bb, 'h'},
	{0x0501, 'd'},
	{0x043a, 'k'},
	{0x043c, 'm'},
	{0x0442, 't'},
	{0x0432, 'b'},
	{0x043d, 'h'},
	{0x03b1, 'a'},
	{0x03b5, 'e'},
	{0x03bf, 'o'},
	{0x03c1, 'p'},
	{0x03c5, 'u'},
	{0x03c7, 'x'},
	{0x03b9, 'i'},
	{0x03ba, 'k'},
	{0x03bd, 'v'},
	{0x03c4, 't'},
	{0x0131, 'i'},
};

static utf8proc_int32_t plain(utf8proc_int32_t c)
{
	for (size_t i = 0; i < ARRAY_LEN(look_alikes); i++) {
		if (look_alikes[i].from == c)
			return look_alikes[i].to;
	}
	return c;
}

static bool is_word(utf8proc_int32_t c)
{
	utf8proc_category_t category = utf8proc_category(c);

	return (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO) ||
	       (category >= UTF8PROC_CATEGORY_MN && category <= UTF8PROC_CATEGORY_ME) ||
	       (category >= UTF8PROC_CATEGORY_ND && category <= UTF8PROC_CATEGORY_NO);
}

/* Words with single spaces between them; everything that is no word separates. */
static struct bytes words_of(struct arena *arena, const utf8proc_uint8_t *text, size_t size)
{
	uint8_t *out = arena_alloc(arena, size + 1);
	size_t at = 0, used = 0;

	while (at < size) {
		utf8proc_int32_t c;
		utf8proc_ssize_t step =
			utf8proc_iterate(text + at, (utf8proc_ssize_t)(size - at), &c);

		if (step <= 0)
			break;
		at += (size_t)step;
		c = plain(c);
		if (is_word(c))
			used += (size_t)utf8proc_encode_char(c, out + used);
		else if (used > 0 && out[used - 1] != ' ')
			out[used++] = ' ';
	}
	if (used > 0 && out[used - 1] == ' ')
		used--;
	return bytes_of(out, used);
}

static struct bytes mapped(struct arena *arena, struct bytes text, utf8proc_option_t options)
{
	utf8proc_uint8_t *out = NULL;
	utf8proc_ssize_t size = utf8proc_map(text.data, (utf8proc_ssize_t)text.size, &out, options);
	struct bytes result = {NULL, 0};

	if (size >= 0)
		result = arena_bytes(arena, bytes_of(out, (size_t)size));
	free(out);
	return result;
}

/* Look-alikes are replaced while letters and their marks are apart, and put together afterwards:
 * a Cyrillic letter with an accent then ends as the Latin one with it, and the normal form of a
 * normal form is itself. */
struct bytes text_normalise(struct arena *arena, struct bytes text)
{
	struct bytes apart = mapped(arena, text,
		UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_STABLE | UTF8PROC_CASEFOLD |
			UTF8PROC_IGNORE);

	if (!apart.data)
		return apart;
	return mapped(
		arena, words_of(arena, apart.data, apart.size), UTF8PROC_COMPOSE | UTF8PROC_STABLE);
}

static int parse_line(struct text_rules *rules, struct arena *arena, struct bytes line, int number,
	struct err *err)
{
	const uint8_t *tab;
	struct bytes category, phrase;

	line = text_trim(line);
	if (line.size == 0 || line.data[0] == '#')
		return 0;
	tab = memchr(line.data, '\t', line.size);
	if (!tab)
		return err_set(
			err, 0, "line %d: a category, a tab and a phrase belong here", number);
	category = text_trim(bytes_of(line.data, (size_t)(tab - line.data)));
	phrase = text_trim(bytes_of(tab + 1, line.size - (size_t)(tab + 1 - line.data)));
	if (phrase.size > TEXT_RULE_PHRASE_MAX)
		return err_set(err, 0, "line %d: a phrase has at most %d bytes", number,
			TEXT_RULE_PHRASE_MAX);
	phrase = text_normalise(arena, phrase);
	if (category.size == 0 || phrase.size == 0)
		return err_set(err, 0, "line %d: the category or the phrase is empty", number);
	if (rules->count == TEXT_RULES_MAX)
		return err_set(err, 0, "there are more than %d phrases", TEXT_RULES_MAX);
	rules->rules[rules->count++] = (struct text_rule){
		.category = arena_bytes(arena, category), .phrase = phrase, .line = number};
	return 0;
}

int text_rules_parse(
	struct text_rules *rules, struct arena *arena, struct bytes file, struct err *err)
{
	size_t lines = 1;
	int number = 0;

	for (size_t i = 0; i < file.size; i++)
		lines += file.data[i] == '\n';
	*rules = (struct text_rules){
		.rules = arena_array(arena, lines < TEXT_RULES_MAX ? lines : TEXT_RULES_MAX,
			sizeof(struct text_rule))};
	while (file.size > 0) {
		const uint8_t *end = memchr(file.data, '\n', file.size);
		size_t size = end ? (size_t)(end - file.data) : file.size, step = size + (end != 0);

		if (parse_line(rules, arena, bytes_of(file.data, size), ++number, err) < 0)
			return -1;
		file = bytes_of(file.data + step, file.size - step);
	}
	return 0;
}

/* The phrase between borders of words. */
static bool stands_in(struct bytes text, struct bytes phrase)
{
	size_t at = 0;

	while (text.size - at >= phrase.size) {
		const uint8_t *found =
			memmem(text.data + at, text.size - at, phrase.data, phrase.size);
		size_t start, end;

		if (!found)
			return false;
		start = (size_t)(found - text.data);
		end = start + phrase.size;
		if ((start == 0 || text.data[start - 1] == ' ') &&
			(end == text.size || text.data[end] == ' '))
			return true;
		at = start + 1;
	}
	return false;
}

const struct text_rule *text_rules_match(
	const struct text_rules *rules, struct arena *arena, struct bytes text)
{
	struct bytes plain_text = text_normalise(arena, text);

	for (size_t i = 0; plain_text.size > 0 && i < rules->count; i++) {
		if (stands_in(plain_text, rules->rules[i].phrase))
			return &rules->rules[i];
	}
	return NULL;
}
