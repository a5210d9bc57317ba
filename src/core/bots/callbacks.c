/* SPDX-License-Identifier: Apache-2.0 */
/* Owns the questions that buttons ask. Does not own the wait: the server keeps the call. */
#include "core/bots/callbacks.h"

#include "base/text.h"
#include "core/accounts/public_face.h"
#include "core/bots/bot_updates.h"
#include "core/bots/bots.h"
#include "core/messages/box.h"
#include "core/bots/keyboard.h"
#include "core/posts/posts.h"
#include "core/accounts/users.h"
#include "store/home_bot_updates.h"

/* The message under whose button it is, and where the bot has it. */
struct pressed {
	const struct keyboard *keyboard;
	int64_t bot;
	struct peer chat;
	int32_t id;
};

static int pressed_post(struct call *call, int64_t channel, int32_t id, struct pressed *out)
{
	struct post_list list;

	if (channel_posts_get(call, channel, &id, 1, &list) < 0)
		return -1;
	if (!list.count)
		return rpc_error(call, 400, "MESSAGE_ID_INVALID");
	*out = (struct pressed){
		list.posts[0].keyboard, list.posts[0].author, {PEER_CHANNEL, channel}, id};
	return 0;
}

/* The bot's copy has another number. */
static int pressed_message(struct call *call, struct peer in, int32_t id, struct pressed *out)
{
	struct home_message row, copy;
	struct message message;
	struct home_box box, theirs;

	if (!box_open(call, call->user, &box) || !home_message_get(&box, id, &row) ||
		row.peer_kind != (int32_t)in.kind || row.peer != in.id)
		return rpc_error(call, 400, "MESSAGE_ID_INVALID");
	box_message_from_row(&box, &row, &message);
	*out = (struct pressed){.keyboard = message.keyboard, .bot = row.author};
	if (message.forward || !row.twin || !box_open(call, row.author, &theirs) ||
		!home_message_by_twin(&theirs, row.twin, &copy))
		return rpc_error(call, 400, "MESSAGE_ID_INVALID");
	out->chat = (struct peer){(enum peer_kind)copy.peer_kind, copy.peer};
	out->id = copy.id;
	return 0;
}

static void tell_bot(
	struct call *call, const struct pressed *pressed, int64_t query, struct bytes data)
{
	struct update update = {.kind = UPDATE_BOT_CALLBACK,
		.peer = pressed->chat,
		.by = {PEER_USER, call->user},
		.max_id = pressed->id,
		.random_id = query,
		.data = data};

	home_bot_query_put(call_home(call), pressed->bot, query, call->now_s);
	bot_note_callback(call, pressed->bot, pressed->chat, pressed->id, query, data);
	box_tell(call, pressed->bot, 0, &update, 1);
}

int callback_ask(struct call *call, struct peer in, int32_t id, struct bytes data)
{
	const int64_t query = (int64_t)(random_u64(call->env->random) >> 1 | 1);
	struct pressed pressed = {.id = 0};

	if ((in.kind == PEER_CHANNEL ? pressed_post(call, in.id, id, &pressed)
				     : pressed_message(call, in, id, &pressed)) < 0)
		return -1;
	if (!keyboard_has_data(pressed.keyboard, data))
		return rpc_error(call, 400, "DATA_INVALID");
	if (!bot_is(call, pressed.bot) || !user_exists(call, pressed.bot))
		return rpc_error(call, 400, "BOT_RESPONSE_TIMEOUT");
	if (public_face_check_chat(call, (struct peer){PEER_USER, pressed.bot}) < 0)
		return -1;
	tell_bot(call, &pressed, query, data);
	call->awaits = query;
	return 0;
}

int callback_answer(struct call *call, int64_t query, const struct callback_answer *answer)
{
	struct effect *effect;

	if (answer->text.size && !user_text_fits(answer->text, CALLBACK_TEXT_MAX))
		return rpc_error(call, 400, "MESSAGE_TOO_LONG");
	if (answer->url.size && !keyboard_url_is_fit(answer->url))
		return rpc_error(call, 400, "URL_INVALID");
	if (answer->cache_s < 0)
		return rpc_error(call, 400, "CACHE_TIME_INVALID");
	if (public_face_check_self(call) < 0) /* asked before the order */
		return -1;
	if (!home_bot_query_take(call_home(call), call->user, query, call->now_s - CALLBACK_LIFE_S))
		return rpc_error(call, 400, "QUERY_ID_INVALID");
	effect = effects_append(call->effects, EFFECT_CALLBACK);
	effect->query = query;
	effect->text = arena_bytes(&call->effects->arena, answer->text);
	effect->body = arena_bytes(&call->effects->arena, answer->url);
	effect->alert = answer->alert;
	effect->cache_s = answer->cache_s;
	return 0;
}
