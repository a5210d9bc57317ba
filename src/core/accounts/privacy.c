/* SPDX-License-Identifier: Apache-2.0 */
/* Owns the answer to "may this viewer". Does not own the form of rules
 * (core/accounts/privacy_rules.c) nor what each key guards: whoever hands that out asks here. */
#include "core/accounts/privacy.h"

#include "core/accounts/blocks.h"
#include "core/bots/bots.h"
#include "core/changes.h"
#include "core/chats/chats.h"
#include "core/accounts/privacy_rules.h"
#include "core/accounts/public_face.h"
#include "core/channels/roster.h"
#include "core/accounts/users.h"
#include "store/home_contacts.h"
#include "store/home_members.h"

/* The account that asks, to the one who set the rules. */
struct relation {
	struct call *call;
	int64_t owner, viewer;
	const struct privacy_known *known; /* may be NULL */
};

static bool is_contact(void *ctx)
{
	const struct relation *r = ctx;

	return r->known ? r->known->is_contact
			: home_contact_exists(call_home(r->call), r->owner, r->viewer);
}

static bool is_close_friend(void *ctx)
{
	const struct relation *r = ctx;

	return home_close_friend_has(call_home(r->call), r->owner, r->viewer);
}

static bool is_bot(void *ctx)
{
	const struct relation *r = ctx;

	return bot_is(r->call, r->viewer);
}

static bool is_in_chat(void *ctx, int64_t chat)
{
	const struct relation *r = ctx;
	struct membership_row row;

	if (chat_role_of(r->call, chat, r->viewer) != CHAT_OUT)
		return true;
	return home_members_find(call_home(r->call), r->viewer, chat, &row) &&
	       row.role >= ROLE_MEMBER && row.role <= ROLE_CREATOR;
}

static struct privacy_rules rules_of(struct call *call, int64_t owner, enum privacy_key key)
{
	struct bytes stored = home_privacy_get(
		call_home(call), call->store->vault, call->arena, owner, (int32_t)key);
	struct privacy_rules rules;

	if (!stored.data)
		return privacy_rules_default(key);
	if (privacy_rules_decode(call->arena, stored, &rules) < 0)
		db_fail(call_home(call), "privacy rules can't be read");
	return rules;
}

bool privacy_shows_known(struct call *call, int64_t owner, enum privacy_key key, int64_t viewer,
	const struct privacy_known *known)
{
	struct relation relation = {call, owner, viewer, known};
	const struct privacy_viewer who = {.ctx = &relation,
		.id = viewer,
		.is_contact = is_contact,
		.is_close_friend = is_close_friend,
		.is_bot = is_bot,
		.is_in_chat = is_in_chat};
	struct privacy_rules rules;

	if (owner == viewer || owner == SERVICE_USER || viewer == SERVICE_USER)
		return true;
	rules = known && !known->has_rules ? privacy_rules_default(key)
					   : rules_of(call, owner, key);
	return privacy_rules_allow(&rules, &who);
}

/* From the rules alone. */
static bool shows(struct call *call, int64_t owner, enum privacy_key key, int64_t viewer)
{
	return privacy_shows_known(call, owner, key, viewer, NULL);
}

bool privacy_allows(struct call *call, int64_t owner, enum privacy_key key, int64_t viewer)
{
	if (owner == viewer || owner == SERVICE_USER)
		return true;
	return user_exists(call, owner) && !block_has(call, owner, viewer) &&
	       shows(call, owner, key, viewer);
}

/* ---- Own rules ---- */

void privacy_get(struct call *call, enum privacy_key key, struct privacy_rules *out)
{
	*out = rules_of(call, call->user, key);
}

/* A group that the caller is not in would tell him, through what others then see, who is. */
static bool chats_are_own(struct call *call, const struct privacy_rule *rule)
{
	struct relation self = {call, call->user, call->user, NULL};

	for (size_t i = 0; i < rule->count; i++) {
		if (!is_in_chat(&self, rule->ids[i]))
			return false;
	}
	return true;
}

static int check_rules(struct call *call, const struct privacy_rules *rules)
{
	size_t entries = rules->count;

	for (size_t i = 0; i < rules->count; i++)
		entries += rules->at[i].count;
	if (entries > PRIVACY_ENTRIES_MAX)
		return rpc_error(call, 400, "PRIVACY_TOO_LONG");
	for (size_t i = 0; i < rules->count; i++) {
		if (privacy_rule_names_chats(rules->at[i].kind) &&
			!chats_are_own(call, &rules->at[i]))
			return rpc_error(call, 400, "PRIVACY_VALUE_INVALID");
	}
	return 0;
}

static bool speaks_of_all(const struct privacy_rules *rules)
{
	for (size_t i = 0; i < rules->count; i++) {
		if (rules->at[i].kind == RULE_ALLOW_ALL || rules->at[i].kind == RULE_DISALLOW_ALL)
			return true;
	}
	return false;
}

/* Some clients take a list without an end for "everybody". */
static struct privacy_rules completed(struct call *call, const struct privacy_rules *rules)
{
	struct privacy_rules out = *rules;

	if (speaks_of_all(rules))
		return out;
	out.at = arena_array(call->arena, rules->count + 1, sizeof(*out.at));
	if (rules->count)
		memcpy(out.at, rules->at, rules->count * sizeof(*out.at));
	out.at[out.count++] = (struct privacy_rule){.kind = RULE_DISALLOW_ALL};
	return out;
}

int privacy_set(struct call *call, enum privacy_key key, const struct privacy_rules *rules)
{
	struct update update = {.kind = UPDATE_PRIVACY, .key = (int32_t)key};
	struct privacy_rules whole;

	if (check_rules(call, rules) < 0)
		return -1;
	whole = completed(call, rules);
	update.rules = privacy_rules_encode(call->arena, &whole);
	home_privacy_put(call_home(call), call->store->vault, call->arena, call->user, (int32_t)key,
		update.rules);
	change_tell(call, call->user, call->session_id, CHANGE_PRIVACY, (struct peer){0},
		(int64_t)key, &update);
	if (key == PRIVACY_STATUS)
		user_tell_status(call);
	if (key == PRIVACY_ABOUT)
		public_face_refresh(call, call->user);
	return 0;
}

/* A rule that doesn't name the user, so that the list doesn't name him twice. */
static struct privacy_rule without(
	struct call *call, const struct privacy_rule *rule, int64_t user, size_t room)
{
	struct privacy_rule out = {.kind = rule->kind,
		.ids = arena_array(call->arena, rule->count + room, sizeof(*out.ids))};

	for (size_t i = 0; i < rule->count; i++) {
		if (rule->ids[i] != user)
			out.ids[out.count++] = rule->ids[i];
	}
	return out;
}

int privacy_allow_user(struct call *call, enum privacy_key key, int64_t user)
{
	const struct privacy_rule nobody = {.kind = RULE_ALLOW_USERS};
	struct privacy_rules before, after;
	size_t at;

	if (shows(call, call->user, key, user))
		return 0;
	privacy_get(call, key, &before);
	after = (struct privacy_rules){
		.at = arena_array(call->arena, before.count + 1, sizeof(*after.at)), .count = 1};
	/* A list of exceptions that comes first takes him up; one further down may say something
	 * else of others by where it stands. */
	at = before.count && before.at[0].kind == RULE_ALLOW_USERS;
	after.at[0] = without(call, at ? &before.at[0] : &nobody, user, 1);
	after.at[0].ids[after.at[0].count++] = user;
	for (; at < before.count; at++) {
		const struct privacy_rule *rule = &before.at[at];

		after.at[after.count++] =
			privacy_rule_names_users(rule->kind) ? without(call, rule, user, 0) : *rule;
	}
	return privacy_set(call, key, &after);
}

bool privacy_change(struct call *call, const struct home_change *change, struct update *update)
{
	struct privacy_rules rules;

	if (change->item < 0 || change->item >= PRIVACY_KEY_COUNT)
		return false;
	privacy_get(call, (enum privacy_key)change->item, &rules);
	*update = (struct update){.kind = UPDATE_PRIVACY,
		.key = (int32_t)change->item,
		.rules = privacy_rules_encode(call->arena, &rules)};
	return true;
}

void privacy_add_peers(struct roster *roster, const struct privacy_rules *rules)
{
	for (size_t i = 0; i < rules->count; i++) {
		const struct privacy_rule *rule = &rules->at[i];

		for (size_t j = 0; j < rule->count; j++) {
			if (privacy_rule_names_users(rule->kind)) {
				roster_add(roster, (struct peer){PEER_USER, rule->ids[j]});
				continue;
			}
			/* The wire doesn't say which of the two; no id is of both. */
			roster_add(roster, (struct peer){PEER_CHAT, rule->ids[j]});
			roster_add(roster, (struct peer){PEER_CHANNEL, rule->ids[j]});
		}
	}
}

void privacy_add_named(struct roster *roster, const struct update *update)
{
	struct privacy_rules rules;

	if (privacy_rules_decode(roster->arena, update->rules, &rules) == 0)
		privacy_add_peers(roster, &rules);
}

/* ---- Switches ---- */

bool privacy_switch(struct call *call, int64_t owner, enum privacy_switch which)
{
	return home_privacy_switches(call_home(call), owner) & which;
}

void privacy_switches_set(struct call *call, int64_t mask, int64_t on)
{
	int64_t before = home_privacy_switches(call_home(call), call->user);

	home_privacy_set_switches(call_home(call), call->user, (before & ~mask) | (on & mask));
}

bool privacy_archives_strangers(struct call *call, int64_t owner, int64_t peer)
{
	return peer != owner && peer != SERVICE_USER &&
	       privacy_switch(call, owner, SWITCH_ARCHIVE_STRANGERS) &&
	       !home_contact_exists(call_home(call), owner, peer);
}

bool privacy_hides_reads(struct call *call, int64_t other)
{
	return block_has(call, other, call->user) ||
	       (privacy_switch(call, other, SWITCH_HIDE_READS) &&
		       !shows(call, other, PRIVACY_STATUS, call->user));
}

/* Who keeps it from the other isn't told either. */
int privacy_read_date(struct call *call, int64_t other)
{
	if (privacy_switch(call, call->user, SWITCH_HIDE_READS) &&
		!shows(call, call->user, PRIVACY_STATUS, other))
		return rpc_error(call, 403, "YOUR_PRIVACY_RESTRICTED");
	if (privacy_hides_reads(call, other))
		return rpc_error(call, 403, "USER_PRIVACY_RESTRICTED");
	return 0;
}
