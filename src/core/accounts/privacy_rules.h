/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rules of one privacy key: how they are stored, what holds before any were set, and what they
 * say of a viewer. Pure: who the viewer is to the owner is passed in.
 */
#ifndef CORE_PRIVACY_RULES_H
#define CORE_PRIVACY_RULES_H

#include "base/arena.h"
#include "core/accounts/privacy.h"

#define PRIVACY_ENTRIES_MAX 1000 /* rules and the peers that they name, in all */

/* Stored: new ones go to the end. */
enum privacy_rule_kind {
	RULE_ALLOW_ALL,
	RULE_ALLOW_CONTACTS,
	RULE_ALLOW_CLOSE_FRIENDS,
	RULE_ALLOW_PREMIUM, /* nobody: Lontar sells nothing */
	RULE_ALLOW_BOTS,
	RULE_ALLOW_USERS,
	RULE_ALLOW_CHATS, /* who is in one of these groups */
	RULE_DISALLOW_ALL,
	RULE_DISALLOW_CONTACTS,
	RULE_DISALLOW_BOTS,
	RULE_DISALLOW_USERS,
	RULE_DISALLOW_CHATS,
	RULE_KIND_COUNT
};

struct privacy_rule {
	enum privacy_rule_kind kind;
	int64_t *ids; /* of RULE_*_USERS and RULE_*_CHATS */
	size_t count;
};

struct privacy_rules {
	struct privacy_rule *at;
	size_t count;
};

/* What holds while an account has set nothing. Static memory. */
struct privacy_rules privacy_rules_default(enum privacy_key key);

struct bytes privacy_rules_encode(struct arena *arena, const struct privacy_rules *rules);
/* -1: not what privacy_rules_encode makes. */
MUST_CHECK int privacy_rules_decode(
	struct arena *arena, struct bytes stored, struct privacy_rules *out);

/* Answers about the viewer, asked only when a rule needs one. */
struct privacy_viewer {
	void *ctx;
	int64_t id;
	bool (*is_contact)(void *ctx); /* the owner has saved him */
	bool (*is_close_friend)(void *ctx);
	bool (*is_bot)(void *ctx);
	bool (*is_in_chat)(void *ctx, int64_t chat);
};

bool privacy_rules_allow(const struct privacy_rules *rules, const struct privacy_viewer *viewer);

/* Rules about chats or users: they name peers. */
bool privacy_rule_names_users(enum privacy_rule_kind kind);
bool privacy_rule_names_chats(enum privacy_rule_kind kind);

#endif
