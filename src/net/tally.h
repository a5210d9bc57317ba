/* SPDX-License-Identifier: Apache-2.0 */
/* How many connections an address has on a loop. Those without any are forgotten. */
#ifndef NET_TALLY_H
#define NET_TALLY_H

#include "base/map.h"
#include "net/address.h"

struct tally {
	struct map by_address;
};

void tally_init(struct tally *tally);
void tally_release(struct tally *tally);
size_t tally_count(const struct tally *tally, const struct address *address);
void tally_add(struct tally *tally, const struct address *address);
void tally_remove(struct tally *tally, const struct address *address); /* of one that was added */

#endif
