/* SPDX-License-Identifier: Apache-2.0 */
/* messages.*: what is sent later. https://core.telegram.org/api/scheduled-messages */
#include "core/messages/scheduled.h"

#include "api/encode_list.h"
#include "api/encode_updates.h"
#include "api/handlers.h"
#include "api/peers.h"

/* https://core.telegram.org/api/offsets#hash-generation: a scheduled message changes without its id
 * changing, so its dates count, too. */
static int64_t hash_of(const struct message_list *list)
{
	uint64_t hash = 0;

	for (size_t i = 0; i < list->count; i++) {
		const struct message *m = &list->at[i];
		const int64_t values[] = {m->id, m->edit_date_s, m->date_s};

		for (size_t k = 0; k < ARRAY_LEN(values); k++)
			hash = list_hash(hash, (uint64_t)values[k]);
	}
	return (int64_t)hash;
}

/* https://core.telegram.org/method/messages.getScheduledHistory */
int api_messages_getScheduledHistory(struct call *call,
	const struct tl_messages_getScheduledHistory *req, struct tl_object **reply)
{
	struct tl_messages_messagesNotModified *same;
	struct message_list list = {0};
	struct peer peer;

	if (peer_from_input(call, req->peer, &peer) < 0 || scheduled_list(call, peer, &list) < 0)
		return -1;
	if (!req->hash || req->hash != hash_of(&list)) {
		*reply = encode_message_list(call, &list);
		return 0;
	}
	same = TL_NEW(call->arena, messages_messagesNotModified);
	same->count = (int32_t)list.count;
	*reply = &same->o;
	return 0;
}

/* https://core.telegram.org/method/messages.getScheduledMessages */
int api_messages_getScheduledMessages(struct call *call,
	const struct tl_messages_getScheduledMessages *req, struct tl_object **reply)
{
	struct message_list list;
	struct peer peer;

	if (peer_from_input(call, req->peer, &peer) < 0 ||
		scheduled_get(call, peer, req->id.at, req->id.count, &list) < 0)
		return -1;
	*reply = encode_message_list(call, &list);
	return 0;
}

/* https://core.telegram.org/method/messages.sendScheduledMessages */
int api_messages_sendScheduledMessages(struct call *call,
	const struct tl_messages_sendScheduledMessages *req, struct tl_object **reply)
{
	struct update_set answer;
	struct peer peer;

	if (peer_from_input(call, req->peer, &peer) < 0 ||
		scheduled_send(call, peer, req->id.at, req->id.count, &answer) < 0)
		return -1;
	*reply = encode_updates(call->arena, &answer);
	return 0;
}

/* https://core.telegram.org/method/messages.deleteScheduledMessages */
int api_messages_deleteScheduledMessages(struct call *call,
	const struct tl_messages_deleteScheduledMessages *req, struct tl_object **reply)
{
	struct update_set answer;
	struct peer peer;

	if (peer_from_input(call, req->peer, &peer) < 0 ||
		scheduled_delete(call, peer, req->id.at, req->id.count, &answer) < 0)
		return -1;
	*reply = encode_updates(call->arena, &answer);
	return 0;
}
