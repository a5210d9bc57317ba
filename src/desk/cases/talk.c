/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "desk/cases/talk.h"

#include "desk/cases/case_state.h"
#include "desk/cases/cases.h"
#include "desk/cases/claims.h"
#include "desk/lanes/form.h"
#include "desk/cases/measures.h"
#include "desk/people/shifts.h"
#include "desk/cases/work.h"

#define NOTE_MAX 5000
#define QUESTION_MAX 1000
#define OPINION_MAX 2000
#define LANGUAGE_MAX 35

static json_t *said(struct ask *ask, const struct desk_event *e, bool blind)
{
	json_t *item = json_loadb((const char *)e->data.data, e->data.size, 0, NULL);

	if (!item)
		item = json_object();
	json_object_set_new(item, "event", json_integer(e->seq));
	json_object_set_new(item, "at", json_time(ask->arena, e->at));
	json_object_set_new(
		item, "by", blind ? json_null() : json_bytes(case_grant_name(ask, e->actor)));
	return item;
}

/* Whom the desk does not know. */
static json_t *answer_of_owner(struct ask *ask, const struct desk_event *e)
{
	json_t *item = said(ask, e, true);

	json_object_set_new(item, "by", json_string("the owner"));
	return item;
}

void talk_describe(struct ask *ask, const struct desk_work *w, json_t *body)
{
	struct desk_event e = {.case_id = w->case_id, .seq = 0};
	json_t *notes = json_array(), *opinions = json_array(), *contacts = json_array();
	bool blind = case_is_blind_to(ask, w);

	while (desk_event_next(ask->db, ask->arena, w->case_id, e.seq, &e) &&
		e.case_id == w->case_id) {
		if (bytes_equal_str(e.kind, "noted"))
			json_array_append_new(notes, said(ask, &e, blind));
		else if (bytes_equal_str(e.kind, "owner_asked"))
			json_array_append_new(contacts, said(ask, &e, blind));
		else if (bytes_equal_str(e.kind, "owner_answered"))
			json_array_append_new(contacts, answer_of_owner(ask, &e));
		else if (!blind && (bytes_equal_str(e.kind, "opinion_asked") ||
					   bytes_equal_str(e.kind, "opinion_given")))
			json_array_append_new(opinions, said(ask, &e, false));
	}
	json_object_set_new(body, "notes", notes);
	json_object_set_new(body, "opinions", opinions);
	json_object_set_new(body, "contacts", contacts);
}

/* Writes the event, and answers with its number. */
static void say(
	struct ask *ask, struct reply *reply, struct desk_case *c, const char *kind, json_t *data)
{
	case_append(ask->db, ask->arena, c, kind, ask->who.grant.id, ask->now_s, data);
	reply->status = 201;
	reply->body = json_pack("{s:I, s:i}", "case", (json_int_t)c->id, "event", (int)c->head_seq);
}

/* The case and one text of the body; false: answered. */
static bool open_text(struct ask *ask, struct reply *reply, struct desk_case *c, const char *name,
	size_t max, struct bytes *out)
{
	struct form form;

	if (!case_find(ask, reply, c) || !ask_form(ask, &form, reply))
		return false;
	*out = form_text(&form, name, max);
	return ask_form_end(&form, reply);
}

void desk_case_note(struct ask *ask, struct reply *reply)
{
	struct desk_case c;
	struct bytes text;

	if (open_text(ask, reply, &c, "text", NOTE_MAX, &text))
		say(ask, reply, &c, "noted", json_pack("{s:o}", "text", json_bytes(text)));
}

void desk_case_ask(struct ask *ask, struct reply *reply)
{
	struct desk_case c;
	struct bytes text;

	if (open_text(ask, reply, &c, "question", QUESTION_MAX, &text) &&
		claim_is_mine(ask, reply, &c))
		say(ask, reply, &c, "opinion_asked",
			json_pack("{s:o}", "question", json_bytes(text)));
}

static void opine(struct ask *ask, struct reply *reply, struct desk_case *c,
	const struct bytes *opinion, struct bytes text)
{
	const struct desk_work w = work_of(ask->db, ask->arena, c->id);

	if (!w.asked_by || !case_is_open(c))
		reply_error(reply, 409, "nobody asks for an opinion about this case");
	else if (w.asked_by == ask->who.grant.id)
		reply_error(reply, 403, "somebody else than who asked gives the opinion");
	else
		say(ask, reply, c, "opinion_given",
			json_pack("{s:o, s:o}", "opinion", json_bytes(*opinion), "text",
				json_bytes(text)));
}

void desk_case_opine(struct ask *ask, struct reply *reply)
{
	struct bytes opinion, text;
	struct desk_case c;
	struct form form;

	if (!case_find(ask, reply, &c) || !ask_form(ask, &form, reply))
		return;
	opinion = form_text(&form, "opinion", 16);
	text = form_text(&form, "text", OPINION_MAX);
	if (opinion.data && !measure_by_name(opinion) && !bytes_equal_str(opinion, "unsure"))
		form_invalid(&form, "opinion", "is a measure, dismiss or unsure");
	if (ask_form_end(&form, reply))
		opine(ask, reply, &c, &opinion, text);
}

/* What a machine took it for stays in the events. */
void desk_case_language(struct ask *ask, struct reply *reply)
{
	struct bytes language;
	struct desk_case c;
	struct form form;

	if (!case_find(ask, reply, &c) || !ask_form(ask, &form, reply))
		return;
	language = form_text(&form, "language", LANGUAGE_MAX);
	if (language.data &&
		(!langs_are_right(language) || memchr(language.data, ',', language.size)))
		form_invalid(&form, "language", "is a tag of BCP 47, like id");
	if (ask_form_end(&form, reply))
		say(ask, reply, &c, "language",
			json_pack("{s:o, s:b}", "language", json_bytes(language), "reliable", 1));
}
