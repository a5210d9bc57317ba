/* SPDX-License-Identifier: Apache-2.0 */
/* Turning a channel public or private, and bringing its posts after it. What a crash left half done
 * and what was left behind are in move_repair.c. */
#include "core/channels/move.h"

#include "base/text.h"
#include "core/channels/channel_load.h"
#include "core/messages/message_body.h"
#include "core/messages/polls.h"
#include "core/posts/post_people.h"
#include "core/accounts/public_names.h"
#include "core/words.h"
#include "store/channel_threads.h"
#include "store/home_channels.h"
#include "store/home_counts.h"
#include "store/square_arrivals.h"
#include "store/square_channels.h"
#include "store/square_search.h"

#define MOVE_AT_ONCE 4 /* channels of each side that one step looks at */
/* Events that clients ask for: further behind, core/posts/posts_difference.c gives the newest
 * posts. */
#define MOVE_EVENTS 1000

/* ---- Slices ---- */

/* The text column is filled from the body: the home keeps it empty. Service posts have none. */
static void post_copy(struct call *call, const struct channel_place *from,
	const struct channel_place *to, struct arena *arena, struct post_row *row)
{
	struct message message = {0};

	if (message_body_decode(arena, row->body, &message) < 0) {
		db_fail(from->db, "a post's body cannot be read");
		return;
	}
	message.id = row->id;
	message.author = home_authors_get(call_home(call), from->channel, row->id).author;
	/* One that was edited while it waited has its people beside it in the home, too. */
	post_people_restore(call, from->channel, &message);
	if (row->action == ACTION_NONE)
		row->text = poll_words(call, &message);
	if (!to->vault)
		message = post_people_keep(call, from->channel, &message);
	row->body = message_body_encode(arena, &message);
	post_rows_insert(to, arena, row);
	if (message.period_s)
		post_rows_set_expiry(to, row->id, row->date_s + message.period_s);
}

/* What an earlier stay left in the slice goes: the copies are what holds. */
static void slice_move(struct call *call, struct channel_context *context)
{
	const struct channel_rest *rest = context->place.rest;
	const struct post_bounds bounds = {.min_id = rest->above};
	struct arena slice;
	struct post_rows rows;
	int32_t down_to = rest->above;

	arena_init(&slice);
	post_rows_older(&rest->place, &slice, &bounds, rest->upto + 1, 0, MOVE_SLICE, &rows);
	if (rows.count == MOVE_SLICE)
		down_to = rows.at[rows.count - 1].id - 1;
	post_rows_delete_between(&context->place, down_to, rest->upto);
	for (size_t i = 0; i < rows.count; i++) {
		if (!rest->place.vault)
			home_counts_apply(&context->place, &rows.at[i]);
		post_copy(call, &rest->place, &context->place, &slice, &rows.at[i]);
	}
	arena_release(&slice);
	/* What is private again is found no more. */
	if (!rest->place.vault) {
		home_counts_delete(&context->place, down_to, rest->upto);
		square_search_drop_between(call_square(call), context->row.id, down_to, rest->upto);
	}
	context->row.rest_upto = down_to > rest->above ? down_to : 0;
	context->row.rest_above = context->row.rest_upto ? rest->above : 0;
	channel_rows_set_rest(&context->place, context->row.rest_above, context->row.rest_upto);
	if (context->row.rest_upto)
		return;
	/* What was moved is deleted so long after now. */
	if (context->row.in_square)
		home_channels_set_away(call_home(call), context->row.id, call->now_s);
	else
		square_channels_leave(call_square(call), context->row.id, call->now_s);
}

static void rest_set(struct call *call, struct channel_context *context,
	const struct channel_place *from, const struct channel_place *to)
{
	struct channel_rest *rest = ARENA_NEW(call->arena, struct channel_rest);

	*rest = (struct channel_rest){*from, context->row.rest_above, context->row.rest_upto};
	rest->place.rest = NULL;
	/* All of it moves, also what its owner has cleared for himself. */
	rest->place.hidden_to = 0;
	context->place = *to;
	context->place.rest = rest;
}

static void next_slice(struct call *call, struct channel_context *context)
{
	slice_move(call, context);
	if (context->row.rest_upto == 0)
		context->place.rest = NULL;
	else
		rest_set(call, context, &context->place.rest->place, &context->place);
}

/* The first slice goes with the call that moves the channel. */
static void first_slice(struct call *call, struct channel_context *context)
{
	next_slice(call, context);
	channel_refresh(call, context);
}

int move_reach(struct call *call, struct channel_context *context, int32_t post)
{
	for (int slices = 0; post_left_behind(&context->place, post); slices++) {
		const int32_t ahead = context->place.rest->upto - post;

		if (!slices && ahead >= MOVE_REACH * MOVE_SLICE)
			return rpc_error_number(call, 420, "FLOOD_WAIT_", 1 + ahead / MOVE_SLICE);
		next_slice(call, context);
	}
	return 0;
}

int move_reach_in(struct call *call, int64_t channel, int32_t post)
{
	struct channel_context context;

	if (!channel || !channel_load(call, channel, &context))
		return 0;
	return move_reach(call, &context, post);
}

bool move_step(struct call *call)
{
	int64_t ids[2 * MOVE_AT_ONCE];
	struct channel_context context;
	size_t count = channel_rows_list_moving(call_square(call), ids, MOVE_AT_ONCE);

	count += channel_rows_list_moving(call_home(call), ids + count, MOVE_AT_ONCE);
	for (size_t i = 0; i < count; i++) {
		if (!channel_load(call, ids[i], &context) || !context.place.rest)
			continue;
		slice_move(call, &context);
		return true;
	}
	return false;
}

/* ---- Telling the owner ---- */

static int64_t owner_of(struct call *call, int64_t channel)
{
	struct membership_row row;

	return home_members_admins(call_home(call), call->arena, channel, ROLE_CREATOR,
		       ROLE_CREATOR, &row, 1) == 1
		       ? row.user
		       : 0;
}

/* A box that takes no message (its account is gone) holds nothing up. */
static void announce(struct call *call, const struct channel_row *row, enum word word)
{
	const struct word_value values[] = {{"title", row->title}, {"username", row->username}};
	const int64_t owner = owner_of(call, row->id);
	const struct fault before = call->fault;

	if (owner && words_letter(call, owner, word, values, ARRAY_LEN(values)) < 0)
		call->fault = before;
}

/* ---- Public or private ---- */

static int32_t events_from(const struct channel_row *row)
{
	return row->pts > MOVE_EVENTS ? row->pts - MOVE_EVENTS : 0;
}

/* A copy of an earlier stay that is not deleted yet. A large one takes its time. */
static int old_copy_drop(struct call *call, const struct channel_row *row)
{
	if (row->rest_upto ||
		(row->post_count > MOVE_SLICE && square_channels_has(call_square(call), row->id)))
		return rpc_error_number(call, 420, "FLOOD_WAIT_", MOVE_GRACE_S);
	square_channels_delete(call_square(call), row->id);
	return 0;
}

int move_to_square(struct call *call, struct channel_context *context)
{
	struct channel_row *row = &context->row;
	const struct channel_place from = context->place;
	struct channel_place to;

	if (old_copy_drop(call, row) < 0)
		return -1;
	announce(call, row, WORD_CHANNEL_PUBLIC);
	row->members = context->shared->members;
	row->in_square = true;
	row->rest_above = 0;
	row->rest_upto = row->top_id;
	square_channels_insert(call_square(call), row, &to);
	square_arrival_note(call_square(call), row->id, row->top_id);
	public_name_take(call, row->username, (struct peer){PEER_CHANNEL, row->id});
	channel_events_copy(&from, &to, events_from(row));
	topic_rows_copy(&from, &to, call->arena);
	home_channels_set_away(call_home(call), row->id, call->now_s);
	rest_set(call, context, &from, &to);
	first_slice(call, context);
	if (!context->place.rest)
		home_channels_delete(call_home(call), row->id);
	return 0;
}

/* Posts that had not left the home yet are there already. */
static struct channel_place home_take(struct call *call, struct channel_row *row)
{
	struct channel_place to;

	row->rest_above = row->rest_upto;
	row->rest_upto = row->top_id;
	if (!home_channels_has(call_home(call), row->id)) {
		row->rest_above = 0;
		home_channels_insert(call_home(call), call->store->vault, call->arena, row, &to);
		return to;
	}
	home_channels_place(call_home(call), call->store->vault, call->arena, row->id, &to);
	home_channels_return(&to, call->arena, row);
	return to;
}

int move_to_home(struct call *call, struct channel_context *context)
{
	struct channel_row *row = &context->row;
	const struct channel_place from = context->place;
	struct channel_place to;

	announce(call, row, WORD_CHANNEL_PRIVATE);
	to = home_take(call, row);
	channel_events_copy(&from, &to, events_from(row));
	topic_rows_copy(&from, &to, call->arena);
	public_name_release(call, row->username);
	square_channels_leave(call_square(call), row->id, call->now_s);
	row->in_square = false;
	row->username = (struct bytes){NULL, 0};
	rest_set(call, context, &from, &to);
	first_slice(call, context);
	return 0;
}

void move_forget(struct call *call, int64_t channel)
{
	square_channels_delete(call_square(call), channel);
	home_channels_delete(call_home(call), channel);
}
