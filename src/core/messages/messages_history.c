/* SPDX-License-Identifier: Apache-2.0 */
/* Looking at the own box: a page of history, messages by id. */
#include "core/messages/messages.h"

#include "core/messages/box.h"

/* How far from its starting point a page may lie: skipped rows are walked over. */
#define HISTORY_SKIP_MAX 100000

static void take_row(
	const struct home_box *box, const struct home_message *row, struct message_list *out)
{
	struct message *message = &out->at[out->count];

	box_message_from_row(box, row, message);
	out->count += !message->damaged;
}

static void take_rows(
	const struct home_box *box, const struct home_messages *rows, struct message_list *out)
{
	for (size_t i = 0; i < rows->count; i++)
		take_row(box, &rows->at[i], out);
}

static int32_t clamp(int64_t value, int32_t least, int32_t most)
{
	return value < least ? least : value > most ? most : (int32_t)value;
}

/* The id that positions count from: those below it are at 0, 1, 2 …, the others at -1, -2 … */
static int32_t origin(const struct home_box *box, struct peer in, const struct post_range *range)
{
	int32_t from = range->offset_id > 0 ? range->offset_id : INT32_MAX;

	if (range->offset_date_s > 0) {
		int32_t at = home_messages_id_at(box, in.kind, in.id, range->offset_date_s);

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
static void window(const struct home_box *box, struct home_page page,
	const struct post_range *range, struct message_list *out)
{
	const int32_t limit = clamp(range->limit, 0, HISTORY_LIMIT_MAX);
	const int32_t from =
		origin(box, (struct peer){(enum peer_kind)page.peer_kind, page.peer}, range);
	const int32_t start = clamp(
		range->add_offset, from == INT32_MAX ? 0 : -HISTORY_SKIP_MAX, HISTORY_SKIP_MAX);
	const int32_t end = start + limit;
	struct home_messages rows;

	out->at = arena_array(box->arena, (size_t)limit, sizeof(*out->at));
	if (start < 0) {
		page.above = range->min_id > from - 1 ? range->min_id : from - 1;
		page.below = range->max_id > 0 ? range->max_id : INT32_MAX;
		page.skip = end < 0 ? -end : 0;
		page.limit = (end < 0 ? end : 0) - start;
		home_messages_newer(box, &page, &rows);
		take_rows(box, &rows, out);
	}
	if (end > 0) {
		page.above = range->min_id > 0 ? range->min_id : 0;
		page.below = range->max_id > 0 && range->max_id < from ? range->max_id : from;
		page.skip = start > 0 ? start : 0;
		page.limit = end - page.skip;
		home_messages_older(box, &page, &rows);
		take_rows(box, &rows, out);
	}
}

int messages_history(
	struct call *call, struct peer in, const struct post_range *range, struct message_list *out)
{
	const struct home_page page = {.peer_kind = in.kind, .peer = in.id};
	struct home_dialog dialog;
	struct home_box box;

	if (!box_open(call, call->user, &box))
		return rpc_error(call, 400, "PEER_ID_INVALID");
	box_dialog(&box, in, &dialog);
	*out = (struct message_list){.total = dialog.message_count};
	window(&box, page, range, out);
	return 0;
}

int messages_waiting(struct call *call, struct peer in, enum message_attention what,
	const struct post_range *range, struct message_list *out)
{
	const struct home_page page = {.peer_kind = in.kind,
		.peer = in.id,
		.of = what == ATTENTION_MENTION ? PAGE_OF_MENTIONS : PAGE_OF_REACTIONS};
	struct home_box box;

	if (!box_open(call, call->user, &box))
		return rpc_error(call, 400, "PEER_ID_INVALID");
	*out = (struct message_list){.total = home_messages_count(&box, &page)};
	window(&box, page, range, out);
	return 0;
}

int messages_saved(struct call *call, struct peer part, const struct post_range *range,
	struct message_list *out)
{
	const struct home_page page = {
		.peer_kind = part.kind, .peer = part.id, .of = PAGE_OF_SAVED};
	struct home_box box;

	if (!box_open(call, call->user, &box))
		return rpc_error(call, 400, "PEER_ID_INVALID");
	*out = (struct message_list){.total = home_messages_count(&box, &page)};
	window(&box, page, range, out);
	return 0;
}

int messages_get(struct call *call, const int32_t *ids, size_t count, struct message_list *out)
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
			take_row(&box, &row, out);
	}
	out->total = (int64_t)out->count;
	return 0;
}
