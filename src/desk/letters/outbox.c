/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "desk/letters/outbox.h"

#include <stdio.h>

#include "base/log.h"
#include "base/random.h"
#include "desk/letters/message_size.h"

#define FIRST_DELAY_S 1
#define DELAY_MAX_S 3600
#define PATIENCE_S (5 * 86400)
#define KEEP_S (30 * 86400)
#define ANSWER_UNITS_MAX 200 /* of what is shown to who pressed a button */

static const char *const ways[OUTBOX_WAYS] = {"bot", "mail"};

static struct bytes present(struct bytes text)
{
	return text.data ? text : BYTES_LITERAL("");
}

static int64_t put(struct db *db, int64_t now_s, const struct outbox_item *item)
{
	char chat[24];
	bool bot = item->way == OUTBOX_BOT;
	struct desk_outgoing row = {
		/* Numbers of rows begin again in a database of yesterday: these never. */
		.request = (int64_t)(random_u64(&random_system) >> 1 | 1),
		.way = bytes_from_str(ways[item->way]),
		.address = present(item->to),
		.subject = present(item->subject),
		.body = present(item->text),
		.extra = present(bot ? item->keyboard : item->headers),
		.edits = item->edits,
		.answers = item->answers,
		.case_id = item->case_id,
		.created_at = now_s,
		.next_at = now_s,
	};

	if (bot) {
		snprintf(chat, sizeof(chat), "%lld", (long long)item->chat);
		row.address = bytes_from_str(chat);
		row.subject = message_begin(row.subject, ANSWER_UNITS_MAX);
	}
	return desk_outgoing_insert(db, &row);
}

/* What is too long for a message is several, one after the other in their line: buttons go under
 * the last, what is edited or answered is so by the first. */
int64_t outbox_put(struct db *db, int64_t now_s, const struct outbox_item *item)
{
	struct outbox_item piece = *item;
	struct bytes rest = item->text;
	int64_t id;

	if (item->way != OUTBOX_BOT)
		return put(db, now_s, item);
	do {
		piece.text = message_piece(&rest);
		piece.keyboard = rest.size ? bytes_of(NULL, 0) : item->keyboard;
		id = put(db, now_s, &piece);
		piece.edits = piece.answers = 0;
	} while (rest.size);
	return id;
}

bool outbox_next(struct db *db, struct arena *arena, enum outbox_way way, int64_t now_s,
	struct desk_outgoing *row)
{
	return desk_outgoing_next(db, arena, ways[way], now_s, row);
}

void outbox_sent(struct db *db, const struct desk_outgoing *row, int64_t now_s, int64_t result)
{
	desk_outgoing_settle(db, row->id, now_s, "sent", result);
	if (!row->case_id)
		desk_outgoing_delete(db, row->id);
}

void outbox_refused(struct db *db, const struct desk_outgoing *row, int64_t now_s, const char *why)
{
	log_warn("outbox_refused", "item %lld: %s", (long long)row->id, why);
	desk_outgoing_settle(db, row->id, now_s, "refused", 0);
}

/* 1, 2, 4 … seconds, up to an hour. */
static int64_t delay_of(int64_t tries)
{
	return tries < 12 ? FIRST_DELAY_S << tries : DELAY_MAX_S;
}

void outbox_later(struct db *db, const struct desk_outgoing *row, int64_t now_s, int64_t after_s,
	const char *why)
{
	int64_t delay = delay_of(row->tries);

	if (now_s - row->created_at > PATIENCE_S) {
		log_error("outbox_given_up", "item %lld, after %lld tries: %s", (long long)row->id,
			(long long)row->tries, why);
		desk_outgoing_settle(db, row->id, now_s, "given_up", 0);
		return;
	}
	if (delay > DELAY_MAX_S)
		delay = DELAY_MAX_S;
	if (after_s > delay)
		delay = after_s < 86400 ? after_s : 86400;
	log_debug("outbox_later", "item %lld: %s", (long long)row->id, why);
	desk_outgoing_delay(db, row->id, now_s + delay);
}

void outbox_keep(struct db *db, int64_t now_s)
{
	desk_outgoing_drop(db, now_s - KEEP_S);
}
