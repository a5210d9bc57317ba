/* SPDX-License-Identifier: Apache-2.0 */
/* What one lontar-fetch may reach, set by its command line. */
#ifndef FETCH_POLICY_H
#define FETCH_POLICY_H

#include <stdbool.h>
#include <stdint.h>

#include "fetch/address.h"

struct fetch_policy {
	/* For what the person at the command line asked for by name: this machine, the own network,
	 * a server on a port of its own. Never for addresses that came from users. */
	bool loopback, private_networks, any_port;
	/* Single addresses with their port that an operator's own settings name, in the form of
	 * own_address.h; NULL: none. */
	const char *named;
};

/* from_inside: a redirect is only followed to the inside by a server on the inside. */
bool policy_allows(const struct fetch_policy *policy, enum address_class class, bool from_inside);
/* 80, 88, 443 and 8443, as for webhooks on Telegram; others are where mail, databases and remote
 * shells listen, which misread HTTP. */
bool policy_allows_port(const struct fetch_policy *policy, uint16_t port);
/* The same for letters and mailboxes: 25, 465 and 587, 143 and 993 (RFC 5321, 8314, 6409, 9051). */
bool policy_allows_mail_port(const struct fetch_policy *policy, uint16_t port);

#endif
