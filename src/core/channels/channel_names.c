/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names of channels. A channel with a name is public and lives in the square. The namespace itself
 * is core/accounts/public_names.c.
 */
#include "base/text.h"
#include "core/channels/admin_log.h"
#include "core/channels/channel_load.h"
#include "core/channels/move.h"
#include "core/accounts/network_budget.h"
#include "core/accounts/public_names.h"
#include "store/square_channels.h"

/* How many public channels the viewer has made. */
bool channel_names_full(struct call *call)
{
	struct membership_row *rows =
		arena_array(call->arena, CHANNEL_MEMBERSHIPS_MAX, sizeof(*rows));
	const size_t count =
		home_members_of_user(call_home(call), call->user, rows, CHANNEL_MEMBERSHIPS_MAX);
	size_t held = 0;

	for (size_t i = 0; i < count; i++)
		held += rows[i].role == ROLE_CREATOR &&
			square_channels_has(call_square(call), rows[i].channel) &&
			!square_channels_leaving(call_square(call), rows[i].channel);
	return held >= CHANNEL_NAMES_MAX;
}

int channel_username_check(struct call *call, int64_t id, struct bytes name, bool *is_free)
{
	struct channel_context context;

	if (id && channel_need_open(call, id, &context) < 0)
		return -1;
	if (!public_name_is_valid(name))
		return rpc_error(call, 400, "USERNAME_INVALID");
	*is_free = public_name_is_free(call, name);
	return 0;
}

/* From one name to another, or to another case of the same. */
static int username_change(struct call *call, struct channel_context *context, struct bytes name)
{
	const struct bytes old_name = context->row.username;

	if (!public_name_is_same(call, old_name, name)) {
		if (!public_name_is_free(call, name))
			return rpc_error(call, 400, "USERNAME_OCCUPIED");
		public_name_release(call, old_name);
		public_name_take(call, name, (struct peer){PEER_CHANNEL, context->row.id});
	}
	context->row.username = name;
	square_channels_update(call_square(call), &context->row);
	channel_refresh(call, context);
	return 0;
}

static int username_first(struct call *call, struct channel_context *context, struct bytes name)
{
	if (channel_names_full(call))
		return rpc_error(call, 400, "CHANNELS_ADMIN_PUBLIC_TOO_MUCH");
	if (!public_name_is_free(call, name))
		return rpc_error(call, 400, "USERNAME_OCCUPIED");
	context->row.username = name;
	return move_to_square(call, context);
}

int channel_username_set(struct call *call, int64_t id, struct bytes name)
{
	struct channel_context context;
	struct bytes before;
	int result;

	if (channel_need_creator(call, id, &context) < 0)
		return -1;
	if (name.size > 0 && !public_name_is_valid(name))
		return rpc_error(call, 400, "USERNAME_INVALID");
	if (bytes_equal(name, context.row.username))
		return rpc_error(call, 400, "USERNAME_NOT_MODIFIED");
	before = context.row.username;
	if (name.size == 0)
		result = move_to_home(call, &context);
	else if (context.row.in_square)
		result = username_change(call, &context, name);
	else
		result = username_first(call, &context, name);
	if (result < 0)
		return -1;
	channel_tell_changed(call, &context);
	admin_log(call, &context,
		&(struct admin_entry){.event = EVENT_USERNAME, .texts = {before, name}});
	return 0;
}

int channel_lookup_take(struct call *call)
{
	if (account_budget_take(call, "names", CHANNEL_LOOKUPS_PER_DAY) < 0)
		return -1;
	call->keep_writes = true; /* a miss costs as much as a hit */
	return 0;
}

bool channel_by_username(struct call *call, struct bytes name, struct channel_view *out)
{
	struct peer peer;

	return public_name_find(call, name, &peer) && peer.kind == PEER_CHANNEL &&
	       channel_find(call, peer.id, out);
}

int channel_search(struct call *call, struct bytes prefix, int32_t limit, struct channel_views *out)
{
	int64_t ids[PUBLIC_NAMES_FOUND_MAX];
	const size_t count = public_names_search(call, prefix, PEER_CHANNEL, ids, limit);

	*out = (struct channel_views){.at = arena_array(call->arena, count, sizeof(*out->at))};
	for (size_t i = 0; i < count; i++)
		if (channel_find(call, ids[i], &out->at[out->count]) &&
			!out->at[out->count].restricted)
			out->count++;
	return 0;
}
