/* SPDX-License-Identifier: Apache-2.0 */
/* messages.forwardMessages. */
#include "api/encode_updates.h"
#include "api/handlers.h"
#include "api/peers.h"
#include "api/sending.h"
#include "core/messages/sources.h"

/* Only for what is not served: an answer has no meaning for a forward outside of topics. */
static int check(struct call *call, const struct tl_messages_forwardMessages *req)
{
	const struct sending sending = {
		.repeats = req->schedule_repeat_period != 0,
		.shortcut = req->quick_reply_shortcut != NULL,
		.suggested_post = req->suggested_post != NULL,
		.effect = req->has_effect,
	};

	if (req->reply_to)
		return rpc_error(call, 400, "REPLY_TO_INVALID");
	if (req->id.count != req->random_id.count)
		return rpc_error(call, 400, "RANDOM_ID_INVALID");
	return sending_check(call, &sending);
}

/* https://core.telegram.org/method/messages.forwardMessages */
int api_messages_forwardMessages(
	struct call *call, const struct tl_messages_forwardMessages *req, struct tl_object **reply)
{
	struct forwarding forwarding = {.ids = req->id.at,
		.random_ids = req->random_id.at,
		.count = req->id.count,
		.send_at_s = req->has_schedule_date ? req->schedule_date : 0,
		.silent = req->silent,
		.noforwards = req->noforwards,
		.drop_author = req->drop_author || req->drop_media_captions,
		.drop_captions = req->drop_media_captions};
	struct update_set answer;

	if (check(call, req) < 0 || peer_from_input(call, req->from_peer, &forwarding.from) < 0 ||
		peer_from_input(call, req->to_peer, &forwarding.to) < 0 ||
		sending_as(call, req->send_as, forwarding.to, &forwarding.as) < 0 ||
		messages_forward(call, &forwarding, &answer) < 0)
		return -1;
	*reply = encode_updates(call->arena, &answer);
	return 0;
}
