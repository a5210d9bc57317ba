/* SPDX-License-Identifier: Apache-2.0 */
/* What a basic group is called, who is its admin, what its members may do, and its end. */
#include "base/text.h"
#include "core/bots/bot_updates.h"
#include "core/chats/chat_load.h"
#include "core/changes.h"

int chat_edit_title(struct call *call, int64_t chat, struct bytes title, struct update_set *answer)
{
	struct message draft = {.action = ACTION_CHAT_TITLE};
	struct chat_context context;

	if (chat_title_check(call, &title) < 0 ||
		chat_need_right(call, chat, CHAT_CHANGE_INFO, &context) < 0)
		return -1;
	if (bytes_equal(title, context.row.title))
		return rpc_error(call, 400, "CHAT_NOT_MODIFIED");
	context.row.title = draft.text = title;
	chat_store(call, &context);
	return chat_act(call, chat, &draft, answer);
}

int chat_edit_about(struct call *call, int64_t chat, struct bytes about)
{
	struct chat_context context;

	if (!text_is_utf8(about))
		return rpc_error(call, 400, "CHAT_ABOUT_TOO_LONG");
	about = text_trim(about);
	if (text_utf16_length(about) > CHAT_ABOUT_MAX)
		return rpc_error(call, 400, "CHAT_ABOUT_TOO_LONG");
	if (chat_need_right(call, chat, CHAT_CHANGE_INFO, &context) < 0)
		return -1;
	if (bytes_equal(about, context.row.about))
		return rpc_error(call, 400, "CHAT_ABOUT_NOT_MODIFIED");
	context.row.about = about;
	chat_store(call, &context);
	chat_tell_changed(call, chat);
	return 0;
}

int chat_edit_admin(struct call *call, int64_t chat, int64_t user, bool admin)
{
	struct chat_member changed = {.user = user, .role = admin ? CHAT_ADMIN : CHAT_MEMBER};
	struct update update = {.kind = UPDATE_CHAT_ADMIN,
		.peer = {PEER_CHAT, chat},
		.members = &changed,
		.member_count = 1};
	struct chat_context context;
	enum chat_role role;

	if (chat_need_admin(call, chat, CHAT_CREATOR, &context) < 0)
		return -1;
	role = chat_role_of(call, chat, user);
	if (role == CHAT_OUT)
		return rpc_error(call, 400, "USER_NOT_PARTICIPANT");
	if (role == CHAT_CREATOR)
		return rpc_error(call, 400, "USER_ID_INVALID");
	if (role == changed.role)
		return 0;
	update.version = ++context.row.version;
	chat_store(call, &context);
	home_chat_member_set_role(call_home(call), chat, user, (int)changed.role);
	bot_note_standing(call, user, update.peer, admin ? ROLE_MEMBER : ROLE_ADMIN,
		admin ? ROLE_ADMIN : ROLE_MEMBER);
	chat_note(call, chat);
	/* The answer says nothing but "done": the caller hears of it in the same way as all. */
	chat_tell_version(call, chat, &update, true);
	return 0;
}

int chat_edit_rights(struct call *call, int64_t chat, uint32_t banned, struct update_set *answer)
{
	struct update update = {
		.kind = UPDATE_CHAT_RIGHTS, .peer = {PEER_CHAT, chat}, .rights = banned};
	struct chat_context context;

	if (chat_need_admin(call, chat, CHAT_ADMIN, &context) < 0)
		return -1;
	if (banned & CHAT_SEE)
		return rpc_error(call, 400, "BANNED_RIGHTS_INVALID");
	if (banned == context.row.banned_rights)
		return rpc_error(call, 400, "CHAT_NOT_MODIFIED");
	context.row.banned_rights = banned;
	update.version = ++context.row.version;
	chat_store(call, &context);
	chat_note(call, chat);
	chat_tell_version(call, chat, &update, false);
	*answer = (struct update_set){0};
	chat_answer(call, &update, 1, answer);
	return 0;
}

int chat_set_noforwards(struct call *call, int64_t chat, bool on, struct update_set *answer)
{
	const struct update update = {.kind = UPDATE_CHAT, .peer = {PEER_CHAT, chat}};
	struct chat_context context;

	if (chat_need_admin(call, chat, CHAT_CREATOR, &context) < 0)
		return -1;
	if (on == context.row.noforwards)
		return rpc_error(call, 400, "CHAT_NOT_MODIFIED");
	context.row.noforwards = on;
	chat_store(call, &context);
	chat_tell_changed(call, chat);
	*answer = (struct update_set){0};
	chat_answer(call, &update, 1, answer);
	return 0;
}

/* Each turn takes the newest of what is left, from all boxes. */
static int drop_history(struct call *call, int64_t chat, size_t members)
{
	const struct post_range page = {.limit = HISTORY_LIMIT_MAX};

	for (size_t turns = chat_drop_turns(members); turns > 0; turns--) {
		struct message_list list;

		if (messages_history(call, (struct peer){PEER_CHAT, chat}, &page, &list) < 0)
			return -1;
		if (list.count == 0)
			break;
		if (chat_drop_messages(call, &list) < 0)
			return -1;
	}
	return 0;
}

int chat_delete(struct call *call, int64_t chat)
{
	struct chat_context context;
	struct chat_member *members;
	size_t count;

	if (chat_need_admin(call, chat, CHAT_CREATOR, &context) < 0 ||
		chat_members(call, chat, &members, &count) < 0)
		return -1;
	chat_store(call, &context);
	if (drop_history(call, chat, count) < 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		const struct home_user_chat kept = {.chat = chat,
			.state = USER_CHAT_KICKED,
			.title = context.row.title,
			.since_s = call->now_s};

		home_chat_member_delete(
			call_home(call), call->store->vault, call->arena, members[i].user, &kept);
		bot_note_standing(call, members[i].user, (struct peer){PEER_CHAT, chat},
			ROLE_MEMBER, ROLE_BANNED);
	}
	home_chat_delete(call_home(call), chat);
	for (size_t i = 0; i < count; i++) {
		change_note(call, members[i].user, CHANGE_CHAT, (struct peer){PEER_CHAT, chat}, 0);
		/* The answer is empty: the caller is told as well. */
		chat_tell_one(call, chat, members[i].user, 0);
	}
	return 0;
}
