/* SPDX-License-Identifier: Apache-2.0 */
#include "server/public_parts.h"

#include <stdio.h>
#include <time.h>

#include "base/text.h"
#include "server/public_text.h"

static struct bytes said(const struct public_page *page, enum word word,
	const struct word_value *values, size_t count)
{
	return words_say(page->call, page->language, word, values, count);
}

void public_word(const struct public_page *page, enum word word, struct buf *out)
{
	public_text_escape(said(page, word, NULL, 0), out);
}

/* As clients shorten: "999", "1.2K", "34K", "5.6M". */
static void shorten(int64_t count, char *out, size_t size)
{
	const int64_t unit = count >= 1000000 ? 1000000 : 1000;
	const char sign = unit == 1000000 ? 'M' : 'K';
	const int64_t whole = count / unit, tenth = count % unit * 10 / unit;

	if (count < 1000)
		snprintf(out, size, "%lld", (long long)count);
	else if (tenth && whole < 100)
		snprintf(out, size, "%lld.%lld%c", (long long)whole, (long long)tenth, sign);
	else
		snprintf(out, size, "%lld%c", (long long)whole, sign);
}

void public_counted(const struct public_page *page, enum word one, enum word many, int64_t count,
	struct buf *out)
{
	char text[32];
	const struct word_value value = {"count", {0}};
	struct word_value values[] = {value};

	shorten(count, text, sizeof(text));
	values[0].value = bytes_from_str(text);
	public_text_escape(said(page, count == 1 ? one : many, values, 1), out);
}

/* The nth of words that are separated by spaces. */
static struct bytes nth(struct bytes words, int n)
{
	size_t at = 0, start = 0;

	for (; at < words.size; at++) {
		if (words.data[at] != ' ')
			continue;
		if (n-- == 0)
			break;
		start = at + 1;
	}
	return n > 0 ? (struct bytes){0} : bytes_of(words.data + start, at - start);
}

void public_time(const struct public_page *page, int64_t date_s, struct buf *out)
{
	char day[8], year[8], clock[8];
	const time_t at = date_s;
	struct tm parts;

	gmtime_r(&at, &parts);
	snprintf(day, sizeof(day), "%d", parts.tm_mday);
	strftime(year, sizeof(year), "%Y", &parts);
	strftime(clock, sizeof(clock), "%H:%M", &parts);
	buf_printf(out, "<time datetime=\"%s\">", text_rfc3339(page->call->arena, date_s));
	public_text_escape(
		said(page, WORD_PAGE_TIME,
			(const struct word_value[]){
				{"day", bytes_from_str(day)},
				{"month", nth(said(page, WORD_PAGE_MONTHS, NULL, 0), parts.tm_mon)},
				{"year", bytes_from_str(year)},
				{"clock", bytes_from_str(clock)},
			},
			4),
		out);
	buf_append_str(out, "</time>");
}

void public_path(const struct public_page *page, int32_t post, struct buf *out)
{
	buf_append_str(out, "/s/");
	buf_append_bytes(out, page->channel->username);
	if (post)
		buf_printf(out, "/%d", post);
}

void public_app_link(const struct public_page *page, int32_t post, struct buf *out)
{
	buf_append_str(out, "tg://resolve?domain=");
	buf_append_bytes(out, page->channel->username);
	if (post)
		buf_printf(out, "&amp;post=%d", post);
}
