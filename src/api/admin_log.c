/* SPDX-License-Identifier: Apache-2.0 */
/* channels.getAdminLog. https://core.telegram.org/api/recent-actions */
#include "core/channels/admin_log.h"

#include "api/encode_channel.h"
#include "api/encode_chat.h"
#include "api/encode_message.h"
#include "api/encode_rights.h"
#include "api/encode_user.h"
#include "api/handlers.h"
#include "api/peers.h"
#include "api/reactions.h"
#include "core/channels/channel_settings.h"

#define ADMINS_MAX 100 /* of one query */

/* A text or number that was one and is another. */
#define CHANGED(type, before, after)                                                               \
	do {                                                                                       \
		struct tl_channelAdminLogEventAction##type *action =                               \
			TL_NEW(arena, channelAdminLogEventAction##type);                           \
                                                                                                   \
		action->prev_##before;                                                             \
		action->new_##after;                                                               \
		return &action->o;                                                                 \
	} while (0)
#define TEXTS(type) CHANGED(type, value = entry->texts[0], value = entry->texts[1])
#define NUMBERS(type)                                                                              \
	CHANGED(type, value = (int32_t)entry->numbers[0], value = (int32_t)entry->numbers[1])
#define MEMBERS(type)                                                                              \
	CHANGED(type, participant = encode_channel_member(arena, entry->members[0], viewer),       \
		participant = encode_channel_member(arena, entry->members[1], viewer))
/* With one thing in it. */
#define WITH(type, assignment)                                                                     \
	do {                                                                                       \
		struct tl_channelAdminLogEventAction##type *action =                               \
			TL_NEW(arena, channelAdminLogEventAction##type);                           \
                                                                                                   \
		action->assignment;                                                                \
		return &action->o;                                                                 \
	} while (0)
#define SWITCH(type) WITH(type, new_value = entry->numbers[1] != 0)
#define BARE(type) return &TL_NEW(arena, channelAdminLogEventAction##type)->o

/* ---- What entries are about ---- */

static struct tl_object *link_of(struct arena *arena, const struct admin_entry *entry, int which)
{
	struct tl_chatInviteExported *link;

	if (!entry->texts[which].data)
		return &TL_NEW(arena, chatInvitePublicJoinRequests)->o;
	link = TL_NEW(arena, chatInviteExported);
	link->link = entry->texts[which];
	link->admin_id = entry->numbers[0];
	link->date = (int32_t)entry->numbers[1];
	link->revoked = entry->event == EVENT_LINK_REVOKE;
	return &link->o;
}

static struct tl_object *topic_of(
	struct arena *arena, int64_t channel, const struct admin_logged *logged, int which)
{
	const struct admin_entry *entry = &logged->entry;
	const int64_t bits = entry->numbers[which];
	struct tl_forumTopic *topic;

	if (!entry->texts[which].data)
		return NULL;
	topic = TL_NEW(arena, forumTopic);
	topic->short_ = true; /* no more is known of how it was then */
	topic->id = entry->item;
	topic->date = (int32_t)logged->date_s;
	topic->peer = encode_peer(arena, (struct peer){PEER_CHANNEL, channel});
	topic->title = entry->texts[which];
	topic->icon_color = (int32_t)(bits >> TOPIC_COLOR_SHIFT);
	topic->closed = (bits & TOPIC_CLOSED) != 0;
	topic->hidden = (bits & TOPIC_HIDDEN) != 0;
	topic->pinned = (bits & TOPIC_PINNED) != 0;
	topic->top_message = entry->item;
	topic->from_id = encode_peer(arena, (struct peer){PEER_USER, entry->user});
	topic->notify_settings = &TL_NEW(arena, peerNotifySettings)->o;
	return &topic->o;
}

static struct tl_object *reactions_of(
	struct arena *arena, const struct admin_entry *entry, int which)
{
	const struct channel_settings settings = {
		.flags = (uint32_t)entry->numbers[which], .reactions = entry->texts[which]};

	return encode_channel_reactions(arena, &settings);
}

/* Names with spaces between. */
static struct tl_strings names_of(struct arena *arena, struct bytes text)
{
	struct tl_strings names = {.at = arena_array(arena, text.size + 1, sizeof(*names.at))};
	size_t from = 0;

	for (size_t i = 0; i <= text.size; i++) {
		if (i < text.size && text.data[i] != ' ')
			continue;
		if (i > from)
			names.at[names.count++] = bytes_of(text.data + from, i - from);
		from = i + 1;
	}
	return names;
}

/* ---- Actions ---- */

static struct tl_object *member_action(
	struct arena *arena, const struct admin_entry *entry, int64_t viewer)
{
	struct tl_channelAdminLogEventActionParticipantJoinByRequest *request;
	struct tl_channelAdminLogEventActionParticipantEditRank *rank;

	switch (entry->event) {
	case EVENT_JOIN:
		BARE(ParticipantJoin);
	case EVENT_JOIN_BY_LINK:
		WITH(ParticipantJoinByInvite, invite = link_of(arena, entry, 1));
	case EVENT_JOIN_BY_REQUEST:
		request = TL_NEW(arena, channelAdminLogEventActionParticipantJoinByRequest);
		request->invite = link_of(arena, entry, 1);
		request->approved_by = entry->user;
		return &request->o;
	case EVENT_LEAVE:
		BARE(ParticipantLeave);
	case EVENT_INVITE:
		WITH(ParticipantInvite,
			participant = encode_channel_member(arena, entry->members[1], viewer));
	case EVENT_BAN:
		MEMBERS(ParticipantToggleBan);
	case EVENT_ADMIN:
		MEMBERS(ParticipantToggleAdmin);
	case EVENT_RANK:
		rank = TL_NEW(arena, channelAdminLogEventActionParticipantEditRank);
		rank->user_id = entry->user;
		rank->prev_rank = entry->texts[0];
		rank->new_rank = entry->texts[1];
		return &rank->o;
	default:
		return NULL;
	}
}

static struct tl_object *setting_action(struct arena *arena, const struct admin_entry *entry)
{
	switch (entry->event) {
	case EVENT_TITLE:
		TEXTS(ChangeTitle);
	case EVENT_ABOUT:
		TEXTS(ChangeAbout);
	case EVENT_USERNAME:
		TEXTS(ChangeUsername);
	case EVENT_USERNAMES:
		CHANGED(ChangeUsernames, value = names_of(arena, entry->texts[0]),
			value = names_of(arena, entry->texts[1]));
	case EVENT_LINKED:
		CHANGED(ChangeLinkedChat, value = entry->numbers[0], value = entry->numbers[1]);
	case EVENT_HISTORY_TTL:
		NUMBERS(ChangeHistoryTTL);
	case EVENT_SLOWMODE:
		NUMBERS(ToggleSlowMode);
	case EVENT_DEFAULT_RIGHTS:
		CHANGED(DefaultBannedRights,
			banned_rights = encode_banned_rights(arena, (uint32_t)entry->numbers[0], 0),
			banned_rights =
				encode_banned_rights(arena, (uint32_t)entry->numbers[1], 0));
	case EVENT_REACTIONS:
		CHANGED(ChangeAvailableReactions, value = reactions_of(arena, entry, 0),
			value = reactions_of(arena, entry, 1));
	case EVENT_ANTISPAM:
		SWITCH(ToggleAntiSpam);
	case EVENT_AUTOTRANSLATION:
		SWITCH(ToggleAutotranslation);
	case EVENT_FORUM:
		SWITCH(ToggleForum);
	case EVENT_MEMBERS_INVITE:
		SWITCH(ToggleInvites);
	case EVENT_NOFORWARDS:
		SWITCH(ToggleNoForwards);
	case EVENT_HISTORY_HIDDEN:
		SWITCH(TogglePreHistoryHidden);
	case EVENT_SIGNATURES:
		SWITCH(ToggleSignatures);
	case EVENT_SIGNATURE_PROFILES:
		SWITCH(ToggleSignatureProfiles);
	default:
		return NULL;
	}
}

static struct tl_object *content_action(
	struct arena *arena, int64_t channel, const struct admin_logged *logged)
{
	const struct admin_entry *entry = &logged->entry;

	switch (entry->event) {
	case EVENT_POST_DELETE:
		WITH(DeleteMessage, message = encode_message(arena, entry->posts[0]));
	case EVENT_POST_EDIT:
		CHANGED(EditMessage, message = encode_message(arena, entry->posts[0]),
			message = encode_message(arena, entry->posts[1]));
	case EVENT_POST_SEND:
		WITH(SendMessage, message = encode_message(arena, entry->posts[1]));
	case EVENT_POST_PIN:
		WITH(UpdatePinned, message = encode_message(arena, entry->posts[1]));
	case EVENT_POLL_STOP:
		WITH(StopPoll, message = encode_message(arena, entry->posts[1]));
	case EVENT_LINK_EDIT:
		CHANGED(ExportedInviteEdit, invite = link_of(arena, entry, 0),
			invite = link_of(arena, entry, 1));
	case EVENT_LINK_REVOKE:
		WITH(ExportedInviteRevoke, invite = link_of(arena, entry, 1));
	case EVENT_LINK_DELETE:
		WITH(ExportedInviteDelete, invite = link_of(arena, entry, 0));
	case EVENT_TOPIC_CREATE:
		WITH(CreateTopic, topic = topic_of(arena, channel, logged, 1));
	case EVENT_TOPIC_DELETE:
		WITH(DeleteTopic, topic = topic_of(arena, channel, logged, 0));
	case EVENT_TOPIC_EDIT:
		CHANGED(EditTopic, topic = topic_of(arena, channel, logged, 0),
			topic = topic_of(arena, channel, logged, 1));
	case EVENT_TOPIC_PIN:
		CHANGED(PinTopic, topic = topic_of(arena, channel, logged, 0),
			topic = topic_of(arena, channel, logged, 1));
	default:
		return NULL;
	}
}

static struct tl_object *encode_logged(
	struct arena *arena, int64_t channel, const struct admin_logged *logged, int64_t viewer)
{
	struct tl_channelAdminLogEvent *event = TL_NEW(arena, channelAdminLogEvent);

	event->id = logged->id;
	event->date = (int32_t)logged->date_s;
	event->user_id = logged->actor;
	event->action = member_action(arena, &logged->entry, viewer);
	if (!event->action)
		event->action = setting_action(arena, &logged->entry);
	if (!event->action)
		event->action = content_action(arena, channel, logged);
	return event->action ? &event->o : NULL;
}

/* ---- The method ---- */

static uint32_t filters_from_input(const struct tl_object *input)
{
	const struct tl_channelAdminLogEventsFilter *f = TL_AS(channelAdminLogEventsFilter, input);

	if (!f)
		return 0;
	return (uint32_t)f->join << FILTER_JOIN | (uint32_t)f->leave << FILTER_LEAVE |
	       (uint32_t)f->invite << FILTER_INVITE | (uint32_t)f->ban << FILTER_BAN |
	       (uint32_t)f->unban << FILTER_UNBAN | (uint32_t)f->kick << FILTER_KICK |
	       (uint32_t)f->unkick << FILTER_UNKICK | (uint32_t)f->promote << FILTER_PROMOTE |
	       (uint32_t)f->demote << FILTER_DEMOTE | (uint32_t)f->info << FILTER_INFO |
	       (uint32_t)f->settings << FILTER_SETTINGS | (uint32_t)f->pinned << FILTER_PINNED |
	       (uint32_t)f->edit << FILTER_EDIT | (uint32_t)f->delete << FILTER_DELETE |
	       (uint32_t)f->group_call << FILTER_CALL | (uint32_t)f->invites << FILTER_LINKS |
	       (uint32_t)f->send << FILTER_SEND | (uint32_t)f->forums << FILTER_FORUMS |
	       (uint32_t)f->sub_extend << FILTER_SUBSCRIPTION |
	       (uint32_t)f->edit_rank << FILTER_RANK;
}

/* https://core.telegram.org/method/channels.getAdminLog */
int api_channels_getAdminLog(struct call *call, const struct tl_channels_getAdminLog *req,
	struct tl_channels_adminLogResults *results)
{
	int64_t admins[ADMINS_MAX], id;
	const struct admin_log_query query = {
		.filters = filters_from_input(req->events_filter),
		.admins = admins,
		.admin_count = req->admins.count,
		.words = req->q,
		.max_id = req->max_id,
		.min_id = req->min_id,
		.limit = req->limit,
	};
	struct admin_log_page page;

	if (req->admins.count > ADMINS_MAX)
		return rpc_error(call, 400, "LIMIT_INVALID");
	if (channel_from_input(call, req->channel, &id) < 0)
		return -1;
	for (uint32_t i = 0; i < req->admins.count; i++)
		if (peer_user_from_input(call, req->admins.at[i], &admins[i]) < 0)
			return -1;
	if (admin_log_read(call, id, &query, &page) < 0)
		return -1;
	results->events = tl_objects_new(call->arena, (uint32_t)page.count);
	results->events.count = 0;
	for (size_t i = 0; i < page.count; i++) {
		struct tl_object *event = encode_logged(call->arena, id, &page.at[i], call->user);

		if (event)
			results->events.at[results->events.count++] = event;
	}
	results->chats =
		encode_channels(call->arena, page.named.channels, page.named.channel_count);
	results->users = encode_users(call->arena, page.named.users, page.named.user_count);
	return 0;
}
