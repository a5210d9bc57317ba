/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Numeric internet addresses. IPv4 is kept in its IPv6-mapped form (::ffff:a.b.c.d). Nothing here
 * asks a name server.
 */
#ifndef NET_ADDRESS_H
#define NET_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "base/err.h"

struct address {
	uint8_t ip[16]; /* network order */
	uint16_t port;	/* host order */
};

#define ADDRESS_TEXT_MAX 56 /* "[…]:65535" and the NUL */

/* host: "127.0.0.1", "::1" (without brackets). */
MUST_CHECK int address_parse(struct address *out, const char *host, uint16_t port, struct err *err);
/* "127.0.0.1:80" or "[::1]:80". For operators: the address of a user does not go into logs. */
void address_format(const struct address *address, char out[ADDRESS_TEXT_MAX]);
bool address_is_ipv4(const struct address *address);
bool address_is_loopback(const struct address *address);
/* 127.0.0.1 or ::1: what programs on this machine, a proxy among them, come from unless they say
 * otherwise. */
bool address_is_localhost(const struct address *address);
/* For counting by it: an IPv4 address, or the first 64 bits of IPv6, which one subscriber has. */
uint64_t address_id(const struct address *address);

/* ip: 4 or 16 bytes in network order, as size says. */
void address_from_ip(struct address *out, const uint8_t *ip, size_t size, uint16_t port);
/* false if the family is neither. */
bool address_from_sockaddr(struct address *out, const struct sockaddr *from);
/* An AF_INET address if it is IPv4, else AF_INET6. */
socklen_t address_to_sockaddr(const struct address *address, struct sockaddr_storage *out);

/* ---- Ranges ---- */

struct address_range {
	uint8_t ip[16];
	uint8_t bits; /* of the 128 that count */
};

/* "10.0.0.0/8", "2001:db8::/32", or one address. Bits beyond the prefix must be zero: whoever
 * writes 10.1.2.3/8 has made a mistake. */
MUST_CHECK int address_range_parse(struct address_range *out, const char *text, struct err *err);
bool address_in_range(const struct address *address, const struct address_range *range);

#define ADDRESS_RANGES_MAX 16

struct address_ranges {
	struct address_range at[ADDRESS_RANGES_MAX];
	size_t count;
};

/* Separated by commas and spaces; "" is none. */
MUST_CHECK int address_ranges_parse(struct address_ranges *out, const char *text, struct err *err);
bool address_in_ranges(const struct address *address, const struct address_ranges *ranges);

#endif
