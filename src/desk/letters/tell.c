/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. Letters are templates of the SOP; what is too short for one is sop/bot.ini's. */
#include "desk/appeals/appeals_tell.h"
#include "desk/letters/tell.h"

#include <errno.h>
#include <stdlib.h>

#include "base/log.h"
#include "desk/mail/mail_notices.h"
#include "desk/lanes/notice_answers.h"
#include "desk/letters/outbox.h"
#include "desk/liaison/phrases.h"
#include "desk/lanes/reports.h"
#include "store/square_desk_clocks.h"
#include "store/square_desk_forms.h"
#include "store/square_desk_liaison.h"
#include "store/square_desk_orders.h"

#define EVENTS_PER_LOOK 100
#define TOLD_MAX 64 /* chats that one event is told in */
#define NAME_MAX_SIZE 32

struct telling {
	struct desk *desk;
	struct db *db;
	struct arena arena;
	int64_t now_s;
	struct desk_case c; /* as it is now */
	struct desk_event event;
	json_t *data;
	/* Of whom it is told just now: */
	struct desk_notice notice;
	struct bytes country;
	const char *language;
};

/* ---- Words ---- */

char *tell_subject(struct arena *arena, const struct desk_case *c)
{
	const char *name = arena_str(arena, c->name);

	return c->post ? arena_printf(arena, "@%s/%d", name, c->post)
		       : arena_printf(arena, "@%s", name);
}

char *tell_measure(struct arena *arena, const char *language, const struct desk_case *c)
{
	const struct sop_value values[] = {
		{"countries", arena_str(arena, c->countries)}, {NULL, NULL}};
	const char *name = arena_printf(
		arena, "measure_%s", c->action.size ? arena_str(arena, c->action) : "");

	return phrase_is_there(language, name) ? phrase(arena, language, name, values) : NULL;
}

static char *number(struct telling *t, int64_t value)
{
	return arena_printf(&t->arena, "%lld", (long long)value);
}

static char *when(struct telling *t, int64_t unix_s)
{
	return phrase_time(&t->arena, t->language, t->country, unix_s);
}

static const char *text_of(struct telling *t, const char *name)
{
	const char *text = json_string_value(json_object_get(t->data, name));

	return text ? text : "";
}

static int64_t number_of(struct telling *t, const char *name)
{
	return json_integer_value(json_object_get(t->data, name));
}

/* ---- What is said, one function for each kind of event; NULL: nothing ---- */

static char *say_claimed(struct telling *t)
{
	const struct sop_value values[] = {{"case", number(t, t->c.id)},
		{"subject", tell_subject(&t->arena, &t->c)}, {"due", when(t, t->c.due_at)},
		{NULL, NULL}};

	return phrase(&t->arena, t->language, "claimed", values);
}

/* Who ordered gets the answer that the law asks for (Regulation (EU) 2021/784, Annex II and III);
 * NULL: nobody ordered, or the case is not there any more. */
static char *answer_to_order(struct telling *t, const char *wanted)
{
	struct desk_notice_form form;
	char *text = NULL;
	json_t *answer;

	if (!desk_notice_form_get(t->db, &t->arena, t->notice.id, &form) ||
		!notice_form_orders(notice_form_by_name(form.form)))
		return NULL;
	answer = notice_answer(t->desk, t->db, &t->arena, t->notice.id, t->language);
	if (strcmp(json_string_value(json_object_get(answer, "answer")), wanted) == 0)
		text = arena_printf(
			&t->arena, "%s", json_string_value(json_object_get(answer, "text")));
	json_decref(answer);
	return text;
}

static char *say_paused(struct telling *t)
{
	const struct sop_pause *pause = sop_pause(&t->desk->sop, text_of(t, "reason"));
	const struct sop_value values[] = {{"notice", number(t, t->notice.id)},
		{"case", number(t, t->c.id)}, {"subject", tell_subject(&t->arena, &t->c)},
		{"reason", pause ? pause->title : text_of(t, "reason")},
		{"question", text_of(t, "question")}, {"until", when(t, number_of(t, "until"))},
		{NULL, NULL}};
	char *letter = answer_to_order(t, "obstacle");

	if (!*text_of(t, "question"))
		return letter; /* it waits for somebody else: who ordered must know why */
	if (!letter)
		letter = sop_letter(&t->arena, &t->desk->sop, "clarification", t->language, values);
	return arena_printf(&t->arena, "%s\n\n%s", letter,
		phrase(&t->arena, t->language, "how_answer", values));
}

static char *say_resumed(struct telling *t)
{
	const struct sop_value values[] = {{"case", number(t, t->c.id)},
		{"subject", tell_subject(&t->arena, &t->c)}, {"due", when(t, t->c.due_at)},
		{NULL, NULL}};

	/* Who answered has been told; who claimed it, too. */
	if (strcmp(text_of(t, "why"), "over") != 0 && strcmp(text_of(t, "why"), "resumed") != 0)
		return NULL;
	return phrase(&t->arena, t->language, "resumed", values);
}

static char *say_decided(struct telling *t)
{
	struct desk_case then = t->c;
	const struct sop_value redress[] = {{"days", number(t, t->desk->sop.reporters_days)},
		{"contact", t->desk->sop.appeal_contact}, {"case", number(t, t->c.id)},
		{NULL, NULL}};
	struct sop_value values[] = {{"notice", number(t, t->notice.id)},
		{"case", number(t, t->c.id)}, {"subject", tell_subject(&t->arena, &t->c)},
		{"measure", NULL}, {"ground", text_of(t, "ground")}, {"redress", NULL},
		{NULL, NULL}};

	then.action = bytes_from_str(text_of(t, "action"));
	then.countries = bytes_from_str(text_of(t, "countries"));
	values[3].text = tell_measure(&t->arena, t->language, &then);
	if (t->desk->sop.reporters_appeal)
		values[5].text =
			sop_letter(&t->arena, &t->desk->sop, "redress", t->language, redress);
	return sop_letter(&t->arena, &t->desk->sop, "outcome", t->language, values);
}

static char *say_executed(struct telling *t)
{
	int64_t leaf = desk_ledger_leaf(t->db, number_of(t, "order"));
	const struct sop_value values[] = {{"case", number(t, t->c.id)},
		{"subject", tell_subject(&t->arena, &t->c)}, {"when", when(t, number_of(t, "at"))},
		{"leaf", leaf >= 0 ? number(t, leaf) : NULL}, {NULL, NULL}};
	bool done = strcmp(text_of(t, "outcome"), "done") == 0;
	char *letter = answer_to_order(t, done ? "effect" : "obstacle");

	if (letter)
		return letter;
	return phrase(&t->arena, t->language, done ? "executed" : "not_executed", values);
}

static char *say_ended(struct telling *t)
{
	const struct sop_value values[] = {{"case", number(t, t->c.id)},
		{"subject", tell_subject(&t->arena, &t->c)}, {NULL, NULL}};

	return phrase(&t->arena, t->language, "ended", values);
}

/* ---- To whom ---- */

static struct bytes country_of(struct telling *t, int64_t grant_id)
{
	struct desk_grant grant;

	return desk_grant_get(t->db, &t->arena, grant_id, &grant) ? grant.country
								  : BYTES_LITERAL("");
}

static bool is_in(const int64_t *list, int count, int64_t value)
{
	for (int i = 0; i < count; i++)
		if (list[i] == value)
			return true;
	return false;
}

/* Each chat once, however many notices about the subject came from it. */
static void tell_chats(struct telling *t, char *(*say)(struct telling *t))
{
	int64_t told[TOLD_MAX], id = 0, chat;
	struct bytes language;
	int count = 0;
	char *text;

	while (count < TOLD_MAX && desk_notice_next(t->db, &t->arena, t->c.id, id, &t->notice)) {
		id = t->notice.id;
		if (!desk_notice_chat_get(t->db, &t->arena, id, &chat, &language) ||
			is_in(told, count, chat))
			continue;
		told[count++] = chat;
		t->language = phrase_language(language);
		t->country = country_of(t, t->notice.reporter);
		text = say(t);
		if (text)
			outbox_put(t->db, t->now_s,
				&(struct outbox_item){.way = OUTBOX_BOT,
					.case_id = t->c.id,
					.chat = chat,
					.text = bytes_from_str(text)});
	}
}

static void tell_reporters(struct telling *t)
{
	struct desk_case then = t->c;

	then.head_seq = t->event.seq; /* an appeal is against this decision */
	then.action = bytes_from_str(text_of(t, "action"));
	desk_reports_decided(t->desk, t->db, &then, t->now_s);
}

/* "chat -1001234" or an address; whatever else an operator writes is for people to read. */
static bool contact_of(const char *contact, struct outbox_item *out)
{
	char *end;

	if (strncmp(contact, "chat ", 5) == 0) {
		errno = 0;
		out->way = OUTBOX_BOT;
		out->chat = strtoll(contact + 5, &end, 10);
		return !errno && !*end && out->chat;
	}
	out->way = OUTBOX_MAIL;
	out->to = bytes_from_str(contact);
	return strchr(contact, '@') && strchr(contact, '@') != contact &&
	       !strpbrk(contact, " \t/:");
}

static void tell_ladder(struct telling *t)
{
	struct outbox_item item = {.case_id = t->c.id};
	const struct sop_category *category =
		sop_category(&t->desk->sop, arena_str(&t->arena, t->c.category));

	t->language = "en";
	t->country = BYTES_LITERAL("");
	if (!contact_of(text_of(t, "contact"), &item))
		return;
	item.text = bytes_from_str(phrase(&t->arena, t->language, "escalated",
		(struct sop_value[]){{"case", number(t, t->c.id)},
			{"category", category ? sop_title(category, t->language) : ""},
			{"step", number(t, number_of(t, "step"))}, {"due", when(t, t->c.due_at)},
			{NULL, NULL}}));
	item.subject = bytes_from_str(arena_printf(&t->arena, "Case %lld", (long long)t->c.id));
	outbox_put(t->db, t->now_s, &item);
}

static void tell_appeal(struct telling *t)
{
	appeal_tell(t->desk, t->db, &t->arena, &t->c, t->data, t->now_s);
}

/* ---- The table ---- */

static const struct {
	const char *kind;
	char *(*say)(struct telling *t); /* to who sent a notice by the bot; NULL: nothing */
	void (*others)(struct telling *t);
} rows[] = {
	{"claimed", say_claimed, NULL},
	{"paused", say_paused, NULL},
	{"resumed", say_resumed, NULL},
	{"decided", say_decided, tell_reporters},
	{"reversed", say_decided, tell_reporters},
	{"executed", say_executed, NULL},
	{"ended", say_ended, NULL},
	{"escalated", NULL, tell_ladder},
	{"appeal_decided", NULL, tell_appeal},
};

static int row_of(struct bytes kind)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (bytes_equal_str(kind, rows[i].kind))
			return (int)i;
	return -1;
}

void tell_note(struct db *db, const struct desk_event *event)
{
	if (row_of(event->kind) >= 0)
		desk_untold_add(db, event->case_id, event->seq);
}

static void tell(struct telling *t, int64_t case_id, int32_t seq)
{
	int row;

	if (!desk_case_get(t->db, &t->arena, case_id, &t->c) ||
		!desk_event_next(t->db, &t->arena, case_id, seq - 1, &t->event))
		return;
	row = row_of(t->event.kind);
	t->data = json_loadb((const char *)t->event.data.data, t->event.data.size, 0, NULL);
	if (row >= 0 && t->data && rows[row].say)
		tell_chats(t, rows[row].say);
	if (row >= 0)
		notice_mail_answer_all(t->desk, t->db, &t->arena, case_id, t->now_s);
	if (row >= 0 && t->data && rows[row].others)
		rows[row].others(t);
	json_decref(t->data);
}

static bool anything(struct db *db)
{
	int64_t id, case_id;
	int32_t seq;
	bool any;

	db_begin(db);
	any = desk_untold_next(db, &id, &case_id, &seq);
	db_rollback(db);
	return any;
}

int tell_look(struct desk *desk)
{
	struct telling t = {.desk = desk, .db = desk->writer, .now_s = clock_unix_s(desk->clock)};
	int64_t id, case_id;
	int32_t seq;
	int count = 0;

	/* Looking costs no write lock; most of the time there is nothing. */
	if (!anything(desk->reader))
		return 0;
	arena_init(&t.arena);
	db_begin(t.db);
	while (count < EVENTS_PER_LOOK && desk_untold_next(t.db, &id, &case_id, &seq)) {
		tell(&t, case_id, seq);
		desk_untold_delete(t.db, id);
		arena_reset(&t.arena);
		count++;
	}
	if (db_commit(t.db) < 0) {
		log_error("untold", "what happened to cases can't be told now");
		count = 0;
	}
	arena_release(&t.arena);
	return count;
}
