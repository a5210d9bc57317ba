/* SPDX-License-Identifier: Apache-2.0 */
/* Reacting, and looking at who did. What groups allow and accounts like is reaction_settings.c. */
#include "core/messages/reactions.h"

#include "core/accounts/blocks.h"
#include "core/changes.h"
#include "core/chats/chats.h"
#include "core/messages/circle.h"
#include "core/messages/message_body.h"
#include "core/messages/page_mark.h"
#include "core/posts/post_reactions.h"
#include "core/channels/roster.h"
#include "core/accounts/strangers.h"

/* ---- What is there ---- */

static int find(struct call *call, struct peer in, int32_t id, const char *fault,
	struct home_box *box, struct home_message *row)
{
	if (in.kind != PEER_USER && in.kind != PEER_CHAT)
		return rpc_error(call, 400, "PEER_ID_INVALID");
	if (!box_open(call, call->user, box) || !home_message_get(box, id, row) ||
		row->peer_kind != (int32_t)in.kind || row->peer != in.id)
		return rpc_error(call, 400, fault);
	return 0;
}

static bool is_by(const struct reaction *r, int64_t user)
{
	return r->by.kind == PEER_USER && r->by.id == user;
}

static const struct reaction *reaction_of(const struct message *message, int64_t user)
{
	for (size_t i = 0; i < message->reaction_count; i++) {
		if (is_by(&message->reactions[i], user))
			return &message->reactions[i];
	}
	return NULL;
}

/* Kinds on the message without those of one person, and with one more. */
static size_t kinds_with(const struct message *m, int64_t without, struct bytes more)
{
	size_t count = 1;

	for (size_t i = 0; i < m->reaction_count; i++) {
		const struct reaction *r = &m->reactions[i];
		bool counted = is_by(r, without) || bytes_equal(r->emoji, more);

		for (size_t k = 0; k < i && !counted; k++)
			counted = !is_by(&m->reactions[k], without) &&
				  bytes_equal(m->reactions[k].emoji, r->emoji);
		count += !counted;
	}
	return count;
}

/* ---- What is allowed ---- */

static bool chat_allows(const struct chat_reactions *rules, int kind)
{
	if (rules->mode != CHAT_REACTIONS_SOME)
		return rules->mode == CHAT_REACTIONS_ALL;
	for (size_t i = 0; i < rules->kind_count; i++) {
		if (rules->kinds[i] == kind)
			return true;
	}
	return false;
}

/* One that is there already may be joined. */
static bool is_used(const struct message *message, struct bytes emoji)
{
	for (size_t i = 0; i < message->reaction_count; i++) {
		if (bytes_equal(message->reactions[i].emoji, emoji))
			return true;
	}
	return false;
}

static int check_kind(struct call *call, struct peer in, const struct message *message, int kind)
{
	const struct bytes emoji = bytes_from_str(reaction_kinds[kind].emoji);
	struct chat_reactions rules = {.mode = CHAT_REACTIONS_ALL};
	size_t most = REACTIONS_UNIQUE_MAX;

	if (in.kind == PEER_CHAT)
		chat_reactions_get(call, in.id, &rules);
	if (!chat_allows(&rules, kind) &&
		(rules.mode == CHAT_REACTIONS_NONE || !is_used(message, emoji)))
		return rpc_error(call, 400, "REACTION_INVALID");
	if (rules.unique_max > 0)
		most = (size_t)rules.unique_max;
	if (!is_used(message, emoji) && kinds_with(message, call->user, emoji) > most)
		return rpc_error(call, 400, "REACTIONS_TOO_MANY");
	return 0;
}

/* *alone: nobody else is shown it: who was blocked is not told. */
static int check_place(struct call *call, struct peer in, bool *alone)
{
	*alone = false;
	if (in.kind == PEER_CHAT)
		return chat_may(call, in.id, call->user, CHAT_REACT);
	if (block_has(call, call->user, in.id))
		return rpc_error(call, 400, "YOU_BLOCKED_USER");
	*alone = block_has(call, in.id, call->user);
	return 0;
}

/* ---- Reacting ---- */

/* The newest first; of one second the greater account. So a page can begin behind any of them. */
static bool is_before(const struct reaction *a, const struct reaction *b)
{
	return a->date_s != b->date_s ? a->date_s > b->date_s : a->by.id > b->by.id;
}

/* Without the old one of the account, and with its new one (NULL: none). */
static void replace(
	struct call *call, struct message *message, int64_t by, const struct reaction *added)
{
	struct reaction *next =
		arena_array(call->arena, message->reaction_count + 1, sizeof(*next));
	bool put = !added;
	size_t count = 0;

	for (size_t i = 0; i < message->reaction_count; i++) {
		const struct reaction *r = &message->reactions[i];

		if (is_by(r, by))
			continue;
		if (!put && is_before(added, r)) {
			next[count++] = *added;
			put = true;
		}
		next[count++] = *r;
	}
	if (!put)
		next[count++] = *added;
	message->reactions = next;
	message->reaction_count = count;
}

/* The author is told of what others do; what it has seen since is not unread again. */
static uint8_t attention_after(struct message *message)
{
	bool unread = false;

	for (size_t i = 0; i < message->reaction_count; i++)
		unread |= message->reactions[i].unread;
	return unread ? message->attention | ATTENTION_REACTION
		      : message->attention & ~ATTENTION_REACTION;
}

static void change_copy(struct call *call, const struct home_box *box,
	const struct home_message *row, int64_t by, const struct reaction *added,
	struct update *update)
{
	struct message *message = ARENA_NEW(call->arena, struct message);
	struct reaction mine;

	box_message_from_row(box, row, message);
	for (size_t i = 0; i < message->reaction_count; i++)
		message->reactions[i].unread &= (message->attention & ATTENTION_REACTION) != 0;
	if (added) {
		mine = *added;
		mine.unread = row->author == box->owner && box->owner != by;
		replace(call, message, by, &mine);
	} else {
		replace(call, message, by, NULL);
	}
	message->attention = attention_after(message);
	home_message_set_reactions(box, row->id, message_reactions_encode(call->arena, message));
	if (message->attention != row->attention)
		home_message_set_attention(box, row->id, message->attention);
	*update = (struct update){.kind = UPDATE_REACTIONS, .message = message};
	change_tell(call, box->owner, box->owner == call->user ? call->session_id : 0,
		CHANGE_REACTIONS, message->peer, row->id, update);
}

static int open_circle(struct call *call, struct peer in, bool alone, struct circle *circle)
{
	if (!alone && circle_open(call, in, circle) == 0)
		return 0;
	/* Where the other is gone, the own copy is left. */
	call->fault = (struct fault){0};
	return circle_open_alone(call, in, circle);
}

static int change_all(struct call *call, struct peer in, bool alone, const struct home_message *own,
	int64_t by, const struct reaction *added, struct update_set *answer)
{
	struct circle circle;
	struct update *updates;

	if (open_circle(call, in, alone, &circle) < 0)
		return -1;
	updates = arena_array(call->arena, circle.count, sizeof(*updates));
	for (size_t i = 0; i < circle.count; i++) {
		const struct home_box *box = &circle.boxes[i];
		struct home_message copy = *own;

		if (box != circle.own && !home_message_by_twin(box, own->twin, &copy))
			continue;
		change_copy(call, box, &copy, by, added, &updates[i]);
	}
	*answer = (struct update_set){
		.updates = &updates[circle.own - circle.boxes], .update_count = 1};
	roster_complete(call, call->user, answer);
	return 0;
}

void reaction_count_use(struct call *call, int kind, bool remember)
{
	struct update update = {.kind = UPDATE_RECENT_REACTIONS};
	struct reaction_settings settings;
	size_t count = 1;

	reaction_settings_get(call, &settings);
	settings.uses[kind] += settings.uses[kind] < UINT32_MAX;
	if (remember) {
		uint8_t recent[REACTIONS_RECENT_MAX + 1] = {(uint8_t)kind};

		for (size_t i = 0; i < settings.recent_count; i++) {
			if (settings.recent[i] != kind)
				recent[count++] = settings.recent[i];
		}
		settings.recent_count = count < REACTIONS_RECENT_MAX ? count : REACTIONS_RECENT_MAX;
		memcpy(settings.recent, recent, settings.recent_count);
		box_tell(call, call->user, call->session_id, &update, 1);
	}
	reaction_settings_put(call, &settings);
}

int reaction_send(struct call *call, struct peer in, int32_t id,
	const struct reaction_request *request, struct update_set *answer)
{
	struct reaction added = {
		.by = {PEER_USER, call->user}, .date_s = call->now_s, .big = request->big};
	const struct reaction *before;
	struct home_message row;
	struct message message;
	struct home_box box;
	bool alone;
	int kind;

	if (in.kind == PEER_CHANNEL)
		return post_reaction_send(call, in.id, id, request, answer);
	if (find(call, in, id, "MESSAGE_ID_INVALID", &box, &row) < 0 ||
		check_place(call, in, &alone) < 0)
		return -1;
	box_message_from_row(&box, &row, &message);
	before = reaction_of(&message, call->user);
	if (request->count > REACTIONS_PER_PERSON)
		return rpc_error(call, 400, "REACTIONS_TOO_MANY");
	if (!request->count) {
		if (!before)
			return rpc_error(call, 400, "MESSAGE_NOT_MODIFIED");
		return change_all(call, in, alone, &row, call->user, NULL, answer);
	}
	kind = reaction_kind_of(call->arena, request->emojis[0]);
	if (kind < 0)
		return rpc_error(call, 400, "REACTION_INVALID");
	added.emoji = bytes_from_str(reaction_kinds[kind].emoji);
	if (before && bytes_equal(before->emoji, added.emoji) && before->big == added.big)
		return rpc_error(call, 400, "MESSAGE_NOT_MODIFIED");
	if (check_kind(call, in, &message, kind) < 0)
		return -1;
	reaction_count_use(call, kind, request->remember);
	return change_all(call, in, alone, &row, call->user, &added, answer);
}

/* ---- Taken by admins of a basic group ---- */

int reaction_take(
	struct call *call, int64_t chat, int32_t id, int64_t user, struct update_set *answer)
{
	const struct peer in = {PEER_CHAT, chat};
	struct home_message row;
	struct message message;
	struct home_box box;

	if (chat_may(call, chat, call->user, CHAT_DELETE_OTHERS) < 0 ||
		find(call, in, id, "MSG_ID_INVALID", &box, &row) < 0)
		return -1;
	box_message_from_row(&box, &row, &message);
	if (!reaction_of(&message, user))
		return rpc_error(call, 400, "MESSAGE_NOT_MODIFIED");
	return change_all(call, in, false, &row, user, NULL, answer);
}

/* Of one page, the newest messages first. */
static int take_of_list(struct call *call, int64_t chat, int64_t user,
	const struct message_list *list, size_t *left)
{
	struct update_set told;

	for (size_t i = 0; i < list->count && *left > 0; i++) {
		if (!reaction_of(&list->at[i], user))
			continue;
		if (reaction_take(call, chat, list->at[i].id, user, &told) < 0)
			return -1;
		--*left;
	}
	return 0;
}

int reactions_take_all(struct call *call, int64_t chat, int64_t user)
{
	struct post_range page = {.limit = HISTORY_LIMIT_MAX};
	struct chat_member *members;
	struct message_list list;
	size_t count, left;

	if (chat_may(call, chat, call->user, CHAT_DELETE_OTHERS) < 0 ||
		chat_members(call, chat, &members, &count) < 0)
		return -1;
	left = CHAT_DELETE_ROWS_MAX / (count ? count : 1); /* none: the store failed */
	for (int seen = 0; seen < CHAT_REVOKE_MAX && left > 0; seen += HISTORY_LIMIT_MAX) {
		if (messages_history(call, (struct peer){PEER_CHAT, chat}, &page, &list) < 0 ||
			take_of_list(call, chat, user, &list, &left) < 0)
			return -1;
		if (list.count < HISTORY_LIMIT_MAX)
			break;
		page.offset_id = list.at[list.count - 1].id;
	}
	return 0;
}

/* ---- Looking ---- */

int reactions_get(struct call *call, struct peer in, const int32_t *ids, size_t count,
	struct update_set *answer)
{
	struct home_message row;
	struct home_box box;

	if (count > MESSAGES_PER_CALL_MAX)
		return rpc_error(call, 400, "MESSAGE_IDS_TOO_MANY");
	if (in.kind == PEER_CHANNEL)
		return post_reactions_get(call, in.id, ids, count, answer);
	if (!box_open(call, call->user, &box))
		return rpc_error(call, 400, "PEER_ID_INVALID");
	*answer = (struct update_set){
		.updates = arena_array(call->arena, count, sizeof(*answer->updates))};
	for (size_t i = 0; i < count; i++) {
		struct message *message = ARENA_NEW(call->arena, struct message);

		if (!home_message_get(&box, ids[i], &row) || row.peer_kind != (int32_t)in.kind ||
			row.peer != in.id)
			continue;
		box_message_from_row(&box, &row, message);
		answer->updates[answer->update_count++] =
			(struct update){.kind = UPDATE_REACTIONS, .message = message};
	}
	roster_complete(call, call->user, answer);
	return 0;
}

bool reactions_change(struct call *call, const struct home_change *change, struct update *update)
{
	struct message *message = ARENA_NEW(call->arena, struct message);
	struct home_message row;
	struct home_box box;

	if (change->peer_kind == PEER_CHANNEL)
		return post_reactions_change(call, change, update);
	if (!box_open(call, call->user, &box) ||
		!home_message_get(&box, (int32_t)change->item, &row))
		return false;
	box_message_from_row(&box, &row, message);
	*update = (struct update){.kind = UPDATE_REACTIONS, .message = message};
	return true;
}

static void take_page(struct call *call, const struct message *message, const char *only,
	struct page_mark from, size_t limit, struct reaction_page *out)
{
	const struct reaction after = {.date_s = from.date_s, .by = {PEER_USER, from.account}};

	out->at = arena_array(call->arena, limit, sizeof(*out->at));
	for (size_t i = 0; i < message->reaction_count; i++) {
		const struct reaction *r = &message->reactions[i];

		if (only && !bytes_equal_str(r->emoji, only))
			continue;
		out->total++;
		if (!is_before(&after, r) || out->next.data)
			continue;
		if (out->count == limit)
			out->next = page_mark_write(
				call->arena, (struct page_mark){out->at[limit - 1].date_s,
						     out->at[limit - 1].by.id});
		else
			out->at[out->count++] = *r;
	}
}

int reactions_list(struct call *call, struct peer in, int32_t id, struct bytes emoji,
	struct bytes offset, int32_t limit, struct reaction_page *out)
{
	struct page_mark from;
	struct home_message row;
	struct message message;
	struct home_box box;
	int kind = -1;

	*out = (struct reaction_page){0};
	if (in.kind == PEER_CHANNEL)
		return post_reactions_list(call, in.id, id, emoji, offset, limit, out);
	if (find(call, in, id, "MSG_ID_INVALID", &box, &row) < 0 ||
		page_mark_read(call, offset, &from) < 0)
		return -1;
	if (emoji.data) {
		kind = reaction_kind_of(call->arena, emoji);
		/* What nobody can have used nobody has used. */
		if (kind < 0)
			return 0;
	}
	box_message_from_row(&box, &row, &message);
	if (limit <= 0 || limit > REACTIONS_PER_PAGE_MAX)
		limit = REACTIONS_PER_PAGE_MAX;
	take_page(call, &message, kind < 0 ? NULL : reaction_kinds[kind].emoji, from, (size_t)limit,
		out);
	return 0;
}

int reaction_report(struct call *call, struct peer in, int32_t id, struct peer by)
{
	struct home_message row;
	struct message message;
	struct home_box box;

	if (in.kind == PEER_CHANNEL)
		return post_reaction_report(call, in.id, id, by);
	if (find(call, in, id, "MSG_ID_INVALID", &box, &row) < 0)
		return -1;
	box_message_from_row(&box, &row, &message);
	if (by.kind != PEER_USER || by.id == call->user || !reaction_of(&message, by.id))
		return rpc_error(call, 400, "PEER_ID_INVALID");
	stranger_report(call, by.id);
	return 0;
}
