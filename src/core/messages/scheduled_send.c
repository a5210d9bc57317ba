/* SPDX-License-Identifier: Apache-2.0 */
/* Sending what was scheduled. */
#include "core/messages/box.h"
#include "core/messages/polls.h"
#include "core/channels/roster.h"
#include "core/messages/scheduled_private.h"
#include "core/accounts/users.h"
#include "store/home_calls.h"

void scheduled_forget(struct call *call, const struct home_scheduled *row)
{
	home_scheduled_delete(call_home(call), row->owner, row->id);
	if (row->random_id)
		home_spent_add(call_home(call), row->owner, row->random_id, call->now_s);
}

/* The row goes and the message comes, with the same random_id. *sent: its UPDATE_NEW_MESSAGE. */
static int send_one(struct call *call, const struct home_box *box, const struct home_scheduled *row,
	struct update *sent)
{
	struct update_set answer;
	struct message *draft = ARENA_NEW(call->arena, struct message);

	scheduled_message_of(call, box, row, draft);
	draft->id = 0;
	draft->date_s = 0;
	draft->from = scheduled_as(row);
	home_scheduled_delete(call_home(call), row->owner, row->id);
	/* One that came without: nobody can repeat it. */
	if (!draft->random_id)
		draft->random_id = (int64_t)(random_u64(call->env->random) >> 1 | 1);
	if (message_send(call, draft->peer, draft, &answer) < 0)
		return -1;
	*sent = answer.updates[answer.update_count - 1];
	return 0;
}

/* Whoever says that it is time. */
static int send_by_author(struct call *call, const struct home_box *box,
	const struct home_scheduled *row, struct update *sent)
{
	struct call author = *call;

	if (row->author == call->user)
		return send_one(call, box, row, sent);
	author.user = row->author;
	author.session_id = 0;
	if (send_one(&author, box, row, sent) == 0)
		return 0;
	call->fault = author.fault;
	return -1;
}

int scheduled_send(struct call *call, struct peer in, const int32_t *ids, size_t count,
	struct update_set *answer)
{
	struct home_scheduled row;
	struct update *updates;
	struct home_box box;
	size_t own = 0;

	if (count > SCHEDULED_PER_CHAT_MAX)
		return rpc_error(call, 400, "MESSAGE_IDS_TOO_MANY");
	if (scheduled_open(call, in, &box) < 0)
		return -1;
	updates = arena_array(call->arena, count + 1, sizeof(*updates));
	updates[0] = (struct update){.kind = UPDATE_DELETE_SCHEDULED,
		.peer = in,
		.ids = arena_array(call->arena, count, sizeof(*ids)),
		.sent_ids = arena_array(call->arena, count, sizeof(*ids)),
		.id_count = count};
	for (size_t i = 0; i < count; i++) {
		if (!scheduled_find(&box, in, ids[i], &row))
			return rpc_error(call, 400, "MESSAGE_ID_INVALID");
		if (send_by_author(call, &box, &row, &updates[own + 1]) < 0)
			return -1;
		updates[0].ids[i] = row.id;
		updates[0].sent_ids[i] = updates[own + 1].message->id;
		/* What another admin wrote comes as all posts do. */
		own += row.author == call->user;
	}
	scheduled_tell_gone(call, &box, &updates[0]);
	*answer = (struct update_set){.updates = updates, .update_count = own + 1};
	roster_complete(call, call->user, answer);
	return 0;
}

/* Nobody waits for an answer: what can't be sent any more (the writer left, was blocked) goes
 * without having been sent. */
static void send_for_owner(const struct call *upkeep, const struct home_scheduled *due)
{
	struct call call = *upkeep;
	struct update gone = {.kind = UPDATE_DELETE_SCHEDULED,
		.peer = {(enum peer_kind)due->peer_kind, due->peer},
		.id_count = 1};
	struct home_scheduled row;
	struct update sent = {0};
	struct message message;
	struct home_box box;
	int32_t id = due->id;

	call.user = due->author;
	call.session_id = 0;
	if (due->owner < 0) {
		scheduled_queue_open(&call, -due->owner, &box);
	} else if (!box_open(&call, call.user, &box)) {
		home_scheduled_delete(call_home(&call), due->owner, due->id);
		return;
	}
	if (!home_scheduled_get(&box, due->id, &row))
		return;
	gone.ids = &id;
	if (send_one(&call, &box, &row, &sent) == 0) {
		gone.sent_ids = &sent.message->id;
	} else {
		call.fault = (struct fault){0};
		scheduled_message_of(&call, &box, &row, &message);
		poll_discard(&call, &message);
		scheduled_forget(&call, &row);
	}
	scheduled_tell_gone(&call, &box, &gone);
}

bool scheduled_send_due(struct call *call)
{
	struct home_scheduled *due;
	size_t count = home_scheduled_due(
		call_home(call), call->arena, call->now_s, SCHEDULED_SENT_AT_ONCE, &due);

	for (size_t i = 0; i < count; i++)
		send_for_owner(call, &due[i]);
	return count == SCHEDULED_SENT_AT_ONCE;
}

bool scheduled_send_online(struct call *call, struct home_scheduled *cursor)
{
	struct home_scheduled *waiting;
	size_t count = home_scheduled_waiting(
		call_home(call), call->arena, cursor, SCHEDULED_SENT_AT_ONCE, &waiting);

	for (size_t i = 0; i < count; i++) {
		if (user_online_until(call, waiting[i].peer) > call->now_s &&
			scheduled_may_wait_for(call, waiting[i].owner, waiting[i].peer))
			send_for_owner(call, &waiting[i]);
	}
	*cursor = count == SCHEDULED_SENT_AT_ONCE ? waiting[count - 1] : (struct home_scheduled){0};
	return count == SCHEDULED_SENT_AT_ONCE;
}
