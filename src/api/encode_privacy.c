/* SPDX-License-Identifier: Apache-2.0 */
/* Owns the names that keys and rules have on the wire. https://core.telegram.org/api/privacy */
#include "api/encode_privacy.h"

#include "api/peers.h"
#include "tl/schema.h"

static const struct {
	enum tl_name input, output;
} keys[PRIVACY_KEY_COUNT] = {
	[PRIVACY_STATUS] = {TL_inputPrivacyKeyStatusTimestamp, TL_privacyKeyStatusTimestamp},
	[PRIVACY_INVITE] = {TL_inputPrivacyKeyChatInvite, TL_privacyKeyChatInvite},
	[PRIVACY_CALL] = {TL_inputPrivacyKeyPhoneCall, TL_privacyKeyPhoneCall},
	[PRIVACY_P2P] = {TL_inputPrivacyKeyPhoneP2P, TL_privacyKeyPhoneP2P},
	[PRIVACY_FORWARDS] = {TL_inputPrivacyKeyForwards, TL_privacyKeyForwards},
	[PRIVACY_PHOTO] = {TL_inputPrivacyKeyProfilePhoto, TL_privacyKeyProfilePhoto},
	[PRIVACY_PHONE] = {TL_inputPrivacyKeyPhoneNumber, TL_privacyKeyPhoneNumber},
	[PRIVACY_ADDED_BY_PHONE] = {TL_inputPrivacyKeyAddedByPhone, TL_privacyKeyAddedByPhone},
	[PRIVACY_VOICE] = {TL_inputPrivacyKeyVoiceMessages, TL_privacyKeyVoiceMessages},
	[PRIVACY_ABOUT] = {TL_inputPrivacyKeyAbout, TL_privacyKeyAbout},
	[PRIVACY_BIRTHDAY] = {TL_inputPrivacyKeyBirthday, TL_privacyKeyBirthday},
	[PRIVACY_GIFTS] = {TL_inputPrivacyKeyStarGiftsAutoSave, TL_privacyKeyStarGiftsAutoSave},
	[PRIVACY_NO_PAID] = {TL_inputPrivacyKeyNoPaidMessages, TL_privacyKeyNoPaidMessages},
	[PRIVACY_MUSIC] = {TL_inputPrivacyKeySavedMusic, TL_privacyKeySavedMusic},
};

/* Both have no fields but the lists of peers, which the functions below fill in. */
static const struct {
	enum tl_name input, output;
} kinds[RULE_KIND_COUNT] = {
	[RULE_ALLOW_ALL] = {TL_inputPrivacyValueAllowAll, TL_privacyValueAllowAll},
	[RULE_ALLOW_CONTACTS] = {TL_inputPrivacyValueAllowContacts, TL_privacyValueAllowContacts},
	[RULE_ALLOW_CLOSE_FRIENDS] = {TL_inputPrivacyValueAllowCloseFriends,
		TL_privacyValueAllowCloseFriends},
	[RULE_ALLOW_PREMIUM] = {TL_inputPrivacyValueAllowPremium, TL_privacyValueAllowPremium},
	[RULE_ALLOW_BOTS] = {TL_inputPrivacyValueAllowBots, TL_privacyValueAllowBots},
	[RULE_ALLOW_USERS] = {TL_inputPrivacyValueAllowUsers, TL_privacyValueAllowUsers},
	[RULE_ALLOW_CHATS] = {TL_inputPrivacyValueAllowChatParticipants,
		TL_privacyValueAllowChatParticipants},
	[RULE_DISALLOW_ALL] = {TL_inputPrivacyValueDisallowAll, TL_privacyValueDisallowAll},
	[RULE_DISALLOW_CONTACTS] = {TL_inputPrivacyValueDisallowContacts,
		TL_privacyValueDisallowContacts},
	[RULE_DISALLOW_BOTS] = {TL_inputPrivacyValueDisallowBots, TL_privacyValueDisallowBots},
	[RULE_DISALLOW_USERS] = {TL_inputPrivacyValueDisallowUsers, TL_privacyValueDisallowUsers},
	[RULE_DISALLOW_CHATS] = {TL_inputPrivacyValueDisallowChatParticipants,
		TL_privacyValueDisallowChatParticipants},
};

int privacy_key_from_input(struct call *call, const struct tl_object *input, enum privacy_key *out)
{
	for (int key = 0; key < PRIVACY_KEY_COUNT; key++) {
		if (input && keys[key].input == input->name) {
			*out = (enum privacy_key)key;
			return 0;
		}
	}
	return rpc_error(call, 400, "PRIVACY_KEY_INVALID");
}

static int users_from_input(
	struct call *call, const struct tl_objects *users, struct privacy_rule *out)
{
	if (users->count > PRIVACY_ENTRIES_MAX)
		return rpc_error(call, 400, "PRIVACY_TOO_LONG");
	out->ids = arena_array(call->arena, users->count, sizeof(*out->ids));
	for (uint32_t i = 0; i < users->count; i++) {
		if (peer_user_from_input(call, users->at[i], &out->ids[out->count++]) < 0)
			return -1;
	}
	return 0;
}

static int chats_from_input(
	struct call *call, const struct tl_longs *chats, struct privacy_rule *out)
{
	if (chats->count > PRIVACY_ENTRIES_MAX)
		return rpc_error(call, 400, "PRIVACY_TOO_LONG");
	out->ids = chats->at;
	out->count = chats->count;
	return 0;
}

static int rule_from_input(
	struct call *call, const struct tl_object *input, struct privacy_rule *out)
{
	const struct tl_inputPrivacyValueAllowUsers *allow =
		TL_AS(inputPrivacyValueAllowUsers, input);
	const struct tl_inputPrivacyValueDisallowUsers *disallow =
		TL_AS(inputPrivacyValueDisallowUsers, input);
	const struct tl_inputPrivacyValueAllowChatParticipants *allow_chats =
		TL_AS(inputPrivacyValueAllowChatParticipants, input);
	const struct tl_inputPrivacyValueDisallowChatParticipants *disallow_chats =
		TL_AS(inputPrivacyValueDisallowChatParticipants, input);
	int kind = 0;

	while (kind < RULE_KIND_COUNT && (!input || kinds[kind].input != input->name))
		kind++;
	if (kind == RULE_KIND_COUNT)
		return rpc_error(call, 400, "PRIVACY_VALUE_INVALID");
	*out = (struct privacy_rule){.kind = (enum privacy_rule_kind)kind};
	if (allow || disallow)
		return users_from_input(call, allow ? &allow->users : &disallow->users, out);
	if (allow_chats || disallow_chats)
		return chats_from_input(
			call, allow_chats ? &allow_chats->chats : &disallow_chats->chats, out);
	return 0;
}

int privacy_rules_from_input(
	struct call *call, const struct tl_objects *input, struct privacy_rules *out)
{
	if (input->count > PRIVACY_ENTRIES_MAX)
		return rpc_error(call, 400, "PRIVACY_TOO_LONG");
	*out = (struct privacy_rules){
		.at = arena_array(call->arena, input->count, sizeof(*out->at))};
	for (uint32_t i = 0; i < input->count; i++) {
		if (rule_from_input(call, input->at[i], &out->at[out->count++]) < 0)
			return -1;
	}
	return 0;
}

static struct tl_object *encode_rule(struct arena *arena, const struct privacy_rule *rule)
{
	const struct tl_longs ids = {(uint32_t)rule->count, rule->ids};

	switch (rule->kind) {
		struct tl_privacyValueAllowUsers *allow;
		struct tl_privacyValueDisallowUsers *disallow;
		struct tl_privacyValueAllowChatParticipants *allow_chats;
		struct tl_privacyValueDisallowChatParticipants *disallow_chats;

	case RULE_ALLOW_USERS:
		allow = TL_NEW(arena, privacyValueAllowUsers);
		allow->users = ids;
		return &allow->o;
	case RULE_DISALLOW_USERS:
		disallow = TL_NEW(arena, privacyValueDisallowUsers);
		disallow->users = ids;
		return &disallow->o;
	case RULE_ALLOW_CHATS:
		allow_chats = TL_NEW(arena, privacyValueAllowChatParticipants);
		allow_chats->chats = ids;
		return &allow_chats->o;
	case RULE_DISALLOW_CHATS:
		disallow_chats = TL_NEW(arena, privacyValueDisallowChatParticipants);
		disallow_chats->chats = ids;
		return &disallow_chats->o;
	default:
		return tl_object_new(arena, kinds[rule->kind].output, sizeof(struct tl_object));
	}
}

struct tl_objects encode_privacy_rules(struct arena *arena, const struct privacy_rules *rules)
{
	struct tl_objects out = tl_objects_new(arena, (uint32_t)rules->count);

	for (size_t i = 0; i < rules->count; i++)
		out.at[i] = encode_rule(arena, &rules->at[i]);
	return out;
}

static struct tl_object *encode_blocked(struct arena *arena, const struct update *update)
{
	struct tl_updatePeerBlocked *out = TL_NEW(arena, updatePeerBlocked);

	out->peer_id = encode_peer(arena, update->peer);
	out->blocked = update->blocked;
	return &out->o;
}

struct tl_object *encode_privacy_update(struct arena *arena, const struct update *update)
{
	struct tl_updatePrivacy *out;
	struct privacy_rules rules;

	if (update->kind == UPDATE_BLOCKED)
		return encode_blocked(arena, update);
	if (update->key < 0 || update->key >= PRIVACY_KEY_COUNT ||
		privacy_rules_decode(arena, update->rules, &rules) < 0)
		return NULL;
	out = TL_NEW(arena, updatePrivacy);
	out->key = tl_object_new(arena, keys[update->key].output, sizeof(struct tl_object));
	out->rules = encode_privacy_rules(arena, &rules);
	return &out->o;
}
