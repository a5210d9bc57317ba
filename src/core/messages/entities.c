/* SPDX-License-Identifier: Apache-2.0 */
/* What is accepted of text and formatting that comes from a client. Finding is entities_find.c, the
 * stored form entities_codec.c. */
#include "core/messages/entities.h"

#include <stdlib.h>
#include <strings.h>

#include "base/text.h"

/* UTF-8 needs at most three bytes for a UTF-16 unit; white space that will be trimmed is tolerated
 * on top. */
#define TEXT_BYTES_MAX (MESSAGE_UNITS_MAX * 3 * 2)

/* Found by the messenger itself, whatever a client says. Custom emoji are documents that Lontar
 * doesn't have: the plain emoji below is shown. */
static bool is_taken_over(enum entity_kind kind)
{
	switch (kind) {
	case ENTITY_BOLD:
	case ENTITY_ITALIC:
	case ENTITY_UNDERLINE:
	case ENTITY_STRIKE:
	case ENTITY_SPOILER:
	case ENTITY_CODE:
	case ENTITY_PRE:
	case ENTITY_TEXT_URL:
	case ENTITY_MENTION_NAME:
	case ENTITY_BLOCKQUOTE:
		return true;
	default:
		return false;
	}
}

static bool is_code(const struct entity *e)
{
	return e->kind == ENTITY_CODE || e->kind == ENTITY_PRE;
}

static int entity_order(const void *a, const void *b)
{
	const struct entity *x = a, *y = b;

	if (x->offset != y->offset)
		return x->offset < y->offset ? -1 : 1;
	if (x->length != y->length)
		return x->length > y->length ? -1 : 1;
	return (int)x->kind - (int)y->kind;
}

void entities_sort(struct entity *entities, size_t count)
{
	if (count > 1)
		qsort(entities, count, sizeof(*entities), entity_order);
}

/* Control characters but line feeds become spaces: they stand for one unit too. */
static struct bytes text_cleaned(struct arena *arena, struct bytes text)
{
	uint8_t *copy = arena_alloc(arena, text.size);

	for (size_t i = 0; i < text.size; i++) {
		uint8_t c = text.data[i];

		copy[i] = (c < 0x20 && c != '\n') || c == 0x7f ? ' ' : c;
	}
	return bytes_of(copy, text.size);
}

/* Schemes that a link under other text may have: nothing that runs in the reader's client. */
static bool url_is_safe(struct bytes url)
{
	static const char *const schemes[] = {"http", "https", "tg", "ton", "ftp", "mailto", "tel"};
	size_t colon = 0;

	if (!url.size || url.size > ENTITY_URL_MAX || !text_is_utf8(url))
		return false;
	for (size_t i = 0; i < url.size; i++) {
		if (url.data[i] <= 0x20 || url.data[i] == 0x7f)
			return false;
	}
	while (colon < url.size && !memchr(":/?#.", url.data[colon], 5))
		colon++;
	if (colon == url.size)
		return false;
	if (url.data[colon] != ':')
		return true; /* "example.org/page": clients read it as http */
	for (size_t i = 0; i < ARRAY_LEN(schemes); i++) {
		if (strlen(schemes[i]) == colon &&
			strncasecmp((const char *)url.data, schemes[i], colon) == 0)
			return true;
	}
	return false;
}

/* Whether unit is the second half of a character: nothing may begin or end there. */
static bool splits_character(struct bytes text, int32_t unit)
{
	int32_t at = 0;

	for (size_t i = 0; i < text.size && at < unit; i++) {
		if ((text.data[i] & 0xc0) != 0x80)
			at += text.data[i] >= 0xf0 ? 2 : 1;
	}
	return at > unit;
}

/* Moves an entity of the untrimmed text into the trimmed one. False: nothing is left of it. */
static bool entity_fit(struct entity *e, struct bytes text, int32_t cut, int32_t units)
{
	int32_t end = e->offset + e->length - cut;

	e->offset -= cut;
	if (e->offset < 0)
		e->offset = 0;
	if (end > units)
		end = units;
	e->length = end - e->offset;
	if (e->length <= 0 || splits_character(text, e->offset) || splits_character(text, end))
		return false;
	if (e->kind == ENTITY_TEXT_URL)
		return url_is_safe(e->argument);
	if (e->kind == ENTITY_PRE &&
		(e->argument.size > ENTITY_LANGUAGE_MAX || !text_is_utf8(e->argument)))
		e->argument = (struct bytes){0};
	return true;
}

static bool overlaps(const struct entity *a, const struct entity *b)
{
	return a->offset < b->offset + b->length && b->offset < a->offset + a->length;
}

/* Code is shown as it is: only a quote may hold it, and nothing may stand in it. */
static bool disturbs_code(const struct entity *entities, size_t count, size_t i)
{
	for (size_t k = 0; k < count; k++) {
		if (k == i || !is_code(&entities[k]) || !overlaps(&entities[i], &entities[k]))
			continue;
		if (is_code(&entities[i]) ? k < i : entities[i].kind != ENTITY_BLOCKQUOTE)
			return true;
	}
	return false;
}

static size_t drop_around_code(struct entity *entities, size_t count)
{
	bool drop[ENTITIES_MAX];
	size_t kept = 0;

	for (size_t i = 0; i < count; i++)
		drop[i] = disturbs_code(entities, count, i);
	for (size_t i = 0; i < count; i++) {
		if (!drop[i])
			entities[kept++] = entities[i];
	}
	return kept;
}

static int accept_entities(
	struct call *call, struct message *draft, int32_t cut, int32_t units_before)
{
	struct entity *kept = arena_array(call->arena, ENTITIES_MAX, sizeof(*kept));
	int32_t units = (int32_t)text_utf16_length(draft->text);
	size_t count = 0, given = draft->entity_count;

	if (given > ENTITIES_MAX)
		given = ENTITIES_MAX;
	for (size_t i = 0; i < given; i++) {
		struct entity e = draft->entities[i];

		if (e.offset < 0 || e.length < 0 || e.offset > units_before ||
			e.length > units_before - e.offset)
			return rpc_error(call, 400, "ENTITY_BOUNDS_INVALID");
		if (is_taken_over(e.kind) && entity_fit(&e, draft->text, cut, units))
			kept[count++] = e;
	}
	entities_sort(kept, count);
	count = drop_around_code(kept, count);
	entities_find(draft->text, kept, &count);
	draft->entities = kept;
	draft->entity_count = count;
	return 0;
}

int entities_accept(struct call *call, struct message *draft)
{
	struct bytes text = draft->text, trimmed;
	int32_t cut;

	if (text.size > TEXT_BYTES_MAX)
		return rpc_error(call, 400, "MESSAGE_TOO_LONG");
	if (!text_is_utf8(text))
		return rpc_error(call, 400, "STRING_INVALID");
	text = text_cleaned(call->arena, text);
	trimmed = text_trim(text);
	if (!trimmed.size && !draft->media)
		return rpc_error(call, 400, "MESSAGE_EMPTY");
	if (draft->media && text_utf16_length(trimmed) > CAPTION_UNITS_MAX)
		return rpc_error(call, 400, "MEDIA_CAPTION_TOO_LONG");
	if (text_utf16_length(trimmed) > MESSAGE_UNITS_MAX)
		return rpc_error(call, 400, "MESSAGE_TOO_LONG");
	cut = (int32_t)text_utf16_length(bytes_of(text.data, (size_t)(trimmed.data - text.data)));
	draft->text = trimmed;
	return accept_entities(call, draft, cut, (int32_t)text_utf16_length(text));
}
