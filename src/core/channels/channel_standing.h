/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What admins make of others: other admins, restricted and banned ones, the next owner; their
 * ranks; and what all members may do. Whoever is concerned is told on all devices, and one who is
 * banned is out at once. https://core.telegram.org/api/rights
 *
 * An admin can give only what he may himself, and change only those whom he named; the creator all.
 * Answers are UPDATE_CHANNEL unless said otherwise. Functions return 0, or -1 after rpc_error.
 */
#ifndef CORE_CHANNEL_STANDING_H
#define CORE_CHANNEL_STANDING_H

#include "core/channels/channel_load.h"
#include "core/accounts/password.h"

#define CHANNEL_ADMINS_MAX 50	       /* beside the creator */
#define CHANNEL_RANK_MAX 16	       /* characters */
#define BAN_LEAST_S 30		       /* what ends sooner, */
#define BAN_MOST_S (366 * 86400)       /* or later, never does */
#define ADMIN_FRESH_S 86400	       /* since he was named: names no others */
#define PASSWORD_AGE_MIN_S (7 * 86400) /* before it can give a channel away */

/* rights 0: no admin any more. rank absent: as it is. Who is out is brought in. Faults
 * CHAT_ADMIN_REQUIRED, RIGHT_FORBIDDEN, USER_CREATOR, ADMINS_TOO_MUCH, ADMIN_RANK_INVALID,
 * ADMIN_RANK_EMOJI_NOT_ALLOWED, FRESH_CHANGE_ADMINS_FORBIDDEN, USER_BLOCKED (he is banned);
 * bringing in: CHAT_ADMIN_INVITE_REQUIRED, USER_PRIVACY_RESTRICTED, USER_NOT_MUTUAL_CONTACT,
 * USER_CHANNELS_TOO_MUCH. */
int channel_edit_admin(struct call *call, int64_t id, int64_t user, uint32_t rights,
	struct bytes rank, struct update_set *answer);
/* banned: enum chat_right; CHAT_SEE: out, and may not come back; 0: free of all limits. An admin
 * who is limited is none any more. user below zero: channel_ban_sender. Faults CHAT_ADMIN_REQUIRED,
 * USER_ADMIN_INVALID, USER_ID_INVALID. */
int channel_edit_banned(struct call *call, int64_t id, int64_t user, uint32_t banned,
	int64_t until_s, struct update_set *answer);
/* A channel of others, in a group: nobody may write there in its name (banned 0: one may again),
 * and the banned members list it. Faults CHAT_ADMIN_REQUIRED, PARTICIPANT_ID_INVALID. */
int channel_ban_sender(
	struct call *call, int64_t id, int64_t sender, uint32_t banned, struct update_set *answer);
bool channel_sender_is_banned(struct call *call, int64_t id, int64_t sender);
/* That the caller may give away what is his. Faults PASSWORD_MISSING, PASSWORD_TOO_FRESH_X,
 * SESSION_TOO_FRESH_X, those of password_verify: with none given PASSWORD_HASH_INVALID is all that
 * is missing. */
int channel_creator_prove(struct call *call, const struct password_answer *given);
/* The creator becomes an admin, an admin the creator. Faults as proving, USER_ID_INVALID,
 * CHANNELS_ADMIN_PUBLIC_TOO_MUCH. */
int channel_edit_creator(struct call *call, int64_t id, int64_t user,
	const struct password_answer *answer_given, struct update_set *answer);
/* The member owns it from now on, by the doing of call->user; the one before is out of it already.
 * -1: it can't be. */
int channel_owner_set(struct call *call, int64_t id, int64_t user);
/* One's own, where members may; else ADMIN_RANKS. rank empty: none. */
int channel_edit_rank(
	struct call *call, int64_t id, int64_t user, struct bytes rank, struct update_set *answer);
/* Of a group. Faults CHAT_ADMIN_REQUIRED, BANNED_RIGHTS_INVALID, CHAT_NOT_MODIFIED. */
int channel_edit_default_rights(
	struct call *call, int64_t id, uint32_t banned, struct update_set *answer);

/* The newest posts of one in his own name, or (user below zero) in that of a channel, at most
 * POSTS_PER_CALL_MAX. *left: clients ask again. ADMIN_DELETE. Fault PARTICIPANT_ID_INVALID. */
int channel_delete_posts_of(struct call *call, int64_t id, int64_t user, int32_t *pts,
	int32_t *pts_count, int32_t *left);

/* Upkeep: limits that have ended. true: there are more. */
bool channel_standings_prune(struct call *call);

/* ---- For the lists ---- */

/* The rank in the clear. can_edit stays to be said. */
void channel_member_from_row(
	struct call *call, const struct membership_row *row, struct channel_member *out);
/* Whether the viewer may change what the member may do as an admin. */
bool channel_may_edit(
	const struct channel_context *context, int64_t viewer, const struct channel_member *member);

#endif
