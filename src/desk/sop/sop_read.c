/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads an SOP. A setting is one row of a table below or in sop_sections.c; what has names of its
 * own (titles, grounds, clocks of lanes, templates) is one function. The shipped file is read
 * first, without its categories: what the operator's does not say stays as it is there.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "desk/lanes/countries.h"
#include "desk/embedded.h"
#include "desk/sop/sop.h"
#include "desk/sop/sop_templates.h"
#include "desk/sop/sop_values.h"

#define NAME_CHARS "abcdefghijklmnopqrstuvwxyz_0123456789"

#define END {NULL, ROW_TEXT, 0, 0, 0, 0}
#define CATEGORY(field) offsetof(struct sop_category, field)
static const struct sop_row category_rows[] = {
	{"title", ROW_TEXT, CATEGORY(title), 1, SOP_TEXT_MAX, 0},
	{"dsa_category", ROW_TEXT, CATEGORY(dsa_category), 0, SOP_TEXT_MAX, 0},
	{"dsa_keywords", ROW_TEXT, CATEGORY(dsa_keywords), 0, SOP_TEXT_MAX, 0},
	{"laws", ROW_TEXT, CATEGORY(laws), 0, SOP_TEXT_MAX, 0},
	{"terms", ROW_TEXT, CATEGORY(terms), 0, SOP_TEXT_MAX, 0},
	{"harm", ROW_INT, CATEGORY(harm), 0, 100, 1},
	{"urgent", ROW_BOOL, CATEGORY(urgent), 0, 0, 0},
	{"evidence_days", ROW_INT, CATEGORY(evidence_days), 1, 3650, 1},
	{"decide", ROW_ROLES, CATEGORY(moderator_decides), 0, 0, 0},
	{"review_percent", ROW_INT, CATEGORY(review_percent), 0, 100, 1},
	{"strike_days", ROW_INT, CATEGORY(strike_days), 1, 3650, 1},
	{"strike_ladder", ROW_LADDER, CATEGORY(strike_ladder), 0, 0, 0},
	{"two_people", ROW_BOOL, CATEGORY(two_people), 0, 0, 0},
	{"blind", ROW_BOOL, CATEGORY(blind), 0, 0, 0},
	{"disturbing", ROW_BOOL, CATEGORY(disturbing), 0, 0, 0},
	{"orders", ROW_REACH, CATEGORY(orders), 0, 0, 0},
	END,
};

_Static_assert(CATEGORY(lead_decides) == CATEGORY(moderator_decides) + 1, "a pair of bools");

#define PAUSE(field) offsetof(struct sop_pause, field)
static const struct sop_row pause_rows[] = {
	{"title", ROW_TEXT, PAUSE(title), 1, SOP_TEXT_MAX, 0},
	{"longest", ROW_TIME, PAUSE(longest_s), 0, 0, 0},
	{"lanes", ROW_LANES, PAUSE(lanes), 0, 0, 0},
	{"asks", ROW_BOOL, PAUSE(asks), 0, 0, 0},
	{"obstacle", ROW_OBSTACLE, PAUSE(obstacle), 0, 0, 0},
	END,
};
#define STEP(field) offsetof(struct sop_step, field)
static const struct sop_row step_rows[] = {
	{"used_percent", ROW_INT, STEP(used_percent), 1, 100, 1},
	{"overdue", ROW_TIME, STEP(overdue_s), 0, 0, 0},
	{"to", ROW_TEXT, STEP(to), 1, SOP_NAME_MAX, 0},
	{"contact", ROW_TEXT, STEP(contact), 1, SOP_TEXT_MAX, 0},
	END,
};

struct reading {
	struct sop *sop;
	struct buf *problems; /* lines; NULL: not wanted */
	struct err first, why;
	int count;
	int line;
	bool shipped; /* this is the shipped file, whose categories do not count */
	/* The section that the line is in. */
	char section[SOP_NAME_MAX * 2];
	struct buf sections, names;   /* that were said: in the file, in the section; a line each */
	bool first_pause, first_step; /* the file's first takes the place of all shipped ones */
	struct sop_template *template;
};

/* ---- Sections that there may be many of ---- */

/* "category NAME" with the section's word: the name; NULL: another section. */
static const char *named(const char *section, const char *word)
{
	size_t size = strlen(word);

	return strncmp(section, word, size) == 0 && section[size] == ' ' ? section + size + 1
									 : NULL;
}

static bool name_fits(const char *name, const char *chars, size_t max)
{
	return *name && strlen(name) < max && !name[strspn(name, chars)];
}

static struct sop_category *category_named(struct reading *r, const char *name)
{
	struct sop *sop = r->sop;
	struct sop_category *c;

	for (int i = 0; i < sop->category_count; i++) {
		if (strcmp(sop->categories[i].name, name) == 0)
			return &sop->categories[i];
	}
	if (sop->category_count == SOP_CATEGORIES_MAX ||
		!name_fits(name, "abcdefghijklmnopqrstuvwxyz_", SOP_NAME_MAX))
		return NULL;
	c = &sop->categories[sop->category_count++];
	memcpy(c->name, name, strlen(name) + 1);
	c->line = r->line;
	c->review_percent = -1;
	return c;
}

/* title_id = …: the title for readers whose language is that. */
static const char *set_title(struct sop_category *c, const char *language, const char *value)
{
	struct sop_title *title;

	if (c->title_count == SOP_TITLES_MAX ||
		!name_fits(language, "abcdefghijklmnopqrstuvwxyz-", SOP_LANGUAGE_MAX) || !*value ||
		strlen(value) >= SOP_TEXT_MAX)
		return "must be title_LANGUAGE = a title, for at most 8 languages";
	title = &c->titles[c->title_count++];
	memcpy(title->language, language, strlen(language) + 1);
	memcpy(title->text, value, strlen(value) + 1);
	return NULL;
}

/* ground_ID = …: the laws of that country that content of this category breaks. */
static const char *set_ground(struct sop_category *c, const char *country, const char *value)
{
	struct sop_ground *ground;

	if (c->ground_count == SOP_GROUNDS_MAX ||
		(strcmp(country, "EU") != 0 && !country_is_iso(bytes_from_str(country))) ||
		!*value || strlen(value) >= SOP_TEXT_MAX)
		return "must be ground_COUNTRY = laws, with two capital letters or EU";
	ground = &c->grounds[c->ground_count++];
	memcpy(ground->country, country, strlen(country) + 1);
	memcpy(ground->text, value, strlen(value) + 1);
	return NULL;
}

static const char *set_in_category(
	struct reading *r, const char *category, const char *name, const char *value)
{
	struct sop_category *c = category_named(r, category);
	const char *must;

	if (!c)
		return "is in no category"; /* as was said of the section */
	if (strncmp(name, "title_", 6) == 0)
		return set_title(c, name + 6, value);
	if (strncmp(name, "ground_", 7) == 0)
		return set_ground(c, name + 7, value);
	must = sop_set_clock(c->clocks, name, value, true);
	return must == sop_unknown ? sop_set_row(category_rows, name, value, c) : must;
}

static const char *set_in_pause(
	struct reading *r, const char *pause, const char *name, const char *value)
{
	struct sop *sop = r->sop;
	int i = 0;

	if (!r->first_pause)
		sop->pause_count = 0;
	r->first_pause = true;
	while (i < sop->pause_count && strcmp(sop->pauses[i].name, pause) != 0)
		i++;
	if (i == SOP_PAUSES_MAX || !name_fits(pause, NAME_CHARS, SOP_NAME_MAX))
		return "is in a pause whose name has other signs than a-z, 0-9 and _, or is one "
		       "too many";
	if (i == sop->pause_count) {
		sop->pauses[sop->pause_count++] = (struct sop_pause){.lanes = ~0u};
		memcpy(sop->pauses[i].name, pause, strlen(pause) + 1);
	}
	return sop_set_row(pause_rows, name, value, &sop->pauses[i]);
}

/* [escalation N]: N counts from 1, in order. */
static const char *set_in_step(
	struct reading *r, const char *step, const char *name, const char *value)
{
	struct sop *sop = r->sop;
	int n = *step >= '1' && *step <= '9' && !step[1] ? *step - '0' : 0;

	if (!r->first_step)
		sop->step_count = 0;
	r->first_step = true;
	if (n < 1 || n > SOP_STEPS_MAX || n > sop->step_count + 1)
		return "must be in [escalation 1], [escalation 2] and so on, at most 8, in order";
	if (n == sop->step_count + 1)
		sop->steps[sop->step_count++] = (struct sop_step){0};
	return sop_set_row(step_rows, name, value, &sop->steps[n - 1]);
}

static const char *set_in_breakers(struct reading *r, const char *name, const char *value)
{
	static const struct sop_row per_day = {"", ROW_INT, 0, 0, 1000000, 1};
	struct sop *sop = r->sop;
	int i = 0;

	if (strcmp(name, "default") == 0)
		return sop_set_int(&per_day, value, &sop->breaker_per_day);
	while (i < sop->breaker_count && strcmp(sop->breakers[i].rule, name) != 0)
		i++;
	if (i == SOP_BREAKERS_MAX || !name_fits(name, NAME_CHARS, SOP_NAME_MAX))
		return "is no rule's name, or one too many";
	if (i == sop->breaker_count) {
		memcpy(sop->breakers[i].rule, name, strlen(name) + 1);
		sop->breaker_count++;
	}
	return sop_set_int(&per_day, value, &sop->breakers[i].per_day);
}

/* ---- Templates ---- */

/* A template that is said again begins anew: its old text stays in the pool, unused. */
static struct sop_template *template_begin(struct reading *r, const char *key)
{
	struct sop *sop = r->sop;
	const char *dot = strchr(key, '.');
	struct sop_template t = {.at = sop->pool_size};
	int i = 0;

	if (!dot || (size_t)(dot - key) >= sizeof(t.id) ||
		!name_fits(dot + 1, "abcdefghijklmnopqrstuvwxyz-", SOP_LANGUAGE_MAX) ||
		sop->pool_size == SOP_POOL_MAX)
		return NULL;
	memcpy(t.id, key, (size_t)(dot - key));
	memcpy(t.language, dot + 1, strlen(dot + 1));
	if (!sop_template_placeholders(t.id))
		return NULL;
	while (i < sop->template_count &&
		(strcmp(sop->templates[i].id, t.id) != 0 ||
			strcmp(sop->templates[i].language, t.language) != 0))
		i++;
	if (i == SOP_TEMPLATES_MAX)
		return NULL;
	sop->template_count += i == sop->template_count;
	sop->templates[i] = t;
	sop->pool[sop->pool_size++] = 0;
	return &sop->templates[i];
}

/* Each text = … is one line; an empty one parts paragraphs. */
static const char *set_in_template(
	struct reading *r, const char *key, const char *name, const char *value)
{
	struct sop *sop = r->sop;
	size_t size = strlen(value);

	if (strcmp(name, "text") != 0)
		return sop_unknown;
	if (!r->template)
		r->template = template_begin(r, key);
	if (!r->template)
		return "is in no template that there is: [template ID.LANGUAGE]";
	if (sop->pool_size + size + 2 > SOP_POOL_MAX)
		return "makes the templates too long, all together";
	if (sop_template_check(r->template->id, value, &r->why) < 0)
		return r->why.text;
	/* The newest template is the last in the pool: over its final 0. */
	if (r->template->size)
		sop->pool[sop->pool_size - 1] = '\n', r->template->size++;
	else
		sop->pool_size--;
	memcpy(sop->pool + sop->pool_size, value, size + 1);
	sop->pool_size += (uint32_t)size + 1;
	r->template->size += (uint32_t)size;
	return NULL;
}

/* ---- Lines ---- */

static void problem(struct reading *r, int line, const char *format, ...) PRINTF_LIKE(3, 4);

static void problem(struct reading *r, int line, const char *format, ...)
{
	char text[sizeof(r->first.text)];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (r->count++ == 0)
		err_set(&r->first, 0, "line %d of the SOP: %s", line, text);
	if (r->problems)
		buf_printf(r->problems, "line %d: %s\n", line, text);
}

static const char *set(struct reading *r, const char *name, const char *value)
{
	const char *section = r->section, *rest;

	if ((rest = named(section, "category")))
		return r->shipped ? NULL : set_in_category(r, rest, name, value);
	if ((rest = named(section, "pause")))
		return set_in_pause(r, rest, name, value);
	if ((rest = named(section, "escalation")))
		return set_in_step(r, rest, name, value);
	if ((rest = named(section, "template")))
		return set_in_template(r, rest, name, value);
	if (strcmp(section, "clocks") == 0)
		return sop_set_clock(r->sop->clocks, name, value, false);
	if (strcmp(section, "breakers") == 0)
		return set_in_breakers(r, name, value);
	return sop_set_in_section(section, name, value, r->sop);
}

static char *trim(char *text)
{
	char *end = text + strlen(text);

	while (end > text && strchr(" \t\r", end[-1]))
		*--end = 0;
	return text + strspn(text, " \t\r");
}

/* Was it said before? Notes it. */
static bool said(struct buf *seen, const char *name)
{
	char line[SOP_NAME_MAX * 3];
	int size = snprintf(line, sizeof(line), "\n%s\n", name);

	if (size < 0 || (size_t)size >= sizeof(line))
		return false; /* too long for any name there is */
	if (buf_size(seen) && memmem(buf_data(seen), buf_size(seen), line, (size_t)size))
		return true;
	buf_append(seen, line, (size_t)size);
	return false;
}

static void read_section(struct reading *r, char *line)
{
	char *end = strchr(line, ']');
	const char *category;

	r->template = NULL;
	r->section[0] = 0;
	buf_clear(&r->names);
	if (!end || *trim(end + 1) || end - line > (ptrdiff_t)sizeof(r->section)) {
		problem(r, r->line, "a section is [NAME] on a line of its own");
		return;
	}
	*end = 0;
	snprintf(r->section, sizeof(r->section), "%s", trim(line + 1));
	if (said(&r->sections, r->section))
		problem(r, r->line, "[%.60s] is there twice", r->section);
	category = named(r->section, "category");
	if (category && !r->shipped && !category_named(r, category))
		problem(r, r->line, "a category's name has a-z and _ only; there are at most %d",
			SOP_CATEGORIES_MAX);
}

/* A semicolon after white space begins a comment, except in the text of letters. */
static void cut_comment(const struct reading *r, char *value)
{
	if (named(r->section, "template"))
		return;
	for (char *c = value; *c; c++) {
		if (*c == ';' && (c == value || c[-1] == ' ' || c[-1] == '\t'))
			*c = 0;
		if (!*c)
			return;
	}
}

static void read_line(struct reading *r, char *line)
{
	char *equals, *name, *value;
	const char *must;

	line = trim(line);
	if (!*line || *line == ';' || *line == '#')
		return;
	if (*line == '[') {
		read_section(r, line);
		return;
	}
	equals = strchr(line, '=');
	if (!equals) {
		problem(r, r->line, "neither [SECTION] nor NAME = VALUE");
		return;
	}
	*equals = 0;
	name = trim(line);
	cut_comment(r, equals + 1);
	value = trim(equals + 1);
	must = strcmp(name, "text") == 0 || !said(&r->names, name) ? set(r, name, value)
								   : "is there twice";
	if (must)
		problem(r, r->line, "[%.60s] %.40s %s", r->section, name, must);
}

static void read_text(struct reading *r, const char *text)
{
	char line[4096];

	for (r->line = 1; *text; r->line++) {
		size_t size = strcspn(text, "\n");

		if (size >= sizeof(line)) {
			problem(r, r->line, "longer than 4095 bytes");
		} else {
			memcpy(line, text, size);
			line[size] = 0;
			read_line(r, line);
		}
		text += size + (text[size] == '\n');
	}
}

/* ---- What must be there in the end ---- */

static void complete_clock(struct sop_clock *own, const struct sop_clock *general)
{
	if (!own->decide_s)
		own->decide_s = general->decide_s;
	if (!own->acknowledge_s)
		own->acknowledge_s = general->acknowledge_s < own->decide_s ? general->acknowledge_s
									    : own->decide_s;
	if (!own->notify_s)
		own->notify_s = general->notify_s;
}

static void complete_category(struct reading *r, struct sop_category *c)
{
	const struct sop *sop = r->sop;

	for (enum lane lane = 0; lane < LANE_COUNT; lane++) {
		for (enum urgency u = 0; u < URGENCY_COUNT; u++)
			complete_clock(&c->clocks[lane][u], &sop->clocks[lane][u]);
	}
	if (c->review_percent < 0)
		c->review_percent = sop->review_percent;
	if (!c->evidence_days)
		c->evidence_days = sop->evidence_days;
	if (!c->moderator_decides && !c->lead_decides)
		c->moderator_decides = c->lead_decides = true;
	c->moderator_decides = c->moderator_decides && sop->moderator_decides;
	c->lead_decides = c->lead_decides && sop->lead_decides;
	if (!c->moderator_decides && !c->lead_decides)
		problem(r, c->line, "[category %s] decide names nobody who may decide by [roles]",
			c->name);
	if (!*c->title)
		problem(r, c->line, "[category %s] has no title", c->name);
	if (*c->dsa_category && strncmp(c->dsa_category, "STATEMENT_CATEGORY_", 19) != 0)
		problem(r, c->line, "[category %s] dsa_category must be a STATEMENT_CATEGORY_…",
			c->name);
	if (*c->dsa_keywords && strncmp(c->dsa_keywords, "KEYWORD_", 8) != 0)
		problem(r, c->line, "[category %s] dsa_keywords must be KEYWORD_…", c->name);
}

static void complete(struct reading *r)
{
	struct sop *sop = r->sop;

	if (sop->category_count == 0)
		problem(r, r->line, "the SOP has no [category …]");
	for (int i = 0; i < sop->category_count; i++)
		complete_category(r, &sop->categories[i]);
	for (int i = 0; i < sop->pause_count; i++) {
		if (!*sop->pauses[i].title || !sop->pauses[i].longest_s)
			problem(r, r->line, "[pause %s] lacks title or longest",
				sop->pauses[i].name);
	}
	for (int i = 0; i < sop->step_count; i++) {
		const struct sop_step *step = &sop->steps[i];

		if (!*step->to || !*step->contact || !step->used_percent == !step->overdue_s)
			problem(r, r->line,
				"[escalation %d] needs to, contact, and either used_percent or "
				"overdue",
				i + 1);
	}
}

int sop_check(const char *text, struct sop *out, struct buf *problems, struct err *err)
{
	struct reading r = {.sop = out, .shipped = true, .problems = problems};

	memset(out, 0, sizeof(*out));
	buf_init(&r.sections, BUF_MAX_DEFAULT);
	buf_init(&r.names, BUF_MAX_DEFAULT);
	read_text(&r, sop_default_text);
	buf_clear(&r.sections);
	r.shipped = r.first_pause = r.first_step = false;
	r.template = NULL;
	r.section[0] = 0;
	read_text(&r, text);
	complete(&r);
	buf_release(&r.sections);
	buf_release(&r.names);
	return r.count == 0 ? 0 : err_set(err, 0, "%s", r.first.text);
}

int sop_parse(const char *text, struct sop *out, struct err *err)
{
	return sop_check(text, out, NULL, err);
}
