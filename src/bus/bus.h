/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From the executors to everybody who must hear of a commit: each network thread of this process.
 * What is published is opaque here. (Other nodes will be woken with ids only, through the same
 * call.)
 */
#ifndef BUS_BUS_H
#define BUS_BUS_H

struct bus;

struct bus *bus_new(void);
void bus_free(struct bus *bus); /* NULL is fine */
/* Before the first publish. deliver is called on the publisher's thread, in the order of publishing
 * of that thread; it must be short. */
void bus_subscribe(struct bus *bus, void (*deliver)(void *ctx, void *item), void *ctx);
/* Thread-safe. */
void bus_publish(struct bus *bus, void *item);

#endif
