/* SPDX-License-Identifier: Apache-2.0 */
/* Opening boxes, putting messages into them, telling who must know. The difference is in
 * core/box_difference.c. */
#include "core/box.h"

#include "core/entities.h"
#include "core/roster.h"
#include "store/home_events.h"

bool box_open(struct call *call, int64_t owner, struct home_box *box)
{
	*box = (struct home_box){.db = call_home(call),
		.vault = call->store->vault,
		.arena = call->arena,
		.owner = owner};
	return home_box_open(box);
}

int box_create(struct call *call, int64_t owner)
{
	struct home_box box = {
		.db = call_home(call), .owner = owner, .pts = BOX_PTS_FIRST, .last_id = 0};

	home_box_insert(&box);
	return 0;
}

int box_state(struct call *call, struct box_state *out)
{
	struct home_box box;

	if (!box_open(call, call->user, &box))
		return rpc_error(call, 401, "USER_DEACTIVATED");
	*out = (struct box_state){.pts = box.pts, .unread = home_dialogs_unread(&box)};
	return 0;
}

void box_message_from_row(
	const struct home_box *box, const struct home_message *row, struct message *out)
{
	*out = (struct message){
		.id = row->id,
		.peer = {(enum peer_kind)row->peer_kind, row->peer},
		.from = {PEER_USER, row->author},
		.out = row->out,
		.saved = row->peer_kind == PEER_USER && row->peer == box->owner,
		.date_s = row->date_s,
		.edit_date_s = row->edit_date_s,
		.action = (enum message_action)row->action,
		.random_id = row->random_id,
	};
	if (message_body_decode(box->arena, row->body, out) < 0)
		db_fail(box->db, "a message body is malformed");
}

static enum home_event_kind event_kind(enum update_kind kind)
{
	switch (kind) {
	case UPDATE_EDIT_MESSAGE:
		return HOME_EVENT_EDIT;
	case UPDATE_DELETE_MESSAGES:
		return HOME_EVENT_DELETE;
	case UPDATE_READ_INBOX:
		return HOME_EVENT_READ_INBOX;
	case UPDATE_READ_OUTBOX:
		return HOME_EVENT_READ_OUTBOX;
	default:
		return HOME_EVENT_NEW;
	}
}

void box_log(struct call *call, const struct home_box *box, const struct update *update)
{
	struct peer peer = update->message ? update->message->peer : update->peer;
	struct home_event event = {
		.pts = update->pts,
		.pts_count = update->pts_count,
		.kind = event_kind(update->kind),
		.peer_kind = peer.kind,
		.peer = peer.id,
		.message = update->message ? update->message->id : update->max_id,
		.ids = update->ids,
		.id_count = update->id_count,
		.date_s = call->now_s,
	};

	home_event_insert(box, &event);
}

/* The line of the chat list after a new message at its top. */
static void dialog_follow(const struct home_box *box, const struct message *message)
{
	struct home_dialog dialog;

	box_dialog(box, message->peer, &dialog);
	dialog.top_id = message->id;
	dialog.top_date_s = message->date_s;
	dialog.message_count++;
	if (message->saved) {
		/* Nobody else will read them. */
		dialog.read_inbox = message->id;
		dialog.read_outbox = message->id;
	} else if (!message->out) {
		dialog.unread++;
	}
	home_dialog_put(box, &dialog);
}

void box_deliver(struct call *call, const struct home_box *box, struct message *message,
	int64_t twin, struct update *update)
{
	struct home_message row;

	message->id = box->last_id;
	message->date_s = call->now_s;
	row = (struct home_message){
		.id = message->id,
		.peer_kind = message->peer.kind,
		.peer = message->peer.id,
		.author = message->from.id,
		.out = message->out,
		.date_s = message->date_s,
		.action = message->action,
		.pts = box->pts,
		.random_id = message->random_id,
		.twin = twin,
		.body = message_body_encode(call->arena, message),
	};
	home_message_insert(box, &row);
	dialog_follow(box, message);
	*update = (struct update){
		.kind = UPDATE_NEW_MESSAGE, .pts = box->pts, .pts_count = 1, .message = message};
	box_log(call, box, update);
}

void box_tell_set(
	struct call *call, int64_t viewer, uint64_t except_session, const struct update_set *set)
{
	struct effect *effect = effects_append(call->effects, EFFECT_ACCOUNT);

	effect->account = viewer;
	effect->except_session = except_session;
	effect->set = effects_copy_set(call->effects, set);
}

void box_tell(struct call *call, int64_t viewer, uint64_t except_session, struct update *updates,
	size_t count)
{
	struct update_set set = {.updates = updates, .update_count = count};

	roster_complete(call, viewer, &set);
	box_tell_set(call, viewer, except_session, &set);
}

int box_service_message(struct call *call, int64_t owner, struct bytes text)
{
	struct message message = {
		.peer = {PEER_USER, SERVICE_USER}, .from = {PEER_USER, SERVICE_USER}, .text = text};
	struct update update;
	struct home_box box;

	if (!box_open(call, owner, &box))
		return rpc_error(call, 400, "USER_ID_INVALID");
	if (entities_accept(call, &message) < 0)
		return -1;
	home_box_advance(&box, 1, 1);
	box_deliver(call, &box, &message, 0, &update);
	box_tell(call, owner, 0, &update, 1);
	return 0;
}
