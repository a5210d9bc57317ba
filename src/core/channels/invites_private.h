/* SPDX-License-Identifier: Apache-2.0 */
/* For the files of core about invitations: a basic group or a channel, whichever it is. */
#ifndef CORE_INVITES_PRIVATE_H
#define CORE_INVITES_PRIVATE_H

#include "core/channels/admin_log.h"
#include "core/channels/channel_load.h"
#include "core/chats/chat_load.h"
#include "core/channels/invite_links.h"
#include "store/home_joins.h"

struct invite_host {
	struct peer peer;
	struct home_place place;
	struct chat_context chat;	/* PEER_CHAT */
	struct channel_context channel; /* PEER_CHANNEL */
};

static inline struct home_place invite_place(struct peer peer)
{
	return (struct home_place){(int32_t)peer.kind, peer.id};
}

/* The viewer may invite there. Faults PEER_ID_INVALID, CHAT_ADMIN_REQUIRED and those of who is not
 * in it. */
MUST_CHECK int invite_host_need(struct call *call, struct peer peer, struct invite_host *out);
bool invite_host_is_creator(const struct invite_host *host);
/* Whoever the viewer is. false: it is no more. */
MUST_CHECK bool invite_host_load(struct call *call, struct peer peer, struct invite_host *out);
bool invite_host_has(struct call *call, const struct invite_host *host, int64_t user);

/* The link of the place that the viewer may see, else INVITE_HASH_EXPIRED. */
MUST_CHECK int invite_link_need(struct call *call, const struct invite_host *host,
	struct bytes text, struct home_invite_link *out);

/* In the recent actions of the channel: of the link (NULL: none) only its beginning, as all admins
 * read it. approved_by: of EVENT_JOIN_BY_REQUEST. */
void invite_log(struct call *call, const struct channel_context *context, enum admin_event event,
	const struct home_invite_link *link, int64_t approved_by);

/*
 * call->user, who is out, comes in. join->approved_by 0: by the link itself; link NULL: by none.
 * Writes nothing when refused: INVITE_HASH_EXPIRED (may not come), CHANNELS_TOO_MUCH,
 * USERS_TOO_MUCH.
 */
MUST_CHECK int invite_enter(struct call *call, struct invite_host *host, struct home_join *join,
	const struct home_invite_link *link, struct update_set *answer);

#endif
