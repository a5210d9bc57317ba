/* SPDX-License-Identifier: Apache-2.0 */
/* Opening boxes, putting messages into them, telling who must know. The difference is in
 * core/messages/box_difference.c. */
#include "core/messages/box.h"

#include "core/bots/bot_updates.h"
#include "core/dialogs/dialog_places.h"
#include "core/messages/entities.h"
#include "core/messages/media.h"
#include "core/messages/message_body.h"
#include "core/channels/roster.h"
#include "core/secret/secret_messages.h"
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
	*out = (struct box_state){.pts = box.pts,
		.unread = home_dialogs_unread(&box),
		.qts = call->is_bot ? 0 : secret_qts(call)};
	return 0;
}

/* Nothing of what was in it, so that nobody takes a part for the whole. */
static void spoil(struct message *message)
{
	*message = (struct message){.id = message->id,
		.peer = message->peer,
		.from = message->from,
		.out = message->out,
		.viewer = message->viewer,
		.date_s = message->date_s,
		.damaged = true};
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
		.saved_peer = {(enum peer_kind)row->saved_kind, row->saved_peer},
		.pinned = row->pinned,
		.attention = (uint8_t)row->attention,
		.viewer = box->owner,
		.date_s = row->date_s,
		.edit_date_s = row->edit_date_s,
		.action = (enum message_action)row->action,
		.random_id = row->random_id,
	};
	if (row->damaged || message_body_decode(box->arena, row->body, out) < 0 ||
		message_reactions_decode(box->arena, row->reactions, out) < 0) {
		home_message_spoil(row);
		spoil(out);
		return;
	}
	out->media = media_for(box, out->peer, out->media);
}

static enum home_event_kind event_kind(const struct update *update)
{
	switch (update->kind) {
	case UPDATE_EDIT_MESSAGE:
		return HOME_EVENT_EDIT;
	case UPDATE_DELETE_MESSAGES:
		return HOME_EVENT_DELETE;
	case UPDATE_READ_INBOX:
		return HOME_EVENT_READ_INBOX;
	case UPDATE_READ_OUTBOX:
		return HOME_EVENT_READ_OUTBOX;
	case UPDATE_PINNED:
		return update->pinned ? HOME_EVENT_PINNED : HOME_EVENT_UNPINNED;
	case UPDATE_CONTENTS_READ:
		return HOME_EVENT_CONTENTS;
	case UPDATE_FOLDER_PEER:
		return HOME_EVENT_FOLDER;
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
		.kind = event_kind(update),
		.peer_kind = peer.kind,
		.peer = peer.id,
		.message = update->message			? update->message->id
			   : update->kind == UPDATE_FOLDER_PEER ? update->folder
								: update->max_id,
		.ids = update->ids,
		.id_count = update->id_count,
		.date_s = call->now_s,
	};

	home_event_insert(box, &event);
}

/* The line of the chat list after a new message at its top. */
static enum box_move dialog_follow(
	struct call *call, const struct home_box *box, const struct message *message)
{
	const bool incoming = !message->saved && !message->out;
	const struct home_dialog_step step = {.peer_kind = message->peer.kind,
		.peer = message->peer.id,
		.id = message->id,
		.date_s = message->date_s,
		.news = incoming || message->was_scheduled,
		.alone = message->saved};
	struct home_dialog dialog;
	enum box_move move;
	bool begun;
	const int32_t folder = home_dialog_follow(box, &step, &begun);

	if (!incoming || (folder == FOLDER_LIST && !begun))
		return LINE_STAYS;
	box_dialog(box, message->peer, &dialog);
	move = dialog_move_for(call, box->owner, message->from.id, begun, &dialog);
	if (move != LINE_STAYS)
		home_dialog_put(box, &dialog);
	return move;
}

int32_t box_content(const struct message *message)
{
	int32_t content = message->was_scheduled ? CONTENT_BY_CLOCK : 0;

	for (size_t i = 0; i < message->entity_count; i++) {
		if (message->entities[i].kind == ENTITY_URL ||
			message->entities[i].kind == ENTITY_TEXT_URL)
			content |= CONTENT_URL;
	}
	if (!message->media)
		return content;
	switch (message->media->kind) {
	case MEDIA_PLACE:
	case MEDIA_LIVE_PLACE:
	case MEDIA_VENUE:
		return content | CONTENT_PLACE;
	case MEDIA_CONTACT:
		return content | CONTENT_CONTACT;
	case MEDIA_POLL:
		return content | CONTENT_POLL;
	default:
		return content;
	}
}

enum box_move box_deliver(struct call *call, const struct home_box *box, struct message *message,
	int64_t twin, struct update *update)
{
	message->date_s = call->now_s;
	return box_deliver_dated(call, box, message, twin, update);
}

enum box_move box_deliver_dated(struct call *call, const struct home_box *box,
	struct message *message, int64_t twin, struct update *update)
{
	struct home_message row;

	message->viewer = box->owner;
	/* Of a copy of an old message these stay behind. */
	message->pinned = false;
	message->reaction_count = 0;
	message->id = box->last_id;
	row = (struct home_message){
		.attention = message->attention,
		.content = box_content(message),
		.saved_kind = message->saved_peer.kind,
		.saved_peer = message->saved_peer.id,
		.expires_at_s = message->period_s ? message->date_s + message->period_s : 0,
		.id = message->id,
		.peer_kind = message->peer.kind,
		.peer = message->peer.id,
		.author = message->from.id,
		.out = message->out,
		.date_s = message->date_s,
		.edit_date_s = message->edit_date_s,
		.action = message->action,
		.pts = box->pts,
		.random_id = message->random_id,
		.twin = twin,
		.body = message_body_encode(call->arena, message),
	};
	message->media = media_for(box, message->peer, message->media);
	home_message_insert(box, &row);
	*update = (struct update){
		.kind = UPDATE_NEW_MESSAGE, .pts = box->pts, .pts_count = 1, .message = message};
	box_log(call, box, update);
	bot_note_message(call, box->owner, message, BOT_MESSAGE);
	return dialog_follow(call, box, message);
}

void box_tell_folder(struct call *call, struct home_box *box, uint64_t except_session,
	struct peer peer, int32_t folder, struct update *update)
{
	home_box_advance(box, 1, 0);
	*update = (struct update){.kind = UPDATE_FOLDER_PEER,
		.pts = box->pts,
		.pts_count = 1,
		.peer = peer,
		.folder = folder};
	box_log(call, box, update);
	box_tell(call, box->owner, except_session, update, 1);
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
	enum box_move move;

	if (!box_open(call, owner, &box))
		return rpc_error(call, 400, "USER_ID_INVALID");
	if (entities_accept(call, &message) < 0)
		return -1;
	home_box_advance(&box, 1, 1);
	move = box_deliver(call, &box, &message, 0, &update);
	box_tell(call, owner, 0, &update, 1);
	dialog_moved(call, &box, message.peer, move);
	return 0;
}
