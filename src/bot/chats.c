/* SPDX-License-Identifier: Apache-2.0 */
/* Methods of the Bot API about chats: which one is meant, what it is, who is in it. */
#include "bot/chats.h"

#include "bot/methods.h"
#include "bot/objects.h"
#include "core/channels/channel_standing.h"
#include "core/chats/chats.h"
#include "core/accounts/public_names.h"
#include "core/accounts/users.h"

/* A group that has become another one is not written to any more: the bot is told where it is now.
 */
static int check_group(struct call *call, int64_t id)
{
	struct chat_view group;

	if (!chat_view_for(call, call->user, id, &group) || !group.chat.migrated_to)
		return 0;
	return rpc_error_number(call, 400, "CHAT_UPGRADED_", group.chat.migrated_to);
}

int bot_chat_of(struct call *call, struct params *params, struct peer *out)
{
	const struct bytes text = params_text(params, "chat_id");
	int64_t id;
	bool valid;

	*out = (struct peer){0};
	if (text.size > 1 && text.data[0] == '@')
		(void)public_name_find(call, bytes_of(text.data + 1, text.size - 1), out);
	else if (params_integer(params, "chat_id", &id, &valid) && valid)
		*out = bot_chat_of_id(id);
	if (out->kind == PEER_USER && user_exists(call, out->id) && !bot_has_met(call, *out))
		return rpc_error(call, 403, "BOT_NOT_STARTED");
	if (!bot_has_met(call, *out))
		return rpc_error(call, 400, "CHAT_NOT_FOUND");
	return out->kind == PEER_CHAT ? check_group(call, out->id) : 0;
}

/* ---- Looking ---- */

static struct bytes about_of(struct call *call, struct peer chat)
{
	struct channel_view channel;
	struct user_card card;
	struct chat_view group;

	switch (chat.kind) {
	case PEER_USER:
		user_card(call, chat.id, &card);
		return card.about;
	case PEER_CHANNEL:
		return channel_find(call, chat.id, &channel) ? channel.channel->about
							     : (struct bytes){0};
	case PEER_CHAT:
		return chat_view_for(call, call->user, chat.id, &group) ? group.chat.about
									: (struct bytes){0};
	case PEER_NONE:
		break;
	}
	return (struct bytes){0};
}

/* https://core.telegram.org/bots/api#getchat */
int bot_getChat(struct call *call, struct params *params, json_t **result)
{
	struct bytes about;
	struct peer chat;

	if (bot_chat_of(call, params, &chat) < 0)
		return -1;
	*result = bot_json_chat(call, chat);
	about = about_of(call, chat);
	if (about.size)
		json_object_set_new(*result, chat.kind == PEER_USER ? "bio" : "description",
			bot_json_text(about));
	return 0;
}

/* ---- Who is in it ---- */

static enum channel_role role_in_group(struct call *call, int64_t chat, int64_t user)
{
	switch (chat_role_of(call, chat, user)) {
	case CHAT_OUT:
		break;
	case CHAT_MEMBER:
		return ROLE_MEMBER;
	case CHAT_ADMIN:
		return ROLE_ADMIN;
	case CHAT_CREATOR:
		return ROLE_CREATOR;
	}
	return ROLE_LEFT;
}

static enum channel_role role_in(struct call *call, struct peer chat, int64_t user)
{
	struct channel_member member;

	if (chat.kind == PEER_CHAT)
		return role_in_group(call, chat.id, user);
	if (channel_member(call, chat.id, user, &member) < 0) {
		call->fault = (struct fault){0};
		return ROLE_LEFT;
	}
	return member.standing.role;
}

static bool is_admin(enum channel_role role)
{
	return role == ROLE_ADMIN || role == ROLE_CREATOR;
}

/* https://core.telegram.org/bots/api#getchatmember: of others an admin is told, and nobody else: a
 * bot must not find out who is in which public channel. Nor is an admin told the name of
 * whoever has a number: who is not there, and has not written to the bot, is not known. */
int bot_getChatMember(struct call *call, struct params *params, json_t **result)
{
	enum channel_role role;
	struct peer chat;
	int64_t user;
	bool valid;

	if (bot_chat_of(call, params, &chat) < 0)
		return -1;
	if (chat.kind == PEER_USER)
		return rpc_error(call, 400, "CHAT_NOT_FOUND");
	if (!params_integer(params, "user_id", &user, &valid) || !valid || user < 1 ||
		user == SERVICE_USER || !user_exists(call, user))
		return rpc_error(call, 400, "USER_ID_INVALID");
	if (user != call->user && !is_admin(role_in(call, chat, call->user)))
		return rpc_error(call, 400, "CHAT_ADMIN_REQUIRED");
	role = role_in(call, chat, user);
	if (user != call->user && role == ROLE_LEFT &&
		!bot_has_met(call, (struct peer){PEER_USER, user}))
		return rpc_error(call, 400, "USER_ID_INVALID");
	*result = bot_json_standing(call, user, role);
	return 0;
}

/* https://core.telegram.org/bots/api#leavechat */
int bot_leaveChat(struct call *call, struct params *params, json_t **result)
{
	struct update_set answer;
	struct peer chat;

	if (bot_chat_of(call, params, &chat) < 0)
		return -1;
	if (chat.kind == PEER_USER)
		return rpc_error(call, 400, "CHAT_NOT_FOUND");
	if ((chat.kind == PEER_CHAT ? chat_remove(call, chat.id, call->user, false, &answer)
				    : channel_leave(call, chat.id, &answer)) < 0)
		return -1;
	*result = json_true();
	return 0;
}
