/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From a link to a notice: subject, category, law, urgent or not, reasons, sent or dropped. What
 * was answered so far is the dialogue's row; each button carries the number of its dialogue, so
 * that one of yesterday does nothing. The notice goes through the gate of POST /api/notices.
 */
#include <stdlib.h>

#include "base/text.h"
#include "desk/liaison/liaison.h"
#include "desk/liaison/liaison_order.h"
#include "desk/lanes/notices.h"
#include "desk/lanes/subject_find.h"
#include "desk/liaison/phrases.h"
#include "desk/letters/tell.h"
#include "store/square_desk_competences.h"

#define LAWS_MAX 12
#define LAW_SHOWN_MAX 60       /* characters on a button, about */
#define REASONS_SHOWN_MAX 1000 /* bytes, of what is to be confirmed */

/* ---- What was answered so far ---- */

const char *liaison_answered(const struct dialogue *d, const char *name)
{
	const char *text = json_string_value(json_object_get(d->data, name));

	return text ? text : "";
}

static void answer(struct dialogue *d, const char *name, struct bytes text)
{
	json_object_set_new(d->data, name, json_bytes(text));
}

const struct sop_category *liaison_category(const struct dialogue *d)
{
	return sop_category(&d->desk->sop, liaison_answered(d, "category"));
}

/* A view without a part of a character at its end. */
struct bytes liaison_shown(struct bytes text, size_t max)
{
	if (text.size <= max)
		return text;
	while (max > 0 && (text.data[max] & 0xc0) == 0x80)
		max--;
	return bytes_of(text.data, max);
}

char *liaison_carries(struct dialogue *d, const char *what, const char *value)
{
	return arena_printf(d->arena, "n:%s:%lld:%s", what,
		(long long)json_integer_value(json_object_get(d->data, "id")), value);
}

void liaison_add_cancel(struct dialogue *d, json_t **keyboard)
{
	dialogue_button(keyboard, phrase(d->arena, d->language, "button_cancel", NULL),
		liaison_carries(d, "cancel", ""));
}

/* The button is of this dialogue; d->rest is its value. Otherwise the sender is told. */
bool liaison_is_of_now(struct dialogue *d)
{
	char *end, *text = arena_str(d->arena, d->rest);
	long long id = strtoll(text, &end, 10);

	d->rest = bytes_from_str(*end == ':' ? end + 1 : "");
	if (d->begun && d->data && *end == ':' &&
		id == json_integer_value(json_object_get(d->data, "id")))
		return true;
	dialogue_become(d, 0, phrase(d->arena, d->language, "expired", NULL), NULL);
	return false;
}

/* ---- The gate ---- */

static void open_ask(struct dialogue *d, json_t *body, struct ask *ask, struct reply *reply)
{
	char *text = json_dumps(body, JSON_COMPACT);

	*reply = (struct reply){.status = 200};
	*ask = (struct ask){.desk = d->desk,
		.door = DOOR_CHAT,
		.db = d->db,
		.arena = d->arena,
		.now_s = d->now_s,
		.who = {.grant = d->grant, .role = role_by_name(d->grant.role)},
		.body = arena_bytes(d->arena, bytes_from_str(text ? text : ""))};
	free(text);
	json_decref(body);
}

static bool has_problem(const json_t *body, const char *field)
{
	const json_t *one;
	size_t at;

	json_array_foreach(json_object_get(body, "missing"), at, one)
	{
		if (strcmp(json_string_value(one), field) == 0)
			return true;
	}
	json_array_foreach(json_object_get(body, "invalid"), at, one)
	{
		const char *name = json_string_value(json_object_get(one, "field"));

		if (name && strcmp(name, field) == 0)
			return true;
	}
	return false;
}

/* Exactly why: in the chat's language where there are words, else in the gate's. */
static char *refusal_text(struct dialogue *d, const json_t *body)
{
	const char *error = json_string_value(json_object_get(body, "error"));
	const char *answer_text =
		json_string_value(json_object_get(json_object_get(body, "answer"), "text"));
	struct sop_value values[] = {{"subject", liaison_answered(d, "subject")},
		{"reason", error ? error : ""}, {NULL, NULL}};
	const char *name = "refused_other";

	if (answer_text) /* to an order: Regulation (EU) 2021/784, Annex III */
		return arena_str(d->arena, bytes_from_str(answer_text));
	if (has_problem(body, "subject"))
		name = "refused_subject";
	else if (has_problem(body, "category"))
		name = "refused_category";
	else if (has_problem(body, "law"))
		name = "law_refused";
	return phrase(d->arena, d->language, name, values);
}

static char *receipt_text(struct dialogue *d, const struct desk_case *c, int64_t notice)
{
	struct sop_value values[] = {{"notice", arena_printf(d->arena, "%lld", (long long)notice)},
		{"case", arena_printf(d->arena, "%lld", (long long)c->id)},
		{"subject", tell_subject(d->arena, c)},
		{"category", sop_title(liaison_category(d), d->language)},
		{"due", phrase_time(d->arena, d->language, d->grant.country, c->due_at)},
		{"measure", tell_measure(d->arena, d->language, c)}, {NULL, NULL}};

	if (bytes_equal_str(c->state, "open") || bytes_equal_str(c->state, "escalated") ||
		bytes_equal_str(c->state, "waiting"))
		return sop_letter(d->arena, &d->desk->sop, "receipt", d->language, values);
	return phrase(d->arena, d->language, "again", values);
}

/* One path: what the gate says over HTTP, it says here. */
static void file(struct dialogue *d, json_t *body)
{
	struct reply reply;
	struct desk_case c;
	struct ask ask;
	int64_t notice;

	open_ask(d, body, &ask, &reply);
	desk_notice_file(&ask, &reply);
	notice = json_integer_value(json_object_get(reply.body, "notice"));
	dialogue_end(d);
	if (reply.status == 201 &&
		desk_case_get(d->db, d->arena,
			json_integer_value(json_object_get(reply.body, "case")), &c)) {
		desk_notice_chat_insert(d->db, notice, d->heard->chat, bytes_from_str(d->language));
		dialogue_become(d, c.id,
			liaison_has_form(d) ? liaison_order_receipt(d, notice)
					    : receipt_text(d, &c, notice),
			NULL);
	} else {
		dialogue_become(d, 0, refusal_text(d, reply.body), NULL);
	}
	json_decref(reply.body);
}

/* ---- Questions ---- */

static void ask_confirm(struct dialogue *d)
{
	const struct sop_category *category = liaison_category(d);
	struct bytes reasons = bytes_from_str(liaison_answered(d, "reasons"));
	struct bytes some = liaison_shown(reasons, REASONS_SHOWN_MAX);
	bool urgent = json_is_true(json_object_get(d->data, "urgent")) || category->urgent;
	const struct sop_value values[] = {{"subject", liaison_answered(d, "subject")},
		{"category", sop_title(category, d->language)}, {"law", liaison_answered(d, "law")},
		{"urgent", phrase(d->arena, d->language, urgent ? "yes" : "no", NULL)},
		{"reasons", arena_printf(d->arena, "%.*s%s", (int)some.size,
				    (const char *)some.data, some.size < reasons.size ? "…" : "")},
		{NULL, NULL}};
	json_t *keyboard = NULL;

	json_object_del(d->data, "form"); /* whoever pressed an earlier button again went back */
	dialogue_keep(d, "notice_confirm");
	dialogue_button(&keyboard, phrase(d->arena, d->language, "button_send", NULL),
		liaison_carries(d, "send", ""));
	liaison_offer_orders(d, &keyboard);
	liaison_add_cancel(d, &keyboard);
	dialogue_become(d, 0, phrase(d->arena, d->language, "ask_confirm", values), keyboard);
}

static void ask_reasons(struct dialogue *d)
{
	json_t *keyboard = NULL;

	dialogue_keep(d, "notice_reasons");
	liaison_add_cancel(d, &keyboard);
	dialogue_become(d, 0, phrase(d->arena, d->language, "ask_reasons", NULL), keyboard);
}

/* Only where it changes anything. */
static void ask_urgent(struct dialogue *d)
{
	const struct sop_category *category = liaison_category(d);
	struct principal who = {.grant = d->grant, .role = role_by_name(d->grant.role)};
	enum lane lane = principal_lane(&who);
	int64_t urgent_s = sop_clock(category, lane, true)->decide_s;
	int64_t ordinary_s = sop_clock(category, lane, false)->decide_s;
	const struct sop_value values[] = {
		{"urgent",
			phrase_time(d->arena, d->language, d->grant.country, d->now_s + urgent_s)},
		{"ordinary", phrase_time(d->arena, d->language, d->grant.country,
				     d->now_s + ordinary_s)},
		{NULL, NULL}};
	json_t *keyboard = NULL;

	if (urgent_s == ordinary_s) {
		ask_reasons(d);
		return;
	}
	dialogue_keep(d, "notice_urgent");
	dialogue_button(&keyboard, phrase(d->arena, d->language, "button_urgent", NULL),
		liaison_carries(d, "urgent", "yes"));
	dialogue_button(&keyboard, phrase(d->arena, d->language, "button_ordinary", NULL),
		liaison_carries(d, "urgent", "no"));
	liaison_add_cancel(d, &keyboard);
	dialogue_become(d, 0, phrase(d->arena, d->language, "ask_urgent", values), keyboard);
}

/* The n-th law that the SOP names for the category in the grant's country; absent: no more. */
static struct bytes law_at(const struct dialogue *d, int n)
{
	const char *laws = sop_ground(liaison_category(d), arena_str(d->arena, d->grant.country));

	if (!laws)
		laws = liaison_category(d)->laws;
	for (; n > 0 && laws; n--) {
		laws = strchr(laws, '|');
		laws = laws ? laws + 1 : NULL;
	}
	return laws && *laws ? text_trim(bytes_of(laws, strcspn(laws, "|"))) : bytes_of(NULL, 0);
}

static void ask_law(struct dialogue *d)
{
	const struct sop_value values[] = {{"subject", liaison_answered(d, "subject")},
		{"category", sop_title(liaison_category(d), d->language)}, {NULL, NULL}};
	json_t *keyboard = NULL;
	struct bytes law;

	dialogue_keep(d, "notice_law");
	for (int n = 0; n < LAWS_MAX && (law = law_at(d, n)).size; n++)
		dialogue_button(&keyboard, arena_str(d->arena, liaison_shown(law, LAW_SHOWN_MAX)),
			liaison_carries(d, "law", arena_printf(d->arena, "%d", n)));
	liaison_add_cancel(d, &keyboard);
	dialogue_become(d, 0, phrase(d->arena, d->language, "ask_law", values), keyboard);
}

static void ask_category(struct dialogue *d)
{
	const struct sop_value values[] = {
		{"subject", liaison_answered(d, "subject")}, {NULL, NULL}};
	const struct sop_category *category;
	json_t *keyboard = NULL;

	for (int i = 0; (category = sop_category_at(&d->desk->sop, i)); i++)
		if (desk_competence_covers(d->db, d->grant.id, category->name))
			dialogue_button(&keyboard, sop_title(category, d->language),
				liaison_carries(d, "category", category->name));
	if (!keyboard) {
		dialogue_end(d);
		dialogue_phrase(d, "no_category");
		return;
	}
	dialogue_keep(d, "notice_category");
	liaison_add_cancel(d, &keyboard);
	dialogue_become(d, 0, phrase(d->arena, d->language, "ask_category", values), keyboard);
}

/* ---- Answers ---- */

static bool is_there(struct dialogue *d, const struct subject *subject)
{
	struct desk_subject found;
	int32_t post;

	return subject_find(d->db, d->arena, subject, &found, &post) == SUBJECT_FOUND;
}

/* What nobody would get through the gate is refused by it at once, before more is asked. */
static void begin(struct dialogue *d, struct bytes text, enum subject_kind kind,
	const struct subject *subject)
{
	json_decref(d->data);
	d->data = json_pack("{s:I, s:o}", "id", (json_int_t)d->heard->message, "subject",
		kind == SUBJECT_PUBLIC && !subject->comment
			? json_string(subject->post ? arena_printf(d->arena, "@%s/%d",
							      subject->name, subject->post)
						    : arena_printf(d->arena, "@%s", subject->name))
			: json_bytes(text));
	if (kind == SUBJECT_PUBLIC && is_there(d, subject))
		ask_category(d);
	else
		file(d, json_pack("{s:s}", "subject", liaison_answered(d, "subject")));
}

/* The first word that names something, so that a link in a sentence is one. */
static enum subject_kind find_subject(struct bytes text, struct bytes *word, struct subject *out)
{
	enum subject_kind kind = SUBJECT_UNCLEAR;

	while (text.size > 0 && kind == SUBJECT_UNCLEAR) {
		size_t size = 0;

		while (size < text.size && text.data[size] > ' ')
			size++;
		*word = bytes_of(text.data, size);
		if (size > 0 && (size > 5 || text.data[0] == '@'))
			kind = subject_parse(*word, out);
		text = bytes_of(text.data + size, text.size - size);
		while (text.size > 0 && text.data[0] <= ' ')
			text = bytes_of(text.data + 1, text.size - 1);
	}
	return kind;
}

static bool begin_from(struct dialogue *d, struct bytes text)
{
	struct subject subject;
	struct bytes word;
	enum subject_kind kind = find_subject(text, &word, &subject);

	if (kind == SUBJECT_UNCLEAR)
		return false;
	begin(d, word, kind, &subject);
	return true;
}

bool liaison_link(struct dialogue *d)
{
	struct subject subject;

	if (!d->heard->forward.data)
		return begin_from(d, d->rest);
	if (!d->heard->forward.size) { /* of somebody, or of a channel that is not public */
		dialogue_phrase(d, "no_subject");
		return true;
	}
	begin(d, d->heard->forward, subject_parse(d->heard->forward, &subject), &subject);
	return true;
}

bool liaison_notice(struct dialogue *d)
{
	if (!d->rest.size)
		dialogue_phrase(d, "ask_subject");
	else if (!begin_from(d, d->rest))
		dialogue_phrase(d, "no_subject");
	return true;
}

bool liaison_press_category(struct dialogue *d)
{
	if (!liaison_is_of_now(d))
		return true;
	if (!sop_category(&d->desk->sop, arena_str(d->arena, d->rest))) {
		dialogue_become(d, 0, phrase(d->arena, d->language, "expired", NULL), NULL);
		return true;
	}
	answer(d, "category", d->rest);
	ask_law(d);
	return true;
}

bool liaison_press_law(struct dialogue *d)
{
	struct bytes law;

	if (!liaison_is_of_now(d))
		return true;
	law = liaison_category(d)
		      ? law_at(d, (int)strtol(arena_str(d->arena, d->rest), NULL, 10) & 0xff)
		      : bytes_of(NULL, 0);
	if (!law.size) {
		dialogue_become(d, 0, phrase(d->arena, d->language, "expired", NULL), NULL);
		return true;
	}
	answer(d, "law", law);
	ask_urgent(d);
	return true;
}

bool liaison_press_urgent(struct dialogue *d)
{
	if (!liaison_is_of_now(d))
		return true;
	json_object_set_new(d->data, "urgent", json_boolean(bytes_equal_str(d->rest, "yes")));
	ask_reasons(d);
	return true;
}

/* The text that a step waits for; absent: the sender was told what is wrong with it. */
static struct bytes take_text(struct dialogue *d, size_t max)
{
	const struct sop_value values[] = {
		{"most", arena_printf(d->arena, "%zu", max)}, {NULL, NULL}};

	if (d->rest.size <= max)
		return d->rest;
	dialogue_say(d, 0, phrase(d->arena, d->language, "too_long", values), NULL);
	return bytes_of(NULL, 0);
}

bool liaison_step_law(struct dialogue *d)
{
	struct bytes law = take_text(d, NOTICE_LAW_MAX);

	if (!law.size || !liaison_category(d))
		return law.data != NULL ? false : true;
	if (!notice_law_is_publishable(law)) {
		dialogue_phrase(d, "law_refused");
		return true;
	}
	answer(d, "law", law);
	ask_urgent(d);
	return true;
}

bool liaison_step_reasons(struct dialogue *d)
{
	struct bytes reasons = take_text(d, NOTICE_REASONS_MAX);

	if (!reasons.size || !liaison_category(d))
		return reasons.data != NULL ? false : true;
	answer(d, "reasons", reasons);
	ask_confirm(d);
	return true;
}

/* ---- The end ---- */

bool liaison_press_send(struct dialogue *d)
{
	bool urgent;

	if (!liaison_is_of_now(d))
		return true;
	if (!bytes_equal_str(d->row.step, "notice_confirm") || !liaison_category(d)) {
		dialogue_become(d, 0, phrase(d->arena, d->language, "expired", NULL), NULL);
		return true;
	}
	if (liaison_has_form(d)) {
		file(d, liaison_order_body(d));
		return true;
	}
	urgent = json_is_true(json_object_get(d->data, "urgent"));
	file(d, json_pack("{s:s, s:s, s:s, s:s, s:b, s:b}", "subject",
			liaison_answered(d, "subject"), "category", liaison_answered(d, "category"),
			"law", liaison_answered(d, "law"), "reasons",
			liaison_answered(d, "reasons"), "good_faith", 1, "urgent", urgent));
	return true;
}

bool liaison_press_cancel(struct dialogue *d)
{
	if (!liaison_is_of_now(d))
		return true;
	dialogue_end(d);
	dialogue_become(d, 0, phrase(d->arena, d->language, "cancelled", NULL), NULL);
	return true;
}

bool liaison_cancel(struct dialogue *d)
{
	bool begun = d->begun;

	if (!begun && !d->officer)
		return false;
	dialogue_end(d);
	dialogue_phrase(d, begun ? "cancelled" : "nothing_begun");
	return true;
}
