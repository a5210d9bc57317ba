/* SPDX-License-Identifier: Apache-2.0 */
/* Numeric addresses: text, struct sockaddr and back. No sockets. */
#include "net/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

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
