/* SPDX-License-Identifier: Apache-2.0 */
/* Noting and telling when something was read. */
#include "core/messages/read_dates.h"

#include "core/chats/chats.h"
#include "core/accounts/privacy.h"
#include "store/home_history.h"

#define PURGED_AT_ONCE 4000

void read_date_note(struct call *call, const struct circle *circle, int32_t max_id)
{
	if (circle->count > 1)
		home_read_date_put(call_home(call), call->user, circle->chat.kind, circle->chat.id,
			max_id, call->now_s);
}

/* An own message of the chat. */
static bool own_message(const struct circle *circle, int32_t id, struct home_message *row)
{
	return home_message_get(circle->own, id, row) && row->out &&
	       row->peer_kind == (int32_t)circle->chat.kind && row->peer == circle->chat.id;
}

/* 0: not read, or nobody knows any more. */
static int64_t read_by(
	struct call *call, const struct circle *circle, const struct home_box *box, int64_t twin)
{
	const struct peer chat = circle_peer(call, circle, box->owner);
	struct home_message copy;

	if (!home_message_by_twin(box, twin, &copy))
		return 0;
	return home_read_date_get(call_home(call), box->owner, chat.kind, chat.id, copy.id);
}

int read_date_of(struct call *call, struct peer chat, int32_t id, int64_t *date_s)
{
	struct home_message row;
	struct home_dialog dialog;
	struct circle circle;

	if (chat.kind != PEER_USER || chat.id == call->user || chat.id == SERVICE_USER)
		return rpc_error(call, 400, "PEER_ID_INVALID");
	if (circle_open(call, chat, &circle) < 0)
		return -1;
	if (!own_message(&circle, id, &row))
		return rpc_error(call, 400, "MESSAGE_ID_INVALID");
	if (row.date_s < call->now_s - READ_DATES_KEEP_S)
		return rpc_error(call, 400, "MESSAGE_TOO_OLD");
	if (privacy_read_date(call, chat.id) < 0)
		return -1;
	if (!box_dialog(circle.own, chat, &dialog) || dialog.read_outbox < id)
		return rpc_error(call, 400, "MESSAGE_NOT_READ_YET");
	*date_s = 0;
	for (size_t i = 0; i < circle.count; i++) {
		if (&circle.boxes[i] != circle.own)
			*date_s = read_by(call, &circle, &circle.boxes[i], row.twin);
	}
	return *date_s ? 0 : rpc_error(call, 400, "MESSAGE_TOO_OLD");
}

bool reader_is_open(struct call *call, int64_t reader)
{
	if (privacy_read_date(call, reader) == 0)
		return true;
	call->fault = (struct fault){0};
	return false;
}

int readers_of(struct call *call, struct peer chat, int32_t id, struct reader **out, size_t *count)
{
	struct home_message row;
	struct circle circle;

	*count = 0;
	if (chat.kind == PEER_CHANNEL) {
		*out = arena_array(call->arena, READ_DATES_GROUP_MAX, sizeof(**out));
		return channel_readers(call, chat.id, id, *out, count);
	}
	if (chat.kind != PEER_CHAT)
		return rpc_error(call, 400, "PEER_ID_INVALID");
	if (circle_open(call, chat, &circle) < 0)
		return -1;
	if (circle.count > READ_DATES_GROUP_MAX)
		return rpc_error(call, 400, "CHAT_TOO_BIG");
	if (!own_message(&circle, id, &row))
		return rpc_error(call, 400, "MSG_ID_INVALID");
	if (row.date_s < call->now_s - READ_DATES_KEEP_S)
		return rpc_error(call, 400, "MSG_TOO_OLD");
	*out = arena_array(call->arena, circle.count, sizeof(**out));
	for (size_t i = 0; i < circle.count; i++) {
		const struct home_box *box = &circle.boxes[i];
		struct reader reader = {.user = box->owner};

		if (box == circle.own)
			continue;
		if (!reader_is_open(call, box->owner))
			continue;
		reader.date_s = read_by(call, &circle, box, row.twin);
		if (reader.date_s)
			(*out)[(*count)++] = reader;
	}
	return 0;
}

bool read_dates_purge(struct call *call)
{
	return home_read_dates_purge(
		call_home(call), call->now_s - READ_DATES_KEEP_S, PURGED_AT_ONCE);
}
