/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A broadcast channel and the group in which its posts are discussed: each names the other in its
 * settings. Forwarding the posts there is not done here.
 * https://core.telegram.org/api/discussion
 */
#ifndef CORE_CHANNEL_LINK_H
#define CORE_CHANNEL_LINK_H

#include "core/channels/channels.h"
#include "core/chats/chats.h"

struct channel_context;

/* Either 0: the other one's link ends. What was linked to either before is so no more. Faults
 * BROADCAST_ID_INVALID, MEGAGROUP_ID_INVALID, MEGAGROUP_PREHISTORY_HIDDEN, LINK_NOT_MODIFIED,
 * CHAT_ADMIN_REQUIRED (of the channel its description, of the group its pins). */
int channel_link(struct call *call, int64_t broadcast, int64_t group);
/* Both ends forget each other; nothing where there is no link. */
void channel_unlink(struct call *call, struct channel_context *context);
/* Where call->user could link a channel of his: supergroups first, and basic groups, which would
 * have to become one. */
int channel_link_candidates(
	struct call *call, struct channel_views *groups, struct chat_views *chats);

#endif
