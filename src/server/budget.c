/* SPDX-License-Identifier: Apache-2.0 */
/* Token buckets per address, in a map of bounded size. */
#include "server/budget.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/mem.h"

struct budget_entry {
	struct list of_recent;
	uint64_t id;
	double left[BUDGET_KINDS];
	int64_t at_us[BUDGET_KINDS]; /* 0: never used, so full */
	uint32_t conns;
};

void budget_init(
	struct budget *budget, double handshakes_per_s, double calls_per_s, uint32_t conns_max)
{
	*budget = (struct budget){.conns_max = conns_max,
		.per_s = {[BUDGET_HANDSHAKES] = handshakes_per_s, [BUDGET_CALLS] = calls_per_s}};
	map_init(&budget->by_address);
	list_init(&budget->recent);
}

static void entry_free(struct budget *budget, struct budget_entry *entry)
{
	list_remove(&entry->of_recent);
	map_remove(&budget->by_address, entry->id);
	free(entry);
}

void budget_release(struct budget *budget)
{
	while (!list_empty(&budget->recent))
		entry_free(budget, LIST_OWNER(budget->recent.next, struct budget_entry, of_recent));
	map_release(&budget->by_address);
}

static uint64_t address_id(const struct address *address)
{
	uint64_t subnet = load_u64le(address->ip), host = load_u64le(address->ip + 8);

	return map_mix(subnet, address_is_ipv4(address) ? host : 0);
}

/* One with connections is not forgotten: it would be counted twice. */
static void make_room(struct budget *budget)
{
	if (budget->by_address.size < BUDGET_ADDRESSES_MAX)
		return;
	LIST_EACH_SAFE (node, &budget->recent) {
		struct budget_entry *entry = LIST_OWNER(node, struct budget_entry, of_recent);

		if (entry->conns)
			continue;
		entry_free(budget, entry);
		return;
	}
}

static struct budget_entry *entry_of(struct budget *budget, const struct address *address)
{
	uint64_t id = address_id(address);
	struct budget_entry *entry = map_get(&budget->by_address, id);

	if (!entry) {
		make_room(budget);
		entry = MEM_NEW(struct budget_entry);
		entry->id = id;
		list_init(&entry->of_recent);
		map_put(&budget->by_address, id, entry);
	}
	list_remove(&entry->of_recent);
	list_append(&budget->recent, &entry->of_recent);
	return entry;
}

bool budget_spend(struct budget *budget, const struct address *address, enum budget_kind kind,
	double cost, int64_t now_us)
{
	double per_s = budget->per_s[kind], most = per_s * BUDGET_BURST_S;
	struct budget_entry *entry;

	if (per_s <= 0 || address_is_loopback(address))
		return true;
	entry = entry_of(budget, address);
	if (!entry->at_us[kind])
		entry->left[kind] = most;
	else
		entry->left[kind] += (double)(now_us - entry->at_us[kind]) / 1e6 * per_s;
	if (entry->left[kind] > most)
		entry->left[kind] = most;
	entry->at_us[kind] = now_us;
	if (entry->left[kind] < cost)
		return false;
	entry->left[kind] -= cost;
	return true;
}

bool budget_conn_opened(struct budget *budget, const struct address *address, bool must)
{
	struct budget_entry *entry;

	if (!budget->conns_max || address_is_loopback(address))
		return true;
	entry = entry_of(budget, address);
	if (!must && entry->conns >= budget->conns_max)
		return false;
	entry->conns++;
	return true;
}

void budget_conn_closed(struct budget *budget, const struct address *address)
{
	struct budget_entry *entry;

	if (!budget->conns_max || address_is_loopback(address))
		return;
	entry = entry_of(budget, address);
	assert(entry->conns > 0);
	entry->conns--;
}
