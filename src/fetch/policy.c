/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "fetch/policy.h"

#include <stddef.h>

#include "base/attr.h"

bool policy_allows(const struct fetch_policy *policy, enum address_class class, bool from_inside)
{
	switch (class) {
	case ADDRESS_PUBLIC:
		return true;
	case ADDRESS_LOOPBACK:
		return policy->loopback && from_inside;
	case ADDRESS_PRIVATE:
		return policy->private_networks && from_inside;
	case ADDRESS_RESERVED:
		break;
	}
	return false;
}

static bool is_among(const uint16_t *ports, size_t count, uint16_t port)
{
	for (size_t i = 0; i < count; i++) {
		if (ports[i] == port)
			return true;
	}
	return false;
}

bool policy_allows_port(const struct fetch_policy *policy, uint16_t port)
{
	static const uint16_t usual[] = {80, 88, 443, 8443};

	return is_among(usual, ARRAY_LEN(usual), port) || (policy->any_port && port != 0);
}

bool policy_allows_mail_port(const struct fetch_policy *policy, uint16_t port)
{
	static const uint16_t usual[] = {25, 143, 465, 587, 993};

	return is_among(usual, ARRAY_LEN(usual), port) || (policy->any_port && port != 0);
}
