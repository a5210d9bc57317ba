/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who is in a basic group, how it looks to whom, and who may do what. Bringing people in and out is
 * chats_members.c, changing the group itself chats_change.c.
 */
#include "core/chats/chats.h"

#include "core/messages/box.h"
#include "core/accounts/users.h"
#include "store/home_chats.h"

static void view_of_member(const struct home_chat *row, enum chat_role role, struct chat_view *out)
{
	*out = (struct chat_view){
		.chat = {.id = row->id,
			.title = row->title,
			.about = row->about,
			.creator = row->creator,
			.date_s = row->date_s,
			.members = row->members,
			.version = row->version,
			.banned_rights = row->banned_rights,
			.noforwards = row->noforwards,
			.deactivated = row->deactivated,
			.migrated_to = row->migrated_to},
		.role = role,
	};
}

bool chat_view_for(struct call *call, int64_t viewer, int64_t chat, struct chat_view *out)
{
	const struct vault *vault = call->store->vault;
	struct home_user_chat known;
	struct home_chat row;

	if (!home_user_chat_get(call_home(call), vault, call->arena, viewer, chat, &known))
		return false;
	if (known.state == USER_CHAT_IN) {
		if (!home_chat_get(call_home(call), vault, call->arena, chat, &row))
			return false;
		view_of_member(&row, chat_role_of(call, chat, viewer), out);
		if (row.migrated_to)
			out->migrated_hash =
				vault_access_hash(vault, viewer, PEER_CHANNEL, row.migrated_to);
		return true;
	}
	*out = (struct chat_view){
		.chat = {.id = chat, .title = known.title, .date_s = known.since_s},
		.kicked = known.state == USER_CHAT_KICKED,
	};
	return true;
}

int chat_known(struct call *call, int64_t chat)
{
	if (home_user_chat_state(call_home(call), call->user, chat) == USER_CHAT_NONE)
		return rpc_error(call, 400, "CHAT_ID_INVALID");
	return 0;
}

enum chat_role chat_role_of(struct call *call, int64_t chat, int64_t user)
{
	struct home_chat_member row;

	if (!home_chat_member_get(call_home(call), chat, user, &row))
		return CHAT_OUT;
	return (enum chat_role)row.role;
}

int chat_members(struct call *call, int64_t chat, struct chat_member **out, size_t *count)
{
	struct home_chat_member *rows;

	*count = home_chat_members(call_home(call), call->arena, chat, CHAT_USERS_MAX, &rows);
	*out = arena_array(call->arena, *count, sizeof(**out));
	for (size_t i = 0; i < *count; i++)
		(*out)[i] = (struct chat_member){.user = rows[i].user,
			.role = (enum chat_role)rows[i].role,
			.inviter = rows[i].inviter,
			.joined_at_s = rows[i].joined_at_s};
	return 0;
}

/* What a member is told that lacks a right of sending. What is not here is for admins. */
static const struct {
	uint32_t right;
	const char *text;
} refusals[] = {
	{CHAT_SEE, "CHAT_WRITE_FORBIDDEN"},
	{CHAT_SEND, "CHAT_WRITE_FORBIDDEN"},
	{CHAT_SEND_PLAIN, "CHAT_SEND_PLAIN_FORBIDDEN"},
	{CHAT_SEND_POLLS, "CHAT_SEND_POLL_FORBIDDEN"},
	{CHAT_SEND_PHOTOS, "CHAT_SEND_PHOTOS_FORBIDDEN"},
	{CHAT_SEND_VIDEOS, "CHAT_SEND_VIDEOS_FORBIDDEN"},
	{CHAT_SEND_ROUND_VIDEOS, "CHAT_SEND_ROUNDVIDEOS_FORBIDDEN"},
	{CHAT_SEND_AUDIOS, "CHAT_SEND_AUDIOS_FORBIDDEN"},
	{CHAT_SEND_VOICES, "CHAT_SEND_VOICES_FORBIDDEN"},
	{CHAT_SEND_FILES, "CHAT_SEND_DOCS_FORBIDDEN"},
	{CHAT_SEND_STICKERS, "CHAT_SEND_STICKERS_FORBIDDEN"},
	{CHAT_SEND_GIFS, "CHAT_SEND_GIFS_FORBIDDEN"},
	{CHAT_SEND_GAMES, "CHAT_SEND_GAME_FORBIDDEN"},
	{CHAT_SEND_INLINE, "CHAT_SEND_INLINE_FORBIDDEN"},
	{CHAT_EMBED_LINKS, "CHAT_SEND_WEBPAGE_FORBIDDEN"},
	{CHAT_SEND_MEDIA, "CHAT_SEND_MEDIA_FORBIDDEN"},
	{CHAT_REACT, "CHAT_WRITE_FORBIDDEN"},
};

int chat_refuse(struct call *call, uint32_t lacking)
{
	for (size_t i = 0; i < ARRAY_LEN(refusals); i++) {
		if (lacking & refusals[i].right)
			return rpc_error(call, 403, refusals[i].text);
	}
	return rpc_error(call, 400, "CHAT_ADMIN_REQUIRED");
}

int chat_may(struct call *call, int64_t chat, int64_t user, uint32_t rights)
{
	const enum chat_role role = chat_role_of(call, chat, user);
	struct home_chat row;
	uint32_t lacking;

	if (role == CHAT_OUT) {
		if (home_user_chat_state(call_home(call), user, chat) == USER_CHAT_NONE)
			return rpc_error(call, 400, "CHAT_ID_INVALID");
		return rpc_error(call, 403, "CHAT_WRITE_FORBIDDEN");
	}
	if (!home_chat_get(call_home(call), call->store->vault, call->arena, chat, &row))
		return rpc_error(call, 400, "CHAT_ID_INVALID");
	if (row.deactivated)
		return rpc_error(call, 403, "CHAT_WRITE_FORBIDDEN");
	if (role >= CHAT_ADMIN)
		return 0;
	lacking = rights & (row.banned_rights | CHAT_DELETE_OTHERS);
	return lacking ? chat_refuse(call, lacking) : 0;
}

bool chat_holds_back(struct call *call, int64_t chat)
{
	struct home_chat row;

	return home_chat_get(call_home(call), call->store->vault, call->arena, chat, &row) &&
	       row.noforwards;
}

int chat_get_full(struct call *call, int64_t chat, struct chat_full *out)
{
	*out = (struct chat_full){0};
	if (!chat_view_for(call, call->user, chat, &out->view))
		return rpc_error(call, 400, "CHAT_ID_INVALID");
	if (out->view.role == CHAT_OUT)
		return 0;
	return chat_members(call, chat, &out->members, &out->member_count);
}

void chats_common(
	struct call *call, int64_t other, int64_t before, size_t limit, struct chat_views *out)
{
	const int64_t users[2] = {call->user, other};
	int64_t *chats;
	size_t count;

	if (limit > CHAT_COMMON_MAX)
		limit = CHAT_COMMON_MAX;
	count = home_user_chats_common(call_home(call), call->arena, users, before, limit, &chats);
	*out = (struct chat_views){.at = arena_array(call->arena, count, sizeof(*out->at)),
		.total = home_user_chats_common_count(call_home(call), call->user, other)};
	for (size_t i = 0; i < count; i++) {
		if (chat_view_for(call, call->user, chats[i], &out->at[out->count]))
			out->count++;
	}
}

int chat_onlines(struct call *call, int64_t chat, int32_t *out)
{
	struct chat_member *members;
	size_t count;

	*out = 0;
	if (chat_may(call, chat, call->user, 0) < 0 ||
		chat_members(call, chat, &members, &count) < 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		*out += user_shows_here(call, members[i].user);
	return 0;
}
