/* SPDX-License-Identifier: Apache-2.0 */
/* Numeric addresses: text, struct sockaddr and back. No sockets. */
#include "net/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/map.h"

static const uint8_t mapped_prefix[12] = {[10] = 0xff, [11] = 0xff};

static void set_ipv4(struct address *out, const void *ip)
{
	memcpy(out->ip, mapped_prefix, 12);
	memcpy(out->ip + 12, ip, 4);
}

int address_parse(struct address *out, const char *host, uint16_t port, struct err *err)
{
	uint8_t ip[16];

	out->port = port;
	if (inet_pton(AF_INET, host, ip) == 1)
		set_ipv4(out, ip);
	else if (inet_pton(AF_INET6, host, ip) == 1)
		memcpy(out->ip, ip, 16);
	else
		return err_set(err, 0, "\"%.60s\" is not a numeric IPv4 or IPv6 address", host);
	return 0;
}

void address_format(const struct address *address, char out[ADDRESS_TEXT_MAX])
{
	char text[INET6_ADDRSTRLEN];

	if (address_is_ipv4(address)) {
		inet_ntop(AF_INET, address->ip + 12, text, sizeof(text));
		snprintf(out, ADDRESS_TEXT_MAX, "%s:%u", text, address->port);
	} else {
		inet_ntop(AF_INET6, address->ip, text, sizeof(text));
		snprintf(out, ADDRESS_TEXT_MAX, "[%s]:%u", text, address->port);
	}
}

bool address_is_ipv4(const struct address *address)
{
	return memcmp(address->ip, mapped_prefix, 12) == 0;
}

bool address_is_loopback(const struct address *address)
{
	static const uint8_t one[16] = {[15] = 1};

	if (address_is_ipv4(address))
		return address->ip[12] == 127;
	return memcmp(address->ip, one, 16) == 0;
}

void address_from_ip(struct address *out, const uint8_t *ip, size_t size, uint16_t port)
{
	if (size == 4)
		set_ipv4(out, ip);
	else
		memcpy(out->ip, ip, 16);
	out->port = port;
}

bool address_is_localhost(const struct address *address)
{
	return address_is_loopback(address) && address->ip[15] == 1 &&
	       (!address_is_ipv4(address) || (address->ip[13] == 0 && address->ip[14] == 0));
}

uint64_t address_id(const struct address *address)
{
	uint64_t subnet = load_u64le(address->ip), host = load_u64le(address->ip + 8);

	return map_mix(subnet, address_is_ipv4(address) ? host : 0);
}

bool address_from_sockaddr(struct address *out, const struct sockaddr *from)
{
	if (from->sa_family == AF_INET) {
		struct sockaddr_in in;
		memcpy(&in, from, sizeof(in));
		set_ipv4(out, &in.sin_addr);
		out->port = ntohs(in.sin_port);
		return true;
	}
	if (from->sa_family == AF_INET6) {
		struct sockaddr_in6 in6;
		memcpy(&in6, from, sizeof(in6));
		memcpy(out->ip, &in6.sin6_addr, 16);
		out->port = ntohs(in6.sin6_port);
		return true;
	}
	return false;
}

socklen_t address_to_sockaddr(const struct address *address, struct sockaddr_storage *out)
{
	memset(out, 0, sizeof(*out));
	if (address_is_ipv4(address)) {
		struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons(address->port)};
		memcpy(&in.sin_addr, address->ip + 12, 4);
		memcpy(out, &in, sizeof(in));
		return sizeof(in);
	}
	struct sockaddr_in6 in6 = {.sin6_family = AF_INET6, .sin6_port = htons(address->port)};
	memcpy(&in6.sin6_addr, address->ip, 16);
	memcpy(out, &in6, sizeof(in6));
	return sizeof(in6);
}

/* ---- Ranges ---- */

static bool bit_of(const uint8_t ip[16], int bit)
{
	return ip[bit / 8] & (0x80 >> (bit % 8));
}

static int parse_prefix(const char *text, int most)
{
	char *end;
	long bits = strtol(text, &end, 10);

	return *text >= '0' && *text <= '9' && !*end && bits <= most ? (int)bits : -1;
}

int address_range_parse(struct address_range *out, const char *text, struct err *err)
{
	struct address address;
	char host[INET6_ADDRSTRLEN + 1];
	size_t size = strcspn(text, "/");
	int bits = 128, most;

	if (size >= sizeof(host))
		return err_set(err, 0, "\"%.60s\" is no address range", text);
	memcpy(host, text, size);
	host[size] = 0;
	if (address_parse(&address, host, 0, err) < 0)
		return -1;
	most = strchr(host, ':') ? 128 : 32;
	if (text[size]) {
		bits = parse_prefix(text + size + 1, most);
		if (bits < 0)
			return err_set(err, 0, "\"%.60s\": the prefix is 0 to %d", text, most);
		bits += 128 - most;
	}
	for (int i = bits; i < 128; i++) {
		if (bit_of(address.ip, i))
			return err_set(err, 0, "\"%.60s\" has bits beyond its prefix", text);
	}
	memcpy(out->ip, address.ip, 16);
	out->bits = (uint8_t)bits;
	return 0;
}

bool address_in_range(const struct address *address, const struct address_range *range)
{
	size_t whole = range->bits / 8;
	uint8_t mask = (uint8_t)(0xff00 >> (range->bits % 8));

	if (memcmp(address->ip, range->ip, whole) != 0)
		return false;
	return !(range->bits % 8) || ((address->ip[whole] ^ range->ip[whole]) & mask) == 0;
}

int address_ranges_parse(struct address_ranges *out, const char *text, struct err *err)
{
	static const char between[] = ", \t";
	char one[INET6_ADDRSTRLEN + 8];

	out->count = 0;
	for (text += strspn(text, between); *text; text += strspn(text, between)) {
		size_t size = strcspn(text, between);

		if (size >= sizeof(one))
			return err_set(err, 0, "\"%.60s\" is no address range", text);
		if (out->count == ADDRESS_RANGES_MAX)
			return err_set(err, 0, "more than %d address ranges", ADDRESS_RANGES_MAX);
		memcpy(one, text, size);
		one[size] = 0;
		if (address_range_parse(&out->at[out->count++], one, err) < 0)
			return -1;
		text += size;
	}
	return 0;
}

bool address_in_ranges(const struct address *address, const struct address_ranges *ranges)
{
	for (size_t i = 0; i < ranges->count; i++) {
		if (address_in_range(address, &ranges->at[i]))
			return true;
	}
	return false;
}
