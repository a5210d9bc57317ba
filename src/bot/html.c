/* SPDX-License-Identifier: Apache-2.0 */
/* One pass with a stack of open tags; offsets are counted in UTF-16 units as the text is written.
 */
#include "bot/html.h"

#include <stdlib.h>

#include "base/buf.h"
#include "core/messages/entities.h"

#define OPEN_MAX 32 /* tags inside of each other */
#define TAG_MAX 16  /* characters of a name */

struct open_tag {
	char name[TAG_MAX];
	struct entity entity; /* kind ENTITY_KIND_COUNT: it formats nothing by itself */
};

struct html {
	struct arena *arena;
	const uint8_t *at, *end;
	uint8_t *text; /* never longer than the html */
	size_t size;
	int32_t units;
	struct open_tag open[OPEN_MAX];
	int depth;
	struct message *out;
};

/* ---- Characters ---- */

static void put_byte(struct html *h, uint8_t c)
{
	h->text[h->size++] = c;
	/* Of each character its first byte counts; those beyond U+FFFF are two units. */
	if ((c & 0xC0) != 0x80)
		h->units += c >= 0xF0 ? 2 : 1;
}

static void put_code_point(struct html *h, uint32_t c)
{
	if (c < 0x80) {
		put_byte(h, (uint8_t)c);
	} else if (c < 0x800) {
		put_byte(h, (uint8_t)(0xC0 | c >> 6));
		put_byte(h, (uint8_t)(0x80 | (c & 0x3F)));
	} else if (c < 0x10000) {
		put_byte(h, (uint8_t)(0xE0 | c >> 12));
		put_byte(h, (uint8_t)(0x80 | (c >> 6 & 0x3F)));
		put_byte(h, (uint8_t)(0x80 | (c & 0x3F)));
	} else {
		put_byte(h, (uint8_t)(0xF0 | c >> 18));
		put_byte(h, (uint8_t)(0x80 | (c >> 12 & 0x3F)));
		put_byte(h, (uint8_t)(0x80 | (c >> 6 & 0x3F)));
		put_byte(h, (uint8_t)(0x80 | (c & 0x3F)));
	}
}

/* Of "&#123;" or "&#x7B;", whose text is inside; 0: none. Each is longer than the character's
 * bytes, so the text stays within the html's size. */
static uint32_t code_point(const char *name)
{
	char *end;
	unsigned long c;

	if (name[0] != '#' || !((name[1] >= '0' && name[1] <= '9') || name[1] == 'x'))
		return 0;
	c = name[1] == 'x' ? strtoul(name + 2, &end, 16) : strtoul(name + 1, &end, 10);
	if (*end || c > 0x10FFFF || (c >= 0xD800 && c < 0xE000))
		return 0;
	return (uint32_t)c;
}

static uint32_t named(const char *name)
{
	static const struct {
		const char *name;
		uint32_t c;
	} names[] = {{"lt", '<'}, {"gt", '>'}, {"amp", '&'}, {"quot", '"'}};

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (strcmp(names[i].name, name) == 0)
			return names[i].c;
	return code_point(name);
}

/* At '&'. 0: it stands for nothing, and is left as it is. */
static uint32_t take_reference(struct html *h)
{
	char name[TAG_MAX];
	size_t size = 0;
	const uint8_t *at = h->at + 1;
	uint32_t c;

	while (at < h->end && *at != ';' && size < sizeof(name) - 1)
		name[size++] = (char)*at++;
	name[size] = 0;
	c = at < h->end && *at == ';' ? named(name) : 0;
	if (c)
		h->at = at + 1;
	return c;
}

/* ---- Tags ---- */

static bool is_space(uint8_t c)
{
	return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

static uint8_t lower(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? (uint8_t)(c + 32) : c;
}

static bool take_name(struct html *h, char name[TAG_MAX])
{
	size_t size = 0;

	while (h->at < h->end && !is_space(*h->at) && *h->at != '>' && *h->at != '=') {
		if (size == TAG_MAX - 1)
			return false;
		name[size++] = (char)lower(*h->at++);
	}
	name[size] = 0;
	return size > 0;
}

/* References inside of it are resolved by writing it as text and taking it back. */
static struct bytes take_value(struct html *h)
{
	const size_t size = h->size;
	const int32_t units = h->units;
	const uint8_t quote = *h->at++;
	struct bytes value;

	while (h->at < h->end && *h->at != quote) {
		const uint32_t c = *h->at == '&' ? take_reference(h) : 0;

		if (c)
			put_code_point(h, c);
		else
			put_byte(h, *h->at++);
	}
	value = arena_bytes(h->arena, bytes_of(h->text + size, h->size - size));
	h->size = size;
	h->units = units;
	if (h->at == h->end)
		return (struct bytes){0};
	h->at++;
	return value;
}

struct attribute {
	char name[TAG_MAX];
	struct bytes value;
};

/* 1: one; 0: the tag ended; -1: malformed. */
static int take_attribute(struct html *h, struct attribute *out)
{
	while (h->at < h->end && is_space(*h->at))
		h->at++;
	if (h->at == h->end)
		return -1;
	if (*h->at == '>') {
		h->at++;
		return 0;
	}
	out->value = BYTES_LITERAL("");
	if (!take_name(h, out->name))
		return -1;
	if (h->at == h->end || *h->at != '=')
		return 1;
	h->at++;
	if (h->at == h->end || (*h->at != '"' && *h->at != '\''))
		return -1;
	out->value = take_value(h);
	return out->value.data ? 1 : -1;
}

static enum entity_kind kind_of(const char *name)
{
	static const struct {
		const char *name;
		enum entity_kind kind;
	} kinds[] = {
		{"b", ENTITY_BOLD},
		{"strong", ENTITY_BOLD},
		{"i", ENTITY_ITALIC},
		{"em", ENTITY_ITALIC},
		{"u", ENTITY_UNDERLINE},
		{"ins", ENTITY_UNDERLINE},
		{"s", ENTITY_STRIKE},
		{"strike", ENTITY_STRIKE},
		{"del", ENTITY_STRIKE},
		{"tg-spoiler", ENTITY_SPOILER},
		{"code", ENTITY_CODE},
		{"pre", ENTITY_PRE},
		{"blockquote", ENTITY_BLOCKQUOTE},
		{"a", ENTITY_TEXT_URL},
	};

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (strcmp(kinds[i].name, name) == 0)
			return kinds[i].kind;
	return ENTITY_KIND_COUNT;
}

static bool is(struct bytes value, const char *text)
{
	return bytes_equal(value, bytes_from_str(text));
}

static void apply_attribute(struct html *h, struct open_tag *tag, const struct attribute *a)
{
	static const char language[] = "language-";
	struct open_tag *outer = h->depth > 0 ? &h->open[h->depth - 1] : NULL;
	const size_t skip = sizeof(language) - 1;

	if (strcmp(tag->name, "a") == 0 && strcmp(a->name, "href") == 0)
		tag->entity.argument = a->value;
	else if (strcmp(tag->name, "span") == 0 && is(a->value, "tg-spoiler"))
		tag->entity.kind = ENTITY_SPOILER;
	else if (strcmp(tag->name, "blockquote") == 0 && strcmp(a->name, "expandable") == 0)
		tag->entity.collapsed = true;
	else if (strcmp(tag->name, "code") == 0 && outer && outer->entity.kind == ENTITY_PRE &&
		 a->value.size > skip && memcmp(a->value.data, language, skip) == 0)
		outer->entity.argument = bytes_of(a->value.data + skip, a->value.size - skip);
}

/* Behind '<'. */
static int open_tag(struct html *h)
{
	struct open_tag *tag = &h->open[h->depth];
	struct attribute attribute;
	int more;

	if (h->depth == OPEN_MAX || !take_name(h, tag->name))
		return -1;
	tag->entity = (struct entity){.kind = kind_of(tag->name), .offset = h->units};
	while ((more = take_attribute(h, &attribute)) > 0)
		apply_attribute(h, tag, &attribute);
	if (more < 0 || (tag->entity.kind == ENTITY_KIND_COUNT))
		return -1;
	/* Inside of a block of code it only says the language. */
	if (tag->entity.kind == ENTITY_CODE && h->depth > 0 &&
		h->open[h->depth - 1].entity.kind == ENTITY_PRE)
		tag->entity.kind = ENTITY_KIND_COUNT;
	h->depth++;
	return 0;
}

/* Behind "</". */
static int close_tag(struct html *h)
{
	struct message *out = h->out;
	struct open_tag *tag;
	char name[TAG_MAX];

	if (!take_name(h, name) || h->at == h->end || *h->at != '>' || h->depth == 0)
		return -1;
	h->at++;
	tag = &h->open[--h->depth];
	if (strcmp(tag->name, name) != 0)
		return -1;
	tag->entity.length = h->units - tag->entity.offset;
	if (tag->entity.kind == ENTITY_TEXT_URL && !tag->entity.argument.size)
		return 0;
	if (tag->entity.kind != ENTITY_KIND_COUNT && tag->entity.length > 0 &&
		out->entity_count < ENTITIES_MAX)
		out->entities[out->entity_count++] = tag->entity;
	return 0;
}

static int step(struct html *h)
{
	uint32_t c;

	if (*h->at == '<') {
		h->at++;
		if (h->at == h->end)
			return -1;
		if (*h->at != '/')
			return open_tag(h);
		h->at++;
		return close_tag(h);
	}
	c = *h->at == '&' ? take_reference(h) : 0;
	if (c)
		put_code_point(h, c);
	else
		put_byte(h, *h->at++);
	return 0;
}

int html_parse(struct arena *arena, struct bytes html, struct message *out)
{
	struct html h = {.arena = arena, .at = html.data, .end = html.data + html.size, .out = out};

	if (html.size > HTML_SIZE_MAX)
		return -1;
	h.text = arena_array(arena, html.size + 1, 1);
	out->entities = arena_array(arena, ENTITIES_MAX, sizeof(*out->entities));
	out->entity_count = 0;
	while (h.at < h.end) {
		if (step(&h) < 0)
			return -1;
	}
	out->text = bytes_of(h.text, h.size);
	entities_sort(out->entities, out->entity_count);
	return h.depth == 0 ? 0 : -1;
}
