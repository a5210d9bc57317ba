/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Channels and supergroups: what one is, who may see it, members, names. What is in them (posts,
 * history, difference) is core/posts/posts.h; moving between home and square is
 * core/channels/move.h; what the desk ordered is core/posts/orders.h.
 *
 * "Viewer" is call->user. Functions return 0, or -1 after rpc_error. Results live in the call's
 * arena.
 */
#ifndef CORE_CHANNELS_H
#define CORE_CHANNELS_H

#include "core/call.h"

#define CHANNEL_TITLE_MAX 128	     /* characters; as stock clients allow */
#define CHANNEL_ABOUT_MAX 255	     /* characters */
#define CHANNEL_NAMES_MAX 10	     /* public channels that one account may make */
#define CHANNELS_PER_DAY 50	     /* that one account may make */
#define CHANNEL_LOOKUPS_PER_DAY 1000 /* of public names, by one account: more is a crawler */
#define CHANNEL_JOINS_PER_DAY 500    /* of one account: a group is told each time */
#define CHANNEL_MEMBERSHIPS_MAX 500  /* of one account: bounds every chat list */

/* ---- Seeing ---- */

/* The keyed hash that the viewer must present with the id. */
int64_t channel_access_hash(struct call *call, int64_t id);

/* As the viewer sees it: shared part, own role, and whether a restriction holds for the viewer.
 * false (no fault): it does not exist, or it is private and the viewer is not in it. */
bool channel_find(struct call *call, int64_t id, struct channel_view *out);
/* The same with a fault: CHANNEL_PRIVATE. For what shows only the channel itself, not its content.
 */
int channel_view(struct call *call, int64_t id, struct channel_view *out);
/* For everything that shows or changes content: also refuses with CHAT_RESTRICTED when the
 * restriction holds for the viewer. (Not CHANNEL_PRIVATE: clients would show the channel as left
 * instead of showing the text of the restriction.) */
int channel_open(struct call *call, int64_t id, struct channel_view *out);

/* Pure: does the restriction hold for a viewer whose number is from `country` ("" unknown)? Also
 * for the network threads. */
bool channel_restricted(const struct restriction *restriction, const char *country);

/* What a role may do. */
bool channel_may_post(const struct channel_view *view);
bool channel_is_admin(const struct channel_view *view);
bool channel_is_member(const struct channel_view *view);

/* ---- Making and changing ---- */

struct channel_draft {
	struct bytes title, about;
	bool broadcast;	  /* else a supergroup */
	bool forum;	  /* of a supergroup */
	int32_t period_s; /* posts destroy themselves so long after they were sent; 0: never */
};

/* answer: UPDATE_MESSAGE_ID, UPDATE_CHANNEL and UPDATE_NEW_POST (the channel-create post), and
 * the channel. Private until it gets a username. */
int channel_create(struct call *call, const struct channel_draft *draft, struct update_set *answer);
/* For who may change it. answer: UPDATE_CHANNEL, UPDATE_NEW_POST (the new-title post). */
int channel_edit_title(
	struct call *call, int64_t id, struct bytes title, struct update_set *answer);
int channel_edit_about(struct call *call, int64_t id, struct bytes about);
/* Creator only; gone for everybody, its name is given up. answer: UPDATE_CHANNEL. */
int channel_delete(struct call *call, int64_t id, struct update_set *answer);

/* For a channel that the viewer sees; id 0: one still to be made. 5 to 32 of [A-Za-z0-9_], first a
 * letter: else USERNAME_INVALID. */
int channel_username_check(struct call *call, int64_t id, struct bytes name, bool *is_free);
/* Creator only. The first name moves the channel with its posts to the square, an empty name moves
 * it home. A name that was given up is held for a week for who had it: USERNAME_OCCUPIED to others.
 */
int channel_username_set(struct call *call, int64_t id, struct bytes name);

/* ---- Members ---- */

/* answer: UPDATE_CHANNEL and the channel as it now is. Joining again changes nothing. Where an
 * admin decides: INVITE_REQUEST_SENT (core/channels/join_requests.h). Faults CHANNELS_TOO_MUCH,
 * FLOOD_WAIT_X. */
int channel_join(struct call *call, int64_t id, struct update_set *answer);
/* Of the owner: core/channels/channel_heirs.h. Faults USER_NOT_PARTICIPANT, USER_CREATOR. */
int channel_leave(struct call *call, int64_t id, struct update_set *answer);

/* For the end of the viewer's account: out of all, without a word. What he alone was in is deleted;
 * what he owned is his heir's, or goes on without an owner. */
void channels_leave_all(struct call *call);

#define CHANNEL_INVITES_MAX 100 /* accounts in one call */
/* ADMIN_INVITE, or members of a group that lets them. Mutual contacts become members, also of a
 * private channel; the others (and who is in too many channels) are put into missing, which has
 * room for count. answer: UPDATE_CHANNEL. Fault CHAT_INVALID: a group for so many that nobody is
 * invited. */
int channel_invite(struct call *call, int64_t id, const int64_t *users, size_t count,
	int64_t *missing, size_t *missing_count, struct update_set *answer);

/* Where somebody stands with a channel, as an admin may know it. */
struct channel_member {
	int64_t user; /* below zero: a channel, banned as a sender (core/channels/channel_senders.c)
		       */
	struct standing standing; /* LEFT: neither in it nor banned */
	int64_t joined_at_s;
	int64_t inviter;      /* 0: came by itself */
	int64_t by_user;      /* who named or restricted it last; 0: nobody */
	int64_t changed_at_s; /* when */
	struct bytes rank;    /* absent: none */
	bool can_edit;	      /* the viewer may change its rights as an admin */
	bool by_request;      /* the viewer himself: an admin let him in */
};

static inline struct peer channel_member_peer(int64_t member)
{
	return member < 0 ? (struct peer){PEER_CHANNEL, -member} : (struct peer){PEER_USER, member};
}

struct channel_members {
	struct channel_member *at;
	size_t count;
	int64_t total;
};

enum channel_member_filter {
	MEMBERS_ALL,
	MEMBERS_ADMINS,
	MEMBERS_OUT,	  /* banned: for admins alone, and so are: */
	MEMBERS_LIMITED,  /* restricted */
	MEMBERS_CONTACTS, /* of the viewer */
	MEMBERS_BOTS,
	MEMBERS_MENTIONS, /* whom the viewer may name */
};

struct channel_member_query {
	enum channel_member_filter filter;
	struct bytes words;    /* of the name; empty: any. Looked for among the first
				  MEMBERS_SEARCHED_MAX, and of those who are in it, if nobody is
				  found there, the viewer's contacts, and then public names */
	int32_t offset, limit; /* clamped */
};

#define MEMBERS_SEARCHED_MAX 500 /* names are sealed: each is opened */

/* Of a broadcast channel, or where members are hidden: for admins (CHAT_ADMIN_REQUIRED), and of a
 * group whose members are hidden its admins for all of them. Who is anonymous is an admin only to
 * admins. */
int channel_members(struct call *call, int64_t id, const struct channel_member_query *query,
	struct channel_members *out);
/* Also one who is banned, for admins. USER_NOT_PARTICIPANT when not in it, CHAT_ADMIN_REQUIRED when
 * the viewer may not know. */
int channel_member(struct call *call, int64_t id, int64_t user, struct channel_member *out);

struct channel_views {
	struct channel_view *at;
	size_t count;
};

/* What the page of a channel tells its admins, and when the viewer may write again. */
struct channel_counts {
	int64_t admins, kicked, limited;
	int64_t next_send_s; /* slow mode; 0: now */
	bool members_shown;
};

void channel_counts(struct call *call, const struct channel_view *view, struct channel_counts *out);

/* More members are not gone through: it is told from so many of them. */
#define ONLINES_LOOKED_MAX 200
/* How many members are here now, as far as they show it to the viewer; where he may not know who
 * they are and they are few, he himself. */
int channel_onlines(struct call *call, int64_t id, int32_t *out);

/* The channels the viewer is in, by id. For the server's index at login too. */
int channel_memberships(struct call *call, struct channel_views *out);

/* ---- Names ---- */

/* Any case; no fault. false: nobody has the name. */
bool channel_by_username(struct call *call, struct bytes name, struct channel_view *out);
/* Takes one look-up of the caller's day, whether it finds somebody or not. */
MUST_CHECK int channel_lookup_take(struct call *call);
/* Public channels whose name or title begins with `prefix`. */
int channel_search(
	struct call *call, struct bytes prefix, int32_t limit, struct channel_views *out);

#endif
