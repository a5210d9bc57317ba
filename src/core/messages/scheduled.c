/* SPDX-License-Identifier: Apache-2.0 */
/* Scheduling, looking at what waits, changing it. Sending it is scheduled_send.c. */
#include "core/messages/scheduled_private.h"

#include "core/messages/box.h"
#include "core/changes.h"
#include "core/channels/channel_rights.h"
#include "core/channels/channel_standing.h"
#include "core/messages/entities.h"
#include "core/messages/media.h"
#include "core/messages/message_body.h"
#include "core/messages/polls.h"
#include "core/channels/roster.h"
#include "core/accounts/users.h"
#include "store/home_channel_salts.h"

bool schedule_is_later(const struct call *call, int64_t date_s)
{
	return date_s > call->now_s + SCHEDULE_NOT_BEFORE_S;
}

void scheduled_message_of(struct call *call, const struct home_box *box,
	const struct home_scheduled *row, struct message *out)
{
	const struct peer chat = {(enum peer_kind)row->peer_kind, row->peer};
	const bool saved = chat.kind == PEER_USER && chat.id == box->owner;
	struct channel_view view;

	*out = (struct message){.id = row->id,
		.peer = chat,
		.from = {PEER_USER, row->author},
		.out = !saved,
		.saved = saved,
		.saved_peer = saved ? chat : (struct peer){0},
		.viewer = call->user,
		.date_s = row->send_at_s,
		.random_id = row->random_id};
	if (message_body_decode(box->arena, row->body, out) < 0)
		db_fail(box->db, "a scheduled message is malformed");
	out->was_scheduled = true;
	out->media = media_for(box, chat, out->media);
	/* Of a broadcast channel the channel will be the one that says it. */
	if (chat.kind == PEER_CHANNEL && channel_find(call, chat.id, &view) &&
		view.channel->broadcast) {
		out->from = (struct peer){0};
		out->post = true;
	} else if (row->send_as < 0) {
		out->from = scheduled_as(row);
	}
}

struct peer scheduled_as(const struct home_scheduled *row)
{
	if (!row->send_as)
		return (struct peer){0};
	return row->send_as < 0 ? (struct peer){PEER_CHANNEL, -row->send_as}
				: (struct peer){PEER_USER, row->send_as};
}

/* ---- Who has it ---- */

void scheduled_queue_open(struct call *call, int64_t channel, struct home_box *box)
{
	*box = (struct home_box){.db = call_home(call),
		.vault = call->store->vault,
		.arena = call->arena,
		.owner = -channel};
	(void)home_channel_salt(box->db, channel, box->salt);
}

#define QUEUE_ADMINS_MAX (CHANNEL_ADMINS_MAX + 1)

/* Accounts that have the box in their lists, at most QUEUE_ADMINS_MAX. */
static size_t readers_of(struct call *call, const struct home_box *box, int64_t *accounts)
{
	struct membership_row rows[QUEUE_ADMINS_MAX];
	size_t count, readers = 0;

	if (box->owner >= 0) {
		*accounts = box->owner;
		return 1;
	}
	count = home_members_admins(call_home(call), call->arena, -box->owner, ROLE_ADMIN,
		ROLE_CREATOR, rows, QUEUE_ADMINS_MAX);
	for (size_t i = 0; i < count; i++)
		if (rows[i].role == ROLE_CREATOR || rows[i].admin_rights & ADMIN_POST)
			accounts[readers++] = rows[i].user;
	return readers;
}

/* As one of them, who is told unless the session has it in its answer. */
static struct call call_as(const struct call *call, int64_t account)
{
	struct call as = *call;

	as.user = account;
	if (account != call->user)
		as.session_id = 0;
	return as;
}

void scheduled_tell_gone(struct call *call, const struct home_box *box, struct update *gone)
{
	int64_t accounts[QUEUE_ADMINS_MAX];
	const size_t count = readers_of(call, box, accounts);

	for (size_t i = 0; i < count; i++) {
		struct call as = call_as(call, accounts[i]);

		for (size_t k = 0; k < gone->id_count; k++)
			change_note(&as, as.user, CHANGE_SCHEDULED, gone->peer, gone->ids[k]);
		box_tell(&as, as.user, as.session_id, gone, 1);
	}
}

/* ---- When ---- */

/* Who may not know when somebody is here would learn it from when the message went. */
bool scheduled_may_wait_for(struct call *call, int64_t owner, int64_t other)
{
	struct user_status status;

	user_status_view(call, owner, other, &status);
	return status.seen == SEEN_EXACTLY;
}

static int check_online(struct call *call, struct peer to)
{
	if (to.kind != PEER_USER || to.id == call->user || to.id == SERVICE_USER)
		return rpc_error(call, 400, "SCHEDULE_DATE_INVALID");
	if (!scheduled_may_wait_for(call, call->user, to.id))
		return rpc_error(call, 400, "SCHEDULE_STATUS_PRIVATE");
	return 0;
}

static int check_date(struct call *call, struct peer to, int64_t date_s)
{
	if (date_s == HOME_WHEN_ONLINE)
		return check_online(call, to);
	if (date_s > call->now_s + SCHEDULE_AHEAD_MAX_S)
		return rpc_error(call, 400, "SCHEDULE_DATE_TOO_LATE");
	return 0;
}

/* ---- Scheduling ---- */

static void answer_new(
	struct call *call, struct message *message, bool with_id, struct update_set *answer)
{
	struct update *updates = arena_array(call->arena, 2, sizeof(*updates));

	updates[0] = (struct update){
		.kind = UPDATE_MESSAGE_ID, .max_id = message->id, .random_id = message->random_id};
	updates[1] = (struct update){.kind = UPDATE_NEW_SCHEDULED, .message = message};
	*answer = (struct update_set){
		.updates = with_id ? updates : updates + 1, .update_count = with_id ? 2 : 1};
	roster_complete(call, call->user, answer);
}

static void tell_new(struct call *call, const struct home_box *box, struct message *message)
{
	int64_t accounts[QUEUE_ADMINS_MAX];
	const size_t count = readers_of(call, box, accounts);

	for (size_t i = 0; i < count; i++) {
		struct update update = {.kind = UPDATE_NEW_SCHEDULED, .message = message};
		struct call as = call_as(call, accounts[i]);

		change_tell(&as, as.user, as.session_id, CHANGE_SCHEDULED, message->peer,
			message->id, &update);
	}
}

int scheduled_before(struct call *call, const struct home_box *box, struct peer to,
	int64_t random_id, struct update_set *answer)
{
	struct message *message = ARENA_NEW(call->arena, struct message);
	struct home_scheduled row;

	if (!home_scheduled_by_random(box, random_id, &row))
		return 0;
	if (row.peer_kind != (int32_t)to.kind || row.peer != to.id)
		return rpc_error(call, 400, "RANDOM_ID_DUPLICATE");
	scheduled_message_of(call, box, &row, message);
	answer_new(call, message, true, answer);
	return 1;
}

int scheduled_add(struct call *call, const struct home_box *box, const struct message *message,
	struct peer as, struct update_set *answer)
{
	struct message *shown = ARENA_NEW(call->arena, struct message);
	struct message body = *message;
	struct home_scheduled row;

	if (check_date(call, message->peer, message->date_s) < 0)
		return -1;
	body.was_scheduled = true;
	row = (struct home_scheduled){.owner = box->owner,
		.peer_kind = message->peer.kind,
		.peer = message->peer.id,
		.send_at_s = message->date_s,
		.random_id = message->random_id,
		.author = call->user,
		.send_as = as.kind == PEER_CHANNEL ? -as.id : as.id,
		.body = message_body_encode(call->arena, &body)};
	if (home_scheduled_count(box, row.peer_kind, row.peer) >= SCHEDULED_PER_CHAT_MAX ||
		!home_scheduled_new_id(box, SCHEDULED_ID_END, &row.id))
		return rpc_error(call, 400, "SCHEDULE_TOO_MUCH");
	home_scheduled_insert(box, &row);
	scheduled_message_of(call, box, &row, shown);
	answer_new(call, shown, true, answer);
	tell_new(call, box, shown);
	return 0;
}

/* ---- Looking ---- */

int scheduled_open(struct call *call, struct peer in, struct home_box *box)
{
	struct channel_view view;

	if (in.kind == PEER_NONE)
		return rpc_error(call, 400, "PEER_ID_INVALID");
	if (in.kind == PEER_CHANNEL && channel_open(call, in.id, &view) < 0)
		return -1;
	if (in.kind == PEER_CHANNEL && view.channel->broadcast) {
		if (!channel_admin_may(&view, ADMIN_POST))
			return rpc_error(call, 400, "CHAT_ADMIN_REQUIRED");
		scheduled_queue_open(call, in.id, box);
		return 0;
	}
	return box_open(call, call->user, box) ? 0 : rpc_error(call, 400, "PEER_ID_INVALID");
}

bool scheduled_find(
	const struct home_box *box, struct peer in, int32_t id, struct home_scheduled *out)
{
	return home_scheduled_get(box, id, out) && out->peer_kind == (int32_t)in.kind &&
	       out->peer == in.id;
}

int scheduled_list(struct call *call, struct peer in, struct message_list *out)
{
	struct home_scheduled *rows;
	struct home_box box;

	*out = (struct message_list){0};
	if (scheduled_open(call, in, &box) < 0)
		return -1;
	out->count = home_scheduled_list(&box, in.kind, in.id, SCHEDULED_PER_CHAT_MAX, &rows);
	out->total = (int64_t)out->count;
	out->at = arena_array(call->arena, out->count, sizeof(*out->at));
	for (size_t i = 0; i < out->count; i++)
		scheduled_message_of(call, &box, &rows[i], &out->at[i]);
	return 0;
}

int scheduled_get(struct call *call, struct peer in, const int32_t *ids, size_t count,
	struct message_list *out)
{
	struct home_scheduled row;
	struct home_box box;

	*out = (struct message_list){0};
	if (count > MESSAGES_PER_CALL_MAX)
		return rpc_error(call, 400, "MESSAGE_IDS_TOO_MANY");
	if (scheduled_open(call, in, &box) < 0)
		return -1;
	out->at = arena_array(call->arena, count, sizeof(*out->at));
	for (size_t i = 0; i < count; i++) {
		if (scheduled_find(&box, in, ids[i], &row))
			scheduled_message_of(call, &box, &row, &out->at[out->count++]);
	}
	out->total = (int64_t)out->count;
	return 0;
}

bool scheduled_change(struct call *call, const struct home_change *change, struct update *update)
{
	const struct peer in = {(enum peer_kind)change->peer_kind, change->peer};
	struct message *message = ARENA_NEW(call->arena, struct message);
	struct home_scheduled row;
	struct home_box box;

	/* Who is no admin any more: what he has of the queue is gone for him. */
	if (scheduled_open(call, in, &box) < 0) {
		call->fault = (struct fault){0};
	} else if (scheduled_find(&box, in, (int32_t)change->item, &row)) {
		scheduled_message_of(call, &box, &row, message);
		*update = (struct update){.kind = UPDATE_NEW_SCHEDULED, .message = message};
		return true;
	}
	*update = (struct update){.kind = UPDATE_DELETE_SCHEDULED,
		.peer = in,
		.ids = ARENA_NEW(call->arena, int32_t),
		.id_count = 1};
	update->ids[0] = (int32_t)change->item;
	return true;
}

/* ---- Changing ---- */

int scheduled_edit(
	struct call *call, struct peer in, struct message *draft, struct update_set *answer)
{
	struct message *message = ARENA_NEW(call->arena, struct message);
	struct home_scheduled row, before;
	struct home_box box;

	if (scheduled_open(call, in, &box) < 0)
		return -1;
	if (!scheduled_find(&box, in, draft->id, &row))
		return rpc_error(call, 400, "MESSAGE_ID_INVALID");
	before = row;
	scheduled_message_of(call, &box, &row, message);
	if (draft->text.data) {
		message->text = draft->text;
		message->entities = draft->entities;
		message->entity_count = draft->entity_count;
		message->no_preview = draft->no_preview;
		message->invert_media = draft->invert_media;
		if (entities_accept(call, message) < 0)
			return -1;
	}
	if (draft->date_s) {
		if (check_date(call, in, draft->date_s) < 0)
			return -1;
		row.send_at_s = message->date_s = draft->date_s;
	}
	row.body = message_body_encode(call->arena, message);
	if (row.send_at_s == before.send_at_s && bytes_equal(row.body, before.body))
		return rpc_error(call, 400, "MESSAGE_NOT_MODIFIED");
	home_scheduled_update(&box, &row);
	answer_new(call, message, false, answer);
	tell_new(call, &box, message);
	return 0;
}

int scheduled_delete(struct call *call, struct peer in, const int32_t *ids, size_t count,
	struct update_set *answer)
{
	struct update *update = ARENA_NEW(call->arena, struct update);
	struct home_scheduled row;
	struct message message;
	struct home_box box;

	if (count > MESSAGES_PER_CALL_MAX)
		return rpc_error(call, 400, "MESSAGE_IDS_TOO_MANY");
	if (scheduled_open(call, in, &box) < 0)
		return -1;
	*update = (struct update){.kind = UPDATE_DELETE_SCHEDULED,
		.peer = in,
		.ids = arena_array(call->arena, count, sizeof(*ids))};
	for (size_t i = 0; i < count; i++) {
		if (!scheduled_find(&box, in, ids[i], &row))
			continue;
		scheduled_message_of(call, &box, &row, &message);
		poll_discard(call, &message);
		scheduled_forget(call, &row);
		update->ids[update->id_count++] = row.id;
	}
	*answer = (struct update_set){.updates = update, .update_count = 1};
	roster_complete(call, call->user, answer);
	if (update->id_count)
		scheduled_tell_gone(call, &box, update);
	return 0;
}
