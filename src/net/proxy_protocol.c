/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading a PROXY header (https://www.haproxy.org/download/2.9/doc/proxy-protocol.txt).
 *
 *	1:  "PROXY TCP4 192.0.2.7 192.0.2.1 51000 443\r\n", at most 107 bytes
 *	2:  signature(12) version,command(1) family,transport(1) length(2)
 *	    source(4|16) destination(4|16) ports(2+2) { type(1) length(2) value }
 */
#include "net/proxy_protocol.h"

#include <stdio.h>
#include <stdlib.h>

#define LINE_MAX_SIZE 107
#define LINE_WORDS 6
#define V2_HEADER 16
#define COMMAND_LOCAL 0x20
#define COMMAND_PROXY 0x21
#define FAMILY_UNSPEC 0x00
#define FAMILY_TCP4 0x11
#define FAMILY_TCP6 0x21
#define FAMILY_UNIX 0x31
#define UNIX_ADDRESSES 216
#define TLV_CRC32C 0x03

static const uint8_t signature[12] = "\r\n\r\n\0\r\nQUIT\n";

/* ---- Version 1 ---- */

static int read_port(const char *text)
{
	char *end;
	long port = strtol(text, &end, 10);

	/* No sign, no space, no leading zero: what two readers could take in two ways. */
	if (text[0] < '0' || text[0] > '9' || (text[0] == '0' && text[1]) || *end || port > 65535)
		return -1;
	return (int)port;
}

/* words: "PROXY", family, source, destination, source port, destination port. */
static enum proxy_result read_words(char *words[LINE_WORDS], struct proxy_header *out)
{
	bool ipv4 = strcmp(words[1], "TCP4") == 0;
	int port = read_port(words[4]);
	struct address to;

	if (!ipv4 && strcmp(words[1], "TCP6") != 0)
		return PROXY_BAD;
	if (port < 0 || read_port(words[5]) < 0 || !strchr(words[2], ':') != ipv4 ||
		!strchr(words[3], ':') != ipv4)
		return PROXY_BAD;
	if (address_parse(&out->source, words[2], (uint16_t)port, NULL) < 0 ||
		address_parse(&to, words[3], 0, NULL) < 0)
		return PROXY_BAD;
	out->has_source = true;
	return PROXY_READ;
}

static enum proxy_result read_line(struct bytes line, struct proxy_header *out)
{
	char text[LINE_MAX_SIZE + 1], *words[LINE_WORDS], *at = text;
	size_t count = 0;

	if (memchr(line.data, 0, line.size))
		return PROXY_BAD;
	memcpy(text, line.data, line.size);
	text[line.size] = 0;
	/* Whatever follows it means nothing. */
	if (strcmp(text, "PROXY UNKNOWN") == 0 || strncmp(text, "PROXY UNKNOWN ", 14) == 0)
		return PROXY_READ;
	while (at && count < LINE_WORDS) {
		words[count++] = at;
		at = strchr(at, ' ');
		if (at)
			*at++ = 0;
	}
	return count == LINE_WORDS && !at ? read_words(words, out) : PROXY_BAD;
}

static enum proxy_result read_v1(struct bytes in, struct proxy_header *out)
{
	size_t most = in.size < LINE_MAX_SIZE ? in.size : LINE_MAX_SIZE;
	const uint8_t *end = memchr(in.data, '\n', most);
	size_t size;

	if (!end)
		return in.size < LINE_MAX_SIZE ? PROXY_MORE : PROXY_BAD;
	size = (size_t)(end - in.data) + 1;
	if (size < 2 || in.data[size - 2] != '\r')
		return PROXY_BAD;
	out->size = size;
	return read_line(bytes_of(in.data, size - 2), out);
}

/* ---- Version 2 ---- */

static size_t load_u16be(const uint8_t *p)
{
	return (size_t)p[0] << 8 | p[1];
}

static uint32_t crc32c_add(uint32_t crc, uint8_t byte)
{
	crc ^= byte;
	for (int i = 0; i < 8; i++)
		crc = crc >> 1 ^ (crc & 1 ? 0x82f63b78 : 0);
	return crc;
}

/* Over the whole header, with the four bytes at sum_at as zeros. */
static bool sum_is_right(struct bytes header, size_t sum_at)
{
	const uint8_t *sum = header.data + sum_at;
	uint32_t want = (uint32_t)load_u16be(sum) << 16 | (uint32_t)load_u16be(sum + 2);
	uint32_t crc = UINT32_MAX;

	for (size_t i = 0; i < header.size; i++)
		crc = crc32c_add(crc, i - sum_at < 4 ? 0 : header.data[i]);
	return (crc ^ UINT32_MAX) == want;
}

/* Skips what balancers add, but heeds a checksum. */
static bool extras_are_right(struct bytes header, size_t at)
{
	while (at < header.size) {
		size_t size;

		if (header.size - at < 3)
			return false;
		size = load_u16be(header.data + at + 1);
		if (size > header.size - at - 3)
			return false;
		if (header.data[at] == TLV_CRC32C && (size != 4 || !sum_is_right(header, at + 3)))
			return false;
		at += 3 + size;
	}
	return true;
}

static enum proxy_result read_addresses(struct bytes header, struct proxy_header *out)
{
	const uint8_t *at = header.data + V2_HEADER;
	size_t ip_size, addresses;

	switch (header.data[13]) {
	case FAMILY_UNSPEC:
		return PROXY_READ; /* what follows has no known form */
	case FAMILY_TCP4:
	case FAMILY_TCP6:
		ip_size = header.data[13] == FAMILY_TCP4 ? 4 : 16;
		addresses = 2 * ip_size + 4;
		break;
	case FAMILY_UNIX:
		ip_size = 0;
		addresses = UNIX_ADDRESSES;
		break;
	default:
		return PROXY_BAD;
	}
	if (header.size < V2_HEADER + addresses || !extras_are_right(header, V2_HEADER + addresses))
		return PROXY_BAD;
	out->has_source = ip_size > 0;
	if (ip_size)
		address_from_ip(&out->source, at, ip_size, (uint16_t)load_u16be(at + 2 * ip_size));
	return PROXY_READ;
}

static enum proxy_result read_v2(struct bytes in, struct proxy_header *out)
{
	if (in.size < V2_HEADER)
		return PROXY_MORE;
	out->size = V2_HEADER + load_u16be(in.data + 14);
	if (out->size > PROXY_HEADER_MAX)
		return PROXY_BAD;
	if (in.data[12] != COMMAND_LOCAL && in.data[12] != COMMAND_PROXY)
		return PROXY_BAD;
	if (in.size < out->size)
		return PROXY_MORE;
	/* LOCAL, e.g. a health check: all that the header holds is to be ignored. */
	if (in.data[12] == COMMAND_LOCAL)
		return PROXY_READ;
	return read_addresses(bytes_of(in.data, out->size), out);
}

static bool begins(struct bytes in, const void *with, size_t size)
{
	return in.size && memcmp(in.data, with, in.size < size ? in.size : size) == 0;
}

enum proxy_result proxy_header_read(struct bytes in, struct proxy_header *out)
{
	*out = (struct proxy_header){0};
	if (in.size == 0)
		return PROXY_MORE;
	if (begins(in, signature, sizeof(signature)))
		return read_v2(in, out);
	if (begins(in, "PROXY ", 6))
		return read_v1(in, out);
	return PROXY_BAD;
}
