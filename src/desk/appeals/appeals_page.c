/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. A language is one row of words. */
#include "desk/appeals/appeals_page.h"

#include <stdlib.h>
#include <strings.h>

#include "base/log.h"
#include "base/text.h"
#include "desk/appeals/appeals.h"
#include "desk/lanes/form.h"
#include "desk/letters/letters.h"
#include "desk/figures/pages.h"
#include "desk/figures/public.h"

struct words {
	const char *title, *about, *decided, *facts, *ground, *filed, *due, *answered;
	const char *say, *send, *free, *other;
	const char *uphold, *reverse, *change;
};

static const struct words rows[LETTER_LANGUAGES] = {
	{
		.title = "Appeal",
		.about = "Case",
		.decided = "decided on",
		.facts = "Facts",
		.ground = "Ground",
		.filed = "Your appeal arrived on",
		.due = "It will be answered by somebody who had no part in the decision, at the "
		       "latest on",
		.answered = "It was answered on",
		.say = "Say why the decision is wrong. What you write is read by who answers the "
		       "appeal.",
		.send = "Send the appeal",
		.free = "It costs nothing. You may also go to an out-of-court dispute settlement "
			"body or to a court.",
		.other = "Bahasa Indonesia",
		.uphold = "The decision stands.",
		.reverse = "You were right: the decision was reversed.",
		.change = "The decision was changed.",
	},
	{
		.title = "Keberatan",
		.about = "Kasus",
		.decided = "diputuskan pada",
		.facts = "Fakta",
		.ground = "Dasar",
		.filed = "Keberatan Anda diterima pada",
		.due = "Orang yang tidak terlibat dalam keputusan ini akan menjawabnya paling "
		       "lambat",
		.answered = "Dijawab pada",
		.say = "Jelaskan mengapa keputusan ini keliru. Tulisan Anda dibaca oleh orang yang "
		       "menjawab keberatan.",
		.send = "Kirim keberatan",
		.free = "Tanpa biaya. Anda juga dapat menempuh penyelesaian sengketa di luar "
			"pengadilan atau pengadilan.",
		.other = "English",
		.uphold = "Keputusan tetap berlaku.",
		.reverse = "Anda benar: keputusan dibatalkan.",
		.change = "Keputusan diubah.",
	},
};

const char *appeal_outcome_words(int language, struct bytes outcome)
{
	const struct words *w = &rows[language];

	if (bytes_equal_str(outcome, "uphold"))
		return w->uphold;
	return bytes_equal_str(outcome, "reverse") ? w->reverse : w->change;
}

/* What a code opens. */
struct view {
	struct desk *desk;
	struct db *db;
	struct arena *arena;
	struct bytes code;
	struct desk_appeal_code party;
	struct desk_case c;
	struct desk_ruling ruling;
	struct desk_appeal appeal; /* id 0: none yet */
	enum appeal_refusal refusal;
};

static void look(struct view *v, int64_t now_s)
{
	int64_t last = 0;

	v->refusal = APPEAL_UNKNOWN;
	v->appeal = (struct desk_appeal){.id = 0};
	if (!v->code.data || !appeal_code_find(v->desk, v->db, v->arena, v->code, &v->party) ||
		!desk_case_get(v->db, v->arena, v->party.case_id, &v->c) ||
		!desk_ruling_get(
			v->db, v->arena, v->party.case_id, v->party.decision, &v->ruling)) {
		v->code = (struct bytes){NULL, 0};
		return;
	}
	v->refusal = appeal_may(v->desk, v->db, v->arena, &v->party, now_s, &last);
	if (last)
		(void)desk_appeal_get(v->db, v->arena, last, &v->appeal);
}

static int language_of(struct arena *arena, const struct http_request *request, struct bytes asked)
{
	struct bytes accepted = http_header(request, "Accept-Language");

	if (!asked.data)
		asked = bytes_of(accepted.data, accepted.size < 2 ? accepted.size : 2);
	for (int i = LETTER_LANGUAGES - 1; asked.data && i > 0; i--)
		if (bytes_equal_str(bytes_from_str(text_lower(arena, asked)), letter_language(i)))
			return i;
	return 0;
}

static char *subject_of(const struct view *v)
{
	char *name = arena_str(v->arena, v->c.name);

	return v->c.post ? arena_printf(v->arena, "@%s/%d", name, v->c.post)
			 : arena_printf(v->arena, "@%s", name);
}

/* ---- The page ---- */

static void put_quote(struct buf *out, const char *head, const json_t *text)
{
	if (!json_is_string(text) || !*json_string_value(text))
		return;
	buf_printf(out, "<h2>%s</h2>\n<blockquote>", head);
	page_escape(out, json_string_value(text));
	buf_append_str(out, "</blockquote>\n");
}

/* What was told to whom the code was given: a reader heard no facts. */
static void put_decision(struct buf *out, const struct view *v, const struct words *w)
{
	json_t *data = appeal_event_data(v->db, v->arena, v->c.id, v->party.decision);

	buf_printf(out, "<p>%s %lld, ", w->about, (long long)v->c.id);
	page_escape(out, subject_of(v));
	buf_printf(out, ": %s, %s %s.</p>\n", arena_str(v->arena, v->ruling.action), w->decided,
		text_rfc3339(v->arena, v->ruling.at));
	if (bytes_equal_str(v->party.party, "owner"))
		put_quote(out, w->facts, json_object_get(data, "facts"));
	put_quote(out, w->ground, json_object_get(data, "ground"));
	json_decref(data);
}

static void put_appeal(struct buf *out, const struct view *v, const struct words *w, int language)
{
	const struct desk_appeal *a = &v->appeal;
	json_t *data = appeal_event_data(v->db, v->arena, v->c.id, a->event);

	buf_printf(out, "<h2>%s %s</h2>\n<blockquote>", w->filed,
		text_rfc3339(v->arena, a->created_at));
	page_escape(out, json_string_value(json_object_get(data, "words")));
	buf_append_str(out, "</blockquote>\n");
	json_decref(data);
	if (!a->decided_at) {
		buf_printf(out, "<p>%s %s.</p>\n", w->due, text_rfc3339(v->arena, a->due_at));
		return;
	}
	data = appeal_event_data(v->db, v->arena, v->c.id, a->answer);
	buf_printf(out, "<h2>%s %s</h2>\n<p><strong>%s</strong></p>\n", w->answered,
		text_rfc3339(v->arena, a->decided_at), appeal_outcome_words(language, a->outcome));
	put_quote(out, w->facts, json_object_get(data, "facts"));
	put_quote(out, w->ground, json_object_get(data, "ground"));
	json_decref(data);
}

static void put_form(struct buf *out, const struct view *v, const struct words *w, int language)
{
	buf_printf(out,
		"<form method=\"post\" action=\"/square/appeals\">\n<p><label for=\"words\">%s"
		"</label></p>\n<p><textarea id=\"words\" name=\"words\" rows=\"10\" required "
		"minlength=\"%lld\" maxlength=\"%d\"></textarea></p>\n<input type=\"hidden\" "
		"name=\"lang\" value=\"%s\"><input type=\"hidden\" name=\"code\" value=\"",
		w->say, (long long)v->desk->sop.appeal_reasons_min, APPEAL_WORDS_MAX,
		letter_language(language));
	page_escape(out, arena_str(v->arena, v->code));
	buf_printf(out, "\">\n<p><button>%s</button></p>\n<p>%s</p>\n</form>\n", w->send, w->free);
}

static void put_page(struct buf *out, const struct view *v, int language, const char *problem)
{
	const struct words *w = &rows[language];

	buf_printf(out,
		"<!doctype html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n"
		"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
		"<title>%s</title>\n<link rel=\"stylesheet\" href=\"/square/style.css\">\n"
		"</head>\n<body>\n<h1>%s</h1>\n",
		letter_language(language), w->title, w->title);
	if (problem)
		buf_printf(out, "<p role=\"alert\"><strong>%s</strong></p>\n", problem);
	if (v->code.data) {
		put_decision(out, v, w);
		if (v->appeal.id)
			put_appeal(out, v, w, language);
		if (v->refusal == APPEAL_TAKEN)
			put_form(out, v, w, language);
		buf_printf(out, "<p><a href=\"/square/appeal?lang=%s&amp;code=",
			letter_language(!language));
		page_escape(out, arena_str(v->arena, v->code));
		buf_printf(out, "\">%s</a></p>\n", w->other);
	}
	buf_append_str(out, "</body>\n</html>\n");
}

static void answer_page(
	struct http_exchange *exchange, const struct view *v, int language, const char *problem)
{
	public_headers(exchange, "text/html; charset=utf-8", "no-store");
	put_page(&exchange->response.body, v, language, problem);
	http_respond(exchange);
}

/* Why there is no form, unless the appeal itself, which is shown, says it. */
static const char *problem_of(const struct view *v, int language)
{
	if (v->refusal == APPEAL_TAKEN || (v->appeal.id && v->refusal != APPEAL_OVER))
		return NULL;
	return appeal_refusal_text(v->arena, &v->desk->sop, v->refusal, language);
}

static struct view view_begin(struct http_exchange *exchange, struct service *service)
{
	return (struct view){
		.desk = service->desk, .db = service->desk->reader, .arena = &exchange->arena};
}

void appeal_page(struct http_exchange *exchange, void *owner)
{
	struct view v = view_begin(exchange, owner);
	const int language = language_of(v.arena, &exchange->request,
		http_form_value(v.arena, exchange->request.query, "lang"));

	db_begin(v.db);
	v.code = http_form_value(v.arena, exchange->request.query, "code");
	look(&v, clock_unix_s(v.desk->clock));
	exchange->response.status = v.code.data ? 200 : 404;
	answer_page(exchange, &v, language, problem_of(&v, language));
	db_rollback(v.db);
}

/* ---- JSON ---- */

static void answer_json(struct http_exchange *exchange, int status, json_t *body)
{
	char *text = json_dumps(body, JSON_COMPACT);

	exchange->response.status = status;
	public_headers(exchange, "application/json", "no-store");
	buf_append_str(&exchange->response.body, text ? text : "{}");
	buf_append_str(&exchange->response.body, "\n");
	free(text);
	json_decref(body);
	http_respond(exchange);
}

static json_t *appeal_json(const struct view *v)
{
	const struct desk_appeal *a = &v->appeal;
	json_t *body, *data;

	if (!a->id)
		return json_null();
	body = json_pack("{s:I, s:o, s:o, s:s}", "appeal", (json_int_t)a->id, "filed",
		json_time(v->arena, a->created_at), "due", json_time(v->arena, a->due_at), "state",
		a->decided_at ? "decided" : "open");
	if (a->decided_at) {
		data = appeal_event_data(v->db, v->arena, v->c.id, a->answer);
		json_object_set_new(body, "decided", json_time(v->arena, a->decided_at));
		json_object_set_new(body, "outcome", json_bytes(a->outcome));
		json_object_set(body, "facts", json_object_get(data, "facts"));
		json_object_set(body, "ground", json_object_get(data, "ground"));
		json_decref(data);
	}
	return body;
}

static json_t *refused_json(const struct view *v, enum appeal_refusal refusal)
{
	return json_pack(
		"{s:s}", "error", appeal_refusal_text(v->arena, &v->desk->sop, refusal, 0));
}

void appeal_page_json(struct http_exchange *exchange, void *owner)
{
	struct view v = view_begin(exchange, owner);
	json_t *body;

	db_begin(v.db);
	v.code = http_form_value(v.arena, exchange->request.query, "code");
	look(&v, clock_unix_s(v.desk->clock));
	if (v.code.data)
		body = json_pack("{s:I, s:s, s:o, s:o, s:o, s:b, s:o}", "case", (json_int_t)v.c.id,
			"subject", subject_of(&v), "action", json_bytes(v.ruling.action), "decided",
			json_time(v.arena, v.ruling.at), "until",
			json_time(v.arena, v.party.until_at), "may", v.refusal == APPEAL_TAKEN,
			"appeal", appeal_json(&v));
	else
		body = refused_json(&v, v.refusal);
	answer_json(exchange, v.code.data ? 200 : 404, body);
	db_rollback(v.db);
}

/* ---- What comes in ---- */

struct posted {
	struct bytes code, words, lang;
	bool json;
};

static struct bytes member(struct arena *arena, const json_t *root, const char *name)
{
	const json_t *value = json_object_get(root, name);

	if (!json_is_string(value))
		return (struct bytes){NULL, 0};
	return arena_bytes(arena, bytes_of(json_string_value(value), json_string_length(value)));
}

static bool read_posted(struct http_exchange *exchange, struct posted *out)
{
	const struct http_request *request = &exchange->request;
	struct bytes type = http_header(request, "Content-Type");
	static const char as_json[] = "application/json";
	struct form form;
	bool ok;

	*out = (struct posted){
		.json = type.size >= sizeof(as_json) - 1 &&
			strncasecmp((const char *)type.data, as_json, sizeof(as_json) - 1) == 0};
	if (!out->json) {
		out->code = http_form_value(&exchange->arena, request->body, "code");
		out->words = http_form_value(&exchange->arena, request->body, "words");
		out->lang = http_form_value(&exchange->arena, request->body, "lang");
		return true;
	}
	ok = form_open(&form, &exchange->arena, request->body);
	if (ok) {
		out->code = member(&exchange->arena, form.root, "code");
		out->words = member(&exchange->arena, form.root, "words");
	}
	form_release(&form);
	return ok;
}

static void answer_posted(struct http_exchange *exchange, struct view *v,
	const struct posted *posted, enum appeal_refusal refusal)
{
	const int language = language_of(v->arena, &exchange->request, posted->lang);

	if (posted->json && refusal == APPEAL_TAKEN) {
		answer_json(exchange, 201,
			json_pack("{s:I, s:I, s:o}", "appeal", (json_int_t)v->appeal.id, "case",
				(json_int_t)v->appeal.case_id, "due",
				json_time(v->arena, v->appeal.due_at)));
	} else if (posted->json) {
		answer_json(exchange, appeal_refusal_status(refusal), refused_json(v, refusal));
	} else if (refusal == APPEAL_TAKEN) {
		/* Only base64url gets so far. */
		exchange->response.status = 303;
		http_response_header(&exchange->response, "Location",
			arena_printf(v->arena, "/square/appeal?code=%s&lang=%s",
				arena_str(v->arena, posted->code), letter_language(language)));
		http_respond(exchange);
	} else {
		exchange->response.status = appeal_refusal_status(refusal);
		answer_page(exchange, v, language,
			appeal_refusal_text(v->arena, &v->desk->sop, refusal, language));
	}
}

void appeal_page_post(struct http_exchange *exchange, void *owner)
{
	struct view v = view_begin(exchange, owner);
	enum appeal_refusal refusal = APPEAL_UNKNOWN;
	struct posted posted;
	const int64_t now_s = clock_unix_s(v.desk->clock);

	if (!read_posted(exchange, &posted)) {
		http_respond_error(exchange, 400);
		return;
	}
	v.db = v.desk->writer;
	db_begin(v.db);
	v.code = posted.code;
	look(&v, now_s);
	if (v.code.data)
		refusal = appeal_file(v.desk, v.db, v.arena, &v.party, 0,
			posted.words.data ? posted.words : BYTES_LITERAL(""), now_s, &v.appeal);
	if (db_commit(v.db) < 0) {
		log_error("appeal_lost", "the desk's database failed");
		http_respond_error(exchange, 500);
		return;
	}
	db_begin(v.desk->reader); /* what the page shows besides */
	v.db = v.desk->reader;
	answer_posted(exchange, &v, &posted, refusal);
	db_rollback(v.desk->reader);
}
