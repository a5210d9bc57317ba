/* SPDX-License-Identifier: Apache-2.0 */
/* Sending into a private chat. Changing what is there is private_change.c, looking at it
 * private_history.c. */
#include "core/private_messages.h"

#include "core/box.h"
#include "core/entities.h"
#include "core/roster.h"
#include "core/users.h"
#include "store/home_calls.h"

/* The answer to a send, and to the same send when a client repeats it. */
static void answer_sent(
	struct call *call, struct message *message, int32_t pts, struct update_set *answer)
{
	answer->updates = arena_array(call->arena, 2, sizeof(*answer->updates));
	answer->update_count = 2;
	answer->updates[0] = (struct update){
		.kind = UPDATE_MESSAGE_ID, .max_id = message->id, .random_id = message->random_id};
	answer->updates[1] = (struct update){
		.kind = UPDATE_NEW_MESSAGE, .pts = pts, .pts_count = 1, .message = message};
	roster_complete(call, call->user, answer);
}

/* 1: this random_id was sent before, and *answer holds what it was answered. */
static int sent_before(struct call *call, const struct home_box *box, int64_t to, int64_t random_id,
	struct update_set *answer)
{
	struct message *message = ARENA_NEW(call->arena, struct message);
	struct home_message row;

	if (!home_message_by_random(box, random_id, &row)) {
		if (!home_spent_has(call_home(call), box->owner, random_id))
			return 0;
		/* Sent, and deleted since: what it was answered is gone with it. */
		return rpc_error(call, 400, "RANDOM_ID_DUPLICATE");
	}
	if (row.peer_kind != PEER_USER || row.peer != to)
		return rpc_error(call, 400, "RANDOM_ID_DUPLICATE");
	box_message_from_row(box, &row, message);
	answer_sent(call, message, row.pts, answer);
	return 1;
}

/* An answer to a message that is not (or no longer) in this chat becomes a plain message. */
static void find_replied(const struct home_box *box, struct message *draft, int64_t *twin)
{
	struct home_message row;

	*twin = 0;
	if (!draft->reply_to)
		return;
	if (home_message_get(box, draft->reply_to, &row) && row.peer_kind == PEER_USER &&
		row.peer == draft->peer.id)
		*twin = row.twin;
	else
		draft->reply_to = 0;
}

/* The receiver's copy: other ids, the other direction. */
static struct message *receivers_copy(struct call *call, const struct home_box *theirs,
	const struct message *own, int64_t replied_twin)
{
	struct message *copy = ARENA_NEW(call->arena, struct message);
	struct home_message row;

	*copy = *own;
	copy->peer = (struct peer){PEER_USER, call->user};
	copy->out = false;
	copy->random_id = 0;
	copy->reply_to = home_message_by_twin(theirs, replied_twin, &row) ? row.id : 0;
	return copy;
}

static int64_t new_twin(const struct call *call)
{
	return (int64_t)(random_u64(call->env->random) >> 1 | 1);
}

/* Saved Messages, and what one writes to the service, which has no box: kept by the sender alone.
 */
static void send_alone(struct call *call, struct home_box *own, struct message *message)
{
	struct update *update = ARENA_NEW(call->arena, struct update);
	int64_t replied;

	/* Clients count what one tells oneself as neither incoming nor outgoing: not out. */
	message->saved = message->peer.id == call->user;
	message->out = !message->saved;
	home_box_advance(own, 1, 1);
	find_replied(own, message, &replied);
	box_deliver(call, own, message, 0, update);
}

static void send_to(
	struct call *call, struct home_box *own, struct home_box *theirs, struct message *message)
{
	struct update *update = arena_array(call->arena, 2, sizeof(*update));
	struct message *copy;
	int64_t twin = new_twin(call), replied;

	home_box_advance(own->owner < theirs->owner ? own : theirs, 1, 1);
	home_box_advance(own->owner < theirs->owner ? theirs : own, 1, 1);
	find_replied(own, message, &replied);
	copy = receivers_copy(call, theirs, message, replied);
	message->out = true;
	box_deliver(call, own, message, twin, &update[0]);
	box_deliver(call, theirs, copy, twin, &update[1]);
	box_tell(call, theirs->owner, 0, &update[1], 1);
}

int private_send(struct call *call, int64_t to, struct message *draft, struct update_set *answer)
{
	struct message *message = ARENA_NEW(call->arena, struct message);
	struct update_set others;
	struct home_box own, theirs;
	int before;
	bool alone;

	*answer = (struct update_set){0};
	if (!draft->random_id)
		return rpc_error(call, 400, "RANDOM_ID_EMPTY");
	alone = to == call->user || to == SERVICE_USER;
	if (!box_open(call, call->user, &own) ||
		(!alone && (!user_exists(call, to) || !box_open(call, to, &theirs))))
		return rpc_error(call, 400, "PEER_ID_INVALID");
	before = sent_before(call, &own, to, draft->random_id, answer);
	if (before)
		return before < 0 ? -1 : 0;
	*message = *draft;
	message->peer = (struct peer){PEER_USER, to};
	message->from = (struct peer){PEER_USER, call->user};
	if (entities_accept(call, message) < 0)
		return -1;
	if (alone)
		send_alone(call, &own, message);
	else
		send_to(call, &own, &theirs, message);
	answer_sent(call, message, own.pts, answer);
	/* The sender's other sessions get the same without the random_id, which is this one's. */
	others = *answer;
	others.updates = &answer->updates[1];
	others.update_count = 1;
	box_tell_set(call, call->user, call->session_id, &others);
	return 0;
}

int private_typing(struct call *call, int64_t with, enum typing_action action)
{
	struct update update = {
		.kind = UPDATE_TYPING, .peer = {PEER_USER, call->user}, .typing = action};

	if (with == SERVICE_USER || with == call->user)
		return 0;
	if (!user_exists(call, with))
		return rpc_error(call, 400, "PEER_ID_INVALID");
	box_tell(call, with, 0, &update, 1);
	return 0;
}
