/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How many connections an address has on a network thread. IPv6 counts by its first 64 bits, which
 * is what one subscriber gets. This machine's own addresses are not counted: a proxy there stands
 * for many. Belongs to its thread. What an address may spend is in server/buckets.h.
 */
#ifndef SERVER_BUDGET_H
#define SERVER_BUDGET_H

#include <stdbool.h>

#include "base/map.h"
#include "net/address.h"

struct budget {
	struct map by_address;
	uint32_t conns_max; /* of one address; 0: no bound */
};

void budget_init(struct budget *budget, uint32_t conns_max);
void budget_release(struct budget *budget);

/* What an address is counted by, here and in buckets. */
uint64_t budget_address_id(const struct address *address);
/* A connection came; false: one too many (it is not counted). must: it is counted in any case. */
bool budget_conn_opened(struct budget *budget, const struct address *address, bool must);
void budget_conn_closed(struct budget *budget, const struct address *address);

#endif
