/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Token buckets: what an owner (account, key, address) may still cost. Shared by all network
 * threads without a lock, in memory that outlives the process, so that neither a restart nor
 * another session or device fills them.
 *
 * A bucket is one word: some bits of its owner, and the time at which it is full again. One that is
 * full says nothing, so its place is free: only those who spend right now take room, and a process
 * that is killed leaves no word half written. Where too many share a set, who is nearest to full is
 * forgiven.
 */
#ifndef SERVER_BUCKETS_H
#define SERVER_BUCKETS_H

#include <stddef.h>
#include <stdint.h>

enum bucket_kind {
	BUCKET_ACCOUNT_CALLS, /* of all devices of an account */
	BUCKET_KEY_CALLS,     /* of a key on which nobody is logged in */
	BUCKET_ADDRESS_CALLS, /* of all such keys of an address */
	BUCKET_ADDRESS_HANDSHAKES,
	BUCKET_CUSTODIANS, /* of everybody who asks the keeper something; one owner, 0 */
	BUCKET_KINDS
};

#define BUCKET_BURST_S 10 /* so many seconds' worth may be spent at once */

struct buckets {
	uint64_t *words;
	size_t sets; /* a power of 2 */
	uint64_t seed;
	double per_s[BUCKET_KINDS]; /* 0: no bound. Read-only once threads run */
};

/* memory: aligned to 8, zeroed or what an earlier process left; of 1 KiB at least. */
void buckets_init(struct buckets *buckets, void *memory, size_t size);

/* Any thread. Takes cost and returns 0; or takes nothing, and returns in how many microseconds the
 * same would succeed if nothing else is spent. What costs more than a full bucket needs a full one.
 */
int64_t buckets_take(struct buckets *buckets, enum bucket_kind kind, uint64_t owner, double cost,
	int64_t now_us);
/* As buckets_take, but takes nothing in any case. */
int64_t buckets_wait(const struct buckets *buckets, enum bucket_kind kind, uint64_t owner,
	double cost, int64_t now_us);
/* Takes cost, or what is there. */
void buckets_drain(struct buckets *buckets, enum bucket_kind kind, uint64_t owner, double cost,
	int64_t now_us);

#endif
