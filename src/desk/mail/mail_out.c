/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "desk/mail/mail_out.h"

#include <stdio.h>

#include "base/log.h"
#include "desk/mail/mail_letter.h"
#include "desk/letters/outbox.h"
#include "mail/client.h"

#define REQUEST_TIMEOUT_MS 30000
#define ANSWER_MAX 16384
#define LETTER_MAX ((size_t)1 << 20)
#define BODY_MAX ((size_t)256 << 10)
#define SUBJECT_MAX 1000

enum outcome { SENT, LATER, REFUSED };

/* RFC 5321 4.2.1: 4xx is not now, 5xx is never. A login that is refused is the operator's to mend,
 * and no letter is lost for it. */
static enum outcome judge(const struct fetch_answer *answer)
{
	unsigned status = answer ? answer->status : 0;

	if (!answer || answer->result != FETCH_OK)
		return LATER;
	if (status >= 200 && status < 300)
		return SENT;
	return status >= 500 && status != 530 && status != 535 ? REFUSED : LATER;
}

static void settle(struct mail_out *out, int64_t now_s, const struct fetch_answer *answer)
{
	struct db *db = out->desk->writer;
	enum outcome outcome = judge(answer);
	char why[FETCH_REASON_MAX + 32] = "lontar-fetch is gone";

	if (answer)
		snprintf(why, sizeof(why), "status %u %s", answer->status, answer->reason);
	if (outcome == SENT)
		outbox_sent(db, &out->row, now_s, 0);
	else if (outcome == REFUSED)
		outbox_refused(db, &out->row, now_s, why);
	else
		outbox_later(db, &out->row, now_s, 0, why);
	if (outcome == LATER && !out->stuck)
		log_warn("mail_waits", "your mail server takes nothing now: %s", why);
	else if (outcome != LATER && out->stuck)
		log_info("mail_goes_on", "your mail server takes mails again");
	out->stuck = outcome == LATER;
}

static void on_answer(void *ctx, const struct fetch_answer *answer)
{
	struct mail_out *out = ctx;
	struct desk *desk = out->desk;
	int64_t now_s = clock_unix_s(desk->clock);

	out->busy = false;
	db_begin(desk->writer);
	settle(out, now_s, answer);
	if (db_commit(desk->writer) < 0) {
		log_error("mail_unsettled", "item %lld may go out again", (long long)out->row.id);
		return; /* with the next look */
	}
	mail_out_look(out);
}

static bool find_next(struct mail_out *out, struct arena *arena)
{
	struct desk *desk = out->desk;
	bool found;

	db_begin(desk->reader);
	found = outbox_next(desk->reader, arena, OUTBOX_MAIL, clock_unix_s(desk->clock), &out->row);
	db_rollback(desk->reader);
	return found;
}

static bool ask(struct mail_out *out, struct arena *arena)
{
	const struct mail_settings *settings = out->settings;
	struct buf headers, letter;
	struct fetch_request request = {.method = FETCH_MAIL,
		.timeout_ms = REQUEST_TIMEOUT_MS,
		.body_max = ANSWER_MAX,
		.url = bytes_from_str(settings->smtp)};
	bool asked;

	buf_init(&headers, FETCH_HEADERS_MAX);
	buf_init(&letter, LETTER_MAX);
	buf_printf(&headers, "From: <%s>\nTo: <%.*s>\n",
		mail_bounce_address(arena, settings, out->desk->people, out->row.id),
		(int)out->row.address.size, (const char *)out->row.address.data);
	if (*settings->smtp_user)
		buf_printf(&headers, "User: %s\nPassword: %s\n", settings->smtp_user,
			settings->smtp_password);
	mail_letter_append(&letter, settings, &out->row);
	request.headers = buf_bytes(&headers);
	request.body = buf_bytes(&letter);
	asked = !headers.failed && !letter.failed &&
		errands_ask(out->errands, &request, on_answer, out);
	bytes_wipe(buf_data(&headers), buf_size(&headers));
	buf_release(&headers);
	buf_release(&letter);
	return asked;
}

/* What no server could take is said to nobody. */
static bool can_go(const struct desk_outgoing *row)
{
	return mail_address_is_plain(row->address) && row->body.size <= BODY_MAX &&
	       row->subject.size <= SUBJECT_MAX;
}

static void drop(struct mail_out *out)
{
	struct db *db = out->desk->writer;

	db_begin(db);
	outbox_refused(db, &out->row, clock_unix_s(out->desk->clock), "it can't be a letter");
	if (db_commit(db) < 0)
		log_error("mail_unsettled", "item %lld stays", (long long)out->row.id);
}

void mail_out_look(struct mail_out *out)
{
	struct arena arena;

	if (out->busy || !out->errands || !*out->settings->smtp)
		return;
	arena_init(&arena);
	if (find_next(out, &arena)) {
		if (can_go(&out->row))
			out->busy = ask(out, &arena);
		else
			drop(out);
	}
	out->row.way = out->row.address = out->row.subject = out->row.body = out->row.extra =
		out->row.outcome = bytes_of(NULL, 0);
	arena_release(&arena);
}
