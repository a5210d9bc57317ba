/* SPDX-License-Identifier: Apache-2.0 */
/* Looking at an invite link, and coming in by it. */
#include "core/channels/invite_joins.h"

#include "core/channels/invites_private.h"
#include "core/channels/join_requests.h"
#include "core/accounts/network_budget.h"

#define LINK_TEXT_MAX 256

static bool link_holds(const struct call *call, const struct home_invite_link *link)
{
	return !link->revoked && (link->until_s == 0 || link->until_s > call->now_s) &&
	       (link->limit == 0 || link->uses < link->limit);
}

/* Who was put out by others can't come back by a link, nor see where it leads. */
static bool may_come(struct call *call, const struct invite_host *host)
{
	if (host->peer.kind == PEER_CHANNEL)
		return host->channel.view.my.role != ROLE_BANNED && !host->channel.view.restricted;
	return home_user_chat_state(call_home(call), call->user, host->peer.id) != USER_CHAT_KICKED;
}

static int link_open(struct call *call, struct bytes text, struct home_invite_link *link,
	struct invite_host *host)
{
	uint8_t hash[VAULT_LOOKUP_SIZE];

	if (text.size == 0)
		return rpc_error(call, 400, "INVITE_HASH_EMPTY");
	if (account_budget_take(call, "invite_lookups", INVITE_LOOKUPS_PER_DAY) < 0)
		return -1;
	call->keep_writes = true; /* a miss costs as much as a hit */
	if (text.size > LINK_TEXT_MAX || !invite_link_hash(call, text, hash))
		return rpc_error(call, 400, "INVITE_HASH_INVALID");
	if (!home_invite_link_find(call_home(call), call->store->vault, call->arena, hash, link) ||
		!invite_host_load(call,
			(struct peer){(enum peer_kind)link->place.kind, link->place.id}, host) ||
		!may_come(call, host) ||
		(!link_holds(call, link) && !invite_host_has(call, host, call->user)))
		return rpc_error(call, 400, "INVITE_HASH_EXPIRED");
	return 0;
}

int invite_check(struct call *call, struct bytes text, struct invite_preview *out)
{
	struct home_invite_link link;
	struct invite_host host;

	if (link_open(call, text, &link, &host) < 0)
		return -1;
	*out = (struct invite_preview){.peer = host.peer,
		.member = invite_host_has(call, &host, call->user),
		.asks = link.asks};
	if (host.peer.kind == PEER_CHANNEL) {
		out->channel = host.channel.view;
		out->title = host.channel.row.title;
		out->about = host.channel.row.about;
		out->members = host.channel.shared->members;
		return 0;
	}
	out->title = host.chat.row.title;
	out->about = host.chat.row.about;
	out->members = host.chat.row.members;
	if (out->member)
		chat_view_for(call, call->user, host.peer.id, &out->chat);
	return 0;
}

/* ---- Coming in ---- */

static int need_room(struct call *call, const struct invite_host *host)
{
	if (!may_come(call, host))
		return rpc_error(call, 400, "INVITE_HASH_EXPIRED");
	if (host->peer.kind == PEER_CHANNEL)
		return channel_member_has_room(call) ? 0
						     : rpc_error(call, 400, "CHANNELS_TOO_MUCH");
	if (home_user_chats_count(call_home(call), call->user) >= CHAT_MEMBERSHIPS_MAX)
		return rpc_error(call, 400, "CHANNELS_TOO_MUCH");
	return host->chat.row.members < CHAT_USERS_MAX ? 0 : rpc_error(call, 400, "USERS_TOO_MUCH");
}

/* Of an anonymous admin's link nobody is told whose it was. */
static bool names_link_of(struct call *call, int64_t channel, int64_t admin)
{
	struct membership_row row;

	return !home_members_find_in(call_home(call), call->arena, channel, admin, &row) ||
	       !(row.admin_rights & ADMIN_ANONYMOUS);
}

static void enter_channel(struct call *call, struct channel_context *context,
	enum message_action action, int64_t inviter, struct update_set *answer)
{
	const bool named =
		action == ACTION_JOINED_BY_LINK && names_link_of(call, context->row.id, inviter);

	channel_member_enter(call, context, inviter);
	channel_answer_members(call, context, action, &inviter, named ? 1 : 0, answer);
}

static int enter_chat(struct call *call, struct chat_context *context, enum message_action action,
	int64_t inviter, struct update_set *answer)
{
	struct message draft = {.action = action,
		.users = &inviter,
		.user_count = action == ACTION_JOINED_BY_LINK ? 1 : 0};

	return chat_admit(call, context, call->user, inviter) < 0
		       ? -1
		       : chat_announce(call, context, &draft, answer);
}

int invite_enter(struct call *call, struct invite_host *host, struct home_join *join,
	const struct home_invite_link *link, struct update_set *answer)
{
	const bool asked = join->approved_by != 0;
	const enum message_action action = asked ? ACTION_JOINED_BY_REQUEST : ACTION_JOINED_BY_LINK;
	const int64_t inviter = link ? link->admin : join->approved_by;
	struct db *home = call_home(call);

	if (need_room(call, host) < 0)
		return -1;
	/* Who decides tells the others by himself, once. */
	if (asked)
		home_join_delete(home, call->arena, host->place, join->user);
	if (host->peer.kind == PEER_CHANNEL) {
		enter_channel(call, &host->channel, action, inviter, answer);
		invite_log(call, &host->channel, asked ? EVENT_JOIN_BY_REQUEST : EVENT_JOIN_BY_LINK,
			link, join->approved_by);
	} else if (enter_chat(call, &host->chat, action, inviter, answer) < 0) {
		return -1;
	}
	home_join_put(home, call->arena, host->place, join);
	if (link)
		home_invite_link_count(home, join->hash, 1, 0);
	return 0;
}

int invite_join(struct call *call, struct bytes text, struct update_set *answer)
{
	struct home_join join = {.user = call->user, .by_link = true, .date_s = call->now_s};
	struct home_invite_link link;
	struct invite_host host;

	if (link_open(call, text, &link, &host) < 0)
		return -1;
	memcpy(join.hash, link.hash, sizeof(join.hash));
	if (invite_host_has(call, &host, call->user))
		return rpc_error(call, 400, "USER_ALREADY_PARTICIPANT");
	if (link.asks)
		return need_room(call, &host) < 0 ? -1 : join_request_make(call, host.peer, &link);
	return invite_enter(call, &host, &join, &link, answer);
}
