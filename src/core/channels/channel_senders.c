/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Channels that are banned from a group: nobody writes there in their names any more. Each is a row
 * among the banned members, under the channel's number below zero, so that the lists and counts of
 * those show it too. In whose name one may write is core/channels/send_as.h.
 */
#include "core/channels/admin_log.h"
#include "core/channels/channel_rights.h"
#include "core/channels/channel_standing.h"

/* The group's own posts, and those of the channel that is discussed in it, are no guests'. */
static bool may_be_banned(struct call *call, const struct channel_context *context, int64_t sender)
{
	struct channel_context other;

	return !context->row.broadcast && sender != context->row.id &&
	       sender != context->shared->settings.linked && channel_load(call, sender, &other) &&
	       other.row.broadcast;
}

static void log_ban(struct call *call, const struct channel_context *context,
	const struct membership_row *before, const struct membership_row *after)
{
	struct channel_member members[2];

	channel_member_from_row(call, before, &members[0]);
	channel_member_from_row(call, after, &members[1]);
	admin_log(call, context,
		&(struct admin_entry){.event = EVENT_BAN, .members = {&members[0], &members[1]}});
}

int channel_ban_sender(
	struct call *call, int64_t id, int64_t sender, uint32_t banned, struct update_set *answer)
{
	const struct membership_row out = {.user = -sender, .channel = id, .role = ROLE_LEFT};
	struct membership_row before, after = {.user = -sender,
					      .channel = id,
					      .role = ROLE_BANNED,
					      .banned_rights = banned | CHAT_SEE,
					      .by_user = call->user,
					      .changed_at_s = call->now_s};
	struct channel_context context;
	bool was;

	if (channel_need_admin(call, id, ADMIN_BAN, &context) < 0)
		return -1;
	if (!may_be_banned(call, &context, sender))
		return rpc_error(call, 400, "PARTICIPANT_ID_INVALID");
	was = home_members_find_in(call_home(call), call->arena, id, -sender, &before);
	if (!banned && was)
		home_members_delete(call_home(call), -sender, id);
	if (banned && !was)
		home_members_insert(call_home(call), &after);
	if (banned)
		home_members_set_standing(call_home(call), &after);
	if (banned || was)
		log_ban(call, &context, was ? &before : &out, banned ? &after : &out);
	channel_answer_members(call, &context, ACTION_NONE, NULL, 0, answer);
	return 0;
}

bool channel_sender_is_banned(struct call *call, int64_t id, int64_t sender)
{
	struct membership_row row;

	return home_members_find(call_home(call), -sender, id, &row);
}
