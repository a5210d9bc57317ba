/* SPDX-License-Identifier: Apache-2.0 */
/* Owns the stored form: rows (1) | each: buttons (1) | each: kind (1), text, argument. */
#include "core/bots/keyboard.h"

#include "base/text.h"

/* ---- From bots ---- */

static bool begins(struct bytes text, const char *with)
{
	const size_t size = strlen(with);

	return text.size > size && memcmp(text.data, with, size) == 0;
}

bool keyboard_url_is_fit(struct bytes url)
{
	return url.size <= BUTTON_URL_MAX && text_is_utf8(url) &&
	       (begins(url, "https://") || begins(url, "http://") || begins(url, "tg://"));
}

static int check_button(struct call *call, const struct button *button)
{
	if (!button->text.size || button->text.size > BUTTON_TEXT_MAX ||
		!text_is_utf8(button->text))
		return rpc_error(call, 400, "BUTTON_TEXT_INVALID");
	if (button->kind == BUTTON_URL)
		return keyboard_url_is_fit(button->argument)
			       ? 0
			       : rpc_error(call, 400, "BUTTON_URL_INVALID");
	if (!button->argument.size || button->argument.size > BUTTON_DATA_MAX)
		return rpc_error(call, 400, "BUTTON_DATA_INVALID");
	return 0;
}

int keyboard_accept(struct call *call, struct keyboard **keyboard)
{
	struct keyboard *in = *keyboard;
	size_t total = 0, kept = 0;

	if (!in)
		return 0;
	for (size_t i = 0; i < in->count; i++) {
		const struct button_row row = in->rows[i];

		total += row.count;
		if (row.count > KEYBOARD_ROW_MAX || total > KEYBOARD_BUTTONS_MAX)
			return rpc_error(call, 400, "REPLY_MARKUP_TOO_LONG");
		for (size_t j = 0; j < row.count; j++)
			if (check_button(call, &row.at[j]) < 0)
				return -1;
		if (row.count)
			in->rows[kept++] = row;
	}
	in->count = kept;
	if (!kept)
		*keyboard = NULL;
	return 0;
}

bool keyboard_has_data(const struct keyboard *keyboard, struct bytes data)
{
	for (size_t i = 0; keyboard && i < keyboard->count; i++) {
		const struct button_row *row = &keyboard->rows[i];

		for (size_t j = 0; j < row->count; j++)
			if (row->at[j].kind == BUTTON_CALLBACK &&
				bytes_equal(row->at[j].argument, data))
				return true;
	}
	return false;
}

/* ---- Stored ---- */

void keyboard_pack(struct pack *pack, const struct keyboard *keyboard)
{
	pack_number(pack, keyboard->count, 1);
	for (size_t i = 0; i < keyboard->count; i++) {
		const struct button_row *row = &keyboard->rows[i];

		pack_number(pack, row->count, 1);
		for (size_t j = 0; j < row->count; j++) {
			pack_number(pack, row->at[j].kind, 1);
			pack_bytes(pack, row->at[j].text);
			pack_bytes(pack, row->at[j].argument);
		}
	}
}

static void take_row(struct unpack *unpack, struct arena *arena, struct button_row *row)
{
	const uint64_t count = unpack_number(unpack, 1);

	if (count > KEYBOARD_ROW_MAX)
		unpack->failed = true;
	if (unpack->failed)
		return;
	row->at = arena_array(arena, count, sizeof(*row->at));
	row->count = count;
	for (uint64_t i = 0; i < count; i++) {
		const uint64_t kind = unpack_number(unpack, 1);

		if (kind >= BUTTON_KIND_COUNT)
			unpack->failed = true;
		row->at[i].kind = unpack->failed ? BUTTON_CALLBACK : (enum button_kind)kind;
		row->at[i].text = arena_bytes(arena, unpack_bytes(unpack));
		row->at[i].argument = arena_bytes(arena, unpack_bytes(unpack));
	}
}

struct keyboard *keyboard_unpack(struct unpack *unpack, struct arena *arena)
{
	struct keyboard *keyboard = ARENA_NEW(arena, struct keyboard);
	const uint64_t count = unpack_number(unpack, 1);

	if (count > KEYBOARD_BUTTONS_MAX)
		unpack->failed = true;
	if (unpack->failed)
		return NULL;
	keyboard->count = count;
	keyboard->rows = arena_array(arena, count, sizeof(*keyboard->rows));
	for (uint64_t i = 0; i < count && !unpack->failed; i++)
		take_row(unpack, arena, &keyboard->rows[i]);
	return keyboard;
}

struct keyboard *keyboard_copy(struct arena *arena, const struct keyboard *from)
{
	struct keyboard *to;

	if (!from)
		return NULL;
	to = ARENA_NEW(arena, struct keyboard);
	to->count = from->count;
	to->rows = arena_array(arena, from->count, sizeof(*to->rows));
	for (size_t i = 0; i < from->count; i++) {
		const struct button_row *row = &from->rows[i];

		to->rows[i].count = row->count;
		to->rows[i].at = arena_array(arena, row->count, sizeof(*row->at));
		for (size_t j = 0; j < row->count; j++)
			to->rows[i].at[j] = (struct button){row->at[j].kind,
				arena_bytes(arena, row->at[j].text),
				arena_bytes(arena, row->at[j].argument)};
	}
	return to;
}
