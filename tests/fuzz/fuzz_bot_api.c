/* SPDX-License-Identifier: Apache-2.0 */
/* What comes as a body of the Bot API: parameters of each kind, buttons, and marked text. The first
 * byte chooses the type of the body. */
#include <stdint.h>
#include <stdlib.h>

#include "base/text.h"
#include "bot/html.h"
#include "bot/objects.h"
#include "core/messages/entities.h"
#include "core/bots/keyboard.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
	if (!holds)
		abort();
}

/* What is accepted is stored, and read again as it was. */
static void read_buttons(struct call *call, const json_t *markup)
{
	struct pack pack = pack_new(call->arena), again = pack_new(call->arena);
	struct keyboard *keyboard;
	struct unpack unpack;

	if (bot_keyboard_of(call, markup, &keyboard) < 0 || keyboard_accept(call, &keyboard) < 0 ||
		!keyboard)
		return;
	keyboard_pack(&pack, keyboard);
	unpack = unpack_of(pack_done(&pack));
	keyboard_pack(&again, keyboard_unpack(&unpack, call->arena));
	require(unpack_complete(&unpack) && bytes_equal(pack_done(&pack), pack_done(&again)));
}

static void read_html(struct arena *arena, struct bytes text)
{
	struct message out = {0};

	if (!text_is_utf8(text) || html_parse(arena, text, &out) < 0)
		return;
	require(text_is_utf8(out.text) && out.text.size <= text.size);
	require(out.entity_count <= ENTITIES_MAX);
	for (size_t i = 0; i < out.entity_count; i++)
		require(out.entities[i].offset >= 0 && out.entities[i].length > 0);
}

static void read_params(struct call *call, struct params *params)
{
	int64_t number;
	bool valid;

	(void)params_integer(params, "chat_id", &number, &valid);
	require(bot_chat_of_id(number).kind == PEER_NONE ||
		bot_chat_id(bot_chat_of_id(number)) == number);
	(void)params_flag(params, "show_alert");
	(void)params_json(params, "allowed_updates", &valid);
	read_html(call->arena, params_text(params, "text"));
	read_buttons(call, params_json(params, "reply_markup", &valid));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct http_header type = {
		BYTES_LITERAL("Content-Type"), BYTES_LITERAL("application/json")};
	struct http_request request = {.headers = &type, .header_count = 1};
	struct params params;
	struct arena arena;
	struct call call = {.arena = &arena};

	if (size == 0)
		return 0;
	arena_init(&arena);
	request.body = bytes_of(data + 1, size - 1);
	if (data[0] % 3 == 1)
		type.value = BYTES_LITERAL("application/x-www-form-urlencoded");
	if (data[0] % 3 == 2)
		read_html(&arena, request.body);
	else if (params_read(&arena, &request, &params) == 0)
		read_params(&call, &params);
	if (data[0] % 3 != 2)
		params_release(&params);
	arena_release(&arena);
	return 0;
}
