/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "desk/lanes/form.h"

#include <stdlib.h>
#include <time.h>

#include "base/text.h"
#include "desk/lanes/countries.h"

#define FORM_COUNTRIES_MAX 250

bool form_open(struct form *form, struct arena *arena, struct bytes body)
{
	json_error_t why;

	*form = (struct form){.arena = arena, .missing = json_array(), .invalid = json_array()};
	if (body.size == 0 || body.size > FORM_BODY_MAX)
		return false;
	form->root = json_loadb((const char *)body.data, body.size, JSON_REJECT_DUPLICATES, &why);
	if (form->root && !json_is_object(form->root)) {
		json_decref(form->root);
		form->root = NULL;
	}
	return form->root != NULL;
}

void form_release(struct form *form)
{
	json_decref(form->root);
	json_decref(form->missing);
	json_decref(form->invalid);
}

void form_missing(struct form *form, const char *name)
{
	json_array_append_new(form->missing, json_string(name));
}

void form_invalid(struct form *form, const char *name, const char *reason)
{
	json_array_append_new(
		form->invalid, json_pack("{s:s, s:s}", "field", name, "reason", reason));
}

static bool has_control(struct bytes text)
{
	for (size_t i = 0; i < text.size; i++) {
		uint8_t c = text.data[i];

		if ((c < ' ' && c != '\n' && c != '\t' && c != '\r') || c == 0x7f)
			return true;
	}
	return false;
}

struct bytes form_text(struct form *form, const char *name, size_t max)
{
	const struct bytes none = {NULL, 0};
	const json_t *value = json_object_get(form->root, name);
	struct bytes text;

	if (!value || json_is_null(value)) {
		form_missing(form, name);
		return none;
	}
	if (!json_is_string(value)) {
		form_invalid(form, name, "must be text");
		return none;
	}
	text = text_trim(bytes_of(json_string_value(value), json_string_length(value)));
	if (text.size == 0) {
		form_missing(form, name);
		return none;
	}
	if (text.size > max || has_control(text)) {
		form_invalid(form, name,
			text.size > max ? "is too long" : "must not hold control characters");
		return none;
	}
	return arena_bytes(form->arena, text);
}

int64_t form_int(struct form *form, const char *name, int64_t min, int64_t max)
{
	const json_t *value = json_object_get(form->root, name);
	int64_t number = json_integer_value(value);

	if (!value || json_is_null(value))
		form_missing(form, name);
	else if (!json_is_integer(value) || number < min || number > max)
		form_invalid(form, name, "must be a number within its bounds");
	else
		return number;
	return 0;
}

void form_must_be_true(struct form *form, const char *name)
{
	const json_t *value = json_object_get(form->root, name);

	if (value && !json_is_boolean(value) && !json_is_null(value))
		form_invalid(form, name, "must be true");
	else if (!json_is_true(value))
		form_missing(form, name);
}

static int by_code(const void *a, const void *b)
{
	return memcmp(a, b, 2);
}

struct bytes form_countries(struct form *form, const char *name)
{
	const struct bytes none = {NULL, 0};
	const json_t *list = json_object_get(form->root, name), *item;
	char codes[FORM_COUNTRIES_MAX][3] = {{0}};
	size_t count = 0, at, size = 0;
	char *out;

	if (!list || json_is_null(list))
		return none;
	if (!json_is_array(list) || json_array_size(list) > FORM_COUNTRIES_MAX) {
		form_invalid(form, name, "must be a list of country codes");
		return none;
	}
	json_array_foreach(list, at, item)
	{
		struct bytes code = bytes_of(json_string_value(item), json_string_length(item));

		if (!json_is_string(item) || !country_is_iso(code)) {
			form_invalid(form, name,
				"must hold two-letter codes of ISO 3166-1 in capital letters");
			return none;
		}
		memcpy(codes[count++], code.data, 2);
	}
	qsort(codes, count, sizeof(codes[0]), by_code);
	out = arena_alloc(form->arena, count * 3 + 1);
	for (at = 0; at < count; at++) {
		if (at > 0 && memcmp(codes[at], codes[at - 1], 2) == 0)
			continue;
		if (size > 0)
			out[size++] = ',';
		memcpy(out + size, codes[at], 2);
		size += 2;
	}
	return bytes_of(out, size);
}

static int64_t digits(const char *text, int count)
{
	int64_t value = 0;

	for (int i = 0; i < count; i++)
		value = value * 10 + (text[i] - '0');
	return value;
}

/* Written back it must be the same text: so months have their days and hours their minutes. */
static int64_t time_parse(struct arena *arena, const char *text)
{
	static const char form[] = "dddd-dd-ddTdd:dd:ddZ";
	struct tm tm = {0};
	int64_t unix_s;

	if (strlen(text) != sizeof(form) - 1)
		return 0;
	for (size_t i = 0; i < sizeof(form) - 1; i++)
		if (form[i] == 'd' ? text[i] < '0' || text[i] > '9' : text[i] != form[i])
			return 0;
	tm.tm_year = (int)digits(text, 4) - 1900;
	tm.tm_mon = (int)digits(text + 5, 2) - 1;
	tm.tm_mday = (int)digits(text + 8, 2);
	tm.tm_hour = (int)digits(text + 11, 2);
	tm.tm_min = (int)digits(text + 14, 2);
	tm.tm_sec = (int)digits(text + 17, 2);
	unix_s = timegm(&tm);
	return unix_s > 0 && strcmp(text_rfc3339(arena, unix_s), text) == 0 ? unix_s : 0;
}

int64_t time_of_text(struct arena *arena, struct bytes text)
{
	return time_parse(arena, arena_str(arena, text));
}

int64_t form_time(struct form *form, const char *name)
{
	const json_t *value = json_object_get(form->root, name);
	int64_t unix_s;

	if (!value || json_is_null(value))
		return 0;
	unix_s = json_is_string(value) ? time_parse(form->arena, json_string_value(value)) : 0;
	if (!unix_s)
		form_invalid(form, name, "must be a time like 2026-12-01T00:00:00Z");
	return unix_s;
}

bool form_ok(const struct form *form)
{
	return form->root && json_array_size(form->missing) == 0 &&
	       json_array_size(form->invalid) == 0;
}

json_t *form_problems(const struct form *form)
{
	return json_pack("{s:s, s:O, s:O}", "error",
		json_array_size(form->missing) ? "something is missing"
					       : "a field is not as it must be",
		"missing", form->missing, "invalid", form->invalid);
}

json_t *json_bytes(struct bytes text)
{
	json_t *value = text.data ? json_stringn((const char *)text.data, text.size) : NULL;

	return value ? value : json_null();
}

json_t *json_time(struct arena *arena, int64_t unix_s)
{
	return json_string(text_rfc3339(arena, unix_s));
}

json_t *json_list(struct bytes commas)
{
	json_t *list = json_array();
	size_t start = 0;

	for (size_t i = 0; i <= commas.size && commas.size > 0; i++) {
		if (i < commas.size && commas.data[i] != ',')
			continue;
		json_array_append_new(list, json_bytes(bytes_of(commas.data + start, i - start)));
		start = i + 1;
	}
	return list;
}
