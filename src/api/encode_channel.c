/* SPDX-License-Identifier: Apache-2.0 */
/* Channels as TL. https://core.telegram.org/api/channel */
#include "api/encode_channel.h"

#include "api/encode_message.h"
#include "tl/schema.h"

static int32_t clip(int64_t value)
{
	return value > INT32_MAX ? INT32_MAX : (int32_t)value;
}

int channel_from_input(struct call *call, const struct tl_object *input, int64_t *id)
{
	const struct tl_inputChannel *channel = TL_AS(inputChannel, input);

	if (!channel || channel->channel_id <= 0 ||
		channel->access_hash != channel_access_hash(call, channel->channel_id))
		return rpc_error(call, 400, "CHANNEL_INVALID");
	*id = channel->channel_id;
	return 0;
}

/* What a creator may do. Posting and editing are rights of broadcast channels only: in a group
 * every member has them. */
static struct tl_object *creator_rights(struct arena *arena, bool broadcast)
{
	struct tl_chatAdminRights *rights = TL_NEW(arena, chatAdminRights);

	rights->change_info = true;
	rights->post_messages = broadcast;
	rights->edit_messages = broadcast;
	rights->delete_messages = true;
	rights->invite_users = true;
	rights->other = true;
	return &rights->o;
}

/* What members of a group may not do. */
static struct tl_object *member_limits(struct arena *arena)
{
	struct tl_chatBannedRights *rights = TL_NEW(arena, chatBannedRights);

	rights->change_info = true;
	rights->invite_users = true;
	rights->pin_messages = true;
	rights->manage_topics = true;
	return &rights->o;
}

/* https://core.telegram.org/constructor/restrictionReason: clients show `text` in place of the
 * content. There is no country in it: the server chooses by viewer. */
static struct tl_objects restriction_reasons(
	struct arena *arena, const struct restriction *restriction)
{
	struct tl_objects reasons = tl_objects_new(arena, 1);
	struct tl_restrictionReason *reason = TL_NEW(arena, restrictionReason);

	reason->platform = BYTES_LITERAL("all");
	reason->reason = restriction->reason;
	reason->text = restriction->text;
	reasons.at[0] = &reason->o;
	return reasons;
}

static struct tl_object *channel_forbidden(struct arena *arena, const struct channel_view *view)
{
	struct tl_channelForbidden *forbidden = TL_NEW(arena, channelForbidden);

	forbidden->broadcast = view->channel->broadcast;
	forbidden->megagroup = !view->channel->broadcast;
	forbidden->id = view->channel->id;
	forbidden->access_hash = view->access_hash;
	forbidden->title = view->channel->title;
	return &forbidden->o;
}

struct tl_object *encode_channel(struct arena *arena, const struct channel_view *view)
{
	const struct channel *shared = view->channel;
	struct tl_channel *channel;

	if (view->role == ROLE_BANNED)
		return channel_forbidden(arena, view);
	channel = TL_NEW(arena, channel);
	channel->creator = view->role == ROLE_CREATOR;
	channel->left = !channel_is_member(view);
	channel->broadcast = shared->broadcast;
	channel->megagroup = !shared->broadcast;
	channel->stories_unavailable = true;
	channel->id = shared->id;
	channel->access_hash = view->access_hash;
	channel->has_access_hash = true;
	channel->title = shared->title;
	if (shared->username.size > 0)
		channel->username = shared->username;
	channel->photo = &TL_NEW(arena, chatPhotoEmpty)->o;
	channel->date = clip(shared->date_s);
	channel->participants_count = clip(shared->members);
	channel->has_participants_count = true;
	if (view->role == ROLE_CREATOR)
		channel->admin_rights = creator_rights(arena, shared->broadcast);
	if (!shared->broadcast)
		channel->default_banned_rights = member_limits(arena);
	if (view->restricted) {
		channel->restricted = true;
		channel->restriction_reason = restriction_reasons(arena, &shared->restriction);
	}
	return &channel->o;
}

struct tl_object *encode_channel_full(
	struct arena *arena, const struct channel_view *view, const struct dialog *dialog)
{
	const struct channel *shared = view->channel;
	const bool admin = channel_is_admin(view);
	struct tl_channelFull *full = TL_NEW(arena, channelFull);

	full->id = shared->id;
	full->about = shared->about;
	full->can_view_participants = admin || (!shared->broadcast && channel_is_member(view));
	full->can_set_username = view->role == ROLE_CREATOR;
	full->can_delete_channel = view->role == ROLE_CREATOR;
	full->participants_hidden = shared->broadcast && !admin;
	full->participants_count = clip(shared->members);
	full->has_participants_count = true;
	if (admin) {
		full->admins_count = 1; /* the creator: there are no others yet */
		full->has_admins_count = true;
		full->has_kicked_count = true;
		full->has_banned_count = true;
	}
	full->read_inbox_max_id = dialog->read_inbox;
	full->read_outbox_max_id = shared->broadcast ? 0 : dialog->read_outbox;
	full->unread_count = dialog->unread;
	full->chat_photo = &TL_NEW(arena, photoEmpty)->o;
	full->notify_settings = &TL_NEW(arena, peerNotifySettings)->o;
	full->bot_info = tl_objects_new(arena, 0);
	full->pts = shared->pts;
	return &full->o;
}

static struct tl_object *post_of_id(struct arena *arena, const struct post_list *list, int32_t id)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->posts[i].id == id)
			return encode_message(arena, &list->posts[i]);
	return encode_message_empty(arena, id);
}

struct tl_object *encode_post_list(
	struct arena *arena, const struct post_list *list, const int32_t *ids, size_t id_count)
{
	struct tl_messages_channelMessages *messages = TL_NEW(arena, messages_channelMessages);

	messages->pts = list->pts;
	messages->count = ids ? (int32_t)id_count : clip(list->total);
	if (ids) {
		messages->messages = tl_objects_new(arena, (uint32_t)id_count);
		for (size_t i = 0; i < id_count; i++)
			messages->messages.at[i] = post_of_id(arena, list, ids[i]);
	} else {
		messages->messages = encode_messages(arena, list->posts, list->count);
	}
	messages->topics = tl_objects_new(arena, 0);
	messages->chats = encode_channels(arena, &list->view, 1);
	messages->users = encode_users(arena, list->users, list->user_count);
	return &messages->o;
}

struct tl_object *encode_channel_member(
	struct arena *arena, const struct channel_member *member, int64_t viewer, bool broadcast)
{
	struct tl_channelParticipantCreator *creator;
	struct tl_channelParticipantSelf *self;
	struct tl_channelParticipant *other;

	if (member->role == ROLE_CREATOR) {
		creator = TL_NEW(arena, channelParticipantCreator);
		creator->user_id = member->user;
		creator->admin_rights = creator_rights(arena, broadcast);
		return &creator->o;
	}
	if (member->user == viewer) {
		self = TL_NEW(arena, channelParticipantSelf);
		self->user_id = member->user;
		self->inviter_id = member->user; /* joined by itself */
		self->date = clip(member->joined_at_s);
		return &self->o;
	}
	other = TL_NEW(arena, channelParticipant);
	other->user_id = member->user;
	other->date = clip(member->joined_at_s);
	return &other->o;
}
