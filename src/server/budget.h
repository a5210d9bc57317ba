/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an address may cost a network thread before anybody there has logged in: key creation, calls
 * of nobody, connections. IPv6 counts by its first 64 bits, which is what one subscriber gets. This
 * machine's own addresses are not counted: a proxy there stands for many. Belongs to its thread.
 */
#ifndef SERVER_BUDGET_H
#define SERVER_BUDGET_H

#include <stdbool.h>

#include "base/list.h"
#include "base/map.h"
#include "net/address.h"

enum budget_kind { BUDGET_HANDSHAKES, BUDGET_CALLS, BUDGET_KINDS };

#define BUDGET_BURST_S 10	   /* so many seconds' worth may be spent at once */
#define BUDGET_ADDRESSES_MAX 65536 /* remembered; beyond, the longest silent is forgotten */

struct budget {
	struct map by_address;
	struct list recent; /* the longest silent first */
	double per_s[BUDGET_KINDS];
	uint32_t conns_max; /* of one address */
};

/* A rate of 0, and conns_max 0: no bound. */
void budget_init(
	struct budget *budget, double handshakes_per_s, double calls_per_s, uint32_t conns_max);
void budget_release(struct budget *budget);

/* False: the address has spent what it had. */
bool budget_spend(struct budget *budget, const struct address *address, enum budget_kind kind,
	double cost, int64_t now_us);
/* A connection came; false: one too many (it is not counted). */
bool budget_conn_opened(struct budget *budget, const struct address *address, bool must);
void budget_conn_closed(struct budget *budget, const struct address *address);

#endif
