/* SPDX-License-Identifier: Apache-2.0 */
/* A count per address that has a connection. */
#include "server/budget.h"

#include <assert.h>
#include <stdlib.h>

#include "base/bytes.h"
#include "base/mem.h"

struct budget_entry {
	uint32_t conns;
};

void budget_init(struct budget *budget, uint32_t conns_max)
{
	*budget = (struct budget){.conns_max = conns_max};
	map_init(&budget->by_address);
}

void budget_release(struct budget *budget)
{
	uint64_t id;
	void *entry;

	for (size_t at = 0; map_next(&budget->by_address, &at, &id, &entry);)
		free(entry);
	map_release(&budget->by_address);
}

uint64_t budget_address_id(const struct address *address)
{
	uint64_t subnet = load_u64le(address->ip), host = load_u64le(address->ip + 8);

	return map_mix(subnet, address_is_ipv4(address) ? host : 0);
}

bool budget_conn_opened(struct budget *budget, const struct address *address, bool must)
{
	struct budget_entry *entry;
	uint64_t id;

	if (!budget->conns_max || address_is_loopback(address))
		return true;
	id = budget_address_id(address);
	entry = map_get(&budget->by_address, id);
	if (!must && entry && entry->conns >= budget->conns_max)
		return false;
	if (!entry) {
		entry = MEM_NEW(struct budget_entry);
		map_put(&budget->by_address, id, entry);
	}
	entry->conns++;
	return true;
}

void budget_conn_closed(struct budget *budget, const struct address *address)
{
	struct budget_entry *entry;
	uint64_t id;

	if (!budget->conns_max || address_is_loopback(address))
		return;
	id = budget_address_id(address);
	entry = map_get(&budget->by_address, id);
	assert(entry && entry->conns > 0);
	if (--entry->conns > 0)
		return;
	map_remove(&budget->by_address, id);
	free(entry);
}
