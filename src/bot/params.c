/* SPDX-License-Identifier: Apache-2.0 */
#include "bot/params.h"

#include <errno.h>
#include <stdlib.h>

#include "base/text.h"

/* jansson goes by itself as deep as 2048; what is served here is 5 deep. */
#define DEPTH_MAX 16
#define NUMBER_MAX 20 /* characters: of any int64_t */

/* As far as it is JSON: jansson reads no further. Brackets in strings are none. */
static bool is_shallow(struct bytes text)
{
	bool quoted = false;
	int depth = 0;

	for (size_t i = 0; i < text.size; i++) {
		const uint8_t c = text.data[i];

		if (c == '"')
			quoted = !quoted;
		else if (quoted)
			i += c == '\\';
		else if ((c == '{' || c == '[') && ++depth > DEPTH_MAX)
			return false;
		else if (c == '}' || c == ']')
			depth--;
	}
	return true;
}

static json_t *parse(struct bytes text)
{
	return is_shallow(text) ? json_loadb((const char *)text.data, text.size, 0, NULL) : NULL;
}

int params_read(struct arena *arena, const struct http_request *request, struct params *out)
{
	const struct bytes type = http_header(request, "Content-Type");
	static const char json[] = "application/json";
	static const char form[] = "application/x-www-form-urlencoded";

	*out = (struct params){.arena = arena, .query = request->query};
	if (!request->body.size)
		return 0;
	if (type.size >= strlen(form) &&
		bytes_equal(bytes_of(type.data, strlen(form)), bytes_from_str(form))) {
		out->form = request->body;
		return 0;
	}
	if (type.size < strlen(json) ||
		!bytes_equal(bytes_of(type.data, strlen(json)), bytes_from_str(json)))
		return -1;
	out->json = parse(request->body);
	return json_is_object(out->json) ? 0 : -1;
}

void params_release(struct params *params)
{
	json_decref(params->json);
	json_decref(params->held);
	*params = (struct params){0};
}

static struct bytes in_forms(struct params *params, const char *name)
{
	struct bytes value = {0};

	if (params->form.data)
		value = http_form_value(params->arena, params->form, name);
	if (!value.data && params->query.data)
		value = http_form_value(params->arena, params->query, name);
	if (value.data && (!text_is_utf8(value) || memchr(value.data, 0, value.size)))
		return (struct bytes){0};
	return value;
}

struct bytes params_text(struct params *params, const char *name)
{
	const json_t *value = json_object_get(params->json, name);

	if (json_is_string(value))
		return bytes_of(json_string_value(value), json_string_length(value));
	if (json_is_integer(value))
		return bytes_from_str(
			arena_printf(params->arena, "%lld", (long long)json_integer_value(value)));
	return value ? (struct bytes){0} : in_forms(params, name);
}

static bool read_integer(struct bytes text, int64_t *out)
{
	char digits[NUMBER_MAX + 1];
	char *end;

	if (!text.size || text.size > NUMBER_MAX)
		return false;
	memcpy(digits, text.data, text.size);
	digits[text.size] = 0;
	errno = 0;
	*out = strtoll(digits, &end, 10);
	return errno == 0 && *end == 0 &&
	       (digits[0] == '-' || (digits[0] >= '0' && digits[0] <= '9'));
}

bool params_integer(struct params *params, const char *name, int64_t *out, bool *valid)
{
	const json_t *value = json_object_get(params->json, name);
	struct bytes text;

	*out = 0;
	*valid = true;
	if (json_is_null(value))
		return false;
	if (json_is_integer(value)) {
		*out = json_integer_value(value);
		return true;
	}
	text = params_text(params, name);
	if (!value && !text.data)
		return false;
	*valid = read_integer(text, out);
	return true;
}

bool params_flag(struct params *params, const char *name)
{
	const json_t *value = json_object_get(params->json, name);
	struct bytes text;

	if (value && !json_is_string(value))
		return json_is_true(value);
	text = params_text(params, name);
	return bytes_equal(text, BYTES_LITERAL("true")) ||
	       bytes_equal(text, BYTES_LITERAL("True")) || bytes_equal(text, BYTES_LITERAL("1"));
}

const json_t *params_json(struct params *params, const char *name, bool *valid)
{
	const json_t *value = json_object_get(params->json, name);
	struct bytes text;
	json_t *parsed;

	*valid = true;
	if (json_is_object(value) || json_is_array(value))
		return value;
	text = params_text(params, name);
	if (json_is_null(value) || (!value && !text.size))
		return NULL;
	parsed = text.size ? parse(text) : NULL;
	*valid = json_is_object(parsed) || json_is_array(parsed);
	if (!*valid) {
		json_decref(parsed);
		return NULL;
	}
	if (!params->held)
		params->held = json_array();
	json_array_append_new(params->held, parsed);
	return parsed;
}
