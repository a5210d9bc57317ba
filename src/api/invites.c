/* SPDX-License-Identifier: Apache-2.0 */
/* messages.*: invite links: made, changed and listed by admins, looked at and followed by others.
 * Who asks to be let in is join_requests.c. */
#include "api/encode_channel.h"
#include "api/encode_chat.h"
#include "api/encode_invite.h"
#include "api/encode_message.h"
#include "api/encode_updates.h"
#include "api/handlers.h"
#include "api/peers.h"
#include "core/channels/invite_joins.h"
#include "core/channels/roster.h"

#define INVITE_COLORS 7 /* of the circle that stands for a picture */

/* The accounts that made them. */
static struct tl_objects encode_makers(
	struct call *call, const struct home_invite_link *links, size_t count)
{
	struct roster roster;
	struct user *users;
	size_t user_count;

	roster_init(&roster, call->arena);
	for (size_t i = 0; i < count; i++)
		roster_add(&roster, (struct peer){PEER_USER, links[i].admin});
	roster_users(call, call->user, &roster, &users, &user_count);
	return encode_users(call->arena, users, user_count);
}

/* Nothing is sold here, so there is no subscription by a link.
 * https://core.telegram.org/method/messages.exportChatInvite */
int api_messages_exportChatInvite(
	struct call *call, const struct tl_messages_exportChatInvite *req, struct tl_object **reply)
{
	const struct invite_wish wish = {
		.permanent = req->legacy_revoke_permanent,
		.says_until = req->has_expire_date,
		.until_s = req->expire_date,
		.says_limit = req->has_usage_limit,
		.limit = req->usage_limit,
		.says_title = req->title.data != NULL,
		.title = req->title,
		.says_asks = true,
		.asks = req->request_needed,
	};
	struct home_invite_link link;
	struct peer peer;

	if (peer_from_input(call, req->peer, &peer) < 0)
		return -1;
	if (req->subscription_pricing)
		return rpc_error(call, 400, "PRICING_CHAT_INVALID");
	if (invite_link_make(call, peer, &wish, &link) < 0)
		return -1;
	*reply = encode_invite_link(call->arena, &link);
	return 0;
}

/* https://core.telegram.org/method/messages.getExportedChatInvite */
int api_messages_getExportedChatInvite(struct call *call,
	const struct tl_messages_getExportedChatInvite *req, struct tl_object **reply)
{
	struct tl_messages_exportedChatInvite *out =
		TL_NEW(call->arena, messages_exportedChatInvite);
	struct home_invite_link link;
	struct peer peer;

	if (peer_from_input(call, req->peer, &peer) < 0 ||
		invite_link_get(call, peer, req->link, &link) < 0)
		return -1;
	out->invite = encode_invite_link(call->arena, &link);
	out->users = encode_makers(call, &link, 1);
	*reply = &out->o;
	return 0;
}

/* https://core.telegram.org/method/messages.getExportedChatInvites */
int api_messages_getExportedChatInvites(struct call *call,
	const struct tl_messages_getExportedChatInvites *req,
	struct tl_messages_exportedChatInvites *reply)
{
	struct invite_links links;
	struct peer peer;
	int64_t admin;

	if (peer_from_input(call, req->peer, &peer) < 0 ||
		peer_user_from_input(call, req->admin_id, &admin) < 0 ||
		invite_links_of(call, peer, admin, req->revoked,
			req->has_offset_date ? req->offset_date : 0, req->offset_link, req->limit,
			&links) < 0)
		return -1;
	reply->count = (int32_t)links.total;
	reply->invites = tl_objects_new(call->arena, (uint32_t)links.count);
	for (size_t i = 0; i < links.count; i++)
		reply->invites.at[i] = encode_invite_link(call->arena, &links.at[i]);
	reply->users = encode_makers(call, links.at, links.count);
	return 0;
}

static struct tl_object *encode_edited(
	struct call *call, const struct home_invite_link *link, const struct home_invite_link *next)
{
	struct tl_messages_exportedChatInviteReplaced *replaced;
	struct tl_messages_exportedChatInvite *edited;

	if (!next->admin) {
		edited = TL_NEW(call->arena, messages_exportedChatInvite);
		edited->invite = encode_invite_link(call->arena, link);
		edited->users = encode_makers(call, link, 1);
		return &edited->o;
	}
	replaced = TL_NEW(call->arena, messages_exportedChatInviteReplaced);
	replaced->invite = encode_invite_link(call->arena, link);
	replaced->new_invite = encode_invite_link(call->arena, next);
	replaced->users = encode_makers(call, link, 1);
	return &replaced->o;
}

/* https://core.telegram.org/method/messages.editExportedChatInvite */
int api_messages_editExportedChatInvite(struct call *call,
	const struct tl_messages_editExportedChatInvite *req, struct tl_object **reply)
{
	const struct invite_wish wish = {
		.revoke = req->revoked,
		.says_until = req->has_expire_date,
		.until_s = req->expire_date,
		.says_limit = req->has_usage_limit,
		.limit = req->usage_limit,
		.says_title = req->title.data != NULL,
		.title = req->title,
		.says_asks = req->has_request_needed,
		.asks = req->request_needed,
	};
	struct home_invite_link link, next;
	struct peer peer;

	if (peer_from_input(call, req->peer, &peer) < 0 ||
		invite_link_edit(call, peer, req->link, &wish, &link, &next) < 0)
		return -1;
	*reply = encode_edited(call, &link, &next);
	return 0;
}

/* https://core.telegram.org/method/messages.deleteExportedChatInvite */
int api_messages_deleteExportedChatInvite(
	struct call *call, const struct tl_messages_deleteExportedChatInvite *req, bool *reply)
{
	struct peer peer;

	if (peer_from_input(call, req->peer, &peer) < 0 ||
		invite_link_delete(call, peer, req->link) < 0)
		return -1;
	*reply = true;
	return 0;
}

/* https://core.telegram.org/method/messages.deleteRevokedExportedChatInvites */
int api_messages_deleteRevokedExportedChatInvites(struct call *call,
	const struct tl_messages_deleteRevokedExportedChatInvites *req, bool *reply)
{
	struct peer peer;
	int64_t admin;

	if (peer_from_input(call, req->peer, &peer) < 0 ||
		peer_user_from_input(call, req->admin_id, &admin) < 0 ||
		invite_links_delete_revoked(call, peer, admin) < 0)
		return -1;
	*reply = true;
	return 0;
}

/* https://core.telegram.org/method/messages.getAdminsWithInvites */
int api_messages_getAdminsWithInvites(struct call *call,
	const struct tl_messages_getAdminsWithInvites *req,
	struct tl_messages_chatAdminsWithInvites *reply)
{
	struct home_invite_admin *admins;
	struct roster roster;
	struct user *users;
	struct peer peer;
	size_t count, user_count;

	if (peer_from_input(call, req->peer, &peer) < 0 ||
		invite_admins(call, peer, &admins, &count) < 0)
		return -1;
	roster_init(&roster, call->arena);
	reply->admins = tl_objects_new(call->arena, (uint32_t)count);
	for (size_t i = 0; i < count; i++) {
		struct tl_chatAdminWithInvites *admin = TL_NEW(call->arena, chatAdminWithInvites);

		admin->admin_id = admins[i].admin;
		admin->invites_count = admins[i].links;
		admin->revoked_invites_count = admins[i].revoked;
		reply->admins.at[i] = &admin->o;
		roster_add(&roster, (struct peer){PEER_USER, admins[i].admin});
	}
	roster_users(call, call->user, &roster, &users, &user_count);
	reply->users = encode_users(call->arena, users, user_count);
	return 0;
}

/* ---- With a link ---- */

static struct tl_object *encode_preview(struct call *call, const struct invite_preview *preview)
{
	struct tl_chatInviteAlready *already;
	struct tl_chatInvite *invite;

	if (preview->member) {
		already = TL_NEW(call->arena, chatInviteAlready);
		already->chat = preview->peer.kind == PEER_CHAT
					? encode_chat(call->arena, &preview->chat)
					: encode_channel(call->arena, &preview->channel);
		return &already->o;
	}
	invite = TL_NEW(call->arena, chatInvite);
	if (preview->peer.kind == PEER_CHANNEL) {
		invite->channel = true;
		invite->broadcast = preview->channel.channel->broadcast;
		invite->megagroup = !invite->broadcast;
		invite->public = preview->channel.channel->username.size > 0;
	}
	invite->request_needed = preview->asks;
	invite->title = preview->title;
	if (preview->about.size > 0)
		invite->about = preview->about;
	invite->photo = &TL_NEW(call->arena, photoEmpty)->o;
	invite->participants_count = (int32_t)preview->members;
	invite->color = (int32_t)(preview->peer.id % INVITE_COLORS);
	return &invite->o;
}

/* https://core.telegram.org/method/messages.checkChatInvite */
int api_messages_checkChatInvite(
	struct call *call, const struct tl_messages_checkChatInvite *req, struct tl_object **reply)
{
	struct invite_preview preview;

	if (invite_check(call, req->hash, &preview) < 0)
		return -1;
	*reply = encode_preview(call, &preview);
	return 0;
}

/* https://core.telegram.org/method/messages.importChatInvite */
int api_messages_importChatInvite(struct call *call, const struct tl_messages_importChatInvite *req,
	struct tl_messages_chatInviteJoinResultOk *reply)
{
	struct update_set answer;

	if (invite_join(call, req->hash, &answer) < 0)
		return -1;
	reply->updates = encode_updates(call->arena, &answer);
	return 0;
}
