/* SPDX-License-Identifier: Apache-2.0 */
/*
 *   look --> list --> read --> lontar-mail --> mail_in --> remove, or move --> read the next
 *
 * At most one errand is under way, and each ends in the next step or in a wait.
 */
#include "desk/mail/mailbox.h"

#include "base/log.h"
#include "desk/mail/mail_in.h"

#define REQUEST_TIMEOUT_MS 20000
#define LINES_MAX 16384 /* of an answer that is no mail */
#define SECOND_MS 1000

static void next_mail(struct mailbox *m);

/* ---- Errands ---- */

static void wait_for_next(struct mailbox *m, int64_t seconds)
{
	if (!m->ended)
		loop_timer_start(m->loop, &m->timer, seconds * SECOND_MS);
}

static void go_away(struct mailbox *m, const char *why)
{
	if (!m->away)
		log_warn("mailbox_away", "no mail comes in now: %s", why);
	m->away = true;
	wait_for_next(m, m->settings->imap_every);
}

/* A status, or 0: then the round is over. */
static unsigned judge(struct mailbox *m, const struct fetch_answer *answer)
{
	if (!answer || answer->result != FETCH_OK) {
		go_away(m, answer ? answer->reason : "lontar-fetch is gone");
		return 0;
	}
	if (answer->status == FETCH_MAILBOX_CLOSED) {
		go_away(m, "the server refuses the login, or has no such folder");
		return 0;
	}
	if (m->away)
		log_info("mailbox_back", "mail comes in again");
	m->away = false;
	return answer->status;
}

/* what: as protocol.h has it behind "Do: ". */
static void ask(struct mailbox *m, const char *what, size_t body_max, errand_done *done)
{
	const struct mail_settings *s = m->settings;
	struct buf headers;
	struct fetch_request request = {.method = FETCH_MAILBOX,
		.timeout_ms = REQUEST_TIMEOUT_MS,
		.body_max = (uint32_t)body_max,
		.url = bytes_from_str(s->imap)};
	bool asked;

	buf_init(&headers, FETCH_HEADERS_MAX);
	buf_printf(&headers, "User: %s\nPassword: %s\nFolder: %s\nDo: %s\n", s->imap_user,
		s->imap_password, s->imap_folder, what);
	request.headers = buf_bytes(&headers);
	asked = !headers.failed && errands_ask(m->errands, &request, done, m);
	bytes_wipe(buf_data(&headers), buf_size(&headers));
	buf_release(&headers);
	if (!asked) /* many letters wait: they go first */
		wait_for_next(m, 1);
}

/* ---- A mail ---- */

/* What stands after '+' where it arrived, as LMTP has it from the envelope; or absent. */
static struct bytes plus_of(const struct mailbox *m, const struct mail *mail)
{
	for (size_t i = 0; i < mail->to_count; i++) {
		struct bytes plus;

		if (mail_is_ours(m->settings, mail->to[i], &plus) && plus.data)
			return plus;
	}
	return bytes_of(NULL, 0);
}

static void on_settled(void *ctx, const struct fetch_answer *answer)
{
	struct mailbox *m = ctx;
	unsigned status = judge(m, answer);

	if (!status)
		return;
	if (status == FETCH_MAILBOX_NO)
		log_error("mailbox_stays", "the server neither removes nor moves a mail");
	else
		m->settled = true;
	m->at++;
	next_mail(m);
}

static void settle(struct mailbox *m, struct mail_verdict verdict)
{
	const unsigned uid = m->uids[m->at];
	char what[CONFIG_TEXT_MAX + 32];

	mail_in_note(verdict);
	buf_release(&m->file);
	mail_out_look(m->out); /* what it is answered */
	if (verdict.status == 250) {
		snprintf(what, sizeof(what), "remove %u", uid);
		ask(m, what, LINES_MAX, on_settled);
	} else if (verdict.status >= 500) {
		snprintf(what, sizeof(what), "move %u %s", uid, m->settings->imap_refused);
		ask(m, what, LINES_MAX, on_settled);
	} else { /* not now */
		m->at++;
		next_mail(m);
	}
}

static void on_read(void *ctx, const struct mail *mail)
{
	struct mailbox *m = ctx;

	if (m->ended)
		return;
	if (!mail)
		settle(m, (struct mail_verdict){451, "4.3.0 it can't be read now"});
	else if (mail->result == MAIL_OK && (mail->flags & MAIL_RETURNED))
		settle(m, mail_in_bounced(m->desk, plus_of(m, mail)));
	else
		settle(m, mail_in_take(m->desk, m->settings, plus_of(m, mail), mail));
}

static void on_mail(void *ctx, const struct fetch_answer *answer)
{
	struct mailbox *m = ctx;
	unsigned status;

	if (answer && answer->result == FETCH_TOO_LARGE) {
		settle(m, (struct mail_verdict){552, "5.3.4 the mail is too long"});
		return;
	}
	status = judge(m, answer);
	if (status == FETCH_MAILBOX_DONE) {
		buf_append_bytes(&m->file, answer->body);
		mail_reader_take(m->reader, buf_bytes(&m->file), on_read, m);
	} else if (status) { /* somebody else took it */
		m->at++;
		next_mail(m);
	}
}

/* ---- A round ---- */

static void next_mail(struct mailbox *m)
{
	char what[32];

	if (m->at < m->count) {
		snprintf(what, sizeof(what), "read %u", m->uids[m->at]);
		ask(m, what, MAIL_BYTES_MAX, on_mail);
	} else {
		wait_for_next(
			m, m->count == FETCH_UIDS_MAX && m->settled ? 0 : m->settings->imap_every);
	}
}

static void on_list(void *ctx, const struct fetch_answer *answer)
{
	struct mailbox *m = ctx;
	unsigned status = judge(m, answer);

	if (!status)
		return;
	m->count = m->at = 0;
	m->settled = false;
	if (status == FETCH_MAILBOX_DONE)
		m->count = fetch_uids_parse(answer->body, m->uids, FETCH_UIDS_MAX);
	next_mail(m);
}

static void on_time(struct timer *timer)
{
	ask(LIST_OWNER(timer, struct mailbox, timer), "list", LINES_MAX, on_list);
}

void mailbox_begin(struct mailbox *m)
{
	timer_init(&m->timer, on_time);
	wait_for_next(m, 0);
}

void mailbox_end(struct mailbox *m)
{
	m->ended = true;
	timer_stop(&m->timer);
}

void mailbox_release(struct mailbox *m)
{
	buf_release(&m->file);
}
