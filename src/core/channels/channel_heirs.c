/* SPDX-License-Identifier: Apache-2.0 */
#include "core/channels/channel_heirs.h"

#include "core/bots/bots.h"
#include "core/channels/channel_standing.h"
#include "core/accounts/users.h"
#include "store/home_heirs.h"

/* ---- Who it is ---- */

static bool is_anonymous(const struct membership_row *row)
{
	return (row->admin_rights & ADMIN_ANONYMOUS) != 0;
}

/* Rows come by account: the first of one second stays. */
static bool comes_before(const struct membership_row *a, const struct membership_row *b)
{
	return is_anonymous(a) != is_anonymous(b) ? is_anonymous(b)
						  : a->joined_at_s < b->joined_at_s;
}

static bool may_own(
	struct call *call, const struct channel_context *context, const struct membership_row *row)
{
	struct call as_user = *call;

	as_user.user = row->user;
	return row->role != ROLE_CREATOR && !row->banned_rights && !bot_is(call, row->user) &&
	       !(context->row.in_square && channel_names_full(&as_user));
}

/* NULL: none of them. */
static const struct membership_row *first_of(struct call *call,
	const struct channel_context *context, const struct membership_row *rows, size_t count)
{
	const struct membership_row *first = NULL;

	for (size_t i = 0; i < count; i++)
		if ((!first || comes_before(&rows[i], first)) && may_own(call, context, &rows[i]))
			first = &rows[i];
	return first;
}

static const struct membership_row *heir_of(
	struct call *call, const struct channel_context *context)
{
	struct membership_row *rows =
		arena_array(call->arena, HEIR_MEMBERS_LOOKED_MAX, sizeof(*rows));
	const struct membership_row *heir;
	size_t count = home_members_admins(call_home(call), call->arena, context->row.id,
		ROLE_ADMIN, ROLE_ADMIN, rows, CHANNEL_ADMINS_MAX);

	heir = first_of(call, context, rows, count);
	if (heir || context->row.broadcast)
		return heir;
	count = home_members_of_channel(call_home(call), call->arena, context->row.id, MEMBERS_IN,
		0, rows, HEIR_MEMBERS_LOOKED_MAX);
	return first_of(call, context, rows, count);
}

int channel_heir(struct call *call, int64_t id, int64_t *heir)
{
	struct channel_context context;
	const struct membership_row *row;

	if (channel_need_creator(call, id, &context) < 0)
		return -1;
	row = heir_of(call, &context);
	if (!row)
		return rpc_error(call, 400, "PEER_ID_INVALID");
	*heir = row->user;
	return 0;
}

/* ---- The week ---- */

int channel_heir_appoint(struct call *call, const struct channel_context *context, int64_t *said)
{
	const struct membership_row *heir = heir_of(call, context);

	if (!heir)
		return rpc_error(call, 400, "USER_CREATOR");
	home_heirs_put(call_home(call), &(struct heir_row){.channel = context->row.id,
						.departed = call->user,
						.heir = heir->user,
						.due_at_s = call->now_s + HEIR_WAITS_S});
	*said = is_anonymous(heir) ? 0 : heir->user;
	return 0;
}

bool channel_awaits_owner(struct call *call, int64_t id, int64_t user)
{
	struct heir_row row;

	return home_heirs_get(call_home(call), id, &row) && row.departed == user;
}

bool channel_owner_returns(struct call *call, int64_t id)
{
	if (!channel_awaits_owner(call, id, call->user))
		return false;
	home_heirs_delete(call_home(call), id);
	return true;
}

/* ---- The end of it ---- */

/* Who was to have it, if he still may; else who would have it now. */
static const struct membership_row *heir_now(
	struct call *call, const struct channel_context *context, int64_t named)
{
	struct membership_row *row = ARENA_NEW(call->arena, struct membership_row);

	if (named &&
		home_members_find_in(call_home(call), call->arena, context->row.id, named, row) &&
		(row->role == ROLE_ADMIN ||
			(row->role == ROLE_MEMBER && !context->row.broadcast)) &&
		may_own(call, context, row))
		return row;
	return heir_of(call, context);
}

static void put_off(struct call *call, struct heir_row row)
{
	row.due_at_s = call->now_s + HEIR_WAITS_S;
	home_heirs_put(call_home(call), &row);
}

/* As the doing of the one who left, as long as there is his account. */
static void pass_on(struct call *call, const struct heir_row *row)
{
	struct call as_owner = *call;
	struct channel_context context;
	const struct membership_row *heir;
	struct update_set unheard;

	if (!channel_load(call, row->channel, &context)) {
		home_heirs_delete(call_home(call), row->channel);
		return;
	}
	heir = heir_now(call, &context, row->heir);
	if (heir)
		as_owner.user = row->departed ? row->departed : heir->user;
	if (!heir || channel_owner_set(&as_owner, row->channel, heir->user) < 0 ||
		!channel_load(&as_owner, row->channel, &context)) {
		put_off(call, *row);
		return;
	}
	home_heirs_delete(call_home(call), row->channel);
	if (!is_anonymous(heir))
		channel_answer_members(
			&as_owner, &context, ACTION_OWNER_CHANGED, &heir->user, 1, &unheard);
}

bool channels_pass_on(struct call *call)
{
	struct heir_row row;

	if (!home_heirs_due(call_home(call), call->now_s, &row))
		return false;
	pass_on(call, &row);
	return true;
}

int channel_heir_at_once(struct call *call, const struct channel_context *context)
{
	const struct membership_row *heir = heir_of(call, context);
	struct call as_heir = *call;

	if (!heir)
		return -1;
	as_heir.user = heir->user;
	as_heir.session_id = 0;
	return channel_owner_set(&as_heir, context->row.id, heir->user);
}
