/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Invite links of groups and channels: home data for public channels too. A link is found by a
 * keyed hash of its secret; the secret and the title are sealed under the salt of the account that
 * made it, and end with it. Who came by a link is store/home_joins.h; the rules are
 * core/channels/invite_links.h.
 */
#ifndef STORE_HOME_INVITE_LINKS_H
#define STORE_HOME_INVITE_LINKS_H

#include "crypto/seal.h"
#include "store/db.h"

/* A group or a channel: enum peer_kind of core. */
struct home_place {
	int32_t kind;
	int64_t id;
};

struct home_invite_link {
	uint8_t hash[VAULT_LOOKUP_SIZE];
	struct home_place place;
	int64_t admin;		       /* who made it */
	struct bytes secret, title;    /* of title: absent, none */
	int64_t made_at_s, until_s;    /* until_s 0: for ever */
	int32_t limit, uses;	       /* limit 0: none */
	int32_t requested;	       /* who asked by it and waits */
	bool asks, permanent, revoked; /* asks: who comes by it waits for an admin */
};

/* false: there is no such link. */
bool home_invite_link_find(struct db *db, const struct vault *vault, struct arena *arena,
	const uint8_t *hash, struct home_invite_link *out);
/* The permanent link that an account has there. */
bool home_invite_link_permanent(struct db *db, const struct vault *vault, struct arena *arena,
	struct home_place place, int64_t admin, struct home_invite_link *out);
void home_invite_link_insert(struct db *db, const struct vault *vault, struct arena *arena,
	const struct home_invite_link *link);
/* Everything but the hash, the place, the maker and what is counted. */
void home_invite_link_update(struct db *db, const struct vault *vault, struct arena *arena,
	const struct home_invite_link *link);
/* Of all that hold there; one that asks has no limit. false: they were so already. */
MUST_CHECK bool home_invite_links_set_asks(struct db *db, struct home_place place, bool asks);
/* Adds to what is counted. */
void home_invite_link_count(struct db *db, const uint8_t *hash, int32_t uses, int32_t requested);
void home_invite_link_delete(struct db *db, const uint8_t *hash);

/* Behind this line of the list; date 0: from its beginning. */
struct home_invite_mark {
	int64_t made_at_s;
	uint8_t hash[VAULT_LOOKUP_SIZE];
};

/* Of one account in one place, the newest first; at most limit, in the arena. */
size_t home_invite_links(struct db *db, const struct vault *vault, struct arena *arena,
	struct home_place place, int64_t admin, bool revoked, const struct home_invite_mark *mark,
	size_t limit, struct home_invite_link **out);
int64_t home_invite_links_count(
	struct db *db, struct home_place place, int64_t admin, bool revoked);
/* Keeps the newest `keep` revoked ones. */
void home_invite_links_trim(struct db *db, struct home_place place, int64_t admin, int64_t keep);

struct home_invite_admin {
	int64_t admin;
	int32_t links, revoked;
};

/* Who has links there, by account; at most limit, in the arena. */
size_t home_invite_admins(struct db *db, struct arena *arena, struct home_place place, size_t limit,
	struct home_invite_admin **out);

/* Links, joins and requests of a place that is no more. */
void home_invites_delete_all(struct db *db, struct home_place place);
/* Links and requests of a group that became a channel, before it has any of its own. */
void home_invites_move(struct db *db, struct home_place from, struct home_place to);

#endif
