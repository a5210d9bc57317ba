/* SPDX-License-Identifier: Apache-2.0 */
/*
 * See the header. Only what is in the list: UTF-7 and its kind, in which a text looks harmless
 * until it is decoded, are none of ours, and each encoding is C code that a stranger's bytes go
 * through.
 */
#include "mail/charsets.h"

#include <errno.h>
#include <iconv.h>
#include <strings.h>

#include "base/attr.h"
#include "base/text.h"

static const char replacement[] = "\xef\xbf\xbd";

static struct {
	const char *name;
	iconv_t open;
} known[] = {
	{"ISO-8859-1", NULL},
	{"ISO-8859-2", NULL},
	{"ISO-8859-5", NULL},
	{"ISO-8859-7", NULL},
	{"ISO-8859-9", NULL},
	{"ISO-8859-15", NULL},
	{"WINDOWS-1250", NULL},
	{"WINDOWS-1251", NULL},
	{"WINDOWS-1252", NULL},
	{"WINDOWS-1254", NULL},
	{"WINDOWS-1256", NULL},
	{"KOI8-R", NULL},
	{"GB18030", NULL},
	{"BIG5", NULL},
	{"SHIFT_JIS", NULL},
	{"EUC-JP", NULL},
	{"ISO-2022-JP", NULL},
	{"EUC-KR", NULL},
};

/* What mails call the same. */
static const char *const aliases[][2] = {{"LATIN1", "ISO-8859-1"}, {"CP1250", "WINDOWS-1250"},
	{"CP1251", "WINDOWS-1251"}, {"CP1252", "WINDOWS-1252"}, {"GB2312", "GB18030"},
	{"GBK", "GB18030"}, {"KS_C_5601-1987", "EUC-KR"}};

int charsets_begin(struct err *err)
{
	for (size_t i = 0; i < ARRAY_LEN(known); i++) {
		known[i].open = iconv_open("UTF-8", known[i].name);
		if (known[i].open == (iconv_t)-1)
			return err_errno(err, "the C library has no %s", known[i].name);
	}
	return 0;
}

static void put_valid(struct bytes text, struct buf *out)
{
	size_t from = 0;

	while (from < text.size) {
		size_t good = 0, step = 0;

		/* As far as it is valid; then one byte that is not. Most texts are valid at once.
		 */
		if (text_is_utf8(bytes_of(text.data + from, text.size - from)))
			good = text.size - from;
		while (from + good < text.size) {
			for (step = 1; step <= 4 && from + good + step <= text.size; step++)
				if (text_is_utf8(bytes_of(text.data + from + good, step)))
					break;
			if (step > 4 || from + good + step > text.size)
				break;
			good += step;
		}
		buf_append(out, text.data + from, good);
		from += good;
		if (from < text.size) {
			buf_append_str(out, replacement);
			from++;
		}
		if (out->failed)
			return;
	}
}

static void convert(iconv_t from, struct bytes text, struct buf *out)
{
	char *in = (char *)(uintptr_t)text.data;
	size_t left = text.size;

	iconv(from, NULL, NULL, NULL, NULL);
	while (left > 0 && !out->failed) {
		char room[4096], *to = room;
		size_t free = sizeof(room), rc = iconv(from, &in, &left, &to, &free);

		buf_append(out, room, sizeof(room) - free);
		if (rc == (size_t)-1 && errno != E2BIG && left > 0) {
			buf_append_str(out, replacement);
			in++;
			left--;
		}
	}
}

static bool is_utf8_name(const char *name)
{
	return !name || !*name || strcasecmp(name, "utf-8") == 0 || strcasecmp(name, "utf8") == 0 ||
	       strcasecmp(name, "us-ascii") == 0 || strcasecmp(name, "ascii") == 0;
}

int charset_to_utf8(const char *name, struct bytes text, struct buf *out)
{
	if (is_utf8_name(name)) {
		put_valid(text, out);
		return 0;
	}
	for (size_t i = 0; i < ARRAY_LEN(aliases); i++)
		if (strcasecmp(aliases[i][0], name) == 0)
			name = aliases[i][1];
	for (size_t i = 0; i < ARRAY_LEN(known); i++) {
		if (strcasecmp(known[i].name, name) != 0 || !known[i].open)
			continue;
		convert(known[i].open, text, out);
		return 0;
	}
	return -1;
}
