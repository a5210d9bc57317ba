/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. Links are those of https://core.telegram.org/api/links that name a public peer.
 */
#include "desk/cases/subject.h"

#include <strings.h>

#include "base/text.h"

#define POST_DIGITS_MAX 9 /* fits int32_t */
#define SEGMENTS_MAX 4

static bool is_letter(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

/* 4 to 32 of letters, digits, '_', first a letter. (Lontar gives out names from 5.) */
static bool name_parse(struct bytes text, struct subject *out)
{
	if (text.size < 4 || text.size > SUBJECT_NAME_MAX || !is_letter(text.data[0]))
		return false;
	for (size_t i = 0; i < text.size; i++) {
		uint8_t c = text.data[i];

		if (!is_letter(c) && !is_digit(c) && c != '_')
			return false;
		out->name[i] = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
	}
	out->name[text.size] = 0;
	return true;
}

static bool number_parse(struct bytes text, int32_t *out)
{
	if (text.size == 0 || text.size > POST_DIGITS_MAX || text.data[0] == '0')
		return false;
	*out = 0;
	for (size_t i = 0; i < text.size; i++) {
		if (!is_digit(text.data[i]))
			return false;
		*out = *out * 10 + (text.data[i] - '0');
	}
	return true;
}

static bool post_parse(struct bytes text, struct subject *out)
{
	return number_parse(text, &out->post);
}

/* "+62 812…", "0812…": a person's number is never public. */
static bool is_phone(struct bytes text)
{
	size_t digits = 0;

	for (size_t i = 0; i < text.size; i++) {
		uint8_t c = text.data[i];

		if (is_digit(c))
			digits++;
		else if (!(c == '+' && i == 0) && c != ' ' && c != '-' && c != '(' && c != ')')
			return false;
	}
	return digits >= 5;
}

static bool begins(struct bytes text, const char *with)
{
	size_t size = strlen(with);

	return text.size >= size && strncasecmp((const char *)text.data, with, size) == 0;
}

static struct bytes after(struct bytes text, size_t size)
{
	return bytes_of(text.data + size, text.size - size);
}

/* Up to the first of these; *text moves behind it. */
static struct bytes cut(struct bytes *text, const char *at)
{
	size_t i = 0;
	struct bytes piece;

	while (i < text->size && !(text->data[i] && strchr(at, text->data[i])))
		i++;
	piece = bytes_of(text->data, i);
	*text = after(*text, i < text->size ? i + 1 : i);
	return piece;
}

/* "comment=34" among what follows a post's link; false: there is one that is no number. */
static bool comment_parse(struct bytes query, struct subject *out)
{
	while (query.size > 0) {
		struct bytes value = cut(&query, "&#"), key = cut(&value, "=");

		if (bytes_equal_str(key, "comment") && !number_parse(value, &out->comment))
			return false;
	}
	return true;
}

static enum subject_kind at_parse(struct bytes text, struct subject *out)
{
	struct bytes name = cut(&text, "/");

	if (!name_parse(name, out))
		return is_phone(name) ? SUBJECT_PRIVATE : SUBJECT_UNCLEAR;
	return text.size == 0 || post_parse(text, out) ? SUBJECT_PUBLIC : SUBJECT_UNCLEAR;
}

/* tg://resolve?domain=name&post=12 */
static enum subject_kind tg_parse(struct bytes text, struct subject *out)
{
	struct bytes verb = cut(&text, "?#"), domain = {NULL, 0}, post = {NULL, 0},
		     comment = {NULL, 0};

	if (!bytes_equal_str(verb, "resolve") && !bytes_equal_str(verb, "resolve/"))
		return SUBJECT_PRIVATE; /* join, privatepost, user, openmessage, … */
	while (text.size > 0) {
		struct bytes value = cut(&text, "&#"), key = cut(&value, "=");

		if (bytes_equal_str(key, "phone"))
			return SUBJECT_PRIVATE;
		if (bytes_equal_str(key, "domain"))
			domain = value;
		if (bytes_equal_str(key, "post"))
			post = value;
		if (bytes_equal_str(key, "comment"))
			comment = value;
	}
	if (!domain.data || !name_parse(domain, out))
		return SUBJECT_UNCLEAR;
	if (comment.data && (!post.data || !number_parse(comment, &out->comment)))
		return SUBJECT_UNCLEAR;
	return !post.data || post_parse(post, out) ? SUBJECT_PUBLIC : SUBJECT_UNCLEAR;
}

/* Names that stand for something else at the place of a public name. */
static bool is_reserved(struct bytes segment)
{
	static const char *const words[] = {"joinchat", "addlist", "addstickers", "addemoji",
		"share", "login", "proxy", "socks", "invoice", "contact"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (segment.size == strlen(words[i]) && begins(segment, words[i]))
			return true;
	}
	return false;
}

/* What follows the host: name, name/12, s/name/12. */
static enum subject_kind path_parse(struct bytes path, struct subject *out)
{
	struct bytes segments[SEGMENTS_MAX], query = path;
	size_t count = 0, at = 0;

	path = cut(&query, "?#");
	while (path.size > 0) {
		struct bytes segment = cut(&path, "/");

		if (segment.size == 0)
			continue;
		if (count == SEGMENTS_MAX)
			return SUBJECT_UNCLEAR;
		segments[count++] = segment;
	}
	if (count > 1 && bytes_equal_str(segments[0], "s"))
		at++; /* the preview of a public channel */
	if (count == at)
		return SUBJECT_UNCLEAR;
	if (bytes_equal_str(segments[at], "c") || segments[at].data[0] == '+' ||
		is_reserved(segments[at]))
		return SUBJECT_PRIVATE;
	if (!name_parse(segments[at], out))
		return is_phone(segments[at]) ? SUBJECT_PRIVATE : SUBJECT_UNCLEAR;
	if (count == at + 1)
		return SUBJECT_PUBLIC;
	return count == at + 2 && post_parse(segments[at + 1], out) && comment_parse(query, out)
		       ? SUBJECT_PUBLIC
		       : SUBJECT_UNCLEAR;
}

enum subject_kind subject_parse(struct bytes text, struct subject *out)
{
	memset(out, 0, sizeof(*out));
	text = text_trim(text);
	if (text.size == 0 || text.size > SUBJECT_TEXT_MAX)
		return SUBJECT_UNCLEAR;
	if (text.data[0] == '@')
		return at_parse(after(text, 1), out);
	if (is_phone(text))
		return SUBJECT_PRIVATE;
	if (begins(text, "tg://"))
		return tg_parse(after(text, 5), out);
	if (begins(text, "https://"))
		text = after(text, 8);
	else if (begins(text, "http://"))
		text = after(text, 7);
	if (!memchr(text.data, '/', text.size))
		return SUBJECT_UNCLEAR; /* a host alone, or a bare word */
	cut(&text, "/");
	return path_parse(text, out);
}
