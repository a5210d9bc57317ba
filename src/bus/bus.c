/* SPDX-License-Identifier: Apache-2.0 */
/* The bus inside one process: a list of subscribers, fixed before it is used, so that it needs no
 * lock. */
#include "bus/bus.h"

#include <stdlib.h>

#include "base/mem.h"

struct subscriber {
	struct subscriber *next;
	void (*deliver)(void *ctx, void *item);
	void *ctx;
};

struct bus {
	struct subscriber *first;
};

struct bus *bus_new(void)
{
	struct bus *bus = MEM_NEW(struct bus);

	return bus;
}

void bus_free(struct bus *bus)
{
	if (!bus)
		return;
	while (bus->first) {
		struct subscriber *subscriber = bus->first;

		bus->first = subscriber->next;
		free(subscriber);
	}
	free(bus);
}

void bus_subscribe(struct bus *bus, void (*deliver)(void *ctx, void *item), void *ctx)
{
	struct subscriber *subscriber = MEM_NEW(struct subscriber);

	*subscriber = (struct subscriber){bus->first, deliver, ctx};
	bus->first = subscriber;
}

void bus_publish(struct bus *bus, void *item)
{
	for (struct subscriber *s = bus->first; s; s = s->next)
		s->deliver(s->ctx, item);
}
