/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Invite links of basic groups and channels: an admin who may invite makes, changes and revokes his
 * own, the creator everybody's. One of each admin's is permanent, the one that clients show first.
 * Who comes by a link is core/channels/invite_joins.h, who must ask first
 * core/channels/join_requests.h. https://core.telegram.org/api/invites
 *
 * Functions act for call->user and return 0, or -1 after rpc_error; whoever may not invite is
 * refused with CHAT_ADMIN_REQUIRED, a private chat with PEER_ID_INVALID. Results live in the call's
 * arena.
 */
#ifndef CORE_INVITE_LINKS_H
#define CORE_INVITE_LINKS_H

#include "core/call.h"
#include "store/home_invite_links.h"

#define INVITE_LINKS_MAX 100	     /* that hold, of one account in one place */
#define INVITE_LINKS_REVOKED_MAX 100 /* kept of one account in one place: the oldest go */
#define INVITE_LINKS_PER_DAY 200     /* that one account may make */
#define INVITE_LINKS_PAGE_MAX 100
#define INVITE_TITLE_MAX 32 /* characters; as stock clients allow */
#define INVITE_USES_MAX 99999
#define INVITE_ADMINS_MAX 200

/* What a link shall be; what is not said stays as it is, or is none. */
struct invite_wish {
	bool permanent; /* in the place of the last one; nothing else may be said with it */
	bool revoke;
	bool says_until, says_limit, says_title, says_asks;
	int64_t until_s;    /* 0: for ever */
	int32_t limit;	    /* of uses; 0: none */
	struct bytes title; /* of no characters: none */
	bool asks;	    /* who comes by it waits for an admin; has no limit */
};

/* https://t.me/+SECRET: the form that every stock client opens by itself. */
struct bytes invite_link_text(struct arena *arena, const struct home_invite_link *link);
/* From such a text, or the secret alone. false: it is of no link's form. */
MUST_CHECK bool invite_link_hash(struct call *call, struct bytes text, uint8_t *hash);

/* Faults EXPIRE_DATE_INVALID, USAGE_LIMIT_INVALID, TITLE_INVALID, INVITES_TOO_MUCH,
 * CHAT_INVITE_PERMANENT, FLOOD_WAIT_X. */
int invite_link_make(struct call *call, struct peer peer, const struct invite_wish *wish,
	struct home_invite_link *out);
/* INVITE_HASH_EXPIRED, also for a link of another place or, to who is not the creator, of another
 * admin. */
int invite_link_get(
	struct call *call, struct peer peer, struct bytes text, struct home_invite_link *out);
/* The permanent link can only be revoked: then *next is the one that takes its place. Others:
 * next->admin is 0. Faults as of making, and INVITE_HASH_EXPIRED for what is revoked. */
int invite_link_edit(struct call *call, struct peer peer, struct bytes text,
	const struct invite_wish *wish, struct home_invite_link *out,
	struct home_invite_link *next);
/* Only what is revoked: INVITE_REVOKED_MISSING. */
int invite_link_delete(struct call *call, struct peer peer, struct bytes text);
/* Those of an admin that are revoked. ADMIN_ID_INVALID. */
int invite_links_delete_revoked(struct call *call, struct peer peer, int64_t admin);

struct invite_links {
	struct home_invite_link *at; /* the newest first */
	size_t count;
	int64_t total;
};

/* Those of an admin behind offset_link of offset_s (0: from the newest). Makes the permanent one of
 * who looks at the own links and has none. ADMIN_ID_INVALID. */
int invite_links_of(struct call *call, struct peer peer, int64_t admin, bool revoked,
	int64_t offset_s, struct bytes offset_link, int32_t limit, struct invite_links *out);
/* Creator only. */
int invite_admins(
	struct call *call, struct peer peer, struct home_invite_admin **out, size_t *count);

/* What the page of a group or channel shows to who may invite: its permanent link. false: none, or
 * not for the viewer. */
bool invite_link_own(struct call *call, struct peer peer, struct home_invite_link *out);

#endif
