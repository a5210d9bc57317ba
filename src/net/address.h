/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Numeric internet addresses. IPv4 is kept in its IPv6-mapped form (::ffff:a.b.c.d). Nothing here
 * asks a name server.
 */
#ifndef NET_ADDRESS_H
#define NET_ADDRESS_H

#include <stdbool.h>
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

/* false if the family is neither. */
bool address_from_sockaddr(struct address *out, const struct sockaddr *from);
/* An AF_INET address if it is IPv4, else AF_INET6. */
socklen_t address_to_sockaddr(const struct address *address, struct sockaddr_storage *out);

#endif
