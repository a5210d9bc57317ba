/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What one network address may do in an hour, over restarts. An address is kept as a keyed hash
 * only; of IPv6 the first 64 bits count, because whoever has one address there has them all.
 */
#ifndef CORE_NETWORK_BUDGET_H
#define CORE_NETWORK_BUDGET_H

#include "core/call.h"

#define NETWORK_BUDGET_PERIOD_S 3600

/* Takes one of max for what the name says. Fault FLOOD_WAIT_X. A call without an address (it didn't
 * come over the network) is free. */
MUST_CHECK int network_budget_take(struct call *call, const char *name, int64_t max);

#endif
