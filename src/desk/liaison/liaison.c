/* SPDX-License-Identifier: Apache-2.0 */
/* The line itself, and cases that have come over it. See the header. */
#include "desk/liaison/liaison.h"

#include <errno.h>
#include <stdlib.h>

#include "base/text.h"
#include "desk/cases/clocks.h"
#include "desk/lanes/form.h"
#include "desk/lanes/organisations.h"
#include "desk/liaison/phrases.h"
#include "desk/letters/tell.h"
#include "store/square_desk_clocks.h"

#define CASES_MAX 20

/* ---- The line ---- */

bool liaison_bind(struct dialogue *d)
{
	struct sop_value values[] = {{"name", NULL}, {NULL, NULL}};
	struct desk_grant grant;
	char *text;

	if (d->heard->private ||
		!organisation_bind(d->db, d->arena, d->rest, d->heard->chat, d->now_s, &grant)) {
		if (dialogue_may_refuse(d))
			dialogue_phrase(d, d->heard->private ? "bind_private" : "bind_refused");
		return true;
	}
	d->language = phrase_language(grant.langs);
	values[0].text = arena_str(d->arena, grant.name);
	text = phrase(d->arena, d->language, "bound", values);
	dialogue_say(d, 0,
		arena_printf(d->arena, "%s\n\n%s", text,
			phrase(d->arena, d->language, "help_group", NULL)),
		NULL);
	return true;
}

/* ---- Cases ---- */

static char *state_text(struct dialogue *d, const struct desk_case *c)
{
	const char *name = arena_printf(d->arena, "state_%s", arena_str(d->arena, c->state));

	return phrase_is_there(d->language, name) ? phrase(d->arena, d->language, name, NULL)
						  : arena_str(d->arena, c->state);
}

static char *case_line(struct dialogue *d, const struct desk_case *c)
{
	const struct sop_value values[] = {
		{"case", arena_printf(d->arena, "%lld", (long long)c->id)},
		{"subject", tell_subject(d->arena, c)}, {"state", state_text(d, c)},
		{"due", phrase_time(d->arena, d->language, d->grant.country, c->due_at)},
		{NULL, NULL}};

	return phrase(d->arena, d->language, "case_line", values);
}

bool liaison_cases(struct dialogue *d)
{
	int64_t ids[CASES_MAX + 1];
	int count = desk_cases_of_reporter(d->db, d->grant.id, ids, CASES_MAX + 1);
	char *text = phrase(d->arena, d->language, count ? "cases" : "no_cases", NULL);
	struct desk_case c;

	for (int i = 0; i < count && i < CASES_MAX; i++)
		if (desk_case_get(d->db, d->arena, ids[i], &c))
			text = arena_printf(d->arena, "%s\n%s", text, case_line(d, &c));
	if (count > CASES_MAX)
		text = arena_printf(d->arena, "%s\n%s", text,
			phrase(d->arena, d->language, "more_cases", NULL));
	dialogue_say(d, 0, text, NULL);
	return true;
}

/* The number at the beginning of d->rest, which moves behind it; 0: none. */
static int64_t take_number(struct dialogue *d)
{
	char *text = arena_str(d->arena, d->rest), *end;
	long long value;

	errno = 0;
	value = strtoll(text, &end, 10);
	d->rest = text_trim(bytes_from_str(end));
	return errno || value < 0 ? 0 : value;
}

/* A case that this grant sent a notice about; others are not told apart from none. */
static int64_t find_case(struct dialogue *d, int64_t id, struct desk_case *c)
{
	int64_t notice = id ? desk_notice_of_reporter(d->db, id, d->grant.id) : 0;

	if (notice && desk_case_get(d->db, d->arena, id, c))
		return notice;
	dialogue_phrase(d, "no_case");
	return 0;
}

bool liaison_case(struct dialogue *d)
{
	struct desk_clock k = {0};
	struct desk_case c;
	const struct sop_category *category;

	if (!find_case(d, take_number(d), &c))
		return true;
	desk_clock_get(d->db, d->arena, c.id, &k);
	category = sop_category(&d->desk->sop, arena_str(d->arena, c.category));
	dialogue_say(d, c.id,
		phrase(d->arena, d->language, "case",
			(struct sop_value[]){
				{"case", arena_printf(d->arena, "%lld", (long long)c.id)},
				{"subject", tell_subject(d->arena, &c)},
				{"category", category ? sop_title(category, d->language) : NULL},
				{"state", state_text(d, &c)},
				{"due", phrase_time(
						d->arena, d->language, d->grant.country, c.due_at)},
				{"measure", tell_measure(d->arena, d->language, &c)},
				{"decided", c.decided_at ? phrase_time(d->arena, d->language,
								   d->grant.country, c.decided_at)
							 : NULL},
				{"question", k.paused_at && k.question.size
						     ? arena_str(d->arena, k.question)
						     : NULL},
				{NULL, NULL}}),
		NULL);
	return true;
}

/* ---- Answers to questions ---- */

/* The existing clarification, as over HTTP: it makes the clock run again. */
static void clarify(struct dialogue *d, int64_t notice, struct desk_case *c, struct bytes text)
{
	json_t *body = json_pack("{s:o}", "text", json_bytes(text));
	char *raw = json_dumps(body, JSON_COMPACT);
	struct reply reply = {.status = 200};
	struct ask ask = {.desk = d->desk,
		.db = d->db,
		.arena = d->arena,
		.now_s = d->now_s,
		.id = notice,
		.who = {.grant = d->grant, .role = role_by_name(d->grant.role)},
		.body = arena_bytes(d->arena, bytes_from_str(raw))};

	free(raw);
	json_decref(body);
	desk_notice_clarify(&ask, &reply);
	json_decref(reply.body);
	if (reply.status != 200 || !desk_case_get(d->db, d->arena, c->id, c)) {
		dialogue_phrase(d, "no_question");
		return;
	}
	dialogue_say(d, c->id,
		phrase(d->arena, d->language, "answered",
			(struct sop_value[]){
				{"case", arena_printf(d->arena, "%lld", (long long)c->id)},
				{"due", phrase_time(d->arena, d->language, d->grant.country,
						c->due_at)},
				{NULL, NULL}}),
		NULL);
}

bool liaison_answer(struct dialogue *d)
{
	struct desk_case c;
	int64_t notice = find_case(d, take_number(d), &c);

	if (notice)
		clarify(d, notice, &c, d->rest);
	return true;
}

bool liaison_reply(struct dialogue *d)
{
	const struct heard *heard = d->heard;
	int64_t id = heard->answers ? desk_case_of_message(d->db, heard->chat, heard->answers) : 0;
	int64_t notice = id ? desk_notice_of_reporter(d->db, id, d->grant.id) : 0;
	struct desk_case c;

	if (!notice || !desk_case_get(d->db, d->arena, id, &c) || !case_is_waiting(&c))
		return false;
	clarify(d, notice, &c, d->rest);
	return true;
}
