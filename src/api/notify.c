/* SPDX-License-Identifier: Apache-2.0 */
/* account.*: notification settings. https://core.telegram.org/type/PeerNotifySettings */
#include "core/dialogs/notify.h"

#include "api/encode_dialog.h"
#include "api/encode_message.h"
#include "api/encode_updates.h"
#include "api/handlers.h"
#include "api/peers.h"
#include "core/channels/roster.h"
#include "core/posts/topic_settings.h"

static int forum_from_input(
	struct call *call, const struct tl_inputNotifyForumTopic *topic, int64_t *channel)
{
	struct peer peer;

	if (peer_from_input(call, topic->peer, &peer) < 0)
		return -1;
	if (peer.kind != PEER_CHANNEL)
		return rpc_error(call, 400, "PEER_ID_INVALID");
	*channel = peer.id;
	return 0;
}

static int scope_from_input(struct call *call, const struct tl_object *input,
	enum notify_scope *scope, struct peer *peer)
{
	const struct tl_inputNotifyPeer *chat = TL_AS(inputNotifyPeer, input);

	*peer = (struct peer){0};
	*scope = NOTIFY_CHAT;
	if (chat)
		return peer_from_input(call, chat->peer, peer);
	if (TL_AS(inputNotifyUsers, input))
		*scope = NOTIFY_USERS;
	else if (TL_AS(inputNotifyChats, input))
		*scope = NOTIFY_GROUPS;
	else if (TL_AS(inputNotifyBroadcasts, input))
		*scope = NOTIFY_BROADCASTS;
	else
		return rpc_error(call, 400, "PEER_ID_INVALID");
	return 0;
}

/* https://core.telegram.org/method/account.getNotifySettings */
int api_account_getNotifySettings(struct call *call, const struct tl_account_getNotifySettings *req,
	struct tl_peerNotifySettings *reply)
{
	const struct tl_inputNotifyForumTopic *topic = TL_AS(inputNotifyForumTopic, req->peer);
	int64_t channel = 0;
	struct notify_settings settings;
	enum notify_scope scope;
	struct peer peer;

	if (topic) {
		if (forum_from_input(call, topic, &channel) < 0)
			return -1;
		settings = *topic_notify(call, channel, topic->top_msg_id);
	} else {
		if (scope_from_input(call, req->peer, &scope, &peer) < 0)
			return -1;
		notify_get(call, call->user, scope, peer, &settings);
	}
	*reply = *TL_AS(peerNotifySettings, encode_notify(call->arena, &settings));
	return 0;
}

static int sound_from_input(
	struct call *call, const struct tl_object *input, struct notify_settings *settings)
{
	const struct tl_notificationSoundLocal *local = TL_AS(notificationSoundLocal, input);

	if (!input)
		return 0;
	settings->has_sound = true;
	if (TL_AS(notificationSoundDefault, input)) {
		settings->sound = SOUND_DEFAULT;
	} else if (TL_AS(notificationSoundNone, input)) {
		settings->sound = SOUND_NONE;
	} else if (local && local->title.size <= NOTIFY_TEXT_MAX &&
		   local->data.size <= NOTIFY_TEXT_MAX) {
		settings->sound = SOUND_LOCAL;
		settings->sound_title = local->title;
		settings->sound_data = local->data;
	} else {
		return rpc_error(call, 400, "SETTINGS_INVALID");
	}
	return 0;
}

/* https://core.telegram.org/method/account.updateNotifySettings */
int api_account_updateNotifySettings(
	struct call *call, const struct tl_account_updateNotifySettings *req, bool *reply)
{
	const struct tl_inputPeerNotifySettings *in = TL_AS(inputPeerNotifySettings, req->settings);
	const struct tl_inputNotifyForumTopic *topic = TL_AS(inputNotifyForumTopic, req->peer);
	struct notify_settings settings = {0};
	int64_t channel = 0;
	enum notify_scope scope;
	struct peer peer;

	*reply = true;
	if (!in)
		return rpc_error(call, 400, "SETTINGS_INVALID");
	if ((topic ? forum_from_input(call, topic, &channel) < 0
		   : scope_from_input(call, req->peer, &scope, &peer) < 0) ||
		sound_from_input(call, in->sound, &settings) < 0)
		return -1;
	settings.has_previews = in->has_show_previews;
	settings.previews = in->show_previews;
	settings.has_silent = in->has_silent;
	settings.silent = in->silent;
	settings.has_mute = in->has_mute_until;
	settings.mute_until_s = in->mute_until < 0 ? 0 : in->mute_until;
	settings.has_stories_muted = in->has_stories_muted;
	settings.stories_muted = in->stories_muted;
	settings.has_stories_hide = in->has_stories_hide_sender;
	settings.stories_hide = in->stories_hide_sender;
	if (topic)
		return topic_notify_set(call, channel, topic->top_msg_id, &settings);
	return notify_set(call, scope, peer, &settings);
}

/* https://core.telegram.org/method/account.resetNotifySettings */
int api_account_resetNotifySettings(
	struct call *call, const struct tl_account_resetNotifySettings *req, bool *reply)
{
	notify_reset(call);
	*reply = true;
	return 0;
}

/* https://core.telegram.org/method/account.getNotifyExceptions */
int api_account_getNotifyExceptions(struct call *call,
	const struct tl_account_getNotifyExceptions *req, struct tl_object **reply)
{
	struct notify_settings *settings;
	enum notify_scope scope = NOTIFY_CHAT;
	struct update_set set = {0};
	struct peer *peers, only = {0};
	size_t count;

	if (req->peer && scope_from_input(call, req->peer, &scope, &only) < 0)
		return -1;
	count = notify_exceptions(call, &peers, &settings);
	set.updates = arena_array(call->arena, count, sizeof(*set.updates));
	for (size_t i = 0; i < count; i++) {
		const struct notify_settings *s = &settings[i];

		if (scope == NOTIFY_CHAT
				? only.id && (only.kind != peers[i].kind || only.id != peers[i].id)
				: notify_scope_of(call, peers[i]) != scope)
			continue;
		if (!s->has_mute && !s->has_silent && !s->has_previews &&
			!(req->compare_sound && s->has_sound) &&
			!(req->compare_stories && s->has_stories_muted))
			continue;
		set.updates[set.update_count++] = (struct update){
			.kind = UPDATE_NOTIFY, .peer = peers[i], .notify = &settings[i]};
	}
	roster_complete(call, call->user, &set);
	*reply = encode_updates(call->arena, &set);
	return 0;
}
