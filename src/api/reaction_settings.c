/* SPDX-License-Identifier: Apache-2.0 */
/* The list of reactions as stickers, and who is notified of them.
 * https://core.telegram.org/api/reactions */
#include "api/handlers.h"
#include "core/messages/reactions.h"
#include "tl/schema.h"

/* ---- What there is ---- */

/*
 * TDLib leaves out what does not come with five sticker documents of the right kinds, and then
 * offers no reaction at all. Lontar has no such animations: the documents name the emoji, and
 * nobody can fetch them; clients then draw the emoji itself, or its place.
 */
enum picture { STATIC_ICON, APPEAR, SELECT, ACTIVATE, EFFECT, PICTURES };

#define DOCUMENT_KIND 0x72656163u /* of access hashes */
#define PICTURE_SIZE 100	  /* pixels */

static struct tl_object *picture_of(struct call *call, int kind, enum picture picture)
{
	struct tl_documentAttributeImageSize *size =
		TL_NEW(call->arena, documentAttributeImageSize);
	struct tl_documentAttributeSticker *sticker = TL_NEW(call->arena, documentAttributeSticker);
	struct tl_document *document = TL_NEW(call->arena, document);

	size->w = size->h = PICTURE_SIZE;
	sticker->alt = bytes_from_str(reaction_kinds[kind].emoji);
	sticker->stickerset = &TL_NEW(call->arena, inputStickerSetEmpty)->o;
	document->id = 1 + kind * PICTURES + (int)picture;
	document->access_hash =
		vault_access_hash(call->store->vault, call->user, DOCUMENT_KIND, document->id);
	document->file_reference = BYTES_LITERAL("");
	document->mime_type = picture == STATIC_ICON ? BYTES_LITERAL("image/webp")
						     : BYTES_LITERAL("application/x-tgsticker");
	document->dc_id = call->dc;
	document->attributes = tl_objects_new(call->arena, 2);
	document->attributes.at[0] = &size->o;
	document->attributes.at[1] = &sticker->o;
	return &document->o;
}

static struct tl_object *encode_available(struct call *call, int kind)
{
	struct tl_availableReaction *out = TL_NEW(call->arena, availableReaction);

	out->reaction = bytes_from_str(reaction_kinds[kind].emoji);
	out->title = bytes_from_str(reaction_kinds[kind].title);
	out->static_icon = picture_of(call, kind, STATIC_ICON);
	out->appear_animation = picture_of(call, kind, APPEAR);
	out->select_animation = picture_of(call, kind, SELECT);
	out->activate_animation = picture_of(call, kind, ACTIVATE);
	out->effect_animation = picture_of(call, kind, EFFECT);
	return &out->o;
}

/* https://core.telegram.org/method/messages.getAvailableReactions: the list changes with the
 * program only. */
int api_messages_getAvailableReactions(struct call *call,
	const struct tl_messages_getAvailableReactions *req, struct tl_object **reply)
{
	struct tl_messages_availableReactions *out;

	if (req->hash == REACTION_KINDS) {
		*reply = &TL_NEW(call->arena, messages_availableReactionsNotModified)->o;
		return 0;
	}
	out = TL_NEW(call->arena, messages_availableReactions);
	out->hash = REACTION_KINDS;
	out->reactions = tl_objects_new(call->arena, REACTION_KINDS);
	for (int i = 0; i < REACTION_KINDS; i++)
		out->reactions.at[i] = encode_available(call, i);
	*reply = &out->o;
	return 0;
}

/* ---- Who is notified ---- */

static struct tl_object *encode_notify(struct arena *arena, enum reaction_notify of)
{
	switch (of) {
	case REACTION_NOTIFY_ALL:
		return &TL_NEW(arena, reactionNotificationsFromAll)->o;
	case REACTION_NOTIFY_CONTACTS:
		return &TL_NEW(arena, reactionNotificationsFromContacts)->o;
	case REACTION_NOTIFY_NONE:
		break;
	}
	return NULL;
}

static enum reaction_notify notify_from(const struct tl_object *input)
{
	if (TL_AS(reactionNotificationsFromAll, input))
		return REACTION_NOTIFY_ALL;
	return TL_AS(reactionNotificationsFromContacts, input) ? REACTION_NOTIFY_CONTACTS
							       : REACTION_NOTIFY_NONE;
}

static struct tl_object *encode_sound(struct arena *arena, const struct reaction_settings *s)
{
	struct tl_notificationSoundLocal *local;
	struct tl_notificationSoundRingtone *ringtone;

	switch (s->sound) {
	case REACTION_SOUND_NONE:
		return &TL_NEW(arena, notificationSoundNone)->o;
	case REACTION_SOUND_LOCAL:
		local = TL_NEW(arena, notificationSoundLocal);
		local->title = s->sound_title;
		local->data = s->sound_data;
		return &local->o;
	case REACTION_SOUND_RINGTONE:
		ringtone = TL_NEW(arena, notificationSoundRingtone);
		ringtone->id = s->sound_id;
		return &ringtone->o;
	case REACTION_SOUND_DEFAULT:
		break;
	}
	return &TL_NEW(arena, notificationSoundDefault)->o;
}

#define LAYER_OF_VOTES 227 /* poll_votes_notify_from */
#define SOUND_TEXT_MAX 256 /* bytes; names of files on a device */

static int sound_from(
	struct call *call, const struct tl_object *input, struct reaction_settings *out)
{
	const struct tl_notificationSoundLocal *local = TL_AS(notificationSoundLocal, input);
	const struct tl_notificationSoundRingtone *ring = TL_AS(notificationSoundRingtone, input);

	out->sound = REACTION_SOUND_DEFAULT;
	out->sound_title = out->sound_data = (struct bytes){0};
	out->sound_id = 0;
	if (TL_AS(notificationSoundNone, input))
		out->sound = REACTION_SOUND_NONE;
	if (local) {
		if (local->title.size > SOUND_TEXT_MAX || local->data.size > SOUND_TEXT_MAX)
			return rpc_error(call, 400, "SETTINGS_INVALID");
		out->sound = REACTION_SOUND_LOCAL;
		out->sound_title = local->title;
		out->sound_data = local->data;
	}
	if (ring) {
		out->sound = REACTION_SOUND_RINGTONE;
		out->sound_id = ring->id;
	}
	return 0;
}

static void reply_settings(struct arena *arena, const struct reaction_settings *settings,
	struct tl_reactionsNotifySettings *reply)
{
	reply->messages_notify_from = encode_notify(arena, settings->of_messages);
	reply->stories_notify_from = encode_notify(arena, settings->of_stories);
	reply->poll_votes_notify_from = encode_notify(arena, settings->of_votes);
	reply->sound = encode_sound(arena, settings);
	reply->show_previews = settings->show_previews;
}

/* https://core.telegram.org/method/account.getReactionsNotifySettings */
int api_account_getReactionsNotifySettings(struct call *call,
	const struct tl_account_getReactionsNotifySettings *req,
	struct tl_reactionsNotifySettings *reply)
{
	struct reaction_settings settings;

	reaction_settings_get(call, &settings);
	reply_settings(call->arena, &settings, reply);
	return 0;
}

/* https://core.telegram.org/method/account.setReactionsNotifySettings */
int api_account_setReactionsNotifySettings(struct call *call,
	const struct tl_account_setReactionsNotifySettings *req,
	struct tl_reactionsNotifySettings *reply)
{
	const struct tl_reactionsNotifySettings *asked =
		TL_AS(reactionsNotifySettings, req->settings);
	struct reaction_settings settings;

	reaction_settings_get(call, &settings);
	if (!asked || sound_from(call, asked->sound, &settings) < 0)
		return rpc_error(call, 400, "SETTINGS_INVALID");
	settings.of_messages = notify_from(asked->messages_notify_from);
	settings.of_stories = notify_from(asked->stories_notify_from);
	/* Layers before 227 don't know it. */
	if (call->layer >= LAYER_OF_VOTES)
		settings.of_votes = notify_from(asked->poll_votes_notify_from);
	settings.show_previews = asked->show_previews;
	reaction_settings_put(call, &settings);
	reply_settings(call->arena, &settings, reply);
	return 0;
}
