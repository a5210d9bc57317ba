/* SPDX-License-Identifier: Apache-2.0 */
/* messages.*: of and about bots. Getting in as one is auth_ways.c. */
#include "api/callback.h"
#include "api/encode_updates.h"
#include "api/handlers.h"
#include "api/peers.h"
#include "core/bots/bots.h"
#include "core/bots/callbacks.h"
#include "core/channels/channel_standing.h"
#include "core/chats/chats.h"
#include "core/messages/messages.h"
#include "core/channels/roster.h"
#include "core/accounts/users.h"
#include "tl/write.h"

#define START_PARAMETER_MAX 64 /* as links to bots have it */

/* https://core.telegram.org/method/messages.getBotCallbackAnswer: what it answers here is never
 * sent; call->awaits says that the bot is asked, and api_callback() makes the answer of what it
 * says. */
int api_messages_getBotCallbackAnswer(struct call *call,
	const struct tl_messages_getBotCallbackAnswer *req,
	struct tl_messages_botCallbackAnswer *reply)
{
	struct peer peer;

	/* Neither games nor buttons that want a password are there. */
	if (req->game || req->password || !req->data.data)
		return rpc_error(call, 400, "DATA_INVALID");
	if (peer_from_input(call, req->peer, &peer) < 0)
		return -1;
	return callback_ask(call, peer, req->msg_id, req->data);
}

void api_callback(const struct effect *effect, int layer, struct arena *arena, struct buf *out)
{
	struct tl_messages_botCallbackAnswer *answer;
	union tl_reply reply;

	tl_reply_init(&reply, TL_messages_getBotCallbackAnswer, arena);
	answer = (struct tl_messages_botCallbackAnswer *)reply.object;
	answer->alert = effect->alert;
	answer->message = effect->text.size ? effect->text : (struct bytes){0};
	answer->url = effect->body.size ? effect->body : (struct bytes){0};
	answer->has_url = effect->body.size != 0;
	answer->native_ui = true;
	answer->cache_time = effect->cache_s;
	tl_write_result(out, TL_messages_getBotCallbackAnswer, &reply, layer);
}

/* https://core.telegram.org/method/messages.setBotCallbackAnswer */
int api_messages_setBotCallbackAnswer(
	struct call *call, const struct tl_messages_setBotCallbackAnswer *req, bool *reply)
{
	const struct callback_answer answer = {.text = req->message,
		.url = req->url,
		.alert = req->alert,
		.cache_s = req->cache_time};

	*reply = true;
	return callback_answer(call, req->query_id, &answer);
}

/* Letters, digits, "_" and "-". */
static bool parameter_is_fit(struct bytes text)
{
	for (size_t i = 0; i < text.size; i++) {
		const uint8_t c = text.data[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
			    c == '_' || c == '-'))
			return false;
	}
	return text.size <= START_PARAMETER_MAX;
}

/* "/start" with the parameter of a link; in a group with the bot's name, as there may be others. */
static struct bytes start_text(struct call *call, int64_t bot, bool named, struct bytes parameter)
{
	struct bytes name = {0};
	struct user user;

	if (named && user_view(call, bot, &user) == 0)
		name = user.username;
	return bytes_from_str(arena_printf(call->arena, "/start%s%.*s%s%.*s", name.size ? "@" : "",
		(int)name.size, (const char *)name.data, parameter.size ? " " : "",
		(int)parameter.size, (const char *)parameter.data));
}

static int bring_into_chat(struct call *call, int64_t chat, int64_t bot, struct update_set *answer)
{
	struct chat_missing missing;

	if (chat_role_of(call, chat, bot) != CHAT_OUT)
		return 0;
	if (chat_add(call, chat, bot, 0, &missing, answer) < 0)
		return -1;
	return missing.count ? rpc_error(call, 403, "USER_PRIVACY_RESTRICTED") : 0;
}

/* Links to a bot bring it into a group; TDLib has brought it already. */
static int bring_bot(struct call *call, struct peer into, int64_t bot, struct update_set *answer)
{
	struct channel_member member;
	size_t missing_count;
	int64_t absent;

	*answer = (struct update_set){0};
	if (into.kind == PEER_CHAT)
		return bring_into_chat(call, into.id, bot, answer);
	if (channel_member(call, into.id, bot, &member) == 0)
		return 0;
	if (strcmp(call->fault.text, "USER_NOT_PARTICIPANT") != 0)
		return -1;
	call->fault = (struct fault){0};
	if (channel_invite(call, into.id, &bot, 1, &absent, &missing_count, answer) < 0)
		return -1;
	return missing_count ? rpc_error(call, 400, "USER_BLOCKED") : 0;
}

/* https://core.telegram.org/method/messages.startBot: the way of links to a bot. */
int api_messages_startBot(
	struct call *call, const struct tl_messages_startBot *req, struct tl_object **reply)
{
	struct message draft = {.random_id = req->random_id};
	struct update_set answer, brought = {0};
	struct peer peer;
	int64_t bot;

	if (!parameter_is_fit(req->start_param))
		return rpc_error(call, 400, "START_PARAM_INVALID");
	if (peer_user_from_input(call, req->bot, &bot) < 0 ||
		peer_from_input(call, req->peer, &peer) < 0)
		return -1;
	if (!bot_is(call, bot))
		return rpc_error(call, 400, "BOT_INVALID");
	if (peer.kind == PEER_USER && peer.id != bot)
		return rpc_error(call, 400, "PEER_ID_INVALID");
	if (peer.kind != PEER_USER && bring_bot(call, peer, bot, &brought) < 0)
		return -1;
	draft.text = start_text(call, bot, peer.kind != PEER_USER, req->start_param);
	if (message_send(call, peer, &draft, &answer) < 0)
		return -1;
	roster_join(call, &brought, &answer);
	*reply = encode_updates(call->arena, &answer);
	return 0;
}
