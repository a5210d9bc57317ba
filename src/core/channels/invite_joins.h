/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Coming into a group or channel by an invite link. What is shown of it to who has the link is what
 * it is called, what it says of itself and how many are in it, and nobody's name. A link that is
 * revoked, used up, out of its time or of no use to the caller (banned, restricted where he lives)
 * is INVITE_HASH_EXPIRED, exactly as one that never was.
 *
 * Every look at a link takes one of the caller's day, found or not.
 */
#ifndef CORE_INVITE_JOINS_H
#define CORE_INVITE_JOINS_H

#include "core/call.h"

#define INVITE_LOOKUPS_PER_DAY 500

struct invite_preview {
	struct peer peer;
	bool member;		     /* the caller is in it: the rest is in the view */
	struct chat_view chat;	     /* a member's, of a basic group */
	struct channel_view channel; /* of a channel */
	struct bytes title, about;
	int64_t members;
	bool asks; /* who comes waits for an admin */
};

/* INVITE_HASH_EMPTY, INVITE_HASH_INVALID, INVITE_HASH_EXPIRED, FLOOD_WAIT_X. */
int invite_check(struct call *call, struct bytes text, struct invite_preview *out);
/* Also USER_ALREADY_PARTICIPANT, CHANNELS_TOO_MUCH, USERS_TOO_MUCH, and INVITE_REQUEST_SENT where
 * an admin decides: then the request is kept. answer: what the newcomer is told. */
int invite_join(struct call *call, struct bytes text, struct update_set *answer);

#endif
