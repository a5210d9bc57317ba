/* SPDX-License-Identifier: Apache-2.0 */
/* Loading a basic group for a call that changes it, and telling what was changed. */
#include "core/chats/chat_load.h"

#include "base/text.h"
#include "core/messages/box.h"
#include "core/changes.h"
#include "core/messages/circle.h"
#include "core/channels/roster.h"

int chat_need_right(
	struct call *call, int64_t chat, enum chat_right right, struct chat_context *out)
{
	*out = (struct chat_context){0};
	if (chat_may(call, chat, call->user, right) < 0)
		return -1;
	out->role = chat_role_of(call, chat, call->user);
	if (!home_chat_get(call_home(call), call->store->vault, call->arena, chat, &out->row))
		return rpc_error(call, 400, "CHAT_ID_INVALID");
	return 0;
}

int chat_need(struct call *call, int64_t chat, struct chat_context *out)
{
	return chat_need_right(call, chat, 0, out);
}

int chat_need_admin(struct call *call, int64_t chat, enum chat_role least, struct chat_context *out)
{
	if (chat_need(call, chat, out) < 0)
		return -1;
	return out->role >= least ? 0 : rpc_error(call, 400, "CHAT_ADMIN_REQUIRED");
}

void chat_store(struct call *call, const struct chat_context *context)
{
	home_chat_update(call_home(call), call->store->vault, call->arena, &context->row);
}

int chat_title_check(struct call *call, struct bytes *title)
{
	if (!text_is_utf8(*title))
		return rpc_error(call, 400, "CHAT_TITLE_EMPTY");
	*title = text_trim(*title);
	if (title->size == 0 || text_utf16_length(*title) > CHAT_TITLE_MAX)
		return rpc_error(call, 400, "CHAT_TITLE_EMPTY");
	return 0;
}

int chat_act(struct call *call, int64_t chat, struct message *draft, struct update_set *answer)
{
	return message_act(call, (struct peer){PEER_CHAT, chat}, draft, answer);
}

void chat_answer(
	struct call *call, const struct update *extra, size_t count, struct update_set *answer)
{
	const struct update_set before = {.updates = (struct update *)extra, .update_count = count};

	roster_join(call, &before, answer);
}

struct update chat_members_update(struct call *call, const struct chat_context *context)
{
	struct update update = {.kind = UPDATE_CHAT_MEMBERS,
		.peer = {PEER_CHAT, context->row.id},
		.version = context->row.version};

	chat_members(call, context->row.id, &update.members, &update.member_count);
	return update;
}

int chat_drop_messages(struct call *call, const struct message_list *list)
{
	const uint64_t session = call->session_id;
	int32_t ids[HISTORY_LIMIT_MAX], pts, pts_count;
	int result;

	for (size_t i = 0; i < list->count; i++)
		ids[i] = list->at[i].id;
	call->session_id = 0;
	result = messages_delete(call, ids, list->count, true, &pts, &pts_count);
	call->session_id = session;
	return result;
}

/* A call that begins with room for all of it must not run out half-way: it would be undone, and so
 * would each that comes after it. */
_Static_assert(CHAT_USERS_MAX *HISTORY_LIMIT_MAX <= CHAT_DELETE_ROWS_MAX, "one turn always fits");
_Static_assert(CHAT_DELETE_ROWS_MAX + 2 * CHAT_USERS_MAX <= COPIES_PER_MINUTE, "all turns fit");

size_t chat_drop_turns(size_t members)
{
	return CHAT_DELETE_ROWS_MAX / HISTORY_LIMIT_MAX / (members ? members : 1);
}

void chat_tell_version(struct call *call, int64_t chat, struct update *update, bool self)
{
	struct chat_member *members;
	struct roster roster;
	size_t count;

	roster_init(&roster, call->arena);
	roster_add_updates(&roster, update, 1);
	chat_members(call, chat, &members, &count);
	for (size_t i = 0; i < count; i++) {
		struct update_set set = {
			.updates = update, .update_count = 1, .date_s = call->now_s};

		/* Who is removed hears of it in another way: it sees the group no more. */
		if (update->kind == UPDATE_CHAT_MEMBER_DELETE &&
			members[i].user == update->members[0].user)
			continue;
		roster_users(call, members[i].user, &roster, &set.users, &set.user_count);
		box_tell_set(call, members[i].user,
			!self && members[i].user == call->user ? call->session_id : 0, &set);
	}
}

void chat_tell_one(struct call *call, int64_t chat, int64_t user, uint64_t except_session)
{
	struct update update = {.kind = UPDATE_CHAT, .peer = {PEER_CHAT, chat}};

	box_tell(call, user, except_session, &update, 1);
}

void chat_tell_changed(struct call *call, int64_t chat)
{
	struct chat_member *members;
	size_t count;

	chat_members(call, chat, &members, &count);
	for (size_t i = 0; i < count; i++)
		chat_tell_one(call, chat, members[i].user,
			members[i].user == call->user ? call->session_id : 0);
	chat_note(call, chat);
}

void chat_note(struct call *call, int64_t chat)
{
	struct chat_member *members;
	size_t count;

	chat_members(call, chat, &members, &count);
	for (size_t i = 0; i < count; i++)
		change_note(call, members[i].user, CHANGE_CHAT, (struct peer){PEER_CHAT, chat}, 0);
}
