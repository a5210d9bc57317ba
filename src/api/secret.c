/* SPDX-License-Identifier: Apache-2.0 */
/* messages.*: secret chats. The bytes that devices encrypted for each other pass through here
 * unseen. https://core.telegram.org/api/end-to-end */
#include "api/encode_secret.h"
#include "api/handlers.h"
#include "api/peers.h"
#include "core/secret/secret_messages.h"

/* InputEncryptedChat: the access_hash is the caller's own. */
static int chat_from_input(struct call *call, const struct tl_object *input, int32_t *id)
{
	const struct tl_inputEncryptedChat *chat = TL_AS(inputEncryptedChat, input);

	if (!chat || chat->access_hash != secret_access_hash(call, call->user, chat->chat_id))
		return rpc_error(call, 400, "CHAT_ID_INVALID");
	*id = chat->chat_id;
	return 0;
}

/* https://core.telegram.org/method/messages.getDhConfig */
int api_messages_getDhConfig(
	struct call *call, const struct tl_messages_getDhConfig *req, struct tl_object **reply)
{
	struct tl_messages_dhConfigNotModified *same;
	struct tl_messages_dhConfig *config;
	struct bytes random;
	uint8_t *room;

	if (req->random_length < 0 || req->random_length > SECRET_DH_RANDOM_MAX)
		return rpc_error(call, 400, "RANDOM_LENGTH_INVALID");
	room = arena_array(call->arena, (size_t)req->random_length + 1, 1);
	random_fill(call->env->random, room, (size_t)req->random_length);
	random = bytes_of(room, (size_t)req->random_length);
	if (req->version == SECRET_DH_VERSION) {
		same = TL_NEW(call->arena, messages_dhConfigNotModified);
		same->random = random;
		*reply = &same->o;
		return 0;
	}
	config = TL_NEW(call->arena, messages_dhConfig);
	config->g = secret_dh_generator();
	config->p = secret_dh_prime();
	config->version = SECRET_DH_VERSION;
	config->random = random;
	*reply = &config->o;
	return 0;
}

/* https://core.telegram.org/method/messages.requestEncryption */
int api_messages_requestEncryption(struct call *call,
	const struct tl_messages_requestEncryption *req, struct tl_object **reply)
{
	struct secret_chat chat;
	int64_t to;

	if (peer_user_from_input(call, req->user_id, &to) < 0 ||
		secret_request(call, to, req->random_id, req->g_a, &chat) < 0)
		return -1;
	*reply = encode_secret_chat(call->arena, &chat);
	return 0;
}

/* https://core.telegram.org/method/messages.acceptEncryption */
int api_messages_acceptEncryption(
	struct call *call, const struct tl_messages_acceptEncryption *req, struct tl_object **reply)
{
	struct secret_chat chat;
	int32_t id = 0;

	if (chat_from_input(call, req->peer, &id) < 0 ||
		secret_accept(call, id, req->g_b, req->key_fingerprint, &chat) < 0)
		return -1;
	*reply = encode_secret_chat(call->arena, &chat);
	return 0;
}

/* https://core.telegram.org/method/messages.discardEncryption */
int api_messages_discardEncryption(
	struct call *call, const struct tl_messages_discardEncryption *req, bool *reply)
{
	*reply = true;
	return secret_discard(call, req->chat_id, req->delete_history);
}

static int send_message(struct call *call, const struct tl_object *peer,
	struct secret_message message, struct tl_object **reply)
{
	struct tl_messages_sentEncryptedMessage *t =
		TL_NEW(call->arena, messages_sentEncryptedMessage);
	struct secret_sent sent;
	int32_t id = 0;

	if (chat_from_input(call, peer, &id) < 0 ||
		secret_send(call, id, &message, NULL, &sent) < 0)
		return -1;
	t->date = (int32_t)sent.date_s;
	*reply = &t->o;
	return 0;
}

/* https://core.telegram.org/method/messages.sendEncrypted */
int api_messages_sendEncrypted(
	struct call *call, const struct tl_messages_sendEncrypted *req, struct tl_object **reply)
{
	return send_message(call, req->peer,
		(struct secret_message){.random_id = req->random_id, .data = req->data}, reply);
}

/* https://core.telegram.org/method/messages.sendEncryptedService */
int api_messages_sendEncryptedService(struct call *call,
	const struct tl_messages_sendEncryptedService *req, struct tl_object **reply)
{
	return send_message(call, req->peer,
		(struct secret_message){
			.random_id = req->random_id, .service = true, .data = req->data},
		reply);
}

/* InputEncryptedFile. The checksum of a small one is not looked at: what came under an
 * authorization key is what was sent. */
static int file_from_input(
	struct call *call, const struct tl_object *input, struct secret_input *out)
{
	const struct tl_inputEncryptedFileUploaded *small =
		TL_AS(inputEncryptedFileUploaded, input);
	const struct tl_inputEncryptedFileBigUploaded *big =
		TL_AS(inputEncryptedFileBigUploaded, input);
	const struct tl_inputEncryptedFile *old = TL_AS(inputEncryptedFile, input);

	if (old) {
		*out = (struct secret_input){.id = old->id, .access_hash = old->access_hash};
		return 0;
	}
	if (small)
		*out = (struct secret_input){.id = small->id,
			.parts = small->parts,
			.fingerprint = small->key_fingerprint};
	else if (big)
		*out = (struct secret_input){
			.id = big->id, .parts = big->parts, .fingerprint = big->key_fingerprint};
	else
		return rpc_error(call, 400, "FILE_EMTPY");
	return out->parts > 0 ? 0 : rpc_error(call, 400, "FILE_PARTS_INVALID");
}

/* https://core.telegram.org/method/messages.sendEncryptedFile */
int api_messages_sendEncryptedFile(struct call *call,
	const struct tl_messages_sendEncryptedFile *req, struct tl_object **reply)
{
	struct tl_messages_sentEncryptedFile *t = TL_NEW(call->arena, messages_sentEncryptedFile);
	struct secret_message message = {.random_id = req->random_id, .data = req->data};
	struct secret_input input;
	struct secret_sent sent;
	int32_t id = 0;

	if (chat_from_input(call, req->peer, &id) < 0 ||
		file_from_input(call, req->file, &input) < 0 ||
		secret_send(call, id, &message, &input, &sent) < 0)
		return -1;
	t->date = (int32_t)sent.date_s;
	t->file = encode_secret_file(call->arena, &sent.file);
	*reply = &t->o;
	return 0;
}

/* https://core.telegram.org/method/messages.uploadEncryptedFile */
int api_messages_uploadEncryptedFile(struct call *call,
	const struct tl_messages_uploadEncryptedFile *req, struct tl_object **reply)
{
	struct secret_input input;
	struct secret_file file;
	int32_t id = 0;

	if (chat_from_input(call, req->peer, &id) < 0 ||
		file_from_input(call, req->file, &input) < 0 ||
		secret_file_store(call, id, &input, &file) < 0)
		return -1;
	*reply = encode_secret_file(call->arena, &file);
	return 0;
}

/* https://core.telegram.org/method/messages.readEncryptedHistory */
int api_messages_readEncryptedHistory(
	struct call *call, const struct tl_messages_readEncryptedHistory *req, bool *reply)
{
	int32_t id = 0;

	*reply = true;
	if (chat_from_input(call, req->peer, &id) < 0)
		return -1;
	return secret_read(call, id, req->max_date);
}

/* https://core.telegram.org/method/messages.setEncryptedTyping: the update knows no end of it. */
int api_messages_setEncryptedTyping(
	struct call *call, const struct tl_messages_setEncryptedTyping *req, bool *reply)
{
	int32_t id = 0;

	*reply = true;
	if (chat_from_input(call, req->peer, &id) < 0)
		return -1;
	return req->typing ? secret_typing(call, id) : 0;
}

/* https://core.telegram.org/method/messages.receivedQueue */
int api_messages_receivedQueue(
	struct call *call, const struct tl_messages_receivedQueue *req, struct tl_longs *reply)
{
	size_t count;

	if (secret_received(call, req->max_qts, &reply->at, &count) < 0)
		return -1;
	reply->count = (uint32_t)count;
	return 0;
}

/* https://core.telegram.org/method/messages.reportEncryptedSpam: it counts, and nobody reads it. */
int api_messages_reportEncryptedSpam(
	struct call *call, const struct tl_messages_reportEncryptedSpam *req, bool *reply)
{
	int32_t id = 0;

	*reply = true;
	if (chat_from_input(call, req->peer, &id) < 0)
		return -1;
	return secret_report(call, id);
}
