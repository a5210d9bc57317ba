/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The header by which a load balancer says whose connection it passes on: PROXY protocol, versions
 * 1 (a line of text) and 2 (binary). Pure function. Only a peer that is trusted may say so, and
 * from such a one the header is required: whether it is there must never be guessed.
 */
#ifndef NET_PROXY_PROTOCOL_H
#define NET_PROXY_PROTOCOL_H

#include "base/bytes.h"
#include "net/address.h"

/* Version 1 needs 107; version 2 carries what balancers add, e.g. the name a TLS client asked for.
 */
#define PROXY_HEADER_MAX 4096

enum proxy_result {
	PROXY_MORE,
	PROXY_READ,
	PROXY_BAD, /* no such header, or a wrong one */
};

struct proxy_header {
	size_t size; /* what it takes of the input */
	/* false: the balancer speaks for itself (LOCAL), or does not know or can't say whose
	 * connection it is; the peer's own address stands. */
	bool has_source;
	struct address source;
};

enum proxy_result proxy_header_read(struct bytes in, struct proxy_header *out);

#endif
