/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. Texts go as base64: whatever is in them, the lines are short and plain. */
#include "desk/mail/mail_letter.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#include "base/text.h"

#define BASE64_LINE 76	      /* RFC 2045 6.8 */
#define ENCODED_WORD_BYTES 39 /* RFC 2047 2: a line of 76 characters with "Subject: " */
#define PLAIN_SUBJECT_MAX 200
#define BOUNCE_MAC_SIZE 8

/* ---- Marks ---- */

/* Digits from *at on; 0: none, or too many. */
static int64_t read_number(struct bytes text, size_t *at)
{
	int64_t value = 0;
	size_t from = *at;

	while (*at < text.size && text.data[*at] >= '0' && text.data[*at] <= '9') {
		if (*at - from == 18)
			return 0;
		value = value * 10 + (text.data[(*at)++] - '0');
	}
	return value;
}

static int64_t of_subject(struct bytes subject)
{
	for (size_t i = 0; i + 3 < subject.size; i++) {
		size_t at = i + 3;
		int64_t notice;

		if (memcmp(subject.data + i, "[N-", 3) != 0)
			continue;
		notice = read_number(subject, &at);
		if (notice && at < subject.size && subject.data[at] == ']')
			return notice;
	}
	return 0;
}

/* "n7", and then `end` or nothing. */
static int64_t of_mark(struct bytes text, char end)
{
	size_t at = 1;
	int64_t notice;

	if (text.size < 2 || text.data[0] != 'n')
		return 0;
	notice = read_number(text, &at);
	return end ? (at < text.size && text.data[at] == (uint8_t)end ? notice : 0)
		   : (at == text.size ? notice : 0);
}

int64_t mail_notice_of(const struct mail_settings *settings, struct bytes subject,
	struct bytes plus, struct bytes in_reply_to)
{
	const char *domain = strchr(settings->address, '@');
	size_t size = domain ? strlen(domain) : 0;
	int64_t notice = of_mark(plus, 0);

	if (!notice && size > 0 && in_reply_to.size > size &&
		memcmp(in_reply_to.data + in_reply_to.size - size, domain, size) == 0)
		notice = of_mark(in_reply_to, '.');
	return notice ? notice : of_subject(subject);
}

static void bounce_mac(const struct keybox *box, int64_t item, char out[2 * BOUNCE_MAC_SIZE + 1])
{
	uint8_t value[8], hash[KEYBOX_HASH_SIZE];

	store_u64le(value, (uint64_t)item);
	keybox_hash(box, "mail_bounce", bytes_of(value, sizeof(value)), hash);
	for (size_t i = 0; i < BOUNCE_MAC_SIZE; i++)
		snprintf(out + 2 * i, 3, "%02x", hash[i]);
}

char *mail_bounce_address(struct arena *arena, const struct mail_settings *settings,
	const struct keybox *box, int64_t item)
{
	const char *at = strchr(settings->address, '@');
	char mac[2 * BOUNCE_MAC_SIZE + 1];

	bounce_mac(box, item, mac);
	return arena_printf(arena, "%.*s+b%" PRId64 ".%s%s", (int)(at - settings->address),
		settings->address, item, mac, at);
}

int64_t mail_bounce_item(const struct keybox *box, struct bytes plus)
{
	char mac[2 * BOUNCE_MAC_SIZE + 1];
	size_t at = 1;
	int64_t item;

	if (plus.size < 2 || plus.data[0] != 'b')
		return 0;
	item = read_number(plus, &at);
	if (item == 0 || plus.size != at + sizeof(mac) || plus.data[at] != '.')
		return 0;
	bounce_mac(box, item, mac);
	return bytes_equal_secret(plus.data + at + 1, mac, sizeof(mac) - 1) ? item : 0;
}

/* ---- The letter ---- */

static void put_date(struct buf *out, int64_t at_s)
{
	char text[64];
	time_t at = at_s;
	struct tm parts;

	gmtime_r(&at, &parts);
	strftime(text, sizeof(text), "%a, %d %b %Y %H:%M:%S +0000", &parts);
	buf_printf(out, "Date: %s\r\n", text);
}

static bool is_plain(struct bytes text)
{
	for (size_t i = 0; i < text.size; i++)
		if (text.data[i] < ' ' || text.data[i] > '~')
			return false;
	return text.size <= PLAIN_SUBJECT_MAX &&
	       (text.size == 0 || !memmem(text.data, text.size, "=?", 2));
}

/* As encoded words if it is not plain, none of which ends within a character. */
static void put_subject(struct buf *out, struct arena *arena, struct bytes text)
{
	buf_append_str(out, "Subject:");
	if (is_plain(text)) {
		buf_printf(out, " %.*s\r\n", (int)text.size, (const char *)text.data);
		return;
	}
	while (text.size > 0) {
		size_t size = text.size < ENCODED_WORD_BYTES ? text.size : ENCODED_WORD_BYTES;

		while (size < text.size && size > 1 && (text.data[size] & 0xc0) == 0x80)
			size--;
		buf_printf(
			out, " =?utf-8?B?%s?=\r\n", text_base64(arena, bytes_of(text.data, size)));
		text = bytes_of(text.data + size, text.size - size);
	}
}

static void put_base64(struct buf *out, struct arena *arena, struct bytes text)
{
	for (const char *at = text_base64(arena, text); *at;) {
		size_t size = strnlen(at, BASE64_LINE);

		buf_printf(out, "%.*s\r\n", (int)size, at);
		at += size;
	}
}

/* Further lines of the head, each without its end. What could make another line of one is left
 * out. */
static void put_headers(struct buf *out, struct bytes headers)
{
	while (headers.size > 0) {
		const uint8_t *end = memchr(headers.data, '\n', headers.size);
		size_t size = end ? (size_t)(end - headers.data) : headers.size;
		struct bytes line = text_trim(bytes_of(headers.data, size));

		if (line.size && is_plain(line))
			buf_printf(out, "%.*s\r\n", (int)line.size, (const char *)line.data);
		size += end ? 1 : 0;
		headers = bytes_of(headers.data + size, headers.size - size);
	}
}

static void put_marks(struct buf *out, const struct mail_settings *settings, struct bytes subject,
	int64_t request)
{
	const char *at = strchr(settings->address, '@');
	int64_t notice = of_subject(subject);

	if (notice) {
		buf_printf(out, "Reply-To: <%.*s+n%" PRId64 "%s>\r\n",
			(int)(at - settings->address), settings->address, notice, at);
		buf_printf(
			out, "Message-ID: <n%" PRId64 ".%" PRId64 "%s>\r\n", notice, request, at);
	} else {
		buf_printf(out, "Message-ID: <%" PRId64 "%s>\r\n", request, at);
	}
}

void mail_letter_append(
	struct buf *out, const struct mail_settings *settings, const struct desk_outgoing *row)
{
	struct arena arena;

	arena_init(&arena);
	buf_printf(out, "From: <%s>\r\nTo: <%.*s>\r\n", settings->address, (int)row->address.size,
		(const char *)row->address.data);
	put_subject(out, &arena, row->subject);
	put_date(out, row->created_at);
	put_marks(out, settings, row->subject, row->request);
	put_headers(out, row->extra);
	/* RFC 3834: so that no holiday answers it. */
	buf_append_str(out, "Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"
			    "Content-Type: text/plain; charset=utf-8\r\n"
			    "Content-Transfer-Encoding: base64\r\n\r\n");
	put_base64(out, &arena, row->body);
	arena_release(&arena);
}
