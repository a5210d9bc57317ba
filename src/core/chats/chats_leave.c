/* SPDX-License-Identifier: Apache-2.0 */
/* Leaving a basic group, and being removed from it. */
#include "core/bots/bot_updates.h"
#include "core/bots/bots.h"
#include "core/chats/chat_heirs.h"

#include "core/chats/chat_load.h"
#include "core/changes.h"
#include "core/messages/messages_search.h"

/* Admins remove members; anybody those whom he brought in; the creator whom he likes. */
static bool may_remove(const struct call *call, const struct chat_context *context,
	const struct home_chat_member *target)
{
	if (target->user == call->user || context->role == CHAT_CREATOR)
		return true;
	if (target->role != CHAT_MEMBER)
		return false;
	return context->role == CHAT_ADMIN || target->inviter == call->user;
}

static int check_removal(
	struct call *call, int64_t chat, int64_t user, struct chat_context *context, bool revoke)
{
	struct home_chat_member target;

	if (user == call->user && chat_role_of(call, chat, user) == CHAT_OUT)
		return chat_known(call, chat) < 0 ? -1
						  : rpc_error(call, 400, "USER_NOT_PARTICIPANT");
	if (chat_need(call, chat, context) < 0)
		return -1;
	if (!home_chat_member_get(call_home(call), chat, user, &target))
		return rpc_error(call, 400, "USER_NOT_PARTICIPANT");
	if (!may_remove(call, context, &target) ||
		(revoke && user != call->user && context->role < CHAT_ADMIN))
		return rpc_error(call, 400, "CHAT_ADMIN_REQUIRED");
	return 0;
}

/* ---- Whose it is then ---- */

static bool comes_before(const struct home_chat_member *a, const struct home_chat_member *b)
{
	if (a->role != b->role)
		return a->role > b->role;
	return a->joined_at_s != b->joined_at_s ? a->joined_at_s < b->joined_at_s
						: a->user < b->user;
}

/* 0: nobody's. A bot inherits nothing. */
static int64_t heir_of(struct call *call, const struct home_chat *chat)
{
	const struct home_chat_member *heir = NULL;
	struct home_chat_member *members;
	const size_t count =
		home_chat_members(call_home(call), call->arena, chat->id, CHAT_USERS_MAX, &members);

	for (size_t i = 0; i < count; i++)
		if (members[i].user != chat->creator && !bot_is(call, members[i].user) &&
			(!heir || comes_before(&members[i], heir)))
			heir = &members[i];
	return heir ? heir->user : 0;
}

int chat_heir(struct call *call, int64_t chat, int64_t *heir)
{
	struct chat_context context;

	if (chat_need_admin(call, chat, CHAT_CREATOR, &context) < 0)
		return -1;
	*heir = heir_of(call, &context.row);
	return *heir ? 0 : rpc_error(call, 400, "PEER_ID_INVALID");
}

/* Of the creator who leaves. The row first, which locks the group. */
static void pass_on(struct call *call, struct chat_context *context)
{
	const int64_t heir = heir_of(call, &context->row), id = context->row.id;
	struct update update;

	if (!heir)
		return;
	home_chat_member_set_role(call_home(call), id, context->row.creator, CHAT_MEMBER);
	home_chat_member_set_role(call_home(call), id, heir, CHAT_CREATOR);
	context->row.creator = heir;
	context->row.version++;
	chat_store(call, context);
	update = chat_members_update(call, context);
	chat_tell_version(call, id, &update, false);
	chat_tell_one(call, id, heir, 0);
	chat_note(call, id);
}

/* ---- Leaving ---- */

/* The newest of the one's messages, from all boxes. */
static int revoke_messages(struct call *call, int64_t chat, int64_t user, size_t members)
{
	const struct message_query query = {.in = {PEER_CHAT, chat}, .from = {PEER_USER, user}};
	const struct post_range page = {.limit = HISTORY_LIMIT_MAX};

	size_t turns = chat_drop_turns(members);

	if (turns > CHAT_REVOKE_MAX / HISTORY_LIMIT_MAX)
		turns = CHAT_REVOKE_MAX / HISTORY_LIMIT_MAX;
	for (; turns > 0; turns--) {
		struct message_list list;

		if (messages_search(call, &query, &page, &list) < 0)
			return -1;
		if (list.count == 0)
			break;
		if (chat_drop_messages(call, &list) < 0)
			return -1;
	}
	return 0;
}

static void take_out(struct call *call, const struct chat_context *context, int64_t user)
{
	const struct home_user_chat kept = {.chat = context->row.id,
		.state = user == call->user ? USER_CHAT_LEFT : USER_CHAT_KICKED,
		.title = context->row.title,
		.since_s = call->now_s};

	home_chat_member_delete(call_home(call), call->store->vault, call->arena, user, &kept);
	if (context->row.members == 0)
		home_chat_delete(call_home(call), context->row.id);
}

/* One less: the row first, which locks the group, then who stays hears of it. */
static void count_out(struct call *call, struct chat_context *context, int64_t user)
{
	struct chat_member gone = {.user = user};
	struct update update = {.kind = UPDATE_CHAT_MEMBER_DELETE,
		.peer = {PEER_CHAT, context->row.id},
		.members = &gone,
		.member_count = 1};

	context->row.members--;
	update.version = ++context->row.version;
	chat_store(call, context);
	chat_tell_version(call, context->row.id, &update, false);
}

int chat_remove(
	struct call *call, int64_t chat, int64_t user, bool revoke, struct update_set *answer)
{
	struct message draft = {.action = ACTION_CHAT_REMOVE, .users = &user, .user_count = 1};
	struct update update = {.kind = UPDATE_CHAT, .peer = {PEER_CHAT, chat}};
	struct chat_context context;
	size_t members;

	*answer = (struct update_set){0};
	if (check_removal(call, chat, user, &context, revoke) < 0)
		return -1;
	members = (size_t)context.row.members;
	if (user == context.row.creator)
		pass_on(call, &context);
	count_out(call, &context, user);
	if (revoke && revoke_messages(call, chat, user, members) < 0)
		return -1;
	/* The one who goes has a copy of this, too. */
	if (chat_act(call, chat, &draft, answer) < 0)
		return -1;
	take_out(call, &context, user);
	bot_note_standing(
		call, user, update.peer, ROLE_MEMBER, user == call->user ? ROLE_LEFT : ROLE_BANNED);
	change_note(call, user, CHANGE_CHAT, update.peer, 0);
	chat_tell_one(call, chat, user, user == call->user ? call->session_id : 0);
	if (user != call->user)
		update = chat_members_update(call, &context);
	chat_answer(call, &update, 1, answer);
	return 0;
}

void chats_leave_all(struct call *call, int64_t user)
{
	struct db *home = call_home(call);
	int64_t *chats;
	const size_t count =
		home_user_chats(home, call->arena, user, 0, CHAT_MEMBERSHIPS_MAX, &chats);

	for (size_t i = 0; i < count; i++) {
		struct chat_context context = {0};

		if (!home_chat_get(home, call->store->vault, call->arena, chats[i], &context.row))
			continue;
		if (user == context.row.creator)
			pass_on(call, &context);
		count_out(call, &context, user);
		take_out(call, &context, user);
	}
}
