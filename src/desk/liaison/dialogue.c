/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "desk/liaison/dialogue.h"

#include <stdlib.h>
#include <strings.h>

#include "base/log.h"
#include "base/text.h"
#include "desk/cases/contacts.h"
#include "desk/liaison/dialogue_appeal.h"
#include "desk/liaison/liaison.h"
#include "desk/letters/outbox.h"
#include "desk/liaison/phrases.h"

#define HOUR_S 3600

/* ---- How much is said to strangers ---- */

static size_t place_of(const struct dialogue *d)
{
	const size_t at = (uint64_t)d->heard->chat * 0x9e3779b97f4a7c15u >> 32;

	return at % DIALOGUE_CHATS;
}

static bool is_within(struct dialogue *d, bool refuses)
{
	struct dialogue_help *help = d->help;
	const size_t at = d->officer || !help ? 0 : place_of(d);

	if (d->officer || !help)
		return true;
	if (d->now_s - help->chats[at].hour_s >= HOUR_S) {
		help->chats[at].hour_s = d->now_s;
		help->chats[at].answers = help->chats[at].refusals = 0;
	}
	if (refuses ? help->chats[at].refusals++ < DIALOGUE_REFUSALS_MAX
		    : help->chats[at].answers++ < DIALOGUE_ANSWERS_MAX)
		return true;
	help->unanswered++;
	return false;
}

bool dialogue_may_refuse(struct dialogue *d)
{
	return is_within(d, true);
}

void dialogue_help_log(struct dialogue_help *help, int64_t now_s)
{
	if (!help->unanswered || now_s - help->logged_s < HOUR_S)
		return;
	log_warn("strangers_unanswered",
		"%lld messages to the service bot were not answered: too many from one chat",
		(long long)help->unanswered);
	help->unanswered = 0;
	help->logged_s = now_s;
}

/* ---- What rows say ---- */

static void put(
	struct dialogue *d, int64_t case_id, const char *text, json_t *keyboard, int64_t edits)
{
	char *markup = keyboard ? json_dumps(keyboard, JSON_COMPACT) : NULL;
	struct outbox_item item = {.way = OUTBOX_BOT,
		/* Only of officers a reply is understood by what it replies to: of others the
		 * outbox keeps nothing. */
		.case_id = d->officer ? case_id : 0,
		.chat = d->heard->chat,
		.text = bytes_from_str(text),
		.edits = edits,
		.answers = d->heard->query};

	if (markup)
		item.keyboard = arena_bytes(d->arena, bytes_from_str(markup));
	free(markup);
	json_decref(keyboard);
	if (is_within(d, false))
		outbox_put(d->db, d->now_s, &item);
}

void dialogue_say(struct dialogue *d, int64_t case_id, const char *text, json_t *keyboard)
{
	put(d, case_id, text, keyboard, 0);
}

void dialogue_become(struct dialogue *d, int64_t case_id, const char *text, json_t *keyboard)
{
	put(d, case_id, text, keyboard, d->heard->kind == HEARD_BUTTON ? d->heard->message : 0);
}

void dialogue_phrase(struct dialogue *d, const char *name)
{
	dialogue_say(d, 0, phrase(d->arena, d->language, name, NULL), NULL);
}

void dialogue_button(json_t **keyboard, const char *text, const char *carries)
{
	if (!*keyboard)
		*keyboard = json_pack("{s:[]}", "inline_keyboard");
	json_array_append_new(json_object_get(*keyboard, "inline_keyboard"),
		json_pack("[{s:s, s:s}]", "text", text, "callback_data", carries));
}

void dialogue_keep(struct dialogue *d, const char *step)
{
	char *text = json_dumps(d->data, JSON_COMPACT);

	d->row = (struct desk_dialogue){d->heard->chat, d->heard->person, bytes_from_str(step),
		arena_bytes(d->arena, bytes_from_str(text)), d->now_s};
	free(text);
	desk_dialogue_put(d->db, &d->row);
	d->begun = true;
}

void dialogue_end(struct dialogue *d)
{
	desk_dialogue_delete(d->db, d->heard->chat, d->heard->person);
	d->begun = false;
}

/* ---- Help ---- */

/* Not more than one a minute, so that nobody makes the desk talk without end. */
static bool may_help(struct dialogue *d)
{
	int64_t *helped_s = d->help ? &d->help->chats[place_of(d)].helped_s : NULL;

	if (!helped_s)
		return true;
	if (d->now_s - *helped_s < DIALOGUE_HELP_EVERY_S)
		return false;
	*helped_s = d->now_s;
	return true;
}

static bool help(struct dialogue *d)
{
	const struct sop *sop = &d->desk->sop;
	const struct sop_value values[] = {{"name", arena_str(d->arena, d->grant.name)},
		{"contact", sop->appeal_contact}, {"pages", sop->appeal_address}, {NULL, NULL}};
	char *text;

	if (!may_help(d))
		return true;
	text = phrase(d->arena, d->language, d->officer ? "help_officer" : "help", values);
	if (d->officer && !d->heard->private)
		text = arena_printf(d->arena, "%s\n\n%s", text,
			phrase(d->arena, d->language, "help_group", NULL));
	dialogue_say(d, 0, text, NULL);
	return true;
}

/* ---- The table ---- */

enum way { BY_COMMAND, BY_BUTTON, BY_STEP, BY_TEXT };

static const struct {
	enum way way;
	const char *word; /* the command, what the button's data begin with, the step */
	const char *with; /* what a command's argument begins with; NULL: anything */
	bool officers;	  /* others are told that it is not theirs */
	bool (*run)(struct dialogue *d);
} rows[] = {
	{BY_COMMAND, "bind", NULL, false, liaison_bind},
	{BY_COMMAND, "notice", NULL, true, liaison_notice},
	{BY_COMMAND, "cases", NULL, true, liaison_cases},
	{BY_COMMAND, "case", NULL, true, liaison_case},
	{BY_COMMAND, "answer", NULL, true, liaison_answer},
	{BY_COMMAND, "cancel", NULL, false, liaison_cancel},
	{BY_COMMAND, "start", "appeal_", false, appeal_begin},
	{BY_COMMAND, "start", "answer_", false, contact_begin},
	{BY_COMMAND, "start", NULL, false, help},
	{BY_COMMAND, "help", NULL, false, help},
	{BY_BUTTON, "n:category:", NULL, true, liaison_press_category},
	{BY_BUTTON, "n:law:", NULL, true, liaison_press_law},
	{BY_BUTTON, "n:urgent:", NULL, true, liaison_press_urgent},
	{BY_BUTTON, "n:form:", NULL, true, liaison_press_form},
	{BY_BUTTON, "n:field:", NULL, true, liaison_press_field},
	{BY_BUTTON, "n:send:", NULL, true, liaison_press_send},
	{BY_BUTTON, "n:cancel:", NULL, true, liaison_press_cancel},
	{BY_STEP, "appeal_words", NULL, false, appeal_words},
	{BY_STEP, "notice_law", NULL, true, liaison_step_law},
	{BY_STEP, "notice_reasons", NULL, true, liaison_step_reasons},
	{BY_STEP, "order_field", NULL, true, liaison_step_field},
	{BY_STEP, "owner_answer", NULL, false, contact_step},
	{BY_TEXT, "", NULL, true, liaison_reply},
	{BY_TEXT, "", NULL, true, liaison_link},
};

/* ---- Who speaks ---- */

static void find_line(struct dialogue *d)
{
	const struct heard *heard = d->heard;
	struct desk_officer officer = {0};
	bool known = desk_officer_find(d->db, d->arena, heard->person, heard->username, &officer);

	if (heard->private)
		d->officer = known && desk_grant_get(d->db, d->arena, officer.grant_id, &d->grant);
	else if (desk_chat_grant(d->db, d->arena, heard->chat, &d->grant))
		d->officer = known && officer.grant_id == d->grant.id;
	d->language = phrase_language(d->grant.id ? d->grant.langs : heard->language);
}

static void refuse(struct dialogue *d)
{
	const struct sop_value values[] = {{"name", arena_str(d->arena, d->grant.name)},
		{"contact", d->desk->sop.appeal_contact}, {NULL, NULL}};

	if (may_help(d))
		dialogue_say(d, 0,
			phrase(d->arena, d->language, d->grant.id ? "not_officer" : "no_line",
				values),
			NULL);
}

static bool begins(struct bytes text, const char *with)
{
	size_t size = strlen(with);

	return text.size >= size && memcmp(text.data, with, size) == 0;
}

static bool try_row(struct dialogue *d, size_t i)
{
	if (!rows[i].officers || d->officer)
		return rows[i].run(d);
	if (rows[i].way != BY_COMMAND && rows[i].way != BY_BUTTON)
		return false;
	refuse(d);
	return true;
}

static bool try_rows(struct dialogue *d, enum way way, struct bytes word)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		size_t size = strlen(rows[i].word);
		bool fits = way == BY_BUTTON ? begins(word, rows[i].word)
					     : bytes_equal_str(word, rows[i].word);

		if (rows[i].way != way || !fits || (rows[i].with && !begins(d->rest, rows[i].with)))
			continue;
		if (way == BY_BUTTON)
			d->rest = bytes_of(word.data + size, word.size - size);
		if (try_row(d, i))
			return true;
	}
	return false;
}

/* "/case 12", "/case_12", "/case@lontar_bot 12". The command in lower case. */
static struct bytes command_of(struct dialogue *d)
{
	const struct bytes text = d->heard->text;
	size_t end = 1, from;

	while (end < text.size && ((text.data[end] | 32) >= 'a' && (text.data[end] | 32) <= 'z'))
		end++;
	from = end;
	if (from < text.size && text.data[from] == '@')
		while (from < text.size && text.data[from] != ' ' && text.data[from] != '\n')
			from++;
	if (from < text.size && text.data[from] == '_')
		from++;
	d->rest = text_trim(bytes_of(text.data + from, text.size - from));
	return bytes_from_str(text_lower(d->arena, bytes_of(text.data + 1, end - 1)));
}

static void take_text(struct dialogue *d)
{
	const struct heard *heard = d->heard;

	d->rest = text_trim(heard->text);
	if (heard->text.size > 1 && heard->text.data[0] == '/') {
		if (!try_rows(d, BY_COMMAND, command_of(d)) && heard->private)
			help(d);
		return;
	}
	if (d->begun && !heard->forward.data && try_rows(d, BY_STEP, d->row.step))
		return;
	if (try_rows(d, BY_TEXT, BYTES_LITERAL("")))
		return;
	/* In groups it hears what was not for it. */
	if (heard->private)
		help(d);
}

static void take_button(struct dialogue *d)
{
	if (!try_rows(d, BY_BUTTON, d->heard->text) && is_within(d, false))
		outbox_put(d->db, d->now_s,
			&(struct outbox_item){.way = OUTBOX_BOT,
				.chat = d->heard->chat,
				.answers = d->heard->query});
}

void dialogue_hear(struct desk *desk, struct db *db, struct arena *arena, int64_t now_s,
	struct dialogue_help *help_sent, const struct heard *heard)
{
	struct dialogue d = {.desk = desk,
		.db = db,
		.arena = arena,
		.now_s = now_s,
		.heard = heard,
		.help = help_sent};

	if (heard->kind == HEARD_MOVED) {
		desk_chat_move(db, heard->chat, heard->moved_to);
		desk_liaison_move(db, heard->chat, heard->moved_to);
	}
	if (heard->kind != HEARD_TEXT && heard->kind != HEARD_BUTTON)
		return;
	find_line(&d);
	d.begun = desk_dialogue_get(db, arena, heard->chat, heard->person, &d.row) &&
		  d.row.at + DIALOGUE_KEPT_S > now_s;
	if (d.begun)
		d.data = json_loadb((const char *)d.row.data.data, d.row.data.size, 0, NULL);
	if (heard->kind == HEARD_TEXT)
		take_text(&d);
	else
		take_button(&d);
	json_decref(d.data);
}
