/* SPDX-License-Identifier: Apache-2.0 */
/* The list is made anew for each call: what one could write as yesterday, one may not today. */
#include "core/channels/send_as.h"

#include "core/channels/channel_load.h"
#include "core/channels/channel_rights.h"
#include "core/channels/channel_standing.h"
#include "core/accounts/users.h"
#include "store/home_settings.h"

static void list_add(struct send_as *list, enum peer_kind kind, int64_t id)
{
	for (size_t i = 0; i < list->count; i++) {
		if (list->at[i].kind == kind && list->at[i].id == id)
			return;
	}
	if (list->count < SEND_AS_MAX)
		list->at[list->count++] = (struct peer){kind, id};
}

static bool list_has(const struct send_as *list, struct peer as)
{
	for (size_t i = 0; i < list->count; i++) {
		if (list->at[i].kind == as.kind && list->at[i].id == as.id)
			return true;
	}
	return false;
}

/* Own channels that are public, and the one whose posts are discussed here. Where the group is
 * neither public nor of a channel, that is for its admins. */
static void add_channels(struct call *call, const struct channel_view *in, struct send_as *list)
{
	const struct channel *channel = in->channel;
	struct channel_views mine;

	if (!channel->in_square && !channel->settings.linked && !channel_is_admin(in))
		return;

	channel_memberships(call, &mine);
	for (size_t i = 0; i < mine.count; i++) {
		const struct channel_view *view = &mine.at[i];

		if (view->my.role == ROLE_CREATOR && view->channel->broadcast &&
			!view->restricted &&
			(view->channel->in_square ||
				view->channel->id == channel->settings.linked) &&
			!channel_sender_is_banned(call, channel->id, view->channel->id))
			list_add(list, PEER_CHANNEL, view->channel->id);
	}
}

static void list_make(struct call *call, const struct channel_view *view, struct send_as *list)
{
	const struct channel *channel = view->channel;
	const bool anonymous = channel_admin_may(view, ADMIN_ANONYMOUS);

	*list = (struct send_as){0};
	if (channel->broadcast) {
		/* Only where posts link who wrote them is there anything to choose. */
		if (!(channel->settings.flags & CHANNEL_SIGNATURE_PROFILES) ||
			!channel_admin_may(view, ADMIN_POST))
			return;
		list_add(list, PEER_USER, call->user);
		list_add(list, PEER_CHANNEL, channel->id);
		return;
	}
	/* Who is anonymous must not show himself by mistake. */
	if (anonymous)
		list_add(list, PEER_CHANNEL, channel->id);
	else
		list_add(list, PEER_USER, call->user);
	add_channels(call, view, list);
}

int send_as_list(struct call *call, int64_t channel, struct send_as *out)
{
	struct channel_context context;

	if (channel_need_guest(call, channel, &context) < 0)
		return -1;
	list_make(call, &context.view, out);
	return 0;
}

static bool chosen_before(struct call *call, int64_t channel, struct peer *as)
{
	struct home_setting row = {
		.kind = HOME_SETTING_SEND_AS, .peer_kind = PEER_CHANNEL, .peer = channel};

	if (!home_setting_get(call_home(call), call->store->vault, call->arena, call->user, &row) ||
		row.value.size != 9)
		return false;
	*as = (struct peer){
		(enum peer_kind)row.value.data[0], (int64_t)load_u64le(row.value.data + 1)};
	return true;
}

int send_as_set_default(struct call *call, int64_t channel, struct peer as)
{
	uint8_t value[9] = {(uint8_t)as.kind};
	const struct home_setting row = {.kind = HOME_SETTING_SEND_AS,
		.peer_kind = PEER_CHANNEL,
		.peer = channel,
		.value = {value, sizeof(value)},
		.changed_at_s = call->now_s};
	struct send_as list;

	if (send_as_list(call, channel, &list) < 0)
		return -1;
	if (!list_has(&list, as))
		return rpc_error(call, 400, "SEND_AS_PEER_INVALID");
	store_u64le(value + 1, (uint64_t)as.id);
	home_setting_put(call_home(call), call->store->vault, call->arena, call->user, &row);
	return 0;
}

static struct peer default_of(struct call *call, int64_t channel, const struct send_as *list)
{
	struct peer as;

	if (chosen_before(call, channel, &as) && list_has(list, as))
		return as;
	return list->count ? list->at[0] : (struct peer){0};
}

struct peer send_as_default(struct call *call, const struct channel_view *view)
{
	struct send_as list;

	list_make(call, view, &list);
	return list.count > 1 ? default_of(call, view->channel->id, &list) : (struct peer){0};
}

/* Who chose a channel that was banned since is not shown as himself instead. */
static bool is_banned(struct call *call, int64_t channel, struct peer named)
{
	struct peer as = named;

	if (named.kind == PEER_NONE && !chosen_before(call, channel, &as))
		return false;
	return as.kind == PEER_CHANNEL && channel_sender_is_banned(call, channel, as.id);
}

/* What there is no choice of may be named, too. */
static bool is_only(const struct call *call, const struct channel *channel, struct peer as)
{
	if (as.kind == PEER_CHANNEL)
		return channel->broadcast && as.id == channel->id;
	return as.kind == PEER_USER && as.id == call->user;
}

/* Who scheduled in his own name and has become anonymous since. */
static bool is_shown_no_more(
	const struct call *call, const struct send_as *list, const struct message *draft)
{
	return draft->was_scheduled && draft->from.kind == PEER_USER &&
	       draft->from.id == call->user && list->count && !list_has(list, draft->from);
}

int send_as_settle(struct call *call, const struct channel_context *context, struct message *draft,
	struct peer *chosen)
{
	const struct channel *channel = context->shared;
	const struct peer named = draft->from;
	struct peer as = named;
	struct send_as list;

	if (is_banned(call, channel->id, named))
		return rpc_error(call, 400, "USER_BANNED_IN_CHANNEL");

	list_make(call, &context->view, &list);
	if (named.kind == PEER_NONE)
		as = default_of(call, channel->id, &list);
	else if (is_shown_no_more(call, &list, draft))
		as = (struct peer){PEER_CHANNEL, channel->id};
	else if (!list_has(&list, named) && !(is_only(call, channel, named) && !list.count))
		return rpc_error(call, 400, "SEND_AS_PEER_INVALID");
	*chosen = as;
	draft->from = (struct peer){0};
	draft->signature = (struct bytes){NULL, 0};
	/* In the name of the group itself: channel_sign. */
	if (!channel->broadcast && as.kind == PEER_CHANNEL && as.id != channel->id)
		draft->from = as;
	if (channel->broadcast && channel->settings.flags & CHANNEL_SIGNATURES &&
		as.kind != PEER_CHANNEL)
		draft->signature = user_full_name(call, call->user);
	return 0;
}
