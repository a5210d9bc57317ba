/* SPDX-License-Identifier: Apache-2.0 */
/*
 * `[server] public_addresses`: where clients are told to connect to, several so that an
 * installation survives the blocking of some.
 *
 *   203.0.113.1, 203.0.113.2:443, [2001:db8::1]:443, 198.51.100.7:443 secret, 198.51.100.8:443 tls
 *
 * Without a port it is the messenger's. `secret`: clients obfuscate with the first secret of
 * [proxy]; `tls`: in fake TLS.
 */
#ifndef SERVER_PUBLIC_ADDRESSES_H
#define SERVER_PUBLIC_ADDRESSES_H

#include "core/call.h"
#include "net/address.h"
#include "server/proxy_settings.h"

#define PUBLIC_ADDRESSES_MAX 8

struct public_addresses {
	struct core_address at[PUBLIC_ADDRESSES_MAX]; /* port 0: the messenger's */
	size_t count;
	char ips[PUBLIC_ADDRESSES_MAX][ADDRESS_TEXT_MAX];
	uint8_t secrets[PUBLIC_ADDRESSES_MAX][PROXY_SECRET_MAX];
};

/* text: as above, not empty. *out must stay where it is. */
MUST_CHECK int public_addresses_read(struct public_addresses *out, const char *text,
	const struct proxy_settings *proxy, struct err *err);
/* Gives those without a port this one. */
void public_addresses_set_port(struct public_addresses *addresses, uint16_t port);

/* Where this server can be reached, for the relay (fetch/own_address.h): the site must not be
 * there. listen, port: where the messenger listens. */
#define OWN_ADDRESSES_SIZE ((PUBLIC_ADDRESSES_MAX + 2) * ADDRESS_TEXT_MAX)
void own_addresses_put(const struct settings *settings, const char *listen, uint16_t port,
	char out[OWN_ADDRESSES_SIZE]);

#endif
