/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which addresses are of the public internet. Decided on the address that a connection is about to
 * be made to, never on its text: names, and the many ways to write a number, have been resolved by
 * then.
 */
#ifndef FETCH_ADDRESS_H
#define FETCH_ADDRESS_H

#include <stdint.h>
#include <sys/socket.h>

enum address_class {
	ADDRESS_PUBLIC,
	ADDRESS_LOOPBACK, /* this machine: 127.0.0.0/8 and ::1 */
	ADDRESS_PRIVATE,  /* networks of a house or company: RFC 1918 and RFC 4193 */
	ADDRESS_RESERVED, /* all else: link-local and cloud metadata, tunnels, multicast, examples
			   */
};

/* Of another family than IPv4 and IPv6, or cut short: ADDRESS_RESERVED. */
enum address_class address_classify(const struct sockaddr *address, socklen_t size);
uint16_t address_port(const struct sockaddr *address);

#endif
