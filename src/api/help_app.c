/* SPDX-License-Identifier: Apache-2.0 */
/* help.getAppConfig: the limits that the rules check, as clients must know them to say so before
 * the server does, and what differs from a client's own defaults because Lontar does not have it.
 * https://core.telegram.org/api/config#client-configuration */
#include "api/encode_list.h"
#include "api/handlers.h"
#include "core/accounts/blocks.h"
#include "core/call.h"
#include "core/channels/channel_toggles.h"
#include "core/chats/chats.h"
#include "core/accounts/contacts.h"
#include "core/dialogs/dialog_places.h"
#include "core/messages/entities.h"
#include "core/dialogs/folders.h"
#include "core/messages/polls.h"
#include "core/messages/reactions.h"
#include "core/messages/read_dates.h"
#include "core/dialogs/saved_dialogs.h"
#include "core/accounts/sessions.h"
#include "core/messages/sources.h"
#include "core/accounts/users.h"

enum app_kind { APP_NUMBER, APP_TRUE, APP_FALSE, APP_TEXT, APP_LIST };

struct app_setting {
	const char *key;
	enum app_kind kind;
	int number;
	const char *text; /* APP_LIST: words with a space between them; "": none */
};

/* Nobody pays, so nobody has more: clients show the paying one's limit as what money would buy. */
#define LIMIT(name, number)                                                                        \
	{name "_default", APP_NUMBER, number, NULL},                                               \
	{                                                                                          \
		name "_premium", APP_NUMBER, number, NULL                                          \
	}
#define NUMBER(name, number) {name, APP_NUMBER, number, NULL}
#define YES(name) {name, APP_TRUE, 0, NULL}
#define NO(name) {name, APP_FALSE, 0, NULL}
#define WORD(name, word) {name, APP_TEXT, 0, word}
#define NONE_OF(name) {name, APP_LIST, 0, ""}

static const struct app_setting app_settings[] = {
	LIMIT("about_length_limit", ABOUT_CHARACTERS_MAX),
	LIMIT("caption_length_limit", CAPTION_UNITS_MAX),
	LIMIT("channels_limit", CHANNEL_MEMBERSHIPS_MAX),
	LIMIT("channels_public_limit", CHANNEL_NAMES_MAX),
	NUMBER("authorization_autoconfirm_period", SESSION_CONFIRM_S),
	NUMBER("contact_note_length_limit", CONTACT_NOTE_UNITS_MAX),
	LIMIT("dialogs_pinned_limit", DIALOGS_PINNED_MAX),
	LIMIT("dialogs_folder_pinned_limit", DIALOGS_PINNED_ARCHIVE_MAX),
	LIMIT("saved_dialogs_pinned_limit", SAVED_PINNED_MAX),
	YES("dialog_filters_enabled"), /* or no page of them */
	LIMIT("dialog_filters_limit", FOLDERS_MAX),
	LIMIT("dialog_filters_chats_limit", FOLDER_PEERS_MAX),
	NUMBER("poll_answers_max", POLL_OPTIONS_MAX),
	NUMBER("reactions_uniq_max", REACTIONS_UNIQUE_MAX),
	LIMIT("reactions_user_max", REACTIONS_PER_PERSON),
	NUMBER("pm_read_date_expire_period", READ_DATES_KEEP_S),
	NUMBER("chat_read_mark_expire_period", READ_DATES_KEEP_S),
	NUMBER("chat_read_mark_size_threshold", READ_DATES_GROUP_MAX),
	NUMBER("quote_length_max", QUOTE_UNITS_MAX),
	NUMBER("telegram_antispam_group_size_min", ANTISPAM_MEMBERS_MIN),
	NUMBER("hidden_members_group_size_min", MEMBERS_HIDDEN_MEMBERS_MIN),
	/* As core/messages/media.c throws them: die, darts, basketball, football, bowling, slot
	   machine. */
	{"emojies_send_dice", APP_LIST, 0,
		"\xf0\x9f\x8e\xb2 \xf0\x9f\x8e\xaf \xf0\x9f\x8f\x80 \xe2\x9a\xbd \xf0\x9f\x8e\xb3 "
		"\xf0\x9f\x8e\xb0"},
	YES("qr_login_camera"),
	YES("autoarchive_setting_available"),
	WORD("qr_login_code", "secondary"), /* offered beside the number */
	/* Of what is not there, none may be had. */
	LIMIT("chatlist_invites_limit", 0),
	LIMIT("chatlists_joined_limit", 0),
	NUMBER("business_chat_links_limit", 0),
	NUMBER("quick_replies_limit", 0),
	NUMBER("boosts_per_sent_gift", 0),
	NO("can_edit_factcheck"),
	NO("channel_revenue_withdrawal_enabled"),
	NO("giveaway_gifts_purchase_available"),
	WORD("premium_bot_username", ""),
	WORD("premium_invoice_slug", ""),
	NONE_OF("premium_promo_order"),
	YES("premium_purchase_blocked"),
	NO("premium_gift_attach_menu_icon"),
	NO("premium_gift_text_field_icon"),
	YES("stars_purchase_blocked"),
	NO("stargifts_blocked_by_default"),
	NO("stories_entities_allowed_by_default"),
	WORD("stories_posting", "disabled"),
	NO("settings_display_passkeys"),
	WORD("gif_search_branding", ""),
	NONE_OF("gif_search_emojies"),
	NONE_OF("autologin_domains"),
	NONE_OF("url_auth_domains"),
	NONE_OF("whitelisted_domains"),
	NONE_OF("pending_suggestions"),
	NONE_OF("dismissed_suggestions"),
	NONE_OF("ignore_restriction_reasons"),
	NONE_OF("restriction_add_platforms"),
};
#define APP_SETTINGS (sizeof(app_settings) / sizeof(app_settings[0]))

static struct tl_object *boolean_value(struct arena *arena, bool value)
{
	struct tl_jsonBool *out = TL_NEW(arena, jsonBool);

	out->value = value;
	return &out->o;
}

static struct tl_object *text_value(struct arena *arena, struct bytes text)
{
	struct tl_jsonString *out = TL_NEW(arena, jsonString);

	out->value = text;
	return &out->o;
}

static struct tl_object *list_value(struct arena *arena, const char *words)
{
	struct tl_jsonArray *out = TL_NEW(arena, jsonArray);

	out->value = tl_objects_new(arena, (uint32_t)(strlen(words) / 2 + 1));
	out->value.count = 0;
	while (*words) {
		size_t size = strcspn(words, " ");

		out->value.at[out->value.count++] = text_value(arena, bytes_of(words, size));
		words += size;
		words += strspn(words, " ");
	}
	return &out->o;
}

static struct tl_object *number_value(struct arena *arena, int number)
{
	struct tl_jsonNumber *out = TL_NEW(arena, jsonNumber);

	out->value = number;
	return &out->o;
}

static struct tl_object *setting_value(struct arena *arena, const struct app_setting *setting)
{
	switch (setting->kind) {
	case APP_NUMBER:
		return number_value(arena, setting->number);
	case APP_TEXT:
		return text_value(arena, bytes_from_str(setting->text));
	case APP_LIST:
		return list_value(arena, setting->text);
	case APP_TRUE:
	case APP_FALSE:
		break;
	}
	return boolean_value(arena, setting->kind == APP_TRUE);
}

/* Changes when a row does: clients keep what they have while it is the same. Never 0, which is what
 * those present who have nothing. */
static int32_t settings_hash(void)
{
	uint64_t hash = 0;

	for (size_t i = 0; i < APP_SETTINGS; i++) {
		const struct app_setting *row = &app_settings[i];

		hash = list_hash_text(hash, row->key);
		hash = list_hash(hash, row->kind);
		hash = list_hash(hash, (uint64_t)row->number);
		hash = list_hash_text(hash, row->text ? row->text : "");
	}
	return (int32_t)(hash | 1);
}

int api_help_getAppConfig(
	struct call *call, const struct tl_help_getAppConfig *req, struct tl_object **reply)
{
	struct tl_help_appConfig *out = TL_NEW(call->arena, help_appConfig);
	struct tl_jsonObject *json = TL_NEW(call->arena, jsonObject);

	out->hash = settings_hash();
	if (req->hash == out->hash) {
		*reply = &TL_NEW(call->arena, help_appConfigNotModified)->o;
		return 0;
	}
	json->value = tl_objects_new(call->arena, APP_SETTINGS);
	for (size_t i = 0; i < APP_SETTINGS; i++) {
		struct tl_jsonObjectValue *entry = TL_NEW(call->arena, jsonObjectValue);

		entry->key = bytes_from_str(app_settings[i].key);
		entry->value = setting_value(call->arena, &app_settings[i]);
		json->value.at[i] = &entry->o;
	}
	out->config = &json->o;
	*reply = &out->o;
	return 0;
}
