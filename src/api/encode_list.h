/* SPDX-License-Identifier: Apache-2.0 */
/* Lists in answers: of messages of boxes, everybody whom an answer names, and the hash by which a
 * client says which list it has. https://core.telegram.org/api/offsets */
#ifndef API_ENCODE_LIST_H
#define API_ENCODE_LIST_H

#include "core/messages/messages.h"

struct roster;
struct tl_object;
struct tl_objects;

/* `messages.messages` when these are all, else a slice of `total`. */
struct tl_object *encode_message_list(struct call *call, const struct message_list *list);
/* `messages.messagesNotModified` when the client's hash says that it has these already. */
struct tl_object *encode_list_or_same(
	struct call *call, const struct message_list *list, int64_t hash);

/* The vectors `users` and `chats` of an answer, as call->user sees who is in the roster. */
void encode_named(struct call *call, const struct roster *roster, struct tl_objects *users,
	struct tl_objects *chats);

/* The hash of a list, made from 0 with one value after the other.
 * https://core.telegram.org/api/offsets#hash-generation */
static inline uint64_t list_hash(uint64_t hash, uint64_t value)
{
	hash ^= hash >> 21;
	hash ^= hash << 35;
	hash ^= hash >> 4;
	return hash + value;
}

/* The same over the bytes of a text and its end. */
uint64_t list_hash_text(uint64_t hash, const char *text);

#endif
