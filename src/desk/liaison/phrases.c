/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "desk/liaison/phrases.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/text.h"
#include "desk/embedded.h"

#define HEAD_MAX 64

const char *phrase_language(struct bytes wanted)
{
	bool indonesian = wanted.size >= 2 && memcmp(wanted.data, "id", 2) == 0 &&
			  (wanted.size == 2 || wanted.data[2] == '-' || wanted.data[2] == ',');

	return indonesian ? "id" : "en";
}

/* The text between its head and the empty line before the next; absent: there is none. */
static struct bytes find(const char *language, const char *name)
{
	char head[HEAD_MAX];
	const char *text, *end;

	snprintf(head, sizeof(head), "\n[%s.%s]\n", name, language);
	text = strstr(bot_phrases, head);
	if (!text)
		return bytes_of(NULL, 0);
	text += strlen(head);
	end = strstr(text, "\n\n[");
	return text_trim(bytes_of(text, end ? (size_t)(end - text) : strlen(text)));
}

bool phrase_is_there(const char *language, const char *name)
{
	return find(language, name).size > 0;
}

char *phrase(
	struct arena *arena, const char *language, const char *name, const struct sop_value *values)
{
	static const struct sop_value none[] = {{NULL, NULL}};
	struct bytes text = find(language, name);

	assert(text.size > 0);
	return sop_fill(arena, arena_str(arena, text), values ? values : none);
}

/* Indonesia has three zones without summer time; most live in the first. */
static int64_t offset_of(struct bytes country)
{
	return bytes_equal_str(country, "ID") ? 7 * 3600 : 0;
}

char *phrase_time(struct arena *arena, const char *language, struct bytes country, int64_t unix_s)
{
	static const char *const days[2][7] = {
		{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
		{"Minggu", "Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu"}};
	static const char *const months[2][12] = {
		{"January", "February", "March", "April", "May", "June", "July", "August",
			"September", "October", "November", "December"},
		{"Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus",
			"September", "Oktober", "November", "Desember"}};
	int64_t offset = offset_of(country);
	time_t local = (time_t)(unix_s + offset);
	bool indonesian = strcmp(language, "id") == 0;
	struct tm tm;

	gmtime_r(&local, &tm);
	return arena_printf(arena, "%s %d %s %d, %02d%c%02d %s", days[indonesian][tm.tm_wday],
		tm.tm_mday, months[indonesian][tm.tm_mon], tm.tm_year + 1900, tm.tm_hour,
		indonesian ? '.' : ':', tm.tm_min, offset ? "WIB (UTC+7)" : "UTC");
}
