/* SPDX-License-Identifier: Apache-2.0 */
/* Pinning, for oneself or for everybody in the chat. https://core.telegram.org/api/pin */
#include "core/messages/messages.h"

#include "core/accounts/public_face.h"
#include "core/chats/chats.h"
#include "core/messages/circle.h"
#include "core/channels/roster.h"

/* Who pins in a group needs the right to; who was blocked pins for himself. */
static int open_for(struct call *call, struct peer in, bool oneside, struct circle *circle)
{
	if (in.kind == PEER_CHAT && chat_may(call, in.id, call->user, CHAT_PIN) < 0)
		return -1;
	if (!oneside && public_face_check_chat(call, in) < 0)
		return -1;
	return oneside ? circle_open_alone(call, in, circle)
		       : circle_open_reaching(call, in, circle);
}

/* What changes in one box. */
struct change {
	struct home_box *box;
	int32_t *ids;
	size_t count;
};

/* Copies that are not yet as they shall be; own: ids in the own box. Returns how many changes. */
static size_t collect(struct call *call, const struct circle *circle,
	const struct home_message *own, size_t count, bool pinned, struct change *changes)
{
	struct home_message copy;
	size_t used = 0;

	for (size_t b = 0; b < circle->count; b++) {
		struct change *change = &changes[used];

		*change = (struct change){.box = &circle->boxes[b],
			.ids = arena_array(call->arena, count, sizeof(*change->ids))};
		for (size_t i = 0; i < count; i++) {
			bool found = change->box == circle->own;

			copy = own[i];
			if (!found)
				found = home_message_by_twin(change->box, own[i].twin, &copy);
			if (found && copy.pinned != pinned)
				change->ids[change->count++] = copy.id;
		}
		used += change->count > 0;
	}
	return used;
}

static void make(struct call *call, const struct circle *circle, const struct change *change,
	bool pinned, struct update *update)
{
	for (size_t i = 0; i < change->count; i++)
		home_message_set_pinned(change->box, change->ids[i], pinned);
	*update = (struct update){.kind = UPDATE_PINNED,
		.pts = change->box->pts,
		.pts_count = (int32_t)change->count,
		.peer = circle_peer(call, circle, change->box->owner),
		.ids = change->ids,
		.id_count = change->count,
		.pinned = pinned};
	box_log(call, change->box, update);
	box_tell(call, change->box->owner, change->box == circle->own ? call->session_id : 0,
		update, 1);
}

/* Returns the update of the own box; NULL: nothing changed in it. *changed: boxes in all. */
static struct update *pin_all(struct call *call, const struct circle *circle,
	const struct home_message *own, size_t count, bool pinned, size_t *changed)
{
	struct change *changes = arena_array(call->arena, circle->count + 1, sizeof(*changes));
	struct update *updates, *mine = NULL;

	*changed = collect(call, circle, own, count, pinned, changes);
	updates = arena_array(call->arena, *changed, sizeof(*updates));
	for (size_t i = 0; i < *changed; i++)
		home_box_advance(changes[i].box, (int32_t)changes[i].count, 0);
	for (size_t i = 0; i < *changed; i++) {
		make(call, circle, &changes[i], pinned, &updates[i]);
		if (changes[i].box == circle->own)
			mine = &updates[i];
	}
	return mine;
}

/* The line in the chat that says what was pinned. */
static int announce(
	struct call *call, struct peer in, const struct pinning *pinning, struct update_set *answer)
{
	struct message line = {
		.action = ACTION_PIN, .reply_to = pinning->id, .silent = pinning->silent};
	struct update_set said;

	if (message_act(call, in, &line, &said) < 0)
		return -1;
	update_set_append(call, answer, &said);
	return 0;
}

int message_pin(
	struct call *call, struct peer in, const struct pinning *pinning, struct update_set *answer)
{
	struct home_message row;
	struct circle circle;
	struct update *mine;
	size_t changed;

	if (in.kind == PEER_CHANNEL)
		return channel_post_pin(call, in.id, pinning, answer);
	*answer = (struct update_set){0};
	if (open_for(call, in, pinning->oneside, &circle) < 0)
		return -1;
	if (!home_message_get(circle.own, pinning->id, &row) || row.peer_kind != (int32_t)in.kind ||
		row.peer != in.id || row.action != ACTION_NONE)
		return rpc_error(call, 400, "MESSAGE_ID_INVALID");
	if (circle_charge(call, circle.count) < 0)
		return -1;
	mine = pin_all(call, &circle, &row, 1, !pinning->unpin, &changed);
	if (!changed)
		return rpc_error(call, 400, "CHAT_NOT_MODIFIED");
	answer->updates = mine;
	answer->update_count = mine ? 1 : 0;
	if (!pinning->unpin && circle.count > 1 && announce(call, in, pinning, answer) < 0)
		return -1;
	roster_complete(call, call->user, answer);
	return 0;
}

/* Of Saved Messages only the part. */
static void keep_part(struct home_messages *rows, struct peer part)
{
	size_t kept = 0;

	for (size_t i = 0; i < rows->count; i++) {
		if (rows->at[i].saved_kind == (int32_t)part.kind &&
			rows->at[i].saved_peer == part.id)
			rows->at[kept++] = rows->at[i];
	}
	rows->count = kept;
}

int messages_unpin_all(struct call *call, struct peer in, struct peer part, int32_t *pts,
	int32_t *pts_count, int32_t *left)
{
	struct home_page page = {.peer_kind = in.kind,
		.peer = in.id,
		.of = PAGE_OF_PINNED,
		.below = INT32_MAX,
		.limit = part.kind == PEER_NONE ? HISTORY_LIMIT_MAX : PINNED_PART_MAX};
	struct home_messages rows;
	struct circle circle;
	struct update *mine;
	size_t changed;

	if (open_for(call, in, false, &circle) < 0)
		return -1;
	home_messages_older(circle.own, &page, &rows);
	*left = rows.count == (size_t)page.limit;
	if (part.kind != PEER_NONE) {
		keep_part(&rows, part);
		*left = 0;
	}
	/* Of a private chat there are two copies each. */
	if (circle.count > 2 && circle_charge(call, rows.count * circle.count) < 0)
		return -1;
	mine = pin_all(call, &circle, rows.at, rows.count, false, &changed);
	*pts = circle.own->pts;
	*pts_count = mine ? mine->pts_count : 0;
	return 0;
}
