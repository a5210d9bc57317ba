/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Handing a connection over to the relay (fetch/relay.h): one datagram on a SOCK_SEQPACKET pair
 * with the connection's descriptor beside it.
 *
 *   16 bytes: the stranger's address (IPv4 mapped), for the relay's limits
 *   the rest: what was read from it so far
 */
#ifndef FETCH_HAND_OVER_H
#define FETCH_HAND_OVER_H

#include "base/attr.h"
#include "base/bytes.h"
#include "base/err.h"

#define HAND_OVER_ADDRESS_SIZE 16
/* As much as a connection may have unread before it is judged. */
#define HAND_OVER_BYTES_MAX ((size_t)128 << 10)

/* Never waits. The caller closes its descriptor in any case. -1: the relay has its fill or is gone.
 * Thread-safe. */
MUST_CHECK int hand_over_send(int pair, int stranger, const uint8_t address[HAND_OVER_ADDRESS_SIZE],
	struct bytes so_far, struct err *err);

struct hand_over {
	int stranger; /* the receiver's to close */
	uint8_t address[HAND_OVER_ADDRESS_SIZE];
	uint8_t bytes[HAND_OVER_BYTES_MAX];
	size_t size;
};

/* 1: *out is filled; 0: nothing there, or something that is no hand-over (dropped); -1: the pair is
 * of no use any more. */
MUST_CHECK int hand_over_receive(int pair, struct hand_over *out);

#endif
