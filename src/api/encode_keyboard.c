/* SPDX-License-Identifier: Apache-2.0 */
/* https://core.telegram.org/constructor/replyInlineMarkup */
#include "api/encode_keyboard.h"

#include "core/bots/keyboard.h"
#include "tl/schema.h"

static struct tl_object *encode_button(struct arena *arena, const struct button *button)
{
	struct tl_keyboardButtonCallback *callback;
	struct tl_keyboardButtonUrl *url;

	if (button->kind == BUTTON_URL) {
		url = TL_NEW(arena, keyboardButtonUrl);
		url->text = button->text;
		url->url = button->argument;
		return &url->o;
	}
	callback = TL_NEW(arena, keyboardButtonCallback);
	callback->text = button->text;
	callback->data = button->argument;
	return &callback->o;
}

struct tl_object *encode_keyboard(struct arena *arena, const struct keyboard *keyboard)
{
	struct tl_replyInlineMarkup *markup;

	if (!keyboard)
		return NULL;
	markup = TL_NEW(arena, replyInlineMarkup);
	markup->rows = tl_objects_new(arena, (uint32_t)keyboard->count);
	for (size_t i = 0; i < keyboard->count; i++) {
		const struct button_row *from = &keyboard->rows[i];
		struct tl_keyboardButtonRow *row = TL_NEW(arena, keyboardButtonRow);

		row->buttons = tl_objects_new(arena, (uint32_t)from->count);
		for (size_t j = 0; j < from->count; j++)
			row->buttons.at[j] = encode_button(arena, &from->at[j]);
		markup->rows.at[i] = &row->o;
	}
	return &markup->o;
}

/* ---- From bots ---- */

static int decode_button(struct call *call, const struct tl_object *object, struct button *out)
{
	const struct tl_keyboardButtonCallback *callback = TL_AS(keyboardButtonCallback, object);
	const struct tl_keyboardButtonUrl *url = TL_AS(keyboardButtonUrl, object);

	if (callback && !callback->requires_password)
		*out = (struct button){BUTTON_CALLBACK, callback->text, callback->data};
	else if (url)
		*out = (struct button){BUTTON_URL, url->text, url->url};
	else
		return rpc_error(call, 400, "BUTTON_TYPE_INVALID");
	return 0;
}

static int decode_row(struct call *call, const struct tl_object *object, struct button_row *out)
{
	const struct tl_keyboardButtonRow *row = TL_AS(keyboardButtonRow, object);

	if (!row)
		return rpc_error(call, 400, "REPLY_MARKUP_INVALID");
	out->count = row->buttons.count;
	out->at = arena_array(call->arena, out->count, sizeof(*out->at));
	for (size_t i = 0; i < out->count; i++)
		if (decode_button(call, row->buttons.at[i], &out->at[i]) < 0)
			return -1;
	return 0;
}

int keyboard_from_input(struct call *call, const struct tl_object *markup, struct keyboard **out)
{
	const struct tl_replyInlineMarkup *inlined;

	*out = NULL;
	if (!markup || !call->is_bot)
		return 0;
	inlined = TL_AS(replyInlineMarkup, markup);
	if (!inlined)
		return rpc_error(call, 400, "REPLY_MARKUP_INVALID");
	*out = ARENA_NEW(call->arena, struct keyboard);
	(*out)->count = inlined->rows.count;
	(*out)->rows = arena_array(call->arena, inlined->rows.count, sizeof(*(*out)->rows));
	for (size_t i = 0; i < (*out)->count; i++)
		if (decode_row(call, inlined->rows.at[i], &(*out)->rows[i]) < 0)
			return -1;
	return 0;
}
