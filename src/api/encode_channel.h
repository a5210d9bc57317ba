/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Channels between the domain and TL. What is encoded is the newest form; the generated encoder
 * maps it down to the session's layer. No store: also for the network threads.
 */
#ifndef API_ENCODE_CHANNEL_H
#define API_ENCODE_CHANNEL_H

#include "core/channels.h"
#include "core/posts.h"

struct tl_object;

/* `channel`, with restriction_reason when view->restricted. ROLE_NONE and ROLE_LEFT have `left`. A
 * view without a channel, or ROLE_BANNED, is `channelForbidden`. */
struct tl_object *encode_channel(struct arena *arena, const struct channel_view *view);

/* InputChannel (also inputChannelEmpty, which is refused): the id, when the access hash is the
 * viewer's. CHANNEL_INVALID otherwise. Says nothing about whether the viewer may see it. */
int channel_from_input(struct call *call, const struct tl_object *input, int64_t *id);

#endif
