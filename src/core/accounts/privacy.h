/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whom an account lets see or do what. Each key has a list of rules; the first that speaks of the
 * viewer decides, and who is spoken of by none is refused. Whoever hands out what a key guards asks
 * privacy_allows: nobody else decides. https://core.telegram.org/api/privacy
 */
#ifndef CORE_PRIVACY_H
#define CORE_PRIVACY_H

#include "core/call.h"

/* Stored: new ones go to the end. */
enum privacy_key {
	PRIVACY_STATUS,		/* when he was last here, and when he read */
	PRIVACY_INVITE,		/* bringing him into groups and channels */
	PRIVACY_CALL,		/* calling him */
	PRIVACY_P2P,		/* calls by the direct way, which shows his network address */
	PRIVACY_FORWARDS,	/* a forwarded message links back to him */
	PRIVACY_PHOTO,		/* profile photo */
	PRIVACY_PHONE,		/* his number */
	PRIVACY_ADDED_BY_PHONE, /* finding him by the number */
	PRIVACY_VOICE,		/* sending him voice and video messages */
	PRIVACY_ABOUT,
	PRIVACY_BIRTHDAY,
	PRIVACY_GIFTS,	 /* gifts are shown by themselves */
	PRIVACY_NO_PAID, /* writing without paying */
	PRIVACY_MUSIC,	 /* music on the profile */
	PRIVACY_KEY_COUNT
};

/* Whether owner lets viewer have what the key guards. Always to himself; never when he has blocked
 * viewer; never when owner is no account in being. */
bool privacy_allows(struct call *call, int64_t owner, enum privacy_key key, int64_t viewer);

/* What the caller has looked up; saves asking again. */
struct privacy_known {
	bool has_rules;	 /* owner may have set some for this key */
	bool is_contact; /* owner has saved viewer */
};

/* The same from the rules alone, for who has looked himself whether owner exists and has blocked
 * viewer. known may be NULL. */
bool privacy_shows_known(struct call *call, int64_t owner, enum privacy_key key, int64_t viewer,
	const struct privacy_known *known);

/* Whether viewer finds the account by its number. */
static inline bool privacy_allows_by_phone(struct call *call, int64_t owner, int64_t viewer)
{
	return privacy_allows(call, owner, PRIVACY_ADDED_BY_PHONE, viewer);
}

/* ---- The rules of call->user: core/accounts/privacy_rules.h ---- */

struct privacy_rules;

void privacy_get(struct call *call, enum privacy_key key, struct privacy_rules *out);
/* Tells the other devices. Rules that don't say what holds for all others get "nobody" at the end.
 * Faults PRIVACY_TOO_LONG, PRIVACY_VALUE_INVALID. */
MUST_CHECK int privacy_set(
	struct call *call, enum privacy_key key, const struct privacy_rules *rules);

/* user is named as an exception, before all other rules. As privacy_set. */
MUST_CHECK int privacy_allow_user(struct call *call, enum privacy_key key, int64_t user);
/* For core/changes.c: the rules of the key `item` as they are. */
struct home_change;
bool privacy_change(struct call *call, const struct home_change *change, struct update *update);
/* Whom rules name, and those of an UPDATE_PRIVACY. */
struct roster;
void privacy_add_peers(struct roster *roster, const struct privacy_rules *rules);
void privacy_add_named(struct roster *roster, const struct update *update);

/* ---- Switches for all chats ---- */

/* Stored, as bits. */
enum privacy_switch {
	SWITCH_ARCHIVE_STRANGERS = 1 << 0,
	SWITCH_KEEP_UNMUTED = 1 << 1, /* archived chats stay there, muted or not */
	SWITCH_KEEP_FOLDERS = 1 << 2, /* and those that are in a folder */
	SWITCH_HIDE_READS = 1 << 3,   /* when a message was read is guarded by PRIVACY_STATUS */
	SWITCH_SILENT_JOINS = 1 << 4, /* nobody is announced who joins */
};

bool privacy_switch(struct call *call, int64_t owner, enum privacy_switch which);
/* Of call->user: those of mask become as in on. */
void privacy_switches_set(struct call *call, int64_t mask, int64_t on);
/* A chat that peer begins with owner goes into his archive, muted: owner wants it so for all whom
 * he has not saved. */
bool privacy_archives_strangers(struct call *call, int64_t owner, int64_t peer);
/* Whether call->user may be told when other has read what he wrote. Faults YOUR_PRIVACY_RESTRICTED,
 * USER_PRIVACY_RESTRICTED. */
MUST_CHECK int privacy_read_date(struct call *call, int64_t other);
/* other never tells call->user that. */
bool privacy_hides_reads(struct call *call, int64_t other);

#endif
