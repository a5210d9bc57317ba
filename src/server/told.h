/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How often a network thread told an account something, so that an answer that was read before is
 * known for one: clients take the last word for the truth, and an old one would take back what they
 * were told since. Counted by the thread, looked at by readers on other threads. Accounts may share
 * a count: one of them is then read once more for nothing.
 */
#ifndef SERVER_TOLD_H
#define SERVER_TOLD_H

#include <stdatomic.h>
#include <stdint.h>

#define TOLD_COUNTS 1024 /* a power of 2 */

struct told {
	atomic_uint counts[TOLD_COUNTS];
};

static inline void told_add(struct told *told, int64_t account)
{
	atomic_fetch_add(&told->counts[(uint64_t)account & (TOLD_COUNTS - 1)], 1);
}

static inline unsigned told_count(struct told *told, int64_t account)
{
	return atomic_load(&told->counts[(uint64_t)account & (TOLD_COUNTS - 1)]);
}

#endif
