/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "desk/mail/mail_form.h"

#include <string.h>

#include "base/text.h"
#include "desk/lanes/field_text.h"

#define LABEL_MAX 60

static const struct {
	const char *label, *name;
	bool indonesian;
} aliases[] = {
	{"link", "subject", false},
	{"url", "subject", false},
	{"tautan", "subject", true},
	{"pautan", "subject", true},
	{"law", "law", false},
	{"hukum", "law", true},
	{"reason", "reasons", false},
	{"reasons", "reasons", false},
	{"alasan", "reasons", true},
	{"urgency", "urgent", false},
	{"urgensi", "urgent", true},
	{"segera", "urgent", true},
	{"good faith", "good_faith", false},
	{"itikad baik", "good_faith", true},
	{"form", "form", false},
	{"formulir", "form", true},
	{"name", "name", false},
	{"nama", "name", true},
	{"e-mail", "mail", false},
	{"surel", "mail", true},
};

/* ---- Reading ---- */

struct reading {
	struct arena *arena;
	const struct sop *sop;
	struct mail_form *out;
	const struct notice_field *field; /* under way; NULL with a name: "form" */
	const char *name;		  /* NULL: none is under way */
	struct buf value;
	int indonesian, english;
};

static const struct notice_field *field_by_name(const char *name)
{
	const struct notice_field *field;

	for (size_t i = 0; (field = notice_field_at(i)); i++)
		if (strcmp(field->name, name) == 0)
			return field;
	return NULL;
}

/* The field that a label means, and in which language; NULL: none. */
static const char *name_of(struct bytes label, int *language)
{
	const struct notice_field *field;

	for (size_t i = 0; (field = notice_field_at(i)); i++) {
		for (*language = 0; *language < 2; ++*language)
			if (field_text_is(label, field->title[*language]))
				return field->name;
		*language = -1;
		if (field_text_is(label, field->name))
			return field->name;
	}
	for (size_t i = 0; i < ARRAY_LEN(aliases); i++) {
		*language = aliases[i].indonesian;
		if (field_text_is(label, aliases[i].label) &&
			(field_by_name(aliases[i].name) || strcmp(aliases[i].name, "form") == 0))
			return aliases[i].name;
	}
	return NULL;
}

/* A label without a value is as if it were not there. */
static void end_value(struct reading *r)
{
	struct bytes text = text_trim(buf_bytes(&r->value));

	if (r->name && text.size > 0) {
		if (json_object_get(r->out->body, r->name))
			r->out->repeated = r->name;
		else
			json_object_set_new(r->out->body, r->name,
				field_from_text(r->arena, r->sop, r->field, text));
	}
	r->name = NULL;
	buf_clear(&r->value);
}

static void take_line(struct reading *r, struct bytes line)
{
	const uint8_t *colon = line.size ? memchr(line.data, ':', line.size) : NULL;
	size_t size = colon ? (size_t)(colon - line.data) : 0;
	struct bytes label = text_trim(bytes_of(line.data, size));
	int language = -1;
	const char *name = NULL;

	if (colon && size <= LABEL_MAX && label.size > 0)
		name = name_of(label, &language);
	if (name) {
		end_value(r);
		r->name = name;
		r->field = field_by_name(name);
		r->out->labels++;
		r->indonesian += language == 1;
		r->english += language == 0;
		line = bytes_of(colon + 1, line.size - size - 1);
	}
	if (r->name) {
		buf_append_bytes(&r->value, line);
		buf_append_u8(&r->value, '\n');
	}
}

/* Takes the next line off the text. */
static bool next_line(struct bytes *text, struct bytes *line)
{
	const uint8_t *end = text->size ? memchr(text->data, '\n', text->size) : NULL;
	size_t size = end ? (size_t)(end - text->data) : text->size;

	if (text->size == 0)
		return false;
	*line = text_trim(bytes_of(text->data, size));
	size += end ? 1 : 0;
	*text = bytes_of(text->data + size, text->size - size);
	return true;
}

static struct bytes without_quotes(struct bytes line)
{
	while (line.size > 0 && line.data[0] == '>')
		line = text_trim(bytes_of(line.data + 1, line.size - 1));
	return line;
}

static void read_lines(struct reading *r, struct bytes text, bool quoted)
{
	struct bytes line;

	while (next_line(&text, &line)) {
		bool is_quote = line.size > 0 && line.data[0] == '>';

		if (quoted)
			line = without_quotes(line);
		if (field_text_is(line, "--"))
			break;
		if ((is_quote && !quoted) || (line.size > 0 && line.data[0] == '#'))
			continue;
		take_line(r, line);
	}
	end_value(r);
}

void mail_form_read(
	struct bytes text, const struct sop *sop, struct arena *arena, struct mail_form *out)
{
	struct reading r = {.arena = arena, .sop = sop, .out = out};

	*out = (struct mail_form){.body = json_object()};
	buf_init(&r.value, text.size + 2 * LABEL_MAX);
	read_lines(&r, text, false);
	/* Somebody filled in the form where it was quoted. */
	if (out->labels == 0)
		read_lines(&r, text, true);
	out->indonesian = r.indonesian > r.english;
	buf_release(&r.value);
}

struct bytes mail_answer_text(struct arena *arena, struct bytes text)
{
	struct buf out;
	struct bytes line, whole;

	buf_init(&out, text.size + 1);
	while (next_line(&text, &line)) {
		if (field_text_is(line, "--"))
			break;
		if (line.size > 0 && line.data[0] == '>')
			continue;
		/* "On Sunday … wrote:" above a quote */
		if (line.size > 0 && line.data[line.size - 1] == ':' && text.size > 0 &&
			text.data[0] == '>')
			continue;
		buf_append_bytes(&out, line);
		buf_append_u8(&out, '\n');
	}
	whole = arena_bytes(arena, text_trim(buf_bytes(&out)));
	buf_release(&out);
	return whole;
}

/* ---- Writing ---- */

const char *mail_form_title(const char *name, bool indonesian)
{
	const struct notice_field *field = field_by_name(name);

	return field ? field->title[indonesian ? 1 : 0] : name;
}

static void write_choices(struct buf *out, const struct sop *sop, const struct notice_field *field)
{
	if (field->choices)
		buf_printf(out, "#   %s\n", field->choices);
	if (field->kind != FIELD_CATEGORY)
		return;
	buf_append_str(out, "#   ");
	for (int i = 0; i < sop->category_count; i++)
		buf_printf(out, "%s%s", i ? "|" : "", sop->categories[i].name);
	buf_append_str(out, "\n");
}

void mail_form_write(struct buf *out, const struct sop *sop, enum notice_form form, bool stranger,
	bool indonesian)
{
	const struct notice_field *field;

	buf_printf(out, "%s: %s\n", indonesian ? "Formulir" : "Form", notice_form_name(form));
	for (size_t i = 0; (field = notice_field_at(i)); i++) {
		enum field_need need = field->need[form];
		bool must = need == NEED_MUST || (need == NEED_STRANGER && stranger);

		if (need == NEED_NOT)
			continue;
		buf_printf(out, "\n# %s%s\n", field->explained[indonesian ? 1 : 0],
			must	     ? ""
			: indonesian ? " (boleh dikosongkan)"
				     : " (may be left out)");
		write_choices(out, sop, field);
		buf_printf(out, "%s: \n", field->title[indonesian ? 1 : 0]);
	}
}
