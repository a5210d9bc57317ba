/* SPDX-License-Identifier: Apache-2.0 */
/* account.*Privacy*: whom the caller lets see what. https://core.telegram.org/api/privacy */
#include "api/encode_list.h"
#include "api/encode_privacy.h"
#include "api/handlers.h"
#include "core/channels/roster.h"

/* Layers from which on globalPrivacySettings has these. */
#define LAYER_KEEP_ARCHIVED 167
#define LAYER_HIDE_READS 179

static void answer(struct call *call, enum privacy_key key, struct tl_account_privacyRules *reply)
{
	struct privacy_rules rules;
	struct roster roster;

	privacy_get(call, key, &rules);
	reply->rules = encode_privacy_rules(call->arena, &rules);
	roster_init(&roster, call->arena);
	privacy_add_peers(&roster, &rules);
	encode_named(call, &roster, &reply->users, &reply->chats);
}

/* https://core.telegram.org/method/account.getPrivacy */
int api_account_getPrivacy(struct call *call, const struct tl_account_getPrivacy *req,
	struct tl_account_privacyRules *reply)
{
	enum privacy_key key;

	if (privacy_key_from_input(call, req->key, &key) < 0)
		return -1;
	answer(call, key, reply);
	return 0;
}

/* https://core.telegram.org/method/account.setPrivacy */
int api_account_setPrivacy(struct call *call, const struct tl_account_setPrivacy *req,
	struct tl_account_privacyRules *reply)
{
	struct privacy_rules rules;
	enum privacy_key key;

	if (privacy_key_from_input(call, req->key, &key) < 0 ||
		privacy_rules_from_input(call, &req->rules, &rules) < 0 ||
		privacy_set(call, key, &rules) < 0)
		return -1;
	answer(call, key, reply);
	return 0;
}

static void encode_switches(struct call *call, struct tl_globalPrivacySettings *reply)
{
	const int64_t self = call->user;

	reply->archive_and_mute_new_noncontact_peers =
		privacy_switch(call, self, SWITCH_ARCHIVE_STRANGERS);
	reply->has_archive_and_mute_new_noncontact_peers = true;
	reply->keep_archived_unmuted = privacy_switch(call, self, SWITCH_KEEP_UNMUTED);
	reply->keep_archived_folders = privacy_switch(call, self, SWITCH_KEEP_FOLDERS);
	reply->hide_read_marks = privacy_switch(call, self, SWITCH_HIDE_READS);
}

/* https://core.telegram.org/method/account.getGlobalPrivacySettings */
int api_account_getGlobalPrivacySettings(struct call *call,
	const struct tl_account_getGlobalPrivacySettings *req,
	struct tl_globalPrivacySettings *reply)
{
	encode_switches(call, reply);
	return 0;
}

/* https://core.telegram.org/method/account.setGlobalPrivacySettings. What would keep strangers out
 * for money is not to be had; how gifts are shown is nothing, as there are none. */
int api_account_setGlobalPrivacySettings(struct call *call,
	const struct tl_account_setGlobalPrivacySettings *req,
	struct tl_globalPrivacySettings *reply)
{
	const struct tl_globalPrivacySettings *in = TL_AS(globalPrivacySettings, req->settings);
	int64_t mask = SWITCH_ARCHIVE_STRANGERS, on = 0;

	if (!in)
		return rpc_error(call, 400, "INPUT_FETCH_ERROR");
	if (in->new_noncontact_peers_require_premium ||
		(in->has_noncontact_peers_paid_stars && in->noncontact_peers_paid_stars))
		return rpc_error(call, 403, "PREMIUM_ACCOUNT_REQUIRED");
	/* Older clients know fewer switches: what they don't know stays. */
	if (call->layer >= LAYER_KEEP_ARCHIVED)
		mask |= SWITCH_KEEP_UNMUTED | SWITCH_KEEP_FOLDERS;
	if (call->layer >= LAYER_HIDE_READS)
		mask |= SWITCH_HIDE_READS;
	on |= in->archive_and_mute_new_noncontact_peers ? SWITCH_ARCHIVE_STRANGERS : 0;
	on |= in->keep_archived_unmuted ? SWITCH_KEEP_UNMUTED : 0;
	on |= in->keep_archived_folders ? SWITCH_KEEP_FOLDERS : 0;
	on |= in->hide_read_marks ? SWITCH_HIDE_READS : 0;
	privacy_switches_set(call, mask, on);
	encode_switches(call, reply);
	return 0;
}

/* https://core.telegram.org/method/account.getContactSignUpNotification: true means silence. */
int api_account_getContactSignUpNotification(
	struct call *call, const struct tl_account_getContactSignUpNotification *req, bool *reply)
{
	*reply = privacy_switch(call, call->user, SWITCH_SILENT_JOINS);
	return 0;
}

/* https://core.telegram.org/method/account.setContactSignUpNotification */
int api_account_setContactSignUpNotification(
	struct call *call, const struct tl_account_setContactSignUpNotification *req, bool *reply)
{
	privacy_switches_set(call, SWITCH_SILENT_JOINS, req->silent ? SWITCH_SILENT_JOINS : 0);
	*reply = true;
	return 0;
}
