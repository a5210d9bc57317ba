/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Channels and supergroups: what one is, who may see it, members, names. What is in them (posts,
 * history, difference) is core/posts.h; moving between home and square is core/move.h; what the
 * desk ordered is core/orders.h.
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
	bool broadcast; /* else a supergroup */
};

/* answer: UPDATE_MESSAGE_ID, UPDATE_CHANNEL and UPDATE_NEW_POST (the channel-create post), and
 * the channel. Private until it gets a username. */
int channel_create(struct call *call, const struct channel_draft *draft, struct update_set *answer);
/* Creator only. answer: UPDATE_CHANNEL, UPDATE_NEW_POST (the new-title post). */
int channel_edit_title(
	struct call *call, int64_t id, struct bytes title, struct update_set *answer);
int channel_edit_about(struct call *call, int64_t id, struct bytes about);
/* Creator only; gone for everybody, its name is given up. answer: UPDATE_CHANNEL. */
int channel_delete(struct call *call, int64_t id, struct update_set *answer);

/* 5 to 32 of [A-Za-z0-9_], first a letter: else USERNAME_INVALID. */
int channel_username_check(struct call *call, struct bytes name, bool *is_free);
/* Creator only. The first name moves the channel with its posts to the square, an empty name moves
 * it home. A name that was given up is held for a week for who had it: USERNAME_OCCUPIED to others.
 */
int channel_username_set(struct call *call, int64_t id, struct bytes name);

/* ---- Members ---- */

/* answer: UPDATE_CHANNEL and the channel as it now is. Joining again changes nothing. */
int channel_join(struct call *call, int64_t id, struct update_set *answer);
int channel_leave(struct call *call, int64_t id, struct update_set *answer);

#define CHANNEL_INVITES_MAX 100 /* accounts in one call */
/* Admins only. Mutual contacts become members, also of a private channel; the others (and who is in
 * too many channels) are put into missing, which has room for count. answer: UPDATE_CHANNEL. */
int channel_invite(struct call *call, int64_t id, const int64_t *users, size_t count,
	int64_t *missing, size_t *missing_count, struct update_set *answer);

struct channel_member {
	int64_t user;
	enum channel_role role;
	int64_t joined_at_s;
};

struct channel_members {
	struct channel_member *at;
	size_t count;
	int64_t total;
};

enum channel_member_filter { MEMBERS_ALL, MEMBERS_ADMINS };

/* MEMBERS_ALL of a broadcast channel: admins only (CHAT_ADMIN_REQUIRED). offset and limit are
 * clamped. */
int channel_members(struct call *call, int64_t id, enum channel_member_filter filter,
	int32_t offset, int32_t limit, struct channel_members *out);
/* USER_NOT_PARTICIPANT when not in it, or when the viewer may not know. */
int channel_member(struct call *call, int64_t id, int64_t user, struct channel_member *out);

struct channel_views {
	struct channel_view *at;
	size_t count;
};

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
