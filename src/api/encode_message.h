/* SPDX-License-Identifier: Apache-2.0 */
/* Messages and posts as TL objects, and formatting both ways. What is made is the newest form: the
 * generated encoder maps it down to the session's layer. No store. */
#ifndef API_ENCODE_MESSAGE_H
#define API_ENCODE_MESSAGE_H

#include "core/call.h"

struct tl_object;
struct tl_objects;

/* `message`, or `messageService` when it has an action. */
struct tl_object *encode_message(struct arena *arena, const struct message *message);
struct tl_object *encode_message_empty(struct arena *arena, int32_t id);
struct tl_objects encode_messages(
	struct arena *arena, const struct message *messages, size_t count);
/* messageReplies. */
struct tl_object *encode_replies(struct arena *arena, const struct post_replies *replies);
/* The vectors `users` and `chats` of an answer. */
struct tl_objects encode_users(struct arena *arena, const struct user *users, size_t count);
struct tl_objects encode_channels(
	struct arena *arena, const struct channel_view *views, size_t count);
struct tl_objects encode_chats_and_channels(struct arena *arena, const struct chat_view *chats,
	size_t chat_count, const struct channel_view *channels, size_t channel_count);

/* Vector<MessageEntity> from a client (NULL: none) into draft->entities; kinds that Lontar doesn't
 * know are dropped. To be checked by entities_accept. Fault USER_ID_INVALID. */
MUST_CHECK int entities_from_input(
	struct call *call, const struct tl_objects *input, struct message *draft);
/* InputReplyTo (NULL: none) into draft->reply_to and draft->reply, to be checked by reply_settle.
 * Fault REPLY_TO_INVALID. */
MUST_CHECK int reply_from_input(
	struct call *call, const struct tl_object *input, struct message *draft);

#endif
