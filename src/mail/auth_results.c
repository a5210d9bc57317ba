/* SPDX-License-Identifier: Apache-2.0 */
/*
 * See the header.
 *
 *   authserv-id [version] *( ";" method "=" result [reason=...] *( ptype.property=value ) )
 *
 * Comments may stand nearly everywhere and are dropped; values may be quoted.
 */
#include "mail/auth_results.h"

#include <strings.h>

#include "base/attr.h"
#include "base/text.h"

#define COMMENTS_MAX 8 /* one inside the other */

static const struct {
	const char *name, *property;
} methods[] = {
	[MAIL_DKIM] = {"dkim", "header.d"},
	[MAIL_SPF] = {"spf", "smtp.mailfrom"},
	[MAIL_DMARC] = {"dmarc", "header.from"},
};

struct tokens {
	struct bytes rest;
	bool failed;
};

static bool is_space(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Past white space and comments. */
static void skip(struct tokens *in)
{
	int depth = 0;
	size_t at = 0;

	for (; at < in->rest.size; at++) {
		uint8_t c = in->rest.data[at];

		if (c == '\\' && depth > 0)
			at++;
		else if (c == '(')
			depth++;
		else if (c == ')' && depth > 0)
			depth--;
		else if (depth == 0 && !is_space(c))
			break;
		if (depth > COMMENTS_MAX)
			break;
	}
	in->failed = in->failed || depth > 0 || at > in->rest.size;
	if (at > in->rest.size)
		at = in->rest.size;
	in->rest = bytes_of(in->rest.data + at, in->rest.size - at);
}

static bool take(struct tokens *in, char mark)
{
	skip(in);
	if (in->failed || in->rest.size == 0 || in->rest.data[0] != (uint8_t)mark)
		return false;
	in->rest = bytes_of(in->rest.data + 1, in->rest.size - 1);
	return true;
}

/* Up to a mark, white space or a comment; or what stands in quotes. */
static struct bytes take_word(struct tokens *in)
{
	struct bytes word = {NULL, 0};
	size_t at = 0;

	skip(in);
	if (in->failed)
		return word;
	if (in->rest.size > 0 && in->rest.data[0] == '"') {
		const uint8_t *end = memchr(in->rest.data + 1, '"', in->rest.size - 1);

		in->failed = !end;
		if (!end)
			return word;
		word = bytes_of(in->rest.data + 1, (size_t)(end - in->rest.data) - 1);
		at = word.size + 2;
	} else {
		while (at < in->rest.size && !is_space(in->rest.data[at]) &&
			!memchr(";=(\"", in->rest.data[at], 4))
			at++;
		word = bytes_of(in->rest.data, at);
	}
	in->rest = bytes_of(in->rest.data + at, in->rest.size - at);
	return word;
}

static bool is_word(struct bytes word, const char *text)
{
	return word.size == strlen(text) &&
	       strncasecmp((const char *)word.data, text, word.size) == 0;
}

/* Of "user@domain" the domain, of "@domain" and "domain" as well. */
static struct bytes domain_of(struct arena *arena, struct bytes value)
{
	const uint8_t *at = value.size ? memrchr(value.data, '@', value.size) : NULL;

	if (at)
		value = bytes_of(at + 1, value.size - (size_t)(at + 1 - value.data));
	return bytes_from_str(text_lower(arena, value));
}

/* "method=result property=value …" up to the next semicolon. */
static void read_result(struct tokens *in, struct arena *arena, struct mail_auth *out, bool *known)
{
	struct bytes method = take_word(in), result;
	const uint8_t *version = method.size ? memchr(method.data, '/', method.size) : NULL;

	*known = false;
	*out = (struct mail_auth){0};
	if (version) /* "dkim/1" */
		method.size = (size_t)(version - method.data);
	for (size_t i = 0; i < ARRAY_LEN(methods); i++) {
		if (!is_word(method, methods[i].name))
			continue;
		out->method = (enum mail_method)i;
		*known = true;
	}
	if (!take(in, '='))
		return;
	result = take_word(in);
	out->pass = is_word(result, "pass");
	while (!in->failed) {
		struct bytes name, value;

		skip(in);
		if (in->rest.size == 0 || in->rest.data[0] == ';')
			break;
		name = take_word(in);
		if (!take(in, '=')) {
			if (name.size == 0)
				in->failed = true;
			continue;
		}
		value = take_word(in);
		if (*known && is_word(name, methods[out->method].property))
			out->domain = domain_of(arena, value);
	}
}

static void drop_method(struct mail *mail, enum mail_method method)
{
	for (size_t i = 0; i < mail->result_count; i++)
		if (mail->results[i].method == method)
			mail->results[i].pass = false;
}

static bool is_usable(struct bytes domain)
{
	char probe[MAIL_ADDRESS_MAX + 1] = "a@";

	if (domain.size == 0 || domain.size > MAIL_ADDRESS_MAX - 2)
		return false;
	memcpy(probe + 2, domain.data, domain.size);
	return mail_address_is_plain(bytes_of(probe, domain.size + 2));
}

void auth_results_read(struct bytes value, struct bytes authserv_id, struct arena *arena,
	struct mail *mail, unsigned *seen)
{
	struct tokens in = {.rest = value};
	struct bytes id = take_word(&in);
	unsigned here = 0;

	if (authserv_id.size == 0 || id.size != authserv_id.size ||
		strncasecmp((const char *)id.data, (const char *)authserv_id.data, id.size) != 0)
		return;
	(void)take_word(&in); /* the version, if there is one */
	while (take(&in, ';')) {
		struct mail_auth result;
		bool known;

		read_result(&in, arena, &result, &known);
		if (!known)
			continue;
		here |= 1u << result.method;
		if (result.pass && is_usable(result.domain) && !in.failed &&
			mail->result_count < MAIL_RESULTS_MAX)
			mail->results[mail->result_count++] = result;
	}
	for (int method = 0; method < MAIL_METHODS; method++)
		if (here & *seen & 1u << method)
			drop_method(mail, (enum mail_method)method);
	*seen |= here;
}
