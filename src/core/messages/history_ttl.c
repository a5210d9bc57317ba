/* SPDX-License-Identifier: Apache-2.0 */
/* Setting how long messages live. That they go is core/messages/messages_delete.c. */
#include "core/messages/history_ttl.h"

#include "core/changes.h"
#include "core/chats/chats.h"
#include "core/messages/circle.h"
#include "core/messages/messages.h"
#include "core/channels/roster.h"
#include "store/home_history.h"

/* A group has one for all. */
static int64_t keeper(int64_t owner, struct peer chat)
{
	return chat.kind == PEER_CHAT ? chat.id : owner;
}

int32_t history_ttl(struct call *call, int64_t owner, struct peer chat)
{
	return home_history_ttl_get(call_home(call), keeper(owner, chat), chat.kind, chat.id);
}

int history_ttl_check(struct call *call, int32_t period_s)
{
	if (period_s && (period_s < HISTORY_TTL_MIN_S || period_s > HISTORY_TTL_MAX_S))
		return rpc_error(call, 400, "TTL_PERIOD_INVALID");
	return 0;
}

/* In everybody's account, and their devices hear of it. Returns call->user's own update. */
static struct update *write_all(struct call *call, const struct circle *circle, int32_t period_s)
{
	struct update *mine = NULL;

	for (size_t i = 0; i < circle->count; i++) {
		const int64_t owner = circle->boxes[i].owner;
		const struct peer chat = circle_peer(call, circle, owner);
		struct update *update = ARENA_NEW(call->arena, struct update);

		*update = (struct update){
			.kind = UPDATE_HISTORY_TTL, .peer = chat, .period_s = period_s};
		home_history_ttl_put(
			call_home(call), keeper(owner, chat), chat.kind, chat.id, period_s);
		change_tell(call, owner, owner == call->user ? call->session_id : 0,
			CHANGE_HISTORY_TTL, chat, 0, update);
		if (owner == call->user)
			mine = update;
	}
	return mine;
}

/* automatic: it comes from the setting for new chats. */
static int set(struct call *call, struct circle *circle, int32_t period_s, bool automatic,
	struct update_set *answer)
{
	struct message line = {.action = ACTION_SET_TTL, .action_period_s = period_s};
	struct update *both = arena_array(call->arena, 2, sizeof(*both)), *mine;
	struct update_set said;

	if (automatic) {
		line.users = arena_array(call->arena, 1, sizeof(*line.users));
		line.users[0] = call->user;
		line.user_count = 1;
	}
	mine = write_all(call, circle, period_s);
	/* Who was blocked says it to himself. */
	if (message_act_in(call, circle, &line, &said) < 0)
		return -1;
	both[0] = *mine;
	both[1] = said.updates[0];
	*answer = (struct update_set){.updates = both, .update_count = 2};
	roster_complete(call, call->user, answer);
	return 0;
}

static int open_for(struct call *call, struct peer chat, struct circle *circle)
{
	if (chat.kind == PEER_CHANNEL ||
		(chat.kind == PEER_USER && (chat.id == call->user || chat.id == SERVICE_USER)))
		return rpc_error(call, 400, "PEER_ID_INVALID");
	if (chat.kind == PEER_CHAT && chat_may(call, chat.id, call->user, CHAT_DELETE_OTHERS) < 0)
		return -1;
	return circle_open_reaching(call, chat, circle);
}

int history_ttl_set(
	struct call *call, struct peer chat, int32_t period_s, struct update_set *answer)
{
	struct circle circle;

	*answer = (struct update_set){0};
	if (history_ttl_check(call, period_s) < 0 || open_for(call, chat, &circle) < 0)
		return -1;
	if (history_ttl(call, call->user, chat) == period_s)
		return rpc_error(call, 400, "CHAT_NOT_MODIFIED");
	return set(call, &circle, period_s, false, answer);
}

int32_t history_ttl_default(struct call *call)
{
	return home_history_ttl_get(call_home(call), call->user, PEER_NONE, 0);
}

int history_ttl_set_default(struct call *call, int32_t period_s)
{
	if (history_ttl_check(call, period_s) < 0)
		return -1;
	home_history_ttl_put(call_home(call), call->user, PEER_NONE, 0, period_s);
	return 0;
}

int history_ttl_begin(struct call *call, struct circle *circle, struct update_set *answer)
{
	const int32_t period_s = history_ttl_default(call);
	struct home_dialog dialog;

	*answer = (struct update_set){0};
	if (!period_s || circle->chat.kind != PEER_USER || circle->count < 2 ||
		(box_dialog(circle->own, circle->chat, &dialog) && dialog.top_id > 0) ||
		history_ttl(call, call->user, circle->chat))
		return 0;
	return set(call, circle, period_s, true, answer);
}

bool history_ttl_change(struct call *call, const struct home_change *change, struct update *update)
{
	const struct peer chat = {(enum peer_kind)change->peer_kind, change->peer};

	*update = (struct update){.kind = UPDATE_HISTORY_TTL,
		.peer = chat,
		.period_s = history_ttl(call, call->user, chat)};
	return true;
}
