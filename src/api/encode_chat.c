/* SPDX-License-Identifier: Apache-2.0 */
/* Basic groups between the domain and TL. https://core.telegram.org/api/channel#basic-groups */
#include "api/encode_chat.h"

#include "api/encode_rights.h"
#include "api/peers.h"
#include "core/chats/chats.h"
#include "tl/schema.h"

/* Admins of basic groups have all rights but that of naming others, which is the creator's. */
static struct tl_object *admin_rights(struct arena *arena, enum chat_role role)
{
	const uint32_t rights = ADMIN_CHANGE_INFO | ADMIN_DELETE | ADMIN_BAN | ADMIN_INVITE |
				ADMIN_PIN | ADMIN_CALL | ADMIN_OTHER;

	return encode_admin_rights(
		arena, rights | (role == CHAT_CREATOR ? (uint32_t)ADMIN_ADD_ADMINS : 0));
}

static struct tl_object *chat_forbidden(struct arena *arena, const struct chat *chat)
{
	struct tl_chatForbidden *forbidden = TL_NEW(arena, chatForbidden);

	forbidden->id = chat->id;
	forbidden->title = chat->title;
	return &forbidden->o;
}

struct tl_object *encode_chat(struct arena *arena, const struct chat_view *view)
{
	const struct chat *shared = &view->chat;
	struct tl_chat *chat;

	if (view->kicked)
		return chat_forbidden(arena, shared);
	chat = TL_NEW(arena, chat);
	chat->id = shared->id;
	chat->title = shared->title;
	chat->photo = &TL_NEW(arena, chatPhotoEmpty)->o;
	chat->date = (int32_t)shared->date_s;
	chat->left = view->role == CHAT_OUT;
	if (chat->left)
		return &chat->o;
	chat->creator = view->role == CHAT_CREATOR;
	chat->deactivated = shared->deactivated;
	if (shared->migrated_to) {
		struct tl_inputChannel *channel = TL_NEW(arena, inputChannel);

		channel->channel_id = shared->migrated_to;
		channel->access_hash = view->migrated_hash;
		chat->migrated_to = &channel->o;
	}
	chat->noforwards = shared->noforwards;
	chat->participants_count = shared->members;
	chat->version = shared->version;
	if (view->role >= CHAT_ADMIN)
		chat->admin_rights = admin_rights(arena, view->role);
	chat->default_banned_rights = encode_banned_rights(arena, shared->banned_rights, 0);
	return &chat->o;
}

static struct tl_object *encode_member(struct arena *arena, const struct chat_member *member)
{
	struct tl_chatParticipantCreator *creator;
	struct tl_chatParticipantAdmin *admin;
	struct tl_chatParticipant *other;

	switch (member->role) {
	case CHAT_CREATOR:
		creator = TL_NEW(arena, chatParticipantCreator);
		creator->user_id = member->user;
		return &creator->o;
	case CHAT_ADMIN:
		admin = TL_NEW(arena, chatParticipantAdmin);
		admin->user_id = member->user;
		admin->inviter_id = member->inviter;
		admin->date = (int32_t)member->joined_at_s;
		return &admin->o;
	default:
		other = TL_NEW(arena, chatParticipant);
		other->user_id = member->user;
		other->inviter_id = member->inviter;
		other->date = (int32_t)member->joined_at_s;
		return &other->o;
	}
}

struct tl_object *encode_chat_members(struct arena *arena, int64_t chat,
	const struct chat_member *members, size_t count, int32_t version)
{
	struct tl_chatParticipants *list = TL_NEW(arena, chatParticipants);

	list->chat_id = chat;
	list->version = version;
	list->participants = tl_objects_new(arena, (uint32_t)count);
	for (size_t i = 0; i < count; i++)
		list->participants.at[i] = encode_member(arena, &members[i]);
	return &list->o;
}

static struct tl_object *encode_member_added(struct arena *arena, const struct update *u)
{
	struct tl_updateChatParticipantAdd *update = TL_NEW(arena, updateChatParticipantAdd);

	update->chat_id = u->peer.id;
	update->user_id = u->members[0].user;
	update->inviter_id = u->members[0].inviter;
	update->date = (int32_t)u->members[0].joined_at_s;
	update->version = u->version;
	return &update->o;
}

static struct tl_object *encode_member_deleted(struct arena *arena, const struct update *u)
{
	struct tl_updateChatParticipantDelete *update = TL_NEW(arena, updateChatParticipantDelete);

	update->chat_id = u->peer.id;
	update->user_id = u->members[0].user;
	update->version = u->version;
	return &update->o;
}

static struct tl_object *encode_admin_update(struct arena *arena, const struct update *u)
{
	struct tl_updateChatParticipantAdmin *update = TL_NEW(arena, updateChatParticipantAdmin);

	update->chat_id = u->peer.id;
	update->user_id = u->members[0].user;
	update->is_admin = u->members[0].role >= CHAT_ADMIN;
	update->version = u->version;
	return &update->o;
}

static struct tl_object *encode_rights_update(struct arena *arena, const struct update *u)
{
	struct tl_updateChatDefaultBannedRights *update =
		TL_NEW(arena, updateChatDefaultBannedRights);

	update->peer = encode_peer(arena, u->peer);
	update->default_banned_rights = encode_banned_rights(arena, u->rights, 0);
	update->version = u->version;
	return &update->o;
}

struct tl_object *encode_chat_update(struct arena *arena, const struct update *u)
{
	struct tl_updateChatParticipants *members;
	struct tl_updateChat *chat;

	switch (u->kind) {
	case UPDATE_CHAT_MEMBERS:
		members = TL_NEW(arena, updateChatParticipants);
		members->participants = encode_chat_members(
			arena, u->peer.id, u->members, u->member_count, u->version);
		return &members->o;
	case UPDATE_CHAT_MEMBER_ADD:
		return encode_member_added(arena, u);
	case UPDATE_CHAT_MEMBER_DELETE:
		return encode_member_deleted(arena, u);
	case UPDATE_CHAT_ADMIN:
		return encode_admin_update(arena, u);
	case UPDATE_CHAT_RIGHTS:
		return encode_rights_update(arena, u);
	default:
		chat = TL_NEW(arena, updateChat);
		chat->chat_id = u->peer.id;
		return &chat->o;
	}
}
