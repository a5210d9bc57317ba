/* SPDX-License-Identifier: Apache-2.0 */
/* What waits for the owner's eyes: where he was named or answered, what others did to his messages,
 * what he has not listened to. */
#include "core/messages/messages.h"

#include "core/messages/box.h"
#include "core/changes.h"

/* Clients take "contents were read" for mentions and voices, not for reactions: these they want
 * to see again, as read. */
static void tell_reactions(
	struct call *call, const struct home_box *box, const struct home_message *row)
{
	struct message *message = ARENA_NEW(call->arena, struct message);
	struct update update = {.kind = UPDATE_REACTIONS, .message = message};

	box_message_from_row(box, row, message);
	change_tell(call, box->owner, call->session_id, CHANGE_REACTIONS, message->peer, row->id,
		&update);
}

/* One event of the box for all of them. */
static void seen(struct call *call, struct home_box *box, const struct home_messages *rows,
	int32_t bits, int32_t *pts_count)
{
	struct update *update = ARENA_NEW(call->arena, struct update);

	*pts_count = (int32_t)rows->count;
	if (!rows->count)
		return;
	home_box_advance(box, *pts_count, 0);
	*update = (struct update){.kind = UPDATE_CONTENTS_READ,
		.pts = box->pts,
		.pts_count = *pts_count,
		.ids = arena_array(call->arena, rows->count, sizeof(int32_t)),
		.id_count = rows->count};
	for (size_t i = 0; i < rows->count; i++) {
		struct home_message *row = &rows->at[i];
		bool reactions = row->attention & bits & ATTENTION_REACTION;

		update->ids[i] = row->id;
		row->attention &= ~bits;
		home_message_set_attention(box, row->id, row->attention);
		if (reactions)
			tell_reactions(call, box, row);
	}
	box_log(call, box, update);
	box_tell(call, box->owner, call->session_id, update, 1);
}

static bool has(const struct home_messages *rows, int32_t id)
{
	for (size_t i = 0; i < rows->count; i++) {
		if (rows->at[i].id == id)
			return true;
	}
	return false;
}

int messages_read_contents(
	struct call *call, const int32_t *ids, size_t count, int32_t *pts, int32_t *pts_count)
{
	struct home_messages rows = {0};
	struct home_message row;
	struct home_box box;

	if (count > MESSAGES_PER_CALL_MAX)
		return rpc_error(call, 400, "MESSAGE_IDS_TOO_MANY");
	if (!box_open(call, call->user, &box))
		return rpc_error(call, 400, "PEER_ID_INVALID");
	rows.at = arena_array(call->arena, count, sizeof(*rows.at));
	for (size_t i = 0; i < count; i++) {
		if (!has(&rows, ids[i]) && home_message_get(&box, ids[i], &row) && row.attention)
			rows.at[rows.count++] = row;
	}
	seen(call, &box, &rows, INT32_MAX, pts_count);
	*pts = box.pts;
	return 0;
}

int messages_attend(struct call *call, struct peer in, enum message_attention what, int32_t *pts,
	int32_t *pts_count, int32_t *left)
{
	struct home_page page = {.peer_kind = in.kind,
		.peer = in.id,
		.of = what == ATTENTION_MENTION ? PAGE_OF_MENTIONS : PAGE_OF_REACTIONS,
		.below = INT32_MAX,
		.limit = HISTORY_LIMIT_MAX};
	struct home_messages rows;
	struct home_box box;

	if (!box_open(call, call->user, &box))
		return rpc_error(call, 400, "PEER_ID_INVALID");
	home_messages_older(&box, &page, &rows);
	seen(call, &box, &rows, what, pts_count);
	*pts = box.pts;
	*left = rows.count == HISTORY_LIMIT_MAX;
	return 0;
}
