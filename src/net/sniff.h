/* SPDX-License-Identifier: Apache-2.0 */
/* One port speaks everything: which family of protocols do the first bytes belong to? Pure
 * function. */
#ifndef NET_SNIFF_H
#define NET_SNIFF_H

#include "base/bytes.h"

enum sniff {
	SNIFF_MORE,  /* can't be told yet; at most 6 bytes are needed */
	SNIFF_TLS,   /* a ClientHello */
	SNIFF_HTTP,  /* GET, POST, HEAD, OPTIONS, PUT, DELETE */
	SNIFF_OTHER, /* MTProto's own transports, or garbage */
};

enum sniff sniff_first_bytes(struct bytes in);

#endif
