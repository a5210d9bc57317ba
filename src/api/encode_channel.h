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

/* `channel`, with restriction_reason when view->restricted. ROLE_NONE and ROLE_LEFT have `left`;
 * ROLE_BANNED is `channelForbidden`. */
struct tl_object *encode_channel(struct arena *arena, const struct channel_view *view);

/* `channelFull` of view; dialog holds the viewer's marks. */
struct tl_object *encode_channel_full(
	struct arena *arena, const struct channel_view *view, const struct dialog *dialog);
/* `messages.channelMessages`; ids (NULL: none were asked for by id) that the list lacks become
 * `messageEmpty` in their place. */
struct tl_object *encode_post_list(
	struct arena *arena, const struct post_list *list, const int32_t *ids, size_t id_count);
/* One of `channelParticipant*`. */
struct tl_object *encode_channel_member(
	struct arena *arena, const struct channel_member *member, int64_t viewer, bool broadcast);

/* InputChannel (also inputChannelEmpty, which is refused): the id, when the access hash is the
 * viewer's. CHANNEL_INVALID otherwise. Says nothing about whether the viewer may see it. */
MUST_CHECK int channel_from_input(struct call *call, const struct tl_object *input, int64_t *id);

#endif
