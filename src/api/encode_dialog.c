/* SPDX-License-Identifier: Apache-2.0 */
/* What is about the chat list and not about a message. https://core.telegram.org/constructor/dialog
 */
#include "api/encode_dialog.h"

#include "api/encode_media.h"
#include "api/peers.h"
#include "core/dialogs/dialog_places.h"
#include "tl/schema.h"

static struct tl_object *encode_sound(struct arena *arena, const struct notify_settings *s)
{
	struct tl_notificationSoundLocal *local;
	struct tl_notificationSoundRingtone *file;

	if (!s->has_sound)
		return NULL;
	switch (s->sound) {
	case SOUND_NONE:
		return &TL_NEW(arena, notificationSoundNone)->o;
	case SOUND_LOCAL:
		local = TL_NEW(arena, notificationSoundLocal);
		local->title = s->sound_title;
		local->data = s->sound_data;
		return &local->o;
	case SOUND_FILE:
		file = TL_NEW(arena, notificationSoundRingtone);
		file->id = s->sound_file;
		return &file->o;
	case SOUND_DEFAULT:
		break;
	}
	return &TL_NEW(arena, notificationSoundDefault)->o;
}

struct tl_object *encode_notify(struct arena *arena, const struct notify_settings *s)
{
	struct tl_peerNotifySettings *out = TL_NEW(arena, peerNotifySettings);

	if (!s)
		return &out->o;
	out->has_show_previews = s->has_previews;
	out->show_previews = s->previews;
	out->has_silent = s->has_silent;
	out->silent = s->silent;
	out->has_mute_until = s->has_mute;
	out->mute_until = s->mute_until_s;
	out->has_stories_muted = s->has_stories_muted;
	out->stories_muted = s->stories_muted;
	out->has_stories_hide_sender = s->has_stories_hide;
	out->stories_hide_sender = s->stories_hide;
	/* One sound for all of the account's devices. */
	out->ios_sound = out->android_sound = out->other_sound = encode_sound(arena, s);
	return &out->o;
}

/* The answered message is of the same chat: only then is it kept. */
static struct tl_object *encode_draft_reply(struct arena *arena, const struct message *draft)
{
	struct tl_inputReplyToMessage *reply;

	if (!draft->reply_to && !draft->thread)
		return NULL;
	reply = TL_NEW(arena, inputReplyToMessage);
	reply->reply_to_msg_id = draft->reply_to ? draft->reply_to : draft->thread;
	reply->top_msg_id = draft->thread;
	reply->has_top_msg_id = draft->thread != 0;
	if (draft->reply && draft->reply->quote.size) {
		reply->quote_text = draft->reply->quote;
		reply->quote_entities =
			encode_entities(arena, draft->reply->entities, draft->reply->entity_count);
		reply->quote_offset = draft->reply->quote_offset;
		reply->has_quote_offset = true;
	}
	return &reply->o;
}

struct tl_object *encode_draft(struct arena *arena, const struct message *draft)
{
	struct tl_draftMessage *out;

	if (!draft)
		return &TL_NEW(arena, draftMessageEmpty)->o;
	out = TL_NEW(arena, draftMessage);
	out->no_webpage = draft->no_preview;
	out->invert_media = draft->invert_media;
	out->reply_to = encode_draft_reply(arena, draft);
	out->reply_to_msg_id = draft->reply_to;
	out->has_reply_to_msg_id = draft->reply_to != 0;
	out->message = draft->text;
	out->entities = encode_entities(arena, draft->entities, draft->entity_count);
	out->date = (int32_t)draft->date_s;
	return &out->o;
}

struct tl_object *encode_dialog(struct arena *arena, const struct dialog *from)
{
	struct tl_dialog *dialog = TL_NEW(arena, dialog);

	dialog->pinned = from->pin != 0;
	dialog->unread_mark = from->unread_mark;
	dialog->view_forum_as_messages = from->view_as_messages;
	dialog->peer = encode_peer(arena, from->peer);
	dialog->top_message = from->top_id;
	dialog->read_inbox_max_id = from->read_inbox;
	dialog->read_outbox_max_id = from->read_outbox;
	dialog->unread_count = from->unread;
	dialog->unread_mentions_count = from->unread_mentions;
	dialog->unread_reactions_count = from->unread_reactions;
	dialog->notify_settings = encode_notify(arena, from->notify);
	dialog->pts = from->pts;
	dialog->has_pts = from->peer.kind == PEER_CHANNEL;
	if (from->draft)
		dialog->draft = encode_draft(arena, from->draft);
	dialog->folder_id = from->folder;
	dialog->has_folder_id = from->folder != 0;
	dialog->ttl_period = from->period_s;
	dialog->has_ttl_period = from->period_s != 0;
	return &dialog->o;
}

struct tl_object *encode_archive(struct arena *arena, const struct dialog_archive *archive)
{
	struct tl_dialogFolder *line = TL_NEW(arena, dialogFolder);
	struct tl_folder *folder = TL_NEW(arena, folder);

	folder->id = FOLDER_ARCHIVE;
	folder->title = bytes_from_str("Archive"); /* clients have a word of their own */
	line->pinned = true;
	line->folder = &folder->o;
	line->peer = encode_peer(arena, archive->top->peer);
	line->top_message = archive->top->id;
	line->unread_unmuted_peers_count = archive->chats[0];
	line->unread_muted_peers_count = archive->chats[1];
	line->unread_unmuted_messages_count = archive->messages[0];
	line->unread_muted_messages_count = archive->messages[1];
	return &line->o;
}

struct tl_object *encode_dialog_peer(struct arena *arena, struct peer peer)
{
	struct tl_dialogPeer *out = TL_NEW(arena, dialogPeer);

	out->peer = encode_peer(arena, peer);
	return &out->o;
}

/* ---- Updates ---- */

static struct tl_objects encode_order(struct arena *arena, const struct update *u)
{
	struct tl_objects order = tl_objects_new(arena, (uint32_t)u->peer_count);

	for (size_t i = 0; i < u->peer_count; i++)
		order.at[i] = encode_dialog_peer(arena, u->peers[i]);
	return order;
}

static struct tl_object *encode_pin(struct arena *arena, const struct update *u)
{
	struct tl_updateDialogPinned *pin = TL_NEW(arena, updateDialogPinned);

	pin->pinned = u->pinned;
	pin->folder_id = u->folder;
	pin->has_folder_id = u->folder != 0;
	pin->peer = encode_dialog_peer(arena, u->peer);
	return &pin->o;
}

static struct tl_object *encode_pins(struct arena *arena, const struct update *u)
{
	struct tl_updatePinnedDialogs *pins = TL_NEW(arena, updatePinnedDialogs);

	pins->folder_id = u->folder;
	pins->has_folder_id = u->folder != 0;
	pins->order = encode_order(arena, u);
	return &pins->o;
}

static struct tl_object *encode_saved_pins(struct arena *arena, const struct update *u)
{
	struct tl_updatePinnedSavedDialogs *pins = TL_NEW(arena, updatePinnedSavedDialogs);

	pins->order = encode_order(arena, u);
	return &pins->o;
}

static struct tl_object *encode_mark(struct arena *arena, const struct update *u)
{
	struct tl_updateDialogUnreadMark *mark = TL_NEW(arena, updateDialogUnreadMark);

	mark->unread = u->marked;
	mark->peer = encode_dialog_peer(arena, u->peer);
	return &mark->o;
}

static struct tl_object *encode_draft_update(struct arena *arena, const struct update *u)
{
	struct tl_updateDraftMessage *update = TL_NEW(arena, updateDraftMessage);

	update->peer = encode_peer(arena, u->peer);
	update->top_msg_id = u->thread;
	update->has_top_msg_id = u->thread != 0;
	update->draft = encode_draft(arena, u->message);
	return &update->o;
}

static struct tl_object *encode_notify_peer(struct arena *arena, const struct update *u)
{
	struct tl_notifyForumTopic *topic;
	struct tl_notifyPeer *peer;

	if (u->thread) {
		topic = TL_NEW(arena, notifyForumTopic);
		topic->peer = encode_peer(arena, u->peer);
		topic->top_msg_id = u->thread;
		return &topic->o;
	}
	switch (u->scope) {
	case NOTIFY_USERS:
		return &TL_NEW(arena, notifyUsers)->o;
	case NOTIFY_GROUPS:
		return &TL_NEW(arena, notifyChats)->o;
	case NOTIFY_BROADCASTS:
		return &TL_NEW(arena, notifyBroadcasts)->o;
	case NOTIFY_CHAT:
		break;
	}
	peer = TL_NEW(arena, notifyPeer);
	peer->peer = encode_peer(arena, u->peer);
	return &peer->o;
}

static struct tl_object *encode_notify_update(struct arena *arena, const struct update *u)
{
	struct tl_updateNotifySettings *update = TL_NEW(arena, updateNotifySettings);

	update->peer = encode_notify_peer(arena, u);
	update->notify_settings = encode_notify(arena, u->notify);
	return &update->o;
}

static struct tl_object *encode_folder_peer(struct arena *arena, const struct update *u)
{
	struct tl_updateFolderPeers *update = TL_NEW(arena, updateFolderPeers);
	struct tl_folderPeer *moved = TL_NEW(arena, folderPeer);

	moved->peer = encode_peer(arena, u->peer);
	moved->folder_id = u->folder;
	update->folder_peers = tl_objects_new(arena, 1);
	update->folder_peers.at[0] = &moved->o;
	update->pts = u->pts;
	update->pts_count = u->pts_count;
	return &update->o;
}

struct tl_object *encode_dialog_update(struct arena *arena, const struct update *update)
{
	switch (update->kind) {
	case UPDATE_FOLDER_PEER:
		return encode_folder_peer(arena, update);
	case UPDATE_DIALOG_PIN:
		return encode_pin(arena, update);
	case UPDATE_DIALOG_PINS:
		return encode_pins(arena, update);
	case UPDATE_SAVED_PINS:
		return encode_saved_pins(arena, update);
	case UPDATE_UNREAD_MARK:
		return encode_mark(arena, update);
	case UPDATE_DRAFT:
		return encode_draft_update(arena, update);
	case UPDATE_NOTIFY:
		return encode_notify_update(arena, update);
	case UPDATE_FOLDERS:
		return &TL_NEW(arena, updateDialogFilters)->o;
	default:
		return NULL;
	}
}
