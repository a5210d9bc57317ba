/* SPDX-License-Identifier: Apache-2.0 */
/* users.*: accounts that a client has met, and their profiles. */
#include "api/encode_bot.h"
#include "api/encode_dialog.h"
#include "api/encode_media.h"
#include "api/encode_user.h"
#include "api/handlers.h"
#include "api/peer_settings.h"
#include "api/peers.h"
#include "core/accounts/blocks.h"
#include "core/chats/chats.h"
#include "core/accounts/contacts.h"
#include "core/dialogs/dialogs.h"
#include "core/dialogs/notify.h"
#include "core/accounts/peer_settings.h"
#include "core/accounts/privacy.h"
#include "core/messages/history_ttl.h"
#include "core/accounts/users.h"

#define USERS_MAX 200 /* in one call: more than clients ask for at once */

/* https://core.telegram.org/method/users.getUsers: in the order asked for; userEmpty for what the
 * caller may not name. */
int api_users_getUsers(
	struct call *call, const struct tl_users_getUsers *req, struct tl_objects *reply)
{
	if (req->id.count > USERS_MAX)
		return rpc_error(call, 400, "LIMIT_INVALID");
	*reply = tl_objects_new(call->arena, req->id.count);
	for (uint32_t i = 0; i < req->id.count; i++) {
		struct tl_inputUser *named = TL_AS(inputUser, req->id.at[i]);
		struct user *user = ARENA_NEW(call->arena, struct user);
		int64_t id;

		if (peer_user_from_input(call, req->id.at[i], &id) < 0 ||
			user_view(call, id, user) < 0) {
			struct tl_userEmpty *empty = TL_NEW(call->arena, userEmpty);

			call->fault = (struct fault){0};
			empty->id = named ? named->user_id : 0;
			reply->at[i] = &empty->o;
			continue;
		}
		reply->at[i] = encode_user(call->arena, user);
	}
	return 0;
}

static struct tl_object *encode_settings(struct call *call, int64_t user)
{
	struct peer_settings *settings = ARENA_NEW(call->arena, struct peer_settings);

	peer_settings_view(call, user, settings);
	return encode_peer_settings(call->arena, settings);
}

static struct tl_object *encode_notifications(struct call *call, int64_t user)
{
	struct notify_settings *settings = ARENA_NEW(call->arena, struct notify_settings);

	notify_get(call, call->user, NOTIFY_CHAT, (struct peer){PEER_USER, user}, settings);
	return encode_notify(call->arena, settings);
}

static void fill_card(struct call *call, struct tl_userFull *full)
{
	struct user_card card;
	struct tl_birthday *birthday;

	user_card(call, full->id, &card);
	full->about = card.about;
	if (!card.birthday.day)
		return;
	birthday = TL_NEW(call->arena, birthday);
	birthday->day = card.birthday.day;
	birthday->month = card.birthday.month;
	birthday->year = card.birthday.year;
	birthday->has_year = card.birthday.year != 0;
	full->birthday = &birthday->o;
}

/* What the caller may do with him. Calls are not served, so none is ever available. */
static void fill_rights(struct call *call, struct tl_userFull *full, const struct user *user)
{
	const int64_t id = full->id;

	full->blocked = block_has(call, call->user, id);
	full->can_pin_message = true;
	if (user->is_self || user->is_service)
		return;
	full->phone_calls_private = !privacy_allows(call, id, PRIVACY_CALL, call->user);
	full->voice_messages_forbidden = !privacy_allows(call, id, PRIVACY_VOICE, call->user);
	full->read_dates_private = privacy_hides_reads(call, id);
	/* Whom a forwarded message names when it may not link to him. */
	if (!privacy_allows(call, id, PRIVACY_FORWARDS, call->user))
		full->private_forward_name = user_full_name(call, id);
}

static void fill_glance(struct call *call, struct tl_userFull *full)
{
	struct dialog_glance glance;

	dialog_glance(call, (struct peer){PEER_USER, full->id}, &glance);
	full->folder_id = glance.folder;
	full->has_folder_id = glance.folder != 0;
	full->has_scheduled = glance.has_scheduled;
	full->pinned_msg_id = glance.pinned_id;
	full->has_pinned_msg_id = glance.pinned_id != 0;
}

static void fill_note(struct call *call, struct tl_userFull *full)
{
	struct tl_textWithEntities *text;
	struct message note = {0};

	if (!contact_note(call, full->id, &note))
		return;
	text = TL_NEW(call->arena, textWithEntities);
	text->text = note.text;
	text->entities = encode_entities(call->arena, note.entities, note.entity_count);
	full->note = &text->o;
}

static int32_t groups_in_common(struct call *call, int64_t user)
{
	struct chat_views common;

	chats_common(call, user, 0, 1, &common);
	return (int32_t)common.total;
}

/* https://core.telegram.org/method/users.getFullUser */
int api_users_getFullUser(
	struct call *call, const struct tl_users_getFullUser *req, struct tl_users_userFull *reply)
{
	struct user *user = ARENA_NEW(call->arena, struct user);
	struct tl_userFull *full = TL_NEW(call->arena, userFull);

	if (peer_user_from_input(call, req->id, &full->id) < 0)
		return -1;
	if (user_view(call, full->id, user) < 0)
		return rpc_error(call, 400, "USER_ID_INVALID");
	fill_card(call, full);
	fill_rights(call, full, user);
	fill_note(call, full);
	full->common_chats_count = user->is_self ? 0 : groups_in_common(call, full->id);
	full->settings = encode_settings(call, full->id);
	fill_glance(call, full);
	full->ttl_period = history_ttl(call, call->user, (struct peer){PEER_USER, full->id});
	full->has_ttl_period = full->ttl_period != 0;
	if (user->is_bot)
		full->bot_info = encode_bot_info(call, full->id, BOT_IN_PRIVATE);
	full->notify_settings = encode_notifications(call, full->id);
	reply->full_user = &full->o;
	reply->chats = tl_objects_new(call->arena, 0);
	reply->users = tl_objects_new(call->arena, 1);
	reply->users.at[0] = encode_user(call->arena, user);
	return 0;
}

/* https://core.telegram.org/method/users.getRequirementsToContact: neither payment nor a
 * subscription, of nobody. */
int api_users_getRequirementsToContact(struct call *call,
	const struct tl_users_getRequirementsToContact *req, struct tl_objects *reply)
{
	if (req->id.count > USERS_MAX)
		return rpc_error(call, 400, "LIMIT_INVALID");
	*reply = tl_objects_new(call->arena, req->id.count);
	for (uint32_t i = 0; i < req->id.count; i++)
		reply->at[i] = &TL_NEW(call->arena, requirementToContactEmpty)->o;
	return 0;
}
