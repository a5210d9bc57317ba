/* SPDX-License-Identifier: Apache-2.0 */
/*
 * In whose name one writes in a channel: oneself, the group (admins who are anonymous there), or a
 * channel of one's own; and how posts are signed. The home alone knows who it truly was.
 * https://core.telegram.org/api/send-as
 */
#ifndef CORE_SEND_AS_H
#define CORE_SEND_AS_H

#include "core/channels/channels.h"
#include "core/chats/chats.h"

struct channel_context;

#define SEND_AS_MAX 32 /* more public channels nobody makes; oneself and the group too */

/* What call->user may choose from in the channel, what he writes as without choosing first. */
struct send_as {
	struct peer at[SEND_AS_MAX];
	size_t count;
};

/* Refuses as channel_need_open. */
int send_as_list(struct call *call, int64_t channel, struct send_as *out);
/* SEND_AS_PEER_INVALID: not one of the list. */
int send_as_set_default(struct call *call, int64_t channel, struct peer as);
/* Of a channel that call->user can write to; PEER_NONE: there is nothing to choose. */
struct peer send_as_default(struct call *call, const struct channel_view *view);

/* Before a post is written: draft->from is whom the request named (PEER_NONE: nobody), and becomes
 * the channel that is shown instead of call->user, if one is; draft->signature is filled. *chosen:
 * as whom, for who sends it later. Fault SEND_AS_PEER_INVALID. */
MUST_CHECK int send_as_settle(struct call *call, const struct channel_context *context,
	struct message *draft, struct peer *chosen);

#endif
