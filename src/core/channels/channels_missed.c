/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What became of an account's channels while a device of it was away: joined and left on another
 * device, read there, posted in, restricted; and what their admins made of it. None of it is an
 * event of the box, so it is told by time, once too often rather than once too seldom. A channel's
 * own difference is core/posts/posts_difference.c.
 */
#include "core/changes.h"
#include "core/channels/channel_load.h"
#include "core/posts/posts_private.h"

/* A client's last state may be of the very second of the change, or of a clock that ran ahead. */
#define MISSED_SLACK_S 60
#define MISSED_PER_CHANNEL 4 /* updates that one membership gives at most */

static struct update *tell(struct update_set *set, enum update_kind kind, int64_t channel)
{
	struct update *update = &set->updates[set->update_count++];

	*update = (struct update){.kind = kind, .peer = {PEER_CHANNEL, channel}};
	return update;
}

static void tell_membership(struct call *call, const struct membership_row *row, int64_t since_s,
	struct update_set *set)
{
	const size_t before = set->update_count;
	struct channel_context context;
	struct update *update;

	if (!channel_load(call, row->channel, &context) || !channel_is_member(&context.view))
		return;
	/* When it was restricted is not known here. */
	if (row->joined_at_s >= since_s || row->changed_at_s >= since_s ||
		context.view.restricted ||
		channel_change_since(call, row->channel, CHANGE_CHANNEL, since_s))
		tell(set, UPDATE_CHANNEL, row->channel);
	if (!context.view.restricted && row->read_at_s >= since_s) {
		update = tell(set, UPDATE_CHANNEL_READ_INBOX, row->channel);
		update->max_id = row->read_inbox;
		update->unread = channel_unread(&context, row->read_inbox);
		update->pts = context.row.pts;
	}
	if (!context.view.restricted &&
		channel_change_since(call, row->channel, CHANGE_READ_OUTBOX, since_s))
		tell(set, UPDATE_CHANNEL_READ_OUTBOX, row->channel)->max_id =
			channel_read_outbox(call, &context);
	if (!context.view.restricted && channel_events_newest_s(&context.place) >= since_s)
		tell(set, UPDATE_CHANNEL_BEHIND, row->channel)->pts = context.row.pts;
	if (set->update_count > before)
		set->channels[set->channel_count++] = context.view;
}

/* A public channel as anybody sees it; of any other, nothing but that it is out of reach. */
static struct channel_view departed_view(struct call *call, const struct departure_row *row)
{
	struct channel_context context;
	struct channel *gone;

	if (channel_load(call, row->channel, &context) && context.row.in_square)
		return context.view;
	gone = ARENA_NEW(call->arena, struct channel);
	*gone = (struct channel){
		.id = row->channel, .broadcast = row->broadcast, .title = BYTES_LITERAL("")};
	return (struct channel_view){.channel = gone,
		.access_hash = channel_access_hash(call, row->channel),
		.my.role = ROLE_BANNED};
}

int channels_tell_behind(struct call *call, int64_t since_s, struct update_set *set)
{
	struct membership_row *rows =
		arena_array(call->arena, CHANNEL_MEMBERSHIPS_MAX, sizeof(*rows));
	struct departure_row *left =
		arena_array(call->arena, CHANNEL_MEMBERSHIPS_MAX, sizeof(*left));
	const int64_t from_s = since_s - MISSED_SLACK_S;
	const size_t row_count =
		home_members_of_user(call_home(call), call->user, rows, CHANNEL_MEMBERSHIPS_MAX);
	const size_t left_count = home_departures_since(
		call_home(call), call->user, from_s, left, CHANNEL_MEMBERSHIPS_MAX);
	struct update_set all = *set;

	all.updates = arena_array(call->arena,
		set->update_count + MISSED_PER_CHANNEL * row_count + left_count,
		sizeof(*all.updates));
	all.channels = arena_array(
		call->arena, set->channel_count + row_count + left_count, sizeof(*all.channels));
	for (size_t i = 0; i < set->update_count; i++)
		all.updates[i] = set->updates[i];
	for (size_t i = 0; i < set->channel_count; i++)
		all.channels[i] = set->channels[i];
	for (size_t i = 0; i < row_count; i++)
		tell_membership(call, &rows[i], from_s, &all);
	for (size_t i = 0; i < left_count; i++) {
		tell(&all, UPDATE_CHANNEL, left[i].channel);
		all.channels[all.channel_count++] = departed_view(call, &left[i]);
	}
	*set = all;
	return 0;
}
