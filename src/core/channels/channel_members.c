/* SPDX-License-Identifier: Apache-2.0 */
/* Joining and leaving. Who is in a channel is told by channel_list.c. The count's truth is the
 * home's; the square has a copy. */
#include "core/channels/admin_log.h"
#include "core/bots/bot_ears.h"
#include "core/bots/bots.h"
#include "core/channels/channel_heirs.h"
#include "core/channels/channel_rights.h"
#include "core/channels/channel_stats.h"
#include "core/channels/join_requests.h"
#include "core/accounts/network_budget.h"
#include "core/channels/channel_standing.h"
#include "core/accounts/privacy.h"
#include "core/accounts/users.h"
#include "store/home_mentions.h"
#include "store/square_channels.h"

static void members_count(struct call *call, struct channel_context *context, int64_t delta)
{
	const int64_t members = home_member_counts_add(call_home(call), context->row.id, delta);

	if (context->row.in_square)
		square_channels_set_members(context->place.db, context->row.id, members);
}

void channel_member_moved(struct call *call, struct channel_context *context, int64_t delta)
{
	if (delta)
		members_count(call, context, delta);
	if (delta < 0)
		channel_note_departure(call, context, call->user);
	channel_refresh(call, context);
	stats_members(call, context, delta);
	channel_tell_membership(call, context, call->user);
	/* Whoever is banned from a private channel that he never was in doesn't hear of it. */
	if (delta || channel_is_member(&context->view) || context->row.in_square)
		channel_tell_self(call, context);
}

/* Subscribers of a broadcast channel are nobody's business, and neither are members that a group
 * hides. */
static bool says_who_comes(const struct channel_context *context)
{
	return !context->row.broadcast &&
	       !(context->shared->settings.flags & (CHANNEL_GIGAGROUP | CHANNEL_MEMBERS_HIDDEN));
}

void channel_answer_members(struct call *call, struct channel_context *context,
	enum message_action action, const int64_t *users, size_t count, struct update_set *answer)
{
	struct message *post = ARENA_NEW(call->arena, struct message);

	*answer = (struct update_set){0};
	channel_answer_add(call, answer, UPDATE_CHANNEL, context->row.id);
	if (action != ACTION_NONE && says_who_comes(context)) {
		post->action = action;
		post->users = arena_array(call->arena, count, sizeof(*post->users));
		for (size_t i = 0; i < count; i++)
			post->users[post->user_count++] = users[i];
		channel_say(call, context, post, answer);
	}
	channel_answer_finish(call, context, answer);
}

/* Whoever went with limits comes back with them. */
static void row_renew(
	struct call *call, struct channel_context *context, const struct membership_row *row)
{
	const struct standing kept = context->view.my;
	struct membership_row before = {0};

	if (context->membership.role && home_members_find_in(call_home(call), call->arena,
						row->channel, row->user, &before))
		home_members_delete(call_home(call), row->user, row->channel);
	home_members_insert(call_home(call), row);
	context->membership = *row;
	if (!kept.banned_rights)
		return;
	context->membership.banned_rights = kept.banned_rights;
	context->membership.until_s = kept.until_s;
	context->membership.by_user = before.by_user;
	context->membership.changed_at_s = before.changed_at_s;
	home_members_set_standing(call_home(call), &context->membership);
}

/* What was there before is not unread. */
void channel_member_enter(struct call *call, struct channel_context *context, int64_t inviter)
{
	const struct membership_row row = {
		.user = call->user,
		.channel = context->row.id,
		.role = channel_owner_returns(call, context->row.id) ? ROLE_CREATOR : ROLE_MEMBER,
		.joined_at_s = call->now_s,
		.inviter = inviter,
		.read_inbox = context->row.top_id,
	};
	row_renew(call, context, &row);
	/* What anybody may read is hidden from nobody. */
	if (context->shared->settings.flags & CHANNEL_HISTORY_HIDDEN && !context->row.in_square) {
		context->membership.available_min = context->row.top_id;
		home_members_set_available(
			call_home(call), call->user, context->row.id, context->row.top_id);
	}
	channel_member_moved(call, context, 1);
	join_request_settle(call, (struct peer){PEER_CHANNEL, context->row.id}, call->user);
}

bool channel_member_has_room(struct call *call)
{
	/* Nobody shall fill up a bot for others. */
	return bot_joins_groups(call->user) ||
	       home_members_of_user_count(call_home(call), call->user) < CHANNEL_MEMBERSHIPS_MAX;
}

/* Who owns it comes back into what is private, past restrictions and requests. */
static int join_need(struct call *call, int64_t id, struct channel_context *context)
{
	if (channel_awaits_owner(call, id, call->user) && channel_load(call, id, context))
		return 0;
	return channel_need_open(call, id, context);
}

int channel_join(struct call *call, int64_t id, struct update_set *answer)
{
	struct channel_context context;

	if (join_need(call, id, &context) < 0)
		return -1;
	if (channel_is_member(&context.view)) {
		channel_answer_members(call, &context, ACTION_NONE, NULL, 0, answer);
		return 0;
	}
	if (!channel_member_has_room(call))
		return rpc_error(call, 400, "CHANNELS_TOO_MUCH");
	if (context.shared->settings.flags & CHANNEL_JOIN_REQUEST &&
		!channel_awaits_owner(call, id, call->user))
		return join_request_make(call, (struct peer){PEER_CHANNEL, id}, NULL);
	if (account_budget_take(call, "joins", CHANNEL_JOINS_PER_DAY) < 0)
		return -1;
	channel_member_enter(call, &context, 0);
	admin_log(call, &context, &(struct admin_entry){.event = EVENT_JOIN});
	channel_answer_members(call, &context, ACTION_CHAT_ADD, &call->user, 1, answer);
	return 0;
}

static void log_invite(struct call *call, const struct channel_context *context, int64_t user)
{
	struct membership_row row;
	struct channel_member member;

	if (!home_members_find_in(call_home(call), call->arena, context->row.id, user, &row))
		return;
	channel_member_from_row(call, &row, &member);
	admin_log(call, context,
		&(struct admin_entry){.event = EVENT_INVITE, .members = {NULL, &member}});
}

/* Runs as the account that is brought in, so that what it is told is made for it. Only who has the
 * inviter among its contacts, and the other way round, can be brought in. false: he is not in it.
 * came: he was not, and is now. */
static bool invite_one(struct call *call, int64_t id, int64_t user, bool *came)
{
	struct call as_user = *call;
	struct channel_context context;
	struct user seen;

	*came = false;
	if (user_view(call, user, &seen) < 0 || (!seen.is_mutual && !bot_joins_groups(user)) ||
		!privacy_allows(call, user, PRIVACY_INVITE, call->user))
		return false;
	as_user.user = user;
	as_user.session_id = 0;
	if (!channel_load(&as_user, id, &context) || context.view.restricted ||
		context.view.my.role == ROLE_BANNED)
		return false;
	if (channel_is_member(&context.view))
		return true;
	if (!channel_member_has_room(&as_user))
		return false;
	channel_member_enter(&as_user, &context, call->user);
	bot_note_standing(call, user, (struct peer){PEER_CHANNEL, id}, ROLE_LEFT, ROLE_MEMBER);
	log_invite(call, &context, user);
	*came = true;
	return true;
}

/* Into a channel a bot comes as an admin alone: channel_edit_admin. */
static int check_bots(struct call *call, const struct channel_context *context,
	const int64_t *users, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (!bot_is(call, users[i]))
			continue;
		if (context->row.broadcast)
			return rpc_error(call, 400, "USER_BOT");
		if (!bot_joins_groups(users[i]))
			return rpc_error(call, 400, "BOT_GROUPS_BLOCKED");
	}
	return 0;
}

int channel_invite(struct call *call, int64_t id, const int64_t *users, size_t count,
	int64_t *missing, size_t *missing_count, struct update_set *answer)
{
	int64_t *new_ones = arena_array(call->arena, count, sizeof(*new_ones));
	struct channel_context context;
	size_t new_count = 0;
	bool came;

	if (channel_need_either(call, id, ADMIN_INVITE, CHAT_INVITE, &context) < 0)
		return -1;
	/* Whoever is in so large a group has come by himself. */
	if (context.shared->settings.flags & CHANNEL_GIGAGROUP)
		return rpc_error(call, 400, "CHAT_INVALID");
	if (check_bots(call, &context, users, count) < 0)
		return -1;
	*missing_count = 0;
	for (size_t i = 0; i < count; i++) {
		if (!invite_one(call, id, users[i], &came))
			missing[(*missing_count)++] = users[i];
		if (came)
			new_ones[new_count++] = users[i];
	}
	channel_refresh(call, &context);
	channel_answer_members(call, &context, new_count ? ACTION_CHAT_ADD : ACTION_NONE, new_ones,
		new_count, answer);
	return 0;
}

/* Limits stay, so that nobody sheds them by leaving. */
static void row_leave(struct call *call, struct channel_context *context)
{
	struct membership_row row;

	if (context->view.my.banned_rights && home_members_find_in(call_home(call), call->arena,
						      context->row.id, call->user, &row)) {
		row.role = ROLE_AWAY;
		row.sealed_rank = (struct bytes){0};
		home_members_set_standing(call_home(call), &row);
	} else {
		row = (struct membership_row){.role = ROLE_LEFT};
		home_members_delete(call_home(call), call->user, context->row.id);
	}
	context->membership = row;
}

int channel_leave(struct call *call, int64_t id, struct update_set *answer)
{
	struct channel_context context;
	struct update_set said;
	int64_t heir = 0;

	/* Also from under a restriction: nobody is held. */
	if (channel_need(call, id, &context) < 0)
		return -1;
	if (!channel_is_member(&context.view))
		return rpc_error(call, 400, "USER_NOT_PARTICIPANT");
	if (context.view.my.role == ROLE_CREATOR && channel_heir_appoint(call, &context, &heir) < 0)
		return -1;
	row_leave(call, &context);
	channel_member_moved(call, &context, -1);
	admin_log(call, &context, &(struct admin_entry){.event = EVENT_LEAVE});
	/* Of what is posted there from now on he hears nothing, nor of this. */
	if (heir)
		channel_answer_members(call, &context, ACTION_OWNER_LEFT, &heir, 1, &said);
	else
		channel_answer_members(call, &context, ACTION_CHAT_REMOVE, &call->user, 1, &said);
	channel_answer_members(call, &context, ACTION_NONE, NULL, 0, answer);
	return 0;
}

void channels_leave_all(struct call *call)
{
	struct membership_row *rows =
		arena_array(call->arena, CHANNEL_MEMBERSHIPS_MAX, sizeof(*rows));
	const size_t count =
		home_members_of_user(call_home(call), call->user, rows, CHANNEL_MEMBERSHIPS_MAX);

	for (size_t i = 0; i < count; i++) {
		struct channel_context context;
		struct update_set unheard;

		if (!channel_load(call, rows[i].channel, &context))
			continue;
		if (context.shared->members <= 1 && context.view.my.role == ROLE_CREATOR &&
			!context.view.restricted &&
			channel_delete(call, rows[i].channel, &unheard) == 0)
			continue;
		if (context.view.my.role == ROLE_CREATOR)
			channel_heir_at_once(call, &context);
		home_members_delete(call_home(call), call->user, rows[i].channel);
		members_count(call, &context, -1);
	}
	/* Where it was banned, too. */
	home_members_forget(call_home(call), call->user);
}

int channel_memberships(struct call *call, struct channel_views *out)
{
	struct membership_row *rows =
		arena_array(call->arena, CHANNEL_MEMBERSHIPS_MAX, sizeof(*rows));
	const size_t count =
		home_members_of_user(call_home(call), call->user, rows, CHANNEL_MEMBERSHIPS_MAX);

	out->at = arena_array(call->arena, count, sizeof(*out->at));
	out->count = 0;
	for (size_t i = 0; i < count; i++)
		if (channel_find(call, rows[i].channel, &out->at[out->count]) &&
			channel_is_member(&out->at[out->count]))
			out->count++;
	return 0;
}
