/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The first message of a TLS client, as far as it decides who answers: its random, its session id,
 * the name it asks for. Pure function; TLS itself is in tls.h.
 */
#ifndef NET_CLIENT_HELLO_H
#define NET_CLIENT_HELLO_H

#include <stdbool.h>

#include "base/bytes.h"

/* Record header and the largest record. */
#define CLIENT_HELLO_MAX ((size_t)5 + 16384)
/* Where the random begins when the hello was read: record header, message header, version. */
#define CLIENT_HELLO_RANDOM_AT 11

enum client_hello_result {
	CLIENT_HELLO_MORE, /* the record is not complete yet */
	CLIENT_HELLO_READ,
	CLIENT_HELLO_UNREAD, /* spread over records, or badly formed: only a TLS library can say */
};

/* Points into the input. */
struct client_hello {
	struct bytes record;	  /* header included: all that was read */
	struct bytes random;	  /* 32 bytes */
	struct bytes session_id;  /* 0 to 32 bytes */
	struct bytes server_name; /* lower or upper case as sent; absent if it asks for none */
	bool offers_tls13;
};

/* in begins with what sniff_first_bytes() called SNIFF_TLS. */
enum client_hello_result client_hello_read(struct bytes in, struct client_hello *out);

#endif
