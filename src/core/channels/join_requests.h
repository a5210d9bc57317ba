/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who asks to be let into a group or channel, by a link that says so or in a public channel that
 * does (CHANNEL_JOIN_REQUEST), and what admins who may invite do with it. They are told how many
 * wait, also on devices that are away; who was turned down is told nothing.
 * https://core.telegram.org/api/invites#join-requests
 */
#ifndef CORE_JOIN_REQUESTS_H
#define CORE_JOIN_REQUESTS_H

#include "core/changes.h"
#include "core/channels/invite_links.h"
#include "store/home_joins.h"

#define JOIN_REQUESTS_MAX 10000	     /* that wait in one place */
#define JOIN_REQUESTS_OF_ONE_MAX 100 /* that one account waits in */
#define JOIN_REQUESTS_PER_DAY 100    /* of one account */
#define JOIN_REQUESTS_AT_ONCE 200    /* let in by one call; who is left waits on */
#define JOINS_PAGE_MAX 100
#define JOINS_SEARCHED_MAX 1000 /* of who waits, the newest */
#define JOIN_RECENT_MAX 3	/* of whom admins are told */

/* Always -1. INVITE_REQUEST_SENT, and the request of call->user is kept, the earlier one if there
 * is one; CHANNELS_TOO_MUCH, USERS_TOO_MUCH, FLOOD_WAIT_X. link NULL: in a public channel. That the
 * caller may come is checked before. */
int join_request_make(struct call *call, struct peer peer, const struct home_invite_link *link);
/* call->user is in it now, whichever way: it waits no more. */
void join_request_settle(struct call *call, struct peer peer, int64_t user);

/* HIDE_REQUESTER_MISSING, USER_ALREADY_PARTICIPANT, USER_CHANNELS_TOO_MUCH, USERS_TOO_MUCH.
 * answer: UPDATE_JOIN_REQUESTS. */
int join_request_decide(
	struct call *call, struct peer peer, int64_t user, bool approve, struct update_set *answer);
/* link absent: all of the place. Who can't come any more is turned down. HIDE_REQUESTER_MISSING,
 * INVITE_HASH_EXPIRED. */
int join_requests_decide_all(struct call *call, struct peer peer, struct bytes link, bool approve,
	struct update_set *answer);

struct join_query {
	struct bytes link; /* absent: all who wait in the place */
	bool waits;	   /* of the link: those who wait, else those who came */
	struct bytes text; /* words of the name; only of who waits in the place */
	struct home_join_mark mark;
	int32_t limit;
};

struct joins {
	struct home_join *at; /* the newest first */
	struct bytes *about;  /* what those who wait say of themselves; absent: nothing */
	size_t count;
	int64_t total;
};

/* SEARCH_WITH_LINK_NOT_SUPPORTED, INVITE_HASH_EXPIRED. */
int joins_find(
	struct call *call, struct peer peer, const struct join_query *query, struct joins *out);

struct join_requests {
	int64_t waiting;
	int64_t recent[JOIN_RECENT_MAX];
	size_t recent_count;
};

/* For who may invite. */
void join_requests_glance(struct call *call, struct peer peer, struct join_requests *out);
/* How many wait, for a device that was away. false: the account may not invite any more. */
bool join_requests_change(
	struct call *call, const struct home_change *change, struct update *update);

#endif
