/* SPDX-License-Identifier: Apache-2.0 */
/* Channels as TL. https://core.telegram.org/api/channel */
#include "api/encode_channel.h"

#include "api/encode_dialog.h"
#include "api/encode_message.h"
#include "api/encode_rights.h"
#include "api/reactions.h"
#include "core/channels/channel_rights.h"
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

struct tl_object *encode_restriction_reason(
	struct arena *arena, struct bytes reason, struct bytes text)
{
	struct tl_restrictionReason *out = TL_NEW(arena, restrictionReason);

	out->platform = BYTES_LITERAL("all");
	out->reason = reason;
	out->text = text;
	return &out->o;
}

struct tl_object *encode_label(struct arena *arena, struct bytes text)
{
	return encode_restriction_reason(arena, BYTES_LITERAL("sensitive"), text);
}

/* There is no country in it: the server chooses by viewer. */
static void encode_restriction(
	struct arena *arena, const struct channel_view *view, struct tl_channel *channel)
{
	const struct restriction *restriction = &view->channel->restriction;
	const bool labelled = restriction->label.size > 0;
	uint32_t count = 0;

	if (!view->restricted && !labelled)
		return;
	channel->restricted = true; /* the same bit as of the reasons */
	channel->restriction_reason = tl_objects_new(arena, view->restricted + labelled);
	if (view->restricted)
		channel->restriction_reason.at[count++] =
			encode_restriction_reason(arena, restriction->reason, restriction->text);
	if (labelled)
		channel->restriction_reason.at[count] = encode_label(arena, restriction->label);
}

static struct tl_object *channel_forbidden(struct arena *arena, const struct channel_view *view)
{
	struct tl_channelForbidden *forbidden = TL_NEW(arena, channelForbidden);

	forbidden->broadcast = view->channel->broadcast;
	forbidden->megagroup = !view->channel->broadcast;
	forbidden->id = view->channel->id;
	forbidden->access_hash = view->access_hash;
	forbidden->title = view->channel->title;
	forbidden->until_date = clip(view->my.until_s);
	forbidden->has_until_date = view->my.until_s > 0;
	return &forbidden->o;
}

static void encode_flags(struct tl_channel *channel, const struct channel_settings *settings)
{
	const uint32_t flags = settings->flags;

	channel->signatures = (flags & CHANNEL_SIGNATURES) != 0;
	channel->signature_profiles = (flags & CHANNEL_SIGNATURE_PROFILES) != 0;
	channel->noforwards = (flags & CHANNEL_NOFORWARDS) != 0;
	channel->join_to_send = (flags & CHANNEL_JOIN_TO_SEND) != 0;
	channel->join_request = (flags & CHANNEL_JOIN_REQUEST) != 0;
	channel->gigagroup = (flags & CHANNEL_GIGAGROUP) != 0;
	channel->forum = (flags & CHANNEL_FORUM) != 0;
	channel->forum_tabs = (flags & CHANNEL_FORUM_TABS) != 0;
	channel->autotranslation = (flags & CHANNEL_AUTOTRANSLATION) != 0;
	channel->has_link = settings->linked != 0;
	channel->slowmode_enabled = settings->slowmode_s > 0;
}

struct tl_object *encode_channel(struct arena *arena, const struct channel_view *view)
{
	const struct channel *shared = view->channel;
	struct tl_channel *channel;

	if (view->my.role == ROLE_BANNED)
		return channel_forbidden(arena, view);
	channel = TL_NEW(arena, channel);
	channel->creator = view->my.role == ROLE_CREATOR;
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
	if (channel_is_admin(view))
		channel->admin_rights = encode_admin_rights(arena, channel_admin_rights(view));
	else if (view->my.banned_rights)
		channel->banned_rights =
			encode_banned_rights(arena, view->my.banned_rights, view->my.until_s);
	if (!shared->broadcast)
		channel->default_banned_rights =
			encode_banned_rights(arena, shared->settings.banned_rights, 0);
	encode_flags(channel, &shared->settings);
	encode_restriction(arena, view, channel);
	return &channel->o;
}

static void encode_full_settings(
	struct arena *arena, struct tl_channelFull *full, const struct channel_view *view)
{
	const struct channel_settings *settings = &view->channel->settings;

	full->hidden_prehistory =
		settings->flags & CHANNEL_HISTORY_HIDDEN && !view->channel->in_square;
	full->antispam = (settings->flags & CHANNEL_ANTISPAM) != 0;
	full->participants_hidden |= (settings->flags & CHANNEL_MEMBERS_HIDDEN) != 0;
	full->linked_chat_id = settings->linked;
	full->has_linked_chat_id = settings->linked != 0;
	full->slowmode_seconds = settings->slowmode_s;
	full->has_slowmode_seconds = settings->slowmode_s != 0;
	full->ttl_period = settings->period_s;
	full->has_ttl_period = settings->period_s != 0;
	full->available_reactions = encode_channel_reactions(arena, settings);
	full->reactions_limit = settings->reactions_limit;
	full->has_reactions_limit = settings->reactions_limit != 0;
}

struct tl_object *encode_channel_full(
	struct arena *arena, const struct channel_view *view, const struct dialog *dialog)
{
	const struct channel *shared = view->channel;
	struct tl_channelFull *full = TL_NEW(arena, channelFull);

	full->id = shared->id;
	full->about = shared->about;
	full->can_set_username = view->my.role == ROLE_CREATOR;
	full->can_delete_channel = view->my.role == ROLE_CREATOR;
	full->participants_count = clip(shared->members);
	full->has_participants_count = true;
	full->read_inbox_max_id = dialog->read_inbox;
	full->read_outbox_max_id = dialog->read_outbox;
	full->unread_count = dialog->unread;
	full->pinned_msg_id = dialog->pinned_id;
	full->has_pinned_msg_id = dialog->pinned_id != 0;
	full->available_min_id = dialog->available_min;
	full->has_available_min_id = dialog->available_min != 0;
	full->chat_photo = &TL_NEW(arena, photoEmpty)->o;
	full->notify_settings = encode_notify(arena, dialog->notify);
	full->view_forum_as_messages = dialog->view_as_messages;
	full->folder_id = dialog->folder;
	full->has_folder_id = dialog->folder != 0;
	full->bot_info = tl_objects_new(arena, 0);
	full->pts = shared->pts;
	encode_full_settings(arena, full, view);
	return &full->o;
}

struct tl_objects encode_channel_and_others(struct arena *arena, const struct channel_view *view,
	const struct channel_view *others, size_t count)
{
	struct tl_objects vector = tl_objects_new(arena, (uint32_t)count + 1);

	vector.at[0] = encode_channel(arena, view);
	for (size_t i = 0; i < count; i++)
		vector.at[i + 1] = encode_channel(arena, &others[i]);
	return vector;
}

static struct tl_object *post_of_id(struct arena *arena, const struct post_list *list, int32_t id)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->posts[i].id == id)
			return encode_message(arena, &list->posts[i]);
	return encode_message_empty(arena, id);
}

struct tl_objects encode_post_channels(struct arena *arena, const struct post_list *list)
{
	struct channel_view *all = arena_array(arena, list->other_count + 1, sizeof(*all));

	all[0] = list->view;
	for (size_t k = 0; k < list->other_count; k++)
		all[k + 1] = list->others[k];
	return encode_channels(arena, all, list->other_count + 1);
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
	messages->chats = encode_post_channels(arena, list);
	messages->users = encode_users(arena, list->users, list->user_count);
	return &messages->o;
}
