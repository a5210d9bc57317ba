/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "desk/letters/message_size.h"

#include <string.h>

#include "base/text.h"

#define ELLIPSIS "\xe2\x80\xa6"

static size_t character_size(uint8_t lead)
{
	return lead < 0xc0 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

struct bytes message_begin(struct bytes text, size_t units)
{
	size_t at = 0;

	while (at < text.size) {
		size_t size = character_size(text.data[at]), needs = size == 4 ? 2 : 1;

		if (needs > units || size > text.size - at)
			break;
		units -= needs;
		at += size;
	}
	return bytes_of(text.data, at);
}

/* Behind the last mark in the second half, which leaves no piece that is too small; 0: none. */
static size_t behind_last(struct bytes text, const char *mark)
{
	size_t size = strlen(mark);

	for (size_t at = text.size; at >= text.size / 2 && at >= size; at--)
		if (memcmp(text.data + at - size, mark, size) == 0)
			return at;
	return 0;
}

struct bytes message_piece(struct bytes *rest)
{
	static const char *const marks[] = {"\n\n", "\n", " "};
	struct bytes piece = message_begin(*rest, MESSAGE_UNITS_MAX);
	size_t at = 0;

	if (rest->size == 0)
		return bytes_of(NULL, 0);
	if (piece.size == 0)
		piece = *rest; /* no UTF-8: whoever reads it will say so */
	for (size_t i = 0; piece.size < rest->size && !at && i < sizeof(marks) / sizeof(*marks);
		i++)
		at = behind_last(piece, marks[i]);
	if (at)
		piece.size = at;
	*rest = bytes_of(rest->data + piece.size, rest->size - piece.size);
	return piece;
}

char *message_shorten(struct arena *arena, const char *text, size_t units)
{
	struct bytes all = bytes_from_str(text);

	if (text_utf16_length(all) > units)
		return arena_printf(arena, "%s" ELLIPSIS,
			arena_str(arena, message_begin(all, units > 0 ? units - 1 : 0)));
	return arena_str(arena, all);
}
