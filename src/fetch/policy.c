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

bool policy_allows_port(const struct fetch_policy *policy, uint16_t port)
{
	static const uint16_t usual[] = {80, 88, 443, 8443};

	for (size_t i = 0; i < ARRAY_LEN(usual); i++) {
		if (usual[i] == port)
			return true;
	}
	return policy->any_port && port != 0;
}
