/* SPDX-License-Identifier: Apache-2.0 */
#include "core/channels/channel_rights.h"

#include "core/channels/channel_standing.h"

uint32_t channel_admin_rights(const struct channel_view *view)
{
	if (view->my.role == ROLE_CREATOR)
		return ADMIN_ALL | (view->my.admin_rights & ADMIN_ANONYMOUS);
	return view->my.role == ROLE_ADMIN ? view->my.admin_rights | ADMIN_OTHER : 0;
}

bool channel_admin_may(const struct channel_view *view, enum admin_right right)
{
	return (channel_admin_rights(view) & right) != 0;
}

uint32_t channel_limits(const struct channel_view *view)
{
	if (channel_is_admin(view))
		return 0;
	return view->channel->settings.banned_rights | view->my.banned_rights;
}

int channel_need_admin(
	struct call *call, int64_t id, enum admin_right right, struct channel_context *out)
{
	if (channel_need_open(call, id, out) < 0)
		return -1;
	if (!channel_admin_may(&out->view, right))
		return rpc_error(call, 400, "CHAT_ADMIN_REQUIRED");
	return 0;
}

int channel_need_either(struct call *call, int64_t id, enum admin_right admin,
	enum chat_right limit, struct channel_context *out)
{
	if (channel_need_open(call, id, out) < 0)
		return -1;
	if (channel_admin_may(&out->view, admin))
		return 0;
	/* An admin without the right may still do what everybody may. */
	if (!out->row.broadcast && channel_is_member(&out->view) &&
		!((channel_limits(&out->view) | out->shared->settings.banned_rights) & limit))
		return 0;
	return rpc_error(call, 400, "CHAT_ADMIN_REQUIRED");
}

int channel_need_thawed(struct call *call, const struct channel_context *context)
{
	if (context->row.frozen_until_s > call->now_s)
		return rpc_error(call, 403, "CHAT_WRITE_FORBIDDEN");
	return 0;
}

int channel_may_send(struct call *call, const struct channel_context *context, uint32_t rights)
{
	const struct channel_view *view = &context->view;
	const struct channel_settings *settings = &view->channel->settings;

	if (channel_need_thawed(call, context) < 0)
		return -1;
	if (context->row.broadcast) {
		if (channel_admin_may(view, ADMIN_POST))
			return 0;
		return rpc_error(call, 403, "CHAT_WRITE_FORBIDDEN");
	}
	/* Comments are for all people who read the channel, unless the group is for its members:
	 * core/posts/threads.h looks where it goes. */
	if (!channel_is_member(view) && (!settings->linked || call->is_bot))
		return rpc_error(call, 403, "CHAT_WRITE_FORBIDDEN");
	if (!channel_is_member(view) && settings->flags & CHANNEL_JOIN_TO_SEND)
		return rpc_error(call, 403, "CHAT_GUEST_SEND_FORBIDDEN");
	if (view->my.banned_rights & CHAT_SEND && !channel_is_admin(view))
		return rpc_error(call, 400, "USER_BANNED_IN_CHANNEL");
	rights &= channel_limits(view);
	return rights ? chat_refuse(call, rights) : 0;
}

int64_t channel_next_send(struct call *call, const struct channel_view *view)
{
	const int32_t pause_s = view->channel->settings.slowmode_s;
	int64_t next_s;

	if (pause_s <= 0 || !channel_is_member(view) || channel_is_admin(view))
		return 0;
	next_s = home_members_sent_at(call_home(call), call->user, view->channel->id) + pause_s;
	return next_s > call->now_s ? next_s : 0;
}

int channel_slow_down(struct call *call, const struct channel_context *context)
{
	const int64_t next_s = channel_next_send(call, &context->view);

	if (next_s)
		return rpc_error_number(call, 420, "SLOWMODE_WAIT_", next_s - call->now_s);
	if (context->shared->settings.slowmode_s > 0 && !channel_is_admin(&context->view))
		home_members_set_sent_at(call_home(call), call->user, context->row.id, call->now_s);
	return 0;
}

void channel_sign(struct call *call, const struct channel_context *context, struct message *draft)
{
	struct channel_member member;
	struct membership_row row;

	if (context->row.broadcast || draft->from.kind == PEER_CHANNEL ||
		!channel_admin_may(&context->view, ADMIN_ANONYMOUS))
		return;
	draft->from = (struct peer){PEER_CHANNEL, context->row.id};
	if (!home_members_find_in(call_home(call), call->arena, context->row.id, call->user, &row))
		return;
	channel_member_from_row(call, &row, &member);
	draft->signature = member.rank;
}
