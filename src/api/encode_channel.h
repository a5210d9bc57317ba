/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Channels between the domain and TL. What is encoded is the newest form; the generated encoder
 * maps it down to the session's layer. No store: also for the network threads.
 */
#ifndef API_ENCODE_CHANNEL_H
#define API_ENCODE_CHANNEL_H

#include "core/channels/channels.h"
#include "core/posts/posts.h"

struct tl_object;

/* `channel`, with restriction_reason when view->restricted. ROLE_NONE and ROLE_LEFT have `left`;
 * ROLE_BANNED is `channelForbidden`. */
struct tl_object *encode_channel(struct arena *arena, const struct channel_view *view);

struct roster;
/* What of `channelFull` is about other chats; they are added to the roster. api/channels_link.c */
void encode_full_links(struct call *call, struct tl_object *full, const struct channel_view *view,
	struct roster *roster);
/* `channelFull` of view; dialog holds the viewer's marks. */
struct tl_object *encode_channel_full(
	struct arena *arena, const struct channel_view *view, const struct dialog *dialog);
/* The channel, and what is named in what it says. */
struct tl_objects encode_channel_and_others(struct arena *arena, const struct channel_view *view,
	const struct channel_view *others, size_t count);
/* `messages.channelMessages`; ids (NULL: none were asked for by id) that the list lacks become
 * `messageEmpty` in their place. */
struct tl_object *encode_post_list(
	struct arena *arena, const struct post_list *list, const int32_t *ids, size_t id_count);
/* The channel of the list and those that its posts name. */
struct tl_objects encode_post_channels(struct arena *arena, const struct post_list *list);
/* One of `channelParticipant*`. */
struct tl_object *encode_channel_member(
	struct arena *arena, const struct channel_member *member, int64_t viewer);

/* InputChannel (also inputChannelEmpty, which is refused): the id, when the access hash is the
 * viewer's. CHANNEL_INVALID otherwise. Says nothing about whether the viewer may see it. */
MUST_CHECK int channel_from_input(struct call *call, const struct tl_object *input, int64_t *id);

struct tl_object *encode_restriction_reason(
	struct arena *arena, struct bytes reason, struct bytes text);
/* https://core.telegram.org/constructor/restrictionReason: of the reason "sensitive" clients make a
 * warning with "show anyway"; of others they show the text in place of the content. */
struct tl_object *encode_label(struct arena *arena, struct bytes text);

#endif
