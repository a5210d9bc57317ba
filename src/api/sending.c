/* SPDX-License-Identifier: Apache-2.0 */
/* From a request to the rules. */
#include "api/sending.h"

#include "api/peers.h"
#include "core/dialogs/drafts.h"
#include "core/messages/messages.h"

int sending_check(struct call *call, const struct sending *sending)
{
	/* As for custom reactions: it is paid for elsewhere, and there is no premium here. */
	if (sending->repeats)
		return rpc_error(call, 403, "PREMIUM_ACCOUNT_REQUIRED");
	if (sending->shortcut)
		return rpc_error(call, 400, "SHORTCUT_INVALID");
	if (sending->suggested_post)
		return rpc_error(call, 400, "SUGGESTED_POST_PEER_INVALID");
	if (sending->effect)
		return rpc_error(call, 400, "EFFECT_ID_INVALID");
	return 0;
}

int sending_as(struct call *call, const struct tl_object *send_as, struct peer to, struct peer *out)
{
	*out = (struct peer){0};
	if (!send_as)
		return 0;
	if (peer_from_input(call, send_as, out) < 0)
		return -1;
	if (to.kind != PEER_CHANNEL && (out->kind != PEER_USER || out->id != call->user))
		return rpc_error(call, 400, "SEND_AS_PEER_INVALID");
	return 0;
}

int sending_send(struct call *call, const struct sending *sending, struct peer to,
	struct message *draft, struct update_set *answer)
{
	/* The thread that the client names is where the draft was. */
	const int32_t named = to.kind == PEER_CHANNEL ? draft->thread : 0;

	if (sending_as(call, sending->send_as, to, &draft->from) < 0)
		return -1;
	draft->date_s = sending->scheduled ? sending->schedule_date : 0;
	if (message_send(call, to, draft, answer) < 0)
		return -1;
	if (sending->clear_draft)
		draft_clear(call, call->session_id, to, named);
	return 0;
}
