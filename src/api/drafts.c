/* SPDX-License-Identifier: Apache-2.0 */
/* messages.*: drafts. */
#include "core/dialogs/drafts.h"

#include "api/encode_message.h"
#include "api/encode_updates.h"
#include "api/handlers.h"
#include "api/peers.h"
#include "api/sending.h"

/* https://core.telegram.org/method/messages.saveDraft */
int api_messages_saveDraft(struct call *call, const struct tl_messages_saveDraft *req, bool *reply)
{
	const struct tl_inputReplyToMessage *to = TL_AS(inputReplyToMessage, req->reply_to);
	struct message draft = {.text = req->message,
		.no_preview = req->no_webpage,
		.invert_media = req->invert_media};
	const struct sending kept = {
		.effect = req->has_effect, .suggested_post = req->suggested_post != NULL};
	struct peer peer;

	*reply = true;
	/* A link is shown without being carried; what can't be sent can't wait to be sent. */
	if (req->media && !TL_AS(inputMediaWebPage, req->media))
		return rpc_error(call, 400, "MEDIA_INVALID");
	if (req->rich_message)
		return rpc_error(call, 400, "RICH_MESSAGE_INVALID");
	if (sending_check(call, &kept) < 0 || peer_from_input(call, req->peer, &peer) < 0 ||
		entities_from_input(call, &req->entities, &draft) < 0)
		return -1;
	if (req->has_reply_to_msg_id)
		draft.reply_to = req->reply_to_msg_id;
	/* What is answered in another chat stays on the device that wrote it. */
	if (to && !to->reply_to_peer_id && reply_from_input(call, req->reply_to, &draft) < 0)
		return -1;
	return draft_save(call, peer, &draft);
}

/* https://core.telegram.org/method/messages.getAllDrafts */
int api_messages_getAllDrafts(
	struct call *call, const struct tl_messages_getAllDrafts *req, struct tl_object **reply)
{
	struct update_set drafts;

	drafts_all(call, &drafts);
	*reply = encode_updates(call->arena, &drafts);
	return 0;
}

/* https://core.telegram.org/method/messages.clearAllDrafts */
int api_messages_clearAllDrafts(
	struct call *call, const struct tl_messages_clearAllDrafts *req, bool *reply)
{
	drafts_clear(call);
	*reply = true;
	return 0;
}
