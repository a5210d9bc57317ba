/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Finds what stock clients expect the server to find in text: links, e-mail addresses, mentions,
 * hashtags, cashtags and bot commands. One pass; each character is looked at a bounded number of
 * times. https://core.telegram.org/api/entities
 */
#include "core/messages/entities.h"

#include <stdlib.h>
#include <strings.h>

#include "base/text.h"

#define NAME_MIN 3 /* of a mention */
#define NAME_MAX 32
#define HASHTAG_MAX 256
#define CASHTAG_MAX 8
#define COMMAND_MAX 64
#define MAIL_NAME_MAX 64
#define HOST_MAX 253
#define TLD_MAX 24
#define URL_TAIL_MAX 64 /* characters taken off the end of a link: bounds the work on ")))))" */

struct finder {
	const uint8_t *text;
	size_t size;
	struct entity *entities;
	size_t *count;
	size_t fixed; /* entities that were there before */
};

/* Top-level domains that make a link of a bare host name: those of countries, then others that are
 * in wide use. A host after "https://" needs none of them. */
static const char tlds[] =
	" ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br"
	" bs bt bw by bz ca cc cd cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz"
	" ec ee eg er es et eu fi fj fk fm fo fr ga gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw"
	" gy hk hm hn hr ht hu id ie il im in io iq ir is it je jm jo jp ke kg kh ki km kn kp kr kw"
	" ky kz la lb lc li lk lr ls lt lu lv ly ma mc md me mg mh mk ml mm mn mo mp mq mr ms mt mu"
	" mv mw mx my mz na nc ne nf ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt"
	" pw py qa re ro rs ru rw sa sb sc sd se sg sh si sk sl sm sn so sr ss st su sv sx sy sz tc"
	" td tf tg th tj tk tl tm tn to tr tt tv tw tz ua ug uk us uy uz va vc ve vg vi vn vu wf ws"
	" ye yt za zm zw aero app art asia bank biz blog cafe cat center chat city cloud club code"
	" com community company coop design dev digital edu email finance foundation fun fund game"
	" games global gov group health help host info institute int international jobs law life"
	" link live mail media mil mobi museum name net network news ngo one ong online org page"
	" party photos post press pro school science services shop site social software solutions"
	" space store studio support systems team tech tel today tools top travel university video"
	" vip website wiki work world xyz zone ";

static uint32_t character_at(const struct finder *f, size_t at)
{
	const uint8_t *p = f->text + at;

	if (p[0] < 0x80)
		return p[0];
	if (p[0] < 0xe0)
		return (p[0] & 0x1fu) << 6 | (p[1] & 0x3fu);
	if (p[0] < 0xf0)
		return (p[0] & 0x0fu) << 12 | (p[1] & 0x3fu) << 6 | (p[2] & 0x3fu);
	return (p[0] & 0x07u) << 18 | (p[1] & 0x3fu) << 12 | (p[2] & 0x3fu) << 6 | (p[3] & 0x3fu);
}

static size_t character_size(uint8_t lead)
{
	return lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

static bool is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

static bool is_ascii_letter(uint8_t c)
{
	return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

static bool is_name(uint8_t c)
{
	return is_ascii_letter(c) || is_digit(c) || c == '_';
}

/* c is one of the ASCII characters in set; never the NUL at its end. */
static bool is_of(uint32_t c, const char *set)
{
	return c && c < 0x80 && strchr(set, (int)c);
}

/* Letters, digits and marks of any script: all but the blocks of punctuation, symbols, emoji. */
static bool is_word(uint32_t c)
{
	if (c < 0x80)
		return is_name((uint8_t)c);
	if (c < 0xc0)
		return c == 0xaa || c == 0xb5 || c == 0xb7 || c == 0xba;
	return c != 0xd7 && c != 0xf7 && !(c >= 0x2000 && c <= 0x2bff && c != 0x200c) &&
	       !(c >= 0x2e00 && c <= 0x2e7f) && !(c >= 0x3000 && c <= 0x303f && c != 0x3005) &&
	       !(c >= 0xe000 && c <= 0xf8ff) && !(c >= 0xfe00 && c <= 0xfe0f) &&
	       !(c >= 0xfe30 && c <= 0xfe4f) && !(c >= 0xff00 && c <= 0xff0f) &&
	       !(c >= 0x1f000 && c <= 0x1faff) && c < 0xe0000;
}

/* The character before at; a space at the start. */
static uint32_t before(const struct finder *f, size_t at)
{
	if (at == 0)
		return ' ';
	do
		at--;
	while ((f->text[at] & 0xc0) == 0x80);
	return character_at(f, at);
}

static uint32_t after(const struct finder *f, size_t at)
{
	return at < f->size ? character_at(f, at) : ' ';
}

/* False: it would overlap something that stands for itself. */
static bool found(struct finder *f, enum entity_kind kind, size_t from, size_t to)
{
	struct entity e = {.kind = kind};

	if (*f->count == ENTITIES_MAX)
		return false;
	e.offset = (int32_t)text_utf16_length(bytes_of(f->text, from));
	e.length = (int32_t)text_utf16_length(bytes_of(f->text + from, to - from));
	for (size_t i = 0; i < f->fixed; i++) {
		const struct entity *o = &f->entities[i];
		bool apart = e.offset >= o->offset + o->length || o->offset >= e.offset + e.length;

		if (!apart && (o->kind == ENTITY_CODE || o->kind == ENTITY_PRE ||
				      o->kind == ENTITY_TEXT_URL || o->kind == ENTITY_MENTION_NAME))
			return false;
	}
	f->entities[(*f->count)++] = e;
	return true;
}

/* End of [A-Za-z0-9_]{min,max} from at; 0 when it isn't there or goes on in another script. */
static size_t name_end(const struct finder *f, size_t at, size_t min, size_t max)
{
	size_t end = at;

	while (end < f->size && is_name(f->text[end]))
		end++;
	return end - at < min || end - at > max || is_word(after(f, end)) ? 0 : end;
}

static size_t find_mention(struct finder *f, size_t at)
{
	size_t end = name_end(f, at + 1, NAME_MIN, NAME_MAX);

	if (!end || is_word(before(f, at)) || after(f, end) == '@' ||
		!found(f, ENTITY_MENTION, at, end))
		return 0;
	return end;
}

static size_t find_hashtag(struct finder *f, size_t at)
{
	size_t end = at + 1, characters = 0;
	bool only_digits = true;
	uint32_t left = before(f, at);

	while (end < f->size && characters <= HASHTAG_MAX && is_word(character_at(f, end))) {
		only_digits = only_digits && is_digit(f->text[end]);
		end += character_size(f->text[end]);
		characters++;
	}
	if (!characters || characters > HASHTAG_MAX || only_digits || is_word(left) ||
		left == '/' || left == '#' || after(f, end) == '#' ||
		!found(f, ENTITY_HASHTAG, at, end))
		return 0;
	return end;
}

static size_t find_cashtag(struct finder *f, size_t at)
{
	size_t end = at + 1;

	while (end < f->size && f->text[end] >= 'A' && f->text[end] <= 'Z')
		end++;
	if (end == at + 1 || end - at - 1 > CASHTAG_MAX || is_word(before(f, at)) ||
		is_word(after(f, end)) || !found(f, ENTITY_CASHTAG, at, end))
		return 0;
	return end;
}

static size_t find_command(struct finder *f, size_t at)
{
	size_t end = name_end(f, at + 1, 1, COMMAND_MAX), bot;
	uint32_t left = before(f, at);

	if (end && after(f, end) == '@' && (bot = name_end(f, end + 1, NAME_MIN, NAME_MAX)))
		end = bot;
	if (!end || is_word(left) || left == '/' || left == '<' || left == '>' || left == '.' ||
		left == ':' || after(f, end) == '/' || after(f, end) == '<' ||
		!found(f, ENTITY_BOT_COMMAND, at, end))
		return 0;
	return end;
}

static bool is_tld(const uint8_t *label, size_t size)
{
	char key[TLD_MAX + 3];

	if (size < 2 || size > TLD_MAX)
		return false;
	key[0] = ' ';
	for (size_t i = 0; i < size; i++) {
		if (!is_ascii_letter(label[i]))
			return false;
		key[i + 1] = (char)(label[i] | 0x20);
	}
	key[size + 1] = ' ';
	key[size + 2] = 0;
	return strstr(tlds, key) != NULL;
}

/* End of a host name from at: labels of letters, digits and hyphens, a dot between them, at least
 * two; 0 when there is none. known: the last must be a top-level domain we know. */
static size_t host_end(const struct finder *f, size_t at, bool known)
{
	size_t end = at, label = at, dots = 0;

	while (end < f->size && end - at <= HOST_MAX) {
		uint32_t c = character_at(f, end);

		if (c == '.' && end > label && is_word(after(f, end + 1))) {
			dots++;
			label = ++end;
		} else if (c == '-' ? end > label : is_word(c)) {
			end += character_size(f->text[end]);
		} else {
			break;
		}
	}
	if (!dots || end - at > HOST_MAX || f->text[end - 1] == '-' ||
		(known && !is_tld(f->text + label, end - label)))
		return 0;
	return end;
}

/* A closing bracket belongs to a link only when it was opened in it. */
static bool closes_nothing(const struct finder *f, size_t from, size_t last)
{
	uint8_t close = f->text[last], open = close == ')' ? '(' : close == ']' ? '[' : '{';
	int depth = 0;

	for (size_t i = from; i < last; i++)
		depth += f->text[i] == open ? 1 : f->text[i] == close ? -1 : 0;
	return depth <= 0;
}

/* From the end of the host over port, path, query and fragment. */
static size_t url_end(const struct finder *f, size_t from, size_t end)
{
	size_t port = end;

	if (after(f, end) == ':') {
		for (port = end + 1; port < f->size && is_digit(f->text[port]);)
			port++;
		end = port > end + 1 && port - end <= 6 ? port : end;
	}
	if (end == f->size || !is_of(f->text[end], "/?#"))
		return end;
	while (end < f->size) {
		uint32_t c = character_at(f, end);

		if (c <= 0x20 || is_of(c, "<>\"`") || c == 0xa0 || c == 0xab || c == 0xbb ||
			(c >= 0x2000 && c <= 0x206f))
			break;
		end += character_size(f->text[end]);
	}
	for (int cut = 0; cut < URL_TAIL_MAX; cut++) {
		uint8_t c = f->text[end - 1];

		if (!is_of(c, ".,;:!?'") && !(is_of(c, ")]}") && closes_nothing(f, from, end - 1)))
			break;
		end--;
	}
	return end;
}

static size_t scheme_size(const struct finder *f, size_t at)
{
	static const char *const schemes[] = {"http://", "https://", "ftp://", "tg://", "ton://"};

	for (size_t i = 0; i < ARRAY_LEN(schemes); i++) {
		size_t size = strlen(schemes[i]);

		if (f->size - at > size &&
			strncasecmp((const char *)f->text + at, schemes[i], size) == 0)
			return size;
	}
	return 0;
}

static size_t find_mail(struct finder *f, size_t at)
{
	size_t sign = at, end;

	while (sign < f->size && sign - at <= MAIL_NAME_MAX &&
		(is_name(f->text[sign]) || is_of(f->text[sign], ".%+-")))
		sign++;
	if (sign == at || sign - at > MAIL_NAME_MAX || after(f, sign) != '@' ||
		f->text[sign - 1] == '.')
		return 0;
	end = host_end(f, sign + 1, true);
	return end && found(f, ENTITY_EMAIL, at, end) ? end : 0;
}

static size_t find_link(struct finder *f, size_t at)
{
	size_t scheme = scheme_size(f, at), end;

	if (scheme) {
		/* tg://resolve?domain=… has no dot in it. */
		bool own = f->text[at] == 't' || f->text[at] == 'T';

		end = own ? at + scheme : host_end(f, at + scheme, false);
		while (own && end < f->size && is_name(f->text[end]))
			end++;
		if (end <= at + scheme)
			return 0;
	} else {
		end = find_mail(f, at);
		if (end)
			return end;
		end = host_end(f, at, true);
		if (!end || after(f, end) == '@')
			return 0;
	}
	end = url_end(f, at, end);
	return found(f, ENTITY_URL, at, end) ? end : 0;
}

/* What may begin at this character; its end, or 0. */
static size_t find_at(struct finder *f, size_t at)
{
	uint32_t c = character_at(f, at), left;

	switch (c) {
	case '@':
		return find_mention(f, at);
	case '#':
		return find_hashtag(f, at);
	case '$':
		return find_cashtag(f, at);
	case '/':
		return find_command(f, at);
	default:
		left = before(f, at);
		if (!is_word(c) || is_word(left) || is_of(left, ".-@/"))
			return 0;
		return find_link(f, at);
	}
}

void entities_find(struct bytes text, struct entity *entities, size_t *count)
{
	struct finder f = {.text = text.data,
		.size = text.size,
		.entities = entities,
		.count = count,
		.fixed = *count};
	size_t at = 0;

	while (at < f.size) {
		size_t end = find_at(&f, at);

		at = end ? end : at + character_size(f.text[at]);
	}
	entities_sort(entities, *count);
}
