/* SPDX-License-Identifier: Apache-2.0 */
/* A function per shape. What devices encrypted is passed on as it came. */
#include "api/encode_secret.h"

#include "tl/schema.h"

#define FILES_DC 2 /* where stock clients begin: each of them has all files */

static struct tl_object *encode_requested(struct arena *arena, const struct secret_chat *chat)
{
	struct tl_encryptedChatRequested *t = TL_NEW(arena, encryptedChatRequested);

	t->id = chat->id;
	t->access_hash = chat->access_hash;
	t->date = (int32_t)chat->date_s;
	t->admin_id = chat->admin;
	t->participant_id = chat->participant;
	t->g_a = chat->half;
	return &t->o;
}

static struct tl_object *encode_active(struct arena *arena, const struct secret_chat *chat)
{
	struct tl_encryptedChat *t = TL_NEW(arena, encryptedChat);

	t->id = chat->id;
	t->access_hash = chat->access_hash;
	t->date = (int32_t)chat->date_s;
	t->admin_id = chat->admin;
	t->participant_id = chat->participant;
	t->g_a_or_b = chat->half;
	t->key_fingerprint = chat->fingerprint;
	return &t->o;
}

static struct tl_object *encode_waiting(struct arena *arena, const struct secret_chat *chat)
{
	struct tl_encryptedChatWaiting *t = TL_NEW(arena, encryptedChatWaiting);

	t->id = chat->id;
	t->access_hash = chat->access_hash;
	t->date = (int32_t)chat->date_s;
	t->admin_id = chat->admin;
	t->participant_id = chat->participant;
	return &t->o;
}

struct tl_object *encode_secret_chat(struct arena *arena, const struct secret_chat *chat)
{
	struct tl_encryptedChatDiscarded *discarded;

	switch (chat->state) {
	case SECRET_CHAT_WAITING:
		return encode_waiting(arena, chat);
	case SECRET_CHAT_REQUESTED:
		return encode_requested(arena, chat);
	case SECRET_CHAT_ACTIVE:
		return encode_active(arena, chat);
	case SECRET_CHAT_DISCARDED:
		break;
	}
	discarded = TL_NEW(arena, encryptedChatDiscarded);
	discarded->id = chat->id;
	discarded->history_deleted = chat->history_deleted;
	return &discarded->o;
}

struct tl_object *encode_secret_file(struct arena *arena, const struct secret_file *file)
{
	struct tl_encryptedFile *t;

	if (!file->id)
		return &TL_NEW(arena, encryptedFileEmpty)->o;
	t = TL_NEW(arena, encryptedFile);
	t->id = file->id;
	t->access_hash = file->access_hash;
	t->size = file->size;
	t->dc_id = FILES_DC;
	t->key_fingerprint = file->fingerprint;
	return &t->o;
}

struct tl_object *encode_secret_message(struct arena *arena, const struct secret_message *message)
{
	struct tl_encryptedMessage *t;
	struct tl_encryptedMessageService *service;

	if (message->service) {
		service = TL_NEW(arena, encryptedMessageService);
		service->random_id = message->random_id;
		service->chat_id = message->chat;
		service->date = (int32_t)message->date_s;
		service->bytes = message->data;
		return &service->o;
	}
	t = TL_NEW(arena, encryptedMessage);
	t->random_id = message->random_id;
	t->chat_id = message->chat;
	t->date = (int32_t)message->date_s;
	t->bytes = message->data;
	t->file = encode_secret_file(arena, &message->file);
	return &t->o;
}

static struct tl_object *encode_read(struct arena *arena, const struct update *u)
{
	struct tl_updateEncryptedMessagesRead *t = TL_NEW(arena, updateEncryptedMessagesRead);

	t->chat_id = u->max_id;
	t->max_date = u->count;
	t->date = (int32_t)u->date_s;
	return &t->o;
}

struct tl_object *encode_secret_update(struct arena *arena, const struct update *u)
{
	struct tl_updateEncryption *chat;
	struct tl_updateNewEncryptedMessage *message;
	struct tl_updateEncryptedChatTyping *typing;

	switch (u->kind) {
	case UPDATE_SECRET_CHAT:
		chat = TL_NEW(arena, updateEncryption);
		chat->chat = encode_secret_chat(arena, u->secret_chat);
		chat->date = (int32_t)u->date_s;
		return &chat->o;
	case UPDATE_SECRET_MESSAGE:
		message = TL_NEW(arena, updateNewEncryptedMessage);
		message->message = encode_secret_message(arena, u->secret_message);
		message->qts = u->secret_message->qts;
		return &message->o;
	case UPDATE_SECRET_READ:
		return encode_read(arena, u);
	default:
		typing = TL_NEW(arena, updateEncryptedChatTyping);
		typing->chat_id = u->max_id;
		return &typing->o;
	}
}
