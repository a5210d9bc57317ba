/* SPDX-License-Identifier: Apache-2.0 */
/* Joining, leaving, and who is in a channel. The count's truth is the home's; the square has a
 * copy. */
#include "core/channel_load.h"
#include "core/users.h"
#include "store/square_channels.h"

#define MEMBERS_PER_CALL_MAX 200
#define ADMINS_MAX 200		 /* of one channel: more than stock clients let anyone name */
#define MEMBERS_OFFSET_MAX 10000 /* clients page no further; bounds the rows skipped */

static void members_add(struct call *call, struct channel_context *context, int64_t delta)
{
	const int64_t members = home_member_counts_add(call_home(call), context->row.id, delta);

	if (context->row.in_square)
		square_channels_set_members(context->place.db, context->row.id, members);
	channel_refresh(call, context);
	channel_tell_membership(call, context, call->user);
	channel_tell_self(call, context);
}

static void answer_channel(
	struct call *call, const struct channel_context *context, struct update_set *answer)
{
	*answer = (struct update_set){0};
	channel_answer_add(call, answer, UPDATE_CHANNEL, context->row.id);
	channel_answer_finish(call, context, answer);
}

/* What was there before is not unread. */
static void member_insert(struct call *call, struct channel_context *context)
{
	context->membership = (struct membership_row){
		.user = call->user,
		.channel = context->row.id,
		.role = ROLE_MEMBER,
		.joined_at_s = call->now_s,
		.read_inbox = context->row.top_id,
	};
	home_members_insert(call_home(call), &context->membership);
	members_add(call, context, 1);
}

static bool member_has_room(struct call *call)
{
	return home_members_of_user_count(call_home(call), call->user) < CHANNEL_MEMBERSHIPS_MAX;
}

int channel_join(struct call *call, int64_t id, struct update_set *answer)
{
	struct channel_context context;

	if (channel_need_open(call, id, &context) < 0)
		return -1;
	if (channel_is_member(&context.view)) {
		answer_channel(call, &context, answer);
		return 0;
	}
	if (!member_has_room(call))
		return rpc_error(call, 400, "CHANNELS_TOO_MUCH");
	member_insert(call, &context);
	answer_channel(call, &context, answer);
	return 0;
}

/* Runs as the account that is brought in, so that what it is told is made for it. Only who has the
 * inviter among its contacts, and the other way round, can be brought in. */
static bool invite_one(struct call *call, int64_t id, int64_t user)
{
	struct call as_user = *call;
	struct channel_context context;
	struct user seen;

	if (user_view(call, user, &seen) < 0 || !seen.is_mutual)
		return false;
	as_user.user = user;
	as_user.session_id = 0;
	if (!channel_load(&as_user, id, &context) || context.view.restricted ||
		context.view.role == ROLE_BANNED)
		return false;
	if (channel_is_member(&context.view))
		return true;
	if (!member_has_room(&as_user))
		return false;
	member_insert(&as_user, &context);
	return true;
}

int channel_invite(struct call *call, int64_t id, const int64_t *users, size_t count,
	int64_t *missing, size_t *missing_count, struct update_set *answer)
{
	struct channel_context context;

	if (channel_need_open(call, id, &context) < 0)
		return -1;
	if (!channel_is_admin(&context.view))
		return rpc_error(call, 400, "CHAT_ADMIN_REQUIRED");
	*missing_count = 0;
	for (size_t i = 0; i < count; i++)
		if (!invite_one(call, id, users[i]))
			missing[(*missing_count)++] = users[i];
	channel_refresh(call, &context);
	answer_channel(call, &context, answer);
	return 0;
}

int channel_leave(struct call *call, int64_t id, struct update_set *answer)
{
	struct channel_context context;

	/* Also from under a restriction: nobody is held. */
	if (channel_need(call, id, &context) < 0)
		return -1;
	if (!channel_is_member(&context.view))
		return rpc_error(call, 400, "USER_NOT_PARTICIPANT");
	if (context.view.role == ROLE_CREATOR)
		return rpc_error(call, 400, "USER_CREATOR");
	home_members_delete(call_home(call), call->user, id);
	channel_note_departure(call, &context, call->user);
	context.membership = (struct membership_row){.role = ROLE_LEFT};
	members_add(call, &context, -1);
	answer_channel(call, &context, answer);
	return 0;
}

static int32_t clamp(int32_t value, int32_t least, int32_t most)
{
	if (value < least)
		return least;
	return value > most ? most : value;
}

/* Who is subscribed to a broadcast channel is its owner's business alone; members of a group see
 * each other. */
static int members_may_see(struct call *call, const struct channel_view *view)
{
	if (channel_is_admin(view) || (!view->channel->broadcast && channel_is_member(view)))
		return 0;
	return rpc_error(call, 400, "CHAT_ADMIN_REQUIRED");
}

/* An admin's page: they are few, so it is cut from all of them. */
static size_t admins_page(struct call *call, int64_t id, int32_t offset, int32_t limit,
	struct membership_row **rows, int64_t *total)
{
	struct membership_row *all = arena_array(call->arena, ADMINS_MAX, sizeof(*all));
	const size_t count =
		home_members_admins(call_home(call), id, ROLE_ADMIN, ROLE_CREATOR, all, ADMINS_MAX);
	const size_t skip = (size_t)offset < count ? (size_t)offset : count;

	*rows = all + skip;
	*total = (int64_t)count;
	return count - skip < (size_t)limit ? count - skip : (size_t)limit;
}

int channel_members(struct call *call, int64_t id, enum channel_member_filter filter,
	int32_t offset, int32_t limit, struct channel_members *out)
{
	struct channel_context context;
	struct membership_row *rows;

	if (channel_need_open(call, id, &context) < 0 || members_may_see(call, &context.view) < 0)
		return -1;
	limit = clamp(limit, 0, MEMBERS_PER_CALL_MAX);
	offset = clamp(offset, 0, MEMBERS_OFFSET_MAX);
	if (filter == MEMBERS_ADMINS) {
		out->count = admins_page(call, id, offset, limit, &rows, &out->total);
	} else {
		rows = arena_array(call->arena, (size_t)limit, sizeof(*rows));
		out->count =
			home_members_of_channel(call_home(call), id, offset, rows, (size_t)limit);
		out->total = context.shared->members;
	}
	out->at = arena_array(call->arena, out->count, sizeof(*out->at));
	for (size_t i = 0; i < out->count; i++)
		out->at[i] = (struct channel_member){
			rows[i].user, (enum channel_role)rows[i].role, rows[i].joined_at_s};
	return 0;
}

int channel_member(struct call *call, int64_t id, int64_t user, struct channel_member *out)
{
	struct channel_context context;
	struct membership_row row;

	if (channel_need_open(call, id, &context) < 0)
		return -1;
	if (user != call->user && members_may_see(call, &context.view) < 0)
		return -1;
	if (!home_members_find(call_home(call), user, id, &row))
		return rpc_error(call, 400, "USER_NOT_PARTICIPANT");
	*out = (struct channel_member){user, (enum channel_role)row.role, row.joined_at_s};
	return 0;
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
