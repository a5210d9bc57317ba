/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the admins of a channel switch on and off, and set to a number: all of struct
 * channel_settings but the default rights (core/channels/channel_members.c), the links to other
 * chats (core/channels/channel_link.h) and being a forum. What the switches bring about is where it
 * happens.
 *
 * All answer UPDATE_CHANNEL, and CHAT_NOT_MODIFIED when it is so already.
 */
#ifndef CORE_CHANNEL_TOGGLES_H
#define CORE_CHANNEL_TOGGLES_H

#include "core/channels/channels.h"
#include "core/messages/reactions.h"

#define ANTISPAM_MEMBERS_MIN 100       /* telegram_antispam_group_size_min */
#define MEMBERS_HIDDEN_MEMBERS_MIN 100 /* hidden_members_group_size_min */
#define GIGAGROUP_MEMBERS_MIN 200000   /* where other servers end a group */

/* One switch. Faults CHAT_ADMIN_REQUIRED, CHAT_ID_INVALID (not for this kind of channel), and:
 * HISTORY_HIDDEN CHAT_LINK_EXISTS (what is discussed is open); JOIN_REQUEST CHAT_PUBLIC_REQUIRED
 * (what has no name is joined by links, which have their own switch); ANTISPAM, MEMBERS_HIDDEN
 * PARTICIPANTS_TOO_FEW. */
int channel_toggle(
	struct call *call, int64_t id, enum channel_flag flag, bool on, struct update_set *answer);
/* The same of JOIN_REQUEST. links_too: also who comes by a link that there is asks, or does not;
 * one that asks is not limited. */
int channel_toggle_join_request(
	struct call *call, int64_t id, bool on, bool links_too, struct update_set *answer);
/* Broadcast channels. profiles without signatures: neither. */
int channel_set_signatures(
	struct call *call, int64_t id, bool signatures, bool profiles, struct update_set *answer);
/* SECONDS_INVALID: not one that clients offer. 0: off. */
int channel_set_slowmode(struct call *call, int64_t id, int32_t seconds, struct update_set *answer);
/* TTL_PERIOD_INVALID. Of posts from now on; 0: never. answer: the post that says so too. */
int channel_set_ttl(struct call *call, int64_t id, int32_t period_s, struct update_set *answer);
int channel_set_reactions(struct call *call, int64_t id, const struct chat_reactions *rules,
	struct update_set *answer);
/* What the settings allow. */
void channel_reactions(
	struct arena *arena, const struct channel_settings *settings, struct chat_reactions *out);
void channel_reactions_into(
	struct arena *arena, const struct chat_reactions *rules, struct channel_settings *settings);
/* Creator only, and for good: from then on only admins write, nobody is invited, and nothing is
 * discussed. Faults PARTICIPANTS_TOO_FEW, FORUM_ENABLED. */
int channel_to_gigagroup(struct call *call, int64_t id, struct update_set *answer);

#endif
