/* SPDX-License-Identifier: Apache-2.0 */
/* messages.*: basic groups: making them, looking at them, who comes and goes. What a group is
 * called and who may do what in it is chats_edit.c. */
#include "core/chats/chats.h"
#include "core/messages/history_ttl.h"

#include "api/encode_bot.h"
#include "api/encode_chat.h"
#include "api/encode_dialog.h"
#include "api/encode_invite.h"
#include "api/encode_message.h"
#include "api/encode_updates.h"
#include "api/encode_user.h"
#include "api/handlers.h"
#include "api/peers.h"
#include "api/reactions.h"
#include "core/channels/channels.h"
#include "core/channels/channel_heirs.h"
#include "core/chats/chat_heirs.h"
#include "core/dialogs/dialogs.h"
#include "core/dialogs/notify.h"
#include "core/channels/roster.h"
#include "core/accounts/users.h"

#define CHATS_PER_CALL_MAX 200 /* ids in one request; TDLib asks for 50 */

static void reply_invited(struct call *call, const struct chat_missing *missing,
	const struct update_set *answer, struct tl_messages_invitedUsers *reply)
{
	reply->updates = encode_updates(call->arena, answer);
	reply->missing_invitees = tl_objects_new(call->arena, (uint32_t)missing->count);
	for (size_t i = 0; i < missing->count; i++) {
		struct tl_missingInvitee *invitee = TL_NEW(call->arena, missingInvitee);

		invitee->user_id = missing->users[i];
		reply->missing_invitees.at[i] = &invitee->o;
	}
}

/* How long messages of a group that was just made live. */
static int begin_ttl(struct call *call, int32_t period_s, struct update_set *answer)
{
	struct update_set said;

	if (history_ttl_set(
		    call, (struct peer){PEER_CHAT, answer->chats[0].chat.id}, period_s, &said) < 0)
		return -1;
	roster_join(call, answer, &said);
	*answer = said;
	return 0;
}

/* https://core.telegram.org/method/messages.createChat */
int api_messages_createChat(struct call *call, const struct tl_messages_createChat *req,
	struct tl_messages_invitedUsers *reply)
{
	int64_t users[CHAT_USERS_MAX];
	struct chat_missing missing;
	struct update_set answer;

	if (req->users.count >= CHAT_USERS_MAX)
		return rpc_error(call, 400, "USERS_TOO_MUCH");
	for (uint32_t i = 0; i < req->users.count; i++) {
		if (peer_user_from_input(call, req->users.at[i], &users[i]) < 0)
			return -1;
	}
	if (chat_create(call, req->title, users, req->users.count, &missing, &answer) < 0 ||
		(req->ttl_period && begin_ttl(call, req->ttl_period, &answer) < 0))
		return -1;
	reply_invited(call, &missing, &answer, reply);
	return 0;
}

/* https://core.telegram.org/method/messages.addChatUser */
int api_messages_addChatUser(struct call *call, const struct tl_messages_addChatUser *req,
	struct tl_messages_invitedUsers *reply)
{
	struct chat_missing missing;
	struct update_set answer;
	int64_t user;

	if (chat_known(call, req->chat_id) < 0 ||
		peer_user_from_input(call, req->user_id, &user) < 0 ||
		chat_add(call, req->chat_id, user, req->fwd_limit, &missing, &answer) < 0)
		return -1;
	reply_invited(call, &missing, &answer, reply);
	return 0;
}

/* https://core.telegram.org/method/messages.deleteChatUser */
int api_messages_deleteChatUser(
	struct call *call, const struct tl_messages_deleteChatUser *req, struct tl_object **reply)
{
	struct update_set answer;
	int64_t user;

	if (chat_known(call, req->chat_id) < 0 ||
		peer_user_from_input(call, req->user_id, &user) < 0 ||
		chat_remove(call, req->chat_id, user, req->revoke_history, &answer) < 0)
		return -1;
	*reply = encode_updates(call->arena, &answer);
	return 0;
}

/* https://core.telegram.org/method/messages.getFutureChatCreatorAfterLeave: for its owner,
 * who is about to leave. */
int api_messages_getFutureChatCreatorAfterLeave(struct call *call,
	const struct tl_messages_getFutureChatCreatorAfterLeave *req, struct tl_object **reply)
{
	struct user seen;
	struct peer peer;
	int64_t heir;

	if (peer_from_input(call, req->peer, &peer) < 0)
		return -1;
	if (peer.kind != PEER_CHAT && peer.kind != PEER_CHANNEL)
		return rpc_error(call, 400, "PEER_ID_INVALID");
	if ((peer.kind == PEER_CHAT ? chat_heir(call, peer.id, &heir)
				    : channel_heir(call, peer.id, &heir)) < 0 ||
		user_view(call, heir, &seen) < 0)
		return -1;
	*reply = encode_user(call->arena, &seen);
	return 0;
}

/* https://core.telegram.org/method/messages.deleteChat */
int api_messages_deleteChat(
	struct call *call, const struct tl_messages_deleteChat *req, bool *reply)
{
	if (chat_delete(call, req->chat_id) < 0)
		return -1;
	*reply = true;
	return 0;
}

/* https://core.telegram.org/method/messages.getChats */
int api_messages_getChats(
	struct call *call, const struct tl_messages_getChats *req, struct tl_object **reply)
{
	struct tl_messages_chats *chats = TL_NEW(call->arena, messages_chats);
	struct chat_view view;

	if (req->id.count > CHATS_PER_CALL_MAX)
		return rpc_error(call, 400, "LIMIT_INVALID");
	chats->chats = tl_objects_new(call->arena, req->id.count);
	for (uint32_t i = 0; i < req->id.count; i++) {
		if (!chat_view_for(call, call->user, req->id.at[i], &view))
			return rpc_error(call, 400, "CHAT_ID_INVALID");
		chats->chats.at[i] = encode_chat(call->arena, &view);
	}
	*reply = &chats->o;
	return 0;
}

/* Links and requests are for admins. roster: who asks. */
static void encode_full_invites(struct call *call, const struct chat_view *view,
	struct tl_chatFull *out, struct roster *roster)
{
	struct invite_glance glance;

	if (view->role < CHAT_ADMIN)
		return;
	glance = encode_invite_glance(call, (struct peer){PEER_CHAT, view->chat.id}, roster);
	out->exported_invite = glance.link;
	if (!glance.waiting)
		return;
	out->requests_pending = glance.waiting;
	out->has_requests_pending = true;
	out->recent_requesters =
		(struct tl_longs){.count = (uint32_t)glance.recent_count, .at = glance.recent};
}

static struct tl_objects encode_full_bots(struct call *call, const struct chat_full *full)
{
	int64_t *users = arena_array(call->arena, full->member_count, sizeof(*users));

	for (size_t i = 0; i < full->member_count; i++)
		users[i] = full->members[i].user;
	return encode_bot_infos(call, users, full->member_count);
}

static struct tl_object *encode_full(
	struct call *call, const struct chat_full *full, struct roster *roster)
{
	const struct chat *chat = &full->view.chat;
	struct tl_chatParticipantsForbidden *forbidden;
	struct tl_chatFull *out = TL_NEW(call->arena, chatFull);
	const struct peer peer = {PEER_CHAT, chat->id};
	struct notify_settings notify;
	struct dialog_glance glance;

	notify_get(call, call->user, NOTIFY_CHAT, peer, &notify);
	dialog_glance(call, peer, &glance);
	out->id = chat->id;
	out->about = chat->about;
	out->can_set_username = full->view.role == CHAT_CREATOR;
	out->notify_settings = encode_notify(call->arena, &notify);
	out->folder_id = glance.folder;
	out->has_folder_id = glance.folder != 0;
	out->has_scheduled = glance.has_scheduled;
	out->pinned_msg_id = glance.pinned_id;
	out->has_pinned_msg_id = glance.pinned_id != 0;
	if (full->view.role == CHAT_OUT) {
		/* Who is in it, and how it goes on, is for members. */
		forbidden = TL_NEW(call->arena, chatParticipantsForbidden);
		forbidden->chat_id = chat->id;
		out->participants = &forbidden->o;
		return &out->o;
	}
	out->bot_info = encode_full_bots(call, full);
	encode_full_invites(call, &full->view, out, roster);
	out->available_reactions = encode_chat_reactions(call, chat->id, &out->reactions_limit);
	out->has_reactions_limit = out->reactions_limit != 0;
	out->ttl_period = history_ttl(call, call->user, peer);
	out->has_ttl_period = out->ttl_period != 0;
	out->participants = encode_chat_members(
		call->arena, chat->id, full->members, full->member_count, chat->version);
	return &out->o;
}

/* https://core.telegram.org/method/messages.getFullChat */
int api_messages_getFullChat(struct call *call, const struct tl_messages_getFullChat *req,
	struct tl_messages_chatFull *reply)
{
	struct chat_full full;
	struct update_set seen = {0};
	struct roster roster;

	if (chat_get_full(call, req->chat_id, &full) < 0)
		return -1;
	roster_init(&roster, call->arena);
	for (size_t i = 0; i < full.member_count; i++) {
		roster_add(&roster, (struct peer){PEER_USER, full.members[i].user});
		roster_add(&roster, (struct peer){PEER_USER, full.members[i].inviter});
	}
	reply->full_chat = encode_full(call, &full, &roster);
	roster_users(call, call->user, &roster, &seen.users, &seen.user_count);
	reply->chats = tl_objects_new(call->arena, 1);
	reply->chats.at[0] = encode_chat(call->arena, &full.view);
	reply->users = encode_users(call->arena, seen.users, seen.user_count);
	return 0;
}

/* https://core.telegram.org/method/messages.getCommonChats */
int api_messages_getCommonChats(
	struct call *call, const struct tl_messages_getCommonChats *req, struct tl_object **reply)
{
	struct tl_messages_chats *all;
	struct tl_messages_chatsSlice *slice;
	struct tl_objects encoded;
	struct chat_views views;
	int64_t user;

	if (peer_user_from_input(call, req->user_id, &user) < 0)
		return -1;
	if (user == call->user)
		return rpc_error(call, 400, "USER_ID_INVALID");
	chats_common(call, user, req->max_id, req->limit > 0 ? (size_t)req->limit : CHAT_COMMON_MAX,
		&views);
	encoded = tl_objects_new(call->arena, (uint32_t)views.count);
	for (size_t i = 0; i < views.count; i++)
		encoded.at[i] = encode_chat(call->arena, &views.at[i]);
	if (views.total == (int64_t)views.count) {
		all = TL_NEW(call->arena, messages_chats);
		all->chats = encoded;
		*reply = &all->o;
	} else {
		slice = TL_NEW(call->arena, messages_chatsSlice);
		slice->count = (int32_t)views.total;
		slice->chats = encoded;
		*reply = &slice->o;
	}
	return 0;
}

/* https://core.telegram.org/method/messages.getOnlines */
int api_messages_getOnlines(
	struct call *call, const struct tl_messages_getOnlines *req, struct tl_chatOnlines *reply)
{
	struct peer peer;

	if (peer_from_input(call, req->peer, &peer) < 0)
		return -1;
	if (peer.kind == PEER_CHANNEL)
		return channel_onlines(call, peer.id, &reply->onlines);
	if (peer.kind != PEER_CHAT)
		return rpc_error(call, 400, "PEER_ID_INVALID");
	return chat_onlines(call, peer.id, &reply->onlines);
}
