/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What one network address may do in an hour, and one account in a day, over restarts. An address
 * is kept as a keyed hash only; of IPv6 the first 64 bits count, because whoever has one address
 * there has them all.
 */
#ifndef CORE_NETWORK_BUDGET_H
#define CORE_NETWORK_BUDGET_H

#include "core/call.h"

#define NETWORK_BUDGET_PERIOD_S 3600
#define ACCOUNT_BUDGET_PERIOD_S 86400

/* Takes one of max for what the name says. Fault FLOOD_WAIT_X. A call without an address (it didn't
 * come over the network) is free, and so is this machine, where a proxy stands for many. */
MUST_CHECK int network_budget_take(struct call *call, const char *name, int64_t max);
/* Whether there is one to take; takes nothing. */
MUST_CHECK int network_budget_check(struct call *call, const char *name, int64_t max);
/* The same for the caller's account, in a day. A refused call gives back what it took, unless it
 * keeps its writes. */
MUST_CHECK int account_budget_take(struct call *call, const char *name, int64_t max);

#endif
