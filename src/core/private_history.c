/* SPDX-License-Identifier: Apache-2.0 */
/* Looking at private chats: a page of history, messages by id, search. */
#include "core/private_messages.h"

#include "base/text.h"
#include "core/box.h"
#include "core/find.h"

/* How far from its starting point a page may lie: skipped rows are walked over. */
#define HISTORY_SKIP_MAX 100000

static void take_rows(
	const struct home_box *box, const struct home_messages *rows, struct message_list *out)
{
	for (size_t i = 0; i < rows->count; i++)
		box_message_from_row(box, &rows->at[i], &out->at[out->count++]);
}

static int32_t clamp(int64_t value, int32_t least, int32_t most)
{
	return value < least ? least : value > most ? most : (int32_t)value;
}

/* The id that positions count from: those below it are at 0, 1, 2 …, the others at -1, -2 … */
static int32_t origin(const struct home_box *box, int64_t with, const struct post_range *range)
{
	int32_t from = range->offset_id > 0 ? range->offset_id : INT32_MAX;

	if (range->offset_date_s > 0) {
		int32_t at = home_messages_id_at(box, PEER_USER, with, range->offset_date_s);

		if (at && at < from)
			from = at;
	}
	return from;
}

/*
 * The page is [add_offset, add_offset + limit) of the positions around the origin. Where there are
 * too few newer messages the page is shorter: it never reaches further to the older side than it
 * was asked to, so that a client that walks upwards meets nothing twice.
 */
int private_history(
	struct call *call, int64_t with, const struct post_range *range, struct message_list *out)
{
	struct home_page page = {.peer_kind = PEER_USER, .peer = with};
	struct home_messages rows;
	struct home_dialog dialog;
	struct home_box box;
	int32_t from, start, end, limit = clamp(range->limit, 0, HISTORY_LIMIT_MAX);

	if (!box_open(call, call->user, &box))
		return rpc_error(call, 400, "PEER_ID_INVALID");
	box_dialog(&box, (struct peer){PEER_USER, with}, &dialog);
	*out = (struct message_list){.total = dialog.message_count,
		.at = arena_array(call->arena, (size_t)limit, sizeof(*out->at))};
	from = origin(&box, with, range);
	start = clamp(
		range->add_offset, from == INT32_MAX ? 0 : -HISTORY_SKIP_MAX, HISTORY_SKIP_MAX);
	end = start + limit;
	if (start < 0) {
		page.above = range->min_id > from - 1 ? range->min_id : from - 1;
		page.below = range->max_id > 0 ? range->max_id : INT32_MAX;
		page.skip = end < 0 ? -end : 0;
		page.limit = (end < 0 ? end : 0) - start;
		home_messages_newer(&box, &page, &rows);
		take_rows(&box, &rows, out);
	}
	if (end > 0) {
		page.above = range->min_id > 0 ? range->min_id : 0;
		page.below = range->max_id > 0 && range->max_id < from ? range->max_id : from;
		page.skip = start > 0 ? start : 0;
		page.limit = end - page.skip;
		home_messages_older(&box, &page, &rows);
		take_rows(&box, &rows, out);
	}
	return 0;
}

int private_get(struct call *call, const int32_t *ids, size_t count, struct message_list *out)
{
	struct home_message row;
	struct home_box box;

	if (count > MESSAGES_PER_CALL_MAX)
		return rpc_error(call, 400, "MESSAGE_IDS_TOO_MANY");
	if (!box_open(call, call->user, &box))
		return rpc_error(call, 400, "PEER_ID_INVALID");
	*out = (struct message_list){.at = arena_array(call->arena, count, sizeof(*out->at))};
	for (size_t i = 0; i < count; i++) {
		if (home_message_get(&box, ids[i], &row))
			box_message_from_row(&box, &row, &out->at[out->count++]);
	}
	out->total = (int64_t)out->count;
	return 0;
}

static bool has_url(const struct message *message)
{
	for (size_t i = 0; i < message->entity_count; i++) {
		if (message->entities[i].kind == ENTITY_URL ||
			message->entities[i].kind == ENTITY_TEXT_URL)
			return true;
	}
	return false;
}

static bool matches(struct arena *scratch, const struct message *message,
	const struct private_query *query, struct bytes low)
{
	if (message->action != ACTION_NONE || message->date_s < query->min_date_s ||
		(query->from && message->from.id != query->from) ||
		(query->filter == SEARCH_URLS && !has_url(message)))
		return false;
	return find_folded(scratch, message->text, low);
}

#define SEARCH_STEP 200 /* rows opened at a time */

int private_search(struct call *call, const struct private_query *query,
	const struct post_range *range, struct message_list *out)
{
	const struct bytes low = bytes_of(text_lower(call->arena, query->text), query->text.size);
	struct home_page page = {.peer_kind = query->with ? PEER_USER : PEER_NONE,
		.peer = query->with,
		.above = range->min_id > 0 ? range->min_id : 0,
		.below = range->max_id > 0 ? range->max_id : INT32_MAX,
		.limit = SEARCH_STEP};
	int32_t limit = clamp(range->limit, 0, HISTORY_LIMIT_MAX), looked = 0;
	int32_t skip = clamp(range->add_offset, 0, HISTORY_SKIP_MAX);
	struct home_messages rows;
	struct home_box box, looking;
	struct arena scratch;

	if (!box_open(call, call->user, &box))
		return rpc_error(call, 400, "PEER_ID_INVALID");
	*out = (struct message_list){
		.at = arena_array(call->arena, (size_t)limit, sizeof(*out->at))};
	/* What was looked at and not found goes again: thousands of rows are opened. */
	arena_init(&scratch);
	looking = box;
	looking.arena = &scratch;
	do {
		arena_reset(&scratch);
		home_messages_older(&looking, &page, &rows);
		for (size_t i = 0; i < rows.count; i++) {
			struct message message;

			page.below = rows.at[i].id;
			box_message_from_row(&looking, &rows.at[i], &message);
			if (!matches(&scratch, &message, query, low))
				continue;
			out->total++;
			if (range->offset_id > 0 && message.id >= range->offset_id)
				continue;
			if (range->offset_date_s > 0 && message.date_s >= range->offset_date_s)
				continue;
			if (skip > 0)
				skip--;
			else if (out->count < (size_t)limit)
				box_message_from_row(&box, &rows.at[i], &out->at[out->count++]);
		}
		looked += (int32_t)rows.count;
	} while (rows.count == SEARCH_STEP && looked < SEARCH_ROWS_MAX);
	out->inexact = rows.count == SEARCH_STEP;
	arena_release(&scratch);
	return 0;
}
