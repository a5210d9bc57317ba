/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "desk/sop/sop_templates.h"

#include <assert.h>
#include <string.h>

#define PLACEHOLDER_MAX 24
#define LETTER_MAX ((size_t)1 << 20) /* far above what values of bounded size amount to */

/* What each letter knows. Spaces around every name, so that one can be searched for. */
static const struct {
	const char *id, *placeholders;
} rows[] = {
	/* In place of what was removed or restricted, for its readers. */
	{"readers_removed", " subject category case "},
	{"readers_restricted", " subject category case "},
	{"readers_labelled", " subject category case "},
	{"readers_restored", " subject case "},
	/* The statement of reasons (DSA Article 17(3)), for the owner. */
	{"statement", " subject measure countries until case decided category law terms origin "
		      "facts ground detection redress leaf key strikes "},
	{"restored", " subject case decided facts ground leaf key "},
	{"warning", " subject case decided category law terms facts ground strikes redress "},
	/* What the owner is asked before it is decided. */
	{"owner_question", " subject case question link until "},
	/* How to object (DSA Articles 17(3)(f) and 20). */
	{"redress", " days contact case link "},
	/* For who sent a notice (DSA Articles 9 and 16, TCO Annexes II and III). */
	{"receipt", " notice case subject category due "},
	{"outcome", " notice case subject measure executed ground redress "},
	{"clarification", " notice case subject reason question until "},
	{"refusal", " subject reason "},
	/* Appeals. */
	{"appeal_receipt", " appeal case subject due "},
	{"appeal_outcome", " appeal case subject outcome facts ground leaf "},
	/* For who sends too many notices without ground (DSA Articles 22(6) and 23). */
	{"reporter_warning", " name notices unfounded until "},
	{"reporter_suspended", " name notices unfounded until "},
	/* The counts of a day, in a public channel. */
	{"daily", " day notices measures removed restricted labelled frozen warned dismissed "
		  "reversed appeals median address "},
	{"answer_receipt", " notice case subject law reference authority due contact "},
	{"answer_effect", " notice case subject law reference authority measure when contact "},
	{"answer_obstacle",
		" notice case subject law reference authority reason explanation contact "},
	{"answer_no_effect", " notice case subject law reference authority ground contact "},
};

const char *sop_template_placeholders(const char *id)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (strcmp(rows[i].id, id) == 0)
			return rows[i].placeholders;
	}
	return NULL;
}

const char *sop_template_id(int n)
{
	return (size_t)n < ARRAY_LEN(rows) ? rows[n].id : NULL;
}

/* The name between braces at *text, which moves behind them; false: that is none. */
static bool take_name(const char **text, char name[PLACEHOLDER_MAX])
{
	size_t size = strspn(*text + 1, "abcdefghijklmnopqrstuvwxyz_");

	if (size == 0 || size >= PLACEHOLDER_MAX || (*text)[1 + size] != '}')
		return false;
	memcpy(name, *text + 1, size);
	name[size] = 0;
	*text += size + 2;
	return true;
}

int sop_template_check(const char *id, const char *text, struct err *err)
{
	const char *known = sop_template_placeholders(id);
	char name[PLACEHOLDER_MAX], spaced[PLACEHOLDER_MAX + 2];

	if (!known)
		return err_set(err, 0, "there is no template %s", id);
	while ((text = strpbrk(text, "{}"))) {
		if (*text == '}' || !take_name(&text, name))
			return err_set(err, 0, "a brace without a {name} between braces");
		spaced[0] = ' ';
		memcpy(spaced + 1, name, strlen(name));
		memcpy(spaced + 1 + strlen(name), " ", 2);
		if (!strstr(known, spaced))
			return err_set(
				err, 0, "template %s has no {%s}; it has:%s", id, name, known);
	}
	return 0;
}

static const struct sop_template *find(
	const struct sop *sop, const char *id, const char *language, size_t size)
{
	for (int i = 0; i < sop->template_count; i++) {
		const struct sop_template *t = &sop->templates[i];

		if (strcmp(t->id, id) == 0 && strlen(t->language) == size &&
			memcmp(t->language, language, size) == 0)
			return t;
	}
	return NULL;
}

const char *sop_template(const struct sop *sop, const char *id, const char *language)
{
	const struct sop_template *t = find(sop, id, language, strlen(language));

	if (!t)
		t = find(sop, id, language, strcspn(language, "-"));
	if (!t)
		t = find(sop, id, "en", 2);
	assert(t); /* an SOP that lacks one is not read */
	return sop->pool + t->at;
}

static const char *value_of(const struct sop_value *values, const char *name)
{
	for (; values->name; values++) {
		if (strcmp(values->name, name) == 0)
			return values->text ? values->text : "";
	}
	return "";
}

/* One line with its end, into out. */
static void fill_line(
	struct buf *out, const char *line, const char *end, const struct sop_value *values)
{
	size_t before = buf_size(out);
	bool named = false, filled = false;
	char name[PLACEHOLDER_MAX];

	while (line < end) {
		const char *value;

		if (*line != '{' || !take_name(&line, name)) {
			buf_append_u8(out, (uint8_t)*line++);
			continue;
		}
		value = value_of(values, name);
		named = true;
		filled = filled || *value;
		buf_append_str(out, value);
	}
	if (named && !filled)
		buf_truncate(out, before);
	else
		buf_append_u8(out, '\n');
}

char *sop_letter(struct arena *arena, const struct sop *sop, const char *id, const char *language,
	const struct sop_value *values)
{
	return sop_fill(arena, sop_template(sop, id, language), values);
}

char *sop_fill(struct arena *arena, const char *text, const struct sop_value *values)
{
	struct buf out;
	char *letter;

	buf_init(&out, LETTER_MAX);
	while (*text) {
		const char *end = text + strcspn(text, "\n");

		fill_line(&out, text, end, values);
		text = *end ? end + 1 : end;
	}
	while (buf_size(&out) > 0 && buf_data(&out)[buf_size(&out) - 1] == '\n')
		buf_truncate(&out, buf_size(&out) - 1);
	letter = arena_str(arena, buf_bytes(&out));
	buf_release(&out);
	return letter;
}
