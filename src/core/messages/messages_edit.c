/* SPDX-License-Identifier: Apache-2.0 */
/* Editing: what changes all copies of a message. */
#include "core/messages/messages.h"

#include "core/accounts/public_face.h"
#include "core/bots/bot_ears.h"
#include "core/bots/bot_updates.h"
#include "core/chats/chats.h"
#include "core/messages/circle.h"
#include "core/messages/entities.h"
#include "core/bots/keyboard.h"
#include "core/messages/media.h"
#include "core/messages/message_body.h"
#include "core/messages/message_edits.h"
#include "core/channels/roster.h"

void edit_apply(const struct message *draft, struct message *message)
{
	if (draft->text.data) {
		message->text = draft->text;
		message->entities = draft->entities;
		message->entity_count = draft->entity_count;
		message->no_preview = draft->no_preview;
		message->invert_media = draft->invert_media;
	}
	message->media = draft->media;
	message->keyboard = draft->keyboard;
	message->edit_hidden = draft->edit_hidden;
}

/* Writes what is new over a copy, and makes the update about it. */
static void edit_copy(struct call *call, struct home_box *box, const struct home_message *row,
	const struct message *draft, struct update *update)
{
	struct message *message = ARENA_NEW(call->arena, struct message);

	box_message_from_row(box, row, message);
	edit_apply(draft, message);
	message->edit_date_s = call->now_s;
	home_message_set_body(box, row->id, call->now_s, message_body_encode(call->arena, message));
	if (box_content(message) != row->content)
		home_message_set_content(box, row->id, box_content(message));
	/* Of a poll everybody is told the own vote, not the editor's. */
	message->media = media_for(box, message->peer, message->media);
	*update = (struct update){
		.kind = UPDATE_EDIT_MESSAGE, .pts = box->pts, .pts_count = 1, .message = message};
	box_log(call, box, update);
	bot_note_message(call, box->owner, message, BOT_EDITED_MESSAGE);
}

int edit_allowed(struct call *call, const struct message *before, bool timeless)
{
	if (before->action != ACTION_NONE || before->forward ||
		(before->media && before->media->kind == MEDIA_DICE))
		return rpc_error(call, 400, "MESSAGE_ID_INVALID");
	if (!timeless && !call->is_bot &&
		!media_is_live(before->media, before->date_s, call->now_s) &&
		call->now_s > before->date_s + MESSAGE_EDIT_TIME_LIMIT_S)
		return rpc_error(call, 400, "MESSAGE_EDIT_TIME_EXPIRED");
	return 0;
}

/* An own message of the chat that may be edited now. */
static int find_editable(struct call *call, const struct home_box *box, struct peer in, int32_t id,
	struct home_message *row, struct message *before)
{
	if (!home_message_get(box, id, row) || row->peer_kind != (int32_t)in.kind ||
		row->peer != in.id)
		return rpc_error(call, 400, "MESSAGE_ID_INVALID");
	box_message_from_row(box, row, before);
	if (before->damaged)
		return rpc_error(call, 400, "MESSAGE_ID_INVALID");
	if (row->author != call->user)
		return rpc_error(call, 403, "MESSAGE_AUTHOR_REQUIRED");
	return edit_allowed(call, before, before->saved);
}

int message_edit_data(struct call *call, struct peer in, int32_t id, bool *caption)
{
	struct home_message row;
	struct message before;
	struct home_box box;

	if (in.kind == PEER_CHANNEL)
		return channel_post_edit_data(call, in.id, id, caption);
	if (!box_open(call, call->user, &box))
		return rpc_error(call, 400, "PEER_ID_INVALID");
	if (find_editable(call, &box, in, id, &row, &before) < 0)
		return -1;
	*caption = before.media != NULL;
	return 0;
}

int edit_settle(struct call *call, const struct message *before, const struct media_move *move,
	struct message *draft)
{
	struct message after = *before;

	draft->media = before->media;
	draft->edit_hidden = before->edit_hidden;
	/* A bot says each time which buttons there are; others leave them. */
	if (!call->is_bot)
		draft->keyboard = before->keyboard;
	else if (keyboard_accept(call, &draft->keyboard) < 0)
		return -1;
	if (call->is_bot && !draft->text.data) {
		draft->text = before->text;
		draft->entities = before->entities;
		draft->entity_count = before->entity_count;
		draft->no_preview = before->no_preview;
		draft->invert_media = before->invert_media;
	}
	/* Whoever moves has not changed what he said. */
	if (move)
		draft->edit_hidden = true;
	if (move ? media_move(call, move, before->date_s, &draft->media) < 0
		 : entities_accept(call, draft) < 0)
		return -1;
	edit_apply(draft, &after);
	/* What would have no preview anyway is not changed by doing without one. */
	if (!(box_content(&after) & CONTENT_URL))
		draft->no_preview = after.no_preview = before->no_preview;
	if (bytes_equal(message_body_encode(call->arena, before),
		    message_body_encode(call->arena, &after)))
		return rpc_error(call, 400, "MESSAGE_NOT_MODIFIED");
	return 0;
}

/* The copy in each box; id 0: it has none (any more). */
static void find_copies(
	const struct circle *circle, const struct home_message *own, struct home_message *rows)
{
	for (size_t i = 0; i < circle->count; i++) {
		const struct home_box *box = &circle->boxes[i];
		struct home_message *row = &rows[i];

		if (box == circle->own)
			*row = *own;
		else if (!home_message_by_twin(box, own->twin, row))
			row->id = 0;
	}
}

/* What a bot in a group has a copy of, and is not said to it any more, stays for it as it was. */
static void leave_bots_out(struct call *call, const struct circle *circle,
	const struct message *draft, struct home_message *rows)
{
	for (size_t i = 0; i < circle->count; i++) {
		const struct home_box *box = &circle->boxes[i];
		struct home_message replied = {.author = 0};
		struct message message;

		if (!rows[i].id || circle->chat.kind != PEER_CHAT || box->owner == call->user ||
			!bot_is_polled(box->owner) ||
			chat_role_of(call, circle->chat.id, box->owner) >= CHAT_ADMIN)
			continue;
		box_message_from_row(box, &rows[i], &message);
		edit_apply(draft, &message);
		if (!message.reply_to || !home_message_get(box, message.reply_to, &replied))
			replied.author = 0;
		if (!bot_hears(call, box->owner, &message, replied.author))
			rows[i].id = 0;
	}
}

static int edit(struct call *call, struct peer in, struct message *draft,
	const struct media_move *move, struct update_set *answer)
{
	struct home_message own, *rows;
	struct message before;
	struct circle circle;
	struct update *updates;

	*answer = (struct update_set){0};
	if (in.kind == PEER_CHANNEL)
		return channel_post_edit(call, in.id, draft, move, answer);
	if (public_face_check_chat(call, in) < 0 || circle_open_reaching(call, in, &circle) < 0)
		return -1;
	if (find_editable(call, circle.own, in, draft->id, &own, &before) < 0 ||
		edit_settle(call, &before, move, draft) < 0 ||
		circle_charge(call, circle.count) < 0)
		return -1;

	rows = arena_array(call->arena, circle.count, sizeof(*rows));
	updates = arena_array(call->arena, circle.count, sizeof(*updates));
	find_copies(&circle, &own, rows);
	leave_bots_out(call, &circle, draft, rows);
	for (size_t i = 0; i < circle.count; i++) {
		if (rows[i].id)
			home_box_advance(&circle.boxes[i], 1, 0);
	}
	for (size_t i = 0; i < circle.count; i++) {
		struct home_box *box = &circle.boxes[i];

		if (!rows[i].id)
			continue;
		edit_copy(call, box, &rows[i], draft, &updates[i]);
		if (box == circle.own)
			answer->updates = &updates[i];
		else
			box_tell(call, box->owner, 0, &updates[i], 1);
	}
	answer->update_count = 1;
	roster_complete(call, call->user, answer);
	box_tell_set(call, call->user, call->session_id, answer);
	return 0;
}

int message_edit(
	struct call *call, struct peer in, struct message *draft, struct update_set *answer)
{
	return edit(call, in, draft, NULL, answer);
}

int message_move(struct call *call, struct peer in, int32_t id, const struct media_move *move,
	struct update_set *answer)
{
	struct message draft = {.id = id};

	return edit(call, in, &draft, move, answer);
}
