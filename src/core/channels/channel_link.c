/* SPDX-License-Identifier: Apache-2.0 */
/* Both ends are written in one call; what only one end says is no link. */
#include "core/channels/channel_link.h"

#include "core/channels/channel_rights.h"
#include "store/home_chats.h"

/* Threads of a forum are its topics. */
#define UNFIT (CHANNEL_GIGAGROUP | CHANNEL_FORUM)

static void link_to(struct call *call, struct channel_context *context, int64_t other)
{
	context->shared->settings.linked = other;
	if (!other)
		context->shared->settings.flags &= ~(uint32_t)CHANNEL_JOIN_TO_SEND;
	channel_store(call, context);
}

static void unlink_end(struct call *call, int64_t id, int64_t other)
{
	struct channel_context end;

	if (channel_load(call, id, &end) && end.shared->settings.linked == other)
		link_to(call, &end, 0);
}

void channel_unlink(struct call *call, struct channel_context *context)
{
	const int64_t other = context->shared->settings.linked;

	if (!other)
		return;
	unlink_end(call, other, context->row.id);
	link_to(call, context, 0);
}

static int open_broadcast(struct call *call, int64_t id, struct channel_context *out)
{
	if (channel_need_admin(call, id, ADMIN_CHANGE_INFO, out) < 0)
		return -1;
	return out->row.broadcast ? 0 : rpc_error(call, 400, "BROADCAST_ID_INVALID");
}

static int open_group(struct call *call, int64_t id, struct channel_context *out)
{
	if (channel_need_admin(call, id, ADMIN_PIN, out) < 0)
		return -1;
	if (out->row.broadcast || out->shared->settings.flags & UNFIT)
		return rpc_error(call, 400, "MEGAGROUP_ID_INVALID");
	return 0;
}

static int unlink_one(struct call *call, struct channel_context *context)
{
	if (!context->shared->settings.linked)
		return rpc_error(call, 400, "LINK_NOT_MODIFIED");
	channel_unlink(call, context);
	return 0;
}

int channel_link(struct call *call, int64_t broadcast, int64_t group)
{
	struct channel_context channel = {0}, place = {0};

	if ((broadcast && open_broadcast(call, broadcast, &channel) < 0) ||
		(group && open_group(call, group, &place) < 0))
		return -1;
	if (!broadcast || !group) {
		if (!broadcast && !group)
			return rpc_error(call, 400, "LINK_NOT_MODIFIED");
		return unlink_one(call, broadcast ? &channel : &place);
	}
	if (channel.shared->settings.linked == group)
		return rpc_error(call, 400, "LINK_NOT_MODIFIED");
	if (place.shared->settings.flags & CHANNEL_HISTORY_HIDDEN)
		return rpc_error(call, 400, "MEGAGROUP_PREHISTORY_HIDDEN");
	channel_unlink(call, &channel);
	channel_unlink(call, &place);
	link_to(call, &channel, group);
	link_to(call, &place, broadcast);
	return 0;
}

static void candidate_chats(struct call *call, struct chat_views *out)
{
	int64_t *ids;
	const size_t count = home_user_chats(
		call_home(call), call->arena, call->user, 0, CHAT_MEMBERSHIPS_MAX, &ids);

	*out = (struct chat_views){.at = arena_array(call->arena, count, sizeof(*out->at))};
	for (size_t i = 0; i < count; i++) {
		struct chat_view *view = &out->at[out->count];

		if (chat_view_for(call, call->user, ids[i], view) && view->role == CHAT_CREATOR &&
			!view->chat.deactivated)
			out->count++;
	}
}

int channel_link_candidates(
	struct call *call, struct channel_views *groups, struct chat_views *chats)
{
	size_t kept = 0;

	if (channel_memberships(call, groups) < 0)
		return -1;
	for (size_t i = 0; i < groups->count; i++) {
		const struct channel_view *view = &groups->at[i];

		if (!view->channel->broadcast && channel_admin_may(view, ADMIN_PIN) &&
			!view->restricted && !view->channel->settings.linked &&
			!(view->channel->settings.flags & UNFIT))
			groups->at[kept++] = *view;
	}
	groups->count = kept;
	candidate_chats(call, chats);
	return 0;
}
