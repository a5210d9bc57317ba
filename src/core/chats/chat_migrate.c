/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A basic group becomes a supergroup. Messages stay where they are: clients show both as one chat,
 * the old part from each one's own copies. Bounded by CHAT_USERS_MAX, so that one call does it all.
 * https://core.telegram.org/api/channel#migration
 */
#include "core/bots/bot_updates.h"
#include "core/channels/channel_load.h"
#include "core/channels/channel_settings.h"
#include "core/channels/channel_toggles.h"
#include "core/chats/chat_load.h"
#include "core/messages/history_ttl.h"
#include "core/channels/roster.h"
#include "store/home_invite_links.h"

/* What an admin of a basic group may do. */
#define MIGRATED_ADMIN_RIGHTS                                                                      \
	(ADMIN_CHANGE_INFO | ADMIN_DELETE | ADMIN_BAN | ADMIN_INVITE | ADMIN_PIN | ADMIN_CALL |    \
		ADMIN_OTHER)

static struct channel_settings settings_of(struct call *call, const struct home_chat *row)
{
	const struct peer peer = {PEER_CHAT, row->id};
	struct channel_settings settings = channel_settings_new(false);
	struct chat_reactions rules;

	chat_reactions_get(call, row->id, &rules);
	channel_reactions_into(call->arena, &rules, &settings);
	settings.banned_rights = row->banned_rights;
	settings.period_s = history_ttl(call, call->user, peer);
	settings.migrated_from = row->id;
	if (row->noforwards)
		settings.flags |= CHANNEL_NOFORWARDS;
	return settings;
}

/* Runs as the member, so that what it is told is made for it. */
static bool bring_over(
	struct call *call, const struct channel_context *made, const struct chat_member *member)
{
	struct call as_member = *call;
	struct channel_context context = *made;

	as_member.user = member->user;
	as_member.session_id = 0;
	if (member->role == CHAT_CREATOR || !channel_member_has_room(&as_member))
		return false;
	context.membership = (struct membership_row){.user = member->user,
		.channel = made->row.id,
		.role = member->role == CHAT_ADMIN ? ROLE_ADMIN : ROLE_MEMBER,
		.admin_rights = member->role == CHAT_ADMIN ? MIGRATED_ADMIN_RIGHTS : 0,
		.by_user = member->role == CHAT_ADMIN ? call->user : 0,
		.changed_at_s = call->now_s,
		.joined_at_s = member->joined_at_s,
		.inviter = member->inviter,
		.read_inbox = made->row.top_id};
	home_members_insert(call_home(call), &context.membership);
	if (context.membership.admin_rights)
		home_members_set_standing(call_home(call), &context.membership);
	home_member_counts_add(call_home(call), made->row.id, 1);
	channel_refresh(&as_member, &context);
	channel_tell_membership(&as_member, &context, member->user);
	channel_tell_self(&as_member, &context);
	bot_note_standing(call, member->user, (struct peer){PEER_CHANNEL, made->row.id}, ROLE_LEFT,
		(enum channel_role)context.membership.role);
	return true;
}

static void bring_all(struct call *call, struct channel_context *made,
	const struct chat_member *members, size_t count)
{
	for (size_t i = 0; i < count; i++)
		bring_over(call, made, &members[i]);
	channel_refresh(call, made);
	channel_tell_membership(call, made, call->user);
	channel_tell_self(call, made);
}

/* The old one keeps its members and their copies, and takes nothing any more. */
static void close_old(struct call *call, struct chat_context *old, int64_t channel)
{
	old->row.deactivated = true;
	old->row.migrated_to = channel;
	old->row.version++;
	chat_store(call, old);
	/* Its links lead to the new one, and who waits waits there. */
	home_invites_move(call_home(call), (struct home_place){PEER_CHAT, old->row.id},
		(struct home_place){PEER_CHANNEL, channel});
	chat_tell_changed(call, old->row.id);
}

int chat_migrate(struct call *call, int64_t chat, struct update_set *answer)
{
	struct message *first = ARENA_NEW(call->arena, struct message);
	struct message last = {.action = ACTION_MIGRATE_TO};
	struct update_set posted = {0}, said;
	struct channel_settings settings;
	struct channel_context made;
	struct chat_member *members;
	struct chat_context old;
	size_t count;

	if (chat_need_admin(call, chat, CHAT_CREATOR, &old) < 0 ||
		chat_members(call, chat, &members, &count) < 0)
		return -1;
	if (!channel_member_has_room(call))
		return rpc_error(call, 400, "CHANNELS_TOO_MUCH");
	settings = settings_of(call, &old.row);
	channel_insert(call,
		&(struct channel_draft){.title = old.row.title, .about = old.row.about}, &settings,
		&made);
	channel_answer_add(call, &posted, UPDATE_CHANNEL, made.row.id);
	*first = (struct message){
		.action = ACTION_MIGRATE_FROM, .text = old.row.title, .other = {PEER_CHAT, chat}};
	channel_say(call, &made, first, &posted);
	bring_all(call, &made, members, count);
	last.other = (struct peer){PEER_CHANNEL, made.row.id};
	if (chat_act(call, chat, &last, &said) < 0)
		return -1;
	close_old(call, &old, made.row.id);
	*answer = said;
	update_set_append(call, answer, &posted);
	roster_complete(call, call->user, answer);
	return 0;
}
