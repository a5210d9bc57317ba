/* SPDX-License-Identifier: Apache-2.0 */
/* Who has copies of a conversation. */
#include "core/messages/circle.h"

#include "core/accounts/blocks.h"
#include "core/chats/chats.h"
#include "store/home_budgets.h"

#define COPIES_PERIOD_S 60

static void add(struct call *call, struct circle *circle, int64_t owner)
{
	if (box_open(call, owner, &circle->boxes[circle->count]))
		circle->count++;
}

static int find_own(struct call *call, struct circle *circle)
{
	for (size_t i = 0; i < circle->count; i++) {
		if (circle->boxes[i].owner == call->user)
			circle->own = &circle->boxes[i];
	}
	return circle->own ? 0 : rpc_error(call, 400, "PEER_ID_INVALID");
}

int circle_open_alone(struct call *call, struct peer chat, struct circle *out)
{
	*out = (struct circle){.chat = chat, .boxes = ARENA_NEW(call->arena, struct home_box)};
	if (chat.kind == PEER_CHAT && chat_known(call, chat.id) < 0)
		return -1;
	add(call, out, call->user);
	return find_own(call, out);
}

static int open_private(struct call *call, struct circle *circle)
{
	int64_t other = circle->chat.id;

	circle->boxes = arena_array(call->arena, 2, sizeof(*circle->boxes));
	add(call, circle, call->user < other ? call->user : other);
	add(call, circle, call->user < other ? other : call->user);
	/* Whoever is gone has no box. */
	if (circle->count < 2)
		return rpc_error(call, 400, "PEER_ID_INVALID");
	return find_own(call, circle);
}

static int open_group(struct call *call, struct circle *circle)
{
	struct chat_member *members;
	size_t count;

	if (chat_known(call, circle->chat.id) < 0)
		return -1;
	if (chat_role_of(call, circle->chat.id, call->user) == CHAT_OUT)
		return circle_open_alone(call, circle->chat, circle);
	if (chat_members(call, circle->chat.id, &members, &count) < 0)
		return -1;
	circle->boxes = arena_array(call->arena, count, sizeof(*circle->boxes));
	for (size_t i = 0; i < count; i++)
		add(call, circle, members[i].user);
	return find_own(call, circle);
}

int circle_open(struct call *call, struct peer chat, struct circle *out)
{
	*out = (struct circle){.chat = chat};
	if (chat.kind == PEER_CHAT)
		return open_group(call, out);
	if (chat.kind != PEER_USER)
		return rpc_error(call, 400, "PEER_ID_INVALID");
	if (chat.id == call->user || chat.id == SERVICE_USER)
		return circle_open_alone(call, chat, out);
	return open_private(call, out);
}

int circle_open_reaching(struct call *call, struct peer chat, struct circle *out)
{
	if (chat.kind == PEER_USER && block_has(call, chat.id, call->user))
		return circle_open_alone(call, chat, out);
	return circle_open(call, chat, out);
}

int circle_charge(struct call *call, size_t copies)
{
	int64_t wait_s;

	if (copies <= 2 || !call->key_id)
		return 0;
	/* More at once than there is in a minute takes all of it. */
	if (copies > COPIES_PER_MINUTE)
		copies = COPIES_PER_MINUTE;
	if (home_budget_take(call_home(call), call->user, "copies", (int64_t)copies,
		    COPIES_PER_MINUTE, COPIES_PERIOD_S, call->now_s, &wait_s))
		return 0;
	return rpc_error_number(call, 420, "FLOOD_WAIT_", wait_s);
}

void circle_leave_out(struct circle *circle, int64_t owner)
{
	const int64_t own = circle->own->owner;
	size_t kept = 0;

	for (size_t i = 0; i < circle->count; i++) {
		if (circle->boxes[i].owner == owner && owner != own)
			continue;
		circle->boxes[kept] = circle->boxes[i];
		if (circle->boxes[kept].owner == own)
			circle->own = &circle->boxes[kept];
		kept++;
	}
	circle->count = kept;
}

void circle_advance(struct circle *circle, int32_t pts, int32_t ids)
{
	for (size_t i = 0; i < circle->count; i++)
		home_box_advance(&circle->boxes[i], pts, ids);
}

struct peer circle_peer(const struct call *call, const struct circle *circle, int64_t owner)
{
	if (circle->chat.kind == PEER_CHAT || owner == call->user)
		return circle->chat;
	return (struct peer){PEER_USER, call->user};
}
