/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "desk/mail/mail_in.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/log.h"
#include "crypto/hash.h"
#include "desk/cases/clocks.h"
#include "desk/mail/mail_form.h"
#include "desk/mail/mail_letter.h"
#include "desk/mail/mail_replies.h"
#include "store/square_desk_cases.h"
#include "store/square_desk_contacts.h"
#include "store/square_desk_mail.h"
#include "store/square_desk_outbox.h"

#define DAY_S 86400
#define REMEMBERED_S (30 * (int64_t)DAY_S) /* mail servers try for 5 days */

static const struct mail_verdict taken = {250, "2.0.0 taken"};
static const struct mail_verdict taken_before = {250, "2.0.0 taken before"};
static const struct mail_verdict failed = {451, "4.3.0 it can't be kept now"};

struct taking {
	struct desk *desk;
	const struct mail_settings *settings;
	struct bytes plus;
	const struct mail *mail;
	struct arena *arena;
	struct ask ask;
	struct mail_reply reply;
	struct mail_form form;
};

/* ---- Who it is by ---- */

bool mail_is_vouched_for(const struct mail *mail)
{
	const uint8_t *at = mail->from.size ? memchr(mail->from.data, '@', mail->from.size) : NULL;
	struct bytes domain;

	if (!at)
		return false;
	domain = bytes_of(at + 1, mail->from.size - (size_t)(at + 1 - mail->from.data));
	for (size_t i = 0; i < mail->result_count; i++)
		if (mail->results[i].pass && bytes_equal(mail->results[i].domain, domain))
			return true;
	return false;
}

static bool find_sender(struct taking *t)
{
	struct principal *who = &t->ask.who;

	who->role = ROLE_COUNT;
	if (!desk_address_grant(t->ask.db, t->arena, t->mail->from, &who->grant))
		who->grant = (struct desk_grant){0};
	else
		who->role = role_by_name(who->grant.role);
	return who->grant.id != 0;
}

static bool speaks_indonesian(const struct taking *t)
{
	struct bytes langs = t->ask.who.grant.langs;

	return t->form.indonesian || (t->form.labels == 0 && langs.size >= 2 &&
					     memcmp(langs.data, MAIL_LANGUAGE_ID, 2) == 0);
}

static void prepare_reply(struct taking *t, bool known)
{
	t->reply = (struct mail_reply){.desk = t->desk,
		.db = t->ask.db,
		.arena = t->arena,
		.now_s = t->ask.now_s,
		.mail = t->mail,
		.stranger = !known,
		.to = {.address = t->mail->from,
			.message_id = t->mail->message_id,
			.language = bytes_from_str(
				speaks_indonesian(t) ? MAIL_LANGUAGE_ID : MAIL_LANGUAGE_EN)}};
}

/* At most once a day, so that two programs can't write to one another for ever. */
static struct mail_verdict reply_once_a_day(
	struct taking *t, void (*reply)(const struct mail_reply *), const char *refusal)
{
	uint8_t hash[KEYBOX_HASH_SIZE];

	notice_mail_hash(t->desk, t->arena, t->mail->from, hash);
	if (!desk_mail_tell(
		    t->ask.db, bytes_of(hash, sizeof(hash)), t->ask.now_s - DAY_S, t->ask.now_s))
		return (struct mail_verdict){550, refusal};
	reply(&t->reply);
	return taken;
}

/* ---- What it says ---- */

/* A server that did not hear our answer sends the mail again. Somebody else may, too: a signature
 * stays good for ever, and covers the date and the text, but not always the Message-ID. */
static bool is_new(struct taking *t)
{
	const struct mail *mail = t->mail;
	uint8_t hash[HASH_SHA256_SIZE];
	char *all = arena_printf(t->arena, "%.*s\n%lld\n%.*s", (int)mail->from.size,
		(const char *)mail->from.data, (long long)mail->date_s, (int)mail->text.size,
		(const char *)mail->text.data);

	hash_sha256(bytes_from_str(all), hash);
	return desk_mail_take(t->ask.db, bytes_of(hash, sizeof(hash)), t->ask.now_s);
}

/* The route's own handler: what comes by mail goes the way of what comes by HTTP. */
static void run(struct taking *t, void (*handler)(struct ask *, struct reply *), json_t *body,
	struct reply *reply)
{
	char *text = json_dumps(body, JSON_COMPACT);

	*reply = (struct reply){.status = 200};
	t->ask.body = arena_bytes(t->arena, bytes_from_str(text ? text : ""));
	free(text);
	handler(&t->ask, reply);
}

/* Is it about a notice of who sends it? By address, if the desk knows no more of him. */
static bool is_own_notice(struct taking *t, int64_t id)
{
	uint8_t hash[KEYBOX_HASH_SIZE];
	struct desk_notice_mail mail;
	struct desk_notice notice;

	if (!id || !desk_notice_get(t->ask.db, t->arena, id, &notice))
		return false;
	if (notice.reporter)
		return notice.reporter == t->ask.who.grant.id;
	notice_mail_hash(t->desk, t->arena, t->mail->from, hash);
	return desk_notice_mail_get(t->ask.db, t->arena, id, &mail) &&
	       bytes_equal(mail.address_hash, bytes_of(hash, sizeof(hash)));
}

static struct mail_verdict take_answer(struct taking *t, int64_t notice)
{
	struct bytes text = mail_answer_text(t->arena, t->mail->text);
	struct reply reply;
	const char *error = NULL;
	json_t *body = json_pack("{s:o}", "text", json_bytes(text));

	t->ask.id = notice;
	run(t, desk_notice_clarify, body, &reply);
	json_decref(body);
	if (reply.status != 200) {
		error = json_string_value(json_object_get(reply.body, "error"));
		error = error ? error : "it can't be read";
	}
	mail_reply_answered(&t->reply, notice, error);
	json_decref(reply.body);
	return taken;
}

static struct mail_verdict take_notice(struct taking *t)
{
	const char *form = json_string_value(json_object_get(t->form.body, "form"));
	struct reply reply;
	int64_t id;

	if (t->form.repeated) {
		json_t *gate = json_pack("{s:s, s:[{s:s, s:s}]}", "error", "a field is there twice",
			"invalid", "field", t->form.repeated, "reason", "is there twice");

		mail_reply_refused(&t->reply, gate, form);
		json_decref(gate);
		return taken;
	}
	/* Who it is by has been shown: no need to type it. */
	if (t->reply.stranger)
		json_object_set_new(t->form.body, "mail", json_bytes(t->mail->from));
	run(t, desk_notice_file, t->form.body, &reply);
	if (reply.status == 201) {
		id = json_integer_value(json_object_get(reply.body, "notice"));
		notice_mail_keep(t->desk, t->ask.db, t->arena, id, &t->reply.to, t->ask.now_s);
		mail_reply_receipt(&t->reply, id);
	} else {
		mail_reply_refused(&t->reply, reply.body, form);
	}
	json_decref(reply.body);
	return taken;
}

/* As many notices of people whom the desk does not know as it can look at. */
static bool is_within_day(struct taking *t)
{
	const int64_t day = t->ask.now_s / DAY_S;
	uint8_t hash[KEYBOX_HASH_SIZE];

	notice_mail_hash(t->desk, t->arena, t->mail->from, hash);
	return desk_mail_count(t->ask.db, bytes_of(hash, sizeof(hash)), day) <=
		       t->settings->strangers_each &&
	       desk_mail_count(t->ask.db, BYTES_LITERAL(""), day) <= t->settings->strangers_all;
}

static struct mail_verdict take_vouched(struct taking *t)
{
	bool known = find_sender(t);
	int64_t notice =
		mail_notice_of(t->settings, t->mail->subject, t->plus, t->mail->in_reply_to);

	if (!is_new(t))
		return taken_before;
	prepare_reply(t, known);
	if (!known && !t->settings->from_anybody)
		return reply_once_a_day(
			t, mail_reply_unknown, "5.7.1 this sender is not known here");
	if (t->form.labels > 0 && !known && !is_within_day(t))
		return reply_once_a_day(
			t, mail_reply_enough, "5.7.1 no more notices of strangers on this day");
	if (t->form.labels > 0)
		return take_notice(t);
	if (is_own_notice(t, notice))
		return take_answer(t, notice);
	return reply_once_a_day(
		t, mail_reply_no_form, "5.6.0 there is no form in it, and it answers no question");
}

/* ---- All ---- */

static struct mail_verdict judge(struct taking *t)
{
	const struct mail *mail = t->mail;

	if (mail->result == MAIL_TOO_MUCH)
		return (struct mail_verdict){554, "5.3.4 the mail is too much to read"};
	if (mail->result != MAIL_OK)
		return (struct mail_verdict){554, "5.6.0 the mail can't be read"};
	if (mail->flags & MAIL_AUTOMATIC)
		return (struct mail_verdict){550, "5.7.1 mail by programs is not taken"};
	if (!mail_is_vouched_for(mail))
		return (struct mail_verdict){
			550, "5.7.26 neither DKIM, SPF nor DMARC vouches for the sender"};
	/* What was taken is known so long. */
	if (mail->date_s < t->ask.now_s - REMEMBERED_S || mail->date_s > t->ask.now_s + DAY_S)
		return (struct mail_verdict){550, "5.7.1 the mail has no Date of these days"};
	return take_vouched(t);
}

struct mail_verdict mail_in_take(struct desk *desk, const struct mail_settings *settings,
	struct bytes plus, const struct mail *mail)
{
	struct arena arena;
	struct taking t = {.desk = desk,
		.settings = settings,
		.plus = plus,
		.mail = mail,
		.arena = &arena,
		.ask = {.desk = desk,
			.door = DOOR_MAIL,
			.db = desk->writer,
			.arena = &arena,
			.now_s = clock_unix_s(desk->clock)}};
	struct mail_verdict verdict;

	arena_init(&arena);
	mail_form_read(mail->text, &desk->sop, &arena, &t.form);
	db_begin(desk->writer);
	desk_mail_drop(desk->writer, t.ask.now_s - REMEMBERED_S);
	verdict = judge(&t);
	/* What is refused leaves nothing, and is refused again when it comes again. */
	if (verdict.status != 250) {
		db_rollback(desk->writer);
	} else if (db_commit(desk->writer) < 0) {
		log_error("mail_unkept", "a mail waits at your mail server");
		verdict = failed;
	}
	json_decref(t.form.body);
	arena_release(&arena);
	return verdict;
}

struct mail_verdict mail_in_bounced(struct desk *desk, struct bytes plus)
{
	int64_t item = mail_bounce_item(desk->people, plus);
	struct desk_outgoing row;
	struct arena arena;
	bool sent;

	if (!item)
		return (struct mail_verdict){550, "5.7.1 mail by programs is not taken"};
	db_begin(desk->writer);
	arena_init(&arena);
	sent = desk_outgoing_get(desk->writer, &arena, item, &row) &&
	       bytes_equal_str(row.way, "mail") && bytes_equal_str(row.outcome, "sent");
	arena_release(&arena);
	if (sent)
		desk_outgoing_settle(
			desk->writer, item, clock_unix_s(desk->clock), "bounced", row.result);
	if (db_commit(desk->writer) < 0)
		return failed;
	if (sent)
		log_warn("mail_bounced", "item %lld of the outbox reached nobody", (long long)item);
	return taken;
}

void mail_in_note(struct mail_verdict verdict)
{
	log_info("mail_in", "%d %.*s", verdict.status, (int)strcspn(verdict.words, " "),
		verdict.words);
}
