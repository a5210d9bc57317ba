/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "desk/lanes/field_text.h"

#include <string.h>
#include <strings.h>

#include "base/text.h"

#define LIST_MAX 64

static const char *const words_true[] = {"yes", "y", "true", "ya", "benar", "urgent", "mendesak"};
static const char *const words_false[] = {
	"no", "n", "false", "tidak", "bukan", "ordinary", "biasa"};

bool field_text_is(struct bytes text, const char *other)
{
	return text.size == strlen(other) &&
	       strncasecmp((const char *)text.data, other, text.size) == 0;
}

static bool is_among(struct bytes text, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (field_text_is(text, list[i]))
			return true;
	return false;
}

/* "<https://…>", "@name (the channel)": up to the first blank. */
static struct bytes first_word(struct bytes text)
{
	size_t size = 0;

	if (text.size > 0 && text.data[0] == '<')
		text = bytes_of(text.data + 1, text.size - 1);
	while (size < text.size && text.data[size] > ' ' && text.data[size] != '>')
		size++;
	return bytes_of(text.data, size);
}

static json_t *text_json(struct bytes text)
{
	return json_stringn((const char *)text.data, text.size);
}

static bool is_title(const struct sop_category *category, struct bytes text)
{
	for (int i = 0; i < category->title_count; i++)
		if (field_text_is(text, category->titles[i].text))
			return true;
	return field_text_is(text, category->name) || field_text_is(text, category->title);
}

static json_t *category_json(const struct sop *sop, struct bytes text)
{
	for (int i = 0; i < sop->category_count; i++)
		if (is_title(&sop->categories[i], text))
			return json_string(sop->categories[i].name);
	return text_json(text);
}

static json_t *list_json(struct arena *arena, struct bytes text, bool capitals)
{
	json_t *list = json_array();

	while (text.size > 0 && json_array_size(list) < LIST_MAX) {
		size_t size = 0;
		struct bytes item;
		char *copy;

		while (size < text.size && !memchr(",;|\n", text.data[size], 4))
			size++;
		item = text_trim(bytes_of(text.data, size));
		copy = arena_str(arena, item);
		for (char *c = copy; capitals && *c; c++)
			if (*c >= 'a' && *c <= 'z')
				*c = (char)(*c - 'a' + 'A');
		if (item.size > 0)
			json_array_append_new(list, json_string(copy));
		size += size < text.size ? 1 : 0;
		text = bytes_of(text.data + size, text.size - size);
	}
	return list;
}

json_t *field_from_text(struct arena *arena, const struct sop *sop,
	const struct notice_field *field, struct bytes text)
{
	switch (field ? field->kind : FIELD_CHOICE) {
	case FIELD_SUBJECT:
	case FIELD_MAIL:
	case FIELD_CHOICE:
	case FIELD_TIME:
		return text_json(first_word(text));
	case FIELD_CATEGORY:
		return category_json(sop, text);
	case FIELD_TRUE:
	case FIELD_SWITCH:
		if (is_among(text, words_true, ARRAY_LEN(words_true)))
			return json_true();
		return is_among(text, words_false, ARRAY_LEN(words_false)) ? json_false()
									   : text_json(text);
	case FIELD_CHOICES:
	case FIELD_COUNTRIES:
		return list_json(arena, text, field->kind == FIELD_COUNTRIES);
	default:
		return text_json(text);
	}
}
