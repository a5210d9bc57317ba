/* SPDX-License-Identifier: Apache-2.0 */
/* Deleting channels. Everything that hangs on one is named in channel_end_rest. */
#include "core/channels/channel_end.h"

#include "core/changes.h"
#include "core/channels/channel_link.h"
#include "core/channels/channel_load.h"
#include "core/channels/move.h"
#include "core/accounts/public_names.h"
#include "store/home_doomed.h"
#include "store/home_post_reactions.h"
#include "store/home_stats.h"

/* The index of who is online where forgets the members. False: none were left. */
static bool members_dismiss(struct call *call, struct channel_context *context, bool one_by_one)
{
	struct membership_row *rows = arena_array(call->arena, CHANNEL_END_ROWS_MAX, sizeof(*rows));
	const size_t count = home_members_of_channel(call_home(call), call->arena, context->row.id,
		MEMBERS_IN, 0, rows, CHANNEL_END_ROWS_MAX);

	context->view.my = (struct standing){.role = ROLE_BANNED};
	for (size_t i = 0; i < count; i++) {
		channel_tell_membership(call, context, rows[i].user);
		channel_note_departure(call, context, rows[i].user);
		if (one_by_one)
			home_members_delete(call_home(call), rows[i].user, context->row.id);
	}
	return count > 0;
}

static void channel_end_rest(struct call *call, int64_t id)
{
	move_forget(call, id);
	home_authors_delete_all(call_home(call), id);
	home_stats_delete(call_home(call), id);
	home_remains_put(call_home(call), id, 0);
	home_members_delete_all(call_home(call), id);
	home_members_forget(call_home(call), -id);
	channel_changes_forget(call, id);
}

static void end_at_once(struct call *call, struct channel_context *context)
{
	members_dismiss(call, context, false);
	channel_end_rest(call, context->row.id);
}

static void end_later(struct call *call, struct channel_context *context)
{
	const int64_t id = context->row.id;

	home_doomed_put(call_home(call), id, context->row.broadcast);
	channel_rows_drop(call_home(call), id);
	channel_rows_drop(call_square(call), id);
	members_dismiss(call, context, true);
}

int channel_delete(struct call *call, int64_t id, struct update_set *answer)
{
	struct channel_context context;

	if (channel_need_creator(call, id, &context) < 0)
		return -1;
	channel_unlink(call, &context);
	if (context.row.in_square)
		public_name_release(call, context.row.username);
	channel_tell_gone(call, &context);
	if (context.shared->members > CHANNEL_END_ROWS_MAX ||
		context.row.post_count > CHANNEL_END_ROWS_MAX)
		end_later(call, &context);
	else
		end_at_once(call, &context);
	*answer = (struct update_set){0};
	channel_answer_add(call, answer, UPDATE_CHANNEL, id);
	channel_answer_finish(call, &context, answer);
	return 0;
}

bool channels_end_some(struct call *call)
{
	struct channel_context gone = {0};
	struct db *home = call_home(call);
	int64_t id;
	bool more;

	if (!home_doomed_next(home, &id, &gone.row.broadcast))
		return false;
	gone.row.id = id;
	channel_refresh(call, &gone);
	more = members_dismiss(call, &gone, true);
	more |= channel_rows_clear_some(home, id, CHANNEL_END_ROWS_MAX);
	more |= channel_rows_clear_some(call_square(call), id, CHANNEL_END_ROWS_MAX);
	more |= home_authors_clear_some(home, id, CHANNEL_END_ROWS_MAX);
	if (!more) {
		channel_end_rest(call, id);
		home_doomed_done(home, id);
	}
	return true;
}
