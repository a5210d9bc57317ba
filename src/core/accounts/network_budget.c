/* SPDX-License-Identifier: Apache-2.0 */
/* Owns how an address becomes the owner of a budget. Does not own the table:
 * store/home_budgets.c does. */
#include "core/accounts/network_budget.h"

#include <arpa/inet.h>

#include "base/text.h"
#include "store/home_budgets.h"
#include "store/home_users.h"

#define NETWORK_MAX 8 /* bytes that tell networks apart: an IPv6 prefix of 64 bits */
#define NAME_HASH 16  /* bytes of the keyed hash in a name */

/* "1.2.3.4:56" or "[2001:db8::1]:56" as the bytes of its network; absent: not such a text, or this
 * machine. */
static struct bytes network_of(struct arena *arena, struct bytes address)
{
	uint8_t *out = arena_alloc(arena, sizeof(struct in6_addr));
	char *host = arena_str(arena, address);
	char *port = strrchr(host, ':');

	if (port)
		*port = 0;
	if (inet_pton(AF_INET, host, out) == 1)
		return bytes_of(out[0] == IN_LOOPBACKNET ? NULL : out, sizeof(struct in_addr));
	if (host[0] == '[' && host[strlen(host) - 1] == ']') {
		host[strlen(host) - 1] = 0;
		if (inet_pton(AF_INET6, host + 1, out) == 1 &&
			!IN6_IS_ADDR_LOOPBACK((struct in6_addr *)out))
			return bytes_of(out, NETWORK_MAX);
	}
	return (struct bytes){0};
}

/* The name of the network's row; NULL: it is not bound. */
static char *row_of(struct call *call, const char *name)
{
	struct bytes network = {0};
	uint8_t hash[VAULT_LOOKUP_SIZE];

	if (call->address.data)
		network = network_of(call->arena, call->address);
	if (!network.data)
		return NULL;
	vault_lookup(call->store->vault, "network", network, hash);
	return arena_printf(
		call->arena, "%s:%s", name, text_hex(call->arena, bytes_of(hash, NAME_HASH)));
}

int network_budget_take(struct call *call, const char *name, int64_t max)
{
	char *row = row_of(call, name);
	int64_t wait_s = 0;

	if (!row)
		return 0;
	home_budgets_purge(
		call_home(call), HOME_INSTALLATION, call->now_s - NETWORK_BUDGET_PERIOD_S);
	if (!home_budget_take(call_home(call), HOME_INSTALLATION, row, 1, max,
		    NETWORK_BUDGET_PERIOD_S, call->now_s, &wait_s))
		return rpc_error_number(call, 420, "FLOOD_WAIT_", wait_s);
	return 0;
}

int network_budget_check(struct call *call, const char *name, int64_t max)
{
	char *row = row_of(call, name);
	int64_t wait_s = 0;

	if (row && !home_budget_has(call_home(call), HOME_INSTALLATION, row, 1, max,
			   NETWORK_BUDGET_PERIOD_S, call->now_s, &wait_s))
		return rpc_error_number(call, 420, "FLOOD_WAIT_", wait_s);
	return 0;
}

int account_budget_take(struct call *call, const char *name, int64_t max)
{
	int64_t wait_s = 0;

	if (!home_budget_take(call_home(call), call->user, name, 1, max, ACCOUNT_BUDGET_PERIOD_S,
		    call->now_s, &wait_s))
		return rpc_error_number(call, 420, "FLOOD_WAIT_", wait_s);
	return 0;
}
