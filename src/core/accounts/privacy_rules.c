/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Stored form: a rule after the other, each
 *
 *   kind (1) | count (4) | ids (8 each)
 *
 * little-endian; rules that name nobody have count 0.
 */
#include "core/accounts/privacy_rules.h"

#define RULE_HEAD 5
#define RULE_ID 8

_Static_assert(RULE_ALLOW_CHATS == 6 && RULE_DISALLOW_CHATS == 11 && PRIVACY_MUSIC == 13,
	"kinds and keys are stored: new ones go to the end");

bool privacy_rule_names_users(enum privacy_rule_kind kind)
{
	return kind == RULE_ALLOW_USERS || kind == RULE_DISALLOW_USERS;
}

bool privacy_rule_names_chats(enum privacy_rule_kind kind)
{
	return kind == RULE_ALLOW_CHATS || kind == RULE_DISALLOW_CHATS;
}

struct privacy_rules privacy_rules_default(enum privacy_key key)
{
	static struct privacy_rule everybody = {.kind = RULE_ALLOW_ALL};
	static struct privacy_rule contacts = {.kind = RULE_ALLOW_CONTACTS};

	switch (key) {
	case PRIVACY_PHONE:
	case PRIVACY_BIRTHDAY:
	case PRIVACY_P2P: /* shows a network address */
		return (struct privacy_rules){&contacts, 1};
	default:
		return (struct privacy_rules){&everybody, 1};
	}
}

struct bytes privacy_rules_encode(struct arena *arena, const struct privacy_rules *rules)
{
	size_t size = 0;
	uint8_t *start, *at;

	for (size_t i = 0; i < rules->count; i++)
		size += RULE_HEAD + rules->at[i].count * RULE_ID;
	start = at = arena_alloc(arena, size);
	for (size_t i = 0; i < rules->count; i++) {
		const struct privacy_rule *rule = &rules->at[i];

		at[0] = (uint8_t)rule->kind;
		store_u32le(at + 1, (uint32_t)rule->count);
		at += RULE_HEAD;
		for (size_t j = 0; j < rule->count; j++, at += RULE_ID)
			store_u64le(at, (uint64_t)rule->ids[j]);
	}
	return bytes_of(start, size);
}

static int decode_rule(struct arena *arena, struct bytes *stored, struct privacy_rule *rule)
{
	uint8_t kind;
	uint32_t count;

	if (stored->size < RULE_HEAD)
		return -1;
	kind = stored->data[0];
	count = load_u32le(stored->data + 1);
	*stored = bytes_of(stored->data + RULE_HEAD, stored->size - RULE_HEAD);
	if (kind >= RULE_KIND_COUNT || count > PRIVACY_ENTRIES_MAX ||
		count * (size_t)RULE_ID > stored->size)
		return -1;
	if (count && !privacy_rule_names_users(kind) && !privacy_rule_names_chats(kind))
		return -1;
	*rule = (struct privacy_rule){
		.kind = kind, .ids = arena_array(arena, count, sizeof(*rule->ids)), .count = count};
	for (uint32_t i = 0; i < count; i++)
		rule->ids[i] = (int64_t)load_u64le(stored->data + i * (size_t)RULE_ID);
	*stored = bytes_of(
		stored->data + count * (size_t)RULE_ID, stored->size - count * (size_t)RULE_ID);
	return 0;
}

int privacy_rules_decode(struct arena *arena, struct bytes stored, struct privacy_rules *out)
{
	size_t most = stored.size / RULE_HEAD;

	if (most > PRIVACY_ENTRIES_MAX)
		most = PRIVACY_ENTRIES_MAX;
	*out = (struct privacy_rules){.at = arena_array(arena, most, sizeof(*out->at))};
	while (stored.size) {
		if (out->count == most || decode_rule(arena, &stored, &out->at[out->count]) < 0)
			return -1;
		out->count++;
	}
	return 0;
}

static bool names_viewer(const struct privacy_rule *rule, int64_t viewer)
{
	for (size_t i = 0; i < rule->count; i++) {
		if (rule->ids[i] == viewer)
			return true;
	}
	return false;
}

static bool names_chat_of(const struct privacy_rule *rule, const struct privacy_viewer *viewer)
{
	for (size_t i = 0; i < rule->count; i++) {
		if (viewer->is_in_chat(viewer->ctx, rule->ids[i]))
			return true;
	}
	return false;
}

static bool speaks_of(const struct privacy_rule *rule, const struct privacy_viewer *viewer)
{
	switch (rule->kind) {
	case RULE_ALLOW_ALL:
	case RULE_DISALLOW_ALL:
		return true;
	case RULE_ALLOW_CONTACTS:
	case RULE_DISALLOW_CONTACTS:
		return viewer->is_contact(viewer->ctx);
	case RULE_ALLOW_CLOSE_FRIENDS:
		return viewer->is_close_friend(viewer->ctx);
	case RULE_ALLOW_BOTS:
	case RULE_DISALLOW_BOTS:
		return viewer->is_bot(viewer->ctx);
	case RULE_ALLOW_USERS:
	case RULE_DISALLOW_USERS:
		return names_viewer(rule, viewer->id);
	case RULE_ALLOW_CHATS:
	case RULE_DISALLOW_CHATS:
		return names_chat_of(rule, viewer);
	case RULE_ALLOW_PREMIUM:
	case RULE_KIND_COUNT:
		break;
	}
	return false;
}

bool privacy_rules_allow(const struct privacy_rules *rules, const struct privacy_viewer *viewer)
{
	for (size_t i = 0; i < rules->count; i++) {
		if (speaks_of(&rules->at[i], viewer))
			return rules->at[i].kind < RULE_DISALLOW_ALL;
	}
	return false;
}
