/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. The lists follow the special-purpose address registries of IANA (RFC 6890). */
#include "fetch/address.h"

#include <netinet/in.h>
#include <stdbool.h>
#include <string.h>

#include "base/attr.h"

struct range {
	uint8_t prefix[16];
	unsigned bits;
	enum address_class class;
};

/* Whatever isn't listed is public. */
static const struct range ranges_v4[] = {
	{{0}, 8, ADDRESS_RESERVED}, /* "this host": Linux connects to itself */
	{{10}, 8, ADDRESS_PRIVATE},
	{{100, 64}, 10, ADDRESS_RESERVED}, /* between carrier and customer; one cloud's metadata */
	{{127}, 8, ADDRESS_LOOPBACK},
	{{168, 63, 129, 16}, 32,
		ADDRESS_RESERVED},	    /* metadata of a cloud, though a public number */
	{{169, 254}, 16, ADDRESS_RESERVED}, /* link-local; metadata of most clouds */
	{{172, 16}, 12, ADDRESS_PRIVATE}, {{192, 0, 0}, 24, ADDRESS_RESERVED},
	{{192, 0, 2}, 24, ADDRESS_RESERVED},				      /* examples */
	{{192, 88, 99}, 24, ADDRESS_RESERVED},				      /* relays of 6to4 */
	{{192, 168}, 16, ADDRESS_PRIVATE}, {{198, 18}, 15, ADDRESS_RESERVED}, /* benchmarks */
	{{198, 51, 100}, 24, ADDRESS_RESERVED},				      /* examples */
	{{203, 0, 113}, 24, ADDRESS_RESERVED},				      /* examples */
	{{224}, 4, ADDRESS_RESERVED},					      /* multicast */
	{{240}, 4, ADDRESS_RESERVED}, /* never assigned, and broadcast */
};

/* The first that fits counts. Whatever isn't listed is reserved: only 2000::/3 is given out. */
static const struct range ranges_v6[] = {
	{{[15] = 1}, 128, ADDRESS_LOOPBACK},
	{{0xfd, 0x00, 0x0e, 0xc2}, 32, ADDRESS_RESERVED}, /* metadata of a cloud */
	{{0xfc}, 7, ADDRESS_PRIVATE},
	{{0x20, 0x01, 0}, 23, ADDRESS_RESERVED}, /* protocols' own: Teredo, benchmarks, ORCHID */
	{{0x20, 0x01, 0x0d, 0xb8}, 32, ADDRESS_RESERVED}, /* examples */
	{{0x20, 0x02}, 16, ADDRESS_RESERVED},		  /* 6to4: an IPv4 address inside */
	{{0x3f, 0xff}, 20, ADDRESS_RESERVED},		  /* examples */
	{{0x20}, 3, ADDRESS_PUBLIC},
};

/* NAT64: on a network without IPv4 this is what public IPv4 addresses look like. */
static const uint8_t nat64[12] = {0x00, 0x64, 0xff, 0x9b};

static bool is_within(const uint8_t *address, const struct range *range)
{
	unsigned whole = range->bits / 8, rest = range->bits % 8;

	if (memcmp(address, range->prefix, whole) != 0)
		return false;
	return rest == 0 || (address[whole] ^ range->prefix[whole]) >> (8 - rest) == 0;
}

static enum address_class find(const uint8_t *address, const struct range *ranges, size_t count,
	enum address_class otherwise)
{
	for (size_t i = 0; i < count; i++) {
		if (is_within(address, &ranges[i]))
			return ranges[i].class;
	}
	return otherwise;
}

static enum address_class classify_v4(const uint8_t address[4])
{
	return find(address, ranges_v4, ARRAY_LEN(ranges_v4), ADDRESS_PUBLIC);
}

static enum address_class classify_v6(const uint8_t address[16])
{
	if (memcmp(address, nat64, sizeof(nat64)) == 0)
		return classify_v4(address + 12) == ADDRESS_PUBLIC ? ADDRESS_PUBLIC
								   : ADDRESS_RESERVED;
	return find(address, ranges_v6, ARRAY_LEN(ranges_v6), ADDRESS_RESERVED);
}

enum address_class address_classify(const struct sockaddr *address, socklen_t size)
{
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;

	if (size >= sizeof(v4) && address->sa_family == AF_INET) {
		memcpy(&v4, address, sizeof(v4));
		return classify_v4((const uint8_t *)&v4.sin_addr);
	}
	if (size >= sizeof(v6) && address->sa_family == AF_INET6) {
		memcpy(&v6, address, sizeof(v6));
		return classify_v6(v6.sin6_addr.s6_addr);
	}
	return ADDRESS_RESERVED;
}

uint16_t address_port(const struct sockaddr *address)
{
	struct sockaddr_in v4;

	/* The port lies at the same place in both families. */
	memcpy(&v4, address, sizeof(v4));
	return ntohs(v4.sin_port);
}
