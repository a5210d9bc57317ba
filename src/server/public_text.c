/* SPDX-License-Identifier: Apache-2.0 */
/* Escaping, formatting, and beginnings of texts. */
#include "server/public_text.h"

#include <strings.h>

#include "base/text.h"

#define ENTITIES_SHOWN_MAX 200 /* of one text; the rest is plain */

/* One character from the text's beginning; 0: it is none that markup may hold. */
static size_t character(struct bytes text, uint32_t *c)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	const uint8_t first = text.data[0];
	const size_t size = first < 0x80   ? 1
			    : first < 0xc0 ? 0
			    : first < 0xe0 ? 2
			    : first < 0xf0 ? 3
					   : 4;

	if (size == 0 || size > text.size || first > 0xf4)
		return 0;
	*c = size == 1 ? first : first & (0x7fu >> size);
	for (size_t i = 1; i < size; i++) {
		if ((text.data[i] & 0xc0) != 0x80)
			return 0;
		*c = *c << 6 | (text.data[i] & 0x3f);
	}
	if (*c < least[size] || (*c >= 0xd800 && *c < 0xe000) || *c > 0x10ffff || *c == 0xfffe ||
		*c == 0xffff || (*c < 0x20 && *c != '\n' && *c != '\t') || *c == 0x7f)
		return 0;
	return size;
}

/* Writes the first character; returns its bytes, and its UTF-16 units. */
static size_t put_character(struct bytes text, struct buf *out, int32_t *units)
{
	uint32_t c = 0;
	const size_t size = character(text, &c);

	*units = c >= 0x10000 ? 2 : 1;
	if (size == 0)
		buf_append_str(out, "\xef\xbf\xbd");
	else if (c == '<')
		buf_append_str(out, "&lt;");
	else if (c == '>')
		buf_append_str(out, "&gt;");
	else if (c == '&')
		buf_append_str(out, "&amp;");
	else if (c == '"')
		buf_append_str(out, "&quot;");
	else if (c == '\'')
		buf_append_str(out, "&#39;");
	else
		buf_append(out, text.data, size);
	return size ? size : 1;
}

void public_text_escape(struct bytes text, struct buf *out)
{
	int32_t units;

	for (size_t at = 0; at < text.size;)
		at += put_character(bytes_of(text.data + at, text.size - at), out, &units);
}

/* ---- Formatting ---- */

struct open_text {
	struct bytes text;
	const struct entity *entities;
	size_t count;
	struct opened {
		size_t entity;
		const char *close;
		bool link;
	} open[ENTITIES_SHOWN_MAX]; /* the outermost first */
	size_t depth;
	struct buf *out;
};

/* Links don't nest. */
static bool in_link(const struct open_text *o)
{
	for (size_t i = 0; i < o->depth; i++)
		if (o->open[i].link)
			return true;
	return false;
}

static bool begins_with(struct bytes url, const char *scheme)
{
	const size_t size = strlen(scheme);

	return url.size > size && strncasecmp((const char *)url.data, scheme, size) == 0;
}

/* The part of the text that an entity is about. */
static struct bytes part_of(const struct open_text *o, const struct entity *entity)
{
	size_t at = 0, start = 0;
	int64_t unit = 0;

	while (at < o->text.size && unit < (int64_t)entity->offset + entity->length) {
		uint32_t c = 0;
		const size_t size = character(bytes_of(o->text.data + at, o->text.size - at), &c);

		at += size ? size : 1;
		unit += c >= 0x10000 ? 2 : 1;
		if (unit <= entity->offset)
			start = at;
	}
	return bytes_of(o->text.data + start, at - start);
}

static bool open_link(struct open_text *o, const char *before, struct bytes target)
{
	if (in_link(o))
		return false;
	buf_append_str(o->out, "<a rel=\"nofollow noopener noreferrer ugc\" href=\"");
	buf_append_str(o->out, before);
	public_text_escape(target, o->out);
	buf_append_str(o->out, "\">");
	return true;
}

static bool open_url(struct open_text *o, struct bytes url)
{
	if (begins_with(url, "http://") || begins_with(url, "https://") ||
		begins_with(url, "tg://"))
		return open_link(o, "", url);
	/* A scheme that is not known is not followed; what has none is a site. */
	for (size_t i = 0; i < url.size && url.data[i] != '/' && url.data[i] != '.'; i++)
		if (url.data[i] == ':')
			return false;
	return open_link(o, "http://", url);
}

static bool is_name(struct bytes text)
{
	for (size_t i = 1; i < text.size; i++)
		if (!((text.data[i] | 0x20) >= 'a' && (text.data[i] | 0x20) <= 'z') &&
			!(text.data[i] >= '0' && text.data[i] <= '9') && text.data[i] != '_')
			return false;
	return text.size > 1 && text.data[0] == '@';
}

/* The closing tag; NULL: nothing was opened. */
static const char *open_entity(struct open_text *o, const struct entity *entity)
{
	const struct bytes part = part_of(o, entity);

	switch (entity->kind) {
	case ENTITY_BOLD:
		return buf_append_str(o->out, "<b>"), "</b>";
	case ENTITY_ITALIC:
		return buf_append_str(o->out, "<i>"), "</i>";
	case ENTITY_UNDERLINE:
		return buf_append_str(o->out, "<u>"), "</u>";
	case ENTITY_STRIKE:
		return buf_append_str(o->out, "<s>"), "</s>";
	case ENTITY_CODE:
	case ENTITY_PRE:
		return buf_append_str(o->out, "<code>"), "</code>";
	case ENTITY_SPOILER:
		return buf_append_str(o->out, "<span class=\"spoiler\" tabindex=\"0\">"), "</span>";
	case ENTITY_BLOCKQUOTE:
		return buf_append_str(o->out, "<span class=\"quote\">"), "</span>";
	case ENTITY_URL:
		return open_url(o, part) ? "</a>" : NULL;
	case ENTITY_TEXT_URL:
		return open_url(o, entity->argument) ? "</a>" : NULL;
	case ENTITY_EMAIL:
		return open_link(o, "mailto:", part) ? "</a>" : NULL;
	case ENTITY_PHONE:
		return open_link(o, "tel:", part) ? "</a>" : NULL;
	case ENTITY_MENTION:
		return is_name(part) && open_link(o, "/s/", bytes_of(part.data + 1, part.size - 1))
			       ? "</a>"
			       : NULL;
	default:
		return NULL;
	}
}

static int64_t end_of(const struct entity *entity)
{
	return (int64_t)entity->offset + entity->length;
}

static bool is_open(const struct open_text *o, size_t entity)
{
	for (size_t i = 0; i < o->depth; i++)
		if (o->open[i].entity == entity)
			return true;
	return false;
}

/* What ends here, and what was opened inside of it. True: a quote is among it. */
static bool close_ended(struct open_text *o, int64_t unit)
{
	bool quote = false;
	size_t keep = 0;

	while (keep < o->depth && end_of(&o->entities[o->open[keep].entity]) > unit)
		keep++;
	while (o->depth > keep) {
		const struct opened *last = &o->open[--o->depth];

		buf_append_str(o->out, last->close);
		quote |= o->entities[last->entity].kind == ENTITY_BLOCKQUOTE;
	}
	return quote;
}

/* The one that covers the character, is not open, and goes on for longest; count: there is none. */
static size_t next_to_open(const struct open_text *o, int64_t unit, const bool *tried)
{
	size_t best = o->count;

	for (size_t i = 0; i < o->count; i++) {
		const struct entity *entity = &o->entities[i];

		if (entity->offset < 0 || entity->length <= 0 || unit < entity->offset ||
			unit >= end_of(entity) || tried[i] || is_open(o, i))
			continue;
		if (best == o->count || end_of(entity) > end_of(&o->entities[best]))
			best = i;
	}
	return best;
}

/* What covers the character; what goes on for longest is outermost, so that it stays whole. */
static void open_covering(struct open_text *o, int64_t unit)
{
	bool tried[ENTITIES_SHOWN_MAX] = {false};

	for (size_t i; (i = next_to_open(o, unit, tried)) < o->count;) {
		const char *close = open_entity(o, &o->entities[i]);

		tried[i] = true;
		if (close)
			o->open[o->depth++] = (struct opened){
				.entity = i, .close = close, .link = strcmp(close, "</a>") == 0};
	}
}

static bool is_edge(const struct open_text *o, int64_t unit)
{
	for (size_t i = 0; i < o->count; i++)
		if (o->entities[i].offset == unit || end_of(&o->entities[i]) == unit)
			return true;
	return false;
}

void public_text_html(
	struct bytes text, const struct entity *entities, size_t count, struct buf *out)
{
	struct open_text o = {.text = text,
		.entities = entities,
		.count = count < ENTITIES_SHOWN_MAX ? count : ENTITIES_SHOWN_MAX,
		.out = out};
	int64_t unit = 0;

	for (size_t at = 0; at < text.size;) {
		int32_t units;

		if (is_edge(&o, unit)) {
			/* A quote is a block: the line break behind it is there already. */
			const bool broken = close_ended(&o, unit) && text.data[at] == '\n';

			open_covering(&o, unit);
			if (broken) {
				at++;
				unit++;
				continue;
			}
		}
		at += put_character(bytes_of(text.data + at, text.size - at), out, &units);
		unit += units;
	}
	while (o.depth > 0)
		buf_append_str(out, o.open[--o.depth].close);
}

void public_text_excerpt(struct bytes text, const struct entity *entities, size_t count,
	size_t limit, struct buf *out)
{
	int64_t stop = INT64_MAX, unit = 0;
	size_t at = 0;
	int32_t units;

	for (size_t i = 0; i < count; i++)
		if (entities[i].kind == ENTITY_SPOILER && entities[i].offset < stop)
			stop = entities[i].offset;
	while (at < text.size && unit < stop) {
		uint32_t c = 0;
		const size_t size = character(bytes_of(text.data + at, text.size - at), &c);

		if (at + (size ? size : 1) > limit)
			break;
		at += put_character(bytes_of(text.data + at, text.size - at), out, &units);
		unit += units;
	}
	if (at < text.size)
		buf_append_str(out, "\xe2\x80\xa6");
}
