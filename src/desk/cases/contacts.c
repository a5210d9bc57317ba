/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. Codes are those of appeals (appeal_codes.h), of a party of their own. */
#include "desk/cases/contacts.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/text.h"
#include "desk/appeals/appeal_codes.h"
#include "desk/cases/case_state.h"
#include "desk/cases/cases.h"
#include "desk/cases/claims.h"
#include "desk/lanes/form.h"
#include "desk/letters/letters.h"
#include "desk/figures/pages.h"
#include "desk/liaison/phrases.h"
#include "desk/figures/public.h"
#include "desk/sop/sop_templates.h"
#include "store/square_desk_orders.h"

#define PARTY "asked"
#define DAY_S 86400

/* ---- The question ---- */

struct question {
	struct ask *ask;
	struct desk_case *c;
	struct bytes text;
	int64_t until_s;
	char *link;
};

static char *letter(const struct question *q, int language)
{
	struct arena *arena = q->ask->arena;
	char *name = arena_str(arena, q->c->name);
	static const char *const may_shorten[] = {"question", NULL};
	struct sop_value values[] = {
		{"subject", q->c->post ? arena_printf(arena, "@%s/%d", name, q->c->post)
				       : arena_printf(arena, "@%s", name)},
		{"case", arena_printf(arena, "%lld", (long long)q->c->id)},
		{"question", arena_str(arena, q->text)},
		{"link", q->link},
		{"until", text_rfc3339(arena, q->until_s)},
		{NULL, NULL},
	};

	return letter_within(arena, &q->ask->desk->sop, "owner_question", letter_language(language),
		values, may_shorten);
}

static void write_order(struct question *q, int64_t order_id)
{
	struct db *db = q->ask->db;

	desk_order_insert(
		db, &(struct desk_order){
			    .id = order_id,
			    .case_id = q->c->id,
			    .channel = q->c->channel,
			    .action = BYTES_LITERAL("ask"),
			    .text = BYTES_LITERAL(""),
			    .reason = q->c->category,
			    .letter = bytes_from_str(letter(q, 0)),
			    .created_at_ms = clock_realtime_us(q->ask->desk->clock) / 1000,
		    });
	for (int i = 1; i < LETTER_LANGUAGES; i++)
		desk_order_letter_insert(
			db, order_id, letter_language(i), bytes_from_str(letter(q, i)));
}

static void send_question(struct question *q)
{
	struct ask *ask = q->ask;
	int64_t order_id = desk_order_new_id(ask->db);
	struct desk_appeal_code code = {.case_id = q->c->id,
		.decision = q->c->head_seq + 1,
		.party = BYTES_LITERAL(PARTY),
		.until_at = q->until_s};

	q->link = answer_link(ask->arena, &ask->desk->sop,
		appeal_code_new(ask->desk, ask->db, ask->arena, &code));
	case_append(ask->db, ask->arena, q->c, "owner_asked", ask->who.grant.id, ask->now_s,
		json_pack("{s:o, s:I, s:I}", "question", json_bytes(q->text), "until",
			(json_int_t)q->until_s, "order", (json_int_t)order_id));
	write_order(q, order_id);
}

void desk_case_contact(struct ask *ask, struct reply *reply)
{
	const struct sop *sop = &ask->desk->sop;
	struct desk_case c;
	struct question q = {.ask = ask, .c = &c, .until_s = ask->now_s + sop->appeal_days * DAY_S};
	struct form form;

	if (!case_find(ask, reply, &c) || !ask_form(ask, &form, reply))
		return;
	q.text = form_text(&form, "question", CONTACT_TEXT_MAX);
	if (!ask_form_end(&form, reply) || !claim_is_mine(ask, reply, &c))
		return;
	send_question(&q);
	reply->status = 201;
	reply->body = json_pack("{s:I, s:i}", "case", (json_int_t)c.id, "event", (int)c.head_seq);
}

/* ---- What a code opens ---- */

bool contact_of(
	struct db *db, struct arena *arena, int64_t case_id, int32_t asked, struct contact *out)
{
	struct desk_event e = {.case_id = case_id, .seq = asked - 1};
	json_t *data;

	*out = (struct contact){.asked = asked};
	if (!desk_case_get(db, arena, case_id, &out->c))
		return false;
	while (desk_event_next(db, arena, case_id, e.seq, &e) && e.case_id == case_id) {
		data = json_loadb((const char *)e.data.data, e.data.size, 0, NULL);
		if (e.seq == asked && bytes_equal_str(e.kind, "owner_asked"))
			out->question = arena_printf(
				arena, "%s", json_string_value(json_object_get(data, "question")));
		if (bytes_equal_str(e.kind, "owner_answered") &&
			json_integer_value(json_object_get(data, "asked")) == asked)
			out->answered = true;
		json_decref(data);
	}
	return out->question != NULL;
}

bool contact_find(struct desk *desk, struct db *db, struct arena *arena, struct bytes code,
	int64_t now_s, struct contact *out)
{
	struct desk_appeal_code found;

	return code.data && appeal_code_find(desk, db, arena, code, &found) &&
	       bytes_equal_str(found.party, PARTY) && found.until_at >= now_s &&
	       contact_of(db, arena, found.case_id, found.decision, out);
}

void contact_answer(struct db *db, struct arena *arena, struct contact *contact, int64_t now_s,
	struct bytes text)
{
	case_append(db, arena, &contact->c, "owner_answered", 0, now_s,
		json_pack("{s:i, s:o}", "asked", (int)contact->asked, "text", json_bytes(text)));
	contact->answered = true;
}

/* ---- In the chat with the service bot ---- */

bool contact_begin(struct dialogue *d)
{
	static const char with[] = "answer_";
	struct contact contact;
	struct bytes code =
		bytes_of(d->rest.data + sizeof(with) - 1, d->rest.size - (sizeof(with) - 1));
	struct sop_value values[] = {{"case", NULL}, {"question", NULL}, {NULL, NULL}};

	if (!d->heard->private)
		return true; /* a code is nobody's business there */
	if (!contact_find(d->desk, d->db, d->arena, code, d->now_s, &contact)) {
		if (dialogue_may_refuse(d))
			dialogue_phrase(d, "question_unknown");
	} else if (contact.answered) {
		dialogue_phrase(d, "question_answered");
	} else {
		json_decref(d->data);
		d->data = json_pack("{s:I, s:i}", "case", (json_int_t)contact.c.id, "asked",
			(int)contact.asked);
		dialogue_keep(d, "owner_answer");
		values[0].text = arena_printf(d->arena, "%lld", (long long)contact.c.id);
		values[1].text = contact.question;
		dialogue_say(
			d, contact.c.id, phrase(d->arena, d->language, "question", values), NULL);
	}
	return true;
}

bool contact_step(struct dialogue *d)
{
	struct contact contact;
	bool there =
		contact_of(d->db, d->arena, json_integer_value(json_object_get(d->data, "case")),
			(int32_t)json_integer_value(json_object_get(d->data, "asked")), &contact);

	if (d->rest.size == 0)
		return false;
	if (there && !contact.answered && d->rest.size <= CONTACT_ANSWER_MAX)
		contact_answer(d->db, d->arena, &contact, d->now_s, d->rest);
	if (there && !contact.answered) {
		dialogue_phrase(d, "question_long");
		return true;
	}
	dialogue_end(d);
	dialogue_phrase(d, there ? "question_answered" : "question_unknown");
	return true;
}

/* ---- On a page ---- */

struct words {
	const char *title, *about, *question, *send, *thanks, *unknown, *empty, *other;
};

static const struct words pages[LETTER_LANGUAGES] = {
	{
		.title = "A question of the moderators",
		.about = "Case",
		.question = "They ask you, as the owner:",
		.send = "Send the answer",
		.thanks = "Your answer has arrived. Who works on the case reads it.",
		.unknown = "Nothing is asked with this link, or its time is over.",
		.empty = "An answer has 1 to 5000 bytes of text.",
		.other = "Bahasa Indonesia",
	},
	{
		.title = "Pertanyaan dari moderator",
		.about = "Kasus",
		.question = "Mereka bertanya kepada Anda sebagai pemilik:",
		.send = "Kirim jawaban",
		.thanks = "Jawaban Anda telah diterima dan dibaca oleh yang menangani kasus ini.",
		.unknown = "Tidak ada pertanyaan dengan tautan ini, atau waktunya telah berakhir.",
		.empty = "Jawaban berisi 1 sampai 5000 byte teks.",
		.other = "English",
	},
};

enum told { TOLD_NOT, TOLD_THANKS, TOLD_UNKNOWN, TOLD_EMPTY };

struct view {
	struct http_exchange *exchange;
	struct desk *desk;
	struct db *db;
	struct arena *arena;
	struct bytes code;
	struct contact contact;
	int language;
};

/* false: no question that can still be answered has this code, or had. */
static bool look(struct view *v)
{
	return contact_find(
		v->desk, v->db, v->arena, v->code, clock_unix_s(v->desk->clock), &v->contact);
}

static void put_form(struct buf *out, const struct view *v, const struct words *w)
{
	buf_printf(out, "<p>%s %lld, @", w->about, (long long)v->contact.c.id);
	page_escape(out, arena_str(v->arena, v->contact.c.name));
	buf_printf(out, "</p>\n<p>%s</p>\n<blockquote>", w->question);
	page_escape(out, v->contact.question);
	buf_printf(out,
		"</blockquote>\n<form method=\"post\" action=\"/square/answer\">\n<p><textarea "
		"name=\"text\" rows=\"10\" required maxlength=\"%d\" aria-label=\"%s\"></textarea>"
		"</p>\n<input type=\"hidden\" name=\"lang\" value=\"%s\"><input type=\"hidden\" "
		"name=\"code\" value=\"",
		CONTACT_ANSWER_MAX, w->send, letter_language(v->language));
	page_escape(out, arena_str(v->arena, v->code));
	buf_printf(out, "\">\n<p><button>%s</button></p>\n</form>\n", w->send);
}

static void put_page(const struct view *v, enum told told)
{
	const struct words *w = &pages[v->language];
	const char *const lines[] = {
		[TOLD_THANKS] = w->thanks, [TOLD_UNKNOWN] = w->unknown, [TOLD_EMPTY] = w->empty};
	struct buf *out = &v->exchange->response.body;

	public_headers(v->exchange, "text/html; charset=utf-8", "no-store");
	buf_printf(out,
		"<!doctype html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n"
		"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
		"<title>%s</title>\n<link rel=\"stylesheet\" href=\"/square/style.css\">\n"
		"</head>\n<body>\n<h1>%s</h1>\n",
		letter_language(v->language), w->title, w->title);
	if (told != TOLD_NOT)
		buf_printf(out, "<p role=\"alert\"><strong>%s</strong></p>\n", lines[told]);
	if (told == TOLD_NOT || told == TOLD_EMPTY) {
		put_form(out, v, w);
		buf_printf(out, "<p><a href=\"/square/answer?lang=%s&amp;code=",
			letter_language(!v->language));
		page_escape(out, arena_str(v->arena, v->code));
		buf_printf(out, "\">%s</a></p>\n", w->other);
	}
	buf_append_str(out, "</body>\n</html>\n");
	http_respond(v->exchange);
}

static struct view begin(
	struct http_exchange *exchange, struct service *service, struct db *db, struct bytes fields)
{
	struct view v = {.exchange = exchange,
		.desk = service->desk,
		.db = db,
		.arena = &exchange->arena,
		.code = http_form_value(&exchange->arena, fields, "code")};
	struct bytes lang = http_form_value(&exchange->arena, fields, "lang");

	if (!lang.data)
		lang = http_header(&exchange->request, "Accept-Language");
	for (int i = 1; lang.size >= 2 && i < LETTER_LANGUAGES; i++)
		if (memcmp(lang.data, letter_language(i), 2) == 0)
			v.language = i;
	return v;
}

void contact_page(struct http_exchange *exchange, void *owner)
{
	struct service *service = owner;
	struct view v = begin(exchange, service, service->desk->reader, exchange->request.query);
	bool there;

	db_begin(v.db);
	there = look(&v);
	db_rollback(v.db);
	exchange->response.status = there ? 200 : 404;
	put_page(&v, !there ? TOLD_UNKNOWN : v.contact.answered ? TOLD_THANKS : TOLD_NOT);
}

/* Once for each question: who sends the form again is thanked again. */
static enum told take(struct view *v)
{
	struct bytes text = text_trim(http_form_value(v->arena, v->exchange->request.body, "text"));

	if (!look(v))
		return TOLD_UNKNOWN;
	if (v->contact.answered)
		return TOLD_THANKS;
	if (text.size == 0 || text.size > CONTACT_ANSWER_MAX || !text_is_utf8(text) ||
		memchr(text.data, 0, text.size))
		return TOLD_EMPTY;
	contact_answer(v->db, v->arena, &v->contact, clock_unix_s(v->desk->clock), text);
	return TOLD_THANKS;
}

void contact_page_post(struct http_exchange *exchange, void *owner)
{
	struct service *service = owner;
	struct view v = begin(exchange, service, service->desk->writer, exchange->request.body);
	enum told told;

	db_begin(v.db);
	told = take(&v);
	if (db_commit(v.db) < 0) {
		log_error("answer_lost", "the desk's database failed");
		http_respond_error(exchange, 500);
		return;
	}
	exchange->response.status = told == TOLD_THANKS ? 200 : told == TOLD_UNKNOWN ? 404 : 422;
	put_page(&v, told);
}
