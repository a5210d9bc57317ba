/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whose a channel is when its owner leaves it: the admin's who has been in it longest (who is not
 * anonymous, if there is one), in a group without admins the member's. He owns it a week later,
 * unless the owner has come back, whom nobody can keep out until then; at once where the owner's
 * account ended. Of a broadcast channel without admins nobody is the heir: its owner can't leave.
 * Basic groups: core/chats/chat_heirs.h.
 * https://core.telegram.org/api/channel#leaving-groups-channels
 */
#ifndef CORE_CHANNEL_HEIRS_H
#define CORE_CHANNEL_HEIRS_H

#include "core/channels/channel_load.h"

#ifndef HEIR_WAITS_S /* shorter in a test */
#define HEIR_WAITS_S (7 * 86400)
#endif
/* Of a group without admins so many members are looked at: no more are read in one call. */
#define HEIR_MEMBERS_LOOKED_MAX 500

/* For the creator. Faults CHAT_ADMIN_REQUIRED, PEER_ID_INVALID (nobody would be). */
MUST_CHECK int channel_heir(struct call *call, int64_t id, int64_t *heir);
/* The viewer, who owns it, leaves now. *said: the heir, if the others may know him; else 0. Fault
 * USER_CREATOR: there is nobody. */
MUST_CHECK int channel_heir_appoint(
	struct call *call, const struct channel_context *context, int64_t *said);
/* The viewer's account ends: what he owns is the heir's at once. -1: there is none. */
int channel_heir_at_once(struct call *call, const struct channel_context *context);
/* user has left what he owns, and may still come back. */
bool channel_awaits_owner(struct call *call, int64_t id, int64_t user);
/* The viewer comes in. true: it is his again. */
bool channel_owner_returns(struct call *call, int64_t id);

/* For upkeep: one whose week is over. true: there may be more. */
bool channels_pass_on(struct call *call);

#endif
