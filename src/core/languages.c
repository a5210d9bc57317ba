/* SPDX-License-Identifier: Apache-2.0 */
/* Reading a file of a language pack, and looking things up. Files come from elsewhere: every length
 * is bounded, and whatever is not as it should be refuses the file as a whole. */
#include "core/languages.h"

#include <stdlib.h>

#include "base/text.h"

#define SPELLINGS 3 /* of a form's suffix: tdesktop, Android, iOS */

static const char *const suffixes[FORM_COUNT][SPELLINGS] = {
	[FORM_OTHER] = {"#other", "_other", "_any"},
	[FORM_ZERO] = {"#zero", "_zero", "_0"},
	[FORM_ONE] = {"#one", "_one", "_1"},
	[FORM_TWO] = {"#two", "_two", "_2"},
	[FORM_FEW] = {"#few", "_few", "_3_10"},
	[FORM_MANY] = {"#many", "_many", "_many"},
};

struct scan {
	struct arena *arena;
	struct bytes left;
	size_t line;
	struct err *err;
};

static int fail(struct scan *scan, const char *what)
{
	return err_set(scan->err, 0, "line %zu: %s", scan->line, what);
}

static void skip(struct scan *scan, size_t size)
{
	for (size_t i = 0; i < size; i++)
		scan->line += scan->left.data[i] == '\n';
	scan->left.data += size;
	scan->left.size -= size;
}

static bool begins(const struct scan *scan, const char *text)
{
	return scan->left.size >= strlen(text) && memcmp(scan->left.data, text, strlen(text)) == 0;
}

static int skip_past(struct scan *scan, const char *end)
{
	const uint8_t *at = memmem(scan->left.data, scan->left.size, end, strlen(end));

	if (!at)
		return fail(scan, "a comment does not end");
	skip(scan, (size_t)(at - scan->left.data) + strlen(end));
	return 0;
}

/* White space and comments. */
static int skip_blank(struct scan *scan)
{
	while (scan->left.size) {
		if (memchr(" \t\r\n", scan->left.data[0], 4)) {
			skip(scan, 1);
		} else if (begins(scan, "/*")) {
			skip(scan, 2);
			if (skip_past(scan, "*/") < 0)
				return -1;
		} else if (begins(scan, "//")) {
			const uint8_t *end = memchr(scan->left.data, '\n', scan->left.size);

			skip(scan, end ? (size_t)(end - scan->left.data) : scan->left.size);
		} else {
			break;
		}
	}
	return 0;
}

static int take_mark(struct scan *scan, char mark)
{
	if (skip_blank(scan) < 0)
		return -1;
	if (!scan->left.size || scan->left.data[0] != (uint8_t)mark)
		return fail(scan, "not \"key\" = \"value\";");
	skip(scan, 1);
	return 0;
}

/* UTF-8 of a code point of four hex digits; 0: it is none, or half of one. */
static size_t put_point(struct bytes digits, uint8_t *out)
{
	uint8_t pair[2];
	unsigned point;

	if (text_unhex(digits, pair, sizeof(pair)) < 0)
		return 0;
	point = (unsigned)pair[0] << 8 | pair[1];
	if (point == 0 || (point >= 0xd800 && point < 0xe000))
		return 0;
	if (point < 0x80) {
		out[0] = (uint8_t)point;
		return 1;
	}
	if (point < 0x800) {
		out[0] = (uint8_t)(0xc0 | point >> 6);
		out[1] = (uint8_t)(0x80 | (point & 0x3f));
		return 2;
	}
	out[0] = (uint8_t)(0xe0 | point >> 12);
	out[1] = (uint8_t)(0x80 | (point >> 6 & 0x3f));
	out[2] = (uint8_t)(0x80 | (point & 0x3f));
	return 3;
}

/* What an escape stands for: how many bytes of out; 0: it is none. *used counts those of the input
 * behind the backslash. */
static size_t put_escape(struct bytes in, uint8_t *out, size_t *used)
{
	static const char letters[] = "ntr\"\\'", values[] = "\n\t\r\"\\'";
	const char *at;

	*used = 1;
	if (in.size == 0)
		return 0;
	if ((in.data[0] == 'u' || in.data[0] == 'U') && in.size >= 5) {
		*used = 5;
		return put_point(bytes_of(in.data + 1, 4), out);
	}
	at = memchr(letters, in.data[0], sizeof(letters) - 1);
	if (!at)
		return 0;
	out[0] = (uint8_t)values[at - letters];
	return 1;
}

/* Never longer than it was. False: an escape that is none. */
static bool unescape(struct bytes in, uint8_t *out, size_t *size)
{
	*size = 0;
	while (in.size) {
		size_t used = 1, put = 1;

		if (in.data[0] == '\\') {
			put = put_escape(bytes_of(in.data + 1, in.size - 1), out + *size, &used);
			if (!put)
				return false;
			used++;
		} else {
			out[*size] = in.data[0];
		}
		*size += put;
		in.data += used;
		in.size -= used;
	}
	return true;
}

/* A text in quotes. */
static int take_text(struct scan *scan, size_t size_max, struct bytes *out)
{
	size_t end = 0, size;
	uint8_t *text;

	if (take_mark(scan, '"') < 0)
		return -1;
	while (end < scan->left.size && scan->left.data[end] != '"')
		end += scan->left.data[end] == '\\' ? 2 : 1;
	if (end >= scan->left.size)
		return fail(scan, "a text does not end");
	if (end > size_max)
		return fail(scan, "a text is too long");
	text = arena_alloc(scan->arena, end);
	if (!unescape(bytes_of(scan->left.data, end), text, &size))
		return fail(scan, "an escape that is none");
	*out = bytes_of(text, size);
	skip(scan, end + 1);
	return 0;
}

/* About the pack, not of it. Unknown ones are passed over: a newer Lontar may know them. */
static void note_about(struct language_pack *pack, struct bytes key, struct bytes value)
{
	if (bytes_equal_str(key, "@name"))
		pack->name = value;
	else if (bytes_equal_str(key, "@native_name"))
		pack->native_name = value;
	else if (bytes_equal_str(key, "@plural_code"))
		pack->plural_code = value;
	else if (bytes_equal_str(key, "@base"))
		pack->base = value;
	else if (bytes_equal_str(key, "@rtl"))
		pack->rtl = bytes_equal_str(value, "1");
}

static int take_line(struct scan *scan, struct language_pack *pack)
{
	struct language_string *string = &pack->strings[pack->count];
	struct bytes key, value;

	if (take_text(scan, LANGUAGE_KEY_MAX, &key) < 0 || take_mark(scan, '=') < 0 ||
		take_text(scan, LANGUAGE_VALUE_MAX, &value) < 0 || take_mark(scan, ';') < 0)
		return -1;
	if (key.size == 0)
		return fail(scan, "an empty key");
	if (key.data[0] == '@') {
		note_about(pack, key, value);
		return skip_blank(scan);
	}
	if (pack->count == LANGUAGE_STRINGS_MAX)
		return fail(scan, "too many texts");
	*string = (struct language_string){.key = key, .forms[FORM_OTHER] = value};
	pack->count++;
	return skip_blank(scan);
}

static int order_keys(struct bytes a, struct bytes b)
{
	size_t size = a.size < b.size ? a.size : b.size;
	int order = size ? memcmp(a.data, b.data, size) : 0;

	return order ? order : (a.size > b.size) - (a.size < b.size);
}

static int compare_strings(const void *a, const void *b)
{
	const struct language_string *x = a, *y = b;

	return order_keys(x->key, y->key);
}

static void sort_strings(struct language_pack *pack)
{
	if (pack->count)
		qsort(pack->strings, pack->count, sizeof(*pack->strings), compare_strings);
}

static bool has_twice(const struct language_pack *pack)
{
	for (size_t i = 1; i < pack->count; i++) {
		if (bytes_equal(pack->strings[i - 1].key, pack->strings[i].key))
			return true;
	}
	return false;
}

static bool ends_with(struct bytes key, const char *suffix)
{
	size_t size = strlen(suffix);

	return key.size > size && memcmp(key.data + key.size - size, suffix, size) == 0;
}

static struct language_string *find(const struct language_pack *pack, struct bytes key)
{
	const struct language_string wanted = {.key = key};

	if (!pack->count)
		return NULL;
	return bsearch(&wanted, pack->strings, pack->count, sizeof(wanted), compare_strings);
}

/* Gathers the forms of stem, spelled that way, into other; their own rows lose their text. */
static void gather_forms(struct arena *arena, struct language_pack *pack,
	struct language_string *other, struct bytes stem, size_t spelling)
{
	for (int form = FORM_OTHER + 1; form < FORM_COUNT; form++) {
		char *key = arena_printf(arena, "%.*s%s", (int)stem.size, (const char *)stem.data,
			suffixes[form][spelling]);
		struct language_string *row = find(pack, bytes_from_str(key));

		if (!row || row->plural || !row->forms[FORM_OTHER].data)
			continue;
		other->forms[form] = row->forms[FORM_OTHER];
		other->plural = true;
		row->forms[FORM_OTHER] = (struct bytes){0};
	}
}

/* key#one, key#other become one string of two forms. A key that merely ends like a form has no
 * other forms beside it, and stays. */
static void join_plurals(struct arena *arena, struct language_pack *pack)
{
	size_t kept = 0;

	for (size_t i = 0; i < pack->count; i++) {
		for (size_t spelling = 0; spelling < SPELLINGS; spelling++) {
			struct language_string *row = &pack->strings[i];
			const char *suffix = suffixes[FORM_OTHER][spelling];
			struct bytes stem = {row->key.data, row->key.size - strlen(suffix)};

			if (!row->plural && ends_with(row->key, suffix) && !find(pack, stem))
				gather_forms(arena, pack, row, stem, spelling);
		}
	}
	for (size_t i = 0; i < pack->count; i++) {
		struct language_string row = pack->strings[i];

		if (!row.forms[FORM_OTHER].data)
			continue;
		for (size_t spelling = 0; row.plural && spelling < SPELLINGS; spelling++) {
			const char *suffix = suffixes[FORM_OTHER][spelling];

			if (!ends_with(row.key, suffix))
				continue;
			row.key.size -= strlen(suffix);
			break;
		}
		pack->strings[kept++] = row;
	}
	pack->count = kept;
	sort_strings(pack);
}

/* What the file does not say about itself. */
static void fill_about(struct language_pack *pack)
{
	const uint8_t *dash =
		pack->code.size ? memchr(pack->code.data, '-', pack->code.size) : NULL;

	if (!pack->plural_code.size)
		pack->plural_code = bytes_of(
			pack->code.data, dash ? (size_t)(dash - pack->code.data) : pack->code.size);
	if (!pack->native_name.size)
		pack->native_name = pack->name.size ? pack->name : pack->code;
	if (!pack->name.size)
		pack->name = pack->native_name;
}

int language_file_parse(
	struct arena *arena, struct bytes text, struct language_pack *out, struct err *err)
{
	struct scan scan = {arena, text, 1, err};
	size_t room;

	if (text.size > LANGUAGE_FILE_MAX || !text_is_utf8(text))
		return err_set(err, 0, "not UTF-8, or more than %zu bytes", LANGUAGE_FILE_MAX);
	if (begins(&scan, "\xef\xbb\xbf"))
		skip(&scan, 3);
	/* No line is shorter than "k"="";. */
	room = text.size / 7 + 1;
	if (room > LANGUAGE_STRINGS_MAX + 1)
		room = LANGUAGE_STRINGS_MAX + 1;
	out->strings = arena_array(arena, room, sizeof(*out->strings));
	out->count = 0;
	if (skip_blank(&scan) < 0)
		return -1;
	while (scan.left.size) {
		if (take_line(&scan, out) < 0)
			return -1;
	}
	sort_strings(out);
	if (has_twice(out))
		return err_set(err, 0, "a key stands twice");
	join_plurals(arena, out);
	fill_about(out);
	return 0;
}

const struct language_pack *language_pack_find(
	const struct languages *languages, struct bytes client, struct bytes code)
{
	for (size_t i = 0; languages && i < languages->count; i++) {
		const struct language_pack *pack = &languages->packs[i];

		if (bytes_equal(pack->client, client) && bytes_equal(pack->code, code))
			return pack;
	}
	return NULL;
}

const struct language_string *language_string_find(
	const struct language_pack *pack, struct bytes key)
{
	return find(pack, key);
}
