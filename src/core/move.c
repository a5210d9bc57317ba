/* SPDX-License-Identifier: Apache-2.0 */
/* Copying a channel between the two databases, and putting right what a crash left half done. */
#include "core/move.h"

#include "base/text.h"
#include "core/channel_load.h"
#include "core/entities.h"
#include "store/home_channels.h"
#include "store/square_channels.h"

#define MOVE_SLICE 200	      /* posts in memory at a time */
#define MOVE_REPAIR_SLICE 500 /* channels looked at per query */

static int move_allowed(struct call *call, const struct channel_context *context)
{
	if (context->row.post_count > MOVE_POSTS_MAX)
		return rpc_error(call, 400, "CHANNEL_TOO_BIG");
	return 0;
}

/* The text column is filled from the body: the home keeps it empty. Service posts have none. */
static void post_copy(const struct channel_place *from, const struct channel_place *to,
	struct arena *arena, struct post_row *row)
{
	struct message message;

	if (message_body_decode(arena, row->body, &message) < 0) {
		db_fail(from->db, "a post's body cannot be read");
		return;
	}
	if (row->action == ACTION_NONE)
		row->text = message.text;
	if (!to->vault) {
		post_drop_accounts(&message);
		row->body = message_body_encode(arena, &message);
	}
	post_rows_insert(to, arena, row);
}

static void move_posts(const struct channel_place *from, const struct channel_place *to)
{
	const struct post_bounds all = {0};
	struct arena slice;
	struct post_rows rows;
	int32_t next = 0;

	arena_init(&slice);
	do {
		post_rows_newer(from, &slice, &all, next, 0, MOVE_SLICE, &rows);
		for (size_t i = 0; i < rows.count; i++) {
			post_copy(from, to, &slice, &rows.at[i]);
			next = rows.at[i].id + 1;
		}
		arena_reset(&slice);
	} while (rows.count == MOVE_SLICE && !db_failed(to->db) && !db_failed(from->db));
	arena_release(&slice);
}

int move_to_square(struct call *call, struct channel_context *context)
{
	struct channel_row row = context->row;
	struct channel_place to;
	char *name;

	if (move_allowed(call, context) < 0)
		return -1;
	name = text_lower(call->arena, row.username);
	row.members = context->shared->members;
	/* A copy from an earlier stay, not deleted yet. */
	square_channels_delete(call_square(call), row.id);
	square_channels_insert(call_square(call), &row, &to);
	square_names_insert(call_square(call), bytes_from_str(name), PEER_CHANNEL, row.id);
	move_posts(&context->place, &to);
	home_channels_delete(call_home(call), row.id);
	row.in_square = true;
	context->row = row;
	context->place = to;
	channel_refresh(call, context);
	return 0;
}

int move_to_home(struct call *call, struct channel_context *context)
{
	struct channel_row row = context->row;
	struct channel_place to;

	if (move_allowed(call, context) < 0)
		return -1;
	home_channels_insert(call_home(call), call->store->vault, call->arena, &row, &to);
	move_posts(&context->place, &to);
	channel_name_release(call, row.username);
	square_channels_leave(call_square(call), row.id, call->now_s);
	row.in_square = false;
	row.username = (struct bytes){NULL, 0};
	context->row = row;
	context->place = to;
	channel_refresh(call, context);
	return 0;
}

/* The crash fell before the home had its copy: done again. Its name was given up already. */
static int leave_again(struct call *call, int64_t id)
{
	struct channel_context context;

	square_channels_stay(call_square(call), id);
	if (!channel_load(call, id, &context))
		return 0;
	return move_to_home(call, &context);
}

static int leaving_finish(struct call *call, int64_t newest_s)
{
	int64_t ids[MOVE_REPAIR_SLICE], after = 0;
	size_t count;

	do {
		count = square_channels_list_leaving(
			call_square(call), after, ids, MOVE_REPAIR_SLICE);
		for (size_t i = 0; i < count; i++) {
			after = ids[i];
			if (square_channels_leaving(call_square(call), ids[i]) > newest_s)
				continue;
			if (home_channels_has(call_home(call), ids[i]))
				square_channels_delete(call_square(call), ids[i]);
			else if (leave_again(call, ids[i]) < 0)
				return -1;
		}
	} while (count == MOVE_REPAIR_SLICE);
	return 0;
}

/* The square's copy holds, and the home's count is the truth. */
static void public_repair(struct call *call)
{
	int64_t ids[MOVE_REPAIR_SLICE], after = 0;
	size_t count;

	do {
		count = square_channels_list(call_square(call), after, ids, MOVE_REPAIR_SLICE);
		for (size_t i = 0; i < count; i++) {
			after = ids[i];
			if (home_channels_has(call_home(call), ids[i]))
				home_channels_delete(call_home(call), ids[i]);
			square_channels_set_members(call_square(call), ids[i],
				home_member_counts_get(call_home(call), ids[i]));
		}
	} while (count == MOVE_REPAIR_SLICE);
}

/* A public channel was deleted, and the crash fell before its members were. */
static void members_repair(struct call *call)
{
	int64_t ids[MOVE_REPAIR_SLICE], after = 0;
	size_t count;

	do {
		count = home_member_counts_list(call_home(call), after, ids, MOVE_REPAIR_SLICE);
		for (size_t i = 0; i < count; i++) {
			after = ids[i];
			if (home_channels_has(call_home(call), ids[i]) ||
				square_channels_has(call_square(call), ids[i]))
				continue;
			home_authors_delete_all(call_home(call), ids[i]);
			home_members_delete_all(call_home(call), ids[i]);
		}
	} while (count == MOVE_REPAIR_SLICE);
}

int move_repair(struct call *call)
{
	if (leaving_finish(call, INT64_MAX) < 0)
		return -1;
	public_repair(call);
	members_repair(call);
	return 0;
}

int move_sweep(struct call *call)
{
	return leaving_finish(call, call->now_s - MOVE_GRACE_S);
}
