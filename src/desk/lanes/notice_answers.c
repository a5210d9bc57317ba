/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "desk/lanes/notice_answers.h"

#include <string.h>

#include "base/text.h"
#include "desk/cases/case_state.h"
#include "desk/cases/clocks.h"
#include "desk/lanes/countries.h"
#include "desk/lanes/notices.h"
#include "desk/people/shifts.h"
#include "desk/sop/sop_templates.h"
#include "net/http.h"
#include "store/square_desk_clocks.h"
#include "store/square_desk_forms.h"
#include "store/square_desk_orders.h"

enum answer { RECEIPT, EFFECT, OBSTACLE, NO_EFFECT, ANSWER_COUNT };

static const struct {
	const char *name, *template;
	const char *law[FORM_COUNT];
} answers[ANSWER_COUNT] = {
	[RECEIPT] = {"receipt", "answer_receipt",
		{"Regulation (EU) 2022/2065 Article 16(4)", "Regulation (EU) 2022/2065 Article 9",
			"Regulation (EU) 2021/784 Article 3"}},
	[EFFECT] = {"effect", "answer_effect",
		{"Regulation (EU) 2022/2065 Article 16(5)",
			"Regulation (EU) 2022/2065 Article 9(1)",
			"Regulation (EU) 2021/784 Annex II"}},
	[OBSTACLE] = {"obstacle", "answer_obstacle",
		{"Regulation (EU) 2022/2065 Article 16", "Regulation (EU) 2022/2065 Article 9(1)",
			"Regulation (EU) 2021/784 Annex III"}},
	[NO_EFFECT] = {"no_effect", "answer_no_effect",
		{"Regulation (EU) 2022/2065 Article 16(5)",
			"Regulation (EU) 2022/2065 Article 9(1)",
			"Regulation (EU) 2021/784 Article 3"}},
};

/* English, Indonesian. */
static const struct {
	const char *action, *words[2];
} measures[] = {
	{"remove", {"removed", "dihapus"}},
	{"restrict", {"access disabled", "aksesnya ditutup"}},
	{"label", {"labelled with a warning", "diberi peringatan"}},
	{"freeze", {"frozen: nobody posts there", "dibekukan: tidak ada yang mengirim di sana"}},
	{"warn", {"its owner was warned", "pemiliknya diperingatkan"}},
};
static const char *const obstacles[OBSTACLE_COUNT][2] = {
	[OBSTACLE_INFORMATION] = {"it does not have sufficient information",
		"informasinya tidak memadai"},
	[OBSTACLE_ERRORS] = {"it has manifest errors", "ada kesalahan yang nyata"},
	[OBSTACLE_IMPOSSIBLE] = {"it is impossible for reasons that are not ours (force majeure)",
		"tidak mungkin karena keadaan di luar kuasa kami (force majeure)"},
};

struct writer {
	const struct sop *sop;
	struct arena *arena;
	const char *language;
	enum notice_form form;
	json_t *fields; /* of the form, or NULL */
	json_t *out;
	char *deadline; /* for the letter */
	const char *subject, *measure, *when, *reason, *explanation, *ground;
	int64_t notice, case_id;
};

static int words_at(const char *language)
{
	return strncmp(language, "id", 2) == 0 ? 1 : 0;
}

static const char *field_text(const struct writer *w, const char *name)
{
	return json_string_value(json_object_get(w->fields, name));
}

static void set_text(struct writer *w, const char *name, const char *text)
{
	json_object_set_new(w->out, name, text ? json_string(text) : json_null());
}

static void finish(struct writer *w, enum answer answer)
{
	const char *number = arena_printf(w->arena, "%lld", (long long)w->notice);
	const struct sop_value values[] = {{"notice", w->notice ? number : NULL},
		{"case", w->case_id ? arena_printf(w->arena, "%lld", (long long)w->case_id) : NULL},
		{"subject", w->subject}, {"law", answers[answer].law[w->form]},
		{"reference", field_text(w, "reference")},
		{"authority", field_text(w, "authority")}, {"due", w->deadline},
		{"measure", w->measure}, {"when", w->when}, {"reason", w->reason},
		{"explanation", w->explanation}, {"ground", w->ground},
		{"contact", w->sop->appeal_contact}, {NULL, NULL}};

	json_object_set_new(w->out, "answer", json_string(answers[answer].name));
	json_object_set_new(w->out, "form", json_string(notice_form_name(w->form)));
	set_text(w, "law", answers[answer].law[w->form]);
	set_text(w, "reference", field_text(w, "reference"));
	set_text(w, "authority", field_text(w, "authority"));
	set_text(w, "contact", w->sop->appeal_contact);
	set_text(w, "text",
		sop_letter(w->arena, w->sop, answers[answer].template, w->language, values));
}

static const char *measure_words(const struct writer *w, struct bytes action)
{
	for (size_t i = 0; i < ARRAY_LEN(measures); i++)
		if (bytes_equal_str(action, measures[i].action))
			return measures[i].words[words_at(w->language)];
	return arena_str(w->arena, action);
}

static void write_obstacle(struct writer *w, int64_t obstacle, const char *explanation)
{
	w->reason = obstacles[obstacle][words_at(w->language)];
	w->explanation = explanation;
	set_text(w, "reason", sop_obstacle_names[obstacle]);
	set_text(w, "explanation", explanation);
	finish(w, OBSTACLE);
}

static void write_pause(struct writer *w, struct db *db, const struct desk_case *c)
{
	struct desk_clock clock = {.reason = BYTES_LITERAL(""), .question = BYTES_LITERAL("")};
	const struct sop_pause *pause;

	(void)desk_clock_get(db, w->arena, c->id, &clock);
	pause = sop_pause(w->sop, arena_str(w->arena, clock.reason));
	json_object_set_new(w->out, "since", json_time(w->arena, clock.paused_at));
	write_obstacle(w, pause ? pause->obstacle : OBSTACLE_INFORMATION,
		clock.question.size > 0 ? arena_str(w->arena, clock.question)
		: pause			? pause->title
					: NULL);
}

/* Regulation (EU) 2021/784: in all Member States, or it is no execution of the order. */
static bool covers_union(struct bytes countries)
{
	struct bytes all = bytes_from_str(countries_of_eu), one;

	while (countries.size > 0 && (one = list_next(&all)).data)
		if (!list_has(countries, one))
			return false;
	return true;
}

static void write_effect(
	struct writer *w, const struct desk_case *c, const struct desk_statement *s)
{
	const char *words = measure_words(w, c->action);

	w->measure = c->countries.size > 0 ? arena_printf(w->arena, "%s (%s)", words,
						     arena_str(w->arena, c->countries))
					   : words;
	w->when = text_rfc3339(w->arena, s->executed_at);
	json_object_set_new(w->out, "action", json_bytes(c->action));
	json_object_set_new(w->out, "countries", json_list(c->countries));
	json_object_set_new(w->out, "executed", json_time(w->arena, s->executed_at));
	json_object_set_new(w->out, "in_time", c->met < 0 ? json_null() : json_boolean(c->met));
	if (w->form == FORM_TCO)
		json_object_set_new(w->out, "all_member_states",
			json_boolean((bytes_equal_str(c->action, "remove") ||
					     bytes_equal_str(c->action, "restrict")) &&
				     covers_union(c->countries)));
	finish(w, EFFECT);
}

/* The ground of the decision that holds; also where no order, and so no statement, was made. */
static const char *ground_of(struct writer *w, struct db *db, const struct desk_case *c)
{
	struct desk_event e = {.case_id = c->id};
	const char *ground = NULL;

	while (desk_event_next(db, w->arena, c->id, e.seq, &e) && e.case_id == c->id) {
		json_t *data;

		if (!bytes_equal_str(e.kind, "decided") && !bytes_equal_str(e.kind, "reversed"))
			continue;
		data = json_loadb((const char *)e.data.data, e.data.size, 0, NULL);
		if (json_is_string(json_object_get(data, "ground")))
			ground = arena_str(w->arena,
				bytes_from_str(json_string_value(json_object_get(data, "ground"))));
		json_decref(data);
	}
	return ground;
}

static void write_no_effect(struct writer *w, struct db *db, const struct desk_case *c)
{
	w->ground = ground_of(w, db, c);
	json_object_set_new(w->out, "action", json_bytes(c->action));
	json_object_set_new(w->out, "decided", json_time(w->arena, c->decided_at));
	set_text(w, "ground", w->ground);
	finish(w, NO_EFFECT);
}

static void write_receipt(struct writer *w)
{
	finish(w, RECEIPT);
}

static void write_answer(struct writer *w, struct db *db, const struct desk_case *c)
{
	struct desk_statement s;
	bool lifts = bytes_equal_str(c->action, "dismiss") || bytes_equal_str(c->action, "reverse");

	if (case_is_waiting(c))
		write_pause(w, db, c);
	else if (case_is_open(c) || c->action.size == 0)
		write_receipt(w);
	else if (lifts)
		write_no_effect(w, db, c);
	else if (!desk_statement_get(db, w->arena, c->order_id, &s) || !s.executed_at)
		write_receipt(w); /* decided, and about to be carried out */
	else if (!bytes_equal_str(s.outcome, "done"))
		write_obstacle(w, OBSTACLE_IMPOSSIBLE, arena_str(w->arena, s.outcome));
	else
		write_effect(w, c, &s);
}

static const char *language_of(const struct writer *w, struct db *db, int64_t sender)
{
	struct desk_grant grant;
	struct bytes langs, first;

	if (desk_grant_get(db, w->arena, sender, &grant)) {
		langs = grant.langs;
		first = list_next(&langs);
		if (first.data)
			return arena_str(w->arena, first);
	}
	return field_text(w, "language") ? field_text(w, "language") : "en";
}

json_t *notice_answer(
	struct desk *desk, struct db *db, struct arena *arena, int64_t notice, const char *language)
{
	struct writer w = {
		.sop = &desk->sop, .arena = arena, .notice = notice, .out = json_object()};
	struct desk_notice_form form;
	struct desk_notice n;
	struct desk_case c;

	if (!desk_notice_get(db, arena, notice, &n) || !desk_case_get(db, arena, n.case_id, &c))
		return w.out;
	if (desk_notice_form_get(db, arena, notice, &form)) {
		w.form = notice_form_by_name(form.form);
		w.fields = notice_form_fields(desk, arena, notice, &form);
	}
	if (w.form == FORM_COUNT)
		w.form = FORM_ART16;
	w.language = language ? language : language_of(&w, db, n.reporter);
	w.case_id = c.id;
	w.subject = arena_str(arena, n.subject);
	w.deadline = text_rfc3339(arena, c.due_at);
	json_object_set_new(w.out, "notice", json_integer(notice));
	json_object_set_new(w.out, "case", json_integer(c.id));
	json_object_set_new(w.out, "subject", json_bytes(n.subject));
	json_object_set_new(w.out, "received", json_time(arena, n.created_at));
	json_object_set_new(w.out, "due", json_time(arena, c.due_at));
	write_answer(&w, db, &c);
	json_decref(w.fields);
	return w.out;
}

/* "law, reasons; countries has a country …" */
static const char *what_is_wrong(struct arena *arena, const struct form *form)
{
	const char *text = "";
	const json_t *item;
	size_t at;

	json_array_foreach(form->missing, at, item) text =
		arena_printf(arena, "%s%s%s", text, *text ? ", " : "", json_string_value(item));
	json_array_foreach(form->invalid, at, item) text = arena_printf(arena, "%s%s%s %s", text,
		*text ? "; " : "", json_string_value(json_object_get(item, "field")),
		json_string_value(json_object_get(item, "reason")));
	return text;
}

json_t *notice_refusal_answer(struct ask *ask, const struct form *form,
	const struct notice_input *input, const char *refusal)
{
	struct writer w = {.sop = &ask->desk->sop,
		.arena = ask->arena,
		.form = input->form,
		.subject =
			input->subject_text.data ? arena_str(ask->arena, input->subject_text) : "-",
		.out = json_object()};

	w.fields = json_loadb((const char *)input->fields.data, input->fields.size, 0, NULL);
	w.language = language_of(&w, ask->db, principal_sender(&ask->who));
	json_object_set_new(w.out, "received", json_time(ask->arena, ask->now_s));
	write_obstacle(&w,
		strcmp(refusal, "incomplete") == 0 ? OBSTACLE_INFORMATION : OBSTACLE_ERRORS,
		what_is_wrong(ask->arena, form));
	json_decref(w.fields);
	return w.out;
}

void desk_notice_answer(struct ask *ask, struct reply *reply)
{
	struct bytes language = http_form_value(ask->arena, ask->query, "language");
	struct desk_notice notice;
	struct desk_case c;

	if (!ask_notice(ask, &notice, &c, reply))
		return;
	if (language.data && !langs_are_right(language)) {
		reply_error(reply, 400, "language is a tag of BCP 47, like id");
		return;
	}
	reply->body = notice_answer(ask->desk, ask->db, ask->arena, notice.id,
		language.data ? arena_str(ask->arena, language) : NULL);
}
