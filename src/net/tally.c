/* SPDX-License-Identifier: Apache-2.0 */
/* The number itself is what the map holds as its pointer: nothing is allocated per address. */
#include "net/tally.h"

#include <assert.h>

void tally_init(struct tally *tally)
{
	map_init(&tally->by_address);
}

void tally_release(struct tally *tally)
{
	map_release(&tally->by_address);
}

size_t tally_count(const struct tally *tally, const struct address *address)
{
	return (uintptr_t)map_get(&tally->by_address, address_id(address));
}

static void put(struct tally *tally, const struct address *address, uintptr_t count)
{
	if (count)
		map_put(&tally->by_address, address_id(address), (void *)count);
	else
		map_remove(&tally->by_address, address_id(address));
}

void tally_add(struct tally *tally, const struct address *address)
{
	put(tally, address, tally_count(tally, address) + 1);
}

void tally_remove(struct tally *tally, const struct address *address)
{
	size_t count = tally_count(tally, address);

	assert(count > 0);
	put(tally, address, count - 1);
}
