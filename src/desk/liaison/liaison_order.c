/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. Answers are kept beside those of the notice, under the names of the fields. */
#include "desk/liaison/liaison_order.h"

#include <string.h>

#include "desk/lanes/field_text.h"
#include "desk/lanes/notice_answers.h"
#include "desk/lanes/notices.h"
#include "desk/liaison/liaison.h"
#include "desk/liaison/phrases.h"

#define VALUE_SHOWN_MAX 300 /* bytes, of one field of what is to be confirmed */
#define PICKED "picked"	    /* of a field of several choices, until they are enough */
#define OWN "own"	    /* on a button: what the desk knows of who writes */

bool liaison_has_form(const struct dialogue *d)
{
	return json_is_string(json_object_get(d->data, "form"));
}

static enum notice_form form_of(const struct dialogue *d)
{
	return notice_form_by_name(bytes_from_str(liaison_answered(d, "form")));
}

static bool is_indonesian(const struct dialogue *d)
{
	return strcmp(d->language, "id") == 0;
}

void liaison_offer_orders(struct dialogue *d, json_t **keyboard)
{
	for (enum notice_form form = 0; form < FORM_COUNT; form++)
		if (notice_form_orders(form) && role_by_name(d->grant.role) == ROLE_AUTHORITY &&
			notice_form_is_open_to(form, d->grant.country, liaison_category(d)))
			dialogue_button(keyboard, notice_form_title(form, is_indonesian(d)),
				liaison_carries(d, "form", notice_form_name(form)));
}

/* The first that the form needs and nobody answered yet; NULL: it is complete. */
static const struct notice_field *next_field(const struct dialogue *d)
{
	const enum notice_form form = form_of(d);
	const struct notice_field *field;

	for (size_t i = 0; form < FORM_COUNT && (field = notice_field_at(i)); i++)
		if (field->need[form] == NEED_MUST && !json_object_get(d->data, field->name))
			return field;
	return NULL;
}

/* ---- Questions ---- */

static char *field_carries(struct dialogue *d, const struct notice_field *field, const char *value)
{
	return liaison_carries(d, "field", arena_printf(d->arena, "%s:%s", field->name, value));
}

static bool is_picked(const struct dialogue *d, const char *choice)
{
	json_t *one;
	size_t at;

	json_array_foreach(json_object_get(d->data, PICKED), at, one)
	{
		if (strcmp(json_string_value(one), choice) == 0)
			return true;
	}
	return false;
}

static char *choice_words(struct dialogue *d, const char *choice)
{
	return phrase(d->arena, d->language, arena_printf(d->arena, "choice_%s", choice), NULL);
}

static void add_choices(struct dialogue *d, const struct notice_field *field, json_t **keyboard)
{
	const char *rest = field->choices ? field->choices : "";

	while (*rest) {
		size_t size = strcspn(rest, "|");
		char *choice = arena_str(d->arena, bytes_of(rest, size));

		dialogue_button(keyboard,
			arena_printf(d->arena, "%s%s", is_picked(d, choice) ? "✓ " : "",
				choice_words(d, choice)),
			field_carries(d, field, choice));
		rest += size + (rest[size] == '|');
	}
	if (json_array_size(json_object_get(d->data, PICKED)) > 0)
		dialogue_button(keyboard, phrase(d->arena, d->language, "button_done", NULL),
			field_carries(d, field, ""));
}

/* What the desk knows of who writes, as text; absent: nothing of this. */
static struct bytes own_value(const struct dialogue *d, const struct notice_field *field)
{
	if (strcmp(field->name, "authority") == 0)
		return d->grant.name;
	return field->kind == FIELD_COUNTRIES ? d->grant.country : bytes_of(NULL, 0);
}

/* fault: what is wrong with the last answer, or NULL. */
static void ask_field(struct dialogue *d, const struct notice_field *field, const char *fault)
{
	const struct sop_value values[] = {
		{"form", notice_form_title(form_of(d), is_indonesian(d))},
		{"title", field->title[is_indonesian(d)]},
		{"explained", field->explained[is_indonesian(d)]},
		{"example", field->kind == FIELD_TIME ? "2026-12-01T00:00:00Z" : NULL},
		{"fault", fault}, {NULL, NULL}};
	json_t *keyboard = NULL;

	dialogue_keep(d, "order_field");
	add_choices(d, field, &keyboard);
	if (own_value(d, field).size > 0)
		dialogue_button(&keyboard, arena_str(d->arena, own_value(d, field)),
			field_carries(d, field, OWN));
	liaison_add_cancel(d, &keyboard);
	dialogue_become(d, 0, phrase(d->arena, d->language, "ask_field", values), keyboard);
}

static char *value_words(struct dialogue *d, const struct notice_field *field, json_t *value)
{
	const char *text = json_string_value(value);
	char *all = arena_str(d->arena, BYTES_LITERAL(""));
	struct bytes some;
	json_t *one;
	size_t at;

	json_array_foreach(value, at, one)
	{
		const char *word = json_string_value(one);

		all = arena_printf(d->arena, "%s%s%s", all, at ? ", " : "",
			field->choices ? choice_words(d, word) : word);
	}
	if (text && field->kind == FIELD_CHOICE)
		return choice_words(d, text);
	if (text && field->kind == FIELD_CATEGORY)
		text = sop_title(liaison_category(d), d->language);
	some = liaison_shown(bytes_from_str(text ? text : all), VALUE_SHOWN_MAX);
	return arena_printf(d->arena, "%s%s", arena_str(d->arena, some),
		some.size == VALUE_SHOWN_MAX ? "…" : "");
}

static void ask_confirm(struct dialogue *d)
{
	char *lines = arena_str(d->arena, BYTES_LITERAL(""));
	const struct notice_field *field;
	json_t *keyboard = NULL, *value;

	for (size_t i = 0; (field = notice_field_at(i)); i++) {
		value = json_object_get(d->data, field->name);
		if (!json_is_string(value) && !json_is_array(value))
			continue;
		lines = arena_printf(d->arena, "%s%s%s: %s", lines, *lines ? "\n" : "",
			field->title[is_indonesian(d)], value_words(d, field, value));
	}
	dialogue_keep(d, "notice_confirm");
	dialogue_button(&keyboard, phrase(d->arena, d->language, "button_send", NULL),
		liaison_carries(d, "send", ""));
	liaison_add_cancel(d, &keyboard);
	dialogue_become(d, 0,
		phrase(d->arena, d->language, "ask_confirm_order",
			(struct sop_value[]){
				{"form", notice_form_title(form_of(d), is_indonesian(d))},
				{"fields", lines}, {NULL, NULL}}),
		keyboard);
}

static void ask_next(struct dialogue *d)
{
	const struct notice_field *field = next_field(d);

	if (field)
		ask_field(d, field, NULL);
	else
		ask_confirm(d);
}

/* ---- Answers ---- */

/* value: taken over. What the gate would refuse is asked again at once, with its words. */
static void take(struct dialogue *d, const struct notice_field *field, json_t *value)
{
	const char *fault =
		value ? notice_field_fault(d->arena, &d->desk->sop, form_of(d), field, value)
		      : "is missing";

	if (fault) {
		json_decref(value);
		ask_field(d, field, fault);
		return;
	}
	json_object_set_new(d->data, field->name, value);
	json_object_del(d->data, PICKED);
	ask_next(d);
}

/* Presses a choice in or out. */
static void pick(struct dialogue *d, const struct notice_field *field, const char *choice)
{
	json_t *after = json_array(), *picked = json_pack("[s]", choice), *one;
	bool is_choice = !notice_field_fault(d->arena, &d->desk->sop, form_of(d), field, picked);
	size_t at;

	json_array_foreach(json_object_get(d->data, PICKED), at, one)
	{
		if (strcmp(json_string_value(one), choice) != 0)
			json_array_append(after, one);
	}
	if (is_choice && !is_picked(d, choice))
		json_array_extend(after, picked);
	json_decref(picked);
	json_object_set_new(d->data, PICKED, after);
	ask_field(d, field, NULL);
}

bool liaison_press_form(struct dialogue *d)
{
	enum notice_form form;

	if (!liaison_is_of_now(d))
		return true;
	form = notice_form_by_name(d->rest);
	if (!bytes_equal_str(d->row.step, "notice_confirm") || !liaison_category(d) ||
		!notice_form_orders(form)) {
		dialogue_become(d, 0, phrase(d->arena, d->language, "expired", NULL), NULL);
		return true;
	}
	/* Whether they may the gate says again. */
	json_object_set_new(d->data, "form", json_string(notice_form_name(form)));
	ask_next(d);
	return true;
}

/* "reference:…": one of a question that was answered already shows what is asked now. */
bool liaison_press_field(struct dialogue *d)
{
	const struct notice_field *field;
	char *name, *value;

	if (!liaison_is_of_now(d))
		return true;
	if (!liaison_has_form(d) || !liaison_category(d)) {
		dialogue_become(d, 0, phrase(d->arena, d->language, "expired", NULL), NULL);
		return true;
	}
	name = arena_str(d->arena, d->rest);
	value = strchr(name, ':');
	field = next_field(d);
	if (!value || !field || strncmp(name, field->name, (size_t)(value - name)) != 0 ||
		field->name[value - name] != 0)
		ask_next(d);
	else if (strcmp(value + 1, OWN) == 0 && own_value(d, field).size > 0)
		take(d, field,
			field_from_text(d->arena, &d->desk->sop, field, own_value(d, field)));
	else if (field->kind == FIELD_CHOICES && value[1])
		pick(d, field, value + 1);
	else if (field->kind == FIELD_CHOICES)
		take(d, field, json_incref(json_object_get(d->data, PICKED)));
	else
		take(d, field, json_string(value + 1));
	return true;
}

bool liaison_step_field(struct dialogue *d)
{
	const struct notice_field *field = next_field(d);

	if (!d->rest.size || !field || !liaison_category(d))
		return false;
	take(d, field, field_from_text(d->arena, &d->desk->sop, field, d->rest));
	return true;
}

/* ---- The end ---- */

json_t *liaison_order_body(const struct dialogue *d)
{
	json_t *body = json_deep_copy(d->data);

	json_object_del(body, "id");
	json_object_del(body, PICKED);
	return body;
}

char *liaison_order_receipt(struct dialogue *d, int64_t notice)
{
	json_t *answer = notice_answer(d->desk, d->db, d->arena, notice, d->language);
	const char *text = json_string_value(json_object_get(answer, "text"));
	char *out = arena_str(d->arena, bytes_from_str(text ? text : ""));

	json_decref(answer);
	return out;
}
