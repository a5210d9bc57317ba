/* SPDX-License-Identifier: Apache-2.0 */
/* Search in the own box: one look through the rows. */
#include "core/messages/find.h"
#include "core/messages/search_found.h"

#define STEP 200 /* rows opened at a time */

/* ---- Looking ---- */

int32_t search_content(enum search_filter filter)
{
	switch (filter) {
	case SEARCH_URLS:
		return CONTENT_URL;
	case SEARCH_PLACES:
		return CONTENT_PLACE;
	case SEARCH_CONTACTS:
		return CONTENT_CONTACT;
	case SEARCH_POLLS:
		return CONTENT_POLL;
	default:
		return 0;
	}
}

/* The rows that can match, as far as an index knows. */
static struct home_page rows_of(const struct message_query *query)
{
	struct home_page page = {.peer_kind = query->in.kind,
		.peer = query->in.id,
		.below = INT32_MAX,
		.limit = STEP};

	if (query->saved.kind != PEER_NONE) {
		page.of = PAGE_OF_SAVED;
		page.peer_kind = query->saved.kind;
		page.peer = query->saved.id;
	} else if (search_content(query->filter)) {
		page.of = PAGE_OF_CONTENT;
		page.content = search_content(query->filter);
	} else if (query->filter == SEARCH_PINNED && query->in.kind != PEER_NONE) {
		page.of = PAGE_OF_PINNED;
	}
	return page;
}

/* What needs no look into the message. */
static bool row_fits(const struct home_message *row, const struct message_query *query)
{
	const int32_t content = search_content(query->filter);

	return row->action == 0 &&
	       (query->from.kind == PEER_NONE ||
		       (query->from.kind == PEER_USER && row->author == query->from.id)) &&
	       (query->kind == PEER_NONE || row->peer_kind == (int32_t)query->kind) &&
	       (!content || row->content & content) &&
	       (query->filter != SEARCH_PINNED || row->pinned) &&
	       (!query->min_date_s || row->date_s > query->min_date_s) &&
	       (!query->max_date_s || row->date_s < query->max_date_s);
}

/* Of a contact or a venue the names are searched too. */
static bool has_words(
	struct arena *scratch, const struct message *message, const struct find *words)
{
	const struct media *media = message->media;
	struct bytes parts[] = {message->text, media ? media->texts[0] : (struct bytes){0},
		media ? media->texts[1] : (struct bytes){0},
		media && media->kind == MEDIA_CONTACT ? media->texts[2] : (struct bytes){0}};

	if (!media)
		return find_in(scratch, message->text, words);
	return find_in(scratch,
		bytes_from_str(arena_printf(scratch, "%.*s %.*s %.*s %.*s", (int)parts[0].size,
			(const char *)parts[0].data, (int)parts[1].size,
			(const char *)parts[1].data, (int)parts[2].size,
			(const char *)parts[2].data, (int)parts[3].size,
			(const char *)parts[3].data)),
		words);
}

/* Asked last, as the row doesn't say it. */
static bool in_folder(const struct home_box *looking, const struct home_message *row,
	const struct message_query *query)
{
	struct home_dialog dialog;

	if (!query->has_folder)
		return true;
	home_dialog_get(looking, row->peer_kind, row->peer, &dialog);
	return dialog.folder == query->folder;
}

static bool matches(const struct home_box *looking, const struct home_message *row,
	const struct message_query *query, const struct find *words)
{
	struct message message;

	if (!row_fits(row, query))
		return false;
	if (!words->count && query->filter != SEARCH_MENTIONS)
		return in_folder(looking, row, query);
	box_message_from_row(looking, row, &message);
	return (query->filter != SEARCH_MENTIONS || message.mentioned) &&
	       has_words(looking->arena, &message, words) && in_folder(looking, row, query);
}

static void look(const struct home_box *box, const struct message_query *query, struct found *out)
{
	const struct find words = find_words(box->arena, query->text);
	struct home_page page = rows_of(query);
	struct home_box looking = *box;
	struct home_messages rows;
	struct arena scratch;
	int32_t looked = 0;

	*out = found_new(box->arena, SEARCH_ROWS_MAX);
	if (query->filter == SEARCH_NOTHING)
		return;
	/* What was looked at and not found goes again: thousands of rows are opened. */
	arena_init(&scratch);
	looking.arena = &scratch;
	do {
		arena_reset(&scratch);
		home_messages_older(&looking, &page, &rows);
		for (size_t i = 0; i < rows.count; i++) {
			page.below = rows.at[i].id;
			if (!matches(&looking, &rows.at[i], query, &words))
				continue;
			found_add(out, rows.at[i].id, rows.at[i].date_s);
		}
		looked += (int32_t)rows.count;
	} while (rows.count == STEP && looked < SEARCH_ROWS_MAX);
	out->inexact = rows.count == STEP;
	arena_release(&scratch);
}

int search_box(struct call *call, const struct message_query *query, struct home_box *box,
	struct found *out)
{
	if (!box_open(call, call->user, box))
		return rpc_error(call, 400, "PEER_ID_INVALID");
	look(box, query, out);
	return 0;
}

/* ---- Answers ---- */

static bool in_range(const struct post_range *range, int32_t id)
{
	return id > range->min_id && (range->max_id <= 0 || id < range->max_id);
}

int messages_search(struct call *call, const struct message_query *query,
	const struct post_range *range, struct message_list *out)
{
	struct home_message row;
	struct found found;
	struct home_box box;
	size_t count, at;

	if (search_box(call, query, &box, &found) < 0)
		return -1;
	count = ids_window(found.ids, found.count, range, HISTORY_LIMIT_MAX, &at);
	*out = (struct message_list){.total = (int64_t)found.count,
		.inexact = found.inexact,
		.at = arena_array(call->arena, count, sizeof(*out->at))};
	for (size_t i = at; i < at + count; i++) {
		if (in_range(range, found.ids[i]) && home_message_get(&box, found.ids[i], &row))
			box_message_from_row(&box, &row, &out->at[out->count++]);
	}
	return 0;
}

int messages_search_count(
	struct call *call, const struct message_query *query, int32_t *count, bool *inexact)
{
	const struct home_page page = rows_of(query);
	struct found found;
	struct home_box box;

	*inexact = false;
	if (!box_open(call, call->user, &box))
		return rpc_error(call, 400, "PEER_ID_INVALID");
	if (page.of == PAGE_OF_CONTENT || page.of == PAGE_OF_PINNED) {
		*count = home_messages_count(&box, &page);
		return 0;
	}
	look(&box, query, &found);
	*count = (int32_t)found.count;
	*inexact = found.inexact;
	return 0;
}
