/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. One pass, no memory of what is open but the one element that hides its content.
 */
#include "mail/html.h"

#include <strings.h>

#include "base/attr.h"

#define NAME_MAX_SIZE 16
#define ENTITY_MAX 12

struct html {
	struct bytes in;
	size_t at;
	struct buf *out;
	bool space;	       /* white space was seen and not written yet */
	size_t line;	       /* bytes of the line so far */
	const char *hidden_by; /* the element whose content is left out */
};

static const char *const hiding[] = {"script", "style", "head", "title", "template", "noscript"};
static const char *const breaking[] = {"br", "p", "div", "tr", "li", "ul", "ol", "table",
	"blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "pre", "body"};

static const struct {
	const char *name;
	const char *text;
} entities[] = {{"amp", "&"}, {"lt", "<"}, {"gt", ">"}, {"quot", "\""}, {"apos", "'"},
	{"nbsp", " "}, {"ndash", "\xe2\x80\x93"}, {"mdash", "\xe2\x80\x94"},
	{"hellip", "\xe2\x80\xa6"}, {"lsquo", "\xe2\x80\x98"}, {"rsquo", "\xe2\x80\x99"},
	{"ldquo", "\xe2\x80\x9c"}, {"rdquo", "\xe2\x80\x9d"}};

static void put(struct html *h, const char *text, size_t size)
{
	if (h->hidden_by)
		return;
	if (h->space && h->line > 0)
		buf_append_u8(h->out, ' ');
	h->space = false;
	buf_append(h->out, text, size);
	h->line += size;
}

static void end_line(struct html *h)
{
	if (h->hidden_by || h->line == 0)
		return;
	buf_append_u8(h->out, '\n');
	h->line = 0;
	h->space = false;
}

static void put_code_point(struct html *h, uint32_t c)
{
	char text[4];

	if (c < ' ' || (c >= 0x7f && c < 0xa0) || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff)) {
		h->space = true;
	} else if (c < 0x80) {
		text[0] = (char)c;
		put(h, text, 1);
	} else if (c < 0x800) {
		text[0] = (char)(0xc0 | c >> 6);
		text[1] = (char)(0x80 | (c & 0x3f));
		put(h, text, 2);
	} else if (c < 0x10000) {
		text[0] = (char)(0xe0 | c >> 12);
		text[1] = (char)(0x80 | (c >> 6 & 0x3f));
		text[2] = (char)(0x80 | (c & 0x3f));
		put(h, text, 3);
	} else {
		text[0] = (char)(0xf0 | c >> 18);
		text[1] = (char)(0x80 | (c >> 12 & 0x3f));
		text[2] = (char)(0x80 | (c >> 6 & 0x3f));
		text[3] = (char)(0x80 | (c & 0x3f));
		put(h, text, 4);
	}
}

/* "#38", "#x26"; false: no number. */
static bool read_number(const char *text, size_t size, uint32_t *out)
{
	bool hex = size > 2 && (text[1] == 'x' || text[1] == 'X');

	*out = 0;
	if (size < 2 || text[0] != '#')
		return false;
	for (size_t i = hex ? 2 : 1; i < size; i++) {
		char c = text[i];
		int digit = c >= '0' && c <= '9'	  ? c - '0'
			    : hex && c >= 'a' && c <= 'f' ? c - 'a' + 10
			    : hex && c >= 'A' && c <= 'F' ? c - 'A' + 10
							  : -1;

		if (digit < 0)
			return false;
		if (*out <= 0x10ffff)
			*out = *out * (hex ? 16 : 10) + (uint32_t)digit;
	}
	return true;
}

/* At an ampersand. What is no entity that is known stands for itself. */
static void take_entity(struct html *h)
{
	const char *text = (const char *)h->in.data + h->at + 1;
	size_t left = h->in.size - h->at - 1, size = 0;
	uint32_t number;

	while (size < left && size < ENTITY_MAX && text[size] != ';')
		size++;
	if (size < left && text[size] == ';') {
		if (read_number(text, size, &number)) {
			put_code_point(h, number);
			h->at += size + 2;
			return;
		}
		for (size_t i = 0; i < ARRAY_LEN(entities); i++) {
			if (strlen(entities[i].name) != size ||
				memcmp(entities[i].name, text, size) != 0)
				continue;
			put(h, entities[i].text, strlen(entities[i].text));
			h->at += size + 2;
			return;
		}
	}
	put(h, "&", 1);
	h->at++;
}

static bool is_among(const char *const *names, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcasecmp(names[i], name) == 0)
			return true;
	return false;
}

/* Its name as far as it is of letters and digits; *end: past its '>', quoted ones not counted. */
static void read_tag(const struct html *h, char name[NAME_MAX_SIZE], bool *closes, size_t *end)
{
	size_t at = h->at + 1, size = 0;
	uint8_t quote = 0;

	*closes = at < h->in.size && h->in.data[at] == '/';
	at += *closes ? 1 : 0;
	for (; at < h->in.size && size < NAME_MAX_SIZE - 1; at++, size++) {
		uint8_t c = h->in.data[at];

		if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9'))
			break;
		name[size] = (char)c;
	}
	name[size] = 0;
	for (; at < h->in.size && (quote || h->in.data[at] != '>'); at++) {
		uint8_t c = h->in.data[at];

		if (quote)
			quote = c == quote ? 0 : quote;
		else if (c == '"' || c == '\'')
			quote = c;
	}
	*end = at < h->in.size ? at + 1 : h->in.size;
}

static bool skip_comment(struct html *h)
{
	const uint8_t *end;
	size_t left = h->in.size - h->at;

	if (left < 4 || memcmp(h->in.data + h->at, "<!--", 4) != 0)
		return false;
	end = memmem(h->in.data + h->at + 4, left - 4, "-->", 3);
	h->at = end ? (size_t)(end - h->in.data) + 3 : h->in.size;
	return true;
}

static bool begins_tag(const struct html *h)
{
	uint8_t c = h->at + 1 < h->in.size ? h->in.data[h->at + 1] : ' ';

	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '/' || c == '!' || c == '?';
}

/* At a '<'. */
static void take_tag(struct html *h)
{
	char name[NAME_MAX_SIZE];
	size_t end;
	bool closes;

	if (!begins_tag(h)) {
		put(h, "<", 1);
		h->at++;
		return;
	}
	if (skip_comment(h))
		return;
	read_tag(h, name, &closes, &end);
	h->at = end;
	if (h->hidden_by) {
		if (closes && strcasecmp(name, h->hidden_by) == 0)
			h->hidden_by = NULL;
		return;
	}
	for (size_t i = 0; i < ARRAY_LEN(hiding) && !closes; i++)
		if (strcasecmp(hiding[i], name) == 0)
			h->hidden_by = hiding[i];
	if (is_among(breaking, ARRAY_LEN(breaking), name))
		end_line(h);
	else if (strcasecmp(name, "td") == 0 || strcasecmp(name, "th") == 0)
		h->space = true;
}

void html_to_text(struct bytes html, struct buf *out)
{
	struct html h = {.in = html, .out = out};

	while (h.at < h.in.size && !out->failed) {
		uint8_t c = h.in.data[h.at];

		if (c == '<') {
			take_tag(&h);
		} else if (c == '&') {
			take_entity(&h);
		} else {
			if (c <= ' ')
				h.space = true;
			else
				put(&h, (const char *)&c, 1);
			h.at++;
		}
	}
	end_line(&h);
}
