/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "desk/liaison/speaker.h"

#include <stdlib.h>

#include "base/log.h"

#define WAIT_S 10

static void speak(struct speaker *speaker);

/* ---- What was answered ---- */

static bool says(const json_t *answer, const char *what)
{
	const char *text = json_string_value(json_object_get(answer, "description"));

	return text && strstr(text, what);
}

enum speaker_verdict speaker_judge(
	const struct courier_answer *answer, bool edits, int64_t *result, int64_t *after_s)
{
	json_t *root = answer->status ? json_loadb((const char *)answer->body.data,
						answer->body.size, 0, NULL)
				      : NULL;
	const json_t *message = json_object_get(root, "result");
	enum speaker_verdict verdict = SPEAKER_LATER;

	*result = json_integer_value(json_object_get(message, "message_id"));
	*after_s = json_integer_value(
		json_object_get(json_object_get(root, "parameters"), "retry_after"));
	if (json_is_true(json_object_get(root, "ok")))
		verdict = SPEAKER_SENT;
	else if (root && (answer->status == 400 || answer->status == 403)) {
		/* It says so already, or it said so and somebody deleted it. */
		if (says(root, "is not modified") || says(root, "RANDOM_ID_DUPLICATE"))
			verdict = SPEAKER_SENT;
		else if (edits && answer->status == 400)
			verdict = SPEAKER_ANEW;
		else
			verdict = SPEAKER_REFUSED;
	}
	json_decref(root);
	return verdict;
}

static void settle(struct speaker *speaker, const struct courier_answer *answer, bool edits)
{
	struct desk *desk = speaker->desk;
	int64_t now_s = clock_unix_s(desk->clock), result, after_s;
	const char *why = answer->status ? "the messenger refuses" : "the messenger is away";

	db_begin(desk->writer);
	switch (speaker_judge(answer, edits, &result, &after_s)) {
	case SPEAKER_SENT:
		outbox_sent(desk->writer, &speaker->row, now_s, result);
		break;
	case SPEAKER_REFUSED:
		outbox_refused(desk->writer, &speaker->row, now_s, why);
		break;
	case SPEAKER_LATER:
	case SPEAKER_ANEW:
		outbox_later(desk->writer, &speaker->row, now_s, after_s, why);
	}
	if (db_commit(desk->writer) < 0)
		log_error("outbox_unsettled", "the database failed; the item is sent again");
	speaker->busy = false;
	speaker_look(speaker);
}

static void on_sent(void *ctx, const struct courier_answer *answer)
{
	settle(ctx, answer, false);
}

static void on_edited(void *ctx, const struct courier_answer *answer)
{
	struct speaker *speaker = ctx;
	int64_t result, after_s;

	if (speaker_judge(answer, true, &result, &after_s) != SPEAKER_ANEW) {
		settle(speaker, answer, true);
		return;
	}
	speaker->row.edits = 0;
	speak(speaker);
}

/* Late or not, the button's answer is no reason to say nothing. */
static void on_answered(void *ctx, const struct courier_answer *answer)
{
	struct courier_answer done = {
		.status = answer->status, .body = BYTES_LITERAL("{\"ok\":true}")};
	struct speaker *speaker = ctx;

	speaker->row.answers = 0;
	if (answer->status && speaker->row.body.size)
		speak(speaker);
	else
		settle(speaker, &done, false);
}

/* ---- What is asked ---- */

/* What is no text must not hold up what waits behind it. Others are looked at with the next tick.
 */
static void refuse_unsayable(struct speaker *speaker)
{
	struct desk *desk = speaker->desk;

	db_begin(desk->writer);
	outbox_refused(desk->writer, &speaker->row, clock_unix_s(desk->clock),
		"it can't be written as JSON");
	if (db_commit(desk->writer) < 0)
		log_error("outbox_unsettled", "the database failed; the item is looked at again");
	speaker->busy = false;
}

static void ask(struct speaker *speaker, const char *method, json_t *parameters, courier_done *done)
{
	char *text = json_dumps(parameters, JSON_COMPACT);

	json_decref(parameters);
	if (!text)
		refuse_unsayable(speaker);
	else if (!courier_ask(speaker->courier, COURIER_SPEAKS, method, bytes_from_str(text),
			 WAIT_S, done, speaker))
		speaker->busy = false; /* the courier stops */
	free(text);
}

static json_t *message_of(const struct desk_outgoing *row)
{
	json_t *keyboard = row->extra.size ? json_loadb((const char *)row->extra.data,
						     row->extra.size, 0, NULL)
					   : NULL;
	json_t *out = json_pack("{s:s%, s:s%, s:{s:b}}", "chat_id", row->address.data,
		row->address.size, "text", row->body.data, row->body.size, "link_preview_options",
		"is_disabled", 1);

	if (keyboard)
		json_object_set_new(out, "reply_markup", keyboard);
	return out;
}

static void speak(struct speaker *speaker)
{
	const struct desk_outgoing *row = &speaker->row;
	json_t *message;

	if (row->answers) {
		message = json_pack("{s:I}", "callback_query_id", (json_int_t)row->answers);
		if (row->subject.size)
			json_object_set_new(message, "text",
				json_stringn((const char *)row->subject.data, row->subject.size));
		ask(speaker, "answerCallbackQuery", message, on_answered);
		return;
	}
	message = message_of(row);
	json_object_set_new(message, row->edits ? "message_id" : "request_id",
		json_integer(row->edits ? row->edits : row->request));
	ask(speaker, row->edits ? "editMessageText" : "sendMessage", message,
		row->edits ? on_edited : on_sent);
}

void speaker_look(struct speaker *speaker)
{
	struct desk *desk = speaker->desk;
	bool found;

	if (speaker->busy || !speaker->courier)
		return;
	arena_reset(&speaker->arena);
	db_begin(desk->reader);
	found = outbox_next(desk->reader, &speaker->arena, OUTBOX_BOT, clock_unix_s(desk->clock),
		&speaker->row);
	db_rollback(desk->reader);
	if (!found)
		return;
	speaker->busy = true;
	speak(speaker);
}

void speaker_init(struct speaker *speaker, struct desk *desk, struct courier *courier)
{
	*speaker = (struct speaker){.desk = desk, .courier = courier};
	arena_init(&speaker->arena);
}

void speaker_release(struct speaker *speaker)
{
	arena_release(&speaker->arena);
}
