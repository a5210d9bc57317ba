/* SPDX-License-Identifier: Apache-2.0 */
/* Owns encodings of text. Does not own words and languages: search and moderation have those. */
#include "base/text.h"

#include <time.h>

/* Bytes of the UTF-8 sequence at p (1 to 4), or 0: overlong, surrogate, beyond U+10FFFF or cut. */
static size_t utf8_sequence(const uint8_t *p, size_t left)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	size_t size = p[0] < 0x80 ? 1 : p[0] < 0xc0 ? 0 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
	uint32_t code;

	if (size == 1)
		return 1;
	if (size == 0 || p[0] > 0xf4 || size > left)
		return 0;
	code = p[0] & (0x7fu >> size);
	for (size_t i = 1; i < size; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (p[i] & 0x3f);
	}
	if (code < least[size] || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
		return 0;
	return size;
}

bool text_is_utf8(struct bytes text)
{
	for (size_t i = 0; i < text.size;) {
		size_t size = utf8_sequence(text.data + i, text.size - i);

		if (!size)
			return false;
		i += size;
	}
	return true;
}

size_t text_utf16_length(struct bytes text)
{
	size_t units = 0;

	for (size_t i = 0; i < text.size; i++) {
		if ((text.data[i] & 0xc0) != 0x80)
			units += text.data[i] >= 0xf0 ? 2 : 1;
	}
	return units;
}

static bool is_space(uint8_t c)
{
	return c <= 0x20 || c == 0x7f;
}

struct bytes text_trim(struct bytes text)
{
	const uint8_t *p = text.data;
	size_t size = text.size;

	for (;;) {
		size_t step = size && is_space(p[0]) ? 1 : 0;

		if (size >= 2 && p[0] == 0xc2 && p[1] == 0xa0)
			step = 2;
		if (!step)
			break;
		p += step;
		size -= step;
	}
	for (;;) {
		size_t step = size && is_space(p[size - 1]) ? 1 : 0;

		if (size >= 2 && p[size - 2] == 0xc2 && p[size - 1] == 0xa0)
			step = 2;
		if (!step)
			break;
		size -= step;
	}
	return bytes_of(p, size);
}

struct bytes text_line_next(struct bytes *rest)
{
	const uint8_t *end = rest->size ? memchr(rest->data, '\n', rest->size) : NULL;
	struct bytes line = {NULL, 0};

	if (!end)
		return line;
	line = bytes_of(rest->data, (size_t)(end - rest->data));
	rest->data += line.size + 1;
	rest->size -= line.size + 1;
	return line;
}

char *text_lower(struct arena *arena, struct bytes text)
{
	char *lower = arena_str(arena, text);

	for (size_t i = 0; i < text.size; i++) {
		if (lower[i] >= 'A' && lower[i] <= 'Z')
			lower[i] = (char)(lower[i] + 'a' - 'A');
	}
	return lower;
}

char *text_hex(struct arena *arena, struct bytes data)
{
	char *hex = arena_alloc(arena, data.size * 2 + 1);

	for (size_t i = 0; i < data.size; i++) {
		hex[2 * i] = "0123456789abcdef"[data.data[i] >> 4];
		hex[2 * i + 1] = "0123456789abcdef"[data.data[i] & 15];
	}
	return hex;
}

static int hex_digit(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

int text_unhex(struct bytes text, uint8_t *out, size_t size)
{
	if (text.size != 2 * size)
		return -1;
	for (size_t i = 0; i < size; i++) {
		int high = hex_digit(text.data[2 * i]), low = hex_digit(text.data[2 * i + 1]);

		if (high < 0 || low < 0)
			return -1;
		out[i] = (uint8_t)(high << 4 | low);
	}
	return 0;
}

static char *encode_base64(struct arena *arena, struct bytes data, const char *tail, bool padded)
{
	static const char head[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
	char *text = arena_alloc(arena, data.size / 3 * 4 + 5), *at = text;

	for (size_t i = 0; i < data.size; i += 3) {
		size_t have = data.size - i < 3 ? data.size - i : 3;
		uint32_t bits = (uint32_t)data.data[i] << 16;

		if (have > 1)
			bits |= (uint32_t)data.data[i + 1] << 8;
		if (have > 2)
			bits |= data.data[i + 2];
		for (size_t k = 0; k < 4; k++) {
			uint32_t digit = bits >> (18 - 6 * k) & 63;

			if (k <= have)
				*at++ = digit < 62 ? head[digit] : tail[digit - 62];
			else if (padded)
				*at++ = '=';
		}
	}
	return text;
}

char *text_base64(struct arena *arena, struct bytes data)
{
	return encode_base64(arena, data, "+/", true);
}

char *text_base64url(struct arena *arena, struct bytes data)
{
	return encode_base64(arena, data, "-_", false);
}

static int base64_digit(uint8_t c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '+' || c == '-')
		return 62;
	return c == '/' || c == '_' ? 63 : -1;
}

/* Padding may be there or not; one text has one meaning: stray bits at the end are refused. */
int text_unbase64(struct arena *arena, struct bytes text, struct bytes *out)
{
	size_t size = text.size, have = 0;
	uint32_t bits = 0;
	unsigned pending = 0;
	uint8_t *data;

	if (size % 4 == 0 && size && text.data[size - 1] == '=')
		size -= text.data[size - 2] == '=' ? 2 : 1;
	if (size % 4 == 1)
		return -1;
	data = arena_alloc(arena, size / 4 * 3 + 3);
	for (size_t i = 0; i < size; i++) {
		int digit = base64_digit(text.data[i]);

		if (digit < 0)
			return -1;
		bits = bits << 6 | (uint32_t)digit;
		pending += 6;
		if (pending >= 8) {
			pending -= 8;
			data[have++] = (uint8_t)(bits >> pending);
		}
	}
	if (bits & ((1u << pending) - 1))
		return -1;
	*out = bytes_of(data, have);
	return 0;
}

char *text_rfc3339(struct arena *arena, int64_t unix_s)
{
	const int64_t year_0 = -62167219200,
		      year_9999_end = 253402300799; /* the form has four digits */
	time_t t = unix_s < year_0 ? year_0 : unix_s > year_9999_end ? year_9999_end : unix_s;
	struct tm tm = {0};

	gmtime_r(&t, &tm);
	return arena_printf(arena, "%04d-%02d-%02dT%02d:%02d:%02dZ", tm.tm_year + 1900,
		tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
}
